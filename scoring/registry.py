"""The trained models that serve: which version, loaded once in a process, checked before use."""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from scoring import storage
from scoring.models import ModelVersion

if TYPE_CHECKING:
    from scoring.ml.artifact import Artifact

logger = logging.getLogger(__name__)

NUMBERING_LOCK = 0x9E6E1  # any number that no other advisory lock of this program has
KEPT = 4  # artifacts a process holds: one for each recipe, and those before them while they are replaced

_lock = Lock()
_loaded: "OrderedDict[str, Artifact]" = OrderedDict()
_last_good: "dict[str, tuple[ModelVersion, Artifact]]" = {}


class NoModel(Exception):
    """There is no model that can answer; the message says what to do."""


def fresh_artifact(version: ModelVersion) -> "Artifact":
    """As ``artifact``, whatever this process knows already: its files may have been altered since."""
    with _lock:
        _loaded.pop(version.sha256, None)
    return artifact(version)


def artifact(version: ModelVersion) -> "Artifact":
    """The version's model, read from the storage once a process and checked against its sha256.

    Raises ``scoring.ml.artifact.ArtifactError``; nothing in the storage is touched.
    """
    from scoring.ml.artifact import unpack

    with _lock:
        if version.sha256 in _loaded:
            _loaded.move_to_end(version.sha256)
        else:
            files = storage.read_model(version.artifact_path)
            _loaded[version.sha256] = unpack(files, name=str(version), sha256=version.sha256)
            while len(_loaded) > KEPT:
                _loaded.popitem(last=False)
        return _loaded[version.sha256]


def champion_artifact(recipe: str = "peneira") -> "tuple[ModelVersion, Artifact]":
    """The version of the recipe that serves, and its model.

    When its files cannot be loaded, the version that this process served before goes on serving.
    Raises ``NoModel`` when there is neither.
    """
    from scoring.ml.artifact import ArtifactError

    version = ModelVersion.objects.champion(recipe)
    if version is None:
        raise NoModel(_("No model is in use yet. Train one first."))
    try:
        found = version, artifact(version)
    except ArtifactError as error:
        logger.error("model v%s cannot be loaded: %s", version.number, error.problem)
        if recipe not in _last_good:
            raise NoModel(
                _("Model v%(number)s cannot be loaded: %(problem)s")
                % {"number": version.number, "problem": error}
            ) from error
        return _last_good[recipe]
    _last_good[recipe] = found
    return found


def forget() -> None:
    """Empty this process's memory of models (tests; after files were replaced by hand)."""
    with _lock:
        _loaded.clear()
        _last_good.clear()


# Which version serves


class NotPromotable(Exception):
    """The version may not serve; the message says why."""


def check_files(version: ModelVersion) -> None:
    """Raises ``NotPromotable`` when the version's files are not those that were saved."""
    from scoring.ml.artifact import ArtifactError, digest

    try:
        found = digest(storage.read_model(version.artifact_path))
    except ArtifactError as error:
        raise NotPromotable(str(error)) from error
    if found != version.sha256:
        raise NotPromotable(
            _("The files of model v%(number)s are not those that were saved.") % {"number": version.number}
        )


# A new version


def store_version(values: dict[str, Any], files: Mapping[str, bytes]) -> ModelVersion:
    """The row of a new version, numbered, its files written.

    Two trainings that end at once get two numbers. What a crash left without its row is passed over.
    """
    from scoring.ml.artifact import digest

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])
        number = (ModelVersion.objects.aggregate(Max("number"))["number__max"] or 0) + 1
        while storage.is_taken(name := f"v{number}"):
            number += 1
        storage.write_model(name, files)
        return ModelVersion.objects.create(number=number, artifact_path=name, sha256=digest(files), **values)
