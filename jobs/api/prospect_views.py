"""Prospects: who stands in which job, at which stage, and how they came there."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from candidates.integration.bulk import BulkAnswerSerializer, BulkView, Saved, bulk_request
from candidates.integration.listing import Listing, Sort
from candidates.integration.sparse import SparseView
from candidates.integration.sync import SyncView, sync_schema
from candidates.integration.views import ApiView
from candidates.integration.words import MADE_AT, Conflict
from candidates.models import Candidate, Change
from candidates.requests import acting
from jobs import history, moving
from jobs.api import examples
from jobs.api.filters import ProspectFilters
from jobs.api.prospect_serializers import (
    MovedSerializer,
    MoveSerializer,
    ProspectCreateSerializer,
    ProspectItemSerializer,
    ProspectSerializer,
    StepSerializer,
)
from jobs.models import Job, Prospect, Stage

API = "api"  # the source of these changes
NO_PROSPECT = OpenApiResponse(description="There is no such prospect, or it is not yours to see.")
SHOWN = Prospect.objects.select_related("job", "candidate").only(
    *(field.attname for field in Prospect._meta.concrete_fields if field.attname != "joined_into_id"),
    *("job__code", "candidate__code", "candidate__name", "candidate__is_stub"),
)


class IsThere(Conflict):
    default_code = "prospect_exists"
    default_detail = _("This candidate stands in the job already. Move the prospect instead.")


class MovedMeanwhile(Conflict):
    default_code = "moved_meanwhile"
    default_detail = _("The prospect stands at another stage than expected. Read it again, then decide.")


class CannotUndo(Conflict):
    default_code = "cannot_undo"


def find_prospect(pk: int) -> Prospect:
    return get_object_or_404(SHOWN.all(), pk=pk)


def _found(values: dict[str, Any]) -> tuple[Job, Candidate]:
    """The job and the person of these codes. Raises ValidationError that names the field."""
    job = Job.objects.for_header().filter(code=values["job"]).first()
    person: Candidate | None = Candidate.objects.coded(values["candidate"]).for_mention().first()
    if job is None:
        raise _unknown("job", _("There is no job with this code."))
    if person is None:
        raise _unknown("candidate", _("There is no candidate with this code."))
    return job, person


def _unknown(field: str, text: Any) -> ValidationError:
    return ValidationError({field: [ErrorDetail(str(text), code="unknown")]})


@contextmanager
def _reasons_named() -> Iterator[None]:
    try:
        yield
    except moving.ReasonMissing as error:
        raise ValidationError({"reason_code": [ErrorDetail(str(error), code="required")]}) from None


@extend_schema_view(
    get=extend_schema(
        operation_id="prospects_list",
        summary="Who stands in which job",
        description="By job, candidate, stage or outcome; a hiring manager sees those of the own jobs.",
        tags=["prospects"],
        examples=[OpenApiExample("A prospect", value=examples.PROSPECT, status_codes=["200"])],
    )
)
class ProspectListView(Listing):
    resource = "prospects"
    serializer_class = ProspectSerializer
    filterset_class = ProspectFilters
    kind = Change.Kind.PROSPECT
    sorts = {
        "id": Sort("pk"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
        "applied_on": Sort("applied_on", nullable=True),
        "stage_since": Sort("stage_since", nullable=True),
    }
    queryset = SHOWN

    @extend_schema(
        operation_id="prospects_create",
        summary="Add a candidate to a job",
        description="At the stage that is named, else as applied.",
        tags=["prospects"],
        request=ProspectCreateSerializer,
        responses={
            201: ProspectSerializer,
            409: OpenApiResponse(description="The candidate stands in the job already."),
        },
        parameters=[MADE_AT],
        examples=[
            OpenApiExample(
                "Add", value={"job": "ATS-204", "candidate": "C-311", "stage": "applied"}, request_only=True
            ),
            OpenApiExample("Added", value=examples.PROSPECT, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        values = self.sent(ProspectCreateSerializer)
        job, person = _found(values)
        added = _add(job, person, values, request)
        if not added.moved:
            raise IsThere
        stored = find_prospect(added.moved[0].pk)
        where = reverse("api-prospect", args=[stored.pk], request=request)
        return Response(ProspectSerializer(stored).data, status=201, headers={"Location": where})


def _add(job: Job, person: Candidate, values: dict[str, Any], request: Request) -> moving.Moved:
    with _reasons_named():
        return moving.add(
            job,
            [person],
            by=acting(request),
            to=Stage(values.get("stage", Stage.SOURCED)),
            reason_code=values["reason_code"],
            reason=values["reason"],
            source=API,
        )


class ProspectView(SparseView):
    resource = "prospects"
    serializer_class = ProspectSerializer

    @extend_schema(
        operation_id="prospects_read",
        summary="One prospect",
        description="With its stage and since when it stands there.",
        tags=["prospects"],
        responses={200: ProspectSerializer, 404: NO_PROSPECT},
        examples=[OpenApiExample("A prospect", value=examples.PROSPECT, status_codes=["200"])],
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(find_prospect(pk)).data)


class MoveView(ApiView):
    resource = "prospects"

    @extend_schema(
        operation_id="prospects_move",
        summary="Move a prospect to a stage",
        description="The only way a stage changes. Who rejects somebody says why.",
        tags=["prospects"],
        request=MoveSerializer,
        responses={
            200: MovedSerializer,
            404: NO_PROSPECT,
            409: OpenApiResponse(description="It stands at another stage than `expected_stage`."),
        },
        examples=[
            OpenApiExample("Interview", value={"to": "client_interview"}, request_only=True),
            OpenApiExample(
                "Reject",
                value={"to": "rejected", "reason_code": "language", "expected_stage": "screening"},
                request_only=True,
            ),
            OpenApiExample("Moved", value=examples.MOVED, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request, pk: int) -> Response:
        prospect, asked = find_prospect(pk), self.sent(MoveSerializer)
        result = _move(prospect, asked, request)
        return Response(_told(find_prospect(pk), result))


def _move(prospect: Prospect, values: dict[str, Any], request: Request) -> moving.Moved:
    expected = values.get("expected_stage")
    with _reasons_named():
        result = moving.move(
            [prospect],
            to=Stage(values["to"]),
            by=acting(request),
            reason_code=values["reason_code"],
            reason=values["reason"],
            expected={prospect.pk: expected} if expected else None,
            source=API,
        )
    if result.conflicts:
        raise MovedMeanwhile
    return result


def _told(prospect: Prospect, result: moving.Moved) -> Any:
    batch = result.batch if result.moved else None
    return MovedSerializer({"prospect": prospect, "moved": bool(result.moved), "batch": batch}).data


class HistoryView(ApiView):
    resource = "prospects"

    @extend_schema(
        operation_id="prospects_history",
        summary="Every move of a prospect, the newest first",
        description="By whom, when and why; moves that were taken back are marked.",
        tags=["prospects"],
        responses={200: StepSerializer(many=True), 404: NO_PROSPECT},
        examples=[OpenApiExample("A move", value=examples.STEP, status_codes=["200"])],
    )
    def get(self, request: Request, pk: int) -> Response:
        prospect = find_prospect(pk)
        steps = history.steps_of(prospect, prospect.candidate)
        return Response(StepSerializer(steps, many=True).data)


class UndoView(ApiView):
    resource = "prospects"

    @extend_schema(
        operation_id="prospects_undo",
        summary="Take back a move",
        description="By its batch. Refused when somebody moved the prospect since.",
        tags=["prospects"],
        request=None,
        responses={
            200: ProspectSerializer(many=True),
            404: OpenApiResponse(description="There is no such move."),
            409: OpenApiResponse(description="Somebody moved the prospect since."),
        },
        examples=[OpenApiExample("Back again", value=examples.PROSPECT, response_only=True)],
    )
    def post(self, request: Request, batch: uuid.UUID) -> Response:
        moved = Prospect.objects.filter(stage_changes__batch=batch)
        if not moved.exists():
            raise Http404
        try:
            result = moving.undo(batch, by=acting(request), source=API)
        except moving.CannotUndo as error:
            raise CannotUndo(str(error)) from None
        rows = SHOWN.filter(pk__in=[one.pk for one in result.moved])
        return Response(ProspectSerializer(rows, many=True).data)


class ProspectBulkView(BulkView):
    resource = "prospects"
    item_serializer = ProspectItemSerializer
    identity = ("candidate", "job")

    @extend_schema(
        operation_id="prospects_bulk",
        summary="Add or move up to 1,000 prospects",
        description="Each by job and candidate: added when new, else moved to the stage, when one is named.",
        tags=["prospects"],
        request=bulk_request("Prospects", ProspectItemSerializer),
        responses={200: BulkAnswerSerializer},
        examples=[
            OpenApiExample("A result", value=examples.BULK, response_only=True),
            OpenApiExample(
                "One",
                value={"items": [{"job": "ATS-204", "candidate": "C-311", "stage": "offer"}]},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)

    def save_one(self, values: dict[str, Any], request: Request) -> Saved:
        job, person = _found(values)
        added = _add(job, person, values, request)
        if added.moved:
            return Saved("created", str(added.moved[0].pk))
        (prospect,) = added.unchanged
        if "stage" not in values:
            return Saved("unchanged", str(prospect.pk))
        result = _move(prospect, {**values, "to": values["stage"]}, request)
        return Saved("updated" if result.moved else "unchanged", str(prospect.pk))


class ProspectSyncView(SyncView):
    resource = "prospects"
    kind = Change.Kind.PROSPECT
    serializer_class = ProspectSerializer
    queryset = SHOWN

    def absent(self, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Those that went into another prospect when two records of one person were merged."""
        joined = Prospect._base_manager.filter(pk__in=keys).exclude(joined_into=None)
        return {pk: {"id": pk} for pk in joined.values_list("pk", flat=True)}

    @sync_schema("prospects", ProspectSerializer, row=examples.PROSPECT)
    def get(self, request: Request) -> Response:
        return super().get(request)
