"""Fit or not fit, more like this one, and what if a reason counted more."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import viewing
from candidates.models import Candidate
from candidates.permissions import may_change, may_comment
from candidates.requests import is_fragment, own_address, signed_in, viewer_of
from jobs.models import Job, Prospect
from scoring import opinions, weighing
from scoring import ranking as rankings
from scoring.like import FIELDS, most_like, skills_of
from scoring.models import Feedback, JobWeights, Ranking
from scoring.opinion_forms import FeedbackForm, WeightsForm
from scoring.reordering import standings, weights_of

FEW_SKILLS = 3  # fewer known ones make likeness a guess


def _job(code: str) -> Job:
    job: Job = get_object_or_404(Job.objects.for_header(), code=code)
    viewing.in_job(job.pk)
    return job


def _candidate(code: str, *fields: str) -> Candidate:
    candidate: Candidate = get_object_or_404(Candidate.objects.coded(code).only(*fields))
    return candidate


# Feedback


@require_POST
@may_comment
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    """Says fit, not fit, or takes it back; htmx puts the new buttons in place of the old ones."""
    job, form = _job(code), FeedbackForm(request.POST)
    candidate = _candidate(request.POST.get("candidate", "")[:80], "code", "name", "is_stub")
    if not opinions.is_in_question(job, candidate):
        return _refused(request, job, _("This person is neither in the job nor in its ranking."))
    if not form.is_valid():
        return _refused(request, job, str(next(iter(form.errors.values()))[0]))
    given = form.cleaned_data
    opinions.give(
        job,
        candidate,
        by=signed_in(request),
        verdict=given["verdict"],
        reasons=given["reasons"],
        note=given["note"],
    )
    if not is_fragment(request):
        messages.success(request, _said(given["verdict"]))
        return redirect(_back(request, job))
    own = opinions.of(job, candidate, reader=signed_in(request))
    context = {"job": job, "candidate": candidate, "opinion": own, "told": _said(given["verdict"])}
    response = render(request, "scoring/_feedback.html", context)
    response.headers["HX-Trigger"] = json.dumps({"feedback-given": {"verdict": given["verdict"]}})
    return response


def _said(verdict: str) -> str:
    texts = {
        Feedback.Verdict.FIT: _("Marked as fit: among the first of this job's list now."),
        Feedback.Verdict.NOT_FIT: _("Marked as not fit: among the last of this job's list now."),
        Feedback.Verdict.NONE: _("Your opinion is taken back."),
    }
    return texts[Feedback.Verdict(verdict)]


def _refused(request: HttpRequest, job: Job, why: str) -> HttpResponse:
    if is_fragment(request):
        return HttpResponseBadRequest(why, content_type="text/plain; charset=utf-8")
    messages.warning(request, why)
    return redirect(_back(request, job))


def _back(request: HttpRequest, job: Job) -> str:
    return own_address(request.POST.get("next", ""), reverse("scoring:job_ranking", args=[job.code]))


# More like this one


@require_safe
@vary_on_headers("HX-Request")
def more_like(request: HttpRequest, code: str, candidate: str) -> HttpResponse:
    job = _job(code)
    person = _candidate(candidate, *FIELDS)
    found = most_like(person)
    ids = [like.candidate.pk for like in found]
    prospects = Prospect.objects.filter(job=job, candidate__in=ids).only("stage", "candidate", "job")
    standing = {prospect.candidate_id: prospect for prospect in prospects}
    known = len(skills_of([person.pk]).get(person.pk, []))
    context = {
        "job": job,
        "person": person,
        "likes": [(like, standing.get(like.candidate.pk)) for like in found],
        "has_skills": bool(known),
        "few_skills": known if known < FEW_SKILLS else 0,
        "may_change": viewer_of(request).may_change,
    }
    template = "scoring/more_like.html" + ("#likes" if is_fragment(request) else "")
    return render(request, template, context)


# Weights


@require_safe
@vary_on_headers("HX-Request")
def weights(request: HttpRequest, code: str) -> HttpResponse:
    """Who would move up and down with the factors of the address; nothing is saved."""
    job = _job(code)
    template = "scoring/weights.html" + ("#preview" if is_fragment(request) else "")
    return render(request, template, _weights_context(request, job, request.GET))


def _weights_context(request: HttpRequest, job: Job, data: Any) -> dict[str, Any]:
    shown = rankings.latest(job)
    groups = standings(shown) if shown else {}
    saved = weights_of(job.pk)
    form = WeightsForm(data, weighing.weighable(groups))
    asks = form.is_valid() and any(name in data for name in form.fields)
    asked = form.weights() if asks or form.errors else saved
    return {
        "job": job,
        "ranking": shown,
        "by_requirements": shown is not None and shown.order == Ranking.Order.REQUIREMENTS,
        "form": form,
        "groups": weighing.weighable(groups, asked=asked, saved=saved),
        "preview": weighing.preview(shown, groups, asked) if shown and groups else None,
        "changed": asked != saved,
        "saved": saved,
        "history": JobWeights.objects.filter(job=job).select_related("by")[:5],
        "may_change": viewer_of(request).may_change,
        "limits": {"least": weighing.LEAST, "most": weighing.MOST, "step": weighing.STEP},
    }


@require_POST
@may_change
def save_weights(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps the factors for this job; without any, everything counts as the model says again."""
    job = _job(code)
    shown = rankings.latest(job)
    form = WeightsForm(request.POST, weighing.weighable(standings(shown)) if shown else [])
    back = redirect("scoring:weights", code=job.code)
    if shown is None or shown.order == Ranking.Order.REQUIREMENTS:
        messages.warning(request, _("Weights need a list in the order of scores."))
    elif not form.is_valid():
        messages.warning(request, _("A factor lies between 0 and 2, in steps of a quarter."))
    else:
        made = weighing.save(job, form.weights(), by=signed_in(request))
        _tell_saved(request, made)
    return back


def _tell_saved(request: HttpRequest, made: JobWeights | None) -> None:
    if made is None:
        messages.info(request, _("These weights hold already."))
    elif made.weights:
        messages.success(request, _("Saved. The list of this job stands in the new order."))
    else:
        messages.success(request, _("Every reason counts as the model says again."))
