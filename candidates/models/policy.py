"""What the company decided on blind review, and who looked behind it or took data out."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.models.people import Candidate

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ReviewPolicy(models.Model):
    """One row: what holds for every job that says nothing else. Stages are those of ``jobs.models.Stage``."""

    blind_for_all = models.BooleanField(
        _("blind review of everybody"),
        default=False,
        help_text=_("Hides who a candidate is, in every job, until the stage below or until it is revealed."),
    )
    reveal_stage = models.CharField(_("reveal at"), max_length=20, default="technical_interview")
    contact_stage = models.CharField(
        _("contact data for hiring managers from"), max_length=20, default="client_interview"
    )

    class Meta:
        verbose_name = _("review policy")
        verbose_name_plural = _("review policy")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_review_policy")]

    def __str__(self) -> str:
        return "review policy"

    @classmethod
    def current(cls) -> "ReviewPolicy":
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class AccessEvent(veiling.Veiled):
    """Somebody looked behind blind review, took data out, or changed who may. Append-only in the database."""

    class Kind(models.TextChoices):
        REVEAL = "reveal", _("identity revealed")
        EXPORT = "export", _("exported")
        DOWNLOAD = "download", _("file downloaded")
        POLICY = "policy", _("access changed")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, null=True, blank=True, related_name="access_events"
    )
    job_code = models.CharField(_("job"), max_length=32, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Of an export: {"rows": 12, "columns": […], "filters": {…}, "without_names": true}; never anybody's data.
    # Of a change: {"blind": [false, true]}, {"added": "user name", "part": "recruiter"}
    details = models.JSONField(_("details"), default=dict, blank=True)
    created_at = models.DateTimeField(_("time"), default=timezone.now, db_default=Now(), editable=False)

    VEILED = {"reason": veiling.redacted}

    class Meta:
        verbose_name = _("access event")
        verbose_name_plural = _("access events")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "kind"], name="access_by_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
