import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rest_framework.test import APIClient

from scoring.ml.names import SYSTEM_B_FEATURES
from scoring.models import ModelVersion, Prediction
from tests.factories import make_candidate, make_user, make_version
from tests.scoring.trained import damage, result, write

URL = "/api/v1/predict"
SYSTEM_B = {
    "codigo_profissional": 31001,
    "features": {
        "tem_email": 1,
        "cv_sap": 1,
        "salario_valor": 5500.0,
        "ingl_avancado": True,
        "has_cert": None,
    },
}


def make_system_b_version(**values):
    learned = result(1, SYSTEM_B_FEATURES)
    version = make_version(
        **(
            {
                "recipe": "prec80",
                "threshold": 0.5,
                "feature_names": list(learned.head.feature_names),
                "card": {"libraries": {"python": "3.11.7"}},
            }
            | values
        )
    )
    return write(version, names=SYSTEM_B_FEATURES, policy="systemB")


@pytest.fixture
def version(db):
    return make_system_b_version()


@pytest.fixture
def api(recruiter):
    client = APIClient()
    client.force_authenticate(recruiter)
    return client


def predict(api, body):
    return api.post(URL, body, format="json")


def test_system_bs_request_is_answered_in_its_own_fields(api, version):
    response = predict(api, SYSTEM_B)
    body = response.json()
    assert response.status_code == 200
    assert list(body)[:5] == [
        "probabilidade_contratacao",
        "aprovado_pelo_modelo",
        "threshold",
        "operating_mode",
        "codigo_profissional",
    ]
    assert 0 < body["probabilidade_contratacao"] < 1
    assert body["aprovado_pelo_modelo"] == (body["probabilidade_contratacao"] >= 0.5)
    assert (body["threshold"], body["operating_mode"], body["codigo_profissional"]) == (0.5, "prec80", 31001)


def test_the_prediction_is_stored_before_it_is_answered(api, version, recruiter):
    person = make_candidate(code="31001")
    response = api.post(URL, SYSTEM_B, format="json", headers={"X-Request-ID": "from-the-caller"})
    body, stored = response.json(), Prediction.objects.get()
    assert str(stored.pk) == body["prediction_id"]
    assert stored.score == body["probabilidade_contratacao"]
    assert stored.decision == body["aprovado_pelo_modelo"]
    assert (stored.candidate, stored.candidate_code, stored.requested_by) == (person, "31001", recruiter)
    assert stored.model_version.number == body["model_version"]
    assert stored.correlation_id == body["correlation_id"] == "from-the-caller" == response["X-Request-ID"]
    assert stored.features == {
        "tem_email": 1.0,
        "cv_sap": 1.0,
        "salario_valor": 5500.0,
        "ingl_avancado": 1.0,
        "has_cert": None,
    }


def test_the_answer_says_what_is_proven_of_the_order_inside_a_job(api, version):
    assert predict(api, SYSTEM_B).json()["evidence"]["verdict"] == "none"
    ModelVersion.objects.update(evidence="some")
    assert predict(api, SYSTEM_B).json()["evidence"]["verdict"] == "some"


def test_what_the_score_is_made_of_can_be_read_under_its_id(api, version):
    answer = predict(api, SYSTEM_B).json()
    stored = api.get(f"/api/v1/predictions/{answer['prediction_id']}").json()
    account = stored["reasons"]
    assert stored["score"] == answer["probabilidade_contratacao"]
    assert {"SAP", "Salary wish"} <= {group["text"] for group in account["groups"]}
    total = account["base"] + sum(group["contribution"] for group in account["groups"])
    assert abs(total - account["margin"]) < 1e-6


def test_features_decide_the_score(api, version):
    without, having = predict(api, {"features": {"cv_sap": 0}}), predict(api, {"features": {"cv_sap": 1}})
    assert having.json()["probabilidade_contratacao"] > without.json()["probabilidade_contratacao"]


def test_order_does_not_matter_and_unknown_names_are_ignored(api, version):
    features = {name: index % 2 for index, name in enumerate(SYSTEM_B_FEATURES)}
    turned = dict(reversed(features.items())) | {"unheard_of": {"deep": ["x"]}}
    scores = {
        predict(api, {"features": given}).json()["probabilidade_contratacao"] for given in (features, turned)
    }
    assert len(scores) == 1
    assert "unheard_of" not in Prediction.objects.latest("created_at").features


def test_missing_and_null_features_are_unknown_alike(api, version):
    bodies = [{"features": {}}, {"features": dict.fromkeys(SYSTEM_B_FEATURES)}]
    scores = {predict(api, body).json()["probabilidade_contratacao"] for body in bodies}
    assert len(scores) == 1


def test_true_and_false_are_one_and_zero(api, version):
    for value, number in ((True, 1), (False, 0)):
        one, other = (predict(api, {"features": {"cv_sap": given}}).json() for given in (value, number))
        assert one["probabilidade_contratacao"] == other["probabilidade_contratacao"]


