"""Jobs for a person: what was told last, and what would be told now."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.parameters import StrictQueryView, limit_parameter, whole
from candidates.integration.strict import StrictSerializer
from candidates.models import Candidate
from candidates.requests import acting
from scoring import suggesting
from scoring.api import asking_examples as examples
from scoring.api import told
from scoring.api.parameters import REASONS, wanted
from scoring.api.refusals import NO_MODEL, ModelNotLoaded, NoModelInUse
from scoring.api.serializers import (
    EvidenceSerializer,
    ReasonsSerializer,
    RequirementSerializer,
    ReviewReasonField,
)
from scoring.evidence import order_for
from scoring.models import Prediction, Ranking
from scoring.registry import NoModel

NOBODY = OpenApiResponse(description="There is nobody with this code whom the caller may see.")


class RecommendRequestSerializer(StrictSerializer):
    limit = serializers.IntegerField(default=suggesting.SHOWN, min_value=1, max_value=suggesting.MOST)
    reasons = serializers.BooleanField(default=False)


class RecommendedSerializer(serializers.Serializer[Any]):
    prediction_id = serializers.UUIDField()
    job = serializers.CharField(help_text="The job's code.")
    title = serializers.CharField(allow_blank=True)
    rank = serializers.IntegerField()
    score = serializers.FloatField(help_text="Probability of a hire in that job.")
    decision = serializers.BooleanField()
    requirements = RequirementSerializer(many=True)
    reasons = ReasonsSerializer(required=False, help_text="When `reasons` was true.")


class RecommendationsSerializer(serializers.Serializer[Any]):
    """Open jobs in which the person does not stand, best first. Each is a stored prediction."""

    candidate = serializers.CharField()
    correlation_id = serializers.CharField(
        help_text="What the stored predictions are found by: those of an earlier answer that still holds "
        "keep theirs."
    )
    made_at = serializers.DateTimeField(allow_null=True, help_text="null: nothing was told yet; POST does.")
    stale = serializers.BooleanField(
        help_text="Something that it rests on changed since, or nothing was told yet; POST makes it anew."
    )
    needs_human_review = serializers.BooleanField(help_text="Too little is known of the person.")
    review_reason = ReviewReasonField()
    model_version = serializers.IntegerField(allow_null=True)
    recipe = serializers.CharField(allow_null=True)
    operating_mode = serializers.CharField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    evidence = EvidenceSerializer(allow_null=True)
    order = serializers.ChoiceField(choices=Ranking.Order.choices, allow_null=True)
    results = RecommendedSerializer(many=True)


class RecommendationsView(StrictQueryView):
    resource = "recommendations"
    scopes = {"POST": "recommendations:read"}  # nothing is written that the caller could say

    def parameters(self) -> Mapping[str, bool]:
        return {**super().parameters(), "limit": False, "reasons": False}

    @extend_schema(
        operation_id="recommendations",
        summary="The jobs that were recommended to a person last",
        description=(
            "Reads what is stored and makes nothing. `stale` says that it would be another list now, or that "
            "there is none yet: POST makes it."
        ),
        tags=["recommendations"],
        parameters=[
            limit_parameter(default=suggesting.SHOWN, most=suggesting.MOST),
            REASONS,
        ],
        responses={200: RecommendationsSerializer, 404: NOBODY},
        examples=[OpenApiExample("Jobs", value=examples.RECOMMENDATIONS, status_codes=["200"])],
    )
    def get(self, request: Request, code: str) -> Response:
        person = _person(code)
        limit = whole(request, "limit", default=suggesting.SHOWN, most=suggesting.MOST)
        rows = suggesting.told_last(person, limit=limit)
        stale = not rows or suggesting.is_out_of_date(rows[0])
        with_reasons = wanted(request, "reasons", otherwise=False)
        return Response(_answer(request, person, rows, stale=stale, with_reasons=with_reasons))

    @extend_schema(
        operation_id="recommendations_create",
        summary="Recommend jobs to a person",
        description=(
            "The open jobs that fit the person best and that the person does not stand in, in the order of "
            "the model's fit, or of the requirements met where there is no evidence for it (`order`). Each "
            "is stored as a prediction. Asked again while nothing changed, it gives the same ones. Of "
            "somebody without data nothing is told: `needs_human_review`."
        ),
        tags=["recommendations"],
        parameters=[REASONS],
        request=RecommendRequestSerializer,
        responses={200: RecommendationsSerializer, 404: NOBODY, 503: NO_MODEL},
        examples=[
            OpenApiExample("Five jobs", value={"limit": 5, "reasons": True}, request_only=True),
            OpenApiExample("Jobs", value=examples.RECOMMENDATIONS, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request, code: str) -> Response:
        from scoring.ml.artifact import ArtifactError

        asked, person = self.sent(RecommendRequestSerializer), _person(code)
        try:
            found = suggesting.suggest(person, by=acting(request), limit=asked["limit"])
        except NoModel as error:
            raise NoModelInUse from error
        except ArtifactError as error:
            raise ModelNotLoaded(str(error)) from error
        if found.version is None:
            raise NoModelInUse
        with_reasons = wanted(request, "reasons", otherwise=asked["reasons"])
        return Response(_answer(request, person, found.predictions, stale=False, with_reasons=with_reasons))


def _person(code: str) -> Candidate:
    return get_object_or_404(Candidate.objects.coded(code).defer("raw", "search_vector"))


def _answer(
    request: Request,
    person: Candidate,
    rows: Sequence[Prediction],
    *,
    stale: bool,
    with_reasons: bool,
) -> dict[str, Any]:
    version = rows[0].model_version if rows else None
    known = person.has_profile
    nothing = dict.fromkeys(("model_version", "recipe", "operating_mode", "threshold", "evidence"))
    return {
        "candidate": person.code,
        # What the rows are stored under, perhaps at an earlier request: they are found by it
        "correlation_id": rows[0].correlation_id if rows else str(getattr(request, "correlation_id", "")),
        "made_at": told.time(rows[0].created_at) if rows else None,
        "stale": stale,
        "needs_human_review": not known,
        "review_reason": None if known else Prediction.Review.NO_PROFILE,
        **(told.of_version(version) if version else nothing),
        "order": order_for(version) if version else None,
        "results": [_row(row, with_reasons=with_reasons) for row in rows],
    }


def _row(row: Prediction, *, with_reasons: bool) -> dict[str, Any]:
    body = {
        "prediction_id": str(row.pk),
        "job": row.job.code if row.job else None,
        "title": row.job.title if row.job else "",
        "rank": row.rank,
        "score": row.score,
        "decision": row.decision,
        "requirements": told.requirements(row.requirements),
    }
    return body | ({"reasons": told.accounted(row)} if with_reasons else {})
