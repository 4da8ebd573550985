"""What was measured is read here and never edited."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from monitoring.models import Baseline, DriftAlert, DriftReport


class ReadOnly:
    """Permissions of an admin in which nothing is added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AlertInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = DriftAlert


@admin.register(DriftReport)
class DriftReportAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["day", "model_version", "predictions", "mean_score", "enough"]
    list_filter = ["enough"]
    list_select_related = ["model_version"]
    date_hierarchy = "day"
    inlines = [AlertInline]


@admin.register(DriftAlert)
class DriftAlertAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["report", "feature", "kind", "baseline", "current", "distance", "limit"]
    list_filter = ["kind"]
    list_select_related = ["report", "report__model_version"]


@admin.register(Baseline)
class BaselineAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["model_version", "rows", "created_at"]
    list_select_related = ["model_version"]
