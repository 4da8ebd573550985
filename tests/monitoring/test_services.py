import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from monitoring import drift, services, tasks
from monitoring.models import Baseline, DriftAlert, DriftReport
from scoring.models import Prediction
from tests.factories import make_candidate, make_job, make_version

pytestmark = pytest.mark.django_db

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
DAY = datetime.date(2026, 3, 10)
STATS = {
    "tem_email": {"kind": "binary", "rate": 0.9, "missing": 0.0},
    "salario_valor": {"kind": "numeric", "mean": 5000.0, "std": 1000.0, "missing": 0.5},
    "score": {"kind": "numeric", "mean": 0.2, "std": 0.1, "missing": 0.0},
    "text_similarity": {"kind": "numeric", "mean": 0.5, "std": 0.01, "missing": 0.0},
}
USUAL = {"tem_email": 1.0, "salario_valor": 5000.0}


@pytest.fixture(autouse=True)
def five_predictions_are_enough(settings):
    settings.DRIFT_MINIMUM = 5


def version_with(stats=STATS, **values):
    return make_version(card={"baseline": {"stats": stats, "rows": 100}}, **values)


def predict(version, *, count=5, hour=10, day=DAY, features=USUAL, score=0.2, source="api", **values):
    at = datetime.datetime.combine(day, datetime.time(hour), tzinfo=SAO_PAULO)
    Prediction.objects.bulk_create(
        Prediction(
            model_version=version,
            score=score,
            decision=None if score is None else score >= 0.5,
            threshold=0.5,
            operating_mode="prec80",
            features=features,
            source=source,
            created_at=at,
            **values,
        )
        for _ in range(count)
    )


def test_a_baseline_is_copied_from_the_card_once():
    version = version_with()
    first, second = services.baseline_for(version), services.baseline_for(version)
    assert first == second
    assert (first.stats, first.rows) == (STATS, 100)
    assert Baseline.objects.count() == 1


def test_a_version_whose_card_has_none_has_no_baseline():
    assert services.baseline_for(make_version()) is None


def test_a_day_without_predictions_gives_no_report():
    version_with()
    assert services.run_drift(DAY) == []
    assert not DriftReport.objects.exists()


def test_usual_predictions_give_a_report_without_alerts():
    predict(version_with())
    (report,) = services.run_drift(DAY)
    assert (report.predictions, report.enough, report.minimum) == (5, True, 5)
    assert report.mean_score == pytest.approx(0.2)
    assert not report.alerts.exists()


def test_each_rule_has_its_alert():
    predict(version_with(), features={"tem_email": 0.0}, score=0.9)
    (report,) = services.run_drift(DAY)
    found = {alert.feature: alert.kind for alert in report.alerts.all()}
    assert found == {"tem_email": "rate", "salario_valor": "missing", "score": "mean"}


def test_features_of_the_pair_are_not_judged():
    predict(version_with(), features=USUAL | {"text_similarity": 9.0})
    (report,) = services.run_drift(DAY)
    assert not report.alerts.exists()


def test_too_few_predictions_raise_no_alert():
    predict(version_with(), count=4, features={"tem_email": 0.0})
    (report,) = services.run_drift(DAY)
    assert (report.enough, report.predictions) == (False, 4)
    assert not report.alerts.exists()


def test_a_version_without_baseline_is_not_called_sound():
    predict(make_version())
    (report,) = services.run_drift(DAY)
    assert not report.enough


def test_a_second_run_overwrites_the_first():
    version = version_with()
    predict(version, features={"tem_email": 0.0})
    (first,) = services.run_drift(DAY)
    predict(version, count=100)
    (second,) = services.run_drift(DAY)
    assert first.pk == second.pk
    assert (DriftReport.objects.get().predictions, DriftAlert.objects.count()) == (105, 0)


