"""Shapes of requests and answers; the words of system B stay as its clients know them."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.models import RunState
from scoring.api import examples
from scoring.evidence import evidence
from scoring.ml.names import SYSTEM_B_FEATURES, SYSTEM_B_NUMBERS
from scoring.ml.recipes import RECIPES
from scoring.models import EvidenceVerdict, LabelPolicy, ModelVersion, Prediction, Ranking, TrainingRun
from scoring.ranking import is_stale
from scoring.reason_table import ABOUT_THE_JOB, by_strength, group_text, has_account
from scoring.reasons import describe, requirement_text

LARGEST_NUMBER = 1e12  # far above every real salary, and within what the model's numbers can hold
LARGEST_CODE = 2**63 - 1


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
        problems = {name: _problem(data[name]) for name in SYSTEM_B_FEATURES if name in data}
        errors = {name: [problem] for name, problem in problems.items() if problem}
        if errors:
            raise serializers.ValidationError(errors)
        return {name: None if data[name] is None else float(data[name]) for name in problems}


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


class PredictRequestSerializer(serializers.Serializer[Any]):
    """System B's request. Names it does not know are ignored, as its clients expect."""

    codigo_profissional = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=LARGEST_CODE,
        help_text="The candidate's code.",
    )
    features = FeaturesField()


class EvidenceSerializer(serializers.Serializer[ModelVersion]):
    """Whether the model's order inside a job beat chance on later outcomes."""

    verdict = serializers.ChoiceField(
        choices=EvidenceVerdict.choices, help_text="none: do not order the people of one job by the score."
    )
    jobs = serializers.IntegerField(help_text="On how many jobs it was measured.")
    pairs_right = serializers.FloatField(
        allow_null=True,
        help_text="Of two people of one job, one hired and one not: how often the hired one stood higher. "
        "By chance 0.5; null when it could not be measured.",
    )
    low = serializers.FloatField(allow_null=True, help_text="Lower end of the 95 % interval.")
    high = serializers.FloatField(allow_null=True)

    def to_representation(self, version: ModelVersion) -> dict[str, Any]:
        found = evidence(version)
        return {
            "verdict": version.evidence,
            "jobs": found.jobs if found else 0,
            "pairs_right": found.pairs_right if found else None,
            "low": found.low if found else None,
            "high": found.high if found else None,
        }


class PredictAnswerSerializer(serializers.Serializer[Prediction]):
    """System B's five fields, and under which id, model and correlation id the prediction is stored."""

    probabilidade_contratacao = serializers.FloatField(source="score")
    aprovado_pelo_modelo = serializers.BooleanField(source="decision")
    threshold = serializers.FloatField()
    operating_mode = serializers.CharField()
    codigo_profissional = serializers.SerializerMethodField()
    prediction_id = serializers.UUIDField(source="pk")
    model_version = serializers.IntegerField(source="model_version.number")
    correlation_id = serializers.CharField()
    evidence = EvidenceSerializer(source="model_version")

    def get_codigo_profissional(self, prediction: Prediction) -> int | None:
        return int(prediction.candidate_code) if prediction.candidate_code else None


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


class ModelSerializer(serializers.ModelSerializer[ModelVersion]):
    training_run = serializers.PrimaryKeyRelatedField[TrainingRun](read_only=True, allow_null=True)
    metrics = serializers.DictField(help_text="Of the test window, which the model never saw.")

    class Meta:
        model = ModelVersion
        fields = (
            "number",
            "recipe",
            "label_policy",
            "state",
            "operating_mode",
            "threshold",
            "threshold_attainable",
            "metrics",
            "data_fingerprint",
            "sha256",
            "code_commit",
            "training_run",
            "created_at",
            "promoted_at",
            "promotion_reason",
        )
        read_only_fields = fields


class TrainRequestSerializer(serializers.Serializer[Any]):
    recipe = serializers.ChoiceField(choices=list(RECIPES), default="peneira")
    label_policy = serializers.ChoiceField(
        choices=LabelPolicy.choices, required=False, help_text="Without it, the recipe's own."
    )


class TrainingRunSerializer(serializers.ModelSerializer[TrainingRun]):
    state = serializers.ChoiceField(choices=RunState.choices, read_only=True)
    progress = serializers.FloatField(min_value=0, max_value=1, read_only=True)
    model = serializers.SerializerMethodField(help_text="The number of the version it made, once it is done.")
    url = serializers.HyperlinkedIdentityField(view_name="api-training-run")

    class Meta:
        model = TrainingRun
        fields: tuple[str, ...] = (
            "id",
            "recipe",
            "label_policy",
            "state",
            "step",
            "progress",
            "error",
            "queued_at",
            "started_at",
            "finished_at",
            "model",
            "url",
        )
        read_only_fields = fields

    def get_model(self, run: TrainingRun) -> int | None:
        version = ModelVersion.objects.filter(training_run=run).only("number").first()
        return version.number if version else None


class RequestedTrainingSerializer(TrainingRunSerializer):
    created = serializers.SerializerMethodField(help_text="false: this run was under way already.")

    class Meta(TrainingRunSerializer.Meta):
        fields = (*TrainingRunSerializer.Meta.fields, "created")
        read_only_fields = fields

    def get_created(self, run: TrainingRun) -> bool:
        return bool(self.context["created"])


class ReasonSerializer(serializers.Serializer[Any]):
    text = serializers.SerializerMethodField(
        help_text="A sentence in the caller's language (Accept-Language)."
    )
    group = serializers.CharField()
    contribution = serializers.FloatField(help_text="To the score before calibration, in log-odds.")
    params = serializers.DictField(required=False)

    def get_text(self, reason: dict[str, Any]) -> str:
        return describe(reason)


