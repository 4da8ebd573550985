"""Systems A and D: a random forest on how well a person matches a job.

Kept: system D's 200 trees of depth 10 with balanced classes, trained on the past and judged on the last
window; system A's idea of the inputs: skills in common, the step from the person's level to the job's, how
many skills each side has.

Mended: skills come from a taxonomy of whole words and not from substrings ("java" in "javascript"), an
unknown level is unknown and not a mismatch, all fields of a match count and not four, and probabilities are
calibrated. Label: all who were hired, and not one of the eight ways to say so.

LightGBM grows the forest, so that reasons, artifact and serving are those of every recipe. A tree draws its
63 % of the rows without putting them back, what a bootstrap leaves of distinct ones, and tries a fifth of the
features at each split, about the square root of their number. Averaging does not overfit, so that no number
of trees is searched for: stopping early in a forest picks an accident.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.ml.recipes.base import PartRecipe, Recipe


def _columns(available: Sequence[str]) -> tuple[str, ...]:
    from scoring.ml.pair_features import CANDIDATE_FEATURES, PAIR_FEATURES  # loads pandas

    return (*PAIR_FEATURES, *CANDIDATE_FEATURES, "job_must_skills", "job_nice_skills")


FOREST = Recipe(
    name="forest",
    parts=(
        PartRecipe(
            name="forest",
            columns=_columns,
            params={
                "boosting": "rf",
                "max_depth": 10,
                "num_leaves": 128,
                "min_data_in_leaf": 20,
                "bagging_fraction": 0.632,
                "bagging_freq": 1,
                "feature_fraction_bynode": 0.2,
            },
            balanced=True,
            fixed_rounds=200,
        ),
    ),
    policy="all",
)
