"""What a team writes on people, for other systems: notes and tags."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates import notes as noting
from candidates import tagging
from candidates.api.candidate_views import NOT_FOUND
from candidates.integration.filters import ChoicesFilter, FilterSet, MomentFilter
from candidates.integration.listing import Listing, Sort
from candidates.integration.parameters import StrictQueryView
from candidates.integration.sparse import SparseModel
from candidates.integration.strict import StrictSerializer
from candidates.models import Candidate, Note, Tag
from candidates.permissions import MayComment
from candidates.requests import acting
from candidates.veiling import shown_with

TAGS = ["candidates"]
NOTE: dict[str, Any] = {
    "id": 12,
    "kind": "call",
    "job": "5185",
    "text": "Pode começar em abril.",
    "author": "ana",
    "created_at": "2026-03-10T12:00:00Z",
    "edited_at": None,
}


class NoteSerializer(SparseModel):
    """Redacted where blind review hides who the person is."""

    author = serializers.CharField(source="author.get_username", read_only=True)
    job = serializers.CharField(source="job_code", read_only=True, help_text="The job's code; empty: none.")

    class Meta:
        model = Note
        fields = ("id", "kind", "job", "text", "author", "created_at", "edited_at")
        read_only_fields = fields


class NewNoteSerializer(StrictSerializer):
    """What somebody wrote, or that they spoke with the person."""

    text = serializers.CharField(max_length=10_000)
    kind = serializers.ChoiceField(choices=Note.Kind.choices, default=Note.Kind.NOTE)
    job = serializers.CharField(
        max_length=32, default="", help_text="The code of a job that the person stands in."
    )


class TagSerializer(StrictSerializer):
    """A short word that a team puts on people."""

    name = serializers.CharField(max_length=80)


class TagsSerializer(serializers.Serializer[Any]):
    """All tags of somebody."""

    tags = serializers.ListField(child=serializers.CharField())


class NoteFilter(FilterSet):
    kind = ChoicesFilter(Note.Kind.choices)
    job = django_filters.CharFilter(field_name="job_code", max_length=32)
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")


def _person(code: str) -> Candidate:
    return get_object_or_404(Candidate.objects.coded(code).for_mention())


@extend_schema_view(
    get=extend_schema(
        operation_id="candidate_notes_list",
        summary="List the notes on a candidate",
        description="What colleagues wrote of somebody, in the order in which it was written.",
        tags=TAGS,
        responses={200: NoteSerializer(many=True), 404: NOT_FOUND},
        examples=[OpenApiExample("A note", value=NOTE, status_codes=["200"])],
    )
)
class NotesView(Listing):
    resource = "candidates"
    permission_classes = (MayComment,)
    serializer_class = NoteSerializer
    queryset = Note.objects.none()
    filterset_class = NoteFilter
    sorts = {"id": Sort("pk"), "created_at": Sort("created_at")}
    default_sort = "-id"

    def get_queryset(self) -> "QuerySet[Any]":
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Note.objects.filter(candidate=_person(self.kwargs["code"])).select_related("author")

    @extend_schema(
        operation_id="candidate_notes_create",
        summary="Write a note on a candidate",
        description="By whom the call is made, or on whose behalf. `@name` in the text tells a colleague.",
        tags=TAGS,
        request=NewNoteSerializer,
        responses={201: NoteSerializer, 404: NOT_FOUND},
        examples=[
            OpenApiExample("A note", value=NOTE, response_only=True, status_codes=["201"]),
            OpenApiExample(
                "A call", value={"kind": "call", "text": "Called back: wants remote work."}, request_only=True
            ),
        ],
    )
    def post(self, request: Request, code: str) -> Response:
        person = _person(code)
        given = self.sent(NewNoteSerializer)
        if given["job"] and not person.prospects.filter(job__code=given["job"]).exists():
            text = _("The person stands in no job with this code.")
            raise ValidationError({"job": [ErrorDetail(str(text), code="not_found")]})
        note = noting.write(
            person, text=given["text"], kind=given["kind"], job_code=given["job"], by=acting(request)
        )
        told = NoteSerializer(Note.objects.select_related("author").get(pk=note.pk)).data
        return Response(told, status=201)


class TagsView(StrictQueryView):
    resource = "candidates"

    @extend_schema(
        operation_id="candidate_tags_read",
        summary="Read the tags of a candidate",
        description="The team's own words for somebody, by name.",
        tags=TAGS,
        responses={200: TagsSerializer, 404: NOT_FOUND},
        examples=[OpenApiExample("The tags", value={"tags": ["talent"]}, response_only=True)],
    )
    def get(self, request: Request, code: str) -> Response:
        return _tags(_person(code))

    @extend_schema(
        operation_id="candidate_tags_add",
        summary="Put a tag on a candidate",
        description="A tag that is there in other capitals, or with other accents, is that tag.",
        tags=TAGS,
        request=TagSerializer,
        responses={200: TagsSerializer, 404: NOT_FOUND},
        examples=[
            OpenApiExample("The tags now", value={"tags": ["talent"]}, response_only=True),
            OpenApiExample("A tag", value={"name": "talent"}, request_only=True),
        ],
    )
    def post(self, request: Request, code: str) -> Response:
        person = _person(code)
        sent = self.sent(TagSerializer)
        try:
            tagging.add(person, sent["name"], by=acting(request))
        except tagging.BadTag as error:
            raise ValidationError({"name": [ErrorDetail(str(error), code="invalid")]}) from None
        return _tags(person)


class TagView(StrictQueryView):
    resource = "candidates"

    @extend_schema(
        operation_id="candidate_tags_remove",
        summary="Take a tag off a candidate",
        description="The tag stays for others.",
        tags=TAGS,
        responses={204: None, 404: OpenApiResponse(description="There is no such person or tag.")},
    )
    def delete(self, request: Request, code: str, name: str) -> Response:
        person = _person(code)
        tag = Tag.objects.filter(name=name, taggings__candidate=person).first()
        if tag is None:
            raise Http404
        tagging.remove(person, tag)
        return Response(status=204)


def _tags(person: Candidate) -> Response:
    tags = Tag.objects.filter(taggings__candidate=person)
    return Response({"tags": [shown_with(person.pk, tag.name) for tag in tags]})
