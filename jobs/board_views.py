"""The board of a job: its people in columns, and the history of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import viewing
from candidates.models import Candidate
from candidates.requests import is_fragment, viewer_of
from jobs.board import LEFT, Board, column_from
from jobs.history import steps_of
from jobs.models import Job, Prospect, Stage


@require_safe
@vary_on_headers("HX-Request")
def board(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_header(), code=code)
    viewing.in_job(job.pk)
    context = {"job": job, "may_change": viewer_of(request).may_change}
    if request.GET.get("column") in Stage.values:
        return _column(request, job, context)
    opened = [stage for stage in request.GET.getlist("open") if stage in LEFT]
    context |= {"board": Board.of(job, opened=opened), "opened": opened}
    fragment = "#board" if is_fragment(request) else ""
    return render(request, f"jobs/board.html{fragment}", context)


def _column(request: HttpRequest, job: Job, context: dict[str, object]) -> HttpResponse:
    """More people of one column: appended by htmx, without it on a page of their own."""
    start = request.GET.get("start", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 0
    context["column"] = column_from(job, stage=Stage(request.GET["column"]), start=first)
    fragment = "#people" if is_fragment(request) else ""
    return render(request, f"jobs/board_column.html{fragment}", context)


@require_safe
@vary_on_headers("HX-Request")
def prospect_history(request: HttpRequest, code: str, candidate: str) -> HttpResponse:
    """Every move of a candidate in a job."""
    job = get_object_or_404(Job.objects.for_header(), code=code)
    viewing.in_job(job.pk)
    person = get_object_or_404(Candidate.objects.coded(candidate).only("code", "name"))
    found = Prospect.objects.filter(job=job, candidate=person).defer("comment")
    prospect = get_object_or_404(found)
    steps = steps_of(prospect, person)
    context = {"job": job, "candidate": person, "prospect": prospect, "steps": steps}
    fragment = "#history" if is_fragment(request) else ""
    return render(request, f"jobs/prospect_history.html{fragment}", context)
