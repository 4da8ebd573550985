"""Vacancies, and who works on them."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates.addresses import address_of
from candidates.models import SEARCH_CONFIG, Education, Level, Seniority
from candidates.viewing import ViewedManager, ViewedQuerySet
from jobs.models.stages import Outcome

if TYPE_CHECKING:
    from django.contrib.auth.models import User


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
        from jobs.models.prospects import Prospect

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
        return dict(self.order_by().values_list("status").annotate(n=models.Count("*")))  # by the index alone

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
        return address_of("jobs:job_detail", "code", self.code)

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
