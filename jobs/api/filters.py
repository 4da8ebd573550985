"""What lists of jobs and prospects can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from candidates.integration.listing import FilterSet
from candidates.models import Candidate, Seniority
from jobs.models import JobQuerySet, JobStatus, Outcome, Prospect, Stage


class Codes(django_filters.BaseInFilter, django_filters.CharFilter):
    """Several codes, parted by commas."""


class JobFilters(FilterSet):
    code = Codes(field_name="code", lookup_expr="in", help_text="Codes, parted by commas.")
    q = django_filters.CharFilter(method="_matching", help_text="Words of title, client, texts, place.")
    status = django_filters.MultipleChoiceFilter(choices=JobStatus.choices)
    city = django_filters.CharFilter(lookup_expr="unaccent__iexact")
    state = django_filters.CharFilter(lookup_expr="unaccent__iexact")
    client = django_filters.CharFilter(lookup_expr="unaccent__iexact")
    seniority = django_filters.MultipleChoiceFilter(choices=[one for one in Seniority.choices if one[0]])
    area = django_filters.CharFilter(method="_in_area", help_text="One of its area labels.")
    is_stub = django_filters.BooleanFilter(help_text="Known only by code so far.")
    requested_after = django_filters.DateFilter(field_name="requested_on", lookup_expr="gte")
    requested_before = django_filters.DateFilter(field_name="requested_on", lookup_expr="lt")

    def _matching(self, jobs: JobQuerySet, name: str, value: str) -> JobQuerySet:
        return jobs.matching(value)

    def _in_area(self, jobs: JobQuerySet, name: str, value: str) -> JobQuerySet:
        return jobs.filter(area_labels__contains=[value])


class ProspectFilters(FilterSet):
    job = Codes(field_name="job__code", lookup_expr="in", help_text="Codes, parted by commas.")
    candidate = Codes(method="_of", help_text="Codes, parted by commas.")
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices)
    outcome = django_filters.MultipleChoiceFilter(choices=Outcome.choices)
    applied_after = django_filters.DateFilter(field_name="applied_on", lookup_expr="gte")
    applied_before = django_filters.DateFilter(field_name="applied_on", lookup_expr="lt")

    def _of(self, prospects: "QuerySet[Prospect]", name: str, value: list[str]) -> "QuerySet[Prospect]":
        people: Any = Candidate.objects.coded_any([code[:80] for code in value])
        return prospects.filter(candidate__in=people.values("pk"))
