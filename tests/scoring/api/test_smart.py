import json

import pytest

from candidates.models import Profile
from candidates.veiling import MARK
from jobs.models import Job, Requirement
from scoring import ranking
from scoring.models import ModelVersion, Prediction
from tests.factories import make_candidate, make_job, make_prospect, make_stub
from tests.scoring.api.conftest import client_of
from tests.scoring.test_api_predict import make_system_b_version
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/predict/smart"


def smart(api, **body):
    return api.post(URL, body, format="json")


def asking(*skills, **values):
    job = make_job(**values)
    for skill in skills:
        Requirement.objects.create(job=job, kind="skill", value=skill)
    return job


def with_skills(*skills, **values):
    person = make_candidate(**values)
    Profile.objects.create(
        candidate=person, extractor="taxonomy", version="t", source_hash="x", skills=list(skills)
    )
    return person


def ranked(job):
    made, _new = ranking.new_ranking(job)
    ranking.run(made)
    return {row.candidate_id: row for row in Prediction.objects.filter(ranking=made)}


class TestSomebodyKnown:
    @pytest.mark.parametrize("status", ["open", "filled"])
    def test_the_score_of_a_prospect_is_that_of_the_ranking(self, api, version, status):
        job = asking("java", status=status)
        prospect = make_prospect(job=job, candidate=with_skills("java", cv_text="java, sap"))
        stored = ranked(job)[prospect.candidate_id]
        answer = smart(api, job=job.code, candidate=prospect.candidate.code).json()
        row = Prediction.objects.get(pk=answer["prediction_id"])
        assert answer["score"] == pytest.approx(stored.score, abs=1e-12)
        assert row.features == stored.features
        assert row.requirements == stored.requirements

    def test_the_score_of_somebody_of_the_pool_is_that_of_the_ranking(self, api, version):
        job, person = asking("java"), with_skills("java")
        stored = ranked(job)[person.pk]
        answer = smart(api, job=job.code, candidate=person.code).json()
        assert answer["score"] == pytest.approx(stored.score, abs=1e-12)

    def test_it_is_stored_before_it_is_answered(self, api, version, recruiter):
        job, person = make_job(), make_candidate()
        response = api.post(
            URL,
            {"job": job.code, "candidate": person.code},
            format="json",
            headers={"X-Request-ID": "from-the-caller"},
        )
        answer, row = response.json(), Prediction.objects.get()
        assert response.status_code == 200
        assert (str(row.pk), row.score) == (answer["prediction_id"], answer["score"])
        assert (row.candidate, row.job, row.source, row.requested_by) == (person, job, "api", recruiter)
        assert row.correlation_id == answer["correlation_id"] == "from-the-caller"
        assert answer["model_version"] == version.number
        assert (answer["recipe"], answer["operating_mode"]) == (version.recipe, version.operating_mode)
        assert answer["threshold"] == version.threshold
        assert answer["decision"] is (answer["score"] >= version.threshold)
        assert answer["evidence"]["verdict"] == "strong"
        assert (answer["needs_human_review"], answer["review_reason"]) == (False, None)
        assert "reasons" not in answer

    @pytest.mark.parametrize("way", ["body", "query"])
    def test_reasons_are_told_on_request_and_add_up(self, api, version, way):
        body = {"job": asking("java").code, "candidate": with_skills("java").code}
        address = URL + ("?reasons=true" if way == "query" else "")
        answer = api.post(address, body | ({"reasons": True} if way == "body" else {}), format="json").json()
        account = answer["reasons"]
        total = account["base"] + sum(group["contribution"] for group in account["groups"])
        assert account["groups"]
        assert total == pytest.approx(account["margin"], abs=1e-6)

    def test_reasons_that_nobody_asked_for_are_found_when_they_are_read(self, api, version):
        job = make_job()
        prospect = make_prospect(job=job)
        lean, told = (
            smart(api, job=job.code, candidate=prospect.candidate.code, reasons=asked).json()
            for asked in (False, True)
        )
        read = api.get(f"/api/v1/predictions/{lean['prediction_id']}").json()
        assert read["reasons"]["margin"] == pytest.approx(told["reasons"]["margin"])
        groups = {group["group"]: group["contribution"] for group in read["reasons"]["groups"]}
        assert groups == pytest.approx(
            {group["group"]: group["contribution"] for group in told["reasons"]["groups"]}
        )

    def test_an_old_code_finds_who_it_went_into(self, api, version):
        kept, gone = make_candidate(), make_candidate()
        type(gone).everyone.filter(pk=gone.pk).update(merged_into=kept.pk)
        answer = smart(api, job=make_job().code, candidate=gone.code).json()
        assert answer["candidate"] == kept.code


