"""Candidates for other systems: listed, read, made, changed, many at once, and pulled."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candidates import creating, veiling, viewing
from candidates.api import examples, writing
from candidates.api.filters import CandidateFilter
from candidates.api.serializers import (
    CandidateFieldsSerializer,
    CandidateItemSerializer,
    CandidateSerializer,
    NewCandidateSerializer,
    SyncedCandidateSerializer,
)
from candidates.integration.bulk import BulkAnswerSerializer, BulkView, Saved, bulk_request
from candidates.integration.listing import Listing, Sort
from candidates.integration.preconditions import CHANGED, ETAG, IF_MATCH
from candidates.integration.sparse import FIELDS, SparseView, expand_parameter
from candidates.integration.sync import SyncView, sync_schema
from candidates.integration.words import MADE_AT
from candidates.models import Candidate, Change, Profile, Tag
from candidates.requests import acting
from candidates.search.finding import quick_plans
from candidates.services import EXTRACTOR

TAGS = ["candidates"]
BY_WORDS = ("q", "place", "skill")  # filters that read search vectors
LONG = {name: (name,) for name in ("cv_text", "cv_text_en", "technical_knowledge")}
NOT_FOUND = OpenApiResponse(description="There is nobody with this code whom the caller may see.")
HIDDEN = OpenApiResponse(description="No scope or role for it, or blind review hides who this is.")
CONFLICT = OpenApiResponse(
    description="`code_taken`, or `possible_duplicate`: the person may be here already, with the codes named."
)


def _rows() -> "QuerySet[Any]":
    return Candidate.objects.defer("raw", "search_vector").annotate(has_cv=~Q(cv_text=""))


def _related(told: Iterable[str]) -> list[Any]:
    """What is loaded beside the people, each with one query for all."""
    found: list[Any] = []
    if "tags" in told:
        found.append(Prefetch("tags", queryset=Tag.objects.all()))
    if "profile" in told:
        read = Profile.objects.filter(extractor=EXTRACTOR).order_by("-pk")
        found.append(Prefetch("profiles", queryset=read, to_attr="read_profiles"))
    return found


@extend_schema_view(
    get=extend_schema(
        operation_id="candidates_list",
        summary="List candidates",
        description="Everybody whom the caller may see, in the order in which they came unless `sort` says"
        " otherwise. Whom blind review hides has a pseudonym in place of the code, no name and no contact.",
        tags=TAGS,
        examples=[OpenApiExample("Somebody", value=examples.CANDIDATE, response_only=True)],
    )
)
class CandidatesView(Listing):
    resource = "candidates"
    serializer_class = CandidateSerializer
    queryset = Candidate.objects.all()
    kind = Change.Kind.CANDIDATE
    filterset_class = CandidateFilter
    on_request = ("cv_text", "cv_text_en", "tags", "profile")
    loads = LONG
    sorts = {
        "id": Sort("pk"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
        "source_created_at": Sort("source_created_at", nullable=True),
    }

    def get_queryset(self) -> "QuerySet[Any]":
        return _rows()

    def paginate_queryset(self, queryset: Any) -> Any:
        by_words = any(name in self.request.query_params for name in BY_WORDS)
        with quick_plans() if by_words else nullcontext():
            page = super().paginate_queryset(queryset)
        _attach(page or [], self.told)
        return page

    @extend_schema(
        operation_id="candidates_create",
        summary="Add a candidate",
        description="Somebody new, found and ranked at once. When two signs (e-mail, phone, name, CV) say"
        " that the person is here already, nobody is added: see `allow_duplicate`.",
        tags=TAGS,
        request=NewCandidateSerializer,
        responses={201: CandidateSerializer, 409: CONFLICT},
        parameters=[MADE_AT, ETAG],
        examples=[
            OpenApiExample("Somebody new", value=examples.NEW, request_only=True),
            OpenApiExample("As stored", value=examples.CANDIDATE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        sent = self.sent(NewCandidateSerializer)
        made = writing.create(sent, by=acting(request))
        return _answer(made, status=201)


class CandidateView(SparseView):
    resource = "candidates"
    serializer_class = CandidateSerializer
    queryset = Candidate.objects.all()
    on_request = ("tags", "profile")
    loads = LONG

    @extend_schema(
        operation_id="candidates_read",
        summary="Read a candidate",
        description="By code, or by the pseudonym in its place. The code of a record that was merged into"
        " another reads the other.",
        tags=TAGS,
        parameters=[FIELDS, expand_parameter(on_request), ETAG],
        responses={200: CandidateSerializer, 404: NOT_FOUND},
        examples=[
            OpenApiExample("Somebody", value=examples.CANDIDATE, response_only=True),
            OpenApiExample("Under blind review", value=examples.HIDDEN, response_only=True),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        person = get_object_or_404(self.lean(_rows().filter(pk__in=_behind(code))))
        _attach([person], self.told)
        return Response(self.get_serializer(person).data, headers={"ETag": writing.tag_of(person)})

    @extend_schema(
        operation_id="candidates_update",
        summary="Change a candidate",
        description="Only what is sent is changed; an import leaves these fields alone from then on.",
        tags=TAGS,
        request=CandidateFieldsSerializer,
        parameters=[IF_MATCH, ETAG],
        responses={200: CandidateSerializer, 403: HIDDEN, 404: NOT_FOUND, 412: CHANGED},
        examples=[
            OpenApiExample("Another city", value={"city": "Olinda"}, request_only=True),
            OpenApiExample("As stored", value=examples.CANDIDATE, response_only=True, status_codes=["200"]),
        ],
    )
    def patch(self, request: Request, code: str) -> Response:
        sent = CandidateFieldsSerializer(data=request.data)
        get_object_or_404(Candidate.objects.coded(code).only("pk"))
        sent.is_valid(raise_exception=True)
        changed = writing.change(code, sent.validated_data, by=acting(request), request=request)
        return _answer(changed)


def _behind(code: str) -> "QuerySet[Any]":
    return Candidate.objects.coded(code).values("pk")


def _attach(people: Sequence[Any], told: Iterable[str]) -> None:
    from django.db.models import prefetch_related_objects

    if related := _related(told):
        veiling.remember_names([person.pk for person in people])
        prefetch_related_objects(list(people), *related)


def _answer(person: Candidate, *, status: int = 200) -> Response:
    """Somebody as they are stored now, as the caller sees them."""
    stored = _rows().get(pk=person.pk)
    headers = {"ETag": writing.tag_of(stored)}
    if status == 201:
        headers["Location"] = reverse("api-candidate", kwargs={"code": stored.code})
    return Response(SyncedCandidateSerializer(stored).data, status=status, headers=headers)


class CandidatesBulk(BulkView):
    resource = "candidates"
    item_serializer = CandidateItemSerializer

    def save_one(self, values: dict[str, Any], request: Request) -> Saved:
        saved, key = writing.save(values, by=acting(request))
        if saved.state != "unchanged":
            self.touched.append(key)
        return saved

    @extend_schema(
        operation_id="candidates_bulk",
        summary="Add and change up to 1,000 candidates",
        description="Whoever has an item's code is changed, else somebody new gets it; what an item leaves"
        " out stays. Each item has its own result, and one that is refused stops no other. Skills and words"
        " are found some seconds later. People alike are not refused here: the pages show them for somebody"
        " to decide.",
        tags=TAGS,
        request=bulk_request("Candidates", CandidateItemSerializer),
        responses={200: BulkAnswerSerializer},
        examples=[
            OpenApiExample("Two people", value=examples.BULK_SENT, request_only=True),
            OpenApiExample("Two results", value=examples.BULK, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        self.touched: list[int] = []
        response = super().post(request)
        if self.touched:
            creating.refresh_later(self.touched)
        return response


class GoneCandidateSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Of who is no longer there.")
    merged_into = serializers.CharField(
        allow_null=True, help_text="The code of the same person; null: removed, not merged."
    )


class CandidatesSync(SyncView):
    resource = "candidates"
    kind = Change.Kind.CANDIDATE
    serializer_class = SyncedCandidateSerializer
    queryset = Candidate.objects.all()
    loads = LONG

    def get_queryset(self) -> "QuerySet[Any]":
        return _rows()

    @sync_schema(
        "candidates", SyncedCandidateSerializer, gone=GoneCandidateSerializer, row=examples.CANDIDATE
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    def gone(self, change: Change) -> dict[str, Any]:
        viewer = viewing.current()
        hidden = viewer is not None and viewer.hides_identity(change.object_id)
        code = veiling.token(change.object_id) if hidden else change.code
        return {"code": code, "merged_into": None}

    def all_gone(self, change: Change) -> list[dict[str, Any]]:
        """Whom blind review hid another system knows by pseudonym, and could always find by code."""
        viewer = viewing.current()
        told = [self.gone(change)]
        if viewer is not None and viewer.role == viewing.Role.INTEGRATION:
            told.append({"code": veiling.token(change.object_id), "merged_into": None})
        return [one for place, one in enumerate(told) if one not in told[:place]]

    def absent(self, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
        merged = Candidate.everyone.filter(pk__in=keys).exclude(merged_into=None)
        found = merged.select_related("merged_into").only("code", "merged_into__code")
        return {
            person.pk: {"code": person.code, "merged_into": person.merged_into and person.merged_into.code}
            for person in found
        }
