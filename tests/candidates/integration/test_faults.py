import pytest
from rest_framework import serializers

from candidates.integration.faults import Fault, faults, kind
from candidates.integration.strict import StrictSerializer


class Place(StrictSerializer):
    city = serializers.CharField(max_length=10)


class Asked(StrictSerializer):
    stage = serializers.ChoiceField(choices=["offer", "hired"], required=False)
    number = serializers.IntegerField(required=False)
    places = Place(many=True, required=False)


def found(sent):
    asked = Asked(data=sent)
    assert not asked.is_valid()
    return list(faults(asked.errors, sent=sent))


def test_an_unknown_field_is_refused_with_the_one_that_was_meant():
    (fault,) = found({"numbr": 3})
    assert (fault.field, fault.code, fault.got) == ("numbr", "unknown_field", "number")
    assert "number" in fault.detail


def test_a_name_like_none_is_told_what_there_is():
    (fault,) = found({"xyz": "a"})
    assert "stage, number, places" in fault.detail


def test_a_value_that_is_no_choice_is_answered_by_the_choices_and_never_quoted():
    (fault,) = found({"stage": "Maria da Silva"})
    assert fault == Fault("stage", "not_a_choice", "Must be one of: offer, hired.", "text")


def test_what_the_framework_quotes_is_not_told():
    error = serializers.ErrorDetail('"Maria" is not a valid choice.', code="invalid_choice")
    (fault,) = faults({"name": [error]}, sent={"name": "Maria"})
    assert "Maria" not in fault.detail
    assert fault.code == "not_a_choice"


def test_a_field_within_a_list_is_named_by_its_place():
    (fault,) = found({"places": [{"city": "Recife"}, {"city": "x" * 11}]})
    assert (fault.field, fault.code, fault.got) == ("places.1.city", "max_length", "text")


def test_what_is_missing_says_so():
    (fault,) = found({"places": [{}]})
    assert (fault.field, fault.code, fault.got) == ("places.0.city", "required", "missing")


def test_a_whole_body_of_the_wrong_kind_has_no_field():
    (fault,) = found([1, 2])
    assert (fault.field, fault.code) == ("", "invalid")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1.5, "number"),
        ("a", "text"),
        ({}, "object"),
        ([], "list"),
        (object(), "file"),
    ],
)
def test_kinds_are_named_in_the_words_of_json(value, name):
    assert kind(value) == name
