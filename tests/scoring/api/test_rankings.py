import pytest

from candidates.integration import changes
from candidates.models import RunState
from jobs.models import Job, JobMember
from scoring.models import Ranking
from tests.factories import make_job
from tests.scoring.api.conftest import client_of
from tests.scoring.test_api import make_ranked, make_ranking

pytestmark = pytest.mark.django_db
URL = "/api/v1/rankings"


@pytest.fixture
def ranked(version):
    found = make_ranking(make_job(), version, pool_size=9)
    for place in range(3):
        make_ranked(found, rank=place + 1)
        make_ranked(found, rank=place + 1, group="pool")
    make_ranked(found, rank=None, score=None, group="not_rankable")
    return found


def rows_of(response):
    assert response.status_code == 200, response.json()
    return [(row["group"], row["rank"]) for row in response.json()["rows"]]


class TestRows:
    @pytest.mark.parametrize("by", ["job", "number"])
    def test_a_ranking_is_read_by_its_job_and_by_its_number(self, api, ranked, by):
        address = f"{URL}/{ranked.pk}" if by == "number" else f"/api/v1/jobs/{ranked.job.code}/ranking"
        assert rows_of(api.get(address)) == [
            *(("prospect", place) for place in (1, 2, 3)),
            *(("pool", place) for place in (1, 2, 3)),
            ("not_rankable", None),
        ]

    def test_rows_can_be_fewer(self, api, ranked):
        address = f"/api/v1/jobs/{ranked.job.code}/ranking"
        assert rows_of(api.get(address, {"limit": 2})) == [("prospect", 1), ("prospect", 2)]
        assert rows_of(api.get(address, {"group": "pool", "limit": 1})) == [("pool", 1)]

    def test_reasons_can_be_left_out(self, api, ranked):
        (row, *_rest) = api.get(f"{URL}/{ranked.pk}", {"reasons": "false"}).json()["rows"]
        assert "reasons" not in row
        (row, *_rest) = api.get(f"{URL}/{ranked.pk}").json()["rows"]
        assert row["reasons"]["groups"] == []

    @pytest.mark.parametrize(
        "query", [{"limit": "0"}, {"group": "best"}, {"reasons": "no"}, {"grup": "pool"}]
    )
    def test_what_is_not_understood_is_refused(self, api, ranked, query):
        response = api.get(f"{URL}/{ranked.pk}", query)
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == list(query)

    def test_one_under_way_says_how_far_it_is(self, api, version):
        running = make_ranking(make_job(), version, state=RunState.RUNNING, progress=0.4, step="Reading")
        answer = api.get(f"{URL}/{running.pk}").json()
        assert (answer["state"], answer["progress"], answer["rows"]) == ("running", 0.4, [])
        assert answer["created_at"] is None

    def test_reading_asks_few_queries_however_many_rows(self, api, ranked, django_assert_max_num_queries):
        for place in range(4, 40):
            make_ranked(ranked, rank=place)
        changes.newest("candidate")  # whoever comes first numbers what changed
        with django_assert_max_num_queries(12):
            api.get(f"{URL}/{ranked.pk}")

    def test_a_hiring_manager_reads_those_of_own_jobs(self, ranked, hiring_manager):
        manager = client_of(hiring_manager)
        assert manager.get(f"{URL}/{ranked.pk}").status_code == 404
        JobMember.objects.create(job=ranked.job, user=hiring_manager)
        assert client_of(hiring_manager).get(f"{URL}/{ranked.pk}").status_code == 200


class TestList:
    def test_the_newest_come_first_and_filters_narrow_them(self, api, version):
        first, second = make_ranking(make_job(), version), make_ranking(make_job(), version, state="failed")
        assert [row["id"] for row in api.get(URL).json()["results"]] == [second.pk, first.pk]
        for query in ({"job": first.job.code}, {"state": "done"}):
            assert [row["id"] for row in api.get(URL, query).json()["results"]] == [first.pk]


class TestRenewing:
    def test_a_ranking_is_asked_for_by_the_code_of_a_job(self, api, version, recruiter):
        job = make_job()
        response = api.post(URL, {"job": job.code}, format="json")
        made = Ranking.objects.get()
        assert (response.status_code, made.job, made.requested_by) == (202, job, recruiter)
        assert response["Location"].endswith(f"{URL}/{made.pk}")
        assert api.get(response["Location"]).json()["state"] == "queued"

    def test_an_unknown_job_is_named(self, api, version):
        response = api.post(URL, {"job": "none"}, format="json")
        assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "job")

    def test_a_job_known_by_its_code_only_is_a_conflict(self, api, version):
        bare = Job.objects.create(code="bare", is_stub=True)
        assert api.post(URL, {"job": bare.code}, format="json").status_code == 409

    def test_a_hiring_manager_may_not(self, version, hiring_manager):
        assert client_of(hiring_manager).post(URL, {"job": "1"}, format="json").status_code == 403
