import pytest

from scoring.models import Feedback
from tests.factories import make_candidate, make_job, make_prospect, make_user
from tests.jobs.api.conftest import with_key

pytestmark = pytest.mark.django_db
URL = "/api/v1/feedback"


@pytest.fixture
def integration(db):
    return make_user("integration", "Integrations")


@pytest.fixture
def api(integration):
    return with_key(integration)


def say(api, prospect, verdict="not_fit", **more):
    body = {"job": prospect.job.code, "candidate": prospect.candidate.code, "verdict": verdict, **more}
    return api.post(URL, body, format="json")


def test_an_opinion_is_kept_and_read(api, integration):
    prospect = make_prospect()
    answer = say(api, prospect, reasons=["language"], note="Inglês básico")
    assert answer.status_code == 201, answer.content
    one = Feedback.objects.get()
    assert (one.by, one.verdict, one.reasons) == (integration, "not_fit", ["language"])
    assert api.get(f"{URL}/{one.pk}").json() == answer.json()
    assert api.get(f"{URL}?job={prospect.job.code}").json()["results"] == [answer.json()]
    assert api.get(f"{URL}?verdict=fit").json()["results"] == []


def test_the_same_opinion_twice_is_one(api):
    prospect = make_prospect()
    assert [say(api, prospect).status_code for _ in range(2)] == [201, 200]
    assert Feedback.objects.count() == 1


def test_a_change_of_mind_is_a_new_row(api):
    prospect = make_prospect()
    for verdict in ("fit", "not_fit", "none"):
        assert say(api, prospect, verdict).status_code == 201
    assert Feedback.objects.count() == 3


def test_what_was_never_said_cannot_be_taken_back(api):
    assert say(api, make_prospect(), "none").status_code == 400


def test_somebody_who_is_not_in_question_has_no_opinions(api):
    body = {"job": make_job().code, "candidate": make_candidate().code, "verdict": "fit"}
    answer = api.post(URL, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_question")


def test_it_is_attributed_to_whom_the_header_names(api, recruiter):
    prospect = make_prospect()
    body = {"job": prospect.job.code, "candidate": prospect.candidate.code, "verdict": "fit"}
    answer = api.post(URL, body, format="json", headers={"On-Behalf-Of": "recruiter"})
    assert answer.json()["by"] == recruiter.pk


def test_a_hiring_manager_says_it_of_own_jobs_only():
    manager, own, other = make_user("manager", "Hiring managers"), make_prospect(), make_prospect()
    own.job.team.create(user=manager, part="hiring_manager")
    api = with_key(manager)
    assert say(api, own).status_code == 201
    assert say(api, other).status_code == 400


def test_it_never_changes(api):
    prospect = make_prospect()
    pk = say(api, prospect).json()["id"]
    for method in ("patch", "put", "delete"):
        assert getattr(api, method)(f"{URL}/{pk}", {}, format="json").status_code == 405


def test_a_pull_brings_what_is_new(api):
    token = api.get(f"{URL}/sync").json()["token"]
    said = say(api, make_prospect()).json()
    assert api.get(f"{URL}/sync", {"token": token}).json()["changed"] == [said]
