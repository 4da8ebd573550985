"""What a worker does with an uploaded file: claim its row, read it apart, store what came of it."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone

from candidates.documents.checking import Kind, Unreadable
from candidates.documents.isolating import read_apart
from candidates.models import Document

logger = logging.getLogger(__name__)

State = Document.State
# Reading one file ends after less than half a minute, by itself or by force
SILENT_FOR = timedelta(minutes=3)
QUEUED_FOR = timedelta(minutes=5)
MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.RTF: "application/rtf",
    Kind.TEXT: "text/plain",
}


def read(pk: int) -> None:
    """Read the file of a queued row, once: delivered twice, or taken by another worker, nothing happens.

    Ends with the row read or failed with the code of a reason.
    """
    if not _claim(pk):
        return
    document = Document.objects.get(pk=pk)
    try:
        found = read_apart(_content(document))
    except Unreadable as error:
        _end(pk, state=State.FAILED, problem=error.code)
        return
    except Exception as error:
        _end(pk, state=State.FAILED, problem="damaged")
        # Its message may quote the file
        logger.error("reading document %s failed with %s", pk, type(error).__name__)
        return
    _end(
        pk,
        state=State.PARSED,
        problem="",
        text=found.text,
        pages=found.pages,
        proposed=found.proposed,
        media_type=MEDIA_TYPES[found.kind],
    )


def _claim(pk: int) -> bool:
    queued = Document.objects.filter(pk=pk, state=State.QUEUED)
    return bool(queued.update(state=State.PARSING, heartbeat_at=timezone.now()))


def _content(document: Document) -> bytes:
    try:
        with document.file.open("rb") as file:
            return bytes(file.read())
    except (OSError, ValueError) as error:
        raise Unreadable("missing") from error


def _end(pk: int, **values: object) -> None:
    """A row that the reaper has given up meanwhile stays as it is."""
    Document.objects.filter(pk=pk, state=State.PARSING).update(heartbeat_at=timezone.now(), **values)


# Rows that were left behind


def reap(*, now: datetime | None = None) -> None:
    """Fail rows whose worker is gone, send again those nobody took, delete what was discarded long ago."""
    now = now or timezone.now()
    Document.objects.filter(state=State.PARSING, heartbeat_at__lt=now - SILENT_FOR).update(
        state=State.FAILED, problem="worker_lost"
    )
    _send_again(now)
    forgotten = now - timedelta(days=settings.DOCUMENT_DISCARDED_DAYS)
    for document in Document.objects.filter(discarded_at__lt=forgotten):
        delete(document)


def _send_again(now: datetime) -> None:
    from candidates.tasks import read_document

    queued = Document.objects.filter(state=State.QUEUED, discarded_at=None)
    waiting = queued.annotate(sent_at=Coalesce("heartbeat_at", "created_at"))
    for pk in waiting.filter(sent_at__lt=now - QUEUED_FOR).values_list("pk", flat=True):
        # heartbeat_at keeps the messages rare; the claim lets only one through
        if Document.objects.filter(pk=pk, state=State.QUEUED).update(heartbeat_at=now):
            read_document.delay(pk)


def delete(document: Document) -> None:
    """The row, and by `filing` its file."""
    document.delete()
