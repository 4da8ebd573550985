"""System B's request and answer, word for word as its clients know them."""

import math
import uuid
from collections.abc import Mapping
from operator import itemgetter
from types import NoneType
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scoring.api import examples, told
from scoring.api.asking_serializers import ModelField
from scoring.api.serializers import EvidenceSerializer, ReasonsSerializer
from scoring.ml.names import SYSTEM_B_FEATURES, SYSTEM_B_NUMBERS
from scoring.models import ModelVersion

LARGEST_NUMBER = 1e12  # far above every real salary, and within what the model's numbers can hold
LARGEST_CODE = 2**63 - 1
NUMBERS = (int, float, bool)
PLAIN = frozenset((*NUMBERS, NoneType))


def _feature_schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": ["number", "boolean", "null"]}
    if name in SYSTEM_B_NUMBERS:
        return schema | {"description": "Monthly salary in BRL, not in cents.", "maximum": LARGEST_NUMBER}
    return schema | {"description": "1 or true: yes. 0 or false: no. null: unknown."}


@extend_schema_field(
    {
        "type": "object",
        "description": "Features by name, in any order. Missing or null: unknown. Other names are ignored.",
        "properties": {name: _feature_schema(name) for name in SYSTEM_B_FEATURES},
        "additionalProperties": True,
        "example": examples.FEATURES,
    }
)
class FeaturesField(serializers.Field[dict[str, float | None], Any, Any, Any]):
    """System B's 46 features; true and false become 1 and 0, unknown names are dropped unread."""

    def to_internal_value(self, data: Any) -> dict[str, float | None]:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError(_("Must be an object of features by name."))
        features, problems = read_features(data)
        if problems:
            raise serializers.ValidationError({name: [problem] for name, problem in problems.items()})
        return features


_all_values = itemgetter(*SYSTEM_B_FEATURES)


def read_features(sent: Mapping[str, Any]) -> tuple[dict[str, float | None], dict[str, str]]:
    """Of the 46 features those that were sent, and what is wrong with a value, by name."""
    try:
        values = _all_values(sent)
        # Of most people all is known to be right at a glance; NaN is not small
        right = PLAIN.issuperset(map(type, values)) and sum(map(abs, filter(None, values))) <= LARGEST_NUMBER
    except (KeyError, OverflowError):
        right = False
    if not right:
        return _read_one_by_one(sent)
    named = zip(SYSTEM_B_FEATURES, values, strict=True)
    return {name: value if value is None else float(value) for name, value in named}, {}


def _read_one_by_one(sent: Mapping[str, Any]) -> tuple[dict[str, float | None], dict[str, str]]:
    features: dict[str, float | None] = {}
    problems: dict[str, str] = {}
    for name in SYSTEM_B_FEATURES:
        if name not in sent:
            continue
        value = sent[name]
        if value is None:
            features[name] = None
        elif type(value) in NUMBERS and -LARGEST_NUMBER <= value <= LARGEST_NUMBER:  # NaN is not
            features[name] = float(value)
        else:
            problems[name] = _problem(value)
    return features, problems


def _problem(value: Any) -> str:
    """What is wrong with a feature's value, by its kind: the value itself may be personal."""
    if value is None or isinstance(value, bool):
        return ""
    if not isinstance(value, int | float):
        return str(_("Must be a number, true, false or null; this is %(kind)s.") % {"kind": _kind(value)})
    if isinstance(value, float) and not math.isfinite(value):
        return str(_("Must be a finite number."))
    return str(_("Must lie between -1e12 and 1e12.")) if abs(value) > LARGEST_NUMBER else ""


def _kind(value: Any) -> Any:
    if isinstance(value, str):
        return _("text")
    return _("a list") if isinstance(value, list) else _("an object")


class PredictItemSerializer(serializers.Serializer[Any]):
    """System B's request. Names it does not know are ignored, as its clients expect."""

    codigo_profissional = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=LARGEST_CODE,
        help_text="The candidate's code.",
    )
    features = FeaturesField()


class PredictRequestSerializer(PredictItemSerializer):
    model = ModelField(
        required=False,
        help_text="Without it the version in use of the recipe that learned from these features.",
    )
    reasons = serializers.BooleanField(
        default=False,
        help_text="Whether to tell what the score is made of; it takes many times as long as the score.",
    )


class SystemBSerializer(serializers.Serializer[Any]):
    """System B's five fields, and under which id the prediction is stored."""

    probabilidade_contratacao = serializers.FloatField()
    aprovado_pelo_modelo = serializers.BooleanField()
    threshold = serializers.FloatField()
    operating_mode = serializers.CharField()
    codigo_profissional = serializers.IntegerField(allow_null=True)
    prediction_id = serializers.UUIDField()


class PredictAnswerSerializer(SystemBSerializer):
    """And which model it was, under which correlation id."""

    model_version = serializers.IntegerField()
    correlation_id = serializers.CharField()
    evidence = EvidenceSerializer()
    reasons = ReasonsSerializer(required=False, help_text="Only when asked for.")


def system_b(version: ModelVersion, *, score: float, code: int | None, pk: uuid.UUID | str) -> dict[str, Any]:
    """As ``SystemBSerializer`` says, made without it: thousands are told a second."""
    return {
        "probabilidade_contratacao": score,
        "aprovado_pelo_modelo": score >= version.threshold,
        "threshold": version.threshold,
        "operating_mode": version.operating_mode,
        "codigo_profissional": code,
        "prediction_id": str(pk),
    }


def which(version: ModelVersion, *, correlation_id: str) -> dict[str, Any]:
    """Which model it was, and under which id the call is found again."""
    return {
        "model_version": version.number,
        "correlation_id": correlation_id,
        "evidence": told.proof(version),
    }


class VersionSerializer(serializers.Serializer[Any]):
    """System B's fields, of the model that answers predict, and the product's own version."""

    operating_mode = serializers.CharField()
    threshold = serializers.FloatField()
    feature_columns = serializers.ListField(child=serializers.CharField())
    metadata = serializers.DictField(child=serializers.CharField(allow_null=True))
    artifact_path = serializers.CharField(help_text="Relative to the folder of the models.")
    model_version = serializers.IntegerField()
    version = serializers.CharField(help_text="Of Peneira.")
    commit = serializers.CharField(help_text="Of the running code; empty when it was not told.")