@pytest.mark.parametrize("body", [{"features": {}}, {"features": {}, "codigo_profissional": None}])
def test_a_candidates_code_is_not_needed(api, version, body):
    assert predict(api, body).json()["codigo_profissional"] is None
    assert Prediction.objects.get().candidate_code == ""


def test_names_beside_the_two_are_ignored(api, version):
    assert predict(api, SYSTEM_B | {"extra": 1}).status_code == 200


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("1", "text"),
        ("", "text"),
        ([1], "a list"),
        ({"a": 1}, "an object"),
        (1e13, "between"),
        (-(10**400), "between"),
    ],
    ids=["text", "empty", "list", "object", "large", "huge"],
)
def test_a_value_that_is_no_number_is_refused_by_name(api, version, value, told):
    response = predict(api, {"features": {"cv_sap": 1, "salario_valor": value}})
    (error,) = response.json()["errors"]
    assert response.status_code == 400
    assert error["field"] == "features.salario_valor"
    assert told in error["detail"]
    assert not Prediction.objects.exists()


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused_by_name(api, version, written):
    body = '{"features": {"salario_valor": ' + written + "}}"
    response = api.post(URL, body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "field": "features.salario_valor",
            "code": "invalid",
            "detail": "Must be a finite number.",
            "got": "number",
        }
    ]


def test_a_refusal_never_repeats_the_value(api, version):
    response = predict(api, {"features": {"salario_valor": "Maria 123.456.789-00"}})
    assert "Maria" not in response.content.decode()


@pytest.mark.parametrize("code", ["abc", -1, 1.5, True, [], {}, "1" * 30, 2**63])
def test_a_code_that_is_no_whole_number_is_refused_by_name(api, version, code):
    response = predict(api, {"codigo_profissional": code, "features": {}})
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["codigo_profissional"]


@pytest.mark.parametrize("body", [{}, {"features": None}, {"features": [1]}, {"features": "x"}])
def test_features_must_be_an_object(api, version, body):
    response = predict(api, body)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["features"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"null", b'"x"', b"\xff\xfe", b"[" * 200_000, b'{"a": ' * 50_000, b"1" * 5000],
    ids=[
        "empty",
        "cut",
        "list",
        "number",
        "null",
        "text",
        "bytes",
        "deep list",
        "deep object",
        "long number",
    ],
)
def test_a_body_that_is_no_object_is_refused(api, version, body):
    response = api.post(URL, body, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_refused(api, version, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert predict(api, {"features": {"padding": "x" * 100}}).status_code == 413
    assert predict(api, {"features": {}}).status_code == 200


def test_a_form_is_refused(api, version):
    response = api.post(URL, "features=1", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 415
    assert response.json()["type"] == "urn:peneira:problem:unsupported_media_type"


def test_without_a_model_the_answer_is_a_sentence(api):
    response = predict(api, SYSTEM_B)
    assert response.status_code == 503
    assert response.json()["type"] == "urn:peneira:problem:no_model"
    assert "Train one first" in response.json()["detail"]


def test_a_model_that_cannot_be_loaded_gives_no_paths_away(api, version, settings):
    damage(version)
    response = predict(api, SYSTEM_B)
    assert response.status_code == 503
    assert str(settings.MODELS_DIR) not in response.content.decode()
    assert not Prediction.objects.exists()


def test_it_rejects_get(api, version):
    response = api.get(URL)
    assert response.status_code == 405
    assert response.json()["type"] == "urn:peneira:problem:method_not_allowed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
near_misses = st.fixed_dictionaries(
    {},
    optional={
        "codigo_profissional": json_values,
        "features": st.dictionaries(
            st.sampled_from(SYSTEM_B_FEATURES) | st.text(max_size=8), json_values, max_size=6
        ),
    },
)


class FuzzTest(TestCase):
    @classmethod
    def setUpTestData(cls):

        cls.user = make_user("fuzz", "Integrations")

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(json_values | near_misses)
    def test_no_body_makes_the_service_fail(self, body):
        if not ModelVersion.objects.exists():
            make_system_b_version()
        client = APIClient(raise_request_exception=False)
        client.force_authenticate(self.user)
        response = client.post(URL, json.dumps(body), content_type="application/json")
        answer = json.loads(response.content, parse_constant=lambda name: pytest.fail(name))
        assert response.status_code in (200, 400), response.content
        if response.status_code == 200:
            assert 0 <= answer["probabilidade_contratacao"] <= 1
            assert Prediction.objects.filter(pk=uuid.UUID(answer["prediction_id"])).exists()
        else:
            assert answer["status"] == 400

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=200))
    def test_no_bytes_make_the_service_fail(self, body):
        client = APIClient(raise_request_exception=False)
        client.force_authenticate(self.user)
        response = client.post(URL, body, content_type="application/json")
        assert response.status_code in (400, 503), response.content
