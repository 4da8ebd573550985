import pytest
from django.test import Client

from candidates.integration import keys
from scoring.models import Prediction
from tests.factories import make_candidate, make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(db):
    return make_user("other-system", "Integrations")


def client_with(system, *scopes, **headers):
    secret = keys.create("test", system, scopes=list(scopes), by=None).secret
    return Client(headers={"x-api-key": secret, **headers})


def bodies():
    prospect = make_prospect(job=make_job(), candidate=make_candidate())
    job, code = prospect.job.code, prospect.candidate.code
    return {
        "predict/full": ("predictions:write", {"features": {"cv_sap": 1}}),
        "predict/smart": ("predictions:write", {"job": job, "candidate": code}),
        "rank": ("rankings:write", {"job": job, "candidates": [code]}),
        "rankings": ("rankings:write", {"job": job}),
        f"candidates/{code}/recommendations": ("recommendations:read", {}),
    }


def test_each_asks_for_the_scope_of_its_resource(version, system):
    for address, (scope, body) in bodies().items():
        allowed = client_with(system, scope)
        answer = allowed.post(f"/api/v1/{address}", body, content_type="application/json")
        assert answer.status_code in (200, 202), (address, answer.content)
        refused = client_with(system, "candidates:read", "models:read")
        answer = refused.post(f"/api/v1/{address}", body, content_type="application/json")
        assert (answer.status_code, scope in answer.json()["detail"]) == (403, True), address


def test_a_score_is_attributed_to_whom_the_system_asks_for(version, system, recruiter):
    client = client_with(system, "predictions:write", **{"On-Behalf-Of": recruiter.username})
    answer = client.post("/api/v1/predict/full", {"features": {"cv_sap": 1}}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert Prediction.objects.get().requested_by == recruiter


def test_sent_twice_with_one_key_it_is_stored_once(version, system):
    client = client_with(system, "predictions:write", **{"Idempotency-Key": "once"})
    body = {"job": make_job().code, "candidate": make_candidate().code}
    first, second = (
        client.post("/api/v1/predict/smart", body, content_type="application/json") for _ in range(2)
    )
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Prediction.objects.count() == 1
