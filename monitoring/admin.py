"""What was measured is read here and never edited."""

from django.contrib import admin

from candidates.admin_rows import Lines, ReadOnly, Rows
from monitoring.models import Baseline, DriftAlert, DriftReport


class AlertInline(ReadOnly, Lines):
    model = DriftAlert


@admin.register(DriftReport)
class DriftReportAdmin(ReadOnly, Rows):
    list_display = ["day", "model_version", "predictions", "mean_score", "enough"]
    list_filter = ["enough"]
    list_select_related = ["model_version"]
    date_hierarchy = "day"
    inlines = [AlertInline]


@admin.register(DriftAlert)
class DriftAlertAdmin(ReadOnly, Rows):
    list_display = ["report", "feature", "kind", "baseline", "current", "distance", "limit"]
    list_filter = ["kind"]
    list_select_related = ["report", "report__model_version"]


@admin.register(Baseline)
class BaselineAdmin(ReadOnly, Rows):
    list_display = ["model_version", "rows", "created_at"]
    list_select_related = ["model_version"]
