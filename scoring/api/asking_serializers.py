"""What a score on demand is asked by, and what it answers."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.integration.strict import StrictSerializer
from candidates.models import Education, Level, Seniority
from scoring.api.describing import (
    CODE_SCHEMA,
    CandidateField,
    CandidateOrCodeField,
    JobField,
    read_code,
)
from scoring.api.serializers import (
    EvidenceSerializer,
    ReasonsSerializer,
    RequirementSerializer,
    ReviewReasonField,
)
from scoring.choosing import CHALLENGER, CHAMPION
from scoring.models import Prediction, Ranking

LARGEST_NUMBER = 1e12
MOST_FEATURES = 1_000
MOST_CANDIDATES = 1_000
MOST_OF_POOL, USUAL_OF_POOL = 500, 50


@extend_schema_field(
    {
        "oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "maxLength": 30}],
        "default": CHAMPION,
        "description": f"A version's number; `{CHAMPION}` (the main recipe's in use); `{CHALLENGER}` (the "
        "newest that waits); or a recipe (`peneira`, `prec80`, …), whose version in use is meant.",
        "example": CHAMPION,
    }
)
class ModelField(serializers.Field[Any, Any, Any, Any]):
    def to_internal_value(self, data: Any) -> int | str:
        if isinstance(data, bool) or not isinstance(data, str | int) or not 0 < len(str(data)[:40]) <= 30:
            raise serializers.ValidationError(_("Must be the number of a model, or a name."))
        return data


@extend_schema_field(CODE_SCHEMA)
class CodeField(serializers.Field[str, Any, str, Any]):
    def to_internal_value(self, data: Any) -> str:
        return read_code(data)


@extend_schema_field(
    {
        "type": "object",
        "description": "Features by the names of the version (`GET /api/v1/models/{number}`). Missing or "
        "null: unknown to it. A name it does not have is refused.",
        "additionalProperties": {"type": ["number", "boolean", "null"]},
        "maxProperties": MOST_FEATURES,
        "example": {"cv_sap": 1, "salario_valor": 5500.0, "must_skills_share": 0.75},
    }
)
class AnyFeaturesField(serializers.Field[dict[str, float | None], Any, Any, Any]):
    def to_internal_value(self, data: Any) -> dict[str, float | None]:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError(_("Must be an object of features by name."))
        if len(data) > MOST_FEATURES:
            raise serializers.ValidationError(_("No model has so many features."))
        wrong = {str(name)[:40]: [problem] for name, value in data.items() if (problem := _problem(value))}
        if wrong:
            raise serializers.ValidationError(wrong)
        return {str(name): None if value is None else float(value) for name, value in data.items()}


def _problem(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if not isinstance(value, int | float):
        return str(_("Must be a number, true, false or null."))
    if not (math.isfinite(value) if isinstance(value, float) else True) or abs(value) > LARGEST_NUMBER:
        return str(_("Must lie between -1e12 and 1e12."))
    return ""


class _AskSerializer(StrictSerializer):
    model = ModelField(required=False)
    reasons = serializers.BooleanField(
        default=False, help_text="Whether to tell what the score is made of; also `?reasons=true`."
    )


class FullRequestSerializer(_AskSerializer):
    """Either a candidate and a job, or features."""

    candidate = CandidateField(required=False)
    job = JobField(required=False)
    features = AnyFeaturesField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        described = {name for name in ("candidate", "job") if name in attrs}
        if "features" in attrs and described:
            raise serializers.ValidationError(
                {"features": _("Send either features, or a candidate and a job.")}, code="not_together"
            )
        if "features" not in attrs and len(described) < 2:
            missing = {"candidate", "job"} - described
            raise serializers.ValidationError(
                {name: _("Is needed, unless features are sent.") for name in sorted(missing)}, code="required"
            )
        return attrs


class SmartRequestSerializer(_AskSerializer):
    job = CodeField(help_text="The code of a job.")
    candidate = CandidateOrCodeField()


def _stated(choices: Any) -> list[tuple[str, Any]]:
    return [choice for choice in choices.choices if choice[0]]


class PoolFiltersSerializer(StrictSerializer):
    """As in the search of candidates. Of several values one is enough; of skills and tags all are wanted."""

    text = serializers.CharField(required=False, max_length=500, help_text="The search's own language.")
    skill = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=20)
    tag = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=20)
    state = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=30)
    city = serializers.ListField(child=serializers.CharField(max_length=120), required=False, max_length=30)
    place = serializers.CharField(
        required=False, max_length=120, help_text="City or state, or its beginning."
    )
    seniority = serializers.ListField(
        child=serializers.ChoiceField(choices=_stated(Seniority)), required=False, max_length=20
    )
    education = serializers.ListField(
        child=serializers.ChoiceField(choices=_stated(Education)), required=False, max_length=30
    )
    english = serializers.ListField(
        child=serializers.ChoiceField(choices=_stated(Level)), required=False, max_length=10
    )


class PoolSerializer(StrictSerializer):
    filters = PoolFiltersSerializer(required=False)
    limit = serializers.IntegerField(default=USUAL_OF_POOL, min_value=1, max_value=MOST_OF_POOL)


class RankRequestSerializer(_AskSerializer):
    """A job, and one of candidates, prospects and pool."""

    job = CodeField(help_text="The code of a job.")
    candidates = serializers.ListField(
        child=CodeField(), required=False, min_length=1, max_length=MOST_CANDIDATES
    )
    prospects = serializers.BooleanField(required=False, help_text="Whoever stands in the job.")
    pool = PoolSerializer(required=False, help_text="The best of those who do not stand in the job.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asked = [name for name in ("candidates", "prospects", "pool") if attrs.get(name) not in (None, False)]
        if len(asked) == 1:
            return attrs
        raise serializers.ValidationError(
            _("Send exactly one of candidates, prospects (true) and pool."), code="one_of"
        )


# Answers


class _VersionSerializer(serializers.Serializer[Any]):
    correlation_id = serializers.CharField(help_text="The same as in the header X-Request-ID.")
    model_version = serializers.IntegerField()
    recipe = serializers.CharField()
    operating_mode = serializers.CharField()
    threshold = serializers.FloatField()
    evidence = EvidenceSerializer()


class ScoredSerializer(serializers.Serializer[Any]):
    prediction_id = serializers.UUIDField()
    candidate = serializers.CharField(
        allow_null=True, help_text="The candidate's code; null for somebody who was described."
    )
    score = serializers.FloatField(
        allow_null=True, help_text="Probability of a hire; null when it cannot be told."
    )
    accept_score = serializers.FloatField(
        allow_null=True, help_text="How likely an offer would be accepted; null when the model cannot tell."
    )
    decision = serializers.BooleanField(allow_null=True, help_text="Whether the score reaches the threshold.")
    needs_human_review = serializers.BooleanField(
        help_text="A person has to look: the score is null, for too little is known."
    )
    review_reason = ReviewReasonField()
    requirements = RequirementSerializer(many=True)
    reasons = ReasonsSerializer(required=False, help_text="When `reasons` was true.")


class AnswerSerializer(ScoredSerializer, _VersionSerializer):
    """One prediction; it was stored before it was answered."""

    job = serializers.CharField(allow_null=True, help_text="The job's code; null when it was described.")


class RankedRowSerializer(ScoredSerializer):
    group = serializers.ChoiceField(choices=Prediction.Group.choices)
    rank = serializers.IntegerField(allow_null=True, help_text="From 1; null without enough data.")


class RankAnswerSerializer(_VersionSerializer):
    """People of one job in order; each row was stored as a prediction before it was answered."""

    job = serializers.CharField()
    order = serializers.ChoiceField(
        choices=Ranking.Order.choices, help_text="What rank follows; see the job's ranking."
    )
    compared = serializers.IntegerField(help_text="How many people were compared.")
    unknown = serializers.ListField(
        child=serializers.CharField(), help_text="Codes that were sent and stand for nobody."
    )
    results = RankedRowSerializer(many=True)
