"""The trained models that serve: which version, loaded once in a process, checked before use."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.models import ModelVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from scoring.ml.artifact import Artifact

logger = logging.getLogger(__name__)

NUMBERING_LOCK = 0x9E6E1  # any number that no other advisory lock of this program has
KEPT = 4  # artifacts a process holds: one for each recipe, and those before them while they are replaced

_lock = Lock()
_loaded: "OrderedDict[str, Artifact]" = OrderedDict()
_last_good: "dict[str, tuple[ModelVersion, Artifact]]" = {}


class NoModel(Exception):
    """There is no model that can answer; the message says what to do."""


def directory(version: ModelVersion) -> Path:
    return Path(settings.MODELS_DIR) / version.artifact_path


def artifact(version: ModelVersion) -> "Artifact":
    """The version's model, read from disk once a process and checked against its sha256.

    Raises ``scoring.ml.artifact.ArtifactError``; nothing on disk is touched.
    """
    from scoring.ml.artifact import load

    with _lock:
        if version.sha256 in _loaded:
            _loaded.move_to_end(version.sha256)
        else:
            _loaded[version.sha256] = load(directory(version), sha256=version.sha256)
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


def promote(version: ModelVersion, *, by: "User | None" = None, reason: str) -> ModelVersion:
    """Make ``version`` the one of its recipe that serves; the one before it is retired.

    One transaction; of two promotions at once the later one holds. Raises ``NotPromotable`` when its
    files are not those that were saved.
    """
    check_files(version)
    with transaction.atomic():
        # The lock orders promotions of one recipe; the constraint would refuse a second champion anyway
        rivals = ModelVersion.objects.filter(recipe=version.recipe).select_for_update().order_by("pk")
        list(rivals.values_list("pk", flat=True))
        champions = ModelVersion.objects.filter(recipe=version.recipe, state=ModelVersion.State.CHAMPION)
        champions.exclude(pk=version.pk).update(state=ModelVersion.State.RETIRED)
        version.state = ModelVersion.State.CHAMPION
        version.promoted_at, version.promoted_by, version.promotion_reason = timezone.now(), by, reason
        version.save(update_fields=["state", "promoted_at", "promoted_by", "promotion_reason"])
    return version


def check_files(version: ModelVersion) -> None:
    """Raises ``NotPromotable`` when the version's files are not those that were saved."""
    from scoring.ml.artifact import ArtifactError, checksum

    try:
        found = checksum(directory(version))
    except ArtifactError as error:
        raise NotPromotable(str(error)) from error
    if found != version.sha256:
        raise NotPromotable(
            _("The files of model v%(number)s are not those that were saved.") % {"number": version.number}
        )


# A new version


def store_version(values: dict[str, Any], save: Callable[[Path], str]) -> ModelVersion:
    """The row of a new version, numbered, its files written by ``save(directory)``, which returns the sha256.

    Two trainings that end at once get two numbers. A directory that a crash left without its row is
    passed over.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])
        number = (ModelVersion.objects.aggregate(Max("number"))["number__max"] or 0) + 1
        while (target := Path(settings.MODELS_DIR) / f"v{number}").exists():
            number += 1
        return ModelVersion.objects.create(
            number=number, artifact_path=target.name, sha256=save(target), **values
        )
