"""System B: 46 facts about the candidate alone, cut at a precision of 0.80.

Kept: LightGBM with class weights, its rate, leaves, sampling and penalty, isotonic calibration where there
are enough hires for steps. Mended: early stopping instead of always 3,000 trees, and an unknown salary is a
value, not a reason to drop the row.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.ml.names import SYSTEM_B_FEATURES
from scoring.ml.recipes.base import PartRecipe, Recipe


def _system_b(available: Sequence[str]) -> tuple[str, ...]:
    return SYSTEM_B_FEATURES


PREC80 = Recipe(
    name="prec80",
    parts=(
        PartRecipe(
            name="candidate",
            columns=_system_b,
            params={
                "learning_rate": 0.03,
                "num_leaves": 31,
                "min_data_in_leaf": 30,
                "bagging_fraction": 0.9,
                "bagging_freq": 1,
                "feature_fraction": 0.9,
                "lambda_l2": 3.0,
            },
            balanced=True,
            max_rounds=3000,
        ),
    ),
    policy="systemB",
)
