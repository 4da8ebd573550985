"""Each day's predictions against what the model learned from, for other systems."""

from typing import Any

import django_filters
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.filters import WholeFilter, YesNoFilter
from candidates.integration.listing import FilterSet, Listing, Sort
from candidates.integration.sparse import FIELDS, SparseModel, SparseView
from monitoring.api import examples
from monitoring.models import DriftAlert, DriftReport

TAGS = ["reports"]
LONG = {"hourly": ("hourly",)}
LARGEST = 2**31 - 1  # of a number of a model that the column holds


class DriftAlertSerializer(serializers.ModelSerializer[DriftAlert]):
    class Meta:
        model = DriftAlert
        fields = ("feature", "kind", "baseline", "current", "distance", "limit")
        read_only_fields = fields
        extra_kwargs = {
            "kind": {
                "help_text": "missing: no prediction has it; rate: the share of ones moved; mean: the mean."
            },
            "distance": {"help_text": "How far it moved; of a mean in standard deviations."},
            "limit": {"help_text": "Beyond it there is an alert; null for missing."},
        }


class HourSerializer(serializers.Serializer[Any]):
    hour = serializers.IntegerField(help_text="0 to 23, of the site's time zone.")
    count = serializers.IntegerField(help_text="Predictions.")
    mean_score = serializers.FloatField(allow_null=True)


class DriftReportSerializer(SparseModel):
    model_version = serializers.IntegerField(source="model_version.number", help_text="The version's number.")
    recipe = serializers.CharField(source="model_version.recipe")
    enough = serializers.BooleanField(help_text="false: too few predictions, or no baseline: nothing judged.")
    alert_count = serializers.IntegerField(help_text="How many features moved beyond their limit.")
    alerts = DriftAlertSerializer(many=True)
    hourly = HourSerializer(many=True)

    class Meta:
        model = DriftReport
        fields = (
            *("id", "day", "model_version", "recipe", "predictions", "mean_score", "enough", "minimum"),
            *("alert_count", "created_at", "alerts", "hourly"),
        )
        read_only_fields = fields


class DriftFilters(FilterSet):
    day = django_filters.DateFilter(help_text="That day alone.")
    day_from = django_filters.DateFilter(field_name="day", lookup_expr="gte", help_text="That day or later.")
    day_to = django_filters.DateFilter(field_name="day", lookup_expr="lte", help_text="That day or before.")
    model_version = WholeFilter(
        field_name="model_version__number", min_value=1, max_value=LARGEST, help_text="A version's number."
    )
    enough = YesNoFilter(help_text="Only days that were judged, or only those that were not.")
    alerts = YesNoFilter(method="with_alerts", help_text="Only days with alerts, or only those without.")

    def with_alerts(self, found: "QuerySet[Any]", name: str, value: bool) -> "QuerySet[Any]":
        return found.filter(alert_count__gt=0) if value else found.filter(alert_count=0)


def _reports() -> "QuerySet[Any]":
    rows = DriftReport.objects.select_related("model_version").annotate(alert_count=Count("alerts"))
    return rows.defer("model_version__card", "model_version__metrics", "model_version__feature_names")


@extend_schema_view(
    get=extend_schema(
        operation_id="drift_reports_list",
        summary="Drift by day and model version, the newest first",
        description="One report for each day and version that served predictions. A report is written anew"
        " when its day is judged again.",
        tags=TAGS,
        examples=[OpenApiExample("A page", value=examples.DRIFT, response_only=True)],
    )
)
class DriftReportsView(Listing):
    resource = "reports"
    serializer_class = DriftReportSerializer
    queryset = DriftReport.objects.none()
    filterset_class = DriftFilters
    on_request = ("alerts", "hourly")
    loads = LONG
    sorts = {"id": Sort("pk"), "day": Sort("day")}
    default_sort = "-day"
    http_method_names = ("get", "head", "options")

    def get_queryset(self) -> "QuerySet[Any]":
        return _reports().prefetch_related("alerts") if self.tells_alerts else _reports()

    @property
    def tells_alerts(self) -> bool:
        return not getattr(self, "swagger_fake_view", False) and "alerts" in self.told


class DriftReportView(SparseView):
    resource = "reports"
    serializer_class = DriftReportSerializer
    queryset = DriftReport.objects.none()
    loads = LONG
    http_method_names = ("get", "head", "options")

    @extend_schema(
        operation_id="drift_reports_read",
        summary="One day's drift with its alerts and hours",
        description="What moved, from what to what, and how the predictions lay over the day.",
        tags=TAGS,
        parameters=[FIELDS],
        responses={
            200: DriftReportSerializer,
            404: OpenApiResponse(description="There is no such report."),
        },
        examples=[OpenApiExample("A day", value=examples.DRIFT_WHOLE, response_only=True)],
    )
    def get(self, request: Request, pk: int) -> Response:
        report = get_object_or_404(self.lean(_reports().prefetch_related("alerts")), pk=pk)
        return Response(self.get_serializer(report).data)
