"""What people say of a ranking: fit or not, which reasons weigh more, and what was on whose screen."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.models import Candidate
from candidates.viewing import ViewedManager, ViewedQuerySet
from jobs.models import Job
from scoring.models.serving import Prediction, Ranking

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class FeedbackQuerySet(ViewedQuerySet["Feedback"]):
    through_job = "job"
    through_candidate = "candidate"

    def newest(self) -> Any:
        """Of each person who said something of a candidate for a job, what was said last.

        What was said of a record that was merged into another is said of that one: ``of_whom``.
        """
        about = ("job_id", "of_whom", "by_id")
        return self.of_whom().order_by(*about, "-pk").distinct(*about)

    def of_whom(self) -> Any:
        """Adds of_whom: the candidate, or whom that one was merged into; these rows never change."""
        return self.annotate(of_whom=Coalesce("candidate__merged_into", "candidate"))


FeedbackManager = ViewedManager.from_queryset(FeedbackQuerySet)


class Feedback(veiling.Veiled):
    """An opinion of a candidate for a job. Append-only: a change of mind is a new row, the newest counts."""

    class Verdict(models.TextChoices):
        FIT = "fit", _("fit")
        NOT_FIT = "not_fit", _("not fit")
        NONE = "none", _("taken back")

    class Reason(models.TextChoices):
        SKILLS = "skills", _("skills")
        EXPERIENCE = "experience", _("experience")
        SENIORITY = "seniority", _("seniority")
        LANGUAGE = "language", _("languages")
        PLACE = "place", _("place")
        SALARY = "salary", _("salary wish")
        SECTOR = "sector", _("line of business")
        AVAILABILITY = "availability", _("availability")
        OTHER = "other", _("other")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="feedback")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="feedback")
    prediction = models.ForeignKey(
        Prediction, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    reasons = ArrayField(models.CharField(max_length=20, choices=Reason), default=list, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    objects = FeedbackManager()

    VEILED = {"note": veiling.redacted}

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["job", "candidate", "-id"], name="feedback_newest")]

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class JobWeights(models.Model):
    """How much more or less each group of reasons counts in the order of one job. Append-only."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="weights")
    weights = models.JSONField(default=dict)  # {group of reasons: factor from 0 to 3}; {} as the model says
    by: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("weights of a job")
        verbose_name_plural = _("weights of jobs")
        ordering = ["-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"weights {self.pk} of job {self.job_id}"


class Exposure(models.Model):
    """Who was on whose screen, at which rank. Append-only."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="exposures")
    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    shown = models.JSONField(default=list)  # [[candidate id, rank on the screen], …]
    adjusted = models.BooleanField(default=False)  # whether feedback or weights had changed the order
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("exposure")
        verbose_name_plural = _("exposures")

    def __str__(self) -> str:
        return f"exposure {self.pk}"
