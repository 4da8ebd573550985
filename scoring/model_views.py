"""Pages of models: registry, one version, two beside each other, review, cuts, training."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.permissions import may_change
from candidates.requests import is_fragment
from scoring import checks, reviewing, training
from scoring.figures import comparison, reading
from scoring.figures.cuts import cuts
from scoring.figures.details import details, made, params
from scoring.figures.further import further as measured_further
from scoring.figures.sections import feature_groups
from scoring.figures.summary import summary
from scoring.forms import MarkForm, TrainForm, VersionFilter
from scoring.holdout import holdout
from scoring.models import ModelCheck, ModelVersion, TrainingRun

STOP_POLLING = 286  # htmx's own status: swap this answer in and ask no more
VERSIONS_A_PAGE = 50
RUNS_SHOWN = 10
FIELD_TABLES = ("fields", "features", "gains")  # parts of its page


@require_safe
@vary_on_headers("HX-Request")
def model_list(request: HttpRequest) -> HttpResponse:
    wanted = VersionFilter(request.GET)
    page = Paginator(wanted.apply(ModelVersion.objects.for_list()), VERSIONS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"filter": wanted, "page": page, "models": [summary(version) for version in page.object_list]}
    if is_fragment(request):
        return render(request, "scoring/model_list.html#results", context)
    context |= {
        "runs": TrainingRun.objects.select_related("version").defer("log", "details")[:RUNS_SHOWN],
        "form": TrainForm(label_suffix="") if request.user.has_perm("scoring.add_trainingrun") else None,
    }
    return render(request, "scoring/model_list.html", context)


@require_safe
def model_detail(request: HttpRequest, number: int) -> HttpResponse:
    versions = ModelVersion.objects.select_related("training_run", "promoted_by", "snapshot")
    version = get_object_or_404(versions.defer("training_run__log", "training_run__details"), number=number)
    context = {
        "version": version,
        "model": summary(version),
        "details": details(version, holdout(version)),
        "further": measured_further(version),
        "made": made(version),
        "params": params(version),
        "promotions": version.promotions.select_related("by", "replaced").defer(
            "replaced__metrics", "replaced__card"
        ),
        "champion": ModelVersion.objects.defer("metrics", "card").champion(version.recipe),
    }
    return render(request, "scoring/model_detail.html", context)


@require_safe
@vary_on_headers("HX-Request")
def model_fields(request: HttpRequest, number: int) -> HttpResponse:
    """Every field and feature of a version. ``?part=``: the one table that its page fetches once somebody
    unfolds it."""
    version = get_object_or_404(ModelVersion, number=number)
    card = reading.mapping(version.card)
    context = {
        "version": version,
        "groups": feature_groups(card),
        "audit": reading.mapping(card.get("leakage")),
    }
    part = request.GET.get("part")
    if is_fragment(request) and part in FIELD_TABLES:
        return render(request, f"scoring/model_fields.html#{part}", context)
    return render(request, "scoring/model_fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def further(request: HttpRequest, number: int) -> HttpResponse:
    """POST asks a worker to measure the version on further windows; GET tells htmx how far it is."""
    version = get_object_or_404(ModelVersion, number=number)
    if request.method == "POST":
        if not request.user.has_perm("scoring.add_trainingrun"):
            raise PermissionDenied
        user = request.user if request.user.is_authenticated else None
        checks.request(version, ModelCheck.Kind.FURTHER, by=user)
    if not is_fragment(request):
        return redirect(f"{version.get_absolute_url()}#further-title")
    found = measured_further(version)
    over = request.method != "POST" and found.active is None
    context = {"version": version, "further": found}
    return render(request, "scoring/model/_tests.html", context, status=STOP_POLLING if over else 200)


# Two versions


@require_safe
def model_compare(request: HttpRequest) -> HttpResponse:
    """``?a=3&b=5``; the boxes of the registry send ``?v=3&v=5``."""
    ticked = request.GET.getlist("v")
    if len(ticked) == 2:
        older, newer = sorted(ticked, key=lambda number: (len(number), number))
        return redirect(f"{reverse('scoring:model_compare')}?a={older}&b={newer}")
    asked = [request.GET.get(side, "") for side in ("a", "b")]
    there = {
        str(version.number): version
        for version in ModelVersion.objects.filter(number__in=[int(n) for n in asked if _is_number(n)])
    }
    found = [there.get(number) for number in asked]
    context: dict[str, Any] = {
        "versions": ModelVersion.objects.only("number", "recipe", "state").order_by("-number"),
        "first": found[0],
        "second": found[1],
        "problem": _problem(asked, found, ticked),
    }
    if context["problem"] or found[0] is None or found[1] is None:
        return render(request, "scoring/model_compare.html", context)
    context["compared"] = comparison.compare(found[0], found[1])
    return render(request, "scoring/model_compare.html", context)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _problem(asked: list[str], found: list[ModelVersion | None], ticked: list[str]) -> str:
    if ticked:
        return _("Choose exactly two versions to compare; %(count)d were chosen.") % {"count": len(ticked)}
    if not any(asked):
        return ""  # nothing was asked yet: the page offers the choice
    if not all(asked):
        return _("Choose two versions to compare.")
    unknown = [number for number, version in zip(asked, found, strict=True) if version is None]
    if unknown:
        return _("There is no version “%(number)s”.") % {"number": unknown[0][:20]}
    if asked[0] == asked[1]:
        return _("Choose two different versions.")
    return ""


# Review


@require_safe
def model_review(request: HttpRequest, number: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion, number=number)
    context = {"version": version, "review": reviewing.review(version, by=_person(request))}
    return render(request, "scoring/model_review.html", context)


@require_POST
@may_change
def mark(request: HttpRequest, number: int) -> HttpResponse:
    """Set, change or take back one's own mark of one prediction, or write its note."""
    version = get_object_or_404(ModelVersion, number=number)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("That mark could not be stored."), content_type="text/plain")
    try:
        case = _marked(request, version, form)
    except reviewing.NotAmongThem:
        return HttpResponseBadRequest(
            _("That prediction is not among those to review."), content_type="text/plain"
        )
    kept = form.cleaned_data["mark"] == MarkForm.KEEP
    if kept and case.mark is None:
        return _without_mark(request, version, case, note=form.cleaned_data["note"])
    if not is_fragment(request):
        return redirect(f"{reverse('scoring:model_review', args=[version.number])}#case-{case.key}")
    context = {"version": version, "case": case, "noted": kept}
    context["review"] = reviewing.review(version, by=_person(request))
    return render(request, "scoring/model/_marked.html", context)


