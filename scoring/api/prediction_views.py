"""Predictions as they were served: listed, read, never changed."""

from collections.abc import Mapping
from typing import Any, NoReturn

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.generics import RetrieveAPIView

from candidates.integration.listing import Listing, Sort
from candidates.integration.views import ApiView
from scoring.api import examples
from scoring.api.parameters import wanted
from scoring.api.prediction_filters import PredictionFilters
from scoring.api.serializers import ListedPredictionSerializer, PredictionSerializer
from scoring.models import ModelVersion, Prediction

NEVER_CHANGES = _(
    "A prediction is never changed or removed: it says what was served. Ask for another one instead."
)
# Of the version, long and not told
OF_VERSION = ("card", "verdict", "feature_names")
OF_JOB = (
    *("job__activities", "job__competences", "job__remarks"),
    *("job__raw", "job__search_vector"),
)
WITH_REASONS = OpenApiParameter("reasons", bool, description="The same as `expand=reasons`.")


def stored() -> "QuerySet[Prediction]":
    """Rows with what is told of their job, version and ranking."""
    found = Prediction.objects.select_related("job", "ranking").defer(*OF_JOB)
    # Many rows have the same version, whose figures are long: each is read once
    return found.prefetch_related(Prefetch("model_version", ModelVersion.objects.defer(*OF_VERSION)))


class NeverChanged(ApiView):
    """What is sent here is refused with a sentence that says why."""

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise MethodNotAllowed(str(request.method), detail=NEVER_CHANGES)


@extend_schema_view(
    get=extend_schema(
        operation_id="predictions_list",
        summary="The stored predictions, newest first",
        description=(
            "Whatever was served: in rankings, on demand, as recommendations. What a score is made of, the "
            "requirements and the features are told on request (`expand`)."
        ),
        tags=["predictions"],
        parameters=[WITH_REASONS],
        responses={200: ListedPredictionSerializer(many=True)},
        examples=[OpenApiExample("A row", value=examples.LISTED_PREDICTION, status_codes=["200"])],
    )
)
class PredictionListView(NeverChanged, Listing):
    resource = "predictions"
    serializer_class = ListedPredictionSerializer
    queryset = Prediction.objects.none()
    filterset_class = PredictionFilters
    sorts = {"created": Sort("created_at")}
    default_sort = "-created"
    on_request = ("reasons", "requirements", "features")
    loads = {
        "reasons": ("reasons", "features"),
        "requirements": ("requirements",),
        "features": ("features",),
    }

    def get_queryset(self) -> "QuerySet[Any]":
        return stored()

    def parameters(self) -> Mapping[str, bool]:
        return {**super().parameters(), "reasons": False}

    @property
    def told(self) -> frozenset[str]:
        chosen = super().told
        return chosen | {"reasons"} if wanted(self.request, "reasons", otherwise=False) else chosen


@extend_schema_view(
    get=extend_schema(
        operation_id="prediction",
        summary="A stored prediction with the reasons that add up to it",
        description=(
            "As it was served, on demand or in a ranking; predictions never change. The account of a score "
            "that was asked for without reasons is reckoned now, from the stored features by the very "
            "version that served: it is exact, and has no sentences of that day (`for`, `against`)."
        ),
        tags=["predictions"],
        responses={
            200: PredictionSerializer,
            404: OpenApiResponse(description="There is no such prediction."),
        },
        examples=[OpenApiExample("Of a ranking", value=examples.PREDICTION, status_codes=["200"])],
    )
)
class PredictionView(NeverChanged, RetrieveAPIView[Prediction]):
    resource = "predictions"
    serializer_class = PredictionSerializer
    queryset = Prediction.objects.none()

    def get_queryset(self) -> "QuerySet[Prediction]":
        return stored()
