"""What a job asks of its candidates."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
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


def _skill_label(skill_id: str) -> str:
    from candidates.skills import skill

    try:
        return skill(skill_id).label
    except KeyError:  # stored with an older taxonomy
        return skill_id
