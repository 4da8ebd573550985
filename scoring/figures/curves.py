"""Precision, recall and calibration as plots, from the rows a version was measured on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from candidates.numbers import localized
from scoring.figures import reading
from scoring.figures.plots import Dot, Line, Plot, Point, Scale, Whisker, round_up, thinned, ticks
from scoring.figures.reading import Json
from scoring.holdout import Outcomes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RECALL = _("recall: share of all hires found")
PRECISION = _("precision: share of hires among those marked")
PROMISED = _("mean score")
CAME_TRUE = _("share hired")
SQUARE = Scale()


@dataclass(frozen=True)
class At:
    """What the cut ``score >= threshold`` does in one window."""

    above: int
    hits: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Bin:
    n: int
    mean_probability: float
    hire_rate: float
    low: float
    high: float


def at(outcomes: Outcomes, threshold: float) -> At:
    chosen = outcomes.p >= threshold
    above, hits = int(chosen.sum()), int(outcomes.y[chosen].sum())
    hires = int(outcomes.y.sum())
    return At(
        above=above,
        hits=hits,
        precision=hits / above if above else None,
        recall=hits / hires if hires else None,
        f1=2 * hits / (above + hires) if above + hires else None,
    )


@dataclass(frozen=True)
class Curve:
    """One line of a precision–recall plot."""

    outcomes: Outcomes
    style: str
    words: str | Promise
    threshold: float | None = None

    @cached_property
    def points(self) -> list[Point]:
        """(recall, precision) of every distinct cut, the strictest first."""
        from scoring.ml.thresholds import precision_recall_curve

        curve = precision_recall_curve(self.outcomes.y, self.outcomes.p)
        return list(zip(curve.recall[::-1].tolist(), curve.precision[::-1].tolist(), strict=True))


def precision_recall(curves: Sequence[Curve], *, name: str, title: str | Promise) -> Plot | None:
    """None when no window has both hires and others."""
    drawn = [curve for curve in curves if 0 < curve.outcomes.y.sum() < len(curve.outcomes)]
    if not drawn:
        return None
    x_ticks, y_ticks = ticks(SQUARE)
    lines = [*(_curve_line(curve) for curve in drawn), *_chance_lines(drawn)]
    return Plot(
        name=name,
        title=title,
        description=" ".join(_described(curve) for curve in drawn),
        x_label=RECALL,
        y_label=PRECISION,
        x_ticks=x_ticks,
        y_ticks=y_ticks,
        lines=lines,
        dots=[dot for curve in drawn for dot in _cut_dot(curve)],
    )


def _chance_lines(curves: Sequence[Curve]) -> list[Line]:
    """The precision of marking people blindly, once for each hire rate."""
    rates = {round(float(curve.outcomes.y.mean()), 3) for curve in curves}
    text = ngettext("by chance: the hire rate", "by chance: the hire rates", len(rates))
    paths = [SQUARE.path([(0, rate), (1, rate)]) for rate in sorted(rates)]
    return [Line(path, "chance", "" if place else text) for place, path in enumerate(paths)]


def _curve_line(curve: Curve) -> Line:
    return Line(SQUARE.path(thinned(curve.points)), curve.style, curve.words)


def _cut_dot(curve: Curve) -> list[Dot]:
    if curve.threshold is None:
        return []
    cut = at(curve.outcomes, curve.threshold)
    if cut.precision is None or cut.recall is None:
        return []
    return [Dot(SQUARE.x(cut.recall), SQUARE.y(cut.precision), curve.style)]


def _described(curve: Curve) -> str:
    """What the line shows, for who does not see it."""
    named = [
        gettext("precision %(precision)s at recall %(recall)s") % _spoken(curve, share)
        for share in (0.1, 0.5)
    ]
    return f"{curve.words}: {'; '.join(named)}."


def _spoken(curve: Curve, share: float) -> dict[str, str]:
    recall, precision = next(point for point in curve.points if point[0] >= share)
    return {"recall": f"{localized(100 * recall)} %", "precision": f"{localized(100 * precision)} %"}


# Promised and come true


def bins(metrics: Json) -> list[Bin]:
    found = [_bin(stored) for stored in reading.mappings(metrics.get("reliability"))]
    return [one for one in found if one is not None]


def _bin(stored: Json) -> Bin | None:
    n = reading.count(stored.get("n"))
    promised, came = reading.number(stored.get("mean_probability")), reading.number(stored.get("hire_rate"))
    if not n or promised is None or came is None:
        return None
    from scoring.ml.thresholds import wilson_low

    hires = round(came * n)
    return Bin(n, promised, came, wilson_low(hires, n) or 0.0, 1 - (wilson_low(n - hires, n) or 0.0))


@dataclass(frozen=True)
class Calibration:
    """One series of a reliability plot."""

    bins: Sequence[Bin]
    style: str
    words: str | Promise


def reliability(series: Sequence[Calibration], *, name: str, title: str | Promise) -> Plot | None:
    """None when nothing was measured. Both axes reach as far, so that honest is the diagonal."""
    drawn = [one for one in series if one.bins]
    if not drawn:
        return None
    end = round_up(max(max(b.mean_probability, b.hire_rate) for one in drawn for b in one.bins))
    scale = Scale(end, end)
    x_ticks, y_ticks = ticks(scale)
    lines = [Line(scale.path([(0, 0), (end, end)]), "chance", _("promised and came true alike"))]
    return Plot(
        name=name,
        title=title,
        description=" ".join(_calibration_described(one) for one in drawn),
        x_label=PROMISED,
        y_label=CAME_TRUE,
        x_ticks=x_ticks,
        y_ticks=y_ticks,
        lines=[*lines, *(_calibration_line(scale, one) for one in drawn)],
        dots=[_calibration_dot(scale, one, b) for one in drawn for b in one.bins],
        whiskers=[_whisker(scale, one, b) for one in drawn for b in one.bins],
    )


def _calibration_line(scale: Scale, series: Calibration) -> Line:
    points = [(b.mean_probability, b.hire_rate) for b in series.bins]
    return Line(scale.path(points), f"{series.style} thin", series.words)


def _calibration_dot(scale: Scale, series: Calibration, b: Bin) -> Dot:
    return Dot(scale.x(b.mean_probability), scale.y(b.hire_rate), series.style)


def _whisker(scale: Scale, series: Calibration, b: Bin) -> Whisker:
    return Whisker(scale.x(b.mean_probability), scale.y(b.low), scale.y(b.high), series.style)


def _calibration_described(series: Calibration) -> str:
    lowest, highest = series.bins[0], series.bins[-1]
    said = gettext(
        "%(words)s: mean score %(first)s came true as %(first_true)s, mean score %(last)s as %(last_true)s."
    )
    return said % {
        "words": series.words,
        "first": f"{localized(100 * lowest.mean_probability, 1)} %",
        "first_true": f"{localized(100 * lowest.hire_rate, 1)} %",
        "last": f"{localized(100 * highest.mean_probability, 1)} %",
        "last_true": f"{localized(100 * highest.hire_rate, 1)} %",
    }


# A slider's steps

STEPS = 160


@dataclass(frozen=True)
class Step:
    threshold: float
    chosen: At | None
    later: At


def steps(validation: Outcomes | None, test: Outcomes, *, stored: float) -> list[Step]:
    """The cuts from the loosest to the strictest: what each does in both windows."""
    return [
        Step(cut, at(validation, cut) if validation else None, at(test, cut))
        for cut in cuts(validation, test, stored=stored)
    ]


def cuts(validation: Outcomes | None, test: Outcomes, *, stored: float) -> list[float]:
    """Cuts from the loosest to the strictest, the stored one among them.

    Evenly laid over the number of people above on a ratio scale: what is decided at the strict end, among
    few, is told finely. The loosest is above nobody of either window.
    """
    scores = (validation or test).p
    if not len(scores):
        return []
    loosest = min(outcomes.p.min() for outcomes in (validation, test) if outcomes and len(outcomes.p))
    return sorted({*_spread(scores), stored, float(loosest)})


def _spread(scores: "NDArray[np.float64]") -> set[float]:
    import numpy as np

    ranked = np.sort(scores)[::-1]
    places = np.unique(np.geomspace(1, len(ranked), STEPS).round().astype(int)) - 1
    return set(ranked[places].tolist())
