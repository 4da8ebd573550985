"""People who may be hired, and what is known of them."""

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce, Now, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling, viewing
from candidates.addresses import address_of
from candidates.viewing import ViewedManager, ViewedQuerySet

if TYPE_CHECKING:
    from candidates.models.workspace import Tag, Tagging

SEARCH_CONFIG = "peneira_portuguese"  # made by the first migration: Portuguese stems, accents ignored


class Level(models.TextChoices):
    """How well a language is spoken."""

    UNKNOWN = "", _("not stated")
    NONE = "none", _("none")
    BASIC = "basic", _("basic")
    TECHNICAL = "technical", _("technical reading")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")
    FLUENT = "fluent", _("fluent")


class Seniority(models.TextChoices):
    UNKNOWN = "", _("not stated")
    APPRENTICE = "apprentice", _("apprentice")
    INTERN = "intern", _("intern")
    TRAINEE = "trainee", _("trainee")
    AUXILIARY = "auxiliary", _("auxiliary")
    ASSISTANT = "assistant", _("assistant")
    TECHNICIAN = "technician", _("technician")
    JUNIOR = "junior", _("junior")
    ANALYST = "analyst", _("analyst")
    MID = "mid", _("mid-level")
    SENIOR = "senior", _("senior")
    SPECIALIST = "specialist", _("specialist")
    LEAD = "lead", _("lead")
    COORDINATOR = "coordinator", _("coordinator")
    SUPERVISOR = "supervisor", _("supervisor")
    MANAGER = "manager", _("manager")
    OTHER = "other", _("other")


class Education(models.TextChoices):
    UNKNOWN = "", _("not stated")
    PRIMARY_INCOMPLETE = "primary_incomplete", _("primary school, incomplete")
    PRIMARY_ONGOING = "primary_ongoing", _("primary school, ongoing")
    PRIMARY_COMPLETE = "primary_complete", _("primary school")
    SECONDARY_INCOMPLETE = "secondary_incomplete", _("secondary school, incomplete")
    SECONDARY_ONGOING = "secondary_ongoing", _("secondary school, ongoing")
    SECONDARY_COMPLETE = "secondary_complete", _("secondary school")
    TECHNICAL_INCOMPLETE = "technical_incomplete", _("technical course, incomplete")
    TECHNICAL_ONGOING = "technical_ongoing", _("technical course, ongoing")
    TECHNICAL_COMPLETE = "technical_complete", _("technical course")
    TECHNOLOGIST_INCOMPLETE = "technologist_incomplete", _("technologist degree, incomplete")
    TECHNOLOGIST_ONGOING = "technologist_ongoing", _("technologist degree, ongoing")
    TECHNOLOGIST_COMPLETE = "technologist_complete", _("technologist degree")
    BACHELOR_INCOMPLETE = "bachelor_incomplete", _("bachelor's degree, incomplete")
    BACHELOR_ONGOING = "bachelor_ongoing", _("bachelor's degree, ongoing")
    BACHELOR_COMPLETE = "bachelor_complete", _("bachelor's degree")
    POSTGRADUATE_INCOMPLETE = "postgraduate_incomplete", _("postgraduate, incomplete")
    POSTGRADUATE_ONGOING = "postgraduate_ongoing", _("postgraduate, ongoing")
    POSTGRADUATE_COMPLETE = "postgraduate_complete", _("postgraduate")
    MASTER_INCOMPLETE = "master_incomplete", _("master's degree, incomplete")
    MASTER_ONGOING = "master_ongoing", _("master's degree, ongoing")
    MASTER_COMPLETE = "master_complete", _("master's degree")
    DOCTORATE_INCOMPLETE = "doctorate_incomplete", _("doctorate, incomplete")
    DOCTORATE_ONGOING = "doctorate_ongoing", _("doctorate, ongoing")
    DOCTORATE_COMPLETE = "doctorate_complete", _("doctorate")


