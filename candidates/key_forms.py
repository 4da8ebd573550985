"""What is asked for when a key of the API is made or replaced."""

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.form_fields import field_of
from candidates.integration import keys
from candidates.integration.key_list import known_role
from candidates.integration.scopes import READ, RESOURCES, SCOPES, WRITE
from candidates.viewing import GROUPS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    Accounts = forms.ModelChoiceField[User]
else:
    Accounts = forms.ModelChoiceField

NEVER, ON_A_DAY = "never", "day"
LIFETIMES = [
    ("30", _("in 30 days")),
    ("90", _("in 90 days")),
    ("180", _("in 180 days")),
    ("365", _("in a year")),
    (ON_A_DAY, _("on the day below")),
    (NEVER, _("never: only when it is revoked")),
]
OVERLAPS = [
    ("0", _("not at all: it ends now")),
    ("1", _("one hour")),
    ("24", _("one day")),
    ("168", _("one week")),
    ("720", _("30 days")),
]


class AccountField(Accounts):
    def label_from_instance(self, user: "User") -> str:
        return f"{user.get_username()} – {known_role(user).label}"


def accounts() -> "QuerySet[User]":
    """Who has a role, and so may be what a key acts as."""
    with_role = Q(groups__name__in=GROUPS) | Q(is_superuser=True)
    found = get_user_model().objects.filter(with_role, is_active=True)
    return found.distinct().order_by("username").prefetch_related("groups")


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Which system uses it, and what for: “Careers site, new people”."),
    )
    user = AccountField(
        label=_("Acts as"),
        queryset=None,
        required=False,
        empty_label=_("a new integration account, named after the system"),
        help_text=_("The key may at most what this account may. What it does is attributed to it."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=[(scope, scope) for scope in SCOPES],
        error_messages={"required": _("Choose at least one scope: a key without any may do nothing.")},
    )
    networks = forms.CharField(
        label=_("Only from these networks"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One a line, as 203.0.113.0/24 or 2001:db8::/48. Empty: from everywhere."),
    )
    lifetime = forms.ChoiceField(label=_("Expires"), choices=LIFETIMES, initial="90")
    until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    per_minute = forms.IntegerField(
        label=_("Requests a minute"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Empty: as for every key."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "user", AccountField).queryset = accounts()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("lifetime") == ON_A_DAY and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose the last day, or another time."))
        return cleaned

    def matrix(self) -> Iterator[tuple[Promise, list[tuple[str, str, bool]]]]:
        """Each resource with its reading and writing: verb, scope ("" for none), whether it is chosen."""
        chosen = self["scopes"].value() or []
        for resource, label in RESOURCES.items():
            scopes = [(verb, f"{resource}:{verb}") for verb in (READ, WRITE)]
            known = [(verb, scope if scope in SCOPES else "") for verb, scope in scopes]
            yield label, [(verb, scope, scope in chosen) for verb, scope in known]

    def save(self, *, by: "User") -> keys.NewKey | None:
        """The new key; None when something cannot be, which the form then says."""
        cleaned = self.cleaned_data
        try:
            return keys.create(
                cleaned["name"],
                cleaned["user"],
                scopes=cleaned["scopes"],
                networks=cleaned["networks"].split(),
                expires=_expires(cleaned["lifetime"], cleaned["until"]),
                per_minute=cleaned["per_minute"],
                by=by,
            )
        except ValidationError as error:
            for field, faults in error.error_dict.items():
                self.add_error({"expires_at": "until"}.get(field, field), faults)
            return None


def _expires(lifetime: str, until: datetime.date | None) -> datetime.datetime | None:
    """To the end of the last day, in the site's time zone."""
    if lifetime == NEVER:
        return None
    if lifetime != ON_A_DAY or until is None:
        return timezone.now() + datetime.timedelta(days=int(lifetime))
    ends = datetime.datetime.combine(until, datetime.time.min) + datetime.timedelta(days=1)
    return timezone.make_aware(ends)


class RotateForm(forms.Form):
    overlap = forms.ChoiceField(
        label=_("How long the old key goes on working"),
        choices=OVERLAPS,
        initial="24",
        help_text=_("Put the new key into the other system in this time. Then the old one ends by itself."),
    )

    @property
    def chosen(self) -> datetime.timedelta:
        return datetime.timedelta(hours=int(self.cleaned_data["overlap"]))
