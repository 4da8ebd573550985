"""Filters of lists that refuse what they do not understand, where the library's would filter by nothing."""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

LONGEST = 120  # characters of a value that the data decides


class FilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of a list; a ``Meta`` is not needed."""


def moment(text: str) -> Any:
    """A time with its zone (RFC 3339). Raises Django's ValidationError."""
    try:
        found = parse_datetime(text.replace(" ", "+"))  # a plus in an address is read as a space
    except ValueError:
        found = None
    if found is None or not is_aware(found):
        raise ValidationError(
            _("Must be a time with its zone, as 2026-03-10T12:00:00Z (RFC 3339)."), code="invalid"
        )
    return found


class YesNoField(forms.Field):
    widget = forms.TextInput

    def clean(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise ValidationError(_("Must be true or false."), code="invalid")
        return bool(value == "true")


class MomentField(forms.Field):
    widget = forms.TextInput

    def clean(self, value: Any) -> Any:
        return moment(value) if value else None


class AnyField(forms.MultipleChoiceField):
    """Values that the data decides, as cities."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= LONGEST


class YesNoFilter(django_filters.BooleanFilter):  # type: ignore[misc]
    """``true`` or ``false``."""

    field_class = YesNoField


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    """A time with its zone."""

    field_class = MomentField


class ChoicesFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    """One of these, or several: the parameter may stand there more than once."""

    def __init__(self, choices: "Iterable[Any] | Callable[[], Any]", **kwargs: Any) -> None:
        super().__init__(choices=choices, **kwargs)


class ValuesFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    """Any value, or several: the parameter may stand there more than once."""

    field_class = AnyField
