import pytest

from candidates.models import Profile
from candidates.veiling import MARK, token
from jobs.models import Requirement
from tests.factories import make_candidate, make_job, make_prospect
from tests.scoring.api.conftest import client_of

pytestmark = pytest.mark.django_db
TELLING = ("zambujal", "zedequias", "77001", "rua das flores")


@pytest.fixture
def blind(version):
    """A job under blind review with one prospect, and one who fits it from the pool."""
    job = make_job(blind=True)
    Requirement.objects.create(job=job, kind="skill", value="java")
    for number in (1, 2):
        person = make_candidate(
            code=f"7700{number}",
            name="Zedequias Zambujal",
            email="zedequias.zambujal@example.com",
            headline="Zedequias Zambujal, java",
            cv_text="Zedequias Zambujal, Rua das Flores 12. Zambujal programa em java e sql.",
        )
        Profile.objects.create(
            candidate=person, extractor="taxonomy", version="t", source_hash="x", skills=["java"]
        )
        if number == 1:
            make_prospect(job=job, candidate=person)
            job.standing = person
    return job


@pytest.fixture(params=["recruiter", "administrator", "other system"])
def caller(request, recruiter, administrator, other_system):
    users = {"recruiter": recruiter, "administrator": administrator}
    return client_of(users[request.param]) if request.param in users else other_system


def told(response):
    assert response.status_code == 200, response.json()
    return response.content.decode().casefold()


def test_no_score_on_demand_tells_who_somebody_is(caller, blind):
    someone = token(blind.standing.pk)
    for address, body in (
        ("rank", {"job": blind.code, "prospects": True, "reasons": True}),
        ("rank", {"job": blind.code, "candidates": [someone], "reasons": True}),
        ("rank", {"job": blind.code, "pool": {}, "reasons": True}),
        ("predict/smart", {"job": blind.code, "candidate": someone, "reasons": True}),
        (f"candidates/{someone}/recommendations", {"reasons": True}),
    ):
        answer = told(caller.post(f"/api/v1/{address}", body, format="json"))
        assert MARK in answer, address
        assert not [word for word in TELLING if word in answer], address
    for address in (
        "predictions?expand=reasons,requirements,features",
        f"candidates/{someone}/recommendations",
    ):
        answer = told(caller.get(f"/api/v1/{address}"))
        assert not [word for word in TELLING if word in answer], address


def test_the_token_of_one_answer_asks_for_the_next(caller, blind):
    (row,) = caller.post("/api/v1/rank", {"job": blind.code, "prospects": True}, format="json").json()[
        "results"
    ]
    again = caller.post(
        "/api/v1/predict/smart", {"job": blind.code, "candidate": row["candidate"]}, format="json"
    ).json()
    assert (again["candidate"], again["score"]) == (row["candidate"], row["score"])