class CandidateQuerySet(ViewedQuerySet["Candidate"]):
    through_candidate = "pk"

    def visible(self) -> Self:
        """Those the viewer may see; who was merged into another is never listed."""
        return super().visible().filter(merged_into=None)

    def coded(self, code: str) -> Self:
        """The person with that code or the pseudonym in its place; an old code finds who it went into."""
        if code.startswith(veiling.MARK):
            veiling.in_job_of(code)
            return self.filter(pk=veiling.candidate_of(code) or 0)
        return self._behind([code])

    def coded_any(self, codes: Collection[str]) -> Self:
        """As ``coded``, for several at once, in no order."""
        tokens = [code for code in codes if code.startswith(veiling.MARK)]
        plain = [code for code in codes if not code.startswith(veiling.MARK)]
        keys = [veiling.candidate_of(token) or 0 for token in tokens]
        if not (keys and plain):
            return self.filter(pk__in=keys) if keys else self._behind(plain)
        # Keys, not a subquery: one condition over both would read the whole table
        return self.filter(pk__in=[*keys, *[person.pk for person in self._behind(plain).only("pk")]])

    def _behind(self, codes: Collection[str]) -> Self:
        """Whom plain codes stand for; nobody hidden is found by theirs, but by another system's own key.

        A subquery over all records, for a condition "this code or that key" reads the whole table.
        """
        records = Candidate.everyone.filter(code__in=codes)
        found = self.filter(pk__in=records.values(person=Coalesce("merged_into", "pk")))
        viewer = viewing.current()
        if viewer is None or viewer.role == viewing.Role.INTEGRATION:
            return found
        return found.filter(viewer.known_at("pk"))

    def for_mention(self) -> Self:
        """Only what a link to the person needs."""
        return self.only("code", "name", "is_stub")

    def known(self) -> Self:
        """Leaves out stubs: people of whom only a code is known."""
        return self.filter(is_stub=False)

    def with_skill(self, skill: str) -> Self:
        """Those in whose current texts the skill was found."""
        return self.filter(
            models.Exists(Profile.objects.filter(candidate=models.OuterRef("pk"), skills__contains=[skill]))
        )

    def for_list(self) -> Self:
        """What a row of a list shows, and not the long texts."""
        newest = Profile.objects.filter(candidate=models.OuterRef("pk")).order_by("-pk")
        own = self.model.objects.filter(pk=models.OuterRef("pk")).annotate(n=models.Count("prospects"))
        return self.annotate(
            has_cv=~models.Q(cv_text=""),
            skills=models.Subquery(newest.values("skills")[:1]),
            prospect_count=Coalesce(models.Subquery(own.values("n")), 0),
        ).defer("cv_text", "cv_text_en", "raw", "search_vector", "technical_knowledge")

    def matching(self, text: str) -> Self:
        """What the search box finds (docs/workbench.md), best first. Empty text: everybody."""
        if not text.strip():
            return self
        from candidates.search.finding import matching

        return matching(self, text)


CandidateManager = ViewedManager.from_queryset(CandidateQuerySet)


