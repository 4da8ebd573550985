import pytest

from candidates.models import Candidate
from jobs.models import Job, Prospect, Requirement
from scoring.models import Prediction
from tests.factories import make_candidate, make_job
from tests.scoring.api.conftest import client_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/predict/full"
PERSON = {
    "name": "Maria Souza",
    "email": "maria@example.com",
    "headline": "Desenvolvedora Java de Souza",
    "cv_text": "Maria Souza. Cinco anos com java, spring e sql. Inglês avançado.",
    "seniority": "senior",
    "salary_monthly": "9500.00",
    "area_labels": ["TI - Projetos"],
}
JOB = {"title": "Desenvolvedor Java", "activities": "sistemas em java", "competences": "java obrigatório"}


def full(api, **body):
    return api.post(URL, body, format="json")


def fields_of(response):
    assert response.status_code == 400
    return [error["field"] for error in response.json()["errors"]]


class TestDescribed:
    def test_a_person_and_a_job_of_the_request_are_scored(self, api, version, recruiter):
        answer = full(api, candidate=PERSON, job=JOB).json()
        row = Prediction.objects.get(pk=answer["prediction_id"])
        assert 0 < answer["score"] < 1
        assert (answer["candidate"], answer["job"], answer["model_version"]) == (None, None, version.number)
        assert (row.score, row.candidate, row.job, row.requested_by) == (
            answer["score"],
            None,
            None,
            recruiter,
        )

    def test_nothing_is_stored_but_numbers_and_codes(self, api, version):
        full(api, candidate=PERSON, job=JOB, reasons=True)
        row = Prediction.objects.get()
        kept = repr([getattr(row, field.attname) for field in Prediction._meta.fields]).casefold()
        for word in ("maria", "souza", "spring e sql", "desenvolvedor"):
            assert word not in kept
        assert not any(model.objects.exists() for model in (Candidate, Job, Prospect, Requirement))

    def test_what_is_stored_of_others_changes_nothing(self, api, version):
        before = full(api, candidate=PERSON, job=JOB).json()["score"]
        make_candidate(email=PERSON["email"])
        make_job(title=JOB["title"])
        after = full(api, candidate=PERSON, job=JOB).json()
        assert after["score"] == before
        features = [row.features for row in Prediction.objects.all()]
        assert features[0] == features[1]

    def test_without_requirements_they_are_proposed_from_the_text(self, api, version):
        asked = full(api, candidate=PERSON, job=JOB).json()["requirements"]
        assert {"kind": "skill", "value": "java", "must": True, "state": "met"}.items() <= asked[0].items()

    def test_given_requirements_count_instead(self, api, version):
        wanted = [
            {"kind": "skill", "value": "SQL"},
            {"kind": "english", "value": "fluent", "must": False},
            {"kind": "words", "value": "projetos em cobol"},
        ]
        asked = full(api, candidate=PERSON, job=JOB | {"requirements": wanted}).json()["requirements"]
        assert [(one["value"], one["must"], one["state"]) for one in asked] == [
            ("sql", True, "met"),
            ("fluent", False, "partly"),
            ("projetos em cobol", True, "not_met"),
        ]
        assert full(api, candidate=PERSON, job=JOB | {"requirements": []}).json()["requirements"] == []

    def test_reasons_add_up(self, api, version):
        account = full(api, candidate=PERSON, job=JOB, reasons=True).json()["reasons"]
        total = account["base"] + sum(group["contribution"] for group in account["groups"])
        assert total == pytest.approx(account["margin"], abs=1e-6)

    @pytest.mark.parametrize(
        ("candidate", "job", "why"),
        [({"city": "Recife"}, JOB, "no_profile"), (PERSON, {"city": "Recife"}, "no_job_data")],
    )
    def test_too_little_of_either_needs_a_person(self, api, version, candidate, job, why):
        answer = full(api, candidate=candidate, job=job).json()
        assert (answer["score"], answer["needs_human_review"], answer["review_reason"]) == (None, True, why)
        assert Prediction.objects.get().review == why

    def test_a_job_may_state_everything(self, api, version):
        everything = JOB | {
            "client": "Cliente",
            "requested_on": "2026-03-01",
            "city": "Recife",
            "state": "Pernambuco",
            "seniority": "senior",
            "education": "bachelor_complete",
            "english": "advanced",
            "spanish": "basic",
            "area_labels": ["TI - SAP"],
            "contract_types": ["clt", "pj"],
            "sap": True,
            "salary_monthly": 12000,
            "priority": "high",
            "origin": "new",
            "remarks": "",
        }
        answer = full(api, candidate=PERSON, job=everything)
        assert answer.status_code == 200
        features = Prediction.objects.get().features
        assert features["job_pay"] == 12000.0
        assert features["earlier_applications"] == 0.0

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"candidate": PERSON}, "job"),
            ({"job": JOB}, "candidate"),
            ({}, "candidate"),
            ({"candidate": PERSON, "job": JOB, "features": {}}, "features"),
            ({"candidate": PERSON, "job": JOB, "modell": 1}, "modell"),
            ({"candidate": PERSON, "job": JOB | {"titel": "x"}}, "job.titel"),
            ({"candidate": PERSON, "job": JOB | {"seniority": "guru"}}, "job.seniority"),
            ({"candidate": PERSON, "job": JOB | {"requested_on": "soon"}}, "job.requested_on"),
            ({"candidate": PERSON, "job": "5185"}, "job"),
            ({"candidate": "31001", "job": JOB}, "candidate"),
        ],
    )
    def test_what_is_wrong_is_named(self, api, version, body, field):
        assert field in fields_of(full(api, **body))
        assert not Prediction.objects.exists()

    @pytest.mark.parametrize(
        ("requirement", "told"),
        [
            ({"kind": "words", "value": "solteira"}, "marital"),
            ({"kind": "words", "value": "cinco anos com cobol"}, "442-A"),
            ({"kind": "skill", "value": "unheardofskill"}, "no such skill"),
            ({"kind": "english", "value": "good"}, "Must be one of"),
        ],
    )
    def test_a_requirement_that_cannot_be_asked_is_refused(self, api, version, requirement, told):
        response = full(api, candidate=PERSON, job=JOB | {"requirements": [requirement]})
        (error,) = response.json()["errors"]
        assert error["field"] == "job.requirements.0.value"
        assert told in error["detail"]


