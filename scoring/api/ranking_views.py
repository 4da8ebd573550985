"""Rankings: a job's people in order, as they were compared."""

from http import HTTPStatus

from django.db.models import Case, F, QuerySet, When
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.views import ApiView
from candidates.models import RunState
from candidates.requests import acting
from jobs.models import Job
from scoring import ranking
from scoring.api import examples
from scoring.api.refusals import (
    NO_JOB,
    NO_MODEL,
    POLL_SECONDS,
    RETRY_AFTER,
    LastRankingFailed,
    NoModelInUse,
    NothingToCompare,
)
from scoring.api.serializers import PendingRankingSerializer, RankingSerializer
from scoring.models import ModelVersion, Prediction, Ranking


class RankingView(ApiView):
    resource = "rankings"

    @extend_schema(
        operation_id="job_ranking",
        summary="A job's prospects in order, and the best of the pool",
        description=(
            "The newest ranking, also when the job or its people changed since (`stale`). When there is none "
            "yet, it is asked for and 202 says when to come back."
        ),
        tags=["rankings"],
        responses={
            200: RankingSerializer,
            202: PendingRankingSerializer,
            404: NO_JOB,
            409: OpenApiResponse(description="The last ranking failed; POST asks for another."),
            503: NO_MODEL,
        },
        parameters=[RETRY_AFTER],
        examples=[
            OpenApiExample("Ranking", value=examples.RANKING, status_codes=["200"]),
            OpenApiExample("Not yet", value=examples.PENDING, status_codes=["202"]),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        job = _job(code)
        found = ranking.latest(job)
        if found is not None:
            return Response(RankingSerializer(found, context={"rows": _rows(found)}).data)
        _refuse_to_fail_again(job)
        return _requested(job, request)

    @extend_schema(
        operation_id="job_ranking_create",
        summary="Rank a job anew",
        description="Asks for a ranking by the model in use, or finds the one that is under way.",
        tags=["rankings"],
        request=None,
        responses={
            202: PendingRankingSerializer,
            404: NO_JOB,
            409: OpenApiResponse(description="Only the code of the job is known: nothing to compare with."),
            503: NO_MODEL,
        },
        parameters=[RETRY_AFTER],
        examples=[OpenApiExample("Queued", value=examples.PENDING, status_codes=["202"])],
    )
    def post(self, request: Request, code: str) -> Response:
        return _requested(_job(code), request)


def _job(code: str) -> Job:
    if "\0" in code:  # no text of the database may hold one
        raise Http404
    return get_object_or_404(Job, code=code)


def _rows(found: Ranking) -> "QuerySet[Prediction]":
    """Prospects first, then the pool, each by rank; those without enough data at the end."""
    groups = [Prediction.Group.PROSPECT, Prediction.Group.POOL, Prediction.Group.NOT_RANKABLE]
    order = Case(*(When(group=group, then=place) for place, group in enumerate(groups)), default=len(groups))
    rows = found.predictions.defer("features").order_by(order, F("rank").asc(nulls_last=True), "pk")
    return rows.exclude(group="")


def _refuse_to_fail_again(job: Job) -> None:
    """A client that polls must not start a ranking that fails at every look."""
    last = (
        Ranking.objects.filter(job=job, model_version=ModelVersion.objects.champion()).order_by("-pk").first()
    )
    if last is not None and last.state == RunState.FAILED:
        raise LastRankingFailed(_("The last ranking of this job failed: %(error)s") % {"error": last.error})


def _requested(job: Job, request: Request) -> Response:
    try:
        asked = ranking.request_ranking(job, by=acting(request))
    except ranking.NotRankable as error:
        raise NothingToCompare(str(error)) from None
    if asked is None:
        raise NoModelInUse
    body = PendingRankingSerializer(asked).data
    return Response(body, status=HTTPStatus.ACCEPTED, headers={"Retry-After": str(POLL_SECONDS)})
