"""Uploaded files become rows, each with its state; a worker reads them afterwards."""

import hashlib
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from candidates.documents.checking import MEGABYTE
from candidates.models import Candidate, Document
from candidates.queueing import send_on_commit
from candidates.tasks import read_document

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Document.State
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # also what turns ".exe" around
NAME_LENGTH = 200


@dataclass(frozen=True)
class Purpose:
    """Whose file it is, when that is known, or the job whose prospect the person is to be."""

    candidate: Candidate | None = None
    job_code: str = ""


def keep(files: "Iterable[File[bytes]]", *, by: "User", purpose: Purpose | None = None) -> uuid.UUID:
    """Keep files that were uploaded together and have them read; the batch they are.

    Also a file that is too large, empty or here already becomes a row: each gets its answer.
    """
    batch = uuid.uuid4()
    for file in files:
        _keep_one(file, batch=batch, by=by, purpose=purpose or Purpose())
    return batch


def _keep_one(file: "File[bytes]", *, batch: uuid.UUID, by: "User", purpose: Purpose) -> None:
    document = Document(
        batch=batch,
        candidate=purpose.candidate,
        job_code=purpose.job_code,
        name=clean_name(file.name or ""),
        size=file.size or 0,
        uploaded_by=by,
    )
    too_large = document.size > settings.DOCUMENT_MEGABYTES * MEGABYTE
    document.sha256 = "" if too_large else _digest(file)
    document.problem = _problem(document, too_large)
    document.state = State.FAILED if document.problem else State.QUEUED
    with transaction.atomic():
        if document.problem not in ("too_large", "empty"):
            # Stored under a name of its own: what the person called it may hold their name, or a path
            document.file.save(uuid.uuid4().hex, file, save=False)
        document.save()
        if document.state == State.QUEUED:
            send_on_commit(read_document, document.pk)


def clean_name(name: str) -> str:
    """The last part of a name, which some browsers send with its folders; its ending stays when it is cut."""
    own = _UNPRINTABLE.sub("", PurePath(name.replace("\\", "/")).name).strip() or "file"
    suffix = PurePath(own).suffix[:10]
    return own if len(own) <= NAME_LENGTH else own[: NAME_LENGTH - len(suffix)] + suffix


def _digest(file: "File[bytes]") -> str:
    seen = hashlib.sha256()
    for chunk in file.chunks():
        seen.update(chunk)
    file.seek(0)
    return seen.hexdigest()


def _problem(document: Document, too_large: bool) -> str:
    if too_large:
        return "too_large"
    if not document.size:
        return "empty"
    return "duplicate" if earlier(document).exists() else ""


def earlier(document: Document) -> QuerySet[Document]:
    """The same file, read or to be read before and not discarded; the oldest first.

    One that could not be read is none: it fails anew with its reason, which says more than "here already".
    """
    same = Document.objects.filter(sha256=document.sha256, discarded_at=None).exclude(sha256="")
    same = same.exclude(state=State.FAILED)
    if document.pk:
        same = same.filter(pk__lt=document.pk)
    return same.order_by("pk")


def read_again(document: Document) -> bool:
    """Queue a file that could not be read, or was here already; False when it is no such."""
    failed = Document.objects.filter(pk=document.pk, state=State.FAILED, discarded_at=None).exclude(file="")
    with transaction.atomic():
        queued = failed.update(state=State.QUEUED, problem="", heartbeat_at=None)
        if queued:
            send_on_commit(read_document, document.pk)
    return bool(queued)


def discard(document: Document) -> None:
    """Put a file away; it is deleted some days later, and can be taken back until then."""
    Document.objects.filter(pk=document.pk, discarded_at=None).update(discarded_at=timezone.now())


def restore(document: Document) -> bool:
    """Take it back; whoever does so is told anew before it expires."""
    discarded = Document.objects.filter(pk=document.pk).exclude(discarded_at=None)
    return bool(discarded.update(discarded_at=None, warned_at=None))