def test_a_run_that_breaks_off_leaves_the_earlier_report(monkeypatch):
    version = version_with()
    predict(version, features={"tem_email": 0.0})
    services.run_drift(DAY)
    alerts = DriftAlert.objects.count()
    predict(version)

    def fail(rows):
        raise IntegrityError

    monkeypatch.setattr(DriftAlert.objects, "bulk_create", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.run_drift(DAY)
    assert DriftReport.objects.get().predictions == 5
    assert DriftAlert.objects.count() == alerts > 0


def test_every_version_that_served_is_judged_by_its_own_baseline():
    old = version_with(state="retired")
    new = version_with(STATS | {"tem_email": {"kind": "binary", "rate": 0.1, "missing": 0.0}})
    predict(old)
    predict(new)
    reports = services.run_drift(DAY)
    assert [report.model_version for report in reports] == [old, new]
    assert [report.alerts.count() for report in reports] == [0, 1]


def test_one_version_can_be_judged_alone():
    one, other = version_with(state="retired"), version_with()
    predict(one)
    predict(other)
    assert [report.model_version for report in services.run_drift(DAY, version=one)] == [one]


def test_the_day_begins_at_midnight_of_the_site():
    version = version_with()
    predict(version, count=1, hour=23, day=DAY - datetime.timedelta(days=1))  # already the 10th in UTC
    predict(version, count=2, hour=0)
    predict(version, count=3, hour=23)  # the 11th in UTC
    predict(version, count=1, hour=0, day=DAY + datetime.timedelta(days=1))
    (report,) = services.run_drift(DAY)
    assert {hour["hour"]: hour["count"] for hour in report.hourly if hour["count"]} == {0: 2, 23: 3}


def test_people_from_the_pool_and_people_without_data_are_not_counted():
    version = version_with()
    pair = {"candidate": make_candidate(), "job": make_job(), "source": "ranking"}
    predict(version, count=5, group="prospect", **pair)
    predict(version, count=50, group="pool", features={"tem_email": 0.0}, score=0.99, **pair)
    predict(version, count=7, group="not_rankable", score=None, **pair)
    (report,) = services.run_drift(DAY)
    assert report.predictions == 5
    assert not report.alerts.exists()


def test_a_day_of_pool_alone_is_reported_as_too_few():
    predict(version_with(), source="ranking", group="pool")
    (report,) = services.run_drift(DAY)
    assert (report.predictions, report.mean_score, report.enough) == (0, None, False)


def test_the_nightly_task_judges_yesterday():
    predict(version_with(), day=timezone.localdate() - datetime.timedelta(days=1))
    predict(version_with(state="retired"), day=timezone.localdate())
    tasks.run_nightly_drift()
    assert DriftReport.objects.get().day == timezone.localdate() - datetime.timedelta(days=1)


def test_the_beat_schedule_names_the_task(settings):
    assert settings.CELERY_BEAT_SCHEDULE["drift"]["task"] == tasks.run_nightly_drift.name


def test_many_predictions_take_a_fixed_number_of_queries(django_assert_max_num_queries):
    version = version_with()
    services.baseline_for(version)
    predict(version, count=300)
    with django_assert_max_num_queries(12):
        services.run_drift(DAY)


def test_what_a_training_stores_can_be_read_and_agrees_with_our_own_figures():
    import numpy as np
    import pandas as pd

    from scoring import cards
    from scoring.ml.names import SYSTEM_B_FEATURES

    columns = {name: [0.0, 1.0, None, 1.0] for name in SYSTEM_B_FEATURES} | {
        "salario_valor": [1000.0, 3000.0, None, None]
    }
    stored = cards.drift_baseline(pd.DataFrame(columns, dtype="float32"), np.array([0.25, 0.75]))
    baseline = services.baseline_for(make_version(card={"baseline": stored}))

    read = drift.stats_from_json(baseline.stats)
    assert baseline.rows == 4
    assert read == drift.baseline_stats(columns) | {"score": drift.FeatureStats("numeric", 0.5, 0.25, 0.0)}
