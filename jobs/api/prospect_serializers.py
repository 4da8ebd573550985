"""Prospects, as other systems read, add and move them."""

from typing import Any

from rest_framework import serializers

from candidates.integration.sparse import SparseModel
from candidates.integration.strict import StrictSerializer
from jobs.models import Prospect, RejectionReason, Stage, WithdrawalReason
from jobs.moving import REASON_LENGTH

REASONS = [*RejectionReason.choices, *WithdrawalReason.choices]


class ProspectSerializer(SparseModel):
    job = serializers.CharField(source="job.code", help_text="The job's code.")
    candidate = serializers.CharField(
        source="candidate.code", help_text="The candidate's code, or a token under blind review."
    )

    class Meta:
        model = Prospect
        fields = (
            *("id", "job", "candidate", "stage", "outcome", "applied_on", "updated_on", "stage_since"),
            *("recruiter", "comment", "source_status", "created_at", "updated_at"),
        )
        read_only_fields = fields


class _Reasoned(StrictSerializer):
    reason_code = serializers.ChoiceField(
        choices=REASONS,
        required=False,
        allow_blank=True,
        default="",
        help_text="Needed for rejected (why not) and withdrawn (why not wanted).",
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=REASON_LENGTH, help_text="In words."
    )


class ProspectCreateSerializer(_Reasoned):
    job = serializers.CharField(max_length=32, help_text="The job's code.")
    candidate = serializers.CharField(max_length=80, help_text="The candidate's code.")
    stage = serializers.ChoiceField(choices=Stage.choices, default=Stage.SOURCED)


class ProspectItemSerializer(ProspectCreateSerializer):
    """One of many. Without a stage, who is there stays and who is new is sourced."""

    stage = serializers.ChoiceField(choices=Stage.choices, required=False)


class MoveSerializer(_Reasoned):
    to = serializers.ChoiceField(choices=Stage.choices)
    expected_stage = serializers.ChoiceField(
        choices=Stage.choices,
        required=False,
        help_text="Where the prospect was seen. When it stands elsewhere by now: 409, and nothing moves.",
    )


class MovedSerializer(serializers.Serializer[Any]):
    prospect = ProspectSerializer()
    moved = serializers.BooleanField(help_text="false: it stood there already.")
    batch = serializers.UUIDField(allow_null=True, help_text="What undo takes back; null without a move.")


class StepSerializer(serializers.Serializer[Any]):
    """Of a ``jobs.history.Step``."""

    id = serializers.IntegerField(source="change.pk")
    from_stage = serializers.ChoiceField(
        source="change.from_stage",
        choices=Stage.choices,
        allow_blank=True,
        help_text="Empty: it came new into the job.",
    )
    to_stage = serializers.ChoiceField(source="change.to_stage", choices=Stage.choices)
    changed_at = serializers.DateTimeField(source="change.changed_at")
    changed_by = serializers.IntegerField(
        source="change.changed_by_id", allow_null=True, help_text="A user's id."
    )
    source = serializers.CharField(source="change.source")  # type: ignore[assignment]  # the framework has one
    reason_code = serializers.CharField(source="change.reason_code", allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    batch = serializers.UUIDField(source="change.batch", allow_null=True)
    undone = serializers.BooleanField(help_text="Whether it was taken back.")
