"""What a person should know before believing a model's figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scoring.ml.learning import HeldOut, Learned
from scoring.ml.messages import Message
from scoring.ml.overall import roc_auc
from scoring.ml.recipes.base import Recipe
from scoring.ml.thresholds import Threshold

if TYPE_CHECKING:
    from scoring.ml.train import AcceptResult, WindowSummary

FEW_HIRES = 50
HARDLY_BETTER = 0.55  # ROC-AUC

# Message ids; scoring.cards marks them for translation
FEW_HIRES_IN = {
    "train": "The rows it learned from hold only %(hires)s hires; its figures can be chance.",
    "calibration": "The calibration window has only %(hires)s hires; its figures can be chance.",
    "validation": "The validation window has only %(hires)s hires; its figures can be chance.",
    "test": "The test window has only %(hires)s hires; its figures can be chance.",
}
CUT_NOT_REACHED = (
    "No cut reaches a precision of %(wanted)s %% on the validation window; the nearest has %(reached)s %% "
    "over %(support)s applications."
)
ONE_PROBABILITY = "Hires scored no higher on the calibration window: everybody gets one probability."
HARDLY_BETTER_THAN_CHANCE = "On the validation window the model hardly beats chance (ROC-AUC %(auc)s)."
NO_CHOICE = "Too few jobs have both a hire and somebody else to learn who is taken inside a job."
NO_ACCEPT = "Too few people were wanted and withdrew: nothing is said of who is likely to accept."
EVERY = (
    *FEW_HIRES_IN.values(),
    CUT_NOT_REACHED,
    ONE_PROBABILITY,
    HARDLY_BETTER_THAN_CHANCE,
    NO_CHOICE,
    NO_ACCEPT,
)


def of(
    recipe: Recipe,
    found: Learned,
    *,
    validation: HeldOut,
    threshold: Threshold,
    windows: tuple[WindowSummary, ...],
    accept: AcceptResult | None,
) -> tuple[Message, ...]:
    """In a fixed order; none when there is nothing to warn of."""
    return (
        *_few_hires(windows),
        *_about_parts(recipe, found, accept),
        *_about_the_cut(threshold),
        *_about_quality(found, validation),
    )


def _few_hires(windows: tuple[WindowSummary, ...]) -> Iterator[Message]:
    for window in windows:
        if window.hires < FEW_HIRES:
            yield Message(FEW_HIRES_IN[window.name], {"hires": window.hires})


def _about_parts(recipe: Recipe, found: Learned, accept: AcceptResult | None) -> Iterator[Message]:
    learned = {fit.part.name for fit in found.plan.fits}
    if any(part.objective == "conditional" and part.name not in learned for part in recipe.parts):
        yield Message(NO_CHOICE)
    if recipe.accept and accept is None:
        yield Message(NO_ACCEPT)


def _about_the_cut(threshold: Threshold) -> Iterator[Message]:
    if not threshold.attainable:
        yield Message(
            CUT_NOT_REACHED,
            {
                "wanted": round(100 * threshold.min_precision),
                "reached": round(100 * (threshold.precision or 0)),
                "support": threshold.support,
            },
        )


def _about_quality(found: Learned, validation: HeldOut) -> Iterator[Message]:
    calibrator = found.head.calibrator
    if calibrator.method == "sigmoid" and calibrator.x[0] == 0:
        yield Message(ONE_PROBABILITY)
    auc = roc_auc(validation.y, validation.raw)
    if auc is not None and auc < HARDLY_BETTER:
        yield Message(HARDLY_BETTER_THAN_CHANCE, {"auc": f"{auc:.2f}"})
