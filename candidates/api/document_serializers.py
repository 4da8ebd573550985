"""Shapes of uploaded files, as others read and send them."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.documents.problems import problem
from candidates.integration.sparse import SparseModel
from candidates.integration.strict import StrictSerializer
from candidates.models import Document


class DocumentProblemSerializer(serializers.Serializer[str]):
    """Why there is no text, and what to do."""

    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence in the caller's language.")
    advice = serializers.CharField(help_text="What to do about it.")
    can_retry = serializers.BooleanField(help_text="Whether reading the same file again may end otherwise.")

    def to_representation(self, code: str) -> dict[str, Any]:
        found = problem(code)
        return {
            "code": code,
            "detail": found.sentence,
            "advice": str(found.then),
            "can_retry": found.retry,
        }


class SyncedDocumentSerializer(SparseModel):
    """An uploaded file: whose it is, how far it is read, and why not where it cannot be read."""

    candidate = serializers.CharField(
        source="candidate.code",
        default=None,
        allow_null=True,
        help_text="null until somebody says whose it is.",
    )
    job = serializers.CharField(source="job_code", help_text="The job it was uploaded for; empty: none.")
    name = serializers.CharField(allow_null=True, help_text="null where blind review hides whose it is.")
    problem = serializers.SerializerMethodField()
    uploaded_by = serializers.CharField(source="uploaded_by.get_username")

    class Meta:
        model = Document
        fields: tuple[str, ...] = (
            "id", "candidate", "job", "batch", "name", "media_type", "size", "sha256", "pages", "state",
            "problem", "uploaded_by", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(DocumentProblemSerializer(allow_null=True))
    def get_problem(self, document: Document) -> Any:
        failed = document.state == Document.State.FAILED
        return DocumentProblemSerializer(document.problem).data if failed else None

    def to_representation(self, document: Document) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(document)
        return told | {"name": None} if "name" in told and document.hides_identity else told


class DocumentSerializer(SyncedDocumentSerializer):
    """The same with its text, on request."""

    class Meta(SyncedDocumentSerializer.Meta):
        fields = (*SyncedDocumentSerializer.Meta.fields, "text")
        read_only_fields = fields


class FilesField(serializers.ListField):
    """One part of the form for each file; also an empty one gets its answer."""

    child = serializers.FileField(allow_empty_file=True, max_length=1_000)


class DocumentUploadSerializer(StrictSerializer):
    """Files of one person, for one job, or of many whom somebody tells apart afterwards."""

    files = FilesField(
        allow_empty=False,
        help_text="Each a part `files` of its own: PDF, Word (.docx), OpenDocument, RTF or text.",
    )
    candidate = serializers.CharField(
        required=False, max_length=60, help_text="Whose they are, when that is known: the code."
    )
    job = serializers.CharField(
        required=False, max_length=32, help_text="The job that the people in them apply for: the code."
    )

    def validate_files(self, files: "list[UploadedFile[bytes]]") -> "list[UploadedFile[bytes]]":
        if len(files) > settings.DOCUMENT_FILES:
            raise serializers.ValidationError(
                _("These are %(number)s files. Send at most %(most)s at a time.")
                % {"number": len(files), "most": settings.DOCUMENT_FILES}
            )
        return files


class UploadedDocumentsSerializer(serializers.Serializer[Any]):
    batch = serializers.UUIDField(help_text="What was uploaded together; a filter of the list.")
    documents = SyncedDocumentSerializer(many=True)
