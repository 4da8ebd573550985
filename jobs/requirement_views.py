"""The page where people keep what a job asks for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.permissions import may_change
from candidates.requests import is_fragment, signed_in, viewer_of
from jobs.models import Job
from jobs.requirement_forms import LevelForm, WordsForm
from jobs.requirements import editing, history
from jobs.requirements.editing import CannotEdit, Edited
from jobs.requirements.proposing import MOST_CHARACTERS
from jobs.requirements.refusing import CRITERIA, named_in


@require_safe
@vary_on_headers("HX-Request")
def requirements(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _job(code))


@require_safe
def suggest(request: HttpRequest, code: str) -> HttpResponse:
    """Skills whose name holds what is typed, for the field's list."""
    found = editing.suggested(request.GET.get("what", "")[:80])
    return render(request, "jobs/requirements.html#suggestions", {"suggestions": found})


@require_POST
@may_change
def add(request: HttpRequest, code: str) -> HttpResponse:
    job = _job(code)
    form = LevelForm(request.POST) if "level" in request.POST else WordsForm(request.POST)
    if not form.is_valid():
        return _refusal(request, job, form)
    try:
        edited = editing.add(job, by=signed_in(request), **form.asked())
    except CannotEdit as error:
        form.add_error("level" if isinstance(form, LevelForm) else "what", str(error))
        return _refusal(request, job, form)
    return _done(request, job, edited)


@require_POST
@may_change
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Makes one required or nice to have, removes it or asks for it again."""
    asked, by = (
        [int(pk) for pk in request.POST.getlist("requirement") if pk.isdecimal() and len(pk) < 18],
        signed_in(request),
    )
    changes: dict[str, Callable[[Job], Edited]] = {
        "must": lambda job: editing.ask(job, asked, must=True, by=by),
        "nice": lambda job: editing.ask(job, asked, must=False, by=by),
        "remove": lambda job: editing.remove(job, asked, by=by),
        "restore": lambda job: editing.restore(job, asked, by=by),
    }
    return _try(request, _job(code), changes.get(request.POST.get("do", ""), _unknown))


@require_POST
@may_change
def propose(request: HttpRequest, code: str) -> HttpResponse:
    return _try(request, _job(code), partial(editing.propose, by=signed_in(request)))


@require_POST
@may_change
def undo(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Takes back one change of the history, whoever made it."""
    return _try(request, _job(code), lambda job: editing.undo(job, pk, by=signed_in(request)))


# What all of them do


def _job(code: str) -> Job:
    return get_object_or_404(Job.objects.for_header(), code=code)


def _text(job: Job) -> str:
    """What requirements are proposed from, and what it names that is left out."""
    return "\n".join((job.title, job.competences, job.activities, job.remarks))


def _unknown(job: Job) -> Edited:
    raise CannotEdit(_("Choose what to do with the requirement."))


def _try(request: HttpRequest, job: Job, change: Callable[[Job], Edited]) -> HttpResponse:
    try:
        return _done(request, job, change(job))
    except CannotEdit as error:
        return _said(request, job, str(error), level=messages.WARNING)


def _done(request: HttpRequest, job: Job, edited: Edited) -> HttpResponse:
    back = reverse("jobs:requirement_undo", args=[job.code, edited.change.pk]) if edited.change else ""
    return _said(request, job, edited.message, level=messages.SUCCESS, undo=back)


def _said(request: HttpRequest, job: Job, text: str, *, level: int, undo: str = "") -> HttpResponse:
    """The page again, with what was done and perhaps the address that takes it back."""
    if is_fragment(request) and "next" not in request.POST:
        told = {"text": text, "is_refusal": level == messages.WARNING, "undo": undo}
        return _page(request, _job(job.code), told=told)
    messages.add_message(request, level, text, extra_tags=undo)
    if is_fragment(request):  # the undo of a message, which stands outside the list
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(reverse("jobs:requirements", args=[job.code]))


def _refusal(request: HttpRequest, job: Job, form: WordsForm | LevelForm) -> HttpResponse:
    """htmx swaps in only what went well."""
    name = "level_form" if isinstance(form, LevelForm) else "words_form"
    return _page(request, job, status=200 if is_fragment(request) else 422, **{name: form})


def _page(request: HttpRequest, job: Job, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = list(job.requirements.select_related("added_by").order_by("kind", "pk"))
    kept = [row for row in rows if not row.dismissed]
    context = {
        "job": job,
        "must": [row for row in kept if row.must],
        "nice": [row for row in kept if not row.must],
        "removed": [row for row in rows if row.dismissed],
        "history": history.entries(job, rows),
        "may_change": viewer_of(request).may_change,
        "reasons": CRITERIA,
        "left_out": named_in(_text(job)[:MOST_CHARACTERS]),
        "words_form": WordsForm(),
        "level_form": LevelForm(),
    }
    template = "jobs/requirements.html" + ("#requirements" if is_fragment(request) else "")
    return render(request, template, context | more, status=status)
