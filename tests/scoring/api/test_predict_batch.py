import itertools
import math

import pytest
from rest_framework.test import APIClient

from candidates.integration import keys
from candidates.models import ApiCall, Event, ReviewPolicy, Webhook
from scoring.api.predict_serializers import LARGEST_NUMBER, _read_one_by_one, read_features
from scoring.ml.names import SYSTEM_B_FEATURES
from scoring.models import Prediction
from scoring.prediction import predict_features
from tests.factories import make_candidate, make_user
from tests.scoring.test_api_predict import SYSTEM_B, make_system_b_version
from tests.scoring.trained import damage

pytestmark = pytest.mark.django_db
URL = "/api/v1/predict/batch"


@pytest.fixture
def version(db):
    return make_system_b_version()


def batch(api, *items, **headers):
    return api.post(URL, {"items": list(items)}, format="json", headers=headers)


def test_each_item_is_scored_as_predict_scores_it(api, version):
    items = [SYSTEM_B, {"features": {"cv_sap": 0}}, {"features": {}}]
    told = batch(api, *items).json()
    for item, result in zip(items, told["results"], strict=True):
        alone = api.post("/api/v1/predict", item, format="json").json()
        for name in ("probabilidade_contratacao", "aprovado_pelo_modelo", "codigo_profissional"):
            assert result[name] == alone[name]
        assert (result["threshold"], result["operating_mode"]) == (alone["threshold"], "prec80")
    assert told["counts"] == {"scored": 3, "failed": 0}
    assert (told["model_version"], told["evidence"]) == (alone["model_version"], alone["evidence"])


def test_each_is_stored_as_one_alone_is(api, version, recruiter):
    make_candidate(code="31001")
    answer = batch(api, SYSTEM_B, {"features": {"salario_valor": 0.1}}).json()
    for result, (item, code) in zip(
        answer["results"], [(SYSTEM_B["features"], "31001"), ({"salario_valor": 0.1}, "")], strict=True
    ):
        row = Prediction.objects.get(pk=result["prediction_id"])
        numbers = {name: None if value is None else float(value) for name, value in item.items()}
        alone = predict_features(numbers, candidate_code=code, by=recruiter, reasons=False)
        own = {"id", "correlation_id", "created_at", "latency_ms"}
        for field in Prediction._meta.concrete_fields:
            if field.attname not in own:
                assert getattr(row, field.attname) == getattr(alone, field.attname), field.attname
        assert row.correlation_id == answer["correlation_id"]
        assert row.latency_ms > 0


def test_what_is_wrong_with_one_keeps_no_other_from_being_scored(api, version):
    wrong = {"features": {"cv_sap": "Maria"}}
    answer = batch(api, SYSTEM_B, wrong, "x", {}, {"features": {}, "codigo_profissional": -1}, SYSTEM_B)
    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [one["status"] for one in results] == ["scored", *["failed"] * 4, "scored"]
    assert [one["index"] for one in results] == list(range(6))
    assert results[1]["errors"] == [
        {
            "field": "features.cv_sap",
            "code": "invalid",
            "detail": "Must be a number, true, false or null; this is text.",
            "got": "text",
        }
    ]
    assert [error["field"] for one in results[2:5] for error in one["errors"]] == [
        "",
        "features",
        "codigo_profissional",
    ]
    assert "Maria" not in answer.content.decode()
    assert Prediction.objects.count() == answer.json()["counts"]["scored"] == 2


def test_a_code_written_as_text_is_read_as_predict_reads_it(api, version):
    (result,) = batch(api, {"features": {}, "codigo_profissional": "31001"}).json()["results"]
    assert result["codigo_profissional"] == 31001


