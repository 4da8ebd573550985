"""What JSON tells apart is not taken for each other."""

import pytest
from django.http import QueryDict
from rest_framework import serializers

from candidates.integration.strict import StrictSerializer


class Sent(StrictSerializer):
    text = serializers.CharField(required=False, allow_null=True)
    yes = serializers.BooleanField(required=False)
    whole = serializers.IntegerField(required=False)
    share = serializers.FloatField(required=False)
    words = serializers.ListField(child=serializers.CharField(), required=False)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        *(("text", value, "a text") for value in (7, 0, 1.5, True)),
        *(("yes", value, "true or false") for value in (0, 1, "true", "yes", 1.0)),
        *(("whole", value, "a number") for value in ("7", True)),
        *(("share", value, "a number") for value in ("0.5", False)),
        ("words", ["java", 8], "a text"),
    ],
)
def test_another_kind_of_value_is_refused_by_its_field(name, value, says):
    sent = Sent(data={name: value})
    assert not sent.is_valid()
    (error,) = sent.errors[name]
    assert says in error
    assert error.code == "invalid"


def test_it_is_told_with_all_else_that_is_wrong():
    class Asked(Sent):
        name = serializers.CharField()
        place = serializers.CharField(max_length=3)

    sent = Asked(data={"name": 7, "place": "Recife", "yes": 0})
    assert not sent.is_valid()
    assert {field: [error.code for error in errors] for field, errors in sent.errors.items()} == {
        "name": ["invalid"],
        "place": ["max_length"],
        "yes": ["invalid"],
    }


@pytest.mark.parametrize(
    "values",
    [{"text": "7"}, {"text": None}, {"yes": False}, {"whole": 7}, {"share": 1}, {"words": ["java"]}, {}],
)
def test_what_is_of_its_kind_is_taken(values):
    sent = Sent(data=values)
    assert sent.is_valid(), sent.errors
    assert dict(sent.validated_data) == values


def test_a_form_knows_texts_alone():
    sent = Sent(data=QueryDict("text=7&yes=true&whole=7&share=0.5"))
    assert sent.is_valid(), sent.errors
    assert dict(sent.validated_data) == {"text": "7", "yes": True, "whole": 7, "share": 0.5}
