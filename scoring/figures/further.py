"""A version measured on further windows: on earlier times, on folds of jobs, with parts left out."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoring import checks
from scoring.figures import reading, words
from scoring.figures.reading import Figure, Json
from scoring.models import ModelCheck, ModelVersion


@dataclass(frozen=True)
class Measurement:
    """One more measurement: of a stretch of the past, of a fold, or with a part left out. ``problem``: why
    there is none."""

    name: str | Promise
    start: datetime.date | None
    end: datetime.date | None
    n: int
    positives: int
    roc_auc: Figure
    average_precision: Figure
    base_rate: float | None
    inside: Figure
    inside_jobs: int
    problem: str


@dataclass(frozen=True)
class Further:
    """What the card holds, and the newest check that measured it or is about to."""

    check: ModelCheck | None
    measured_at: datetime.datetime | None
    has_rows: bool
    back_tests: list[Measurement]
    folds: list[Measurement]
    ablation: list[Measurement]

    @property
    def active(self) -> ModelCheck | None:
        return self.check if self.check is not None and not self.check.is_over else None

    @property
    def is_measured(self) -> bool:
        return bool(self.back_tests or self.folds or self.ablation)


def further(version: ModelVersion) -> Further:
    """One query: the newest check."""
    card = reading.mapping(version.card)
    return Further(
        check=checks.latest(version, ModelCheck.Kind.FURTHER),
        measured_at=reading.moment(card.get("further_at")),
        has_rows=version.snapshot_id is not None,
        back_tests=[_measurement(found) for found in reading.mappings(card.get("backtests"))],
        folds=list(_folds(reading.mapping(card.get("grouped")))),
        ablation=[_measurement(found, _part(found)) for found in reading.mappings(card.get("ablation"))],
    )


def _folds(stored: Json) -> Iterator[Measurement]:
    """All folds together last: what is compared with published figures."""
    for number, metrics in enumerate(reading.mappings(stored.get("folds")), start=1):
        yield _measurement({"metrics": metrics}, gettext("fold %(number)d") % {"number": number})
    if stored:
        yield _measurement(stored, _("all folds together"))


def _part(found: Json) -> str | Promise:
    name = str(found.get("recipe") or "")
    return words.ABLATION.get(name, name)


def _measurement(found: Json, name: str | Promise = "") -> Measurement:
    metrics = reading.mapping(found.get("metrics"))
    return Measurement(
        name=name,
        start=reading.day(found.get("start")),
        end=reading.day(found.get("end")),
        n=reading.count(metrics.get("n")),
        positives=reading.count(metrics.get("positives")),
        roc_auc=reading.overall(metrics, "roc_auc"),
        average_precision=reading.overall(metrics, "average_precision"),
        base_rate=reading.number(metrics.get("base_rate")),
        inside=reading.inside(metrics),
        inside_jobs=reading.inside_jobs(metrics),
        problem=str(found.get("problem") or ""),
    )
