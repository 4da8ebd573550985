"""Candidates for administrators, to look at. Demographics are not shown anywhere."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from candidates import key_admin, webhook_admin
from candidates.admin_rows import Lines, ReadOnly, Rows
from candidates.models import Candidate, Profile

LONG_TEXTS = ("cv_text", "cv_text_en", "raw", "search_vector")


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
