"""Keys and calls of the API in the admin: read here, made and revoked on their pages."""

import datetime
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from candidates.admin_rows import ReadOnly, Rows
from candidates.integration import calls, key_list
from candidates.models import ApiCall, ApiKey
from candidates.requests import viewer_of
from candidates.viewing import Role

AUDITS = (Role.ADMINISTRATOR, Role.AUDITOR)
DAYS = 14  # that can be chosen
MOST_COUNTED = 100_000  # rows: nobody turns more pages
STATUSES = ("2xx", "4xx", "401", "403", "404", "409", "429", "5xx")


class ForAudit:
    """Administrators and auditors look, whatever else their account may."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return viewer_of(request).role in AUDITS

    def has_module_permission(self, request: HttpRequest) -> bool:
        return viewer_of(request).role in AUDITS


class ApiKeyAdmin(ForAudit, Rows):
    list_display = ("name", "prefix", "user", "state", "last_used_at", "expires_at")
    list_filter = (("user", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("user", "created_by")
    search_fields = ("name", "=prefix")
    exclude = ("digest",)

    @admin.display(description=_("state"))
    def state(self, key: ApiKey) -> str:
        return str(key_list.STATES[key_list.state_of(key, timezone.now())][1])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return viewer_of(request).role == Role.ADMINISTRATOR

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where the key is shown once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("candidates:api_key_new")


class RouteFilter(admin.SimpleListFilter):
    title = _("address")
    parameter_name = "route"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(route, route) for route in calls.routes()]

    def queryset(self, request: HttpRequest, rows: QuerySet[ApiCall]) -> QuerySet[ApiCall]:
        return rows.filter(route=self.value()) if self.value() else rows


class StatusFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status, status) for status in STATUSES]

    def queryset(self, request: HttpRequest, rows: QuerySet[ApiCall]) -> QuerySet[ApiCall]:
        wanted = self.value() or ""
        if wanted not in STATUSES:
            return rows
        if wanted.endswith("xx"):
            return rows.filter(status__gte=int(wanted[0]) * 100, status__lt=int(wanted[0]) * 100 + 100)
        return rows.filter(status=int(wanted))


class DayFilter(admin.SimpleListFilter):
    title = _("day")
    parameter_name = "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        today = timezone.localdate()
        days = [today - datetime.timedelta(days=number) for number in range(DAYS)]
        return [(day.isoformat(), date_format(day, "SHORT_DATE_FORMAT")) for day in days]

    def queryset(self, request: HttpRequest, rows: QuerySet[ApiCall]) -> QuerySet[ApiCall]:
        try:
            day = datetime.date.fromisoformat(self.value() or "")
        except ValueError:
            return rows
        return calls.of_day(rows, day)


class Bounded(Paginator):  # type: ignore[type-arg]
    """Counting millions of rows for a page that nobody turns to takes seconds."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list[:MOST_COUNTED]
        return int(rows.count())


class ApiCallAdmin(ForAudit, ReadOnly, Rows):
    list_display = (
        "at",
        "method",
        "route",
        "status",
        "problem",
        "key",
        "user",
        "on_behalf_of",
        "network",
        "rows",
        "milliseconds",
    )
    list_filter = (DayFilter, StatusFilter, RouteFilter, "key")
    list_select_related = ("key", "user", "on_behalf_of")
    search_fields = ("=correlation_id",)
    search_help_text = _("The whole correlation id, as the answer's X-Request-ID.")
    show_full_result_count = False
    ordering = ("-pk",)
    paginator = Bounded


def register(site: admin.AdminSite) -> None:
    site.register(ApiKey, ApiKeyAdmin)
    site.register(ApiCall, ApiCallAdmin)