class TestFeatures:
    def test_features_by_name_decide(self, api, version):
        scores = [full(api, features={"cv_sap": value}).json()["score"] for value in (0, 1)]
        assert scores[0] < scores[1]
        assert Prediction.objects.latest("created_at").features == {"cv_sap": 1.0}

    def test_reasons_of_features_add_up_also_when_they_are_read_later(self, api, version):
        body = {"features": {"cv_sap": True, "salario_valor": None}}
        account = full(api, **body, reasons=True).json()["reasons"]
        lean = full(api, **body).json()
        read = api.get(f"/api/v1/predictions/{lean['prediction_id']}").json()["reasons"]
        total = account["base"] + sum(group["contribution"] for group in account["groups"])
        assert total == pytest.approx(account["margin"], abs=1e-6)
        assert read == account

    def test_a_name_that_the_version_lacks_is_refused(self, api, version):
        assert fields_of(full(api, features={"cv_sap": 1, "cv_sapp": 1})) == ["features.cv_sapp"]

    @pytest.mark.parametrize("value", ["1", [], {}, float("nan"), 1e13, 10**400])
    def test_what_is_no_number_is_refused(self, api, version, value):
        if isinstance(value, int):
            value = float("inf")
        body = '{"features": {"cv_sap": ' + (repr(value).replace("nan", "NaN").replace("inf", "Infinity"))
        response = api.generic("POST", URL, body.replace("'", '"') + "}}", content_type="application/json")
        assert fields_of(response) == ["features.cv_sap"]


def test_a_hiring_manager_may_not(version, hiring_manager):
    assert full(client_of(hiring_manager), candidate=PERSON, job=JOB).status_code == 403
