"""Uploaded files for other systems: listed, read, sent, fetched, put away, and pulled."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied as NotAllowed
from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.api import examples
from candidates.api.document_serializers import (
    DocumentSerializer,
    DocumentUploadSerializer,
    SyncedDocumentSerializer,
    UploadedDocumentsSerializer,
)
from candidates.api.filters import DocumentFilter
from candidates.documents import downloading, joining, storing
from candidates.integration.listing import Listing, Sort
from candidates.integration.parameters import StrictQueryView
from candidates.integration.sparse import FIELDS, SparseView, expand_parameter
from candidates.integration.sync import SyncView, sync_schema
from candidates.integration.views import ApiView
from candidates.integration.words import Conflict
from candidates.models import Candidate, Change, Document
from candidates.requests import acting, signed_in

TAGS = ["documents"]
LOADS = {"text": ("text",)}
OWNER = ("id", "code", "name", "is_stub")
NOT_FOUND = OpenApiResponse(description="There is no such file, or the caller may not see it.")
HIDDEN = OpenApiResponse(
    description="No scope or role for it, or it would tell what is hidden from the caller."
)


class DocumentHidden(PermissionDenied):
    default_code = "identity_hidden"
    default_detail = _("The file would tell who this is or how to reach them, which is hidden from you.")


class NotToBeRead(Conflict):
    default_code = "not_to_be_read"
    default_detail = _("Only a file that could not be read is read again.")


def _rows() -> "QuerySet[Any]":
    """Without the text of the person's CV, which nobody reads here."""
    related = Document.objects.filter(discarded_at=None).select_related("candidate", "uploaded_by")
    long = (field.name for field in Candidate._meta.fields if field.name not in OWNER)
    return related.defer("proposed", *(f"candidate__{name}" for name in long))


@extend_schema_view(
    get=extend_schema(
        operation_id="documents_list",
        summary="List uploaded files",
        description="Without those that were put away.",
        tags=TAGS,
        examples=[OpenApiExample("A file", value=examples.DOCUMENT, status_codes=["200"])],
    )
)
class DocumentsView(Listing):
    resource = "documents"
    serializer_class = DocumentSerializer
    queryset = Document.objects.all()
    kind = Change.Kind.DOCUMENT
    filterset_class = DocumentFilter
    parser_classes = (MultiPartParser,)
    on_request = ("text",)
    loads = LOADS
    sorts = {"id": Sort("pk"), "created_at": Sort("created_at")}

    def get_queryset(self) -> "QuerySet[Any]":
        return _rows()

    @extend_schema(
        operation_id="documents_upload",
        summary="Upload CVs",
        description="Each file becomes a document at once and is read by a worker: `state` goes from"
        " `queued` to `parsed` or `failed`, with the reason. A file that is too large, empty or here already"
        " gets its document. Without `candidate` somebody looks at what was read and says whose it is.",
        tags=TAGS,
        request={"multipart/form-data": DocumentUploadSerializer},
        responses={201: UploadedDocumentsSerializer, 403: HIDDEN},
        examples=[
            OpenApiExample("One file", value=examples.UPLOADED, response_only=True, status_codes=["201"])
        ],
    )
    def post(self, request: Request) -> Response:
        sent = DocumentUploadSerializer(data=_form(request))
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        batch = storing.keep(given["files"], by=acting(request), purpose=_purpose(given))
        documents = list(_rows().filter(batch=batch).order_by("pk"))
        location = f"{reverse('api-documents')}?batch={batch}"
        if len(documents) == 1:
            location = reverse("api-document", kwargs={"pk": documents[0].pk})
        told = UploadedDocumentsSerializer({"batch": batch, "documents": documents}).data
        return Response(told, status=201, headers={"Location": location})


def _form(request: Request) -> dict[str, Any]:
    """The parts of the form; a field that is there twice keeps its last value."""
    data = {name: value for name, value in request.POST.items() if name not in request.FILES}
    return {**data, **{name: request.FILES.getlist(name) for name in request.FILES}}


