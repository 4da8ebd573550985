"""Two versions side by side: what differs, and whether it is more than noise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoring.figures import curves, reading, sections, words
from scoring.figures.plots import Plot
from scoring.figures.reading import Figure
from scoring.figures.summary import Summary, summary
from scoring.figures.words import Badge
from scoring.holdout import Holdout, Outcomes, holdout
from scoring.models import ModelVersion
from scoring.templatetags.figures import chance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES = 200  # of jobs, on the shared rows: enough for an interval one looks at
BETTER = Badge(_("better"), "badge-good", "up")
WORSE = Badge(_("worse"), "badge-bad", "down")
WITHIN = Badge(_("within the noise"))
UNKNOWN = Badge(_("no interval"))


@dataclass(frozen=True)
class Side:
    """One figure of both; ``judgement`` is of the second, seen from the first."""

    words: str | Promise
    first: Figure
    second: Figure
    judgement: Badge

    @property
    def difference(self) -> float | None:
        if self.first.value is None or self.second.value is None:
            return None
        return self.second.value - self.first.value


@dataclass(frozen=True)
class Paired:
    """A figure of both on the same rows, and the interval of the difference."""

    words: str | Promise
    first: float | None
    second: float | None
    difference: Figure
    judgement: Badge


@dataclass(frozen=True)
class Shared:
    """The rows both were measured on."""

    n: int
    hires: int
    jobs: int
    lines: list[Paired]


@dataclass(frozen=True)
class Setting:
    """A fact of how each was made."""

    words: str | Promise
    first: Any
    second: Any

    @property
    def differs(self) -> bool:
        return bool(self.first != self.second)


@dataclass(frozen=True)
class WindowPair:
    words: str | Promise
    first: sections.Window | None
    second: sections.Window | None


@dataclass(frozen=True)
class Comparison:
    first: Summary
    second: Summary
    overall: list[Side]
    inside: list[Side]
    at_cut: list[Side]
    windows: list[WindowPair]
    same_test_window: bool
    settings: list[Setting]
    params: list[Setting]  # those that differ
    only_first: list[str]
    only_second: list[str]
    shared: Shared | None
    plots: list[Plot]


def compare(first: ModelVersion, second: ModelVersion) -> Comparison:
    rows = holdout(first), holdout(second)
    windows = list(_windows(first, second))
    return Comparison(
        first=summary(first),
        second=summary(second),
        overall=[_overall(first, second, name) for name in words.OVERALL],
        inside=list(_inside(first, second)),
        at_cut=[_at_cut(first, second, name) for name in ("precision", "recall", "f1")],
        windows=windows,
        same_test_window=any(pair.first == pair.second for pair in windows if _is_test(pair)),
        settings=list(_settings(first, second)),
        params=list(_params(first, second)),
        only_first=_only(first, second),
        only_second=_only(second, first),
        shared=_shared(first, second, rows),
        plots=list(_plots(first, second, rows)),
    )


# Figures


def _overall(first: ModelVersion, second: ModelVersion, name: str) -> Side:
    sides = (
        reading.overall(reading.mapping(first.metrics), name),
        reading.overall(reading.mapping(second.metrics), name),
    )
    return Side(words.OVERALL[name], *sides, judge(*sides, lower_is_better=name in words.LOWER_IS_BETTER))


def _inside(first: ModelVersion, second: ModelVersion) -> Iterator[Side]:
    for name, text in words.INSIDE.items():
        sides = [reading.inside(reading.mapping(version.metrics), name) for version in (first, second)]
        if any(side.value is not None for side in sides):
            yield Side(text, sides[0], sides[1], judge(sides[0], sides[1]))


AT_CUT: words.Words = {
    "precision": _("Precision at its own cut"),
    "recall": _("Recall at its own cut"),
    "f1": _("F1 at its own cut"),
}


def _at_cut(first: ModelVersion, second: ModelVersion, name: str) -> Side:
    sides = [
        Figure(
            reading.number(reading.mapping(reading.mapping(version.metrics).get("at_threshold")).get(name))
        )
        for version in (first, second)
    ]
    return Side(AT_CUT[name], sides[0], sides[1], UNKNOWN)


def judge(first: Figure, second: Figure, *, lower_is_better: bool = False) -> Badge:
    """Better or worse only where the two intervals do not meet: then it is hardly chance."""
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return UNKNOWN
    if first.low <= second.high and second.low <= first.high:
        return WITHIN
    return BETTER if (second.low > first.high) is not lower_is_better else WORSE


# On the same rows


def _shared(
    first: ModelVersion, second: ModelVersion, rows: tuple[Holdout | None, Holdout | None]
) -> Shared | None:
    """None when there are no rows to compare on, or it is one and the same version."""
    if rows[0] is None or rows[1] is None or first.pk == second.pk:
        return None
    return _measured(
        _Key(first.sha256, rows[0], first.threshold), _Key(second.sha256, rows[1], second.threshold)
    )


@dataclass(frozen=True, eq=False)
class _Key:
    """A version's rows, told apart by its files."""

    sha256: str
    rows: Holdout
    threshold: float

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.sha256 == other.sha256