class TestNotKnownWellEnough:
    def test_an_unknown_code_gets_no_score_and_a_person_has_to_look(self, api, version):
        response = smart(api, job=make_job().code, candidate="unheard-of")
        answer, row = response.json(), Prediction.objects.get()
        assert response.status_code == 200
        assert (answer["score"], answer["decision"]) == (None, None)
        assert (answer["needs_human_review"], answer["review_reason"]) == (True, "unknown_candidate")
        assert (row.review, row.candidate, row.candidate_code) == ("unknown_candidate", None, "unheard-of")

    def test_somebody_known_by_the_code_only_gets_no_score(self, api, version):
        answer = smart(api, job=make_job().code, candidate=make_stub().code).json()
        assert (answer["score"], answer["review_reason"]) == (None, "no_profile")

    def test_a_job_known_by_its_code_only_gives_no_score(self, api, version):
        job = Job.objects.create(code="só-código", is_stub=True)
        answer = smart(api, job=job.code, candidate=make_candidate().code).json()
        assert (answer["score"], answer["review_reason"]) == (None, "no_job_data")

    def test_an_unknown_job_is_refused_by_its_field(self, api, version):
        response = smart(api, job="none", candidate=make_candidate().code)
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == ["job"]
        assert not Prediction.objects.exists()


class TestSomebodyDescribed:
    DESCRIBED = {"headline": "Dev Java", "cv_text": "Maria Souza: java e sql", "name": "Maria Souza"}

    def test_somebody_described_is_scored_in_a_stored_job(self, api, version):
        job = asking("java", "sap")
        answer = smart(api, job=job.code, candidate=self.DESCRIBED).json()
        assert 0 < answer["score"] < 1
        assert answer["candidate"] is None
        assert [one["state"] for one in answer["requirements"]] == ["met", "not_met"]

    def test_nothing_of_the_texts_is_stored(self, api, version):
        smart(api, job=asking("java").code, candidate=self.DESCRIBED, reasons=True)
        row = Prediction.objects.get()
        kept = repr((row.features, row.reasons, row.requirements, row.candidate_code)).casefold()
        assert "maria" not in kept
        assert "souza" not in kept
        assert [one["quote"] for one in row.requirements] == [""]

    def test_a_record_of_the_source_is_read(self, api, version):
        record = {"infos_basicas": {"nome": "Ana"}, "cv_pt": "java e sql", "formacao_e_idiomas": {}}
        assert 0 < smart(api, job=make_job().code, candidate=record).json()["score"] < 1

    def test_somebody_without_anything_to_score_needs_a_person(self, api, version):
        answer = smart(api, job=make_job().code, candidate={"city": "Recife"}).json()
        assert (answer["score"], answer["review_reason"]) == (None, "no_profile")

    @pytest.mark.parametrize(
        ("candidate", "field"),
        [
            ({"headlin": "x"}, "candidate.headlin"),
            ({"english": "very good"}, "candidate.english"),
            ({"salary_monthly": "NaN"}, "candidate.salary_monthly"),
            ({"cv_text": 3.5, "area_labels": "TI"}, "candidate.area_labels"),
            ([], "candidate"),
            ("", "candidate"),
            (True, "candidate"),
            (None, "candidate"),
        ],
    )
    def test_what_is_wrong_is_named(self, api, version, candidate, field):
        response = smart(api, job=make_job().code, candidate=candidate)
        assert response.status_code == 400
        assert field in [error["field"] for error in response.json()["errors"]]

    def test_a_lone_half_of_a_character_is_refused(self, api, version):
        described = json.dumps({"job": make_job().code, "candidate": {"cv_text": "java \ud800"}})
        response = api.generic("POST", URL, described, content_type="application/json")
        assert response.status_code == 400


