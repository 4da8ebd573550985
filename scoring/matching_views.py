"""One person beside others, and beside the open jobs."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import viewing
from candidates.models import Candidate
from candidates.permissions import only
from candidates.requests import is_fragment, signed_in
from jobs.models import Job, Prospect
from scoring.like import most_like
from scoring.lineup import CANDIDATE, FEWEST, MORE, MOST, lineup
from scoring.panels import band
from scoring.registry import NoModel
from scoring.suggesting import suggest
from scoring.trial_forms import TrialForm

if TYPE_CHECKING:
    pass

TO_CHOOSE = 100
SIMILAR_SHOWN = 10
LONG = ("cv_text", "cv_text_en", "raw", "search_vector")


def _fragment(request: HttpRequest, template: str, name: str) -> str:
    return f"{template}#{name}" if is_fragment(request) else template


# Side by side


@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.only("code", "title", "is_stub"), code=code)
    viewing.in_job(job.pk)
    asked = list(dict.fromkeys(request.GET.getlist("c")))
    people = _people(asked[:MOST])
    if len(asked) > MOST:
        messages.warning(request, _("Five people fit side by side: these are the first five."))
    context: dict[str, Any] = {"job": job, "people": people, "only": request.GET.get("only") == "differences"}
    if len(people) < FEWEST:
        return render(request, "scoring/compare_choose.html", context | {"prospects": _prospects(job)})
    return render(request, "scoring/compare.html", context | {"lineup": lineup(job, people)})


def _people(codes: list[str]) -> list[Candidate]:
    found = list(Candidate.objects.coded_any(codes).only(*CANDIDATE, *MORE)[:MOST]) if codes else []
    place = {code: at for at, code in enumerate(codes)}
    return sorted(found, key=lambda person: place.get(person.code, MOST))


def _prospects(job: Job) -> list[Prospect]:
    return list(job.prospects.in_order_of_application()[:TO_CHOOSE])


# People like a person


@require_safe
@vary_on_headers("HX-Request")
def similar(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.coded(code).defer(*LONG))
    context = {"candidate": candidate, "likes": most_like(candidate, limit=SIMILAR_SHOWN)}
    return render(request, _fragment(request, "scoring/similar.html", "similar"), context)


# Jobs for a person


@require_safe
@vary_on_headers("HX-Request")
def other_jobs(request: HttpRequest, code: str) -> HttpResponse:
    """Stores what it tells, as a ranking does."""
    candidate = get_object_or_404(Candidate.objects.coded(code).only("code", "name", "is_stub"))
    context: dict[str, Any] = {"candidate": candidate, "problem": ""}
    from scoring.ml.artifact import ArtifactError

    try:
        found = suggest(candidate, by=signed_in(request))
    except (NoModel, ArtifactError) as error:
        context["problem"] = str(error)
    else:
        rate = found.version.metrics.get("base_rate") if found.version else None
        context |= {"found": found, "rows": [(one, band(one.score, rate)) for one in found.predictions]}
    return render(request, _fragment(request, "scoring/other_jobs.html", "other-jobs"), context)


# Somebody who is not stored


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@only(*viewing.CHANGES, sentence=gettext_lazy("Only recruiters and administrators try candidates."))
def try_candidate(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(
            request,
            "scoring/try_candidate.html",
            {"form": TrialForm(initial=request.GET.dict(), label_suffix="")},
        )
    form = TrialForm(request.POST, label_suffix="")
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        from scoring.ml.artifact import ArtifactError

        try:
            context["trial"] = form.try_out(by=signed_in(request))
        except ArtifactError as error:
            form.add_error("model", str(error))
    status = 200 if form.is_valid() else 422
    return render(request, _fragment(request, "scoring/try_candidate.html", "trial"), context, status=status)
