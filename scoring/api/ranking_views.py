"""Rankings: a job's people in order, as they were compared."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.listing import Listing, Sort
from candidates.integration.parameters import StrictQueryView, limit_parameter, whole
from candidates.integration.rendering import QuickJsonRenderer
from candidates.integration.words import FOLLOWED_AT
from candidates.models import RunState
from candidates.requests import acting
from jobs.models import Job
from scoring import ranking
from scoring.api import examples, told
from scoring.api.parameters import wanted, wrong
from scoring.api.prediction_filters import RankingFilters
from scoring.api.refusals import (
    NO_JOB,
    NO_MODEL,
    POLL_SECONDS,
    RETRY_AFTER,
    LastRankingFailed,
    NoModelInUse,
    NothingToCompare,
)
from scoring.api.serializers import (
    ListedRankingSerializer,
    NewRankingSerializer,
    PendingRankingSerializer,
    RankingSerializer,
    RankingWithStateSerializer,
)
from scoring.models import ModelVersion, Prediction, Ranking

GROUPS = (Prediction.Group.PROSPECT, Prediction.Group.POOL, Prediction.Group.NOT_RANKABLE)
MOST_ROWS = 1_000
LONG_OF_JOB = ("activities", "competences", "remarks", "raw", "search_vector")
# What a row is told of, and whose it is: half of the columns, which made half of the time of reading them
OF_A_ROW = (
    *("candidate", "candidate_code", "ranking", "group", "rank"),
    *("score", "accept_score", "decision", "requirements"),
)
WHAT = [
    limit_parameter(default=MOST_ROWS, most=MOST_ROWS),
    OpenApiParameter("group", str, enum=[str(group) for group in GROUPS], description="Only these people."),
    OpenApiParameter(
        "reasons", bool, description="false: without what each score is made of; several times as quick."
    ),
]
FAILED = OpenApiResponse(description="The last ranking failed; POST asks for another.")
NOT_RANKABLE = OpenApiResponse(
    description="Only the code of the job is known: nothing to compare candidates with."
)


class _RankingRead(StrictQueryView):
    resource = "rankings"
    renderer_classes = (QuickJsonRenderer,)

    def parameters(self) -> Mapping[str, bool]:
        return {**super().parameters(), "limit": False, "group": False, "reasons": False}

    def told(self, found: Ranking) -> dict[str, Any]:
        """The rows that were asked for, and what they are rows of. Raises ValidationError."""
        group = self.request.query_params.get("group")
        if group is not None and group not in GROUPS:
            names = ", ".join(GROUPS)
            raise wrong("group", str(_("Must be one of: %(choices)s.") % {"choices": names}), "not_a_choice")
        limit = whole(self.request, "limit", default=MOST_ROWS, most=MOST_ROWS)
        with_reasons = wanted(self.request, "reasons", otherwise=True)
        rows = _rows(found, group=group, with_reasons=with_reasons)[:limit]
        return told.ranking(found) | {"rows": [told.ranked(row, with_reasons=with_reasons) for row in rows]}


class RankingView(_RankingRead):
    @extend_schema(
        operation_id="job_ranking",
        summary="A job's prospects in order, and the best of the pool",
        description=(
            "The newest ranking, also when the job or its people changed since (`stale`). When there is "
            "none yet, it is asked for and 202 says when to come back. Rows come in the order prospects, "
            "pool, not enough data."
        ),
        tags=["rankings"],
        responses={
            200: RankingSerializer,
            202: PendingRankingSerializer,
            404: NO_JOB,
            409: FAILED,
            503: NO_MODEL,
        },
        parameters=[*WHAT, RETRY_AFTER],
        examples=[
            OpenApiExample("Ranking", value=examples.RANKING, status_codes=["200"]),
            OpenApiExample("Not yet", value=examples.PENDING, status_codes=["202"]),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        job = _job(code)
        found = ranking.latest(job)
        if found is not None:
            return Response(self.told(found))
        _refuse_to_fail_again(job)
        return _requested(job, request)

    @extend_schema(
        operation_id="job_ranking_create",
        summary="Rank a job anew",
        description="Asks for a ranking by the model in use, or finds the one that is under way.",
        tags=["rankings"],
        request=None,
        responses={202: PendingRankingSerializer, 404: NO_JOB, 409: NOT_RANKABLE, 503: NO_MODEL},
        parameters=[RETRY_AFTER, FOLLOWED_AT],
        examples=[OpenApiExample("Queued", value=examples.PENDING, status_codes=["202"])],
    )
    def post(self, request: Request, code: str) -> Response:
        return _requested(_job(code), request)


class RankingDetailView(_RankingRead):
    @extend_schema(
        operation_id="rankings_read",
        summary="A ranking by its number",
        description="Also an old one, and one that is under way (`state`): it has no rows yet.",
        tags=["rankings"],
        responses={
            200: RankingWithStateSerializer,
            404: OpenApiResponse(description="There is no such ranking."),
        },
        parameters=WHAT,
        examples=[OpenApiExample("Done", value=examples.RANKING_READ, status_codes=["200"])],
    )
    def get(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(_rankings(), pk=pk)
        return Response(self.told(found) | told.progress(found))


@extend_schema_view(
    get=extend_schema(
        operation_id="rankings_list",
        summary="The rankings, newest first, without their rows",
        description="Of all jobs that the caller sees, also those under way and failed ones.",
        tags=["rankings"],
        responses={200: ListedRankingSerializer(many=True)},
        examples=[OpenApiExample("A ranking", value=examples.LISTED_RANKING, status_codes=["200"])],
    )
)
class RankingListView(Listing):
    resource = "rankings"
    serializer_class = ListedRankingSerializer
    queryset = Ranking.objects.none()
    filterset_class = RankingFilters
    sorts = {"id": Sort("pk")}
    default_sort = "-id"

    def get_queryset(self) -> "QuerySet[Any]":
        return _rankings()

    @extend_schema(
        operation_id="rankings_create",
        summary="Rank a job",
        description="Asks for a ranking by the model in use, or finds the one that is under way.",
        tags=["rankings"],
        request=NewRankingSerializer,
        responses={202: PendingRankingSerializer, 409: NOT_RANKABLE, 503: NO_MODEL},
        parameters=[RETRY_AFTER, FOLLOWED_AT],
        examples=[
            OpenApiExample("A job", value={"job": "5185"}, request_only=True),
            OpenApiExample("Queued", value=examples.PENDING, response_only=True, status_codes=["202"]),
        ],
    )
    def post(self, request: Request) -> Response:
        sent = self.sent(NewRankingSerializer)
        job = Job.objects.filter(code=sent["job"]).first()
        if job is None:
            told_ = ErrorDetail(str(_("There is no job with this code.")), code="unknown_job")
            raise ValidationError({"job": [told_]})
        return _requested(job, request)


def _job(code: str) -> Job:
    return get_object_or_404(Job.objects.defer(*LONG_OF_JOB), code=code)


def _rankings() -> "QuerySet[Ranking]":
    return Ranking.objects.select_related("model_version", "job").defer(*ranking.LONG)


def _rows(found: Ranking, *, group: str | None, with_reasons: bool) -> "QuerySet[Prediction]":
    """Prospects first, then the pool, each by rank; those without enough data at the end."""
    order = Case(*(When(group=one, then=place) for place, one in enumerate(GROUPS)), default=len(GROUPS))
    rows = found.predictions.only(*OF_A_ROW, *(("reasons",) if with_reasons else ()))
    rows = rows.filter(group=group) if group else rows.exclude(group="")
    return rows.order_by(order, F("rank").asc(nulls_last=True), "pk")


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
    where = request.build_absolute_uri(reverse("api-ranking-read", args=[asked.pk]))
    headers = {"Retry-After": str(POLL_SECONDS), "Location": where}
    return Response(PendingRankingSerializer(asked).data, status=HTTPStatus.ACCEPTED, headers=headers)