class RequirementSerializer(serializers.Serializer[Any]):
    text = serializers.SerializerMethodField(
        help_text="A sentence in the caller's language (Accept-Language)."
    )
    kind = serializers.CharField()
    value = serializers.CharField()
    must = serializers.BooleanField()
    state = serializers.ChoiceField(choices=["met", "partly", "not_met", "no_data"])
    quote = serializers.CharField(allow_blank=True, help_text="What in the candidate's texts it rests on.")

    def get_text(self, requirement: dict[str, Any]) -> str:
        return requirement_text(requirement)


class GroupSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(
        help_text="In the caller's language: the reason's sentence, or the group's name."
    )
    group = serializers.CharField()
    contribution = serializers.FloatField(help_text="In log-odds.")
    about_the_job = serializers.BooleanField(help_text="true: the same for everybody in the job.")


class ReasonsSerializer(serializers.Serializer[Any]):
    """The strongest reasons for and against, and the account that they are taken from, which adds up.

    Without a stored account, base and margin are null and groups is empty.
    """

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # "for" is a word of Python, so the fields are given by name
        return {
            "for": ReasonSerializer(many=True, default=list),
            "against": ReasonSerializer(many=True, default=list),
            "base": serializers.FloatField(
                allow_null=True, help_text="What every score starts from, in log-odds."
            ),
            "groups": GroupSerializer(many=True, help_text="Everything that counted, the strongest first."),
            "margin": serializers.FloatField(
                allow_null=True, help_text="base and all groups added up; calibrated, it is the score."
            ),
        }

    def to_representation(self, stored: Mapping[str, Any]) -> Any:
        groups = _groups(stored) if has_account(stored) else []
        return super().to_representation({"base": None, "margin": None, **stored, "groups": groups})


def _groups(stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "text": group_text(stored, name),
            "group": name,
            "contribution": value,
            "about_the_job": name in ABOUT_THE_JOB,
        }
        for name, value in by_strength(stored)
    ]


class RankedSerializer(serializers.Serializer[Prediction]):
    prediction_id = serializers.UUIDField(source="pk")
    candidate = serializers.CharField(source="candidate_code", help_text="The candidate's code.")
    group = serializers.ChoiceField(choices=Prediction.Group.choices)
    rank = serializers.IntegerField(allow_null=True, help_text="Within its group; null without enough data.")
    score = serializers.FloatField(
        allow_null=True, help_text="Probability of a hire; null without enough data."
    )
    accept_score = serializers.FloatField(
        allow_null=True,
        help_text="How likely an offer would be accepted: a number of its own, no part of score or rank; "
        "null when the model cannot tell.",
    )
    decision = serializers.BooleanField(allow_null=True, help_text="Whether the score reaches the threshold.")
    reasons = ReasonsSerializer()
    requirements = RequirementSerializer(many=True)


class PredictionSerializer(RankedSerializer):
    """One stored prediction, as it was served."""

    group = serializers.ChoiceField(
        choices=Prediction.Group.choices, allow_blank=True, help_text="Empty outside a ranking."
    )
    job = serializers.CharField(source="job.code", allow_null=True, default=None)
    ranking = serializers.IntegerField(source="ranking_id", allow_null=True)
    order = serializers.ChoiceField(
        source="ranking.order", choices=Ranking.Order.choices, allow_null=True, default=None
    )
    model_version = serializers.IntegerField(source="model_version.number")
    operating_mode = serializers.CharField()
    threshold = serializers.FloatField()
    evidence = EvidenceSerializer(source="model_version")
    origin = serializers.ChoiceField(source="source", choices=Prediction.Source.choices)
    created_at = serializers.DateTimeField()
    correlation_id = serializers.CharField(allow_blank=True)


class RankingSerializer(serializers.Serializer[Ranking]):
    id = serializers.IntegerField()
    job = serializers.CharField(source="job.code")
    model_version = serializers.IntegerField(source="model_version.number")
    operating_mode = serializers.CharField(source="model_version.operating_mode")
    threshold = serializers.FloatField(source="model_version.threshold")
    evidence = EvidenceSerializer(source="model_version")
    order = serializers.ChoiceField(
        choices=Ranking.Order.choices,
        help_text="What rank follows: model, the score; requirements, what is met of the job's requirements, "
        "because there is no evidence for the score's order.",
    )
    stale = serializers.SerializerMethodField(
        help_text="true: job, people or model changed since; POST renews it."
    )
    created_at = serializers.DateTimeField(source="finished_at")
    pool_size = serializers.IntegerField(help_text="How many people were compared.")
    not_rankable = serializers.IntegerField(help_text="How many lacked the data for a score.")
    rows = serializers.SerializerMethodField()

    def get_stale(self, ranking: Ranking) -> bool:
        return is_stale(ranking)

    @extend_schema_field(RankedSerializer(many=True))
    def get_rows(self, ranking: Ranking) -> Any:
        return RankedSerializer(self.context["rows"], many=True).data


class PendingRankingSerializer(serializers.Serializer[Ranking]):
    id = serializers.IntegerField()
    job = serializers.CharField(source="job.code")
    state = serializers.ChoiceField(choices=[RunState.QUEUED, RunState.RUNNING])
    step = serializers.CharField(allow_blank=True)
    progress = serializers.FloatField(min_value=0, max_value=1)
