"""Fit or not fit: what people, and other systems on their behalf, say of a job's candidates."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from candidates.integration.listing import FilterSet, Listing, Sort
from candidates.integration.sparse import SparseModel, SparseView
from candidates.integration.strict import StrictSerializer
from candidates.integration.sync import SyncView, sync_schema
from candidates.integration.words import MADE_AT, Conflict
from candidates.models import Candidate, Change
from candidates.permissions import MayComment
from candidates.requests import acting
from jobs.api.filters import Codes
from jobs.models import Job
from scoring import opinions
from scoring.models import Feedback

EXAMPLE = {
    "id": 88,
    "job": "ATS-204",
    "candidate": "C-311",
    "verdict": "not_fit",
    "reasons": ["language"],
    "note": "",
    "by": 4,
    "prediction": "0b1d6d3c-8e7a-4f0f-9c5f-0a2b7c1d9e34",
    "created_at": "2026-03-06T09:30:00-03:00",
}
SHOWN = Feedback.objects.select_related("job", "candidate").only(
    *(field.attname for field in Feedback._meta.concrete_fields),
    *("job__code", "candidate__code", "candidate__name", "candidate__is_stub"),
)


class NotInQuestion(Conflict):
    default_code = "not_in_question"
    default_detail = _("This candidate is neither in the job nor in its ranking.")


class FeedbackSerializer(SparseModel):
    job = serializers.CharField(source="job.code")
    candidate = serializers.CharField(source="candidate.code")
    by = serializers.IntegerField(source="by_id", help_text="A user's id.")
    prediction = serializers.UUIDField(
        source="prediction_id", allow_null=True, help_text="What was said of the candidate at that time."
    )

    class Meta:
        model = Feedback
        fields = ("id", "job", "candidate", "verdict", "reasons", "note", "by", "prediction", "created_at")
        read_only_fields = fields


class FeedbackCreateSerializer(StrictSerializer):
    job = serializers.CharField(max_length=32)
    candidate = serializers.CharField(max_length=80)
    verdict = serializers.ChoiceField(
        choices=Feedback.Verdict.choices, help_text="none takes back what was said before."
    )
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=Feedback.Reason.choices), required=False, default=list
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=opinions.MOST_CHARACTERS
    )


class FeedbackFilters(FilterSet):
    job = Codes(field_name="job__code", lookup_expr="in", help_text="Codes, parted by commas.")
    candidate = Codes(method="_of", help_text="Codes, parted by commas.")
    verdict = django_filters.MultipleChoiceFilter(choices=Feedback.Verdict.choices)
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    def _of(self, rows: "QuerySet[Feedback]", name: str, value: list[str]) -> "QuerySet[Feedback]":
        people: Any = Candidate.objects.coded_any([code[:80] for code in value])
        return rows.filter(candidate__in=people.values("pk"))


@extend_schema_view(
    get=extend_schema(
        operation_id="feedback_list",
        summary="What was said of candidates",
        description="It never changes: the newest of a person, candidate and job is what counts.",
        tags=["feedback"],
        examples=[OpenApiExample("Not fit", value=EXAMPLE, status_codes=["200"])],
    )
)
class FeedbackListView(Listing):
    resource = "feedback"
    permission_classes = (MayComment,)
    serializer_class = FeedbackSerializer
    filterset_class = FeedbackFilters
    sorts = {"id": Sort("pk"), "created_at": Sort("created_at")}
    queryset = SHOWN

    @extend_schema(
        operation_id="feedback_create",
        summary="Say fit or not fit",
        description="Re-orders the job's list at once; stored predictions stay as they are. "
        "200 when the same was said before.",
        tags=["feedback"],
        request=FeedbackCreateSerializer,
        responses={
            201: FeedbackSerializer,
            200: FeedbackSerializer,
            409: OpenApiResponse(description="The candidate is neither in the job nor in its ranking."),
        },
        parameters=[MADE_AT],
        examples=[
            OpenApiExample(
                "Not fit",
                value={
                    "job": "ATS-204",
                    "candidate": "C-311",
                    "verdict": "not_fit",
                    "reasons": ["language"],
                },
                request_only=True,
            ),
            OpenApiExample("Said", value=EXAMPLE, response_only=True, status_codes=["201", "200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = self.sent(FeedbackCreateSerializer)
        job, person = _found(asked)
        said = {name: asked[name] for name in ("verdict", "reasons", "note")}
        given = opinions.give(job, person, by=acting(request), **said)
        newest = SHOWN.filter(job=job, candidate=person, by=acting(request)).order_by("-pk").first()
        if newest is None:
            raise _refused("verdict", _("Nothing was said of this candidate that could be taken back."))
        if given is None:
            return Response(FeedbackSerializer(newest).data)
        where = reverse("api-feedback-one", args=[newest.pk], request=request)
        return Response(FeedbackSerializer(newest).data, status=201, headers={"Location": where})


def _found(values: dict[str, Any]) -> tuple[Job, Candidate]:
    job = Job.objects.for_header().filter(code=values["job"]).first()
    if job is None:
        raise _refused("job", _("There is no job with this code."), code="unknown")
    person: Candidate | None = Candidate.objects.coded(values["candidate"]).for_mention().first()
    if person is None:
        raise _refused("candidate", _("There is no candidate with this code."), code="unknown")
    if not opinions.is_in_question(job, person):
        raise NotInQuestion
    return job, person


def _refused(field: str, text: Any, *, code: str = "invalid") -> ValidationError:
    return ValidationError({field: [ErrorDetail(str(text), code=code)]})


class FeedbackView(SparseView):
    resource = "feedback"
    permission_classes = (MayComment,)
    serializer_class = FeedbackSerializer
    http_method_names = ("get", "head", "options")

    @extend_schema(
        operation_id="feedback_read",
        summary="One thing that was said",
        description="As it was said; it never changes.",
        tags=["feedback"],
        responses={200: FeedbackSerializer, 404: OpenApiResponse(description="There is no such feedback.")},
        examples=[OpenApiExample("Not fit", value=EXAMPLE, status_codes=["200"])],
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(get_object_or_404(SHOWN.all(), pk=pk)).data)


class FeedbackSyncView(SyncView):
    resource = "feedback"
    kind = Change.Kind.FEEDBACK
    serializer_class = FeedbackSerializer
    queryset = SHOWN

    @sync_schema("feedback", FeedbackSerializer, row=EXAMPLE)
    def get(self, request: Request) -> Response:
        return super().get(request)
