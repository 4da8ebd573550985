"""Predictions and rankings, as other systems read them."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.models import RunState
from scoring.evidence import evidence
from scoring.models import EvidenceVerdict, ModelVersion, Prediction, Ranking
from scoring.ranking import is_stale
from scoring.reason_table import ABOUT_THE_JOB, by_strength, group_text, has_account
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
        found = evidence(version)
        return {
            "verdict": version.evidence,
            "jobs": found.jobs if found else 0,
            "pairs_right": found.pairs_right if found else None,
            "low": found.low if found else None,
            "high": found.high if found else None,
        }


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
