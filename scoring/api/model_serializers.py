"""Model versions and trainings, as other systems read them."""

from typing import Any

from rest_framework import serializers

from candidates.models import RunState
from scoring.ml.recipes import RECIPES
from scoring.models import LabelPolicy, ModelVersion, TrainingRun


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
