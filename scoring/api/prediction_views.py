"""Predictions as they were served: read, never changed."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.views import ApiView
from scoring.api import examples
from scoring.api.serializers import PredictionSerializer
from scoring.models import Prediction


class PredictionView(ApiView, RetrieveAPIView[Prediction]):
    resource = "predictions"
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