def test_nothing_that_can_be_scored_is_an_answer_too(api, version):
    answer = batch(api, {}, {})
    assert answer.json()["counts"] == {"scored": 0, "failed": 2}
    assert not Prediction.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"items": []}, {"items": {}}, {"items": [{"features": {}}] * 1001}, [], "x"]
)
def test_what_is_no_list_of_one_to_a_thousand_is_refused(api, version, body):
    answer = api.post(URL, body, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["items"]
    assert not Prediction.objects.exists()


def test_a_thousand_are_taken(api, version):
    answer = batch(api, *[{"features": {"cv_sap": number % 2}} for number in range(1000)])
    results = answer.json()["results"]
    assert len({one["prediction_id"] for one in results}) == Prediction.objects.count() == 1000
    assert len({one["probabilidade_contratacao"] for one in results}) == 2


def test_the_audit_says_how_many_they_were(api, version, recruiter):
    batch(api, SYSTEM_B, {})
    call = ApiCall.objects.get()
    assert (call.route, call.rows, call.user_id) == (URL, 2, recruiter.pk)


def test_one_event_tells_of_all(api, version, recruiter):
    Webhook.objects.create(
        name="W", url="https://example.org/", events=["prediction.created"], user=recruiter
    )
    told = batch(api, SYSTEM_B, {"features": {}}).json()
    data = Event.objects.get().data
    assert data["predictions"] == [one["prediction_id"] for one in told["results"]]
    assert (data["count"], data["model"], data["source"]) == (2, version.number, "api")


def test_sent_again_with_its_key_it_is_stored_once(api, version):
    first, again = (batch(api, SYSTEM_B, **{"Idempotency-Key": "one"}) for _time in range(2))
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert Prediction.objects.count() == 1


def test_whom_the_caller_may_not_find_by_code_is_not_linked(api, version):
    make_candidate(code="31001")
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"blind_for_all": True})
    (result,) = batch(api, SYSTEM_B).json()["results"]
    alone = api.post("/api/v1/predict", SYSTEM_B, format="json").json()
    rows = Prediction.objects.filter(pk__in=[result["prediction_id"], alone["prediction_id"]])
    assert [row.candidate_id for row in rows] == [None, None]


def test_who_may_be_found_by_code_is_linked_whoever_asks(api, version):
    person, kept = make_candidate(code="31001"), make_candidate()
    make_candidate(code="31002", merged_into=kept)
    items = [SYSTEM_B, SYSTEM_B | {"codigo_profissional": 31002}, SYSTEM_B | {"codigo_profissional": 31003}]
    secret = keys.create(
        "Test", make_user("system", "Integrations"), scopes=["predictions:write"], by=None
    ).secret
    for client, headers in ((api, {}), (APIClient(), {"x-api-key": secret})):
        results = batch(client, *items, **headers).json()["results"]
        linked = [Prediction.objects.get(pk=one["prediction_id"]).candidate_id for one in results]
        assert linked == [person.pk, kept.pk, None]


def test_somebody_who_went_into_another_record_is_linked_to_that(api, version):
    kept = make_candidate()
    make_candidate(code="31001", merged_into=kept)
    batch(api, SYSTEM_B)
    assert Prediction.objects.get().candidate_id == kept.pk


@pytest.mark.parametrize("spoil", [lambda version: version.delete(), damage])
def test_without_a_model_the_answer_is_a_sentence(api, version, spoil):
    spoil(version)
    answer = batch(api, SYSTEM_B)
    assert (answer.status_code, answer.json()["code"]) == (503, "no_model")


@pytest.mark.parametrize("address", ["/api/v1/predict", URL])
class TestChoiceOfModel:
    def answer(self, api, address, model):
        body = {"items": [SYSTEM_B]} if address == URL else SYSTEM_B
        return api.post(address, body | {"model": model}, format="json")

    def test_a_version_is_named_by_number_recipe_or_part(self, api, version, address):
        other = make_system_b_version(state="challenger")
        for model, wanted in (
            (other.number, other),
            (str(other.number), other),
            ("challenger", other),
            ("prec80", version),
        ):
            told = self.answer(api, address, model)
            assert told.status_code == 200, told.content
            assert told.json()["model_version"] == wanted.number

    @pytest.mark.parametrize("model", [999, "none", True, [], 1.5, "x" * 99])
    def test_one_that_is_not_there_is_refused(self, api, version, address, model):
        told = self.answer(api, address, model)
        assert told.status_code == 400
        assert [error["field"] for error in told.json()["errors"]] == ["model"]
        assert not Prediction.objects.exists()


ODD = [None, True, 0, 1.5, "1", [], {}, 1e12, -1e12, 1e13, 10**30, -(10**400), math.nan, math.inf, -math.inf]


def test_features_are_read_at_a_glance_as_they_are_one_by_one():
    for one, other in itertools.product(ODD, ODD):
        sent = dict.fromkeys(SYSTEM_B_FEATURES, 1) | {"cv_sap": one, "salario_valor": other, "unknown": "x"}
        assert repr(read_features(sent)) == repr(_read_one_by_one(sent))


def test_many_large_numbers_are_each_within_the_bound():
    sent = dict.fromkeys(SYSTEM_B_FEATURES, LARGEST_NUMBER)
    assert read_features(sent) == (sent, {})


@pytest.mark.parametrize("depth", [900, 990, 1010, 1030, 100_000])
def test_what_is_nested_deeply_is_read_or_refused(api, version, depth):
    deep = "[" * depth + "]" * depth
    for item in (deep, '{"features": {}, "unknown": ' + deep + "}", '{"features": ' + deep + "}"):
        answer = api.post(URL, '{"items": [' + item + "]}", content_type="application/json")
        assert answer.status_code in (200, 400), answer.content
