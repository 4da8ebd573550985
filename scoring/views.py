import uuid
from urllib.parse import parse_qs, unquote, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import viewing
from candidates.merging import records_of
from candidates.models import Candidate
from candidates.permissions import COMMENTS, may_change
from candidates.requests import is_fragment, viewer_of
from jobs.models import Job, RejectionReason, Stage, WithdrawalReason
from jobs.moving import REASONS
from scoring import ranked_list_exposure as exposure
from scoring import ranking as rankings
from scoring.models import Prediction, Ranking
from scoring.panels import job_panel
from scoring.panels import prediction_detail as detail_of
from scoring.ranked_list_columns import COLUMNS, WORDS, in_words
from scoring.ranked_list_export import names_stay_out
from scoring.ranked_list_rows import words_of
from scoring.ranked_list_wanted import without_empty
from scoring.templatetags.figures import attribute

STOP_POLLING = 286  # htmx's own status: swap this answer in and ask no more
PREDICTIONS_SHOWN = 50
# Of the person and the job of one prediction: long, and no part of its page
UNREAD = (
    *("candidate__cv_text", "candidate__cv_text_en", "candidate__raw", "candidate__search_vector"),
    *("job__activities", "job__competences", "job__raw", "job__search_vector"),
)


# Rankings


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def job_ranking(request: HttpRequest, code: str) -> HttpResponse:
    """The list; by htmx its part alone, or with everything around it where another page embeds it."""
    return _panel(request, _job(code=code))


@require_safe
@vary_on_headers("HX-Request")
def ranking_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one ranking is; once it is over, the whole panel takes the page's place for it."""
    ranking = get_object_or_404(Ranking.objects.select_related("job", "model_version"), pk=pk)
    if not is_fragment(request):
        return redirect("scoring:job_ranking", code=ranking.job.code)
    if not ranking.is_over:
        return render(request, "scoring/_ranking_progress.html", {"run": ranking, "query": _query(request)})
    response = _panel(request, ranking.job, status=STOP_POLLING)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#ranking", "outerHTML"
    return response


def _job(**wanted: str) -> Job:
    return get_object_or_404(Job.objects.for_header(), **wanted)


def _query(request: HttpRequest) -> str:
    return without_empty(request.GET)


def _panel(request: HttpRequest, job: Job, *, status: int = 200) -> HttpResponse:
    viewing.in_job(job.pk)
    viewer = viewer_of(request)
    user = request.user if request.user.is_authenticated else None
    panel = job_panel(job, by=user, data=request.GET)
    if user is not None:
        exposure.record(panel.found, user=user)
    address, query = reverse("scoring:job_ranking", args=[job.code]), _query(request)
    here = f"{address}?{query}" if query else address
    context = {
        "job": job,
        "panel": panel,
        "blind": names_stay_out(job, viewer),
        "may_comment": viewer.role in COMMENTS,
        "ranking_url": address,
        "list_path": escape(here),  # as all that each row repeats: once
        "query": query,
        "person_query": escape(panel.found.wanted.query(job=job.code)),
        "labels": in_words(COLUMNS),
        "words": in_words(WORDS),
        "token": escape(get_token(request)),  # one for all forms: each call masks it anew
        "top_score": attribute(panel.found.top_score),
        "move_url": reverse("jobs:move", args=[job.code]),
        "selected_url": reverse("scoring:selected", args=[job.code]),
        "feedback_url": escape(reverse("scoring:feedback", args=[job.code])),
        "like_url": escape(reverse("scoring:more_like", args=[job.code, "-"]).removesuffix("-/")),
        "others_url": escape(reverse("scoring:elsewhere", args=[job.code, "-"]).removesuffix("-/")),
        "stages": [stage for stage in Stage if stage not in REASONS],
        "rejections": RejectionReason.choices,
        "withdrawals": WithdrawalReason.choices,
    }
    response = render(request, _template(request), context, status=status)
    if moved_on := _address_of_page(request, job, query):
        response.headers["HX-Push-Url"] = moved_on
    return response


def _template(request: HttpRequest) -> str:
    if not is_fragment(request):
        return "scoring/job_ranking.html"
    only_list = request.headers.get("HX-Target") == "ranked-list"
    return "scoring/_ranked_list.html" if only_list else "scoring/_ranking.html"


def _address_of_page(request: HttpRequest, job: Job, query: str) -> str:
    """Where the browser is once it shows this list, so that its Back button brings back what was shown
    before: the list's own page, or the job's, which embeds it. Nothing where the address stays."""
    was = urlsplit(request.headers.get("HX-Current-URL", ""))
    path = unquote(was.path)
    if path not in (
        unquote(job.get_absolute_url()),
        unquote(reverse("scoring:job_ranking", args=[job.code])),
    ):
        return ""
    if parse_qs(was.query) == parse_qs(query):  # drawn anew: nothing else is shown
        return ""
    return f"{was.path}?{query}" if query else was.path


@require_POST
@may_change
def request_ranking(request: HttpRequest, code: str) -> HttpResponse:
    job = _job(code=code)
    user = request.user if request.user.is_authenticated else None
    try:
        if rankings.request_ranking(job, by=user) is None:
            messages.warning(request, _("No model is in use yet. Train one first."))
    except rankings.NotRankable as error:
        messages.info(request, str(error))
    if is_fragment(request):
        return _panel(request, job)
    return redirect("scoring:job_ranking", code=code)


@require_safe
@vary_on_headers("HX-Request")
def candidate_predictions(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.coded(code).only("code", "name"))
    predictions = (
        Prediction.objects.filter(candidate__in=records_of(candidate))
        .select_related("job", "model_version", "ranking")
        .only(
            *("group", "score", "rank", "source", "created_at", "ranking__order"),
            *("job__code", "job__title", "model_version__number", "model_version__recipe"),
        )
        .order_by("-created_at")
    )
    template = "scoring/candidate_predictions.html" + ("#predictions" if is_fragment(request) else "")
    return render(request, template, {"candidate": candidate, "predictions": predictions[:PREDICTIONS_SHOWN]})


@require_safe
def prediction_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    people = ("candidate", "job", "model_version", "ranking", "requested_by")
    stored = Prediction.objects.select_related(*people).defer("features", *UNREAD)
    prediction = get_object_or_404(stored, pk=pk)
    return render(request, "scoring/prediction_detail.html", {"detail": detail_of(prediction)})


@require_safe
@vary_on_headers("HX-Request")
def prediction_requirements(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was asked of one person, which a list fetches once somebody unfolds it."""
    prediction = get_object_or_404(Prediction.objects.only("candidate_id", "requirements", "reasons"), pk=pk)
    if not is_fragment(request):
        return redirect(prediction)
    return render(request, "scoring/_gates.html", {"row": words_of(prediction, None)})
