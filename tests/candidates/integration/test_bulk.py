import itertools
import threading

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import path
from psycopg2.errors import DeadlockDetected
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIClient

from candidates.integration import locking
from candidates.integration.bulk import BulkView, Saved
from candidates.integration.strict import StrictSerializer
from candidates.models import Tag

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class Item(StrictSerializer):
    code = serializers.CharField(max_length=10)
    then = serializers.CharField(required=False)


class Tags(BulkView):
    resource = "candidates"
    item_serializer = Item

    def save_one(self, values, request):
        tag, made = Tag.objects.get_or_create(name=values["code"])
        if values.get("then") == "refuse":
            raise ValidationError({"then": ["This cannot be."]}, code="impossible")
        return Saved("created" if made else "unchanged", tag.name)


urlpatterns = [path("bulk", Tags.as_view())]


@pytest.fixture
def send(recruiter):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=recruiter).key}")
    return lambda body: client.post("/bulk", body, format="json")


def test_each_item_has_its_own_result_in_the_order_of_the_request(send):
    Tag.objects.create(name="b")
    items = [{"code": "z"}, {"code": "b"}, {"cod": "x"}, {"code": "a", "then": "refuse"}, 7]
    answer = send({"items": items}).json()
    assert [(row["index"], row["status"], row["code"]) for row in answer["results"]] == [
        (0, "created", "z"),
        (1, "unchanged", "b"),
        (2, "failed", ""),
        (3, "failed", "a"),
        (4, "failed", ""),
    ]
    assert answer["counts"] == {"created": 1, "updated": 0, "unchanged": 1, "failed": 3}
    assert answer["results"][3]["errors"] == [
        {"field": "then", "code": "impossible", "detail": "This cannot be.", "got": "text"}
    ]


def test_a_refused_item_leaves_no_trace_and_the_others_stay(send):
    send({"items": [{"code": "a", "then": "refuse"}, {"code": "b"}]})
    assert list(Tag.objects.values_list("name", flat=True)) == ["b"]


@pytest.mark.parametrize(
    "body",
    [[], {}, {"items": {}}, {"items": []}, {"items": [{"code": "a"}] * 1001}, {"items": [], "more": 1}],
)
def test_the_list_itself_must_be_right(send, body):
    answer = send(body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["items"]


def locked_crosswise(monkeypatch, tags, *, times):
    """A ``save_one`` that locks crosswise with somebody else's transaction, so many times."""
    left = itertools.count(times, -1)

    def save_one(self, values, request):
        if next(left) > 0:
            held, done = threading.Event(), threading.Event()

            def other():
                try:
                    with transaction.atomic():
                        Tag.objects.select_for_update().get(pk=tags[1].pk)
                        held.set()
                        done.wait(10)
                        list(Tag.objects.select_for_update().filter(pk=tags[0].pk))
                finally:
                    connection.close()

            thread = threading.Thread(target=other)
            thread.start()
            held.wait(10)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '50ms'")
            Tag.objects.select_for_update().get(pk=tags[0].pk)
            done.set()
            Tag.objects.select_for_update().get(pk=tags[1].pk)
        return Saved("updated", values["code"])

    monkeypatch.setattr(Tags, "save_one", save_one)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "a"}])
def test_an_item_that_locks_crosswise_with_others_is_tried_again(recruiter, monkeypatch, headers):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=recruiter).key}")
    locked_crosswise(monkeypatch, [Tag.objects.create(name=name) for name in "ab"], times=1)
    answer = client.post("/bulk", {"items": [{"code": "x"}]}, format="json", headers=headers)
    assert answer.status_code == 200, answer.content
    assert [row["status"] for row in answer.json()["results"]] == ["updated"]


def test_one_that_always_does_is_told_to_come_again(send, monkeypatch):
    def stopped(*_):
        raise OperationalError from DeadlockDetected()

    monkeypatch.setattr(locking, "LONGEST_PAUSE", 0)
    monkeypatch.setattr(Tags, "save_one", stopped)
    answer = send({"items": [{"code": "x"}]})
    assert answer.json()["results"][0]["errors"][0]["code"] == "busy"
