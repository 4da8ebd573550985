"""The list of candidates: one box, filters with numbers, and what can be done with those found."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import viewing
from candidates.exporting import FORMATS, log_export, table_response
from candidates.forms import CandidateFilter, query_of
from candidates.permissions import may_change
from candidates.requests import is_fragment, own_address, signed_in, viewer_of
from candidates.search import finding, listing, results, standing
from candidates.search.finding import Asked
from candidates.search.saving import open_searches

KEEPS_METHOD = 307  # a redirect by which a form is sent on to another address


@require_safe
@vary_on_headers("HX-Request")
def candidate_list(request: HttpRequest) -> HttpResponse:
    form = CandidateFilter(request.GET)
    asked = form.asked
    order = finding.job_order(asked.job)
    if order is not None:
        viewing.in_job(order.job_id)
    found = results.look_up(asked, page=request.GET.get("page"))
    template = "candidates/candidate_list.html"
    if is_fragment(request):
        template += "#found"
    return render(request, template, _context(request, form, asked, found))


def _context(
    request: HttpRequest, form: CandidateFilter, asked: Asked, found: results.Results
) -> dict[str, Any]:
    return {
        "form": form,
        "found": found,
        "page": found.page,
        "candidates": [row.candidate for row in found.rows],
        "chips": listing.chips(request.GET, asked),
        "suggestions": [] if found.total else results.suggestions(found),
        "loosened": [] if found.total else listing.loosened(request.GET, asked),
        "query": query_of(asked),
        "order": found.search.order,
        "job_unknown": bool(asked.job) and found.search.order is None,
        "job_choices": finding.choices(),
        "stages_to_add": standing.stages_to_add(),
        "saved": open_searches(request, found),
        "may_change": viewer_of(request).may_change,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Everybody found, or (sent by POST) those selected, as a file; logged before it is sent."""
    kind = request.GET.get("format") or request.POST.get("format") or ""
    asked = CandidateFilter(request.GET).asked
    chosen = request.POST.getlist("candidate")
    if kind not in FORMATS or (request.method == "POST" and not chosen):
        messages.warning(request, _("Nothing was exported: choose people and a kind of file first."))
        return redirect(_back(request))
    order = finding.job_order(asked.job)
    viewing.in_job(order.job_id) if order else None
    without_names = "anonymous" in request.GET or "anonymous" in request.POST
    table = listing.table(asked, chosen, without_names=without_names)
    log_export(
        signed_in(request),
        what="candidates",
        rows=table.size,
        columns=table.keys,
        filters=listing.logged(asked, chosen),
        without_names=without_names,
        kind=kind,
        job_code=asked.job,
    )
    return table_response(kind, name="candidates", columns=table.columns, rows=table.rows())


@require_POST
@may_change
def add_to_job(request: HttpRequest) -> HttpResponse:
    """Hands the selected people on to the pipeline of the job whose code was given."""
    code = request.POST.get("job", "").strip()
    if not request.POST.getlist("candidate"):
        problem = _("Nobody was added: select people in the list first.")
    elif finding.job_order(code) is None:
        problem = _("Nobody was added: there is no job with that code that you may see.")
    else:
        try:
            answer = HttpResponseRedirect(reverse("jobs:move", args=[code]))
        except NoReverseMatch:  # a code that can stand in no address
            problem = _("Nobody was added: there is no job with that code that you may see.")
        else:
            answer.status_code = KEEPS_METHOD
            return answer
    messages.warning(request, problem)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    return own_address(request.POST.get("next", ""), reverse("candidates:candidate_list"))
