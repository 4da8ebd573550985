"""Looking behind blind review, and what is on record of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from candidates import viewing
from candidates.models import AccessEvent, Candidate, ReviewPolicy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    OfPolicy = forms.ModelForm[ReviewPolicy]
else:
    OfPolicy = forms.ModelForm

SHORTEST_REASON = 5  # characters
POLICY_FIELDS = ("blind_for_all", "reveal_stage", "contact_stage")


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to know?"),
        min_length=SHORTEST_REASON,
        max_length=300,
        error_messages={
            "required": _("Say in a few words why. Nobody is revealed without a reason."),
            "min_length": _("Say in a few words why: at least %(limit_value)d characters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    job = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)


def reveal(candidate: Candidate, *, by: "User", reason: str, job_code: str = "") -> AccessEvent | None:
    """From now on ``by`` sees who this is. None when nothing is hidden: then there is nothing to record."""
    if not candidate.hides_identity:
        return None
    return AccessEvent.objects.create(
        kind=AccessEvent.Kind.REVEAL, user=by, candidate_id=candidate.pk, reason=reason, job_code=job_code
    )


def log_change(by: "User", changed: Mapping[str, Any], *, job_code: str = "") -> AccessEvent:
    """Who may see what was changed: ``changed`` says from what to what."""
    kind = AccessEvent.Kind.POLICY
    return AccessEvent.objects.create(kind=kind, user=by, job_code=job_code, details=dict(changed))


def save_policy(policy: ReviewPolicy, before: Mapping[str, Any], *, by: "User") -> bool:
    """Store the company's policy and who changed it; False when nothing is different."""
    after = {field: getattr(policy, field) for field in POLICY_FIELDS}
    changed = {
        field: [before[field], after[field]] for field in POLICY_FIELDS if before[field] != after[field]
    }
    if changed:
        policy.save()
        log_change(by, changed)
    return bool(changed)


class PolicyForm(OfPolicy):
    reveal_stage = forms.ChoiceField(
        label=_("Reveal at"),
        choices=lambda: viewing.stages,
        help_text=_("Who has come to this stage is shown with name. A job may say another stage."),
    )
    contact_stage = forms.ChoiceField(
        label=_("Contact data for hiring managers from"),
        choices=lambda: viewing.stages,
        help_text=_("Until then hiring managers see no e-mail, phone or address of their candidates."),
    )

    class Meta:
        model = ReviewPolicy
        fields = POLICY_FIELDS


class LogFilter(forms.Form):
    kind = forms.ChoiceField(
        label=_("What"), required=False, choices=lambda: [("", _("everything")), *AccessEvent.Kind.choices]
    )
    user = forms.CharField(label=_("Who"), required=False, max_length=150)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def apply(self, events: "QuerySet[AccessEvent]") -> "QuerySet[AccessEvent]":
        """What was understood filters; what was not is said beside its field."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        paths = {
            "kind": "kind",
            "user": "user__username__icontains",
            "since": "created_at__date__gte",
            "until": "created_at__date__lte",
        }
        return events.filter(**{paths[name]: value for name, value in asked.items()})


def events() -> "QuerySet[AccessEvent]":
    """For the log: whom it was about is shown by code or pseudonym, as the reader may know."""
    shown = ("candidate__code", "candidate__name", "user__username", "user__first_name", "user__last_name")
    own = ("kind", "reason", "job_code", "details", "created_at", "user_id", "candidate_id")
    return AccessEvent.objects.select_related("user", "candidate").only(*own, *shown).order_by("-pk")
