import datetime

import pytest
from django.db import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from monitoring import health
from tests.scoring.trained import damage, make_trained_version


@pytest.fixture
def ready(client, db):
    def ask():
        response = client.get("/health/ready")
        return response, response.json()["checks"]

    return ask


@pytest.mark.parametrize("address", ["/health", "/health/live"])
def test_a_living_process_answers_as_system_b_did(client, address):
    response = client.get(address)
    body = response.json()
    assert (response.status_code, body["status"]) == (200, "ok")
    assert datetime.datetime.fromisoformat(body["time"]).tzinfo is not None
    assert response["Cache-Control"] == "no-store"


def test_living_asks_neither_database_nor_queue(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    # No mark for database access: a query would fail the test
    assert client.get("/health").status_code == 200


def test_a_probe_may_ask_for_the_head_alone(client):
    assert client.head("/health").status_code == 200


def test_a_program_with_database_queue_and_model_is_ready(ready):
    make_trained_version()
    response, checks = ready()
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert checks == {"database": "ok", "queue": "ok", "model": "ok"}


def test_without_a_model_it_is_not_ready(ready):
    response, checks = ready()
    assert response.status_code == 503
    assert response.json()["status"] == "unavailable"
    assert checks == {"database": "ok", "queue": "ok", "model": "failed"}


def test_with_a_damaged_model_it_is_not_ready(ready):
    version = make_trained_version()
    damage(version)
    assert ready()[1]["model"] == "failed"


def test_without_the_queue_it_is_not_ready(ready, settings):
    make_trained_version()
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"
    response, checks = ready()
    assert response.status_code == 503
    assert checks == {"database": "ok", "queue": "failed", "model": "ok"}
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("database", OperationalError("password of peneira is 'secret'")),
        ("queue", RedisConnectionError("redis://:secret@host")),
        ("model", RuntimeError("/srv/secret/model.txt")),
    ],
)
def test_it_says_which_part_fails_but_not_why(ready, monkeypatch, caplog, part, error):
    def fail():
        raise error

    make_trained_version()
    monkeypatch.setitem(health.CHECKS, part, fail)
    response, checks = ready()
    assert response.status_code == 503
    assert [name for name, state in checks.items() if state == "failed"] == [part]
    assert "secret" not in response.content.decode() + caplog.text


def test_a_stranger_may_ask(client, db):
    assert client.get("/health/ready").status_code == 503
    assert client.post("/health/ready").status_code == 405