class Candidate(veiling.Veiled):
    code = models.CharField(_("code"), max_length=32, unique=True)
    is_stub = models.BooleanField(_("stub"), default=False, help_text=_("Known only by code so far."))
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    linkedin_url = models.CharField(_("LinkedIn"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=60, blank=True)
    headline = models.TextField(_("headline"), blank=True)
    area_labels = ArrayField(
        models.CharField(max_length=60), verbose_name=_("areas"), default=list, blank=True
    )
    technical_knowledge = models.TextField(_("technical knowledge"), blank=True)
    certifications = models.TextField(_("certifications"), blank=True)
    other_certifications = models.TextField(_("other certifications"), blank=True)
    seniority = models.CharField(_("seniority"), max_length=20, choices=Seniority, blank=True)
    education = models.CharField(_("education"), max_length=30, choices=Education, blank=True)
    english = models.CharField(_("English"), max_length=15, choices=Level, blank=True)
    spanish = models.CharField(_("Spanish"), max_length=15, choices=Level, blank=True)
    other_language = models.CharField(_("other language"), max_length=120, blank=True)
    salary_monthly = models.DecimalField(
        _("salary wish, BRL a month"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    salary_hourly = models.DecimalField(
        _("salary wish, BRL an hour"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    salary_text = models.CharField(_("salary wish as written"), max_length=200, blank=True)
    cv_text = models.TextField(_("CV"), blank=True)
    cv_text_en = models.TextField(_("CV in English"), blank=True)
    source_created_at = models.DateTimeField(_("created at the source"), null=True, blank=True)
    source_updated_at = models.DateTimeField(_("updated at the source"), null=True, blank=True)
    # Kept whole but for CV texts (columns of their own) and protected fields (Demographics)
    raw = models.JSONField(_("source record"), default=dict, blank=True)
    search_vector = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False, db_default=Now())
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False, db_default=Now())

    # Where the person came in: import, form, upload
    origin = models.CharField(_("origin"), max_length=10, default="import", db_default="import")
    # Edited here since the last import: what a person wrote is not overwritten by the next one
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    edited_fields = ArrayField(
        models.CharField(max_length=30), default=list, db_default=[], blank=True, editable=False
    )  # of these, and only these, the source has no say any more
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed", editable=False
    )
    tags: "models.ManyToManyField[Tag, Tagging]" = models.ManyToManyField(
        "Tag", through="Tagging", related_name="candidates", blank=True
    )

    objects = CandidateManager()
    everyone: ClassVar[models.Manager["Candidate"]] = models.Manager()  # also the merged, for whoever looks

    veiled_person = "id"
    VEILED = {
        "code": veiling.enciphered,
        "name": veiling.pseudonymous,
        "email": veiling.nothing,
        "phone": veiling.nothing,
        "linkedin_url": veiling.nothing,
        "headline": veiling.redacted,
        "technical_knowledge": veiling.redacted,
        "certifications": veiling.redacted,
        "other_certifications": veiling.redacted,
        "other_language": veiling.redacted,
        "salary_text": veiling.redacted,
        "cv_text": veiling.redacted,
        "cv_text_en": veiling.redacted,
        "raw": veiling.nothing,
        "search_vector": veiling.nothing_if_blind,
    }

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        indexes = [
            # Partial: else who was merged is told by reading a late column of each row that is found
            GinIndex(fields=["search_vector"], name="candidate_search", condition=models.Q(merged_into=None)),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="candidate_name_trigrams"),
            models.Index(fields=["city"], name="candidate_city"),
            models.Index(fields=["is_stub", "-updated_at", "-id"], name="candidate_list_order"),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    def get_absolute_url(self) -> str:
        return address_of("candidates:candidate_detail", "code", self.code)

    @property
    def has_profile(self) -> bool:
        """Whether there is anything to score: a stub or an empty record is 'no data', never a low score."""
        return not self.is_stub and bool(
            self.cv_text.strip() or self.headline or self.technical_knowledge or self.education
        )

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.state) if part)


class Demographics(models.Model):
    """Protected attributes, for the fairness audit alone; never a feature, never on a page."""

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="demographics")
    sex = models.CharField(max_length=20, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    marital_status = models.CharField(max_length=40, blank=True)
    disability = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("demographics")
        verbose_name_plural = _("demographics")
        default_permissions = ()
        permissions = [("audit_demographics", _("Can read protected attributes for a fairness audit"))]

    def __str__(self) -> str:
        return f"demographics {self.pk}"


class ProfileQuerySet(ViewedQuerySet["Profile"]):
    through_candidate = "candidate"


ProfileManager = ViewedManager.from_queryset(ProfileQuerySet)


class Profile(veiling.Veiled):
    """What an extractor read from a candidate's texts: the cache of (extractor, version, source hash)."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="profiles")
    extractor = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    source_hash = models.CharField(max_length=64)
    skills = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_default=Now())

    objects = ProfileManager()

    VEILED = {"evidence": veiling.redacted}

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "extractor", "version", "source_hash"], name="profile_once_per_source"
            )
        ]
        indexes = [GinIndex(fields=["skills"], name="profile_skills")]

    def __str__(self) -> str:
        return f"{self.extractor} {self.version} of candidate {self.candidate_id}"
