"""An uploaded file as an answer, for the page and for the API alike."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from candidates.models import AccessEvent, Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def download(document: Document, *, by: "User") -> FileResponse:
    """The file itself, only ever to be saved: a browser neither shows nor runs it. It is in the access log.

    Raises PermissionDenied where the file holds what is hidden from the reader, and Http404 where it is gone.
    """
    if document.hides_contact:
        raise PermissionDenied(
            _("This file holds what is hidden from you: the name or how to reach the person.")
        )
    try:
        content = document.file.open("rb")
    except OSError as error:
        raise Http404 from error
    AccessEvent.objects.create(
        kind=AccessEvent.Kind.DOWNLOAD,
        user=by,
        candidate_id=document.candidate_id,
        job_code=document.job_code,
        details={"document": document.pk},
    )
    response = FileResponse(
        content,
        as_attachment=True,
        filename=document.name,
        content_type=document.media_type or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
