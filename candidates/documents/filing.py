"""Stored files live as long as their rows: what deletes a row takes the file along; strays are found."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from candidates.models import Document
from candidates.viewing import unrestricted

FOLDER = "documents"
SETTLED = timedelta(hours=1)  # a file is written before its row is


def row_goes(sender: type[Document], instance: Document, **kwargs: Any) -> None:
    """The file goes once the row is gone for good; a storage that fails leaves a stray, and stops nothing.

    A signal, because people are also deleted in the shell and by cascades that call no method of ours.
    """
    with unrestricted():  # the object may have been loaded by somebody from whom the file is hidden
        name = Document.objects.filter(pk=instance.pk).values_list("file", flat=True).first()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


def strays(*, now: datetime | None = None) -> Iterator[str]:
    """Stored files that no row knows."""
    settled = (now or timezone.now()) - SETTLED
    for folder in _folders(FOLDER):
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        with unrestricted():
            known = set(Document.objects.filter(file__in=names).values_list("file", flat=True))
        for name in sorted(set(names) - known):
            if default_storage.get_modified_time(name) < settled:
                yield name


def remove_strays(*, now: datetime | None = None) -> int:
    found = list(strays(now=now))
    for name in found:
        default_storage.delete(name)
    return len(found)


def _folders(folder: str) -> Iterator[str]:
    try:
        inner = default_storage.listdir(folder)[0]
    except FileNotFoundError:
        return
    yield folder
    for name in sorted(inner):
        yield from _folders(f"{folder}/{name}")
