"""A model's figures as its pages show them: one place that knows the shape of metrics and card."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from scoring.models import ModelVersion
from scoring.panels import Evidence, evidence

Figures = Mapping[str, Any]

BASELINES: Mapping[str, Promise] = {
    "prevalence": _("everybody gets the average"),
    "job_mean": _("everybody in a job gets the job's mean score"),
    "job_outcome": _("everybody in a job gets its hire rate, known only afterwards"),
}
INSIDE: Mapping[str, Promise] = {
    "roc_auc": _("a hired person stands above one who was not"),
    "hit_10": _("a hire among the first ten"),
    "precision_1": _("the first one was hired"),
    "precision_3": _("share of hires in the first three"),
    "precision_5": _("share of hires in the first five"),
    "mrr": _("mean reciprocal rank of the first hire"),
    "ndcg_5": _("NDCG of the first five"),
    "ndcg_10": _("NDCG of the first ten"),
}
WINDOWS: Mapping[str, Promise] = {
    "train": _("learned from"),
    "calibration": _("made the probabilities honest on"),
    "validation": _("chose the threshold on"),
    "test": _("measured on, untouched before"),
}
FEATURES_SHOWN = 20


@dataclass(frozen=True)
class Summary:
    version: ModelVersion
    roc_auc: float | None
    average_precision: float | None
    base_rate: float | None
    brier: float | None
    n: int
    positives: int
    evidence: Evidence | None


@dataclass(frozen=True)
class Line:
    """A named row of figures."""

    name: str | Promise
    figures: Figures


@dataclass(frozen=True)
class Details:
    baselines: list[Line]
    inside: list[Line]
    inside_jobs: int
    windows: list[Line]
    features: list[Line]
    more_features: int
    threshold: Figures
    at_threshold: Figures
    reliability: Sequence[Figures]
    data: Figures
    intended_use: str
    limits: list[str]
    warnings: list[str]
    card: Figures


def summary(version: ModelVersion) -> Summary:
    metrics = version.metrics
    return Summary(
        version=version,
        roc_auc=metrics.get("roc_auc"),
        average_precision=metrics.get("average_precision"),
        base_rate=metrics.get("base_rate"),
        brier=metrics.get("brier"),
        n=metrics.get("n", 0),
        positives=metrics.get("positives", 0),
        evidence=evidence(version),
    )


def details(version: ModelVersion) -> Details:
    metrics, card = version.metrics, version.card
    inside = metrics.get("inside_jobs") or {}
    features = sorted(card.get("features", []), key=lambda feature: -feature["importance"])
    used = [feature for feature in features if feature["importance"] > 0]
    return Details(
        baselines=[Line(BASELINES.get(b["name"], b["name"]), b) for b in metrics.get("baselines", [])],
        inside=_inside(inside.get("figures") or {}),
        inside_jobs=inside.get("jobs", 0),
        windows=[_window(window) for window in card.get("windows", [])],
        features=_bars(used[:FEATURES_SHOWN]),
        more_features=max(0, len(used) - FEATURES_SHOWN),
        threshold=card.get("threshold") or {},
        at_threshold=metrics.get("at_threshold") or {},
        reliability=metrics.get("reliability") or [],
        data=card.get("data") or {},
        intended_use=_translated(card.get("intended_use", "")),
        limits=[_translated(text) for text in card.get("limits", [])],
        warnings=[_translated(text) for text in card.get("warnings", [])],
        card=card,
    )


def _inside(figures: Figures) -> list[Line]:
    known = {name: figures[name] for name in INSIDE if (figures.get(name) or {}).get("value") is not None}
    return [Line(INSIDE[name], found) for name, found in known.items()]


def _window(window: Figures) -> Line:
    days = {side: datetime.date.fromisoformat(window[side]) for side in ("start", "end")}
    return Line(WINDOWS.get(window["name"], window["name"]), {**window, **days})


def _bars(features: Sequence[Figures]) -> list[Line]:
    """Lengths in hundredths of the longest."""
    longest = features[0]["importance"] if features else 1.0
    return [
        Line(
            feature["name"], {"share": feature["importance"], "length": 100 * feature["importance"] / longest}
        )
        for feature in features
    ]


def _translated(text: str) -> str:
    """The card holds message ids (scoring.cards)."""
    return _t(text) if text else ""
