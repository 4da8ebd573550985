import pytest
from django.utils import timezone

from candidates.models import Candidate, Profile
from candidates.veiling import MARK
from jobs.models import Job, Requirement
from scoring import people, ranking
from scoring.models import ModelVersion, Prediction
from tests.factories import make_candidate, make_job, make_prospect, make_stub
from tests.scoring.api.conftest import client_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/rank"
TEXTS = ["java e sap", "sql", "sap, docker e kubernetes", "cobol", "java, sql e docker", "python"]


def rank(api, **body):
    return api.post(URL, body, format="json")


def person(number, **values):
    made = make_candidate(cv_text=TEXTS[number % len(TEXTS)], headline="", **values)
    skills = [word for word in ("java", "sap", "sql", "docker") if word in made.cv_text]
    Profile.objects.create(candidate=made, extractor="taxonomy", version="t", source_hash="x", skills=skills)
    return made


@pytest.fixture
def job(version):
    made = make_job()
    for place, skill in enumerate(("java", "sap", "docker")):
        Requirement.objects.create(job=made, kind="skill", value=skill, must=place < 2)
    return made


@pytest.fixture
def crowd(job):
    """Six who stand in the job, one of them without data, and six of the pool."""
    standing = [make_prospect(job=job, candidate=person(number)).candidate for number in range(5)]
    standing.append(make_prospect(job=job, candidate=make_stub()).candidate)
    return standing, [person(number) for number in range(6)]


def stored(job, group):
    made, _new = ranking.new_ranking(job)
    ranking.run(made)
    return list(Prediction.objects.filter(ranking=made, group=group).order_by("rank"))


def told(answer, *groups):
    return [
        (row["candidate"], row["rank"], row["score"]) for row in answer["results"] if row["group"] in groups
    ]


@pytest.mark.parametrize("evidence", ["strong", "none"])
@pytest.mark.parametrize("prepared", [False, True])
class TestAsTheRankingOrders:
    def test_the_jobs_prospects(self, api, job, crowd, evidence, prepared, monkeypatch):
        ModelVersion.objects.update(evidence=evidence)
        rows = stored(job, "prospect")
        if prepared:
            monkeypatch.setattr("scoring.at_hand.FEW", 0)
        answer = rank(api, job=job.code, prospects=True).json()
        assert answer["order"] == ("model" if evidence == "strong" else "requirements")
        assert told(answer, "prospect") == [
            (row.candidate_code, row.rank, pytest.approx(row.score, abs=1e-12)) for row in rows
        ]
        assert [row["candidate"] for row in answer["results"]][-1] == crowd[0][-1].code
        assert (answer["results"][-1]["group"], answer["results"][-1]["rank"]) == ("not_rankable", None)

    def test_the_best_of_the_pool(self, api, job, crowd, evidence, prepared):
        ModelVersion.objects.update(evidence=evidence)
        rows = stored(job, "pool")
        if not prepared:
            people.forget()
        answer = rank(api, job=job.code, pool={"limit": 4}).json()
        assert told(answer, "pool") == [
            (row.candidate_code, row.rank, pytest.approx(row.score, abs=1e-12)) for row in rows[:4]
        ]
        assert answer["compared"] == 6


