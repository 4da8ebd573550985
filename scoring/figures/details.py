"""One version's page: the model card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoring.figures import curves, reading, sections
from scoring.figures.plots import Plot
from scoring.figures.reading import Figure, Json
from scoring.holdout import Holdout
from scoring.models import ModelVersion
from scoring.verdicts import sentence


@dataclass(frozen=True)
class Accept:
    """The second head: who, once wanted, accepts."""

    n: int
    positives: int
    base_rate: float | None
    roc_auc: Figure
    average_precision: Figure
    brier: Figure


@dataclass(frozen=True)
class YearOfData:
    year: str
    rows: int
    hires: int


@dataclass(frozen=True)
class Details:
    intended_use: str
    limits: list[str]
    warnings: list[str]
    inside: list[sections.Inside]
    baselines: list[sections.Rule]
    slices: list[sections.Slices]
    windows: list[sections.Window]
    cut: sections.Cut
    features: list[sections.FeatureGroup]
    parts: list[sections.Part]
    accept: Accept | None
    reliability: Plot | None
    bins: list[curves.Bin]
    precision_recall: Plot | None
    points: list[curves.Step]
    years: list[YearOfData]
    libraries: Json
    data: Json
    card: Json
    leakage: Any
    fairness: Any

    @property
    def about_the_job(self) -> float:
        """Share of the gain that is the same for all candidates of a job."""
        return sum(group.share for group in self.features if group.about_the_job)


def details(version: ModelVersion, rows: Holdout | None) -> Details:
    metrics, card = reading.mapping(version.metrics), reading.mapping(version.card)
    bins = curves.bins(metrics)
    return Details(
        intended_use=_translated(card.get("intended_use")),
        limits=[_translated(text) for text in reading.texts(card.get("limits"))],
        warnings=warnings(card),
        inside=sections.inside(metrics),
        baselines=sections.baselines(metrics),
        slices=sections.slices(metrics),
        windows=sections.windows(card),
        cut=sections.cut(version),
        features=sections.feature_groups(card),
        parts=sections.parts(card),
        accept=accept(metrics),
        reliability=_reliability(bins),
        bins=bins,
        precision_recall=_precision_recall(version, rows),
        points=_points(version, rows),
        years=_years(card),
        libraries=reading.mapping(card.get("libraries")),
        data=reading.mapping(card.get("data")),
        card=card,
        leakage=card.get("leakage"),
        fairness=card.get("fairness"),
    )


def accept(metrics: Json) -> Accept | None:
    found = reading.mapping(metrics.get("accept"))
    if not found:
        return None
    return Accept(
        n=reading.count(found.get("n")),
        positives=reading.count(found.get("positives")),
        base_rate=reading.number(found.get("base_rate")),
        roc_auc=reading.overall(found, "roc_auc"),
        average_precision=reading.overall(found, "average_precision"),
        brier=reading.overall(found, "brier"),
    )


def warnings(card: Json) -> list[str]:
    """In words: a text of an older version, or a message id with what it is about."""
    found = card.get("warnings")
    entries: Sequence[object] = found if isinstance(found, list) else []
    return [text for text in (_warning(entry) for entry in entries) if text]


def _warning(entry: object) -> str:
    return _translated(entry) if isinstance(entry, str) else sentence(reading.mapping(entry))


def _translated(text: object) -> str:
    """The card holds message ids (scoring.cards)."""
    return gettext(text) if isinstance(text, str) and text else ""


def _reliability(bins: Sequence[curves.Bin]) -> Plot | None:
    series = curves.Calibration(bins, "first", _("this model, with the interval of each point"))
    return curves.reliability([series], name="reliability", title=_("Promised and come true"))


def _precision_recall(version: ModelVersion, rows: Holdout | None) -> Plot | None:
    if rows is None:
        return None
    line = curves.Curve(rows.test, "first", _("on later outcomes; the dot is the cut"), version.threshold)
    return curves.precision_recall([line], name="pr", title=_("Precision and recall"))


def _points(version: ModelVersion, rows: Holdout | None) -> list[curves.Step]:
    """The curve as a short table: the cuts nearest to these numbers of people above."""
    if rows is None:
        return []
    found = curves.cuts(None, rows.test, stored=version.threshold)
    told = found[:: max(1, len(found) // 12)][::-1]
    return [curves.Step(cut, None, curves.at(rows.test, cut)) for cut in told]


def _years(card: Json) -> list[YearOfData]:
    found = reading.mapping(reading.mapping(card.get("data")).get("by_year"))
    return [
        YearOfData(str(year), reading.count(counts.get("rows")), reading.count(counts.get("hires")))
        for year, counts in ((year, reading.mapping(counts)) for year, counts in found.items())
    ]


# Made again


@dataclass(frozen=True)
class Made:
    """A fact with which the version can be made again."""

    words: str | Promise
    value: Any
    is_code: bool = True


def made(version: ModelVersion) -> list[Made]:
    card = reading.mapping(version.card)
    facts = [
        Made(_("Dataset snapshot"), version.snapshot.sha256 if version.snapshot else None),
        Made(_("Data fingerprint"), version.data_fingerprint),
        Made(_("Seed"), card.get("seed"), is_code=False),
        Made(_("Code"), version.code_commit),
        Made(_("Files, SHA-256"), version.sha256),
        Made(_("Calibration"), card.get("calibration"), is_code=False),
        Made(_("Trees"), _trees(card.get("rounds")), is_code=False),
    ]
    return [fact for fact in facts if fact.value not in (None, "")]


def _trees(rounds: object) -> int | None:
    """Of all parts together; older versions have one."""
    if isinstance(rounds, dict):
        return sum(reading.count(trees) for trees in rounds.values())
    return reading.count(rounds) or None


def params(version: ModelVersion) -> dict[str, Any]:
    found = reading.flat(reading.mapping(reading.mapping(version.card).get("params")))
    return {name: reading.shown(value) for name, value in found.items()}
