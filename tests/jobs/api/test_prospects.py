import itertools

import pytest

from candidates import viewing
from jobs.models import Prospect, StageChange
from tests.at_once import at_once
from tests.factories import make_candidate, make_job, make_prospect, make_user

from .conftest import with_key

URL = "/api/v1/prospects"
pytestmark = pytest.mark.django_db


def send(api, values, address=URL):
    return api.post(address, values, format="json")


def fields(answer):
    return [error["field"] for error in answer.json()["errors"]]


class TestReading:
    def test_a_prospect_tells_job_candidate_and_stage(self, api):
        prospect = make_prospect(stage="offer", outcome="hired")
        (row,) = api.get(URL).json()["results"]
        assert (row["job"], row["candidate"]) == (prospect.job.code, prospect.candidate.code)
        assert (row["stage"], row["outcome"]) == ("offer", "hired")
        assert api.get(f"{URL}/{prospect.pk}").json() == row

    def test_it_is_found_by_job_candidate_and_stage(self, api):
        one, _other = make_prospect(stage="offer"), make_prospect()
        for query in (f"job={one.job.code}", f"candidate={one.candidate.code}", "stage=offer&stage=hired"):
            assert [row["id"] for row in api.get(f"{URL}?{query}").json()["results"]] == [one.pk]

    def test_the_number_of_queries_does_not_grow(self, api, django_assert_max_num_queries):
        for _ in range(5):
            make_prospect()
        with django_assert_max_num_queries(14):
            assert len(api.get(URL).json()["results"]) == 5

    def test_under_blind_review_the_person_has_a_token(self, client, recruiter):
        prospect = make_prospect(job=make_job(blind=True))
        (row,) = with_key(recruiter).get(URL).json()["results"]
        assert row["candidate"] != prospect.candidate.code
        assert len(with_key(recruiter).get(f"{URL}?candidate={row['candidate']}").json()["results"]) == 1


class TestAdding:
    def test_somebody_is_added_once(self, api, integration):
        job, person = make_job(), make_candidate()
        answer = send(api, {"job": job.code, "candidate": person.code, "stage": "applied"})
        assert answer.status_code == 201, answer.content
        assert answer.json()["stage"] == "applied"
        change = StageChange.objects.get()
        assert (change.changed_by, change.source) == (integration, "api")
        again = send(api, {"job": job.code, "candidate": person.code})
        assert (again.status_code, again.json()["code"]) == (409, "prospect_exists")

    def test_unknown_codes_are_named(self, api):
        job, person = make_job(), make_candidate()
        assert fields(send(api, {"job": "none", "candidate": person.code})) == ["job"]
        assert fields(send(api, {"job": job.code, "candidate": "none"})) == ["candidate"]

    def test_many_are_added_and_moved(self, api):
        stands, person = make_prospect(stage="applied"), make_candidate()
        items = [
            {"job": stands.job.code, "candidate": stands.candidate.code, "stage": "offer"},
            {"job": stands.job.code, "candidate": person.code},
            {"job": stands.job.code, "candidate": "none"},
            {"job": stands.job.code, "candidate": stands.candidate.code},
        ]
        answer = send(api, {"items": items}, f"{URL}/bulk").json()
        assert answer["counts"] == {"created": 1, "updated": 1, "unchanged": 1, "failed": 1}
        assert Prospect.objects.get(pk=stands.pk).stage == "offer"


class TestMoving:
    def test_a_move_is_told_and_taken_back(self, api):
        prospect = make_prospect(stage="applied")
        answer = send(api, {"to": "screening"}, f"{URL}/{prospect.pk}/move").json()
        assert (answer["moved"], answer["prospect"]["stage"]) == (True, "screening")
        (step,) = api.get(f"{URL}/{prospect.pk}/history").json()
        assert (step["from_stage"], step["to_stage"], step["source"]) == ("applied", "screening", "api")
        (back,) = send(api, None, f"{URL}/moves/{answer['batch']}/undo").json()
        assert back["stage"] == "applied"
        assert api.get(f"{URL}/{prospect.pk}/history").json()[1]["undone"] is True

    def test_who_is_rejected_has_a_reason(self, api):
        prospect = make_prospect()
        assert fields(send(api, {"to": "rejected"}, f"{URL}/{prospect.pk}/move")) == ["reason_code"]
        moved = send(api, {"to": "rejected", "reason_code": "salary"}, f"{URL}/{prospect.pk}/move")
        assert moved.json()["prospect"]["outcome"] == "rejected"

    def test_one_that_stands_elsewhere_than_expected_stays(self, api):
        prospect = make_prospect(stage="offer")
        wanted = {"to": "hired", "expected_stage": "screening"}
        answer = send(api, wanted, f"{URL}/{prospect.pk}/move")
        assert (answer.status_code, answer.json()["code"]) == (409, "moved_meanwhile")
        assert not StageChange.objects.exists()

    def test_who_stands_there_already_did_not_move(self, api):
        prospect = make_prospect(stage="offer")
        answer = send(api, {"to": "offer"}, f"{URL}/{prospect.pk}/move").json()
        assert (answer["moved"], answer["batch"]) == (False, None)

    def test_a_hiring_manager_reads_own_jobs_and_moves_nobody(self):
        manager, own, other = make_user("manager", "Hiring managers"), make_prospect(), make_prospect()
        own.job.team.create(user=manager, part="hiring_manager")
        api = with_key(manager)
        assert [row["id"] for row in api.get(URL).json()["results"]] == [own.pk]
        assert api.get(f"{URL}/{other.pk}").status_code == 404
        assert send(api, {"to": "offer"}, f"{URL}/{own.pk}/move").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_moves_leave_one_consistent_history():
    integration = make_user("integration", "Integrations")
    prospect = make_prospect(stage="applied")
    stages = ["screening", "submitted", "technical_interview", "client_interview"]

    answers, address = [], f"{URL}/{prospect.pk}/move"

    def work(stage):
        api = with_key(integration)
        return lambda: answers.append(api.post(address, {"to": stage}, format="json"))

    wanted = list(itertools.islice(itertools.cycle(stages), 20))
    assert at_once(*(work(stage) for stage in wanted)) == []
    assert {answer.status_code for answer in answers} == {200}
    history = list(StageChange.objects.order_by("pk").values_list("from_stage", "to_stage", "from_since"))
    assert history[0][0] == "applied"
    for (_from, stood, _since), (left, _to, _then) in itertools.pairwise(history):
        assert stood == left
    stored = Prospect.objects.get(pk=prospect.pk)
    assert stored.stage == history[-1][1]
    assert len(history) == sum(answer.json()["moved"] for answer in answers)
    with viewing.unrestricted():
        assert StageChange.objects.filter(prospect=prospect, source="api").count() == len(history)
