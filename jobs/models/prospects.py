"""The candidates who stand in a job at some stage, and how they came there."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.models import Candidate
from candidates.viewing import ViewedManager, ViewedQuerySet, Viewer
from jobs.models.stages import Outcome, Stage
from jobs.models.vacancies import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ProspectQuerySet(ViewedQuerySet["Prospect"]):
    through_job = "job"

    def visible(self) -> Self:
        """Without those that went into another when two records of one person were merged."""
        return super().visible().filter(joined_into=None)

    def decided(self) -> Self:
        return self.exclude(outcome=Outcome.IN_FLIGHT)

    def in_flight(self) -> Self:
        return self.filter(outcome=Outcome.IN_FLIGHT)

    def applied_before(self, day: datetime.date) -> Self:
        return self.filter(applied_on__lt=day)

    def in_order_of_application(self) -> Self:
        """The earliest first, those without a date last; with what a list shows of the candidates."""
        shown = (f"candidate__{name}" for name in ("code", "name", "headline", "city", "state", "is_stub"))
        fields = self.select_related("candidate").only("stage", "applied_on", "job", *shown)
        return fields.order_by(models.F("applied_on").asc(nulls_last=True), "pk")

    def by_stage(self) -> list[tuple[Stage, int]]:
        """How many stand at each stage, in the order of the stages; empty ones left out."""
        counts = dict(self.order_by().values_list("stage").annotate(n=models.Count("pk")))
        return [(stage, counts[stage]) for stage in Stage if stage in counts]


ProspectManager = ViewedManager.from_queryset(ProspectQuerySet)


class Prospect(veiling.Veiled):
    """A candidate in a job, at a stage."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="prospects")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="prospects")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.SOURCED)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.IN_FLIGHT)
    source_status = models.CharField(_("status at the source"), max_length=60, blank=True)
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    # Last change at the source. Only ever used to know whether an outcome was known on a day
    updated_on = models.DateField(_("last change"), null=True, blank=True)
    recruiter = models.CharField(_("recruiter"), max_length=120, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False, db_default=Now())
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False, db_default=Now())

    # Stood in the same job under another record of the same person; its history is read with the other's
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined", editable=False
    )
    # When it came to the stage where it stands
    stage_since = models.DateTimeField(_("in this stage since"), null=True, blank=True, editable=False)

    objects = ProspectManager()

    VEILED = {"comment": veiling.redacted}

    class Meta:
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        constraints = [models.UniqueConstraint(fields=["job", "candidate"], name="prospect_once_per_job")]
        indexes = [models.Index(fields=["candidate", "applied_on"], name="prospect_history")]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} in job {self.job_id}"

    @property
    def days_in_stage(self) -> int | None:
        since = self.stage_since
        return None if since is None else max(0, (timezone.localdate() - timezone.localdate(since)).days)

    @property
    def decided_on(self) -> datetime.date | None:
        return None if self.outcome == Outcome.IN_FLIGHT else self.updated_on


class StageChangeQuerySet(ViewedQuerySet["StageChange"]):
    through_job = "prospect__job"

    def stays(self) -> Self:
        """Moves by people that held: they say how long somebody stood at a stage before."""
        same = {"prospect": models.OuterRef("prospect"), "undoes": models.OuterRef("batch")}
        back = StageChange.objects.filter(**same)
        held = self.filter(~models.Exists(back), undoes=None)
        return held.exclude(source="import").exclude(from_since=None)


StageChangeManager = ViewedManager.from_queryset(StageChangeQuerySet)


class StageChange(veiling.Veiled):
    """Who moved whom, from where to where, when and why. Append-only: the database refuses changes."""

    prospect = models.ForeignKey(Prospect, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(_("from"), max_length=20, choices=Stage, blank=True)
    to_stage = models.CharField(_("to"), max_length=20, choices=Stage)
    from_status = models.CharField(max_length=60, blank=True)
    to_status = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField(_("when"), default=timezone.now, db_default=Now())
    # The row may not change any more: who moved somebody is deactivated, not deleted
    changed_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=20, default="import")  # import, person, api
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reason_code = models.CharField(
        max_length=30, blank=True, db_default=""
    )  # RejectionReason or WithdrawalReason
    batch = models.UUIDField(
        null=True, blank=True, db_index=True
    )  # moves made with one click: undone together
    undoes = models.UUIDField(null=True, blank=True)  # the batch that this change takes back
    # Since when the prospect stood where it left: the time spent there, and what an undo goes back to
    from_since = models.DateTimeField(null=True, blank=True)

    objects = StageChangeManager()

    VEILED = {"reason": veiling.redacted}

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"

    @classmethod
    def person_of(cls, loaded: Mapping[str, Any], viewer: Viewer) -> int | None:
        """Asked only where somebody gave a reason in words; once for each prospect."""
        if not loaded.get("reason"):
            return None
        known: dict[int, int | None] = viewer.memory.setdefault("people of prospects", {})
        prospect_id = loaded["prospect_id"]
        if prospect_id not in known:
            people = Prospect._base_manager.filter(pk=prospect_id).values_list("candidate_id", flat=True)
            known[prospect_id] = people.first()
        return known[prospect_id]
