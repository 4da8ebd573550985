"""Moving people from stage to stage: one address for the board, a list and a page without script."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from candidates import viewing
from candidates.models import Candidate
from candidates.permissions import may_change
from candidates.requests import own_address, signed_in
from jobs import moving
from jobs.board import cards_of, heads
from jobs.forms import MoveForm
from jobs.models import Job, Prospect, Stage

MOST = 500  # people moved with one click
LEVELS = {messages.SUCCESS: "success", messages.WARNING: "warning"}


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Moves people to a stage of a job; asks for the reason where the stage needs one."""
    job = get_object_or_404(Job.objects.only("code", "title"), code=code)
    viewing.in_job(job.pk)
    sent = request.POST if request.method == "POST" else request.GET
    form, people = MoveForm(sent), _people(sent.getlist("candidate")[:MOST])
    if form.stage is None or not people:
        return _nothing_chosen(request, job, form, sent.getlist("candidate"))
    if request.method != "POST" or not form.is_valid():
        return _ask(request, job, form, people)
    moved = _bring(request, job, form.cleaned_data, people)
    return _told(request, job, moved, people=people, to=form.stage)


@require_POST
@may_change
def undo_move(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """With ``others`` those who moved on since stay where they are."""
    try:
        back = moving.undo(batch, by=signed_in(request), others="others" in request.GET)
    except moving.CannotUndo as error:
        retry = reverse("jobs:undo_move", args=[batch]) + "?others=1" if error.others else ""
        return _say(request, str(error), level=messages.WARNING, undo=retry, happened={"undone": None})
    return _say(request, _taken_back(back), happened={"undone": str(batch)})


def _taken_back(back: moving.Moved) -> str:
    if back.conflicts:
        text = ngettext(
            "%(back)d of %(all)d put back; %(stay)d has moved since.",
            "%(back)d of %(all)d put back; %(stay)d have moved since.",
            len(back.conflicts),
        )
        went, stay = len(back.moved), len(back.conflicts)
        return text % {"back": went, "all": went + stay, "stay": stay}
    text = ngettext("%(count)d move taken back.", "%(count)d moves taken back.", len(back.moved))
    return text % {"count": len(back.moved)}


def _people(codes: list[str]) -> list[Candidate]:
    return list(Candidate.objects.coded_any(codes).only("code", "name"))


def _bring(request: HttpRequest, job: Job, wanted: dict[str, Any], people: list[Candidate]) -> moving.Moved:
    return moving.bring(
        job,
        people,
        to=Stage(wanted["to"]),
        by=signed_in(request),
        reason_code=wanted["reason_code"],
        reason=wanted["reason"],
        expected=_seen(request, people),
    )


def _seen(request: HttpRequest, people: list[Candidate]) -> dict[int, str]:
    """Where each was seen: one stage for all, or as many as people were sent, in the same order."""
    codes, stages = request.POST.getlist("candidate"), request.POST.getlist("from")
    if len(stages) == 1:
        seen = dict.fromkeys((one.pk for one in people), stages[0])
    else:
        by_code = dict(zip(codes, stages, strict=False)) if len(codes) == len(stages) else {}
        seen = {one.pk: by_code.get(one.code, "") for one in people}
    return {pk: stage for pk, stage in seen.items() if stage in Stage.values}


# What the person who clicked is told


def _nothing_chosen(request: HttpRequest, job: Job, form: MoveForm, codes: list[str]) -> HttpResponse:
    if codes and form.stage is not None:
        raise Http404  # people who are not there, or not for these eyes
    text = _("Choose whom to move first.") if not codes else _("Choose the stage to move to.")
    return _say(request, text, level=messages.WARNING, job=job)


def _ask(request: HttpRequest, job: Job, form: MoveForm, people: list[Candidate]) -> HttpResponse:
    context = {"job": job, "form": form, "people": people, "next": _next(request, job)}
    context |= {"seen": request.POST.get("from", request.GET.get("from", ""))}
    return render(request, "jobs/move.html", context)


def _told(
    request: HttpRequest, job: Job, moved: moving.Moved, *, people: list[Candidate], to: Stage
) -> HttpResponse:
    codes = {one.pk: one.code for one in people}
    happened = {
        "to": to.value,
        "batch": str(moved.batch),
        "moved": [codes[one.candidate_id] for one in moved.moved],
        "unchanged": [codes[one.candidate_id] for one in moved.unchanged],
        "conflicts": [{"candidate": codes[p.candidate_id], "stage": p.stage} for p in moved.conflicts],
    }
    level = messages.WARNING if moved.conflicts else messages.SUCCESS
    undo = reverse("jobs:undo_move", args=[moved.batch]) if moved.moved else ""
    return _say(request, _sentence(moved, to), level=level, undo=undo, happened=happened, job=job)


def _sentence(moved: moving.Moved, to: Stage) -> str:
    parts = []
    if moved.moved:
        text = ngettext(
            "%(count)d person moved to: %(stage)s.", "%(count)d people moved to: %(stage)s.", len(moved.moved)
        )
        parts.append(text % {"count": len(moved.moved), "stage": to.label})
    if moved.unchanged:
        text = ngettext("%(count)d was there already.", "%(count)d were there already.", len(moved.unchanged))
        parts.append(text % {"count": len(moved.unchanged)})
    if moved.conflicts:
        parts.append(_conflict(moved.conflicts))
    return " ".join(parts)


def _conflict(prospects: list[Prospect]) -> str:
    if len(prospects) == 1:
        text = _("Somebody else moved this person to “%(stage)s” meanwhile: look again, then move them.")
        return text % {"stage": prospects[0].get_stage_display()}
    text = _("%(count)d people were moved by somebody else meanwhile and stay there.")
    return text % {"count": len(prospects)}


def _say(
    request: HttpRequest,
    text: str,
    *,
    level: int = messages.SUCCESS,
    undo: str = "",
    happened: dict[str, Any] | None = None,
    job: Job | None = None,
) -> HttpResponse:
    """A toast: for htmx out of band, with the event ``stage-moved``; else a message on the next page."""
    if request.headers.get("HX-Request") != "true":
        messages.add_message(request, level, text, extra_tags=undo)
        return redirect(_next(request, job))
    context: dict[str, Any] = {"text": text, "level": LEVELS[level], "undo_url": undo}
    if job and request.POST.get("board"):
        context |= _changed_on_the_board(request, job)
    context["undo_next"] = _next(request, job)
    response = render(request, "jobs/_moved.html", context)
    response.headers["HX-Reswap"] = "none"
    if happened:
        response.headers["HX-Trigger"] = json.dumps({"stage-moved": happened})
    return response


def _changed_on_the_board(request: HttpRequest, job: Job) -> dict[str, Any]:
    """Cards and heads of columns after a move; a stage that was reached may show who somebody is."""
    with viewing.seen_by(viewing.as_user(signed_in(request))):
        viewing.in_job(job.pk)
        cards = cards_of(job, _people(request.POST.getlist("candidate")[:MOST]))
    return {"cards": cards, "columns": heads(job), "board_job": job, "may_change": True}


def _next(request: HttpRequest, job: Job | None) -> str:
    """Where to go on: an address of this site, by default the board."""
    board = reverse("jobs:board", args=[job.code]) if job else reverse("jobs:job_list")
    return own_address(request.POST.get("next", request.GET.get("next", "")), board)
