"""Serializers that take nothing they do not know: a misspelt field must not be dropped in silence."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

SHOWN = 40  # characters of an unknown name: it may be anything


class StrictMixin:
    """Refuses unknown fields of what is sent, each by its name, with the field that was probably meant."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = [name for name, field in self.fields.items() if not field.read_only]  # type: ignore[attr-defined]
            unknown = {str(name)[:SHOWN]: [_unknown(str(name), known)] for name in data if name not in known}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)  # type: ignore[misc]


def _unknown(name: str, known: list[str]) -> serializers.ErrorDetail:
    close = get_close_matches(name, known, n=1)
    if close:
        text = _("There is no such field. Was %(field)s meant?") % {"field": close[0]}
    else:
        text = _("There is no such field. There are: %(fields)s.") % {"fields": ", ".join(known)}
    return serializers.ErrorDetail(str(text), code="unknown_field")


class StrictSerializer(StrictMixin, serializers.Serializer[Any]):
    """A serializer of what is sent to be written."""
