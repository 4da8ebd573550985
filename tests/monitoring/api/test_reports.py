import datetime

import numpy as np
import pytest
from rest_framework.test import APIClient

from candidates.integration import keys
from scoring import fairness
from scoring.ml.fairness import audit
from tests.factories import make_user, make_version
from tests.monitoring.test_views import alert, make_report

pytestmark = pytest.mark.django_db
DRIFT, FAIRNESS = "/api/v1/drift-reports", "/api/v1/fairness-reports"


def api_of(group, scopes=("reports:read",)):
    user = make_user(f"of {group}", group)
    client = APIClient()
    client.credentials(HTTP_X_API_KEY=keys.create("test", user=user, scopes=scopes, by=user).secret)
    return client


@pytest.fixture
def api():
    return api_of("Integrations")


def told(response):
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def measured(**values):
    """A version whose figures were made as the gate makes them."""
    picked = np.array([1.0] * 40 + [0.0] * 20 + [1.0] * 10 + [0.0] * 50)
    groups = {"sex": np.array(["female"] * 60 + ["male"] * 60)}
    found = fairness.report(audit(groups, {"at_cut": picked}, rules=fairness.rules()), rows=120)
    card = {"intended_use": "x", "fairness": found}
    return make_version(card=card, verdict={"passed": True, "at": "2026-03-01T04:12:09+00:00"}, **values)


def test_drift_is_listed_by_day_the_newest_first(api):
    version = make_version()
    for day in (7, 9, 8):
        make_report(day=datetime.date(2026, 3, day), model_version=version)
    rows = told(api.get(DRIFT))
    assert [row["day"] for row in rows] == ["2026-03-09", "2026-03-08", "2026-03-07"]
    assert rows[0]["model_version"] == version.number
    assert not {"alerts", "hourly"} & rows[0].keys()


def test_drift_is_found_by_days_version_and_alerts(api):
    one, other = make_version(), make_version(state="retired")
    make_report(day=datetime.date(2026, 3, 7), model_version=one)
    moved = alert("cv_sap", "rate", 0.1, 0.4, 0.3, 0.15)
    make_report(day=datetime.date(2026, 3, 8), model_version=one, alerts=[moved])
    make_report(day=datetime.date(2026, 3, 9), model_version=other, enough=False)
    days = {
        "day=2026-03-08": {8},
        "day_from=2026-03-08": {8, 9},
        "day_to=2026-03-08": {7, 8},
        f"model_version={other.number}": {9},
        "alerts=true": {8},
        "alerts=false": {7, 9},
        "enough=false": {9},
    }
    for asked, wanted in days.items():
        assert {int(row["day"][-2:]) for row in told(api.get(f"{DRIFT}?{asked}"))} == wanted, asked


@pytest.mark.parametrize(
    "asked", ["day=yesterday", "model_version=x", "model_version=1e99", "dey=2026-03-08"]
)
def test_a_filter_that_is_none_is_refused_by_name(api, asked):
    response = api.get(f"{DRIFT}?{asked}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == asked.partition("=")[0]


def test_one_day_is_read_with_alerts_and_hours(api):
    moved = alert("cv_sap", "rate", 0.1, 0.4, 0.3, 0.15)
    report = make_report(hours={9: 40}, alerts=[moved])
    whole = api.get(f"{DRIFT}/{report.pk}").json()
    assert whole["alerts"] == [moved]
    assert whole["alert_count"] == 1
    assert whole["hourly"][9] == {"hour": 9, "count": 40, "mean_score": 0.25}
    assert told(api.get(f"{DRIFT}?expand=alerts"))[0]["alerts"] == [moved]
    assert api.get(f"{DRIFT}/{report.pk + 1}").status_code == 404


def test_fairness_is_told_of_versions_that_were_judged(api):
    version = measured()
    make_version(state="retired")
    (row,) = told(api.get(FAIRNESS))
    assert row["model_version"] == version.number
    assert row["judged_at"] == "2026-03-01T04:12:09+00:00"
    assert (row["rows"], row["judged"], row["flagged"]) == (120, True, 1)
    assert row["rules"]["limit"] == 0.8
    assert "blocks" not in row


def test_the_fairness_of_a_version_is_read_by_its_number(api):
    version = measured()
    whole = api.get(f"{FAIRNESS}/{version.number}").json()
    (block,) = whole["blocks"]
    assert (block["attribute"], block["measure"], block["reference"]) == ("sex", "at_cut", "female")
    categories = {one["name"]: one for one in block["categories"]}
    assert categories["male"]["ratio"] == pytest.approx(0.25)
    assert categories["male"]["flagged"] is True
    assert "intended_use" not in str(whole)
    assert api.get(f"{FAIRNESS}/{make_version(state='retired').number}").status_code == 404


def test_fairness_is_found_by_flags(api):
    version = measured()
    assert [row["model_version"] for row in told(api.get(f"{FAIRNESS}?flagged=true"))] == [version.number]
    assert told(api.get(f"{FAIRNESS}?flagged=false")) == []


@pytest.mark.parametrize(
    "group", ["Administrators", "Recruiters", "Auditors", "Hiring managers", "Integrations"]
)
def test_every_role_reads_reports_as_on_the_pages(group):
    api = api_of(group)
    assert told(api.get(DRIFT)) == []
    assert told(api.get(FAIRNESS)) == []


def test_reports_are_not_for_keys_without_the_scope_and_cannot_be_sent(api):
    assert api_of("Recruiters", ("jobs:read",)).get(FAIRNESS).status_code == 403
    for address in (DRIFT, FAIRNESS):
        assert api.post(address, {}, format="json").status_code in (403, 405)