class TestChoiceOfModel:
    def test_a_number_a_recipe_and_a_part_each_name_a_version(self, api, version):
        waiting = make_trained_version(seed=2, state="challenger")
        body = {"job": make_job().code, "candidate": make_candidate().code}
        told = {
            name: smart(api, **body, model=name).json()["model_version"]
            for name in ("champion", "challenger", "peneira", waiting.number, str(version.number))
        }
        assert told == {
            "champion": version.number,
            "challenger": waiting.number,
            "peneira": version.number,
            waiting.number: waiting.number,
            str(version.number): version.number,
        }

    def test_the_recipe_of_system_b_scores_by_its_features_alone(self, api, version):
        only = make_system_b_version()
        answer = smart(api, job=make_job().code, candidate=make_candidate().code, model="prec80").json()
        assert (answer["recipe"], answer["model_version"]) == ("prec80", only.number)
        assert 0 < answer["score"] < 1

    @pytest.mark.parametrize("name", ["prec80", "challenger", "best", 10**20, -1, 0])
    def test_one_that_stands_for_nothing_is_refused_with_those_there_are(self, api, version, name):
        response = smart(api, job=make_job().code, candidate=make_candidate().code, model=name)
        (error,) = response.json()["errors"]
        assert (response.status_code, error["field"]) == (400, "model")
        assert "champion, peneira" in error["detail"]
        assert str(version.number) in error["detail"]

    @pytest.mark.parametrize("name", [True, None, [], {}, "", "x" * 31, 1.5])
    def test_what_is_no_name_is_refused(self, api, version, name):
        response = smart(api, job=make_job().code, candidate=make_candidate().code, model=name)
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == ["model"]

    def test_a_version_whose_files_are_damaged_is_503(self, api, version):
        broken = make_trained_version(seed=2, state="challenger")
        damage(broken)
        response = smart(api, job=make_job().code, candidate=make_candidate().code, model=broken.number)
        assert (response.status_code, response.json()["code"]) == (503, "model_not_loaded")

    def test_without_a_model_it_is_503(self, api, version):
        ModelVersion.objects.update(state="retired")
        response = smart(api, job=make_job().code, candidate=make_candidate().code)
        assert (response.status_code, response.json()["code"]) == (503, "no_model")


class TestWhoMay:
    def test_a_hiring_manager_and_an_auditor_may_not(self, version, hiring_manager, django_user_model):
        from tests.factories import make_user

        for user in (hiring_manager, make_user("auditor", "Auditors")):
            assert smart(client_of(user), job=make_job().code, candidate="1").status_code == 403

    def test_in_a_blind_job_another_system_is_told_the_token(self, other_system, version):
        prospect = make_prospect(job=make_job(blind=True))
        answer = smart(other_system, job=prospect.job.code, candidate=prospect.candidate.code).json()
        assert answer["candidate"].startswith(MARK)
        assert answer["score"] is not None
        assert Prediction.objects.get().candidate_code == prospect.candidate.code

    def test_in_a_blind_job_a_recruiter_finds_nobody_by_the_code(self, api, version):
        prospect = make_prospect(job=make_job(blind=True))
        answer = smart(api, job=prospect.job.code, candidate=prospect.candidate.code).json()
        assert (answer["score"], answer["review_reason"]) == (None, "unknown_candidate")


@pytest.mark.parametrize(
    "body", [{}, {"job": "1"}, {"candidate": "1"}, {"job": "1", "candidate": "2", "extra": 1}, [], "x"]
)
def test_a_body_that_is_not_complete_is_refused(api, version, body):
    assert api.post(URL, body, format="json").status_code == 400
