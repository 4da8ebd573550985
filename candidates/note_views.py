"""Notes and tags of a person: each a fragment of their page, and a page of its own without JavaScript."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from candidates import notes as noting
from candidates import tagging, viewing
from candidates.candidate_forms import NoteForm
from candidates.models import Candidate, Note, Tag
from candidates.permissions import COMMENTS, may_change, may_comment
from candidates.requests import is_fragment, signed_in, viewer_of
from candidates.veiling import shown_with

SHOWN = 100
GET_OR_POST = ["GET", "HEAD", "POST"]


def person(code: str) -> Candidate:
    """With what a title and an address need."""
    return get_object_or_404(Candidate.objects.coded(code).only("code", "name", "is_stub"))


def jobs_of(candidate: Candidate) -> list[tuple[str, str]]:
    """The jobs that a note may be about, newest first; through the relation, for jobs are an upper app's."""
    rows = (
        candidate.prospects.select_related("job")
        .only("candidate", "job__code", "job__title")
        .order_by("-pk")[:SHOWN]
    )
    return [(row.job.code, str(row.job)) for row in rows]


# Notes


@require_http_methods(GET_OR_POST)
@vary_on_headers("HX-Request")
def notes(request: HttpRequest, code: str) -> HttpResponse:
    candidate = person(code)
    if request.method == "POST":
        return _write(request, candidate)
    return _render_notes(request, candidate, NoteForm(jobs=jobs_of(candidate)))


@may_comment
def _write(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    form = NoteForm(request.POST, jobs=jobs_of(candidate))
    if not form.is_valid():
        return _render_notes(request, candidate, form)
    note = noting.write(candidate, by=signed_in(request), **form.values)
    if not is_fragment(request):
        messages.success(request, _("The note is kept."))
        return redirect(f"{candidate.get_absolute_url()}#note-{note.pk}")
    return _render_notes(request, candidate, NoteForm(jobs=jobs_of(candidate)), told=_("The note is kept."))


def _render_notes(
    request: HttpRequest, candidate: Candidate, form: NoteForm, *, told: str = "", undo: str = ""
) -> HttpResponse:
    template = "candidates/candidate_notes.html" + ("#notes" if is_fragment(request) else "")
    context = notes_context(request, candidate, form) | {"told": told, "undo_url": undo}
    return render(request, template, context)


def notes_context(request: HttpRequest, candidate: Candidate, form: NoteForm) -> dict[str, Any]:
    stored = candidate.notes.select_related("author").prefetch_related("mentions")[:SHOWN]
    colleagues = list(noting.colleagues(candidate)[:SHOWN])
    rows = [
        {
            "note": note,
            "pieces": noting.pieces(note.text, (user.username for user in note.mentions.all())),
            "job": form.job_titles.get(note.job_code, note.job_code) if note.job_code else "",
            "is_own": note.author_id == request.user.pk,
            "is_contact": note.kind in Note.CONTACTS,
        }
        for note in stored
    ]
    may = viewer_of(request).role in COMMENTS
    return {
        "candidate": candidate,
        "notes": rows,
        "note_form": form,
        "colleagues": colleagues,
        "may_comment": may,
    }


def _own_note(request: HttpRequest, pk: int) -> Note:
    """A note that the reader may see; the words of whoever wrote it, as they were written."""
    seen = get_object_or_404(Note.objects.only("author", "candidate"), pk=pk)
    if seen.author_id != request.user.pk:
        raise PermissionDenied(_("Only whoever wrote a note may change it."))
    with viewing.unrestricted():
        return Note.objects.get(pk=pk)


@require_http_methods(GET_OR_POST)
@vary_on_headers("HX-Request")
@may_comment
def note_edit(request: HttpRequest, pk: int) -> HttpResponse:
    note = _own_note(request, pk)
    candidate = get_object_or_404(Candidate.objects.only("code", "name", "is_stub"), pk=note.candidate_id)
    if candidate.hides_identity:
        raise PermissionDenied(_("Your note may tell who this is. Reveal the person first, then change it."))
    written = {"text": note.text, "kind": note.kind, "job_code": note.job_code}
    jobs = jobs_of(candidate)
    if note.job_code and note.job_code not in dict(jobs):
        jobs.append((note.job_code, note.job_code))
    sent = request.POST if request.method == "POST" else None
    form = NoteForm(sent, initial=written, jobs=jobs, auto_id=f"id_note{pk}_%s")
    if request.method == "POST" and form.is_valid():
        noting.change(note, by=signed_in(request), **form.values)
        if is_fragment(request):
            return _render_notes(request, candidate, NoteForm(jobs=jobs), told=_("The note is changed."))
        messages.success(request, _("The note is changed."))
        return redirect(f"{candidate.get_absolute_url()}#note-{pk}")
    context = {"candidate": candidate, "note": note, "form": form}
    template = "candidates/note_edit.html" + ("#form" if is_fragment(request) else "")
    return render(request, template, context)


@require_POST
@may_comment
def note_delete(request: HttpRequest, pk: int) -> HttpResponse:
    note = _own_note(request, pk)
    noting.delete(note, by=signed_in(request))
    return _after_note(request, note.candidate_id, _("The note is deleted."), undo=_restore_url(pk))


@require_POST
@may_comment
def note_restore(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.everyone.only("author", "candidate"), pk=pk)
    get_object_or_404(Candidate.objects.only("code"), pk=note.candidate_id)
    if note.author_id != request.user.pk:
        raise PermissionDenied(_("Only whoever wrote a note may change it."))
    noting.restore(note, by=request.user)
    return _after_note(request, note.candidate_id, _("The note is back."))


def _restore_url(pk: int) -> str:
    return reverse("candidates:note_restore", kwargs={"pk": pk})


def _after_note(request: HttpRequest, candidate_id: int, told: str, *, undo: str = "") -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.only("code", "name", "is_stub"), pk=candidate_id)
    if is_fragment(request):
        response = _render_notes(request, candidate, NoteForm(jobs=jobs_of(candidate)), told=told, undo=undo)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#notes", "outerHTML"
        return response
    messages.success(request, told, extra_tags=undo)
    return redirect(f"{candidate.get_absolute_url()}#notes")


