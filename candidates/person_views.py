"""One person: made and corrected by form, and what happened with them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import creating, editing, timeline
from candidates.candidate_forms import WIDE, CandidateForm
from candidates.duplicates import find_for
from candidates.models import Candidate
from candidates.note_views import GET_OR_POST
from candidates.permissions import may_change
from candidates.requests import is_fragment, signed_in
from candidates.sent_forms import once, word_of

EVENTS_SHOWN = 20
LONG = ("raw", "search_vector")


@require_safe
@vary_on_headers("HX-Request")
def candidate_timeline(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.coded(code).defer("cv_text", "cv_text_en", *LONG))
    events = timeline.events(candidate)
    whole = request.GET.get("show") == "all"
    shown = events if whole else events[:EVENTS_SHOWN]
    context = {"candidate": candidate, "events": shown, "more": len(events) - len(shown)}
    template = "candidates/candidate_timeline.html" + ("#timeline" if is_fragment(request) else "")
    return render(request, template, context)


@require_http_methods(GET_OR_POST)
@may_change
def candidate_new(request: HttpRequest) -> HttpResponse:
    form = CandidateForm(_sent(request))
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, once=word_of(request))
    like: list[Any] = []

    def add() -> Candidate | None:
        with creating.one_at_a_time():
            like.extend([] if request.POST.get("anyway") else find_for(form.values))
            if like:
                return None
            return creating.create_candidate(form.values, by=signed_in(request), origin="form")

    added = once(request, add)
    if not added:
        return _form(request, form, like=like, once=word_of(request))
    messages.success(request, _("The candidate is added."))
    return redirect(added)


@require_http_methods(GET_OR_POST)
@may_change
def candidate_edit(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.coded(code).defer(*LONG))
    if candidate.hides_identity:
        raise PermissionDenied(
            _("Blind review hides who this is. Reveal the person first, with a reason; then edit.")
        )
    form = CandidateForm(_sent(request), instance=candidate, initial={"seen": editing.stamp(candidate)})
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, candidate=candidate)
    stored = Candidate.objects.defer(*LONG).get(pk=candidate.pk)  # the form has written into the other
    seen = form.cleaned_data["seen"]
    found = editing.conflict(stored, seen=seen, written=form.values, by=signed_in(request))
    if found:
        sent = request.POST.copy()
        sent["seen"] = editing.stamp(stored)
        form.data = sent
        return _form(request, form, candidate=stored, conflict=found)
    changed = creating.change_candidate(stored, form.values, by=signed_in(request))
    messages.success(request, _("The changes are kept.") if changed else _("Nothing was changed."))
    return redirect(stored)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(request: HttpRequest, form: CandidateForm, **context: Any) -> HttpResponse:
    return render(request, "candidates/candidate_form.html", {"form": form, "wide": WIDE, **context})
