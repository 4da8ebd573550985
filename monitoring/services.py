"""Drift of one day: stored predictions in, a report with its alerts out."""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from candidates.integration import events
from candidates.models import EventKind
from monitoring import drift
from monitoring.models import Baseline, DriftAlert, DriftReport
from scoring.ml.names import SYSTEM_B_FEATURES
from scoring.models import ModelVersion, Prediction, PredictionQuerySet

logger = logging.getLogger(__name__)

# A version learns from people who applied, so those are compared, and what other systems ask to be scored.
# People whom a ranking draws from the pool are left out: the model itself picked them for their features,
# and they would look drifted every day. Those without enough data have no score to judge.
_ASKED_FOR = Q(source=Prediction.Source.API) & ~Q(group=Prediction.Group.POOL)
JUDGED = _ASKED_FOR | Q(group=Prediction.Group.PROSPECT)
ROWS_AT_ONCE = 2000


def yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)


def baseline_for(version: ModelVersion) -> Baseline | None:
    """What `version` learned from, copied from its card when asked for the first time; None without one."""
    stored = version.card.get("baseline")
    if not stored:
        return Baseline.objects.filter(model_version=version).first()
    defaults = {"stats": stored["stats"], "rows": stored["rows"]}
    return Baseline.objects.get_or_create(model_version=version, defaults=defaults)[0]


def run_drift(day: datetime.date, *, version: ModelVersion | None = None) -> list[DriftReport]:
    """Judge every version that served on `day` (in the site's time zone), or only `version`.

    A second run for the same day and version overwrites the first. Empty when nothing was served.
    """
    return [_report(day, served) for served in versions_served_on(day) if version in (None, served)]


def versions_served_on(day: datetime.date) -> list[ModelVersion]:
    numbers = _served_on(day).order_by().values("model_version")
    return list(ModelVersion.objects.filter(pk__in=numbers).order_by("number"))


def _served_on(day: datetime.date) -> PredictionQuerySet:
    if day > timezone.localdate():
        return Prediction.objects.none()
    # A range, so that the index on created_at serves; a cast to a date would read every prediction ever made
    return Prediction.objects.filter(
        created_at__gte=_start_of(day), created_at__lt=_start_of(day + datetime.timedelta(days=1))
    )


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _report(day: datetime.date, version: ModelVersion) -> DriftReport:
    result = drift.judge(_statistics(version), _judged(day, version), minimum=settings.DRIFT_MINIMUM)
    report = _store(day, version, result)
    logger.info(
        "Drift of %s on %s: %s predictions, %s alerts", version, day, result.predictions, len(result.alerts)
    )
    return report


def _statistics(version: ModelVersion) -> dict[str, drift.FeatureStats]:
    """The baseline of system B's features and of the score; empty, and said so in the log, without one."""
    baseline = baseline_for(version)
    if baseline is None or not baseline.stats:
        logger.warning("Model version %s has no baseline: its drift cannot be judged", version)
        return {}
    judged = {*SYSTEM_B_FEATURES, drift.SCORE}
    return drift.stats_from_json({name: row for name, row in baseline.stats.items() if name in judged})


def _judged(day: datetime.date, version: ModelVersion) -> Iterator[drift.Served]:
    rows = _served_on(day).filter(JUDGED, model_version=version, score__isnull=False)
    fields = rows.values_list("created_at", "score", "features")
    for created_at, score, features in fields.iterator(chunk_size=ROWS_AT_ONCE):
        if score is not None:  # the query left those out; this tells the type checker
            yield drift.Served(timezone.localtime(created_at), score, features)


@transaction.atomic
def _store(day: datetime.date, version: ModelVersion, result: drift.Day) -> DriftReport:
    # update_or_create locks the row that is there: two runs at once store one after the other
    report, _ = DriftReport.objects.update_or_create(
        day=day,
        model_version=version,
        defaults={
            "predictions": result.predictions,
            "mean_score": result.mean_score,
            "hourly": [asdict(hour) for hour in result.hourly],
            "enough": result.enough,
            "minimum": result.minimum,
            "created_at": timezone.now(),
        },
    )
    before = set(report.alerts.values_list("feature", "kind")) if result.alerts else set()
    report.alerts.all().delete()
    DriftAlert.objects.bulk_create(DriftAlert(report=report, **asdict(alert)) for alert in result.alerts)
    # A day that is judged again says nothing twice
    if {(alert.feature, alert.kind) for alert in result.alerts} - before:
        events.emit(EventKind.DRIFT_ALERT, lambda: _told(report, result))
    return report


def _told(report: DriftReport, result: drift.Day) -> dict[str, Any]:
    """What webhooks hear: features of the model and numbers."""
    return {
        "report": report.pk,
        "day": report.day.isoformat(),
        "model": report.model_version.number,
        "predictions": result.predictions,
        "alerts": [asdict(alert) for alert in result.alerts],
    }
