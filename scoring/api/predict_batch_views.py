"""System B's request for up to a thousand people at once, each with its own result."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.bulk import MOST_ITEMS, FaultSerializer
from candidates.integration.faults import faults
from candidates.integration.rendering import QuickJsonRenderer
from candidates.integration.views import ApiView
from candidates.requests import acting
from scoring.api import examples
from scoring.api.answering import answerable
from scoring.api.asking_serializers import ModelField
from scoring.api.predict_serializers import (
    LARGEST_CODE,
    PredictItemSerializer,
    SystemBSerializer,
    read_features,
    system_b,
    which,
)
from scoring.api.predict_views import correlation_id_of
from scoring.api.refusals import NO_MODEL
from scoring.api.serializers import EvidenceSerializer
from scoring.prediction_batch import Asked, Batch, predict_many

SCORED: Final = "scored"
FAILED: Final = "failed"
NOTHING: Final[dict[str, Any]] = dict.fromkeys(SystemBSerializer().fields)

Result = dict[str, Any]


class BatchRequestSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(child=PredictItemSerializer(), min_length=1, max_length=MOST_ITEMS)
    model = ModelField(required=False, help_text="For all items.")


class BatchResultSerializer(serializers.Serializer[Any]):
    """System B's fields and the prediction's id, all null for an item that failed."""

    index = serializers.IntegerField(help_text="The item's place in the request, from 0.")
    status = serializers.ChoiceField(choices=(SCORED, FAILED))
    errors = FaultSerializer(many=True)  # type: ignore[assignment]  # the framework takes it away
    probabilidade_contratacao = serializers.FloatField(allow_null=True)
    aprovado_pelo_modelo = serializers.BooleanField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    operating_mode = serializers.CharField(allow_null=True)
    codigo_profissional = serializers.IntegerField(allow_null=True)
    prediction_id = serializers.UUIDField(allow_null=True)


class BatchAnswerSerializer(serializers.Serializer[Any]):
    results = BatchResultSerializer(many=True, help_text="One for each item, in the order of the request.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How many of each status.")
    model_version = serializers.IntegerField()
    correlation_id = serializers.CharField()
    evidence = EvidenceSerializer()


class PredictBatchView(ApiView):
    resource = "predictions"
    renderer_classes = (QuickJsonRenderer,)
    takes_repeats = True  # fields that are there twice, as in predict

    @extend_schema(
        operation_id="predict_batch",
        summary="Score up to 1,000 people described by system B's 46 features",
        description=(
            "Each item is a request of `predict`, and each has its own result in the order of the request: "
            "what is wrong with one item keeps no other from being scored. All that are scored are stored "
            "together before the answer. What a score is made of is read under its `prediction_id`."
        ),
        tags=["predictions"],
        request=BatchRequestSerializer,
        responses={200: BatchAnswerSerializer, 503: NO_MODEL},
        examples=[
            OpenApiExample("Two people", value=examples.PREDICT_BATCH, request_only=True),
            OpenApiExample(
                "Answer", value=examples.PREDICTED_BATCH, response_only=True, status_codes=["200"]
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        items = _items(request.data)
        results = [_read(index, item) for index, item in enumerate(items)]
        people = [one for one in results if isinstance(one, Asked)]
        with answerable():
            batch = predict_many(
                people,
                by=acting(request),
                correlation_id=correlation_id_of(request),
                model=_model(request.data),
            )
        told = {
            "results": _told(results, batch),
            "counts": {SCORED: len(people), FAILED: len(items) - len(people)},
        }
        return Response(told | which(batch.version, correlation_id=correlation_id_of(request)))


def _items(data: Any) -> list[Any]:
    items = data.get("items") if isinstance(data, Mapping) else None
    if not isinstance(items, list):
        raise _refused(_('One object with a list is expected: {"items": [ … ]}.'))
    if not 1 <= len(items) <= MOST_ITEMS:
        text = _("From 1 to %(most)s items are taken at once; these are %(number)s.")
        raise _refused(text % {"most": MOST_ITEMS, "number": len(items)})
    return items


def _model(data: Any) -> str | int | None:
    """The model that is named for all items. Raises ValidationError."""
    if data.get("model") is None:
        return None
    try:
        wanted: str | int = ModelField().run_validation(data["model"])
    except ValidationError as error:
        raise ValidationError({"model": error.detail}) from None
    return wanted


def _refused(sentence: str) -> ValidationError:
    return ValidationError({"items": [ErrorDetail(sentence, code="invalid")]})


def _read(index: int, item: Any) -> Asked | Result:
    """Who is asked about, or the result that says why nobody is. What is ordinary is read quickly."""
    if type(item) is dict and type(item.get("features")) is dict:
        code = item.get("codigo_profissional")
        features, problems = read_features(item["features"])
        if not problems and (code is None or (type(code) is int and 0 <= code <= LARGEST_CODE)):
            return Asked(features, "" if code is None else str(code))
    read = PredictItemSerializer(data=item)
    if read.is_valid():
        code = read.validated_data.get("codigo_profissional")
        return Asked(read.validated_data["features"], "" if code is None else str(code))
    errors = [asdict(fault) for fault in faults(read.errors, sent=item)]
    return {"index": index, "status": FAILED, "errors": errors} | NOTHING


def _told(results: Sequence[Asked | Result], batch: Batch) -> list[Result]:
    stored = iter(zip(batch.scored, batch.ids, strict=True))
    told: list[Result] = []
    for index, one in enumerate(results):
        if not isinstance(one, Asked):
            told.append(one)
            continue
        found, pk = next(stored)
        code = int(one.code) if one.code else None
        of_system_b = system_b(batch.version, score=found.score, code=code, pk=pk)
        told.append({"index": index, "status": SCORED, "errors": []} | of_system_b)
    return told