# Tags


@require_http_methods(GET_OR_POST)
@vary_on_headers("HX-Request")
def tags(request: HttpRequest, code: str) -> HttpResponse:
    candidate = person(code)
    if request.method == "POST":
        return _add_tag(request, candidate)
    return _render_tags(request, candidate)


@may_change
def _add_tag(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    try:
        tag = tagging.add(candidate, request.POST.get("name", ""), by=signed_in(request))
    except tagging.BadTag as error:
        if is_fragment(request):
            return _render_tags(request, candidate, problem=str(error))
        messages.error(request, str(error))
    else:
        if is_fragment(request):
            return _render_tags(request, candidate, told=_("Tagged: %(tag)s") % {"tag": tag.name})
    return redirect(f"{candidate.get_absolute_url()}#tags")


@require_POST
@may_change
def tag_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    candidate, tag = person(code), get_object_or_404(Tag, pk=pk)
    tagging.remove(candidate, tag)
    undo = reverse("candidates:tag_restore", kwargs={"code": candidate.code, "pk": pk})
    return _after_tag(request, candidate, _("The tag %(tag)s is removed.") % {"tag": tag.name}, undo=undo)


@require_POST
@may_change
def tag_restore(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    candidate, tag = person(code), get_object_or_404(Tag, pk=pk)
    tagging.put_back(candidate, tag, by=signed_in(request))
    return _after_tag(request, candidate, _("The tag %(tag)s is back.") % {"tag": tag.name})


def _after_tag(request: HttpRequest, candidate: Candidate, told: str, *, undo: str = "") -> HttpResponse:
    if is_fragment(request):
        response = _render_tags(request, candidate, told=told, undo=undo)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#tags", "outerHTML"
        return response
    messages.success(request, told, extra_tags=undo)
    return redirect(f"{candidate.get_absolute_url()}#tags")


def _render_tags(
    request: HttpRequest, candidate: Candidate, *, told: str = "", problem: str = "", undo: str = ""
) -> HttpResponse:
    template = "candidates/candidate_tags.html" + ("#tags" if is_fragment(request) else "")
    said = {"told": told, "problem": problem, "undo_url": undo}
    return render(request, template, tags_context(request, candidate) | said)


def tags_context(request: HttpRequest, candidate: Candidate) -> dict[str, Any]:
    may = viewer_of(request).may_change
    return {
        "candidate": candidate,
        "tags": [{"pk": tag.pk, "name": shown_with(candidate.pk, tag.name)} for tag in candidate.tags.all()],
        "tag_suggestions": tagging.suggestions(candidate) if may else [],
        "may_change": may,
    }
