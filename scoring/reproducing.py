"""Whether a version can be made again from what was stored with it: its snapshot and its manifest.

Nothing else is needed. Texts are in the snapshot as features already, so neither the text model, the
database's present rows nor the clock can change the answer.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from platform import python_version
from typing import TYPE_CHECKING, Any

from scoring import cards, registry, snapshots
from scoring.models import ModelVersion

if TYPE_CHECKING:
    from scoring.ml.artifact import Artifact
    from scoring.ml.dataset import Dataset
    from scoring.ml.model import Head
    from scoring.ml.train import TrainResult

TOLERANCE = 1e-9


class NotReproducible(Exception):
    """It cannot even be tried; the message says why."""


@dataclass(frozen=True)
class HeadComparison:
    """The largest absolute differences over all rows of the snapshot; None: only one of the two models has
    this head."""

    head: str
    rows: int
    probability: float | None
    margin: float | None

    @property
    def is_equal(self) -> bool:
        return all(
            difference is not None and difference <= TOLERANCE
            for difference in (self.probability, self.margin)
        )


@dataclass(frozen=True)
class Changed:
    """What is not as it was when the version was made; "": not known."""

    what: str
    then: str
    now: str


@dataclass(frozen=True)
class Reproduction:
    version: int
    recipe: str
    snapshot: str
    rows: int
    seconds: float
    heads: tuple[HeadComparison, ...]
    changed: tuple[Changed, ...]

    @property
    def is_equal(self) -> bool:
        return all(head.is_equal for head in self.heads)

    def why(self) -> str:
        """One sentence on the outcome."""
        if self.is_equal:
            return f"Made again with the same predictions (to {TOLERANCE:g})."
        if self.changed:
            what = ", ".join(change.what for change in self.changed)
            return f"The predictions differ, and so do: {what}. Try again with those as they were."
        return (
            "The predictions differ although code and libraries are the same: the processor computes "
            "otherwise, or the training is not reproducible, which would be a defect."
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"equal": self.is_equal, "tolerance": TOLERANCE, "why": self.why()}


def reproduce(version: ModelVersion, *, progress: Callable[[float, str], None] | None = None) -> Reproduction:
    """Train again in memory and compare both heads on every row of the snapshot; stores nothing.

    Raises ``NotReproducible``.
    """
    started = time.monotonic()
    model, dataset = _stored(version)
    again = _trained_again(version, model, dataset, progress)
    return Reproduction(
        version=version.number,
        recipe=version.recipe,
        snapshot=str(model.manifest["extra"].get("snapshot", "")),
        rows=len(dataset),
        seconds=round(time.monotonic() - started, 1),
        heads=_compared(model, again, dataset),
        changed=changed_since(model.manifest, version.code_commit),
    )


def _stored(version: ModelVersion) -> "tuple[Artifact, Dataset]":
    from scoring.ml.artifact import ArtifactError

    if version.snapshot is None:
        raise NotReproducible(f"Model {version} has no snapshot of its rows; it is older than snapshots.")
    try:
        return registry.artifact(version), snapshots.read_snapshot(version.snapshot)
    except (ArtifactError, snapshots.SnapshotCorrupt, OSError) as error:
        raise NotReproducible(f"Model {version} cannot be made again. {error}") from error


def _trained_again(
    version: ModelVersion,
    model: "Artifact",
    dataset: "Dataset",
    progress: Callable[[float, str], None] | None,
) -> "TrainResult":
    from scoring.ml.recipes import UnknownFeature, UnknownRecipe, recipe_named
    from scoring.ml.splits import TrainingDataError
    from scoring.ml.train import TrainConfig, train

    config = TrainConfig.from_json(dict(model.manifest["config"]))
    try:
        return train(dataset, recipe=recipe_named(version.recipe), config=config, progress=progress)
    except (UnknownRecipe, UnknownFeature, TrainingDataError) as error:
        raise NotReproducible(f"Model {version} cannot be made again. {error}") from error


def _compared(model: "Artifact", again: "TrainResult", dataset: "Dataset") -> tuple[HeadComparison, ...]:
    accept = again.accept.head if again.accept else None
    pairs = {"hire": (model.head, again.head), "accept": (model.accept, accept)}
    return tuple(
        _comparison(name, then, now, dataset)
        for name, (then, now) in pairs.items()
        if then is not None or now is not None
    )


def _comparison(name: str, then: "Head | None", now: "Head | None", dataset: "Dataset") -> HeadComparison:
    if then is None or now is None:
        return HeadComparison(name, len(dataset), None, None)
    old, new = (dataset.X[list(head.feature_names)].to_numpy() for head in (then, now))
    return HeadComparison(
        name,
        len(dataset),
        probability=float(abs(then.probability(old) - now.probability(new)).max(initial=0.0)),
        margin=float(abs(then.margin(old) - now.margin(new)).max(initial=0.0)),
    )


def changed_since(manifest: Mapping[str, Any], commit: str) -> tuple[Changed, ...]:
    """Code and libraries that are not those of the manifest."""
    now = {name: _installed(name) for name in manifest["libraries"]}
    found = [
        Changed(name, then or "", now[name])
        for name, then in sorted(manifest["libraries"].items())
        if (then or "") != now[name]
    ]
    running = cards.code_commit()
    return tuple(found + ([Changed("code", commit, running)] if commit != running else []))


def _installed(library: str) -> str:
    if library == "python":
        return python_version()
    try:
        return version_of(library)
    except PackageNotFoundError:
        return ""
