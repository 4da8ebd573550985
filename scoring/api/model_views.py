"""Model versions, when each began to serve, and trainings."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.integration.listing import Listing, Sort
from candidates.integration.views import ApiView
from candidates.integration.words import FOLLOWED_AT
from candidates.requests import acting
from scoring import training
from scoring.api import examples
from scoring.api.model_filters import ModelFilters, PromotionFilters, TrainingRunFilters
from scoring.api.model_serializers import (
    ListedModelSerializer,
    ListedTrainingRunSerializer,
    ModelDetailSerializer,
    PromotionSerializer,
    RequestedTrainingSerializer,
    TrainingRunSerializer,
    TrainRequestSerializer,
)
from scoring.models import ModelVersion, Promotion, TrainingRun


class MayTrain(BasePermission):
    message = _("Only administrators may train models.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("scoring.add_trainingrun")


class ReadsOrMayTrain(MayTrain):
    """Where trainings are listed, too: what is sent there trains."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


@extend_schema_view(
    get=extend_schema(
        operation_id="models_list",
        summary="The model versions with their figures, newest first",
        description="Also versions that never served.",
        tags=["models"],
        responses={200: ListedModelSerializer(many=True)},
        examples=[OpenApiExample("A version", value=examples.MODEL, status_codes=["200"])],
    )
)
class ModelListView(Listing):
    resource = "models"
    serializer_class = ListedModelSerializer
    queryset = ModelVersion.objects.all()
    filterset_class = ModelFilters
    sorts = {"number": Sort("number")}
    default_sort = "-number"
    loads = {"metrics": ("metrics",)}

    def get_queryset(self) -> "QuerySet[Any]":
        return ModelVersion.objects.defer("card", "verdict", "feature_names")


@extend_schema_view(
    get=extend_schema(
        operation_id="models_read",
        summary="A model version with everything that is known of it",
        description=(
            "Its features, its card (what it learned from, its figures in parts), its fairness, what its "
            "test window proved of the order inside a job, the gate's verdict, and when it began to serve."
        ),
        tags=["models"],
        responses={
            200: ModelDetailSerializer,
            404: OpenApiResponse(description="There is no such version."),
        },
        examples=[OpenApiExample("A version", value=examples.MODEL_READ, status_codes=["200"])],
    )
)
class ModelView(ApiView, RetrieveAPIView[ModelVersion]):
    resource = "models"
    serializer_class = ModelDetailSerializer
    queryset = ModelVersion.objects.select_related("snapshot").prefetch_related(
        "promotions__replaced", "promotions__version"
    )
    lookup_field = "number"


@extend_schema_view(
    get=extend_schema(
        operation_id="promotions_list",
        summary="Which version began to serve when, newest first",
        description="Each with who decided, why, and whether against the gate.",
        tags=["models"],
        responses={200: PromotionSerializer(many=True)},
        examples=[OpenApiExample("A promotion", value=examples.PROMOTION, status_codes=["200"])],
    )
)
class PromotionListView(Listing):
    resource = "models"
    serializer_class = PromotionSerializer
    queryset = Promotion.objects.all()
    filterset_class = PromotionFilters
    sorts = {"id": Sort("pk")}
    default_sort = "-id"

    def get_queryset(self) -> "QuerySet[Any]":
        found = Promotion.objects.select_related("version", "replaced")
        return found.defer(
            *(f"{of}__{name}" for of in ("version", "replaced") for name in ("card", "metrics", "verdict"))
        )


_TRAIN: dict[str, Any] = {
    "summary": "Train a model",
    "tags": ["models"],
    "request": TrainRequestSerializer,
    "responses": {202: RequestedTrainingSerializer},
    "parameters": [FOLLOWED_AT],
    "examples": [
        OpenApiExample("The main recipe", value={"recipe": "peneira"}, request_only=True),
        OpenApiExample(
            "Queued", value=examples.RUN | {"created": True}, response_only=True, status_codes=["202"]
        ),
    ],
}
TRAINS = (
    "For administrators. Answers at once; the training goes on in the background. While one of the same "
    "recipe is queued or running, that one is answered, with `created: false`."
)


def _trained(request: Request, asked: Mapping[str, Any]) -> Response:
    run, made = training.request_training(
        recipe=asked["recipe"],
        label_policy=asked.get("label_policy", ""),
        by=acting(request),
    )
    body = RequestedTrainingSerializer(run, context={"request": request, "created": made}).data
    return Response(body, status=HTTPStatus.ACCEPTED, headers={"Location": str(body["url"])})


class TrainView(ApiView):
    """The older address of what POST /training-runs does."""

    resource = "training_runs"

    def get_permissions(self) -> list[Any]:
        return [*super().get_permissions(), MayTrain()]

    @extend_schema(
        operation_id="train", description=f"{TRAINS} The same as POST /api/v1/training-runs.", **_TRAIN
    )
    def post(self, request: Request) -> Response:
        return _trained(request, self.sent(TrainRequestSerializer))


@extend_schema_view(
    get=extend_schema(
        operation_id="training_runs_list",
        summary="The trainings, newest first",
        description="Also those that failed, with the reason.",
        tags=["models"],
        responses={200: ListedTrainingRunSerializer(many=True)},
        examples=[OpenApiExample("A training", value=examples.RUN, status_codes=["200"])],
    )
)
class TrainingRunListView(Listing):
    resource = "training_runs"
    serializer_class = ListedTrainingRunSerializer
    queryset = TrainingRun.objects.all()
    filterset_class = TrainingRunFilters
    sorts = {"id": Sort("pk")}
    default_sort = "-id"

    def get_queryset(self) -> "QuerySet[Any]":
        return TrainingRun.objects.select_related("version").defer("log", "details", *_OF_VERSION)

    def get_permissions(self) -> list[Any]:
        return [*super().get_permissions(), ReadsOrMayTrain()]

    @extend_schema(operation_id="training_runs_create", description=TRAINS, **_TRAIN)
    def post(self, request: Request) -> Response:
        return _trained(request, self.sent(TrainRequestSerializer))


_OF_VERSION = tuple(f"version__{name}" for name in ("card", "metrics", "verdict", "feature_names"))


@extend_schema_view(
    get=extend_schema(
        operation_id="training_run",
        summary="How far a training is",
        description="State, step and share done; the number of the version once it is made.",
        tags=["models"],
        responses={200: TrainingRunSerializer, 404: OpenApiResponse(description="There is no such run.")},
        examples=[OpenApiExample("Under way", value=examples.RUN, status_codes=["200"])],
    )
)
class TrainingRunView(ApiView, RetrieveAPIView[TrainingRun]):
    resource = "training_runs"
    serializer_class = TrainingRunSerializer
    queryset = TrainingRun.objects.select_related("version").defer("log", "details", *_OF_VERSION)
