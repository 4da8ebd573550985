"""The ranked list of a job beside its page: files, selections, chosen columns, who stands next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import veiling, viewing
from candidates.exporting import FORMATS
from candidates.models import Candidate
from candidates.requests import is_fragment, own_address, signed_in, viewer_of
from jobs.models import Job
from scoring import ranked_list_columns as layouts
from scoring import ranking as rankings
from scoring.panels import wanted_list
from scoring.ranked_list import RankedList, neighbours
from scoring.ranked_list_entries import Entry
from scoring.ranked_list_export import Asked, export
from scoring.ranked_list_page import prospects_elsewhere

COMPARED = (2, 5)
SHOWN = 20  # other jobs of a person


@require_safe
def export_ranking(request: HttpRequest, code: str) -> HttpResponseBase:
    """Everybody whom the filters leave, as a file."""
    job = _job(code)
    return _file(request, _found(job, request.GET), request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
def selected(request: HttpRequest, code: str) -> HttpResponseBase:
    """What is done with those whose boxes are ticked and changes nothing: comparing, exporting."""
    job, sent = _job(code), request.POST if request.method == "POST" else request.GET
    codes = sent.getlist("candidate")
    if sent.get("action") == "compare":
        if COMPARED[0] <= len(codes) <= COMPARED[1]:
            asked = QueryDict(mutable=True)
            asked.setlist("c", codes)
            return redirect(f"{reverse('scoring:compare', args=[job.code])}?{asked.urlencode()}")
        messages.warning(request, _("Select two to five people to compare them."))
    elif codes:
        found = _found(job, QueryDict(sent.get("list", "")))
        return _file(request, found, sent, chosen=_keys(codes))
    else:
        messages.warning(request, _("Select people first, with the boxes before their names."))
    return redirect(_next(request, sent, job))


def _keys(codes: list[str]) -> frozenset[int]:
    plain = Candidate.objects.filter(code__in=codes).values_list("pk", flat=True)
    tokens = {veiling.candidate_of(code) or 0 for code in codes if code.startswith(veiling.MARK)}
    return frozenset(plain) | tokens


def _file(
    request: HttpRequest, found: RankedList, sent: QueryDict, *, chosen: frozenset[int] | None = None
) -> HttpResponseBase:
    kind = sent.get("format", "csv")
    asked = Asked(
        kind=kind if kind in FORMATS else "csv",
        without_names=sent.get("without_names") == "1",
        contacts=sent.get("contacts") == "1",
        chosen=chosen,
    )
    return export(found, asked, viewer=viewer_of(request), user=signed_in(request))


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Table or cards, and the columns: of the person who asks, nobody else."""
    if request.POST.get("reset"):
        layouts.reset(request.user)
    else:
        columns = request.POST.getlist("columns") if "columns" in request.POST else None
        layouts.choose(request.user, view=request.POST.get("view", ""), columns=columns)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "list-changed"})
    return redirect(_next(request, request.POST))


@require_safe
@vary_on_headers("HX-Request")
def neighbours_of(request: HttpRequest, code: str, candidate: str) -> HttpResponse:
    """Who stands before and after a person in the list from which they were opened."""
    job = _job(code)
    person = get_object_or_404(Candidate.objects.coded(candidate).only("code", "name"))
    found = _found(job, request.GET)
    before, at, after = neighbours(found, person.pk)
    names = Candidate.objects.only("code", "name").in_bulk(
        [one.candidate_id for one in (before, after) if one]
    )
    context: dict[str, Any] = {
        "job": job,
        "candidate": person,
        "before": _loaded(before, names),
        "after": _loaded(after, names),
        "at": at,
        "total": len(found.in_view),
        "query": found.wanted.query(job=job.code),
        "list_query": found.wanted.query(),
    }
    template = "scoring/_neighbours.html" if request.headers.get("HX-Request") else "scoring/neighbours.html"
    return render(request, template, context)


@require_safe
@vary_on_headers("HX-Request")
def elsewhere(request: HttpRequest, code: str, candidate: str) -> HttpResponse:
    """Somebody's other jobs, which the list of one job fetches once somebody unfolds them."""
    job = _job(code)
    person = get_object_or_404(Candidate.objects.coded(candidate).only("code", "name"))
    if not is_fragment(request):
        return redirect("jobs:candidate_prospects", code=person.code)
    found = list(prospects_elsewhere(job, person))
    context = {"candidate": person, "prospects": found[:SHOWN], "more": max(0, len(found) - SHOWN)}
    return render(request, "scoring/_elsewhere.html", context)


def _loaded(entry: Entry | None, names: dict[int, Candidate]) -> Candidate | None:
    return names.get(entry.candidate_id) if entry else None


def _job(code: str) -> Job:
    """The job, and its pseudonyms for everybody that is loaded from here on."""
    job = get_object_or_404(Job.objects.defer("raw", "search_vector"), code=code)
    viewing.in_job(job.pk)
    return job


def _found(job: Job, data: QueryDict) -> RankedList:
    return wanted_list(job, rankings.latest(job), data, asked=rankings.asked_of(job))[1]


def _next(request: HttpRequest, sent: QueryDict, job: Job | None = None) -> str:
    """Back to the list: an address of this site, and no other."""
    ranking = reverse("scoring:job_ranking", args=[job.code]) if job else reverse("jobs:job_list")
    return own_address(sent.get("next", ""), ranking)
