import datetime

import pytest
from django.utils import timezone

from candidates.veiling import MARK
from jobs.models import JobMember
from scoring.models import ModelVersion, Prediction
from tests.factories import make_candidate, make_job, make_prospect
from tests.scoring.api.conftest import client_of
from tests.scoring.test_api import make_ranked, make_ranking
from tests.scoring.trained import damage

pytestmark = pytest.mark.django_db
URL = "/api/v1/predictions"


def listed(api, **query):
    response = api.get(URL, query)
    assert response.status_code == 200, response.json()
    return [row["prediction_id"] for row in response.json()["results"]]


def make_row(version, **values):
    values.setdefault("job", make_job())
    return make_ranked(make_ranking(values.pop("job"), version), **values)


def ids(*rows):
    return [str(row.pk) for row in rows]


class TestList:
    def test_the_newest_come_first_without_what_nobody_asked_for(self, api, version):
        first, second = make_row(version), make_row(version)
        results = api.get(URL).json()["results"]
        assert [row["prediction_id"] for row in results] == ids(second, first)
        assert not {"reasons", "requirements", "features"} & results[0].keys()
        assert results[0]["model_version"] == version.number

    def test_pages_go_on_where_the_last_one_ended(self, api, version):
        rows = [make_row(version) for _ in range(3)]
        page = api.get(URL, {"limit": 2}).json()
        rest = api.get(page["next"]).json()
        assert [row["prediction_id"] for row in page["results"] + rest["results"]] == ids(*reversed(rows))
        assert rest["next"] is None

    def test_filters_narrow_it(self, api, version):
        hit = make_row(version, review="no_profile", score=None)
        other = make_row(version, group="pool")
        for query in (
            {"candidate": hit.candidate_code},
            {"job": hit.job.code},
            {"ranking": hit.ranking_id},
            {"needs_human_review": "true"},
            {"group": "prospect"},
            {"created_to": other.created_at.isoformat()},
        ):
            assert listed(api, **query) == ids(hit), query
        assert listed(api, model_version=version.number, origin="ranking", recipe="peneira") == ids(
            other, hit
        )
        assert listed(api, created_from=(timezone.now() + datetime.timedelta(hours=1)).isoformat()) == []
        assert listed(api, candidate="none") == []
        assert listed(api, decision="true") == ids(other)

    @pytest.mark.parametrize("query", [{"expand": "reasons,features"}, {"reasons": "true"}])
    def test_reasons_are_told_on_request(self, api, version, query):
        make_prospect()
        stored = api.post("/api/v1/predict/full", {"features": {"cv_sap": 1}}, format="json").json()
        (row,) = api.get(URL, query).json()["results"]
        assert row["prediction_id"] == stored["prediction_id"]
        account = row["reasons"]
        total = account["base"] + sum(group["contribution"] for group in account["groups"])
        assert total == pytest.approx(account["margin"], abs=1e-6)

    def test_only_some_fields(self, api, version):
        make_row(version)
        (row,) = api.get(URL, {"fields": "prediction_id,score"}).json()["results"]
        assert row.keys() == {"prediction_id", "score"}

    @pytest.mark.parametrize(
        "query",
        [{"cand": "1"}, {"created_from": "soon"}, {"group": "best"}, {"reasons": "yes"}, {"sort": "score"}],
    )
    def test_what_is_not_understood_is_refused(self, api, version, query):
        response = api.get(URL, query)
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == list(query)

    def test_a_hiring_manager_sees_those_of_own_jobs(self, version, hiring_manager):
        own, _other = make_row(version), make_row(version)
        JobMember.objects.create(job=own.job, user=hiring_manager)
        make_prospect(job=own.job, candidate=own.candidate)
        assert listed(client_of(hiring_manager)) == ids(own)

    def test_in_a_blind_job_nobody_is_named_or_found_by_code(self, api, version):
        row = make_row(version, job=make_job(blind=True))
        make_prospect(job=row.job, candidate=row.candidate)
        (told,) = api.get(URL).json()["results"]
        assert told["candidate"].startswith(MARK)
        assert listed(api, candidate=row.candidate.code) == []
        assert listed(api, candidate=told["candidate"]) == ids(row)


class TestRead:
    def test_a_row_stored_without_an_account_whose_model_is_gone_has_none(self, api, version):
        stored = api.post("/api/v1/predict/full", {"features": {"cv_sap": 1}}, format="json").json()
        damage(version)
        from scoring import registry

        registry.forget()
        read = api.get(f"{URL}/{stored['prediction_id']}").json()
        assert (read["reasons"]["base"], read["reasons"]["groups"]) == (None, [])
        assert read["score"] == stored["score"]

    def test_features_that_do_not_give_the_score_are_given_no_account(self, api, version):
        row = Prediction.objects.create(
            model_version=version,
            score=0.123,
            decision=False,
            threshold=0.5,
            operating_mode="prec80",
            source="api",
            features={"cv_sap": 1.0},
        )
        assert api.get(f"{URL}/{row.pk}").json()["reasons"]["groups"] == []

    def test_why_a_person_has_to_look_is_told(self, api, version):
        answer = api.post(
            "/api/v1/predict/smart", {"job": make_job().code, "candidate": "none"}, format="json"
        ).json()
        read = api.get(f"{URL}/{answer['prediction_id']}").json()
        assert (read["needs_human_review"], read["review_reason"]) == (True, "unknown_candidate")
        assert read["candidate"] == "none"

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
    def test_it_is_never_changed(self, api, version, method):
        row = make_row(version)
        response = getattr(api, method)(f"{URL}/{row.pk}", {"score": 1}, format="json")
        assert response.status_code == 405
        assert "never changed" in response.json()["detail"]
        assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        assert Prediction.objects.get(pk=row.pk).score == row.score

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
    def test_nor_is_the_list(self, api, version, method):
        assert getattr(api, method)(URL, {}, format="json").status_code == 405


def test_models_number_is_told_of_each(api, version):
    other = ModelVersion.objects.create(
        number=9, recipe="prec80", label_policy="all", artifact_path="v9", sha256="1" * 64, threshold=0.4
    )
    make_row(version)
    row = make_row(other, candidate=make_candidate())
    assert listed(api, recipe="prec80") == ids(row)
