"""Where models and snapshots are kept: Django's storages "models" and "snapshots", a folder or a bucket.

A model is a few files under its name. The manifest comes last: without it nobody reads the rest, so half a
model is never taken for a whole one. Nothing is ever written over.
"""

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

MODELS, SNAPSHOTS = "models", "snapshots"

_REACH = "It can be used again as soon as the storage answers."


class StorageUnavailable(OSError):
    """The storage does not answer, or refuses; the message says what to do."""


class Folder(FileSystemStorage):
    """A folder whose files are on the disk, and not only in its cache, when ``save`` returns."""

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        saved = super().save(name, content, max_length)
        path = Path(self.path(saved))
        for place in (path, path.parent, path.parent.parent):
            _sync(place)
        return saved


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Models


def check_reachable() -> None:
    """Raise ``StorageUnavailable`` now rather than after an hour of training."""
    for name in (MODELS, SNAPSHOTS):
        _listed(storages[name], "v0")


def is_taken(name: str) -> bool:
    """Whether anything is there under the name of a model, be it left by a crash."""
    storage = storages[MODELS]
    return storage.exists(name) or bool(_listed(storage, name))


def write_model(name: str, files: Mapping[str, bytes]) -> None:
    """Store the files of a new model.

    Raises FileExistsError when there is anything under that name, ValueError without a manifest,
    ``StorageUnavailable`` and other OSErrors when writing fails; what was written is then taken back.
    """
    from scoring.ml.artifact import MANIFEST

    storage = storages[MODELS]
    if MANIFEST not in files:
        raise ValueError(f"a model needs a {MANIFEST}")
    if is_taken(name):
        raise FileExistsError(f"{name} exists; a model is never overwritten, choose a new name")
    written: list[str] = []
    try:
        for file in sorted(files, key=lambda file: (file == MANIFEST, file)):
            put(storage, f"{name}/{file}", files[file])
            written.append(f"{name}/{file}")
    except BaseException:
        _take_back(storage, [*written, name])
        raise


def read_model(name: str) -> dict[str, bytes]:
    """The files of a model as they are; ``scoring.ml.artifact.unpack`` checks their names and sums.

    Raises ``ArtifactCorrupt`` when it is not there or was never finished, ``ArtifactError`` when the storage
    does not answer. Changes nothing.
    """
    from scoring.ml.artifact import MANIFEST, ArtifactCorrupt, ArtifactError

    storage = storages[MODELS]
    try:
        names = _listed(storage, name)
        if MANIFEST not in names:
            raise ArtifactCorrupt(f"Model {name} has the files {_words(names)}.")
        return {file: get(storage, f"{name}/{file}") for file in names}
    except StorageUnavailable as error:
        raise ArtifactError(f"Model {name} cannot be read. {error}", recovery=_REACH) from error
    except OSError as error:
        raise ArtifactCorrupt(f"Model {name} cannot be read.") from error


def _words(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


# Single files


def put(storage: Storage, name: str, content: bytes) -> None:
    """Write a new file; raises FileExistsError when there is one."""
    if storage.exists(name):
        raise FileExistsError(f"{name} exists and is never overwritten")
    saved = storage.save(name, ContentFile(content))
    if saved != name:  # somebody was quicker, and Django has chosen another name
        storage.delete(saved)
        raise FileExistsError(f"{name} exists and is never overwritten")


def get(storage: Storage, name: str) -> bytes:
    """The whole file. Raises FileNotFoundError, and other OSErrors."""
    with storage.open(name, "rb") as file:
        return bytes(file.read())


def _listed(storage: Storage, folder: str) -> list[str]:
    try:
        return sorted(storage.listdir(folder)[1])
    except (FileNotFoundError, NotADirectoryError):
        return []


def _take_back(storage: Storage, names: Iterable[str]) -> None:
    """A folder goes only when it is empty: others may have written into it."""
    for name in names:
        with contextlib.suppress(OSError):
            storage.delete(name)
