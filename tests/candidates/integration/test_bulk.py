import pytest
from django.urls import path
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIClient

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
