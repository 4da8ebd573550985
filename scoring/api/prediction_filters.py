"""How predictions and rankings are searched in lists."""

import django_filters
from django.db.models import QuerySet

from candidates.integration.filters import WholeFilter
from candidates.integration.listing import FilterSet
from candidates.models import Candidate, RunState
from scoring.models import Prediction, Ranking


class CandidateFilter(django_filters.CharFilter):
    """The candidate with that code, or the token in its place; nobody hidden is found by a code."""

    def filter(self, queryset: "QuerySet[Prediction]", value: str) -> "QuerySet[Prediction]":
        return queryset.filter(candidate__in=Candidate.objects.coded(value)) if value else queryset


class PredictionFilters(FilterSet):
    candidate = CandidateFilter(help_text="The candidate's code.")
    job = django_filters.CharFilter(field_name="job__code", help_text="The job's code.")
    ranking = WholeFilter(field_name="ranking_id", help_text="The number of a ranking.")
    model_version = WholeFilter(field_name="model_version__number")
    recipe = django_filters.CharFilter(field_name="model_version__recipe")
    origin = django_filters.MultipleChoiceFilter(
        field_name="source", choices=Prediction.Source.choices, help_text="What asked for it."
    )
    group = django_filters.MultipleChoiceFilter(choices=Prediction.Group.choices)
    decision = django_filters.BooleanFilter(help_text="Whether the score reached the threshold.")
    needs_human_review = django_filters.BooleanFilter(
        field_name="review", lookup_expr="gt", method="reviewed", help_text="Whether a person has to look."
    )
    correlation_id = django_filters.CharFilter(help_text="Of the request that asked.")
    created_from = django_filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gte", help_text="At that time or later."
    )
    created_to = django_filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lt", help_text="Before that time."
    )

    def reviewed(self, queryset: "QuerySet[Prediction]", name: str, value: bool) -> "QuerySet[Prediction]":
        return queryset.exclude(review="") if value else queryset.filter(review="")


class RankingFilters(FilterSet):
    job = django_filters.CharFilter(field_name="job__code", help_text="The job's code.")
    model_version = WholeFilter(field_name="model_version__number")
    state = django_filters.MultipleChoiceFilter(choices=RunState.choices)
    order = django_filters.ChoiceFilter(choices=Ranking.Order.choices)
