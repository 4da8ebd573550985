"""Who a model version would choose, group by group, as the gate measured it: for other systems."""

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.filters import WholeFilter, YesNoFilter
from candidates.integration.listing import FilterSet, Listing, Sort
from candidates.integration.sparse import FIELDS, Sparse, SparseView
from monitoring.api import examples
from monitoring.api.drift_views import LARGEST, TAGS
from scoring.models import ModelVersion


class FairnessRulesSerializer(serializers.Serializer[Any]):
    limit = serializers.FloatField(help_text="A ratio under it is looked at: the four-fifths rule says 0.8.")
    minimum = serializers.IntegerField(help_text="Applications that a category needs to be judged.")
    significance = serializers.FloatField(help_text="Two-sided; above it a low ratio may be an accident.")


class FairnessCategorySerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    n = serializers.IntegerField(help_text="Applications of this category.")
    hits = serializers.IntegerField(
        allow_null=True, help_text="How many of them were chosen; null: under five, not told."
    )
    rate = serializers.FloatField(allow_null=True, help_text="hits / n.")
    ratio = serializers.FloatField(
        allow_null=True, help_text="Impact ratio: its rate over the reference's; null: not taken."
    )
    low = serializers.FloatField(allow_null=True, help_text="Of the ratio's 95 % interval.")
    high = serializers.FloatField(allow_null=True)
    p_value = serializers.FloatField(allow_null=True, help_text="Fisher's exact test.")
    enough = serializers.BooleanField(help_text="Enough applications to be judged.")
    flagged = serializers.BooleanField(help_text="Under the limit, and no accident.")
    certain = serializers.BooleanField(help_text="Still so after Holm's correction.")


class FairnessBlockSerializer(serializers.Serializer[Any]):
    attribute = serializers.ChoiceField(choices=["sex", "age", "disability"])
    measure = serializers.ChoiceField(
        choices=["above_median", "first_ten", "top_third", "at_cut"], help_text="What counts as chosen."
    )
    n = serializers.IntegerField(help_text="Applications whose category is known.")
    unknown = serializers.IntegerField(help_text="Applications without a known category.")
    reference = serializers.CharField(allow_null=True, help_text="The category with the highest rate.")
    categories = FairnessCategorySerializer(many=True)


class FairnessReportSerializer(Sparse):
    model_version = serializers.IntegerField(source="number", help_text="The version's number.")
    recipe = serializers.CharField()
    state = serializers.ChoiceField(choices=ModelVersion.State.choices)
    judged_at = serializers.CharField(
        source="judged", allow_null=True, help_text="When the gate judged it (RFC 3339)."
    )
    rows = serializers.IntegerField(source="fairness.rows", help_text="Applications of the test window.")
    rules = FairnessRulesSerializer(source="fairness.rules")
    judged = serializers.BooleanField(source="fairness.judged", help_text="Whether anything could be judged.")
    flagged = serializers.IntegerField(source="fairness.flagged", help_text="Categories that are flagged.")
    blocks = FairnessBlockSerializer(source="fairness.blocks", many=True)


class FairnessFilters(FilterSet):
    model_version = WholeFilter(
        field_name="number", min_value=1, max_value=LARGEST, help_text="A version's number."
    )
    recipe = django_filters.CharFilter(max_length=30)
    state = django_filters.MultipleChoiceFilter(choices=ModelVersion.State.choices)
    flagged = YesNoFilter(method="with_flags", help_text="Only versions with a flagged category, or without.")

    def with_flags(self, found: "QuerySet[Any]", name: str, value: bool) -> "QuerySet[Any]":
        none = {"card__fairness__flagged": 0}
        return found.exclude(**none) if value else found.filter(**none)


def _reports() -> "QuerySet[Any]":
    """Versions that the gate has measured; no more of the card than that is loaded."""
    measured = ModelVersion.objects.filter(card__fairness__has_key="blocks")
    rows = measured.annotate(fairness=F("card__fairness"), judged=F("verdict__at"))
    return rows.only("number", "recipe", "state")


@extend_schema_view(
    get=extend_schema(
        operation_id="fairness_reports_list",
        summary="Fairness by model version, the newest first",
        description="Of each version that the gate judged: impact ratios of what it answered for the test"
        " window, by sex, age and disability. Counts and rates of groups, nobody's own data.",
        tags=TAGS,
        examples=[OpenApiExample("A page", value=examples.FAIRNESS, response_only=True)],
    )
)
class FairnessReportsView(Listing):
    resource = "reports"
    serializer_class = FairnessReportSerializer
    queryset = ModelVersion.objects.none()
    filterset_class = FairnessFilters
    on_request = ("blocks",)
    sorts = {"model_version": Sort("number")}
    default_sort = "-model_version"
    http_method_names = ("get", "head", "options")

    def get_queryset(self) -> "QuerySet[Any]":
        return _reports()


class FairnessReportView(SparseView):
    resource = "reports"
    serializer_class = FairnessReportSerializer
    queryset = ModelVersion.objects.none()
    http_method_names = ("get", "head", "options")

    @extend_schema(
        operation_id="fairness_reports_read",
        summary="The fairness of a model version with all figures",
        description="By the version's number. 404 also for a version that the gate has not judged.",
        tags=TAGS,
        parameters=[FIELDS],
        responses={
            200: FairnessReportSerializer,
            404: OpenApiResponse(description="There is no such version, or it was not judged."),
        },
        examples=[OpenApiExample("A version", value=examples.FAIRNESS_WHOLE, response_only=True)],
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(self.get_serializer(get_object_or_404(_reports(), number=number)).data)
