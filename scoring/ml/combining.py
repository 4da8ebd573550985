"""The parts of a recipe, fitted in step and weighed into one margin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from scoring.ml.boosting import (
    Fit,
    Learnable,
    Rows,
    best_rounds,
    boosted,
    can_split,
    mixed_jobs,
    raw_scores,
)
from scoring.ml.calibrate import Calibrator
from scoring.ml.model import Head, Part

Floats = NDArray[np.float64]
Step = Callable[[float], None]  # share of one fit that is done

JOB_FOLDS = 4
MIN_JOBS_TO_CHOOSE_IN = 20  # jobs with a hire and somebody else that the conditional objective needs
_LEAST_WEIGHT = 0.1
_PULL_TO_ONE = 5.0  # ridge: as strong as a handful of hires


@dataclass(frozen=True, eq=False)
class Plan:
    """What is fitted, each with its number of rounds once that is known."""

    fits: tuple[Fit, ...]
    rounds: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Margins:
    """Of some rows: the parts about the job added up, and the mean of the others; zeros without any."""

    job: Floats
    person: Floats


@dataclass(frozen=True)
class Weights:
    job: float
    person: float


def usable(plan: Plan, data: Learnable, rows: Rows) -> Plan:
    """The plan without parts that these rows cannot teach: too few jobs with a hire and somebody else, or
    nothing known that tells them apart."""
    mixed, sizes = mixed_jobs(data, rows)
    enough = len(sizes) >= MIN_JOBS_TO_CHOOSE_IN
    kept = tuple(
        fit
        for fit in plan.fits
        if fit.part.objective != "conditional" or (enough and can_split(data, mixed, fit))
    )
    return replace(plan, fits=kept)


def with_rounds(plan: Plan, data: Learnable, rows: Rows, watch: Rows, *, step: Step) -> Plan:
    """How many rounds each part takes: learning on `rows`, stopping by `watch`."""
    found: list[int] = []
    for fit in plan.fits:  # parts about the job stand first: the others learn after them
        known = replace(plan, fits=plan.fits[: len(found)], rounds=tuple(found))
        after = _after_job(known, data, rows, watch) if fit.part.after_job else None
        found.append(
            best_rounds(
                data, rows, watch, fit, after_job=after, after_round=lambda done, most: step(done / most)
            )
        )
        step(1.0)
    return replace(plan, rounds=tuple(found))


def fitted(plan: Plan, data: Learnable, rows: Rows, *, step: Step) -> tuple[lightgbm.Booster, ...]:
    """Every part's booster, learned on `rows`."""
    boosters = []
    for fit, rounds in zip(plan.fits, plan.rounds, strict=True):
        after = _after_job(plan, data, rows) if fit.part.after_job else None
        boosters.append(boosted(data, rows, fit, rounds=rounds, after_job=after))
        step(1.0)
    return tuple(boosters)


def margins(plan: Plan, data: Learnable, rows: Rows, boosters: Sequence[lightgbm.Booster]) -> Margins:
    scores = [raw_scores(data, rows, booster, fit) for fit, booster in zip(plan.fits, boosters, strict=True)]
    job = [score for fit, score in zip(plan.fits, scores, strict=True) if fit.part.about_job]
    person = [score for fit, score in zip(plan.fits, scores, strict=True) if not fit.part.about_job]
    nothing = np.zeros(len(rows))
    return Margins(sum(job, nothing), sum(person, nothing) / max(1, len(person)))


def weigh(found: Margins, y: Floats, *, plan: Plan) -> Weights:
    """How much the job and the person count, by logistic regression with a pull towards one each; a plan
    with one kind of part needs no weights. Neither counts against itself: both are at least 0.1."""
    kinds = {fit.part.about_job for fit in plan.fits}
    if len(kinds) < 2:
        return Weights(1.0, 1.0)
    Z = np.column_stack([found.job, found.person, np.ones(len(y))])

    def loss(w: Floats) -> tuple[float, Floats]:
        margin = Z @ w
        pull = np.array([w[0] - 1, w[1] - 1, 0.0]) * _PULL_TO_ONE
        value = np.sum(np.logaddexp(0, margin) - y * margin) + np.sum(pull**2) / (2 * _PULL_TO_ONE)
        return float(value), Z.T @ (np.exp(-np.logaddexp(0, -margin)) - y) + pull

    least = [(_LEAST_WEIGHT, None), (_LEAST_WEIGHT, None), (None, None)]
    best = minimize(loss, np.array([1.0, 1.0, 0.0]), jac=True, bounds=least, method="L-BFGS-B").x
    return Weights(float(best[0]), float(best[1]))


def total(found: Margins, weights: Weights) -> Floats:
    return weights.job * found.job + weights.person * found.person


def head(plan: Plan, boosters: Sequence[lightgbm.Booster], weights: Weights, calibrator: Calibrator) -> Head:
    people = sum(not fit.part.about_job for fit in plan.fits)
    parts = tuple(
        Part(
            name=fit.part.name,
            booster=booster,
            columns=fit.columns,
            weight=weights.job if fit.part.about_job else weights.person / people,
            about_job=fit.part.about_job,
        )
        for fit, booster in zip(plan.fits, boosters, strict=True)
    )
    return Head(parts, 0.0, calibrator)


def _after_job(plan: Plan, data: Learnable, rows: Rows, watch: Rows | None = None) -> Floats:
    """What the parts about the job say of every row, 0 elsewhere: of `rows` as somebody who had not seen that
    job would (out of fold), of `watch` as learned on `rows`."""
    said = np.zeros(len(data.y))
    of_job = [
        (fit, rounds) for fit, rounds in zip(plan.fits, plan.rounds, strict=False) if fit.part.about_job
    ]
    fold = data.jobs[rows] % JOB_FOLDS
    for fit, rounds in of_job:
        for number in range(JOB_FOLDS):
            out = rows[fold == number]
            if len(out):
                said[out] += raw_scores(
                    data, out, boosted(data, rows[fold != number], fit, rounds=rounds), fit
                )
        if watch is not None:
            said[watch] += raw_scores(data, watch, boosted(data, rows, fit, rounds=rounds), fit)
    return said
