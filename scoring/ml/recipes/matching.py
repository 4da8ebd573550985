"""System C: what texts are about and plain facts of both sides, in boosted trees; nothing that compares them.

Kept: TF-IDF reduced by truncated SVD for the CV, the job's text and both titles (30, 30, 15, 15 topics),
one-hot facts and levels of candidate and job, gradient boosting with its rate, depth, sampling and number of
trees, class weights from the balance of hires, its own label.

Mended: sex, marital status, disability and the jobs reserved for it are no inputs, nor are the names of
cities. Classes are weighed once: the weights of the whole table on top of oversampled rows (SMOTE) corrected
one imbalance twice and made every probability far too high. TF-IDF and SVD learn from the training rows alone
and not from the rows they are judged by. Trees stop when later rows gain nothing, and rows are divided by
time with every job on one side, instead of at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scoring.ml.names import TOPIC_FEATURES
from scoring.ml.recipes.base import PartRecipe, Recipe

# Levels and one-hot facts, the person's and the job's; whole families by their prefix
_FACTS: Final = (
    "candidate_seniority",
    "candidate_education",
    "candidate_english",
    "candidate_spanish",
    "ingl_",
    "esp_",
    "outro_idioma_presente",
    "esc_",
    "area_admin",
    "area_ti",
    "area_financeiro",
    "has_cert",
    "cert_",
    "job_seniority",
    "job_education",
    "job_english",
    "job_spanish",
    "job_sap",
    "job_contract_",
    "job_area_",
)


def _columns(available: Sequence[str]) -> tuple[str, ...]:
    facts = (name for name in available if name.startswith(_FACTS) and name not in TOPIC_FEATURES)
    return (*facts, *TOPIC_FEATURES)


MATCHING = Recipe(
    name="matching",
    parts=(
        PartRecipe(
            name="match",
            columns=_columns,
            params={
                "learning_rate": 0.05,
                "max_depth": 5,
                "num_leaves": 32,
                "min_sum_hessian_in_leaf": 3.0,
                "min_data_in_leaf": 20,
                "bagging_fraction": 0.8,
                "bagging_freq": 1,
                "feature_fraction": 0.8,
                "lambda_l2": 1.0,
            },
            balanced=True,
            max_rounds=500,
        ),
    ),
    policy="systemC",
    topics=True,
)
