"""Serializers that take nothing they do not know: a misspelt field must not be dropped in silence.

Nor is what JSON tells apart taken for each other: a number is no text, 0 is not false, and "7" is no number.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from candidates.integration.faults import NOT_A_CHOICE

SHOWN = 40  # characters of an unknown name: it may be anything


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields of what is sent, each by its name, with the field that was probably meant."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = [name for name, field in self.fields.items() if not field.read_only]
            unknown = {str(name)[:SHOWN]: [_unknown(str(name), known)] for name in data if name not in known}
            if unknown:
                raise serializers.ValidationError(unknown)
        mistaken = _all_mistaken(data, self.fields) if type(data) is dict else {}  # a form knows texts alone
        sent = {name: value for name, value in data.items() if name not in mistaken} if mistaken else data
        try:
            read = super().to_internal_value(sent)
        except serializers.ValidationError as error:
            others = _with_choices(error.detail, self.fields)
            raise serializers.ValidationError({**others, **mistaken} if mistaken else others) from None
        if mistaken:
            raise serializers.ValidationError(mistaken)
        return read


def _all_mistaken(
    sent: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, list[serializers.ErrorDetail]]:
    found = {name: _mistaken(fields[name], value) for name, value in sent.items()}
    return {name: [told] for name, told in found.items() if told}


def _mistaken(field: Any, value: Any) -> serializers.ErrorDetail | None:
    """What is wrong with a value of the wrong kind; the fields themselves refuse lists and objects."""
    if isinstance(value, list):
        found = (_mistaken(getattr(field, "child", None), inner) for inner in value)
        return next(filter(None, found), None)
    text = None
    if isinstance(field, serializers.CharField) and isinstance(value, bool | int | float):
        text = _("Must be a text, in quotation marks.")
    elif isinstance(field, serializers.BooleanField) and isinstance(value, int | float | str):
        text = None if isinstance(value, bool) else _("Must be true or false, without quotation marks.")
    elif isinstance(field, serializers.IntegerField | serializers.FloatField) and isinstance(
        value, bool | str
    ):
        text = _("Must be a number, without quotation marks.")
    return serializers.ErrorDetail(str(text), code="invalid") if text else None


def _unknown(name: str, known: list[str]) -> serializers.ErrorDetail:
    close = get_close_matches(name, known, n=1)
    if close:
        text = _("There is no such field. Was %(field)s meant?") % {"field": close[0]}
    else:
        text = _("There is no such field. There are: %(fields)s.") % {"fields": ", ".join(known)}
    return serializers.ErrorDetail(str(text), code="unknown_field")


def _with_choices(detail: Any, fields: Mapping[str, Any]) -> Any:
    """A value that is none of the choices is answered by the choices, not by itself."""
    if not isinstance(detail, Mapping):
        return detail
    return {name: _of_field(errors, fields.get(name)) for name, errors in detail.items()}


def _of_field(errors: Any, field: Any) -> Any:
    choices = getattr(field, "choices", None)
    if not choices or not isinstance(errors, list):
        return errors
    text = _("Must be one of: %(choices)s.") % {"choices": ", ".join(filter(None, map(str, choices)))}
    told = serializers.ErrorDetail(text, code=NOT_A_CHOICE)
    return [told if getattr(error, "code", "") == "invalid_choice" else error for error in errors]
