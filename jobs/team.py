"""Who works on a job, and whether its candidates are reviewed blind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from candidates import viewing
from candidates.form_fields import field_of
from candidates.models import ReviewPolicy
from candidates.notices import notify
from candidates.revealing import log_change
from candidates.viewing import GROUPS, Role
from jobs.models import Job, JobMember

if TYPE_CHECKING:
    OfJob = forms.ModelForm[Job]
else:
    OfJob = forms.ModelForm

BLIND_FIELDS = ("blind", "reveal_stage")
ADDED = gettext_noop("You are in the team of “%(job)s” now.")


@dataclass(frozen=True)
class Member:
    """Somebody of the team; ``role`` says what the person may do, which the part alone does not."""

    stored: JobMember
    role: Role

    @property
    def sees_every_job(self) -> bool:
        return self.role in viewing.SEES_ALL_ROWS

    @property
    def has_no_role(self) -> bool:
        return self.role == Role.NONE


def members(job: Job) -> list[Member]:
    rows = job.team.select_related("user").prefetch_related("user__groups").order_by("part", "user__username")
    return [Member(row, _role(row.user)) for row in rows]


def _role(user: User) -> Role:
    """As ``viewing.role_of``, from groups that were read for all of a list."""
    if not user.is_active:
        return Role.NONE
    names = {group.name for group in user.groups.all()}
    held = (role for name, role in GROUPS.items() if name in names)
    return Role.ADMINISTRATOR if user.is_superuser else next(held, Role.NONE)


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), error_messages={"required": _("Choose a person.")}
    )
    part = forms.ChoiceField(label=_("Part in this job"), choices=JobMember.Part)

    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = User.objects.filter(is_active=True).exclude(groups__name="Integrations").order_by("username")
        field_of(self, "user", forms.ModelChoiceField).queryset = able.exclude(job_memberships__job=job)


class BlindForm(OfJob):
    reveal_stage = forms.ChoiceField(label=_("Reveal at"), required=False)

    class Meta:
        model = Job
        fields = BLIND_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(viewing.stages)
        usual = names.get(ReviewPolicy.current().reveal_stage, "–")
        as_usual: str | Promise = _("as the company's policy says: %(stage)s")
        choices = [("", str(as_usual) % {"stage": usual}), *viewing.stages]
        field_of(self, "reveal_stage", forms.ChoiceField).choices = choices


@transaction.atomic
def add(job: Job, user: User, *, part: str, by: User) -> bool:
    """False when the person is in the team already; else they are told, and it is on record."""
    _member, made = JobMember.objects.get_or_create(job=job, user=user, defaults={"part": part})
    if made:
        log_change(by, {"added": user.get_username(), "part": part}, job_code=job.code)
        if user != by:
            notify(user, kind="team", message=ADDED, params={"job": str(job)}, url=job.get_absolute_url())
    return made


@transaction.atomic
def remove(member: JobMember, *, by: User) -> None:
    log_change(by, {"removed": member.user.get_username(), "part": member.part}, job_code=member.job.code)
    member.delete()


@transaction.atomic
def save_blind(job: Job, before: Mapping[str, Any], *, by: User) -> bool:
    """Store whether the job is blind and until when; False when nothing is different."""
    after = {field: getattr(job, field) for field in BLIND_FIELDS}
    changed = {
        field: [before[field], after[field]] for field in BLIND_FIELDS if before[field] != after[field]
    }
    if changed:
        Job.objects.filter(pk=job.pk).update(**after)  # its text is as it was: no ranking becomes stale
        log_change(by, changed, job_code=job.code)
    return bool(changed)