class TestGivenPeople:
    def test_all_stand_in_one_order_and_are_stored(self, api, job, crowd, recruiter):
        codes = [one.code for one in (*crowd[0], *crowd[1])]
        answer = rank(api, job=job.code, candidates=codes).json()
        rows = {str(row.pk): row for row in Prediction.objects.all()}
        assert sorted(row["candidate"] for row in answer["results"]) == sorted(codes)
        assert [row["rank"] for row in answer["results"]] == [*range(1, 12), None]
        scores = [row["score"] for row in answer["results"][:-1]]
        assert scores == sorted(scores, reverse=True)
        assert {row["prediction_id"] for row in answer["results"]} == rows.keys()
        for row in answer["results"]:
            kept = rows[row["prediction_id"]]
            assert (kept.score, kept.rank, kept.group) == (row["score"], row["rank"], row["group"])
            assert (kept.job, kept.ranking, kept.requested_by) == (job, None, recruiter)
            assert kept.correlation_id == answer["correlation_id"]

    def test_requirements_are_assessed_as_in_the_ranking_but_for_the_quotes(self, api, job, crowd):
        rows = {row.candidate_code: row for row in stored(job, "prospect")}
        answer = rank(api, job=job.code, candidates=list(rows)).json()
        for row in answer["results"]:
            assert [(one["value"], one["state"]) for one in row["requirements"]] == [
                (one["value"], one["state"]) for one in rows[row["candidate"]].requirements
            ]

    def test_what_the_record_does_not_say_is_read_from_the_texts(self, api, job):
        Requirement.objects.create(job=job, kind="english", value="advanced")
        Requirement.objects.create(job=job, kind="words", value="spring boot")
        someone = make_candidate()
        (row,) = rank(api, job=job.code, candidates=[someone.code]).json()["results"]
        states = {one["value"]: one["state"] for one in row["requirements"]}
        assert (states["advanced"], states["spring boot"], states["java"]) == ("met", "met", "met")

    def test_levels_that_were_read_once_count_until_the_person_changes(self, api, job):
        for kind, value in (
            ("english", "advanced"),
            ("seniority", "senior"),
            ("education", "bachelor_complete"),
        ):
            Requirement.objects.create(job=job, kind=kind, value=value)
        someone = person(0)
        Candidate.objects.filter(pk=someone.pk).update(
            headline="Desenvolvedor sênior", cv_text="Java. Inglês avançado."
        )

        def states():
            (row,) = rank(api, job=job.code, candidates=[someone.code]).json()["results"]
            return {one["value"]: one["state"] for one in row["requirements"]}

        first = states()
        assert (first["advanced"], first["senior"], first["bachelor_complete"]) == ("met", "met", "no_data")
        assert states() == first
        Candidate.objects.filter(pk=someone.pk).update(
            headline="Desenvolvedor júnior", cv_text="Java. Inglês básico.", updated_at=timezone.now()
        )
        later = states()
        assert (later["advanced"], later["senior"]) == ("not_met", "not_met")

    def test_codes_that_stand_for_nobody_are_listed_and_others_once(self, api, job):
        someone = make_candidate()
        answer = rank(api, job=job.code, candidates=["none", someone.code, someone.code, "~12"]).json()
        assert answer["unknown"] == ["none", "~12"]
        assert [row["candidate"] for row in answer["results"]] == [someone.code]

    def test_the_code_of_somebody_hidden_is_unknown_also_beside_the_token(self, api, job):
        hidden = make_prospect(job=make_job(blind=True), candidate=person(0)).candidate
        (row,) = api.get("/api/v1/prospects?fields=candidate").json()["results"]
        assert row["candidate"].startswith(MARK)
        answer = rank(api, job=job.code, candidates=[row["candidate"], hidden.code]).json()
        assert answer["unknown"] == [hidden.code]

    def test_only_unknown_codes_are_an_empty_answer(self, api, job):
        answer = rank(api, job=job.code, candidates=["none"]).json()
        assert (answer["results"], answer["compared"]) == ([], 0)

    def test_reasons_on_request_add_up(self, api, job, crowd):
        codes = [one.code for one in crowd[0]]
        answer = rank(api, job=job.code, candidates=codes, reasons=True).json()
        for row in answer["results"][:-1]:
            account = row["reasons"]
            total = account["base"] + sum(group["contribution"] for group in account["groups"])
            assert total == pytest.approx(account["margin"], abs=1e-6)

    def test_reasons_of_a_lean_row_are_those_of_the_ranking(self, api, job, crowd):
        rows = {row.candidate_code: row for row in stored(job, "prospect")}
        answer = rank(api, job=job.code, prospects=True).json()
        for row in answer["results"][:-1]:
            assert "reasons" not in row
            read = api.get(f"/api/v1/predictions/{row['prediction_id']}").json()["reasons"]
            kept = rows[row["candidate"]].reasons
            assert read["margin"] == pytest.approx(kept["margin"], abs=1e-6)
            assert {one["group"]: one["contribution"] for one in read["groups"]} == pytest.approx(
                kept["groups"], abs=1e-6
            )


class TestPool:
    def test_filters_narrow_it(self, api, job, crowd):
        elsewhere = person(0, state="Bahia")
        answer = rank(api, job=job.code, pool={"filters": {"state": ["Bahia"]}}).json()
        assert [row["candidate"] for row in answer["results"]] == [elsewhere.code]

    def test_too_many_who_were_never_prepared_are_not_waited_for(self, api, job, crowd, monkeypatch):
        monkeypatch.setattr("scoring.api.rank_views.PREPARED_AT_ONCE", 3)
        response = rank(api, job=job.code, pool={})
        assert (response.status_code, response.json()["code"]) == (503, "pool_not_prepared")

    def test_in_a_blind_job_whoever_it_brings_out_is_hidden(self, other_system, version):
        blind = make_job(blind=True)
        someone = person(0)
        (row,) = rank(other_system, job=blind.code, pool={}).json()["results"]
        assert row["candidate"].startswith(MARK)
        assert Prediction.objects.get().candidate == someone


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"candidates": ["1"], "prospects": True}, ""),
        ({"prospects": False}, ""),
        ({"candidates": []}, "candidates"),
        ({"candidates": ["1"] * 1001}, "candidates"),
        ({"candidates": [None]}, "candidates"),
        ({"candidates": "1"}, "candidates"),
        ({"pool": {"limit": 501}}, "pool.limit"),
        ({"pool": {"filters": {"sex": ["f"]}}}, "pool.filters.sex"),
        ({"prospects": True, "job": "none"}, "job"),
    ],
)
def test_what_is_wrong_is_named(api, job, body, field):
    response = rank(api, **({"job": job.code} | body))
    assert response.status_code == 400
    assert any(error["field"].startswith(field) for error in response.json()["errors"])


def test_a_job_known_by_its_code_only_cannot_be_ranked(api, version):
    bare = Job.objects.create(code="bare", is_stub=True)
    response = rank(api, job=bare.code, candidates=[make_candidate().code])
    assert (response.status_code, response.json()["code"]) == (409, "not_rankable")


def test_another_model_orders_by_its_own_numbers(api, job, crowd):
    from tests.scoring.trained import make_trained_version

    waiting = make_trained_version(seed=2, state="challenger")
    answers = [
        rank(api, job=job.code, prospects=True, model=name).json() for name in ("champion", waiting.number)
    ]
    assert [answer["model_version"] for answer in answers] != [waiting.number] * 2
    assert answers[0]["results"][0]["score"] != answers[1]["results"][0]["score"]


def test_a_hiring_manager_may_not(job, hiring_manager):
    assert rank(client_of(hiring_manager), job=job.code, prospects=True).status_code == 403