def _marked(request: HttpRequest, version: ModelVersion, form: MarkForm) -> reviewing.Case:
    pair = form.cleaned_data["candidate"], form.cleaned_data["job"]
    given, note = form.cleaned_data["mark"], form.cleaned_data["note"]
    if given == MarkForm.KEEP:
        return reviewing.set_note(version, pair, by=_person(request), note=note)
    return reviewing.set_mark(version, pair, by=_person(request), mark=given, note=note)


def _without_mark(
    request: HttpRequest, version: ModelVersion, case: reviewing.Case, *, note: str
) -> HttpResponse:
    """Enter in the note of what has no mark yet: nothing is stored, the note stays in its field.

    htmx swaps in only what was answered with success.
    """
    context: dict[str, Any] = {"version": version, "case": case, "note": note, "unmarked": case.key}
    if is_fragment(request):
        return render(request, "scoring/model/_case.html", context)
    context["review"] = reviewing.review(version, by=_person(request))
    return render(request, "scoring/model_review.html", context, status=422)


def _person(request: HttpRequest) -> User:
    """Whoever is signed in: LoginRequiredMiddleware lets nobody else come here."""
    return cast(User, request.user)


# Cuts


@require_safe
def model_thresholds(request: HttpRequest, number: int) -> HttpResponse:
    """What any cut would do; it only looks, the stored cut stays."""
    version = get_object_or_404(ModelVersion, number=number)
    rows = holdout(version)
    context = {
        "version": version,
        "cuts": None if rows is None else cuts(version, rows, wanted=request.GET.get("step", "")),
    }
    return render(request, "scoring/model_thresholds.html", context)


# Training


@require_POST
@permission_required("scoring.add_trainingrun", raise_exception=True)
def train(request: HttpRequest) -> HttpResponse:
    form = TrainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That training could not be started: unknown recipe or label policy."))
        return redirect("scoring:model_list")
    user = request.user if request.user.is_authenticated else None
    run, made_now = training.request_training(**form.cleaned_data, by=user)
    if not made_now:
        messages.info(
            request, _("“%(recipe)s” is being trained already; here it is.") % {"recipe": run.recipe}
        )
    return redirect(run)


@require_safe
@vary_on_headers("HX-Request")
def training_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(TrainingRun.objects.select_related("version", "requested_by"), pk=pk)
    template, status = "scoring/training_run_detail.html", 200
    if is_fragment(request):
        template, status = template + "#run", STOP_POLLING if run.is_over else 200
    return render(request, template, {"run": run}, status=status)
