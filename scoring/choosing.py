"""Which model version answers, as a caller names it: by number, by recipe, or by the part it plays."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from scoring import registry
from scoring.ml.recipes import RECIPES
from scoring.models import ModelVersion
from scoring.registry import NoModel

if TYPE_CHECKING:
    from scoring.ml.artifact import Artifact

__all__ = ["CHALLENGER", "CHAMPION", "NoModel", "UnknownModel", "chosen"]

CHAMPION, CHALLENGER = "champion", "challenger"
MAIN = "peneira"
NEVER_READ = ("card", "verdict")  # long, and nothing of them is asked when somebody is scored
NUMBERS_TOLD = 20

Wanted = int | str | None


class UnknownModel(ValueError):
    """No version answers to that name; the message says which there are."""


def chosen(wanted: Wanted = None) -> "tuple[ModelVersion, Artifact]":
    """The version that is wanted, and its model: a number, "champion" (also None: the main recipe's version
    in use), "challenger" (the newest version that waits), or a recipe, whose version in use is meant.

    Raises ``UnknownModel``, ``NoModel`` when none is in use, ``scoring.ml.artifact.ArtifactError`` when its
    files cannot be used.
    """
    if wanted is None or wanted == CHAMPION:
        return registry.champion_artifact(MAIN)
    version = _version(wanted)
    if version is None:
        raise UnknownModel(_sentence())
    return version, registry.artifact(version)


def _version(wanted: int | str) -> ModelVersion | None:
    versions = ModelVersion.objects.defer(*NEVER_READ)
    if isinstance(wanted, int) or (wanted.isascii() and wanted.isdigit()):
        number = int(str(wanted)[:12])
        return versions.filter(number=number).first() if number < 1 << 31 else None
    if wanted == CHALLENGER:
        return versions.filter(state=ModelVersion.State.CHALLENGER).order_by("-number").first()
    if wanted not in RECIPES:
        return None
    return versions.filter(state=ModelVersion.State.CHAMPION, recipe=wanted).first()


def _sentence() -> str:
    newest = ModelVersion.objects.order_by("-number").values_list("number", flat=True)
    numbers = ", ".join(map(str, newest[:NUMBERS_TOLD])) or _("none yet")
    return _("There is no such model. Give %(names)s, or a number: %(numbers)s.") % {
        "names": ", ".join(_names()),
        "numbers": numbers,
    }


def _names() -> list[str]:
    """Those that stand for a version now."""
    versions = ModelVersion.objects.order_by()
    in_use = set(versions.filter(state=ModelVersion.State.CHAMPION).values_list("recipe", flat=True))
    waits = versions.filter(state=ModelVersion.State.CHALLENGER).exists()
    return [CHAMPION, *([CHALLENGER] if waits else []), *(name for name in RECIPES if name in in_use)]
