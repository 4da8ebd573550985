"""Who changed which fields of a person, and when; never what stood there."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates.models.people import Candidate

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class CandidateEdit(models.Model):
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="edits")
    by: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    fields = ArrayField(models.CharField(max_length=30))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("edit of a candidate")
        verbose_name_plural = _("edits of candidates")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["candidate", "-at"], name="candidate_edits")]

    def __str__(self) -> str:
        return f"edit {self.pk}"
