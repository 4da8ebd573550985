from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.models import Candidate
from jobs.models import Job
from scoring import model_figures, training
from scoring import ranking as rankings
from scoring.forms import TrainForm
from scoring.models import ModelVersion, Prediction, Ranking, TrainingRun
from scoring.panels import job_panel

STOP_POLLING = 286  # htmx's own status: swap this answer in and ask no more
PREDICTIONS_SHOWN = 50
RUNS_SHOWN = 10


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


# Rankings


@require_safe
@vary_on_headers("HX-Request")
def job_ranking(request: HttpRequest, code: str) -> HttpResponse:
    return _panel(request, get_object_or_404(Job, code=code))


@require_safe
@vary_on_headers("HX-Request")
def ranking_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one ranking is; once it is over, the whole panel takes the page's place for it."""
    ranking = get_object_or_404(Ranking.objects.select_related("job", "model_version"), pk=pk)
    if not _is_fragment(request):
        return redirect("scoring:job_ranking", code=ranking.job.code)
    if not ranking.is_over:
        return render(request, "scoring/_ranking_progress.html", {"run": ranking})
    response = _panel(request, ranking.job, status=STOP_POLLING)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#ranking", "outerHTML"
    return response


def _panel(request: HttpRequest, job: Job, *, status: int = 200) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    panel = job_panel(job, by=user, whole=request.GET.get("show") == "all")
    template = "scoring/job_ranking.html" + ("#ranking" if _is_fragment(request) else "")
    return render(request, template, {"job": job, "panel": panel}, status=status)


@require_POST
def request_ranking(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job, code=code)
    user = request.user if request.user.is_authenticated else None
    try:
        if rankings.request_ranking(job, by=user) is None:
            messages.warning(request, _("No model is in use yet. Train one first."))
    except rankings.NotRankable as error:
        messages.info(request, str(error))
    if _is_fragment(request):
        return _panel(request, job)
    return redirect("scoring:job_ranking", code=code)


@require_safe
@vary_on_headers("HX-Request")
def candidate_predictions(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.only("code", "name"), code=code)
    predictions = (
        Prediction.objects.filter(candidate=candidate)
        .select_related("job", "model_version")
        .only(
            *("group", "score", "rank", "source", "created_at"),
            *("job__code", "job__title", "model_version__number", "model_version__recipe"),
        )
        .order_by("-created_at")
    )
    template = "scoring/candidate_predictions.html" + ("#predictions" if _is_fragment(request) else "")
    return render(request, template, {"candidate": candidate, "predictions": predictions[:PREDICTIONS_SHOWN]})


# Models


@require_safe
def model_list(request: HttpRequest) -> HttpResponse:
    context = {
        "models": [model_figures.summary(version) for version in ModelVersion.objects.for_list()],
        "runs": TrainingRun.objects.select_related("version").defer("log", "details")[:RUNS_SHOWN],
        "form": TrainForm(label_suffix="") if request.user.has_perm("scoring.add_trainingrun") else None,
    }
    return render(request, "scoring/model_list.html", context)


@require_safe
def model_detail(request: HttpRequest, number: int) -> HttpResponse:
    versions = ModelVersion.objects.select_related("training_run", "promoted_by")
    version = get_object_or_404(versions, number=number)
    context = {"model": model_figures.summary(version), "details": model_figures.details(version)}
    return render(request, "scoring/model_detail.html", context)


@require_POST
@permission_required("scoring.add_trainingrun", raise_exception=True)
def train(request: HttpRequest) -> HttpResponse:
    form = TrainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That training could not be started: unknown recipe or label policy."))
        return redirect("scoring:model_list")
    user = request.user if request.user.is_authenticated else None
    run, made = training.request_training(**form.cleaned_data, by=user)
    if not made:
        messages.info(
            request, _("“%(recipe)s” is being trained already; here it is.") % {"recipe": run.recipe}
        )
    return redirect(run)


@require_safe
@vary_on_headers("HX-Request")
def training_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(TrainingRun.objects.select_related("version", "requested_by"), pk=pk)
    template, status = "scoring/training_run_detail.html", 200
    if _is_fragment(request):
        template, status = template + "#run", STOP_POLLING if run.is_over else 200
    return render(request, template, {"run": run}, status=status)
