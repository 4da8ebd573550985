"""What a job asks of its candidates."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates.models import Education, Level, Seniority
from jobs.models.vacancies import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SCALES: dict[str, type[models.TextChoices]] = {"seniority": Seniority, "education": Education}


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def in_force(self) -> Self:
        """Leaves out proposals that somebody removed."""
        return self.filter(dismissed=False)


class Requirement(models.Model):
    """Something a job asks of its candidates: a gate a person reads, never points in a score."""

    class Kind(models.TextChoices):
        SKILL = "skill", _("skill")
        SENIORITY = "seniority", _("seniority")
        EDUCATION = "education", _("education")
        ENGLISH = "english", _("English")
        SPANISH = "spanish", _("Spanish")
        WORDS = "words", _("words in the CV")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = models.CharField(_("value"), max_length=80)
    must = models.BooleanField(_("must have"), default=True)
    quote = models.CharField(_("quoted from the job"), max_length=400, blank=True)
    added_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Proposed from the text and removed by a person: kept, so that it is not proposed again
    dismissed = models.BooleanField(_("removed"), default=False, db_default=False)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["-must", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["job", "kind", "value"], name="requirement_once_per_job")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def label(self) -> str:
        """What is asked, in a few words: “Java”, “English: advanced”."""
        if self.kind == self.Kind.SKILL:
            return _skill_label(self.value)
        if self.kind == self.Kind.WORDS:
            return f"“{self.value}”"
        labels = dict(SCALES.get(self.kind, Level).choices)
        return f"{self.get_kind_display().capitalize()}: {labels.get(self.value, self.value)}"


class RequirementChange(models.Model):
    """Who changed the list of a job, when and what. Append-only: the database refuses changes.

    ``before`` and ``after`` hold the rows that it touched, as ``[kind, value, must, dismissed, quote,
    added_by]``; a row missing in one of them was not in the list. What an undo takes back is ``undoes``; it
    says the same ``what`` of the same rows, and ``is_back`` whether that is now undone or done again.
    """

    class What(models.TextChoices):
        MUST = "must", _("%(asked)s made required")
        NICE = "nice", _("%(asked)s made nice to have")
        REMOVED = "removed", _("%(asked)s removed")
        RESTORED = "restored", _("%(asked)s asked for again")
        PROPOSED = "proposed", _("%(asked)s taken from the job's text")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="requirement_changes")
    # The row may not change any more: who changed something is deactivated, not deleted
    by: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_default=Now())
    what = models.CharField(max_length=10, choices=What)
    named = models.JSONField(default=list)  # [kind, value] of what was meant; others made place
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    # Whether people kept the list already: else undoing everything gives it back to the imports
    was_edited = models.BooleanField(default=True)
    undoes: "models.ForeignKey[RequirementChange | None, RequirementChange | None]" = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_back = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("change of requirements")
        verbose_name_plural = _("changes of requirements")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


def _skill_label(skill_id: str) -> str:
    from candidates.skills import skill

    try:
        return skill(skill_id).label
    except KeyError:  # stored with an older taxonomy
        return skill_id
