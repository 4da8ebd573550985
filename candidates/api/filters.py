"""What lists of candidates and documents can be asked for."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from candidates import viewing
from candidates.forms import LONGEST_TEXT
from candidates.importing_values import AREA_LABELS
from candidates.integration.filters import ChoicesFilter, FilterSet, MomentFilter, ValuesFilter, YesNoFilter
from candidates.models import Candidate, Document, Education, Level, Seniority
from candidates.search.finding import Asked, understand
from candidates.skills import all_skills

# Those that the search of the page answers, with its words
SEARCHED = ("skill", "state", "city", "seniority", "english", "education", "tag")


def _named(choices: Any) -> list[Any]:
    return [choice for choice in choices if choice[0]]


def _skills() -> list[tuple[str, Any]]:
    return [(skill.id, skill.label) for skill in all_skills()]


class CandidateFilter(FilterSet):
    """``q`` and the filters after it are the search of the pages: of several skills and tags all are wanted,
    of several values of another filter one is enough."""

    code = ValuesFilter(method="with_code", label="Codes, parted by commas; also old ones of merged records.")
    q = django_filters.CharFilter(
        method="by_search",
        max_length=LONGEST_TEXT,
        label="Words, as in the search box: `java OR kotlin -junior`.",
    )
    place = django_filters.CharFilter(
        method="by_search", max_length=80, label="City or state, accents ignored; a beginning is enough."
    )
    skill = ChoicesFilter(_skills, method="by_search", label="Found in the texts; of several, all.")
    tag = ValuesFilter(method="by_search", label="A team's word; of several, all.")
    state = ValuesFilter(method="by_search")
    city = ValuesFilter(method="by_search")
    seniority = ChoicesFilter(_named(Seniority.choices), method="by_search")
    english = ChoicesFilter(_named(Level.choices), method="by_search")
    education = ChoicesFilter(_named(Education.choices), method="by_search")
    area = ChoicesFilter([(label, label) for label in AREA_LABELS], method="in_area")
    is_stub = YesNoFilter(label="Known only by code.")
    has_cv = YesNoFilter(method="with_cv")
    job = django_filters.CharFilter(
        method="standing", max_length=32, label="Prospects of the job with this code."
    )
    stage = ChoicesFilter(
        lambda: viewing.stages, method="standing", label="Prospects at this stage, with `job` of it."
    )
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")
    updated_before = MomentFilter(field_name="updated_at", lookup_expr="lt")

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        found: QuerySet[Any] = super().filter_queryset(queryset)
        asked: dict[str, Any] = {name: tuple(self.form.cleaned_data[name]) for name in SEARCHED}
        words, place = self.form.cleaned_data["q"], self.form.cleaned_data["place"]
        return self._standing(_searched(found, Asked(text=words, place=place, **asked)))

    def _standing(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Who is in the job, at the stage; a hiring manager learns of no other jobs than the own ones."""
        job, stages = self.form.cleaned_data["job"], self.form.cleaned_data["stage"]
        if not (job or stages):
            return queryset
        wanted = Q(prospects__joined_into=None)
        wanted &= Q(prospects__job__code=job) if job else Q()
        wanted &= Q(prospects__stage__in=stages) if stages else Q()
        viewer = viewing.current()
        if viewer is not None and not viewer.sees_all_rows:
            wanted &= Q(prospects__job__in=viewer.job_ids)
        return queryset.filter(pk__in=Candidate._base_manager.filter(wanted).values("pk"))

    def with_code(self, queryset: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        codes = [code for part in value for code in part.split(",") if code]
        return queryset.filter(pk__in=Candidate.objects.coded_any(codes).values("pk"))

    def in_area(self, queryset: "QuerySet[Any]", name: str, value: list[str]) -> "QuerySet[Any]":
        return queryset.filter(area_labels__overlap=value) if value else queryset

    def with_cv(self, queryset: "QuerySet[Any]", name: str, value: bool) -> "QuerySet[Any]":
        return queryset.exclude(cv_text="") if value else queryset.filter(cv_text="")

    def by_search(self, queryset: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return queryset  # all of them at once, in filter_queryset

    standing = by_search


def _searched(found: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    search = understand(asked)
    if search.compiled is not None:
        found = found.filter(search.compiled.wanted or Q(pk__in=[]))
    for wanted in search.filters.values():
        found = found.filter(wanted)
    return found


class DocumentFilter(FilterSet):
    candidate = django_filters.CharFilter(
        method="of_candidate", max_length=60, label="The code of whose they are."
    )
    confirmed = YesNoFilter(
        field_name="candidate", lookup_expr="isnull", exclude=True, label="Whether somebody said whose it is."
    )
    job = django_filters.CharFilter(
        field_name="job_code", max_length=32, label="Uploaded for the job with this code."
    )
    batch = django_filters.UUIDFilter(label="Uploaded together.")
    state = ChoicesFilter(Document.State.choices)
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")

    def of_candidate(self, queryset: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return queryset.filter(candidate__in=Candidate.objects.coded(value).values("pk"))
