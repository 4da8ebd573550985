import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from monitoring.models import DriftReport
from tests.factories import make_version
from tests.monitoring.test_services import DAY, USUAL, predict, version_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_predictions_are_enough(settings):
    settings.DRIFT_MINIMUM = 5


def drift(*arguments):
    out = StringIO()
    call_command("drift", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("day", ["2026-03-10", "0001-01-01", "9999-12-31"])
def test_it_says_that_there_was_nothing(day):
    assert f"No prediction was served on {day}" in drift("--day", day)


def test_it_prints_volume_and_no_drift():
    predict(version_with(), hour=9)
    text = drift("--day", DAY.isoformat())
    assert "5 predictions judged, mean score 0.200" in text
    assert text.splitlines()[2].split() == ["9", "5", "0.200"]
    assert "No drift." in text


def test_it_prints_every_alert_with_its_figures():
    predict(version_with(), features={"tem_email": 0.0}, score=0.9)
    text = drift("--day", DAY.isoformat())
    assert "ALERT tem_email rate: 0.900 → 0.000, moved 0.900 (limit 0.15)" in text
    assert "ALERT salario_valor missing" in text
    assert "ALERT score mean: 0.200 → 0.900, moved 7.000 std (limit 3 std)" in text


def test_it_says_when_there_are_too_few():
    predict(version_with(), count=4)
    assert "Too few to judge: at least 5" in drift("--day", DAY.isoformat())


def test_it_says_when_there_is_no_baseline():
    predict(make_version())
    assert "no baseline" in drift("--day", DAY.isoformat())


def test_it_names_the_feature_of_a_broken_baseline():
    predict(version_with({"tem_email": {"kind": "text"}}))
    with pytest.raises(CommandError, match="tem_email"):
        drift("--day", DAY.isoformat())


def test_without_a_day_it_judges_yesterday():
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    predict(version_with(), day=yesterday, features=USUAL)
    drift()
    assert DriftReport.objects.get().day == yesterday


@pytest.mark.parametrize("day", ["10/03/2026", "2026-02-30", "yesterday"])
def test_it_says_how_to_write_a_day(day):
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        drift("--day", day)
