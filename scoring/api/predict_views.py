"""System B's addresses: predict, and which model answers it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.views import ApiView
from candidates.requests import acting
from scoring import prediction
from scoring.api import examples, told
from scoring.api.answering import answerable
from scoring.api.parameters import REASONS, wanted
from scoring.api.predict_serializers import (
    PredictAnswerSerializer,
    PredictRequestSerializer,
    VersionSerializer,
    system_b,
    which,
)
from scoring.api.refusals import NO_MODEL, NoModelInUse
from scoring.models import ModelVersion


class PredictView(ApiView):
    """Every call but those that ``predict_at_once`` has answered before."""

    resource = "predictions"
    takes_repeats = True  # fields that are there twice, as system B and the short way take them

    @extend_schema(
        operation_id="predict",
        summary="Score a candidate described by system B's 46 features",
        description=(
            "The request and the five fields of the answer are system B's; the answer also says under "
            "which id, model and correlation id the prediction is stored. It is stored before it is answered."
        ),
        tags=["predictions"],
        parameters=[REASONS],
        request=PredictRequestSerializer,
        responses={200: PredictAnswerSerializer, 503: NO_MODEL},
        examples=[
            OpenApiExample("System B's request", value=examples.PREDICT, request_only=True),
            OpenApiExample("Answer", value=examples.PREDICTED, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        if (failed := getattr(request._request, "failed_at_once", None)) is not None:
            raise failed
        asked = self.sent(PredictRequestSerializer)
        return Response(_predicted(request, asked))


def _predicted(request: Request, asked: Mapping[str, Any]) -> dict[str, Any]:
    code = asked.get("codigo_profissional")
    reasons = wanted(request, "reasons", otherwise=asked["reasons"])
    with answerable():
        stored = prediction.predict_features(
            asked["features"],
            candidate_code="" if code is None else str(code),
            by=acting(request),
            correlation_id=correlation_id_of(request),
            reasons=reasons,
            model=asked.get("model"),
        )
    version = stored.model_version
    words = system_b(version, score=stored.score or 0.0, code=code, pk=stored.pk)
    words |= which(version, correlation_id=stored.correlation_id)
    return words | ({"reasons": told.reasons(stored.reasons)} if reasons else {})


def correlation_id_of(request: Request) -> str:
    return str(getattr(request, "correlation_id", ""))


class VersionView(ApiView):
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
