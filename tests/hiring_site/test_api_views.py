import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from candidates.models import ApiCall
from scoring import prediction

URL = "/api/v1/token"
RIGHT = {"username": "recruiter", "password": "a long password"}


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def api():
    return APIClient()


def sign_in(api, body=RIGHT, **extra):
    return api.post(URL, body, format="json", **extra)


# Sign-in


def test_a_person_gets_a_token_that_works(api, recruiter):
    response = sign_in(api)
    token = response.json()["token"]
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert Token.objects.get().user == recruiter
    assert api.get("/api/v1/models", headers={"Authorization": f"Token {token}"}).status_code == 200
    assert sign_in(api).json()["token"] == token


@pytest.mark.parametrize("body", [RIGHT | {"password": "wrong"}, RIGHT | {"username": "nobody"}])
def test_a_wrong_name_and_a_wrong_password_read_the_same(api, recruiter, body):
    response = sign_in(api, body)
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "field": "",
            "code": "authorization",
            "detail": "Unable to log in with provided credentials.",
            "got": "",
        }
    ]
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["username", "password"]),
        ({"username": "recruiter"}, ["password"]),
        (RIGHT | {"username": "a\0b"}, ["username"]),
        (RIGHT | {"username": ["recruiter"]}, ["username"]),
        (RIGHT | {"password": "x" * 5000}, ["password"]),
    ],
)
def test_a_refused_field_is_named(api, recruiter, body, fields):
    import json

    response = api.post(URL, json.dumps(body), content_type="application/json")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == fields


@pytest.mark.parametrize("body", ["[]", "1", "null", '"x"'])
def test_a_body_that_is_no_object_is_refused(api, db, body):
    assert api.post(URL, body, content_type="application/json").status_code == 400


def test_who_left_gets_no_token(api, recruiter):
    recruiter.is_active = False
    recruiter.save()
    assert sign_in(api).status_code == 400


def test_guessing_a_password_is_slowed_down(api, recruiter):
    wrong = RIGHT | {"password": "wrong"}
    statuses = [sign_in(api, wrong, REMOTE_ADDR=f"10.0.0.{number}").status_code for number in range(11)]
    last = sign_in(api, REMOTE_ADDR="10.0.1.1")
    assert statuses == [400] * 10 + [429]
    assert last.status_code == 429
    assert 0 < int(last["Retry-After"]) <= 60
    assert last.json()["type"] == "urn:peneira:problem:throttled"


def test_trying_many_names_from_one_address_is_slowed_down(api, db):
    statuses = [sign_in(api, RIGHT | {"username": f"name{number}"}).status_code for number in range(31)]
    assert statuses == [400] * 30 + [429]


def test_an_address_that_the_caller_writes_does_not_help(api, db):
    statuses = {
        sign_in(
            api, RIGHT | {"username": f"n{number}"}, headers={"X-Forwarded-For": f"1.1.1.{number}"}
        ).status_code
        for number in range(31)
    }
    assert 429 in statuses


def test_the_cache_holds_no_names(api, recruiter, monkeypatch):
    keys = []
    keep = cache.set
    monkeypatch.setattr(type(cache._connections["default"]), "set", lambda self, key, *rest: keys.append(key))
    sign_in(api)
    assert keep
    assert len(keys) == 2
    assert not any("recruiter" in key or "127.0.0.1" in key for key in keys)


def test_without_the_queues_server_nobody_can_guess(api, recruiter, monkeypatch):
    def fail(*args, **kwargs):
        raise RedisConnectionError

    monkeypatch.setattr(type(cache._connections["default"]), "get", fail)
    response = sign_in(api)
    assert response.status_code == 503
    assert response.json()["type"] == "urn:peneira:problem:not_reachable"


def test_a_sign_in_is_in_the_audit_with_who_it_was(api, recruiter):
    sign_in(api)
    sign_in(api, RIGHT | {"password": "wrong"})
    noted = list(ApiCall.objects.order_by("pk").values_list("route", "status", "user"))
    assert noted == [("/api/v1/token", 200, recruiter.pk), ("/api/v1/token", 400, None)]


# Errors


def test_an_unknown_address_below_api_is_a_problem_document(api):
    for method in ("get", "post", "put", "patch", "delete"):
        response = getattr(api, method)("/api/v1/nothing/here")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["type"] == "urn:peneira:problem:not_found"
    assert api.get("/api").status_code == 404


def test_every_problem_has_the_same_members(api):
    body = api.get("/api/v1/models", headers={"X-Request-ID": "mine"}).json()
    assert list(body) == ["type", "code", "title", "status", "detail", "errors", "correlation_id"]
    assert (body["title"], body["status"], body["correlation_id"]) == ("Unauthorized", 401, "mine")


@pytest.fixture
def failing(monkeypatch, recruiter):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(recruiter)

    def ask(error):
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr(prediction, "predict_features", fail)
        return client.post("/api/v1/predict", {"features": {}}, format="json")

    return ask


def test_a_defect_of_ours_tells_the_caller_nothing(failing, caplog):
    response = failing(RuntimeError("Maria, CPF 123"))
    assert response.status_code == 500
    assert response.json()["type"] == "urn:peneira:problem:error"
    assert "Maria" not in response.content.decode()
    assert "unforeseen RuntimeError in PredictView" in caplog.text


@pytest.mark.parametrize("error", [OperationalError("host=secret"), RedisConnectionError("secret")])
def test_a_server_behind_that_is_away_is_503(failing, caplog, error):
    response = failing(error)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "secret" not in response.content.decode() + caplog.text


# Schema and pages


def test_the_schema_is_valid_and_complete(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_the_schema_is_told_to_everybody_with_the_addresses_of_the_replaced_services(api):
    schema = api.get("/api/schema", headers={"Accept": "application/json"}).json()
    assert schema["openapi"] == "3.1.0"
    assert set(schema["paths"]) >= {
        "/health",
        "/health/live",
        "/health/ready",
        "/version",
        "/api/v1/token",
        "/api/v1/predict",
        "/api/v1/predictions/{id}",
        "/api/v1/models",
        "/api/v1/train",
        "/api/v1/training-runs/{id}",
        "/api/v1/jobs/{code}/ranking",
    }
    features = schema["components"]["schemas"]["PredictRequestRequest"]["properties"]["features"]
    assert len(features["properties"]) == 46


def test_the_documentation_needs_nothing_from_elsewhere_and_no_inline_script(api):
    response = api.get("/api/docs", headers={"Accept": "text/html"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "<style" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert text.count("<script") == text.count("<script src=") == 3
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_documentations_own_script_is_served(api):
    response = api.get("/api/docs?script")
    assert response["Content-Type"].startswith("application/javascript")
    assert "SwaggerUIBundle" in response.content.decode()
