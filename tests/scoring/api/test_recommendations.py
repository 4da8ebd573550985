import pytest

from candidates.veiling import MARK
from jobs.models import JobMember
from scoring.models import ModelVersion, Prediction
from tests.factories import make_candidate, make_job, make_prospect, make_stub
from tests.scoring.api.conftest import client_of

pytestmark = pytest.mark.django_db


def url(code):
    return f"/api/v1/candidates/{code}/recommendations"


def recommend(api, person, **body):
    return api.post(url(person.code), body, format="json")


def test_open_jobs_are_recommended_and_each_is_stored(api, version, recruiter):
    jobs = [make_job() for _ in range(3)]
    make_job(status="filled")
    prospect = make_prospect()
    answer = recommend(api, prospect.candidate).json()
    assert sorted(row["job"] for row in answer["results"]) == sorted(job.code for job in jobs)
    assert [row["rank"] for row in answer["results"]] == [1, 2, 3]
    rows = Prediction.objects.filter(source="suggestion", candidate=prospect.candidate)
    assert {str(row.pk): row.score for row in rows} == {
        row["prediction_id"]: row["score"] for row in answer["results"]
    }
    assert {row.requested_by for row in rows} == {recruiter}
    assert (answer["model_version"], answer["stale"]) == (version.number, False)
    found = api.get(f"/api/v1/predictions?correlation_id={answer['correlation_id']}").json()["results"]
    assert len(found) == 3


def test_reading_makes_nothing_and_says_so(api, version):
    make_job()
    person = make_candidate()
    answer = api.get(url(person.code)).json()
    assert (answer["results"], answer["made_at"], answer["stale"]) == ([], None, True)
    assert (answer["model_version"], answer["evidence"], answer["order"]) == (None, None, None)
    assert not Prediction.objects.exists()


def test_what_was_told_is_read_again_until_something_changes(api, version):
    make_job()
    person = make_candidate()
    told = recommend(api, person).json()
    read = api.get(url(person.code)).json()
    assert read["results"] == told["results"]
    assert (read["stale"], read["made_at"]) == (False, told["made_at"])
    make_job()
    read = api.get(url(person.code)).json()
    assert (read["results"], read["stale"]) == (told["results"], True)
    assert len(recommend(api, person).json()["results"]) == 2


def test_fewer_or_more_than_a_page_shows(api, version):
    for _ in range(12):
        make_job()
    person = make_candidate()
    assert len(recommend(api, person, limit=2).json()["results"]) == 2
    assert len(recommend(api, person).json()["results"]) == 10
    assert Prediction.objects.count() == 10
    assert len(recommend(api, person, limit=50).json()["results"]) == 12
    read = api.get(url(person.code), {"limit": 11}).json()
    assert (len(read["results"]), read["stale"]) == (11, False)


def test_reasons_are_told_on_request_and_add_up(api, version):
    make_job()
    person = make_candidate()
    (row,) = recommend(api, person, reasons=True).json()["results"]
    total = row["reasons"]["base"] + sum(group["contribution"] for group in row["reasons"]["groups"])
    assert total == pytest.approx(row["reasons"]["margin"], abs=1e-6)
    assert "reasons" not in api.get(url(person.code)).json()["results"][0]
    (read,) = api.get(url(person.code), {"reasons": "true"}).json()["results"]
    assert read["reasons"] == row["reasons"]


def test_of_somebody_without_data_nothing_is_told(api, version):
    make_job()
    answer = recommend(api, make_stub()).json()
    assert (answer["results"], answer["review_reason"]) == ([], "no_profile")
    assert answer["needs_human_review"] is True


def test_a_code_with_a_slash_is_one_code(api, version):
    make_candidate(code="12/2024")
    assert api.get(url("12/2024")).json()["candidate"] == "12/2024"


def test_without_a_model_it_is_503(api, version):
    ModelVersion.objects.update(state="retired")
    assert recommend(api, make_candidate()).status_code == 503


@pytest.mark.parametrize("body", [{"limit": 51}, {"limit": 0}, {"top": 3}])
def test_what_is_wrong_is_refused(api, version, body):
    assert recommend(api, make_candidate(), **body).status_code == 400


def test_nobody_is_404(api, version):
    assert api.get(url("none")).status_code == 404
    assert api.post(url("none"), {}, format="json").status_code == 404


def test_a_hiring_manager_reads_those_of_own_jobs_and_makes_none(api, version, hiring_manager):
    own, _other = make_job(), make_job()
    person = make_prospect(job=make_job()).candidate
    JobMember.objects.create(job=own, user=hiring_manager)
    recommend(api, person)
    manager = client_of(hiring_manager)
    assert manager.get(url(person.code)).status_code == 404
    standing = make_prospect(candidate=person).job
    JobMember.objects.create(job=standing, user=hiring_manager)
    manager = client_of(hiring_manager)
    assert [row["job"] for row in manager.get(url(person.code)).json()["results"]] == [own.code]
    assert recommend(manager, person).status_code == 403


def test_in_a_blind_job_another_system_is_told_the_token(other_system, version):
    make_job()
    person = make_prospect(job=make_job(blind=True)).candidate
    assert recommend(other_system, person).json()["candidate"].startswith(MARK)