def _purpose(given: Mapping[str, Any]) -> storing.Purpose:
    code, job = given.get("candidate", ""), given.get("job", "")
    if job and joining.title(job) is None:
        raise ValidationError(
            {"job": [ErrorDetail(str(_("There is no job with this code.")), code="not_found")]}
        )
    if not code:
        return storing.Purpose(job_code=job)
    person = Candidate.objects.coded(code).for_mention().first()
    if person is None:
        text = str(_("There is nobody with this code."))
        raise ValidationError({"candidate": [ErrorDetail(text, code="not_found")]})
    if person.hides_identity:
        raise DocumentHidden
    return storing.Purpose(candidate=person, job_code=job)


class DocumentView(SparseView):
    resource = "documents"
    serializer_class = DocumentSerializer
    queryset = Document.objects.all()
    on_request = ("text",)
    loads = LOADS

    @extend_schema(
        operation_id="documents_read",
        summary="Read what is known of an uploaded file",
        description="Its state, what was read of it, and whose it is; `expand` adds the text.",
        tags=TAGS,
        parameters=[FIELDS, expand_parameter(on_request)],
        responses={200: DocumentSerializer, 404: NOT_FOUND},
        examples=[OpenApiExample("A file that was read", value=examples.DOCUMENT, response_only=True)],
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(get_object_or_404(self.lean(_rows()), pk=pk)).data)

    @extend_schema(
        operation_id="documents_discard",
        summary="Put an uploaded file away",
        description="It is no longer listed, and deleted some days later; until then a page brings it back.",
        tags=TAGS,
        responses={204: None, 403: HIDDEN, 404: NOT_FOUND},
    )
    def delete(self, request: Request, pk: int) -> Response:
        storing.discard(_open(pk))
        return Response(status=204)


class DocumentFile(StrictQueryView):
    resource = "documents"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """The file is of its own kind, whatever the caller would rather have."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="documents_download",
        summary="Fetch an uploaded file",
        description="As it was uploaded. Each fetch is in the access log.",
        tags=TAGS,
        responses={
            (200, "*/*"): {"type": "string", "format": "binary"},
            403: HIDDEN,
            404: NOT_FOUND,
        },
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        document = get_object_or_404(Document.objects.exclude(file=""), pk=pk)
        try:
            return downloading.download(document, by=signed_in(request))
        except NotAllowed:
            raise DocumentHidden from None


class DocumentReading(ApiView):
    resource = "documents"

    @extend_schema(
        operation_id="documents_read_again",
        summary="Have a file read again",
        description="One that could not be read, or that was here already.",
        tags=TAGS,
        request=None,
        responses={
            202: SyncedDocumentSerializer,
            403: HIDDEN,
            404: NOT_FOUND,
            409: OpenApiResponse(description="It was read, or is being read (`not_to_be_read`)."),
        },
        examples=[
            OpenApiExample(
                "Queued",
                value=examples.DOCUMENT | {"state": "queued"},
                response_only=True,
                status_codes=["202"],
            )
        ],
    )
    def post(self, request: Request, pk: int) -> Response:
        if not storing.read_again(_open(pk)):
            raise NotToBeRead
        location = reverse("api-document", kwargs={"pk": pk})
        told = SyncedDocumentSerializer(_rows().get(pk=pk)).data
        return Response(told, status=202, headers={"Location": location})


def _open(pk: int) -> Document:
    """A document the caller may see and know the person of."""
    document: Document = get_object_or_404(_rows(), pk=pk)
    if document.hides_identity:
        raise DocumentHidden
    return document


class DocumentsSync(SyncView):
    resource = "documents"
    kind = Change.Kind.DOCUMENT
    serializer_class = SyncedDocumentSerializer
    queryset = Document.objects.all()

    def get_queryset(self) -> "QuerySet[Any]":
        return _rows().defer("text")

    @sync_schema("documents", SyncedDocumentSerializer, row=examples.DOCUMENT)
    def get(self, request: Request) -> Response:
        return super().get(request)

    def absent(self, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Put away; what the caller was never shown is not among ``objects`` either."""
        away = Document.objects.filter(pk__in=keys).exclude(discarded_at=None)
        return {pk: {"id": pk} for pk in away.values_list("pk", flat=True)}
