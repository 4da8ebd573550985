"""A version's recipe, settings and rows, measured on further windows; the figures go into its card.

The version itself is not touched: what is measured are models that are learned for the purpose and thrown
away. It needs only what was stored with the version, so neither the database's present rows nor the clock
can change an answer.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from scoring import divisions, registry, snapshots
from scoring.divisions import Show
from scoring.models import ModelVersion
from scoring.storage import StorageUnavailable

if TYPE_CHECKING:
    from scoring.ml.dataset import Dataset
    from scoring.ml.recipes import Recipe
    from scoring.ml.train import TrainConfig

NO_SNAPSHOT = gettext_noop(
    "The rows this version learned from were not kept, so it cannot be measured on others. Train it again."
)
BACK_TESTS = gettext_noop("Trying earlier times")
FOLDS = gettext_noop("Trying folds of jobs")
PARTS = gettext_noop("Leaving parts out")
# Of each measurement. Slices, baselines and reliability stay out: the card is read with every ranking
KEPT = (
    *("n", "positives", "base_rate", "roc_auc", "average_precision", "brier", "expected_calibration_error"),
    *("intervals", "inside_jobs"),
)


class NotMeasurable(Exception):
    """It cannot even be tried; the message is a message id or a whole sentence."""


def measure(version: ModelVersion, *, show: Show) -> dict[str, Any]:
    """Back-tests, folds of jobs and (`peneira`) parts left out, as the keys of the card that hold them.

    A window that cannot be learned has a "problem"; nothing is stored. What ``show`` raises stops the work.
    Raises ``NotMeasurable``. Minutes: one training for each window.
    """
    from scoring.ml import backtest
    from scoring.ml.recipes import UnknownFeature

    recipe, config, data = _stored(version)
    trainings = {BACK_TESTS: backtest.STRETCHES, FOLDS: backtest.FOLDS, PARTS: len(divisions.parts(recipe))}
    try:
        found = {
            "backtests": divisions.back_tests(recipe, data, config, show=_part(show, trainings, BACK_TESTS)),
            "grouped": divisions.grouped(recipe, data, config, show=_part(show, trainings, FOLDS)),
            "ablation": divisions.ablation(recipe, data, config, show=_part(show, trainings, PARTS)),
        }
    except UnknownFeature as error:
        raise NotMeasurable(str(error)) from error
    return {name: _short(told) for name, told in found.items()} | {"further_at": timezone.now().isoformat()}


def _part(show: Show, trainings: dict[str, int], step: str) -> Show:
    """The share of one part, each training counting the same, as a share of the whole."""
    names = list(trainings)
    before = sum(trainings[name] for name in names[: names.index(step)])
    total = sum(trainings.values())
    return lambda share, _stage: show((before + trainings[step] * share) / total, step)


def _stored(version: ModelVersion) -> "tuple[Recipe, TrainConfig, Dataset]":
    """What it was learned by and from. The labels are among the rows: the policy was applied to them."""
    from scoring.ml.artifact import ArtifactError
    from scoring.ml.recipes import UnknownRecipe, recipe_named
    from scoring.ml.train import TrainConfig

    if version.snapshot is None:
        raise NotMeasurable(NO_SNAPSHOT)
    try:
        config = TrainConfig.from_json(dict(registry.artifact(version).manifest["config"]))
        return recipe_named(version.recipe), config, snapshots.read_snapshot(version.snapshot)
    except (UnknownRecipe, ArtifactError, snapshots.SnapshotCorrupt, StorageUnavailable) as error:
        raise NotMeasurable(str(error)) from error


def _short(told: Any) -> Any:
    if isinstance(told, list):
        return [_short(entry) for entry in told]
    kept = told | {"metrics": _figures(told["metrics"])}
    return kept | {"folds": [_figures(fold) for fold in told["folds"]]} if "folds" in told else kept


def _figures(metrics: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if metrics is None else {name: metrics[name] for name in KEPT}


def store(version: ModelVersion, found: dict[str, Any]) -> None:
    """Others write into the card too: only the keys of ``measure`` are ours."""
    with transaction.atomic():
        row = ModelVersion.objects.select_for_update().get(pk=version.pk)
        row.card = row.card | found
        row.save(update_fields=["card"])
    version.card = row.card
