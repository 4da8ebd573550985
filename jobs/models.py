"""Vacancies, and the candidates who stand in them at some stage."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.models import SEARCH_CONFIG, Candidate, Education, Level, Seniority
from candidates.viewing import ViewedManager, ViewedQuerySet, Viewer

if TYPE_CHECKING:
    from django.contrib.auth.models import User


SCALES: dict[str, type[models.TextChoices]] = {"seniority": Seniority, "education": Education}


class JobStatus(models.TextChoices):
    OPEN = "open", _("open")
    FILLED = "filled", _("filled")
    INACTIVE = "inactive", _("inactive")


class JobQuerySet(ViewedQuerySet["Job"]):
    through_job = "pk"

    def open(self) -> Self:
        return self.filter(status=JobStatus.OPEN)

    def matching(self, text: str) -> Self:
        """Full-text search over title, client, texts and city; a code finds its job."""
        if not text.strip():
            return self
        query = SearchQuery(text, config=SEARCH_CONFIG, search_type="websearch")
        return self.filter(models.Q(search_vector=query) | models.Q(code=text.strip()))

    def with_prospect_counts(self) -> Self:
        """Adds prospect_count and hire_count; counted one by one, so only for the rows that are fetched."""
        own = Prospect.objects.filter(job=models.OuterRef("pk")).order_by().values("job")
        hired = own.filter(outcome=Outcome.HIRED)
        return self.annotate(
            prospect_count=Coalesce(models.Subquery(own.annotate(n=models.Count("pk")).values("n")), 0),
            hire_count=Coalesce(models.Subquery(hired.annotate(n=models.Count("pk")).values("n")), 0),
        )

    def for_list(self) -> Self:
        """What a row of a list shows, without the long texts."""
        texts = ("activities", "competences", "remarks", "raw", "search_vector")
        return self.with_prospect_counts().defer(*texts)

    def for_header(self) -> Self:
        """What stands above every page of a job, without the long texts."""
        return self.defer("activities", "competences", "remarks", "raw", "search_vector")

    def by_status(self) -> dict[str, int]:
        return dict(self.order_by().values_list("status").annotate(n=models.Count("pk")))

    def areas(self) -> list[str]:
        """The area labels in use, in alphabetical order."""
        labels = self.annotate(label=models.Func("area_labels", function="unnest")).order_by()
        return sorted(labels.values_list("label", flat=True).distinct())


JobManager = ViewedManager.from_queryset(JobQuerySet)


class Job(models.Model):
    code = models.CharField(_("code"), max_length=32, unique=True)
    is_stub = models.BooleanField(_("stub"), default=False, help_text=_("Known only from prospects so far."))
    title = models.CharField(_("title"), max_length=300, blank=True)
    client = models.CharField(_("client"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=JobStatus, default=JobStatus.OPEN, db_index=True
    )
    requested_on = models.DateField(_("requested on"), null=True, blank=True)
    deadline_on = models.DateField(_("expected by"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=60, blank=True)
    seniority = models.CharField(_("seniority"), max_length=20, choices=Seniority, blank=True)
    education = models.CharField(_("education"), max_length=30, choices=Education, blank=True)
    english = models.CharField(_("English"), max_length=15, choices=Level, blank=True)
    spanish = models.CharField(_("Spanish"), max_length=15, choices=Level, blank=True)
    other_language = models.CharField(_("other language"), max_length=120, blank=True)
    area_labels = ArrayField(
        models.CharField(max_length=60), verbose_name=_("areas"), default=list, blank=True
    )
    contract_types = ArrayField(
        models.CharField(max_length=40), verbose_name=_("contract types"), default=list, blank=True
    )
    sap = models.BooleanField(_("SAP"), default=False)
    reserved_for_disabled = models.BooleanField(_("reserved for people with disabilities"), default=False)
    # What the job pays, read from the source's free text; the month of an hourly rate has 168 hours
    salary_monthly = models.DecimalField(
        _("salary"), max_digits=10, decimal_places=2, null=True, blank=True, help_text=_("BRL a month")
    )
    priority = models.CharField(_("priority"), max_length=10, blank=True)  # high, medium, low
    origin = models.CharField(_("origin"), max_length=20, blank=True)  # new, replacement
    purpose = models.CharField(_("purpose"), max_length=40, blank=True)
    activities = models.TextField(_("activities"), blank=True)
    competences = models.TextField(_("competences"), blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    # Filled at the source after hiring: shown, never learned from
    modality = models.CharField(_("modality"), max_length=40, blank=True)
    raw = models.JSONField(_("source record"), default=dict, blank=True)
    search_vector = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False, db_default=Now())
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False, db_default=Now())

    # Who answers for it and who may see it, beside those who see every job
    members: "models.ManyToManyField[User, JobMember]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="JobMember", related_name="jobs", blank=True
    )
    blind = models.BooleanField(
        _("blind review"),
        default=False,
        db_default=False,
        help_text=_("Hides who the candidates are until a stage is reached."),
    )
    reveal_stage = models.CharField(
        _("reveal at"),
        max_length=20,
        blank=True,
        db_default="",
        help_text=_("Empty: as the company's policy says."),
    )
    # Since then people keep the list of requirements: imports propose nothing any more
    requirements_edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Made or edited here: what a person wrote is not overwritten by the next import
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    # Since then a person says whether it is open: imports no longer derive it
    status_set_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JobManager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            GinIndex(fields=["search_vector"], name="job_search"),
            models.Index(fields=["-requested_on", "-id"], name="job_recent"),
            models.Index(fields=["id"], condition=models.Q(blind=True), name="job_blind"),
        ]

    def __str__(self) -> str:
        return self.title or self.code

    def get_absolute_url(self) -> str:
        return reverse("jobs:job_detail", kwargs={"code": self.code})

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.state) if part)

    @property
    def statuses(self) -> list[tuple[str, Any]]:
        return JobStatus.choices

    @property
    def days_open(self) -> int | None:
        """Days since it was requested, while it is open; when a closed one closed is not known."""
        if self.status != JobStatus.OPEN or self.requested_on is None:
            return None
        return max(0, (timezone.localdate() - self.requested_on).days)


class JobMember(models.Model):
    """Somebody who works on a job."""

    class Part(models.TextChoices):
        RECRUITER = "recruiter", _("recruiter")
        HIRING_MANAGER = "hiring_manager", _("hiring manager")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="team")
    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="job_memberships"
    )
    part = models.CharField(_("part"), max_length=20, choices=Part, default=Part.RECRUITER)

    class Meta:
        verbose_name = _("member of a job")
        verbose_name_plural = _("members of jobs")
        constraints = [models.UniqueConstraint(fields=["job", "user"], name="job_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in job {self.job_id}"


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


class Stage(models.TextChoices):
    SOURCED = "sourced", _("sourced")
    APPLIED = "applied", _("applied")
    SCREENING = "screening", _("screening")
    SUBMITTED = "submitted", _("sent to client")
    TECHNICAL_INTERVIEW = "technical_interview", _("technical interview")
    CLIENT_INTERVIEW = "client_interview", _("client interview")
    OFFER = "offer", _("offer")
    HIRED = "hired", _("hired")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Outcome(models.TextChoices):
    HIRED = "hired", _("hired")
    REJECTED = "rejected", _("rejected")
    WITHDREW = "withdrew", _("withdrew")
    IN_FLIGHT = "in_flight", _("in flight")


# In the order of a pipeline; who left it comes last
PIPELINE = (
    Stage.SOURCED,
    Stage.APPLIED,
    Stage.SCREENING,
    Stage.SUBMITTED,
    Stage.TECHNICAL_INTERVIEW,
    Stage.CLIENT_INTERVIEW,
    Stage.OFFER,
    Stage.HIRED,
)


def stages_from(stage: str) -> tuple[str, ...]:
    """That stage of the pipeline and those after it; none for a name that is no such stage."""
    names = [entry.value for entry in PIPELINE]
    return tuple(names[names.index(stage) :]) if stage in names else ()


class RejectionReason(models.TextChoices):
    """Why somebody was not taken; the code that is stored."""

    MISSING_REQUIREMENT = "missing_requirement", _("lacks something required")
    LESS_EXPERIENCE = "less_experience", _("less experience than others")
    SENIORITY = "seniority", _("another seniority was wanted")
    LANGUAGE = "language", _("language level")
    INTERVIEW = "interview", _("interview did not convince")
    CLIENT = "client", _("the client decided otherwise")
    SALARY = "salary", _("salary wish above the budget")
    PLACE = "place", _("place or way of working does not fit")
    NO_ANSWER = "no_answer", _("could not be reached")
    POSITION_CLOSED = "position_closed", _("position filled or closed")
    OTHER = "other", _("other")


class WithdrawalReason(models.TextChoices):
    """Why somebody did not want to go on."""

    OTHER_OFFER = "other_offer", _("took another offer")
    SALARY = "salary_offered", _("salary offered")
    PLACE = "place_offered", _("place or way of working")
    CONTRACT = "contract", _("kind of contract")
    PERSONAL = "personal", _("personal reasons")
    NO_INTEREST = "no_interest", _("no interest in the position")
    NOT_SAID = "not_said", _("not said")


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
        undone = self.exclude(undoes=None).order_by().values("undoes")
        held = self.filter(undoes=None).exclude(batch__in=undone)
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
