"""Candidates for administrators, to look at. Demographics are not shown anywhere."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from candidates import key_admin, webhook_admin
from candidates.models import Candidate, Profile

if TYPE_CHECKING:
    Rows = admin.ModelAdmin[Any]
    Lines = admin.TabularInline[Any, Any]
else:
    Rows = admin.ModelAdmin
    Lines = admin.TabularInline

LONG_TEXTS = ("cv_text", "cv_text_en", "raw", "search_vector")


class ReadOnly:
    """Rows that imports and workers write; people only read them here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ProfileInline(ReadOnly, Lines):
    model = Profile
    fields = readonly_fields = ("extractor", "version", "skills", "created_at")


@admin.register(Candidate)
class CandidateAdmin(ReadOnly, Rows):
    list_display = ("code", "name", "city", "state", "headline", "is_stub", "updated_at")
    list_filter = ("is_stub", "seniority", "english")
    search_fields = ("=code", "name")
    exclude = ("search_vector", "raw")
    inlines = (ProfileInline,)
    show_full_result_count = False
    ordering = ("-updated_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Candidate]:
        # Deferred fields are fetched one by one, which does for a single candidate
        rows: QuerySet[Candidate] = super().get_queryset(request)
        return rows.defer(*LONG_TEXTS)


key_admin.register(admin.site)
webhook_admin.register(admin.site)
