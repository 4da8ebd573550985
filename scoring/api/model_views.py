"""Model versions and trainings."""

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.integration.views import ApiView
from candidates.permissions import MayCall
from candidates.requests import acting
from scoring import training
from scoring.api import examples
from scoring.api.model_serializers import (
    ModelSerializer,
    RequestedTrainingSerializer,
    TrainingRunSerializer,
    TrainRequestSerializer,
)
from scoring.api.refusals import LOCATION
from scoring.models import ModelVersion, TrainingRun


class MayTrain(BasePermission):
    message = _("Only administrators may train models.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("scoring.add_trainingrun")


class NewestFirst(CursorPagination):
    page_size = 50
    ordering = "-pk"


class ModelListView(ApiView, ListAPIView[ModelVersion]):
    resource = "models"
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


class TrainView(ApiView):
    resource = "training_runs"
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
            by=acting(request),
        )
        body = RequestedTrainingSerializer(run, context={"request": request, "created": made}).data
        return Response(body, status=HTTPStatus.ACCEPTED, headers={"Location": str(body["url"])})


class TrainingRunView(ApiView, RetrieveAPIView[TrainingRun]):
    resource = "training_runs"
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
