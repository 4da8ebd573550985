"""Long work as rows, and the imports that brought people in."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates.viewing import ViewedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RunState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


AnyRun = TypeVar("AnyRun", bound=models.Model)


class RunQuerySet(ViewedQuerySet[AnyRun]):
    """Rows of long work (docs/architecture.md, part 6)."""

    def active(self) -> Self:
        return self.filter(state__in=[RunState.QUEUED, RunState.RUNNING])

    def claim(self, pk: int) -> bool:
        """Take a queued run; False when another worker got there first or it is over."""
        now = timezone.now()
        claimed = self.filter(pk=pk, state=RunState.QUEUED).update(
            state=RunState.RUNNING, started_at=now, heartbeat_at=now
        )
        return claimed == 1

    def create_or_active(self, constraint: str, among: Self, **values: Any) -> tuple[AnyRun, bool]:
        """A new row, or the one of ``among`` that is queued or running: ``constraint`` lets there be one.

        The bool says whether it is new. The database decides, not a look before: two clicks make one row.
        """
        while True:
            try:
                with transaction.atomic():
                    return self.create(**values), True
            except IntegrityError as error:
                if constraint not in str(error):
                    raise
                active = among.active().first()
                if active is not None:  # else it ended since: try again
                    return active, False


class Run(models.Model):
    """Long work as a row: its state, progress, heartbeat and end."""

    state = models.CharField(
        _("state"), max_length=10, choices=RunState, default=RunState.QUEUED, db_index=True
    )
    step = models.CharField(_("step"), max_length=120, blank=True)
    progress = models.FloatField(_("progress"), default=0.0, help_text=_("From 0 to 1."))
    error = models.TextField(_("error"), blank=True)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.DONE, RunState.FAILED)

    @property
    def percent(self) -> int:
        return round(100 * self.progress)

    def report(self, progress: float, step: str) -> None:
        """Say how far the work is (0 to 1) and that it lives; one small UPDATE."""
        self.progress, self.step, self.heartbeat_at = progress, step, timezone.now()
        self.save(update_fields=["progress", "step", "heartbeat_at"])

    def finish(self, *, error: str = "") -> None:
        self.state = RunState.FAILED if error else RunState.DONE
        self.error, self.finished_at = error, timezone.now()
        if not error:
            self.progress = 1.0
        self.save(update_fields=["state", "error", "finished_at", "progress"])


class ImportRun(Run):
    """One ingestion of source files."""

    requested_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    # [{"kind": "applicants", "name": "…", "path": "…", "bytes": 1, "sha256": "…"}]
    files = models.JSONField(_("files"), default=list)
    # {"applicants": {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0, "stubs": 0}, …}
    counts = models.JSONField(_("counts"), default=dict)

    objects = RunQuerySet["ImportRun"].as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"import {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:import_detail", kwargs={"pk": self.pk})


class RejectedRecord(models.Model):
    """A source record that could not be stored, with the reason; never the record's content."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejected")
    kind = models.CharField(_("file"), max_length=20)
    key = models.CharField(_("key"), max_length=80)
    field = models.CharField(_("field"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("rejected record")
        verbose_name_plural = _("rejected records")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.reason}"