@lru_cache(maxsize=8)
def _measured(first: _Key, second: _Key) -> Shared | None:
    import numpy as np

    from scoring.ml import compare as paired

    one, other = _in_both(first.rows, second.rows)
    y = first.rows.test.y[one]
    if len(one) == 0 or not 0 < y.sum() < len(y):
        return None
    found = paired.compare(
        y,
        job_ids=first.rows.jobs[one],
        champion=_answers(first, one),
        challenger=_answers(second, other),
        resamples=RESAMPLES,
    )
    names = ("average_precision", "brier", "calibration_error", "inside_auc", "f1")
    lines = [_paired(text, getattr(found, name)) for name, text in zip(names, PAIRED, strict=True)]
    return Shared(len(one), int(y.sum()), len(np.unique(first.rows.jobs[one])), lines)


PAIRED = (
    _("Average precision"),
    _("Brier score"),
    _("Calibration error"),
    _("Order inside a job (AUC)"),
    _("F1 at its own cut"),
)


def _answers(side: _Key, places: "NDArray[np.intp]") -> Any:
    from scoring.ml.compare import Answers

    test: Outcomes = side.rows.test
    raw = test.p if test.raw is None else test.raw
    return Answers(test.p, raw, side.threshold, test.order).taken(places)


def _in_both(first: Holdout, second: Holdout) -> "tuple[NDArray[np.intp], NDArray[np.intp]]":
    """Places of the applications that both were measured on with the same outcome."""
    import numpy as np

    keys = [
        np.stack([one.candidates, one.jobs, one.test.y.astype(np.int64)], axis=1) for one in (first, second)
    ]
    both = np.unique(np.concatenate([np.unique(key, axis=0) for key in keys]), axis=0, return_counts=True)
    wanted = {tuple(row) for row in both[0][both[1] == 2].tolist()}
    places = [{tuple(row): place for place, row in enumerate(key.tolist())} for key in keys]
    ordered = sorted(wanted)
    return (
        np.array([places[0][row] for row in ordered], dtype=np.intp),
        np.array([places[1][row] for row in ordered], dtype=np.intp),
    )


def _paired(text: Promise, found: Any) -> Paired:
    """``found``: scoring.ml.compare.Difference; the champion there is the first here."""
    values = found.champion, found.challenger
    difference = None if None in values else found.challenger - found.champion
    return Paired(text, *values, Figure(difference, found.low, found.high), _judge_difference(found))


def _judge_difference(found: Any) -> Badge:
    if found.low is None or found.high is None:
        return UNKNOWN
    if found.low <= 0 <= found.high:
        return WITHIN
    return WORSE if found.is_worse else BETTER


# How they were made


def _windows(first: ModelVersion, second: ModelVersion) -> Iterator[WindowPair]:
    sides = [
        {window.name: window for window in sections.windows(reading.mapping(version.card))}
        for version in (first, second)
    ]
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        yield WindowPair(words.WINDOWS.get(name, name), sides[0].get(name), sides[1].get(name))


def _is_test(pair: WindowPair) -> bool:
    return pair.first is not None and pair.first.name == "test"


def _settings(first: ModelVersion, second: ModelVersion) -> Iterator[Setting]:
    cards = reading.mapping(first.card), reading.mapping(second.card)
    yield Setting(_("Recipe"), first.recipe, second.recipe)
    yield Setting(
        _("What counts as a hire"), first.get_label_policy_display(), second.get_label_policy_display()
    )
    yield Setting(_("Cut"), chance(first.threshold), chance(second.threshold))
    yield Setting(_("Features"), len(first.feature_names), len(second.feature_names))
    yield Setting(_("Seed"), cards[0].get("seed"), cards[1].get("seed"))
    yield Setting(_("Code"), first.code_commit[:12], second.code_commit[:12])
    yield Setting(_("Data"), first.data_fingerprint[:12], second.data_fingerprint[:12])


def _params(first: ModelVersion, second: ModelVersion) -> Iterator[Setting]:
    """Parameters and libraries that differ; long lists by their length."""
    for name in ("params", "libraries"):
        one, other = (
            reading.flat(reading.mapping(reading.mapping(version.card).get(name)))
            for version in (first, second)
        )
        for key in dict.fromkeys([*one, *other]):
            if one.get(key) != other.get(key):
                yield Setting(key, reading.shown(one.get(key)), reading.shown(other.get(key)))


def _only(version: ModelVersion, other: ModelVersion) -> list[str]:
    there = set(other.feature_names)
    return [name for name in version.feature_names if name not in there]


# Plots


def _plots(first: ModelVersion, second: ModelVersion, rows: Sequence[Holdout | None]) -> Iterator[Plot]:
    pairs = list(zip((first, second), ("first", "second"), rows, strict=True))
    lines = [
        curves.Curve(found.test, style, str(version), version.threshold)
        for version, style, found in pairs
        if found is not None
    ]
    plot = curves.precision_recall(lines, name="pr", title=_("Precision and recall"))
    if plot is not None:
        yield plot
    series = [
        curves.Calibration(curves.bins(reading.mapping(version.metrics)), style, str(version))
        for version, style, _rows in pairs
    ]
    plot = curves.reliability(series, name="reliability", title=_("Promised and come true"))
    if plot is not None:
        yield plot
