"""Jobs, prospects and imports for administrators, to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from candidates.admin_rows import Lines, ReadOnly, Rows
from candidates.models import ImportRun, RejectedRecord
from jobs import services
from jobs.models import Job, Prospect, Requirement, StageChange


class RequirementInline(ReadOnly, Lines):
    """Kept on the job's own page, where protected criteria are refused and a change can be undone."""

    model = Requirement
    fields = readonly_fields = ("kind", "value", "must", "dismissed", "quote", "added_by")


@admin.register(Job)
class JobAdmin(Rows):
    list_display = ("code", "title", "client", "status", "requested_on", "city", "is_stub")
    list_filter = ("status", "is_stub", "seniority")
    search_fields = ("=code", "title", "client")
    inlines = (RequirementInline,)
    exclude = ("search_vector", "raw")
    readonly_fields = [
        field.name for field in Job._meta.fields if field.editable and field.name not in ("id", "raw")
    ]
    show_full_result_count = False
    ordering = ("-requested_on", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StageChangeInline(ReadOnly, Lines):
    model = StageChange
    fields = ("changed_at", "from_stage", "to_stage", "from_status", "to_status", "source", "changed_by")


@admin.register(Prospect)
class ProspectAdmin(ReadOnly, Rows):
    list_display = ("job", "candidate", "stage", "outcome", "source_status", "applied_on", "updated_on")
    list_filter = ("stage", "outcome")
    search_fields = ("=job__code", "=candidate__code")
    list_select_related = ("job", "candidate")
    inlines = (StageChangeInline,)
    show_full_result_count = False


class RejectedRecordInline(ReadOnly, Lines):
    model = RejectedRecord
    fields = ("kind", "key", "field", "reason")


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly, Rows):
    list_display = ("pk", "state", "step", "percent", "requested_by", "queued_at", "finished_at")
    list_filter = ("state",)
    exclude = ("files",)
    inlines = (RejectedRecordInline,)
    actions = ("queue_again",)

    def has_queue_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("candidates.add_importrun")

    @admin.action(description=_("Queue failed imports again"), permissions=["queue"])
    def queue_again(self, request: HttpRequest, runs: QuerySet[ImportRun]) -> None:
        queued = sum(services.queue_again(run, by=request.user) is not None for run in runs)
        text = ngettext("%(number)d import queued again.", "%(number)d imports queued again.", queued)
        self.message_user(request, text % {"number": queued})
