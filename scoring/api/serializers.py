"""Predictions and rankings, as other systems read them."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from candidates.integration.sparse import Sparse
from candidates.integration.strict import StrictSerializer
from candidates.models import RunState
from scoring.api import told
from scoring.models import EvidenceVerdict, ModelVersion, Prediction, Ranking
from scoring.reasons import describe, requirement_text


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
        return told.proof(version)


class ReviewReasonField(serializers.ChoiceField):
    """Why a person has to look; null when nothing speaks for that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Prediction.Review.choices, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or None


class ReasonSerializer(serializers.Serializer[Any]):
    text = serializers.SerializerMethodField(
        help_text="A sentence in the caller's language (Accept-Language)."
    )
    group = serializers.CharField()
    contribution = serializers.FloatField(help_text="To the score before calibration, in log-odds.")
    params = serializers.DictField(required=False)

    def get_text(self, reason: dict[str, Any]) -> str:
        return describe(reason)


@extend_schema_serializer(component_name="RequirementMet")
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
        return told.reasons(stored)


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
    reasons = ReasonsSerializer(required=False, help_text="Unless `reasons` was false.")
    requirements = RequirementSerializer(many=True)


class PredictionSerializer(RankedSerializer):
    """One stored prediction, as it was served."""

    reasons = serializers.SerializerMethodField()  # type: ignore[assignment]  # another kind of field than in a row

    group = serializers.ChoiceField(
        choices=Prediction.Group.choices, allow_blank=True, help_text="Empty outside a ranking."
    )
    job = serializers.CharField(source="job.code", allow_null=True, default=None)
    ranking = serializers.IntegerField(source="ranking_id", allow_null=True)
    order = serializers.ChoiceField(
        source="ranking.order", choices=Ranking.Order.choices, allow_null=True, default=None
    )
    model_version = serializers.IntegerField(source="model_version.number")
    recipe = serializers.CharField(source="model_version.recipe")
    operating_mode = serializers.CharField()
    threshold = serializers.FloatField()
    evidence = EvidenceSerializer(source="model_version")
    needs_human_review = serializers.SerializerMethodField(
        help_text="Too little was known for a score: a person has to look."
    )
    review_reason = ReviewReasonField(source="review", help_text="Why; null when nothing speaks for that.")
    origin = serializers.ChoiceField(source="source", choices=Prediction.Source.choices)
    created_at = serializers.DateTimeField()
    correlation_id = serializers.CharField(allow_blank=True)

    def get_needs_human_review(self, prediction: Prediction) -> bool:
        return bool(prediction.review)

    @extend_schema_field(ReasonsSerializer)
    def get_reasons(self, prediction: Prediction) -> Any:
        return told.accounted(prediction)


class ListedPredictionSerializer(Sparse, PredictionSerializer):
    """A row of the list; what it tells can be chosen."""

    features = serializers.DictField(
        child=serializers.FloatField(allow_null=True), help_text="By name; null: unknown to the model."
    )


class RankingSerializer(serializers.Serializer[Ranking]):
    """A ranking with its rows, as ``told.ranking`` makes it."""

    id = serializers.IntegerField()
    job = serializers.CharField()
    model_version = serializers.IntegerField()
    recipe = serializers.CharField()
    operating_mode = serializers.CharField()
    threshold = serializers.FloatField()
    evidence = EvidenceSerializer()
    order = serializers.ChoiceField(
        choices=Ranking.Order.choices,
        help_text="What rank follows: model, the score; requirements, what is met of the job's requirements, "
        "because there is no evidence for the score's order.",
    )
    stale = serializers.BooleanField(help_text="true: job, people or model changed since; POST renews it.")
    created_at = serializers.DateTimeField(allow_null=True)
    pool_size = serializers.IntegerField(help_text="How many people were compared.")
    not_rankable = serializers.IntegerField(help_text="How many lacked the data for a score.")
    rows = RankedSerializer(many=True)


class RankingWithStateSerializer(RankingSerializer):
    state = serializers.ChoiceField(choices=RunState.choices)
    step = serializers.CharField(allow_blank=True)
    progress = serializers.FloatField(min_value=0, max_value=1)
    error = serializers.CharField(allow_blank=True, help_text="Why it failed; empty otherwise.")
    queued_at = serializers.DateTimeField()


class ListedRankingSerializer(Sparse):
    id = serializers.IntegerField()
    job = serializers.CharField(source="job.code")
    model_version = serializers.IntegerField(source="model_version.number")
    recipe = serializers.CharField(source="model_version.recipe")
    order = serializers.ChoiceField(choices=Ranking.Order.choices)
    state = serializers.ChoiceField(choices=RunState.choices)
    error = serializers.CharField(allow_blank=True)
    pool_size = serializers.IntegerField(help_text="How many people were compared.")
    not_rankable = serializers.IntegerField(help_text="How many lacked the data for a score.")
    seconds = serializers.FloatField()
    queued_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField(source="finished_at", allow_null=True)


class NewRankingSerializer(StrictSerializer):
    job = serializers.CharField(max_length=32, help_text="The code of a job.")


class PendingRankingSerializer(serializers.Serializer[Ranking]):
    id = serializers.IntegerField()
    job = serializers.CharField(source="job.code")
    state = serializers.ChoiceField(choices=[RunState.QUEUED, RunState.RUNNING])
    step = serializers.CharField(allow_blank=True)
    progress = serializers.FloatField(min_value=0, max_value=1)
