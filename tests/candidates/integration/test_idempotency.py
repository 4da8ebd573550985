import datetime
import threading

import pytest
from django.db import connections
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIClient

from candidates.integration import idempotency, keys
from candidates.integration.strict import StrictSerializer
from candidates.integration.views import ApiView
from candidates.models import IdempotentAnswer, Tag

KEY = "Idempotency-Key"


class Asked(StrictSerializer):
    name = serializers.CharField(max_length=10)
    then = serializers.CharField(required=False)


class Tags(ApiView):
    resource = "candidates"

    def post(self, request):
        asked = Asked(data=request.data)
        asked.is_valid(raise_exception=True)
        tag = Tag.objects.create(name=f"{asked.validated_data['name']} {Tag.objects.count()}")
        if asked.validated_data.get("then") == "fail":
            raise RuntimeError
        if asked.validated_data.get("then") == "sign in":
            raise NotAuthenticated
        return Response({"name": tag.name}, status=201, headers={"Location": f"/tags/{tag.pk}"})

    def delete(self, request):
        Tag.objects.all().delete()
        return Response(status=204)


class Secret(Tags):
    def post(self, request):
        return Response({"secret": "of today"}, status=201)

    def kept(self, data):
        return data | {"secret": None}

    def repeated(self, data):
        return data | {"secret": "made again"}


urlpatterns = [
    path("tags", Tags.as_view()),
    path("other", Tags.as_view()),
    path("secret", Secret.as_view()),
]

pytestmark = pytest.mark.urls(__name__)


def client_of(user):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


@pytest.fixture
def api(recruiter):
    return client_of(recruiter)


def send(api, body=None, key="k-1", address="/tags"):
    return api.post(address, body or {"name": "java"}, format="json", headers={KEY: key})


@pytest.mark.django_db
class TestASecondTime:
    def test_the_first_answer_is_given_again(self, api):
        first, second = send(api), send(api)
        assert (second.status_code, second.json()) == (201, first.json())
        assert second.headers["Location"] == first.headers["Location"]
        assert second.headers["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in first.headers
        assert Tag.objects.count() == 1

    def test_without_a_key_it_is_done_again(self, api):
        for _ in range(2):
            api.post("/tags", {"name": "java"}, format="json")
        assert Tag.objects.count() == 2

    def test_another_body_or_address_is_a_conflict(self, api):
        send(api)
        for other in (send(api, {"name": "sql"}), send(api, address="/other")):
            assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
        assert Tag.objects.count() == 1

    def test_everybody_has_keys_of_their_own(self, api, administrator):
        send(api)
        assert send(client_of(administrator)).status_code == 201
        assert Tag.objects.count() == 2

    def test_a_key_that_replaces_another_goes_on_where_it_was(self, recruiter):
        old = keys.create("ats", user=recruiter, scopes=["candidates:write"], by=recruiter)
        new = keys.rotate(old.key, overlap=datetime.timedelta(hours=1), by=recruiter)
        for made in (old, new):
            client = APIClient()
            client.credentials(HTTP_X_API_KEY=made.secret)
            answer = send(client)
        assert answer.headers["Idempotent-Replayed"] == "true"
        assert Tag.objects.count() == 1

    def test_after_a_day_the_key_is_new(self, api):
        send(api)
        IdempotentAnswer.objects.update(created_at=timezone.now() - datetime.timedelta(hours=24, seconds=1))
        assert "Idempotent-Replayed" not in send(api).headers
        assert Tag.objects.count() == 2

    def test_a_refusal_is_given_again_too(self, api):
        first, second = send(api, {"name": "x" * 11}), send(api, {"name": "x" * 11})
        assert first.status_code == second.status_code == 400
        assert second.headers["Content-Type"] == "application/problem+json"
        assert second.json()["errors"] == first.json()["errors"]
        assert second.headers["Idempotent-Replayed"] == "true"

    def test_a_failure_of_ours_is_not_kept_and_leaves_nothing(self, api):
        for _ in range(2):
            assert send(api, {"name": "java", "then": "fail"}).status_code == 500
        assert not Tag.objects.exists()
        assert not IdempotentAnswer.objects.exists()

    def test_nor_is_a_refusal_of_who_asks(self, api):
        assert send(api, {"name": "java", "then": "sign in"}).status_code == 401
        assert not Tag.objects.exists()
        assert not IdempotentAnswer.objects.exists()

    def test_an_answer_without_a_body_stays_without(self, api):
        for _ in range(2):
            answer = api.delete("/tags", headers={KEY: "d"})
            assert (answer.status_code, answer.content) == (204, b"")

    @pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ação"])
    def test_a_key_must_be_well_formed(self, api, key):
        answer = send(api, key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")
        assert not Tag.objects.exists()

    def test_a_secret_is_not_kept(self, api):
        assert send(api, address="/secret").json() == {"secret": "of today"}
        assert b"of today" not in bytes(IdempotentAnswer.objects.get().body)
        assert send(api, address="/secret").json() == {"secret": "made again"}

    def test_who_may_not_send_takes_no_key(self, client):
        assert send(APIClient()).status_code == 401
        assert not IdempotentAnswer.objects.exists()

    def test_old_answers_are_purged(self, api):
        send(api)
        assert idempotency.purge() == 0
        IdempotentAnswer.objects.update(created_at=timezone.now() - datetime.timedelta(hours=25))
        assert idempotency.purge() == 1


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_fifty_parallel_writes_with_one_key_make_one_row(self, recruiter):
        token = Token.objects.create(user=recruiter).key
        gate, answers = threading.Barrier(50), []

        def write():
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
            gate.wait()
            try:
                answers.append(send(client))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=write) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 49
        assert Tag.objects.count() == 1

    def test_one_that_takes_too_long_is_told_to_the_second(self, recruiter, monkeypatch):
        monkeypatch.setattr(idempotency, "SECONDS_TO_WAIT", 0.1)
        begun, enough = threading.Event(), threading.Event()

        def slow():
            begun.set()
            enough.wait(10)
            return idempotency.Answer(201, b"{}")

        def first():
            try:
                idempotency.answered_once("user:1", "k", "same", slow)
            finally:
                connections.close_all()

        thread = threading.Thread(target=first)
        thread.start()
        begun.wait(10)
        with pytest.raises(idempotency.StillAnswering):
            idempotency.answered_once("user:1", "k", "same", slow)
        enough.set()
        thread.join()
        assert idempotency.answered_once("user:1", "k", "same", slow).replayed


def test_parts_of_a_fingerprint_cannot_pass_for_each_other():
    assert idempotency.fingerprint(b"ab", b"c") != idempotency.fingerprint(b"a", b"bc")


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"--x\r\nConte", b"", b"--x--"])
def test_a_form_that_is_cut_off_is_refused_and_not_a_failure(api, body):
    answer = api.generic(
        "POST", "/tags", body, content_type="multipart/form-data; boundary=x", headers={KEY: "m"}
    )
    assert answer.status_code in (400, 415)
    assert not Tag.objects.exists()


@pytest.mark.django_db
def test_half_a_character_is_refused_by_name_or_value(api):
    for body in (b'{"\\ud800": 1}', b'{"name": "\\udfff"}'):
        answer = api.generic("POST", "/tags", body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
