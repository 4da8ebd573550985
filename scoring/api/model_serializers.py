"""Model versions and trainings, as other systems read them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.integration.sparse import Sparse, SparseModel
from candidates.integration.strict import StrictSerializer
from candidates.models import RunState
from scoring.api.serializers import EvidenceSerializer
from scoring.ml.recipes import RECIPES
from scoring.models import LabelPolicy, ModelVersion, TrainingRun

METRICS = "Of the test window, which the model never saw."
MODEL_FIELDS = (
    "number",
    "recipe",
    "label_policy",
    "state",
    "operating_mode",
    "threshold",
    "threshold_attainable",
    "metrics",
    "evidence",
    "data_fingerprint",
    "sha256",
    "code_commit",
    "training_run",
    "created_at",
    "promoted_at",
    "promotion_reason",
)


class ModelSerializer(serializers.ModelSerializer[ModelVersion]):
    training_run = serializers.PrimaryKeyRelatedField[TrainingRun](read_only=True, allow_null=True)
    metrics = serializers.DictField(help_text=METRICS)
    evidence = EvidenceSerializer(source="*", read_only=True)

    class Meta:
        model = ModelVersion
        fields: tuple[str, ...] = MODEL_FIELDS
        read_only_fields = fields


class ListedModelSerializer(SparseModel, ModelSerializer):
    """A row of the list."""

    class Meta(ModelSerializer.Meta):
        pass


class PromotionSerializer(Sparse):
    """One time that a version began to serve."""

    id = serializers.IntegerField()
    model_version = serializers.IntegerField(source="version.number")
    recipe = serializers.CharField(source="version.recipe")
    replaced = serializers.IntegerField(
        source="replaced.number", allow_null=True, default=None, help_text="Which version served before."
    )
    reason = serializers.CharField(allow_blank=True)
    overruled = serializers.BooleanField(help_text="Whether a person decided against the gate's verdict.")
    created_at = serializers.DateTimeField()


class ModelDetailSerializer(ModelSerializer):
    features = serializers.ListField(
        source="feature_names",
        child=serializers.CharField(),
        help_text="By these names predict/full takes them.",
    )
    verdict = serializers.DictField(
        help_text="The gate's, when the version was finished: `passed` and each check; {} without one."
    )
    fairness = serializers.SerializerMethodField(
        help_text="Rates of groups on the test window; null where they were not measured."
    )
    card = serializers.DictField(help_text="What it learned from and how; without what stands beside it.")
    snapshot = serializers.CharField(
        source="snapshot.sha256",
        allow_null=True,
        default=None,
        help_text="Digest of what it learned from.",
    )
    promotions = PromotionSerializer(many=True)

    class Meta(ModelSerializer.Meta):
        fields = (*MODEL_FIELDS, "features", "verdict", "fairness", "card", "snapshot", "promotions")
        read_only_fields = fields

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_fairness(self, version: ModelVersion) -> Any:
        return version.card.get("fairness")

    def to_representation(self, version: ModelVersion) -> Any:
        told = super().to_representation(version)
        return told | {"card": {name: told["card"][name] for name in told["card"] if name != "fairness"}}


class TrainRequestSerializer(StrictSerializer):
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
        version = getattr(run, "version", None)
        return version.number if version else None


class ListedTrainingRunSerializer(SparseModel, TrainingRunSerializer):
    """A row of the list."""

    class Meta(TrainingRunSerializer.Meta):
        pass


class RequestedTrainingSerializer(TrainingRunSerializer):
    created = serializers.SerializerMethodField(help_text="false: this run was under way already.")

    class Meta(TrainingRunSerializer.Meta):
        fields = (*TrainingRunSerializer.Meta.fields, "created")
        read_only_fields = fields

    def get_created(self, run: TrainingRun) -> bool:
        return bool(self.context["created"])
