"""Imports: files of the source, read by a worker."""

from typing import Any

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
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from candidates.importing_source import KINDS
from candidates.integration.listing import Listing, Sort
from candidates.integration.sparse import SparseModel, SparseView
from candidates.integration.words import FOLLOWED_AT
from candidates.models import ImportRun, RejectedRecord
from candidates.permissions import MayCall
from candidates.requests import acting
from jobs import services
from jobs.api import examples
from jobs.import_forms import ImportForm

NO_IMPORT = OpenApiResponse(description="There is no such import.")


class MayImport(BasePermission):
    message = _("Only administrators may import.")

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.user.has_perm("candidates.add_importrun")


class FileSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=list(KINDS))
    name = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class ImportSerializer(SparseModel):
    files = FileSerializer(many=True)
    counts = serializers.DictField(help_text="By file: read, created, updated, unchanged, rejected, stubs.")

    class Meta:
        model = ImportRun
        fields = (
            *("id", "state", "step", "progress", "error", "files", "counts"),
            *("queued_at", "started_at", "finished_at"),
        )
        read_only_fields = fields


class RejectedSerializer(SparseModel):
    class Meta:
        model = RejectedRecord
        fields = ("id", "kind", "key", "field", "reason")
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    """Any one of the files is enough."""

    applicants = serializers.FileField(required=False, help_text="JSON, JSON lines, .gz or .zip.")
    jobs = serializers.FileField(required=False)
    prospects = serializers.FileField(required=False)


@extend_schema_view(
    get=extend_schema(
        operation_id="imports_list",
        summary="Imports, the newest first",
        description="For administrators, as everything about imports.",
        tags=["imports"],
        examples=[OpenApiExample("An import", value=examples.IMPORT, status_codes=["200"])],
    )
)
class ImportListView(Listing):
    resource = "imports"
    permission_classes = (MayCall, MayImport)
    parser_classes = (MultiPartParser,)
    serializer_class = ImportSerializer
    sorts = {"id": Sort("pk")}
    default_sort = "-id"
    queryset = ImportRun.objects.all()

    @extend_schema(
        operation_id="imports_create",
        summary="Import files of the source",
        description="Answers at once; a worker reads them. `import.finished` tells the end to webhooks.",
        tags=["imports"],
        request={"multipart/form-data": UploadSerializer},
        responses={202: ImportSerializer},
        parameters=[FOLLOWED_AT],
        examples=[OpenApiExample("Queued", value=examples.IMPORT, response_only=True, status_codes=["202"])],
    )
    def post(self, request: Request) -> Response:
        if others := set(request.FILES) - set(KINDS):
            told = ErrorDetail(str(_("Name the files applicants, jobs and prospects.")), code="unknown_field")
            raise ValidationError({name[:40]: [told] for name in others})
        form = ImportForm({}, request.FILES)
        if not form.is_valid():
            raise ValidationError(
                {("" if name == "__all__" else name): [*errors] for name, errors in form.errors.items()}
            )
        run = services.queue_import(form.files_given, by=acting(request))
        where = reverse("api-import", args=[run.pk], request=request)
        return Response(ImportSerializer(run).data, status=202, headers={"Location": where})


class ImportView(SparseView):
    resource = "imports"
    permission_classes = (MayCall, MayImport)
    serializer_class = ImportSerializer

    @extend_schema(
        operation_id="imports_read",
        summary="How far an import is",
        description="State, step and share done; counts by file once it is read.",
        tags=["imports"],
        responses={200: ImportSerializer, 404: NO_IMPORT},
        examples=[OpenApiExample("Under way", value=examples.IMPORT, status_codes=["200"])],
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(get_object_or_404(ImportRun, pk=pk)).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="imports_rejected",
        summary="The records that an import could not store, with the reason",
        description="By file, key and field, without the value.",
        tags=["imports"],
        responses={200: RejectedSerializer(many=True), 404: NO_IMPORT},
        examples=[OpenApiExample("A record", value=examples.REJECTED, status_codes=["200"])],
    )
)
class RejectedListView(Listing):
    resource = "imports"
    permission_classes = (MayCall, MayImport)
    serializer_class = RejectedSerializer
    sorts = {"id": Sort("pk")}
    queryset = RejectedRecord.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return get_object_or_404(ImportRun, pk=self.kwargs["pk"]).rejected.all()
