"""Uploads that nobody says the person of: their uploader is told, and some days later they are deleted.

Who was told is written in the row, so that nothing is deleted without a word, however long the machine slept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from candidates import notices
from candidates.documents.reading import delete
from candidates.models import Document
from candidates.viewing import unrestricted

MOST_NOTICE = 5  # days between the notice and the end
TOLD = gettext_noop(
    "CVs that you uploaded and nobody has confirmed: %(files)s."
    " What is still unconfirmed on %(day)s is deleted."
)


@dataclass(frozen=True)
class Expired:
    deleted: int
    warned: int


def expire(*, now: datetime | None = None) -> Expired:
    """Delete unconfirmed files whose time is over, and tell the uploaders of those whose time comes."""
    now = now or timezone.now()
    with unrestricted():
        return Expired(deleted=_delete(now), warned=_warn(now))


def _notice_days() -> int:
    """At most half of the time that a file has."""
    return min(MOST_NOTICE, settings.DOCUMENT_UNCONFIRMED_DAYS // 2)


def _unconfirmed(before: datetime) -> QuerySet[Document]:
    """Uploaded before then and nobody's; discarded ones have a time of their own."""
    nobodys = Document.objects.filter(candidate=None, discarded_at=None, created_at__lt=before)
    return nobodys.exclude(state=Document.State.PARSING)


def _delete(now: datetime) -> int:
    over = _unconfirmed(now - timedelta(days=settings.DOCUMENT_UNCONFIRMED_DAYS))
    told = over.filter(warned_at__lte=now - timedelta(days=_notice_days()))
    return sum(_delete_one(pk) for pk in list(told.values_list("pk", flat=True)))


def _delete_one(pk: int) -> bool:
    """Unless somebody confirmed it this very moment."""
    with transaction.atomic():
        waiting = Document.objects.select_for_update(of=("self",)).filter(
            pk=pk, candidate=None, discarded_at=None
        )
        if found := waiting.first():
            delete(found)
    return found is not None


def _warn(now: datetime) -> int:
    notice = timedelta(days=_notice_days())
    soon = _unconfirmed(now - timedelta(days=settings.DOCUMENT_UNCONFIRMED_DAYS) + notice)
    told = soon.filter(warned_at=None).select_related("uploaded_by").order_by("uploaded_by", "pk")
    told = told.only("uploaded_by__username")
    day = timezone.localdate(now + notice).isoformat()
    warned = 0
    with transaction.atomic():
        for uploader, some in groupby(told, key=lambda one: one.uploaded_by):
            keys = [one.pk for one in some]
            Document.objects.filter(pk__in=keys).update(warned_at=now)
            url = reverse("candidates:documents_waiting")
            params = {"files": len(keys), "day": day}
            notices.notify(uploader, kind="documents", message=TOLD, params=params, url=url)
            warned += len(keys)
    return warned
