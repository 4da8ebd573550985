"""Filters of lists that refuse what they do not understand, where the library's would filter by nothing."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail

LONGEST = 120  # characters of a value that the data decides
MOST_VALUES = 200  # of one parameter


class FilterSet(django_filters.FilterSet):
    """The filters of a list; a ``Meta`` is not needed. Also the library's filters for yes and no and for
    times refuse here what they do not understand."""

    @classmethod
    def get_filters(cls) -> Any:
        found = super().get_filters()
        for one in found.values():
            if isinstance(one, django_filters.BooleanFilter):
                one.field_class = YesNoField
            elif isinstance(one, django_filters.IsoDateTimeFilter | django_filters.DateTimeFilter):
                one.field_class = MomentField
        return found


def moment(text: str) -> Any:
    """A time with its zone (RFC 3339). Raises Django's ValidationError."""
    try:
        found = parse_datetime(text.replace(" ", "+"))  # a plus in an address is read as a space
        # At the ends of time the same moment is none in another zone
        if found is not None and is_aware(found):
            return found.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    raise ValidationError(
        _("Must be a time with its zone, as 2026-03-10T12:00:00Z (RFC 3339)."), code="invalid"
    )


def refusals(form: forms.BaseForm) -> dict[str, list[ErrorDetail]]:
    """What a form refuses, by field, for a problem document."""
    wrong: dict[str, list[ErrorDetail]] = {}
    for name, errors in form.errors.as_data().items():
        pairs = getattr(form.fields.get(name), "choices", ())
        choices = [str(value) for value, _label in pairs if value]
        field = "non_field_errors" if name == "__all__" else name
        wrong[field] = [sentence(error, choices) for error in errors]
    return wrong


def sentence(error: Any, choices: Sequence[str] = ()) -> ErrorDetail:
    """One refusal; the value is not repeated, for it may be somebody's name."""
    if error.code == "invalid_choice" and choices:
        text = _("Must be one of: %(choices)s.") % {"choices": ", ".join(choices)}
        return ErrorDetail(str(text), code="not_a_choice")
    text = str(error.message)
    return ErrorDetail(text % error.params if error.params else text, code=error.code or "invalid")


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

    def validate(self, value: Any) -> None:
        if len(value) > MOST_VALUES:
            text = _("These are %(number)s values; at most %(most)s are taken.")
            raise ValidationError(text, params={"number": len(value), "most": MOST_VALUES}, code="too_many")
        super().validate(value)


class YesNoFilter(django_filters.BooleanFilter):
    """``true`` or ``false``."""

    field_class = YesNoField


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A time with its zone."""

    field_class = MomentField


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """One of these, or several: the parameter may stand there more than once."""

    def __init__(self, choices: "Iterable[Any] | Callable[[], Any]", **kwargs: Any) -> None:
        super().__init__(choices=choices, **kwargs)


class ValuesFilter(django_filters.MultipleChoiceFilter):
    """Any value, or several: the parameter may stand there more than once."""

    field_class = AnyField


class WholeFilter(django_filters.NumberFilter):
    """A whole number, as the number of a row is."""

    field_class = forms.IntegerField
