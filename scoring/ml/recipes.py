"""The model recipes a training run can name.

Listing them must be cheap (a form does it), so nothing heavy is imported here. A new recipe is one more
entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Columns = Callable[[Sequence[str]], tuple[str, ...]]


class UnknownRecipe(ValueError):
    """The name is not one of `RECIPES`."""


@dataclass(frozen=True)
class Recipe:
    """How to make one kind of model.

    `columns`: available feature names -> the ones to learn from, in their order. `params`: LightGBM's, for
    plenty of data; `train` tames them for little. `balanced`: hires weigh as much as all the others
    together (calibration undoes the shift of the probabilities). `policy`: the label policy when the run
    names none.
    """

    name: str
    columns: Columns
    params: Mapping[str, float | int | str]
    policy: str
    balanced: bool = False
    calibration: Literal["auto", "isotonic", "sigmoid"] = "auto"
    max_rounds: int = 2000
    early_stopping_rounds: int = 100


def _every_column(available: Sequence[str]) -> tuple[str, ...]:
    return tuple(available)


def _system_b_columns(available: Sequence[str]) -> tuple[str, ...]:
    from scoring.ml.features import SYSTEM_B_FEATURES  # loads pandas

    return tuple(SYSTEM_B_FEATURES)


RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="peneira",
            columns=_every_column,
            params={
                "learning_rate": 0.03,
                "num_leaves": 15,
                "min_data_in_leaf": 50,
                "bagging_fraction": 0.8,
                "bagging_freq": 1,
                "feature_fraction": 0.6,
                "lambda_l2": 5.0,
            },
            policy="all",
        ),
        # System B's parameters. Kept: LightGBM with class weights, its rate, leaves, sampling and penalty.
        # Mended: early stopping instead of always 3,000 trees, and an unknown salary is a value, not a
        # reason to drop the row.
        Recipe(
            name="prec80",
            columns=_system_b_columns,
            params={
                "learning_rate": 0.03,
                "num_leaves": 31,
                "min_data_in_leaf": 30,
                "bagging_fraction": 0.9,
                "bagging_freq": 1,
                "feature_fraction": 0.9,
                "lambda_l2": 3.0,
            },
            policy="systemB",
            balanced=True,
            max_rounds=3000,
        ),
    )
}


def recipe_named(name: str) -> Recipe:
    """The recipe of that name; raises `UnknownRecipe` with the names that exist."""
    try:
        return RECIPES[name]
    except KeyError:
        known = ", ".join(RECIPES)
        raise UnknownRecipe(f"There is no recipe “{name}”. Choose one of: {known}.") from None
