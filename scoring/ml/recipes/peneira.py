"""Peneira's own: how likely the job is filled, and who inside the job, each learned on purpose.

A model that learns both at once learns the job: that is where most of the signal is, and inside a job it then
orders no better than chance. So three boosters:

- *job* reads what is known of the job on the day of application, what its text is about, and nothing of the
  person;
- *choice* learns who was taken of those who applied for one job (conditional logit), so that nothing of the
  job can explain anything;
- *person* learns from every application what the job part leaves unexplained.

The mean of the last two is the order inside a job; with the job part it is the probability. Where too few
jobs have both a hire and somebody else, the choice is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from scoring.ml.names import TOPIC_FEATURES
from scoring.ml.recipes.base import PartRecipe, Recipe, every_column


def _job_columns(available: Sequence[str]) -> tuple[str, ...]:
    """What is known of the job; with what its title and text are about where topics were learned."""
    from scoring.ml.features import JOB_ONLY_FEATURES  # loads pandas

    there = set(available)
    return (*JOB_ONLY_FEATURES, *(name for name in TOPIC_FEATURES if name in there and _of_job(name)))


def _of_job(topic: str) -> bool:
    return topic.startswith(("topic_job_", "topic_title_"))


# More of these never lowers a score, and more of what is missing never raises it: all that a skill added to a
# CV can move. LightGBM's default ("basic") method keeps this; its "advanced" one is known not to.
MONOTONE: Final[Mapping[str, int]] = {
    "must_skills_share": 1,
    "must_skills_found": 1,
    "must_skills_missing": -1,
    "must_skills_named": 1,
    "nice_skills_share": 1,
    "nice_skills_found": 1,
    "skills_count": 1,
    "text_similarity": 1,
    "title_in_cv": 1,
    "sap_match": 1,
    "cv_words": 1,
    "cv_tamanho_maior_1500": 1,
    "cv_excel_avancado": 1,
    "cv_kpi": 1,
    "cv_controladoria": 1,
    "cv_contabil": 1,
    "cv_financeiro": 1,
    "cv_administrativo": 1,
    "cv_sap": 1,
    "cv_protheus": 1,
    "cv_navision": 1,
}

_SMALL_TREES: Final[Mapping[str, float | int | str]] = {
    "learning_rate": 0.03,
    "num_leaves": 7,
    "min_data_in_leaf": 100,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.6,
    "lambda_l2": 20.0,
}

JOB = PartRecipe(
    name="job",
    columns=_job_columns,
    params={**_SMALL_TREES, "min_data_in_leaf": 50},
    about_job=True,
)
CHOICE = PartRecipe(
    name="choice", columns=every_column, params=_SMALL_TREES, objective="conditional", monotone=MONOTONE
)
PERSON = PartRecipe(
    name="person", columns=every_column, params=_SMALL_TREES, after_job=True, monotone=MONOTONE
)
# The second head: of those who were wanted, who accepted
ACCEPT = PartRecipe(name="accept", columns=every_column, params=_SMALL_TREES)

PENEIRA = Recipe(
    name="peneira",
    parts=(JOB, CHOICE, PERSON),
    policy="all",
    topics=True,
    accept=True,
)


def _job_without_topics(available: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in _job_columns(available) if name not in TOPIC_FEATURES)


def _everything(available: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*every_column(available), *_job_columns(available)]))


_AT_ONCE = replace(JOB, name="everything", columns=_everything, about_job=False)
_PLAIN_JOB = replace(JOB, columns=_job_without_topics)


def _variant(name: str, *parts: PartRecipe) -> Recipe:
    return Recipe(name, parts, policy="all")


# `peneira` with parts left out, and the one booster for everything that it replaced
ABLATIONS: Final[Mapping[str, Recipe]] = {
    recipe.name: recipe
    for recipe in (
        replace(PENEIRA, accept=False),
        _variant("without choice", JOB, PERSON),
        _variant("without person", JOB, CHOICE),
        _variant("without topics", _PLAIN_JOB, CHOICE, PERSON),
        _variant("job alone", JOB),
        _variant("choice alone", CHOICE),
        _variant("one booster for everything", _AT_ONCE),
    )
}
