"""A company whose rule is known: what of the job and what of the person leads to a hire."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from scoring.ml.dataset import Dataset, make_dataset
from scoring.ml.features import FEATURES
from scoring.ml.recipes import RECIPES
from scoring.ml.train import TrainConfig, train

OF_JOB = ("client_hire_rate", "job_words")  # the first speaks for a hire, the second says nothing
OF_PERSON = ("text_similarity", "salary_ratio", "years_experience")  # for, against, nothing
PENEIRA = RECIPES["peneira"]
WITHOUT_ACCEPT = replace(PENEIRA, name="without accept", accept=False)
QUICK = TrainConfig(max_rounds=40, bootstrap_resamples=20)


def company(jobs=500, *, job=1.0, person=1.0, base=-1.3, seed=0, answers=True):
    """`job`, `person`: how strong either side is. The wanted accept when their salary fits."""
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(jobs), np.minimum(rng.geometric(0.2, jobs) + 1, 20))
    known = pd.DataFrame(rng.normal(size=(len(code), 5)), columns=[*OF_JOB, *OF_PERSON])
    known[list(OF_JOB)] = rng.normal(size=(jobs, 2))[code]
    margin = base + job * known[OF_JOB[0]] + person * (known[OF_PERSON[0]] - 0.7 * known[OF_PERSON[1]])
    y = drawn(margin, rng)
    wanted = (y == 1) | (rng.random(len(y)) < 0.5)
    accept = np.where(wanted & answers, drawn(0.7 - 2 * known[OF_PERSON[1]], rng), np.nan)
    first = np.sort(rng.integers(0, 1200, jobs))
    days = np.datetime64("2020-01-01") + first[code] + rng.geometric(0.2, len(code))
    known[OF_PERSON[2]] = known[OF_PERSON[2]].mask(rng.random(len(code)) < 0.3)
    return make_dataset(
        known.reindex(columns=FEATURES).astype(np.float32),
        y=y,
        accept=accept,
        job_id=code + 100,
        candidate_id=rng.permutation(len(code)) + 5000,
        as_of=days.astype("datetime64[s]"),
        area=np.where(code % 2, "it", "sales"),
    )


def drawn(margin, rng):
    return (rng.random(len(margin)) < 1 / (1 + np.exp(-np.asarray(margin)))).astype(float)


def changed(data, **columns):
    """The dataset with other row columns."""
    return Dataset(data.X, data.rows.assign(**columns))


def run(data, *, recipe=WITHOUT_ACCEPT, config=QUICK, **choices):
    return train(data, recipe=recipe, config=replace(config, **choices))


@cache
def trained():
    """(dataset, result of `peneira` with its second head)."""
    data = company()
    return data, run(data, recipe=PENEIRA)


def content(head):
    """All that a head is, for comparing two."""
    calibrator = {name: array.tolist() for name, array in head.calibrator.to_arrays().items()}
    parts = [(p.name, p.columns, p.weight, p.about_job, p.booster.model_to_string()) for p in head.parts]
    return parts, head.offset, calibrator
