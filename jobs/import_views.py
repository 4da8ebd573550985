"""Imports, for administrators: what was imported, a new one, and one as it goes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.models import ImportRun, RunState
from jobs import services
from jobs.import_forms import MOST_BYTES, ImportForm, RejectedFilter

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

PAGE_SIZE = 25
REJECTED_PAGE_SIZE = 50
STOP_POLLING = 286  # htmx: shows the answer and asks no more

for_administrators = permission_required("candidates.add_importrun", raise_exception=True)


def _may_read(user: "User | AnonymousUser") -> bool:
    """Whoever may start imports, and auditors."""
    if not (user.has_perm("candidates.add_importrun") or user.has_perm("candidates.view_importrun")):
        raise PermissionDenied
    return True


for_readers = user_passes_test(_may_read)


@require_safe
@for_readers
def import_list(request: HttpRequest) -> HttpResponse:
    runs = ImportRun.objects.select_related("requested_by")
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "jobs/import_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def import_new(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        run = services.queue_import(form.files_given, by=request.user)
        messages.success(request, _("The import is queued. This page follows it to its end."))
        return redirect(run)
    context = {"form": form, "most_bytes": MOST_BYTES}
    return render(request, "jobs/import_new.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_administrators
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    failed = get_object_or_404(ImportRun, pk=pk)
    run = services.queue_again(failed, by=request.user)
    if run is None:
        messages.error(request, _("The files of this import are gone; choose them again."))
        return redirect("jobs:import_new")
    messages.success(request, _("The import is queued. This page follows it to its end."))
    return redirect(run)


@require_safe
@vary_on_headers("HX-Request")
@for_readers
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.select_related("requested_by"), pk=pk)
    context = {"run": run, "can_retry": _can_retry(run, request), **_rejected(request, run)}
    if request.headers.get("HX-Request") != "true":
        return render(request, "jobs/import_detail.html", context)
    status = STOP_POLLING if run.is_over else 200
    return render(request, "jobs/import_detail.html#run", context, status=status)


def _can_retry(run: ImportRun, request: HttpRequest) -> bool:
    if run.state != RunState.FAILED or not request.user.has_perm("candidates.add_importrun"):
        return False
    return all(Path(file.get("path", "")).is_file() for file in run.files)


def _rejected(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    kind = RejectedFilter(request.GET).wanted
    rejected = run.rejected.filter(kind=kind) if kind else run.rejected.all()
    kinds = list(run.rejected.order_by("kind").values("kind").annotate(number=Count("pk")))
    return {
        "kind": kind,
        "rejected_kinds": kinds,
        "listed": sum(row["number"] for row in kinds),
        "page": Paginator(rejected, REJECTED_PAGE_SIZE).get_page(request.GET.get("page")),
    }
