"""Predictions, rankings, models and training for other systems."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, F, QuerySet, When
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.models import RunState
from candidates.permissions import MayCall
from candidates.requests import signed_in
from jobs.models import Job
from scoring import prediction, ranking, training
from scoring.api import examples
from scoring.api.serializers import (
    ModelSerializer,
    PendingRankingSerializer,
    PredictAnswerSerializer,
    PredictionSerializer,
    PredictRequestSerializer,
    RankingSerializer,
    RequestedTrainingSerializer,
    TrainingRunSerializer,
    TrainRequestSerializer,
    VersionSerializer,
)
from scoring.models import ModelVersion, Prediction, Ranking, TrainingRun

if TYPE_CHECKING:
    pass

POLL_SECONDS = 3

RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[202], description="Seconds until asking again."
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[202], description="Where the progress is read."
)
NO_MODEL = OpenApiResponse(description="No model is in use, or its files cannot be read.")
NO_JOB = OpenApiResponse(description="There is no such job.")


class NoModelInUse(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "no_model"
    default_detail = _("No model can answer: none is in use, or its files cannot be read. Train one first.")


class LastRankingFailed(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "ranking_failed"


class NothingToCompare(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "not_rankable"


class MayTrain(BasePermission):
    message = _("Only administrators may train models.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("scoring.add_trainingrun")


class PredictView(APIView):
    @extend_schema(
        operation_id="predict",
        summary="Score a candidate described by system B's 46 features",
        description=(
            "The request and the five fields of the answer are system B's; the answer also says under "
            "which id, model and correlation id the prediction is stored. It is stored before it is answered."
        ),
        tags=["predictions"],
        request=PredictRequestSerializer,
        responses={200: PredictAnswerSerializer, 503: NO_MODEL},
        examples=[
            OpenApiExample("System B's request", value=examples.PREDICT, request_only=True),
            OpenApiExample("Answer", value=examples.PREDICTED, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = PredictRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        code = asked.validated_data.get("codigo_profissional")
        try:
            stored = prediction.predict_features(
                asked.validated_data["features"],
                candidate_code="" if code is None else str(code),
                by=signed_in(request),
                correlation_id=str(getattr(request, "correlation_id", "")),
            )
        except prediction.NoModel as error:
            raise NoModelInUse from error
        return Response(PredictAnswerSerializer(stored).data)


class PredictionView(RetrieveAPIView[Prediction]):
    serializer_class = PredictionSerializer
    queryset = Prediction.objects.select_related("job", "model_version", "ranking").defer("features")

    @extend_schema(
        operation_id="prediction",
        summary="A stored prediction with the reasons that add up to it",
        description="As it was served, by predict or in a ranking; predictions never change.",
        tags=["predictions"],
        responses={
            200: PredictionSerializer,
            404: OpenApiResponse(description="There is no such prediction."),
        },
        examples=[OpenApiExample("Of a ranking", value=examples.PREDICTION, status_codes=["200"])],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)


class VersionView(APIView):
    @extend_schema(
        summary="Which model answers predict",
        description="System B's fields, and the version of Peneira itself.",
        tags=["service"],
        responses={200: VersionSerializer, 503: NO_MODEL},
        examples=[OpenApiExample("Version", value=examples.VERSION, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        versions = ModelVersion.objects
        answering = versions.champion(prediction.SYSTEM_B_RECIPE) or versions.champion()
        if answering is None:
            raise NoModelInUse
        return Response(VersionSerializer(_version(answering)).data)


def _version(model: ModelVersion) -> dict[str, Any]:
    libraries = model.card.get("libraries", {})
    return {
        "operating_mode": model.operating_mode,
        "threshold": model.threshold,
        "feature_columns": model.feature_names,
        "metadata": libraries | {"recipe": model.recipe, "created_at": model.created_at.isoformat()},
        "artifact_path": model.artifact_path,
        "model_version": model.number,
        "version": settings.VERSION,
        "commit": settings.GIT_COMMIT,
    }


class NewestFirst(CursorPagination):
    page_size = 50
    ordering = "-pk"


class ModelListView(ListAPIView[ModelVersion]):
    serializer_class = ModelSerializer
    pagination_class = NewestFirst
    queryset = ModelVersion.objects.all()

    @extend_schema(
        operation_id="models_list",
        summary="The model versions with their figures, newest first",
        tags=["models"],
        examples=[OpenApiExample("A version", value=examples.MODEL, status_codes=["200"])],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class TrainView(APIView):
    permission_classes = (MayCall, MayTrain)

    @extend_schema(
        operation_id="train",
        summary="Train a model",
        description=(
            "For administrators. Answers at once; the training goes on in the background. While one of the "
            "same recipe is queued or running, that one is answered, with `created: false`."
        ),
        tags=["models"],
        request=TrainRequestSerializer,
        responses={202: RequestedTrainingSerializer},
        parameters=[LOCATION],
        examples=[
            OpenApiExample("The main recipe", value={"recipe": "peneira"}, request_only=True),
            OpenApiExample(
                "Queued", value=examples.RUN | {"created": True}, response_only=True, status_codes=["202"]
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = TrainRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run, made = training.request_training(
            recipe=asked.validated_data["recipe"],
            label_policy=asked.validated_data.get("label_policy", ""),
            by=signed_in(request),
        )
        body = RequestedTrainingSerializer(run, context={"request": request, "created": made}).data
        return Response(body, status=HTTPStatus.ACCEPTED, headers={"Location": str(body["url"])})


class TrainingRunView(RetrieveAPIView[TrainingRun]):
    serializer_class = TrainingRunSerializer
    queryset = TrainingRun.objects.all()

    @extend_schema(
        operation_id="training_run",
        summary="How far a training is",
        tags=["models"],
        responses={200: TrainingRunSerializer, 404: OpenApiResponse(description="There is no such run.")},
        examples=[OpenApiExample("Under way", value=examples.RUN, status_codes=["200"])],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)


class RankingView(APIView):
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
        asked = ranking.request_ranking(job, by=signed_in(request))
    except ranking.NotRankable as error:
        raise NothingToCompare(str(error)) from None
    if asked is None:
        raise NoModelInUse
    body = PendingRankingSerializer(asked).data
    return Response(body, status=HTTPStatus.ACCEPTED, headers={"Retry-After": str(POLL_SECONDS)})
