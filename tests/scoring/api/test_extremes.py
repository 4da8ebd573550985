import json

import pytest

from tests.factories import make_job

pytestmark = pytest.mark.django_db
HUGE = 10**30


@pytest.mark.parametrize(
    "address",
    [
        f"models/{HUGE}",
        f"rankings/{HUGE}",
        f"training-runs/{HUGE}",
        "models/2147483648",
        "candidates/%00/recommendations",
        "jobs/%00/ranking",
    ],
)
def test_a_number_or_a_code_that_cannot_be_is_not_found(api, version, address):
    assert api.get(f"/api/v1/{address}").status_code == 404


@pytest.mark.parametrize("value", [str(HUGE), "1e400", "1.5", "-1", "NaN", "Infinity", "2147483648"])
@pytest.mark.parametrize("name", ["model_version", "ranking"])
def test_a_filter_by_a_number_that_cannot_be_finds_nothing_or_is_refused(api, version, name, value):
    response = api.get("/api/v1/predictions", {name: value})
    assert response.status_code == 400 or response.json()["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"job": "5185", "candidate": {"cv_text": "\0", "headline": "java"}},
        {"job": "5185", "candidate": {"cv_text": "a" * 200_001}},
        {"job": "5185", "candidate": {"infos_basicas": [], "cv_pt": 3}},
        {"job": "5185", "candidate": {"infos_basicas": {"nome": ["x"]}, "cv_pt": None}},
        {"job": "5185", "candidate": {"formacao_e_idiomas": {"nivel_ingles": {"a": 1}}}},
        {"job": "5185", "candidate": {"salary_monthly": 1e300}},
        {"job": "5185", "candidate": {"salary_hourly": "-1"}},
        {"job": "5185", "candidate": HUGE * HUGE},
        {"job": HUGE, "candidate": "1"},
        {"job": "\0", "candidate": "1"},
        {"job": "5185", "candidate": "\ud800"},
        {"job": "5185", "candidate": {"\ud800": 1}},
        {"job": "5185", "candidate": "1", "model": HUGE},
        {"job": "5185", "candidate": "1", "model": "\ud800"},
    ],
)
def test_bodies_that_hold_what_nothing_can_be_made_of_break_nothing(api, version, body):
    make_job(code="5185")
    response = api.generic("POST", "/api/v1/predict/smart", json.dumps(body), content_type="application/json")
    assert response.status_code in (200, 400)


def test_a_record_nested_too_deeply_is_refused(api, version):
    make_job(code="5185")
    deep = '{"infos_basicas": ' * 900 + "{}" + "}" * 900
    body = '{"job": "5185", "candidate": ' + deep + "}"
    response = api.generic("POST", "/api/v1/predict/smart", body, content_type="application/json")
    assert response.status_code in (200, 400)
