"""What a recipe is made of. Cheap to import: a form lists recipes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from scoring.ml.names import TOPIC_FEATURES

# Available feature names -> those to learn from, in their order
Columns = Callable[[Sequence[str]], tuple[str, ...]]
Objective = Literal["binary", "conditional"]


class UnknownRecipe(ValueError):
    """The name is not one of `RECIPES`."""


class UnknownFeature(ValueError):
    """A recipe names a feature that is not on the allow-list; the message names it."""


@dataclass(frozen=True)
class PartRecipe:
    """One booster of a model.

    `params`: LightGBM's, for plenty of data; `train` tames them for little. `objective`: "binary" is the
    log-loss of each row; "conditional" that of who is hired given that somebody of the job is (conditional
    logit: McFadden 1974), so that only jobs with both outcomes count and nothing of the job itself can
    explain anything. `about_job`: see `scoring.ml.model`. `after_job`: learns what the parts about the job
    leave unexplained. `balanced`: hires weigh as much as all the others together. `monotone`: feature -> 1
    (more never lowers) or -1.
    """

    name: str
    columns: Columns
    params: Mapping[str, float | int | str]
    objective: Objective = "binary"
    about_job: bool = False
    after_job: bool = False
    balanced: bool = False
    monotone: Mapping[str, int] = field(default_factory=dict)
    max_rounds: int = 2000
    early_stopping_rounds: int = 100
    fixed_rounds: int | None = None


@dataclass(frozen=True)
class Recipe:
    """How to make one kind of model. `policy`: the label policy when the run names none. `topics`: learns
    from text topics too. `accept`: also trains the head *likely to accept*."""

    name: str
    parts: tuple[PartRecipe, ...]
    policy: str
    calibration: Literal["auto", "isotonic", "sigmoid"] = "auto"
    topics: bool = False
    accept: bool = False

    def columns(self, available: Sequence[str]) -> tuple[str, ...]:
        """Every feature that some part learns from, in order. Raises `UnknownFeature`."""
        return tuple(dict.fromkeys(name for part in self.parts for name in columns_of(part, available)))


def columns_of(part: PartRecipe, available: Sequence[str]) -> tuple[str, ...]:
    """The part's features. Raises `UnknownFeature` for one that is not available, and when there is none."""
    names = part.columns(available)
    foreign = sorted(set(names) - set(available))
    if foreign or not names:
        raise UnknownFeature(
            f"The part “{part.name}” of the recipe asks for features that may not be learned from: "
            f"{', '.join(foreign) or 'none chosen'}."
        )
    return names


def every_column(available: Sequence[str]) -> tuple[str, ...]:
    """All features but topics, which only recipes that ask for them read."""
    return tuple(name for name in available if name not in TOPIC_FEATURES)
