"""Learning in windows: which rows teach what, and what was learned; `scoring.ml.train` says in what order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.ml import combining
from scoring.ml.boosting import Fit, Learnable, Rows, best_rounds, boosted, raw_scores
from scoring.ml.calibrate import MethodChoice, fit_calibrator
from scoring.ml.dataset import Dataset
from scoring.ml.model import Head
from scoring.ml.recipes.base import Recipe, columns_of
from scoring.ml.splits import check_classes

Floats = NDArray[np.float64]
Step = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Windows:
    """Rows of a `Learnable`. `before_test`: everything dated before the test window of jobs that began before
    it."""

    train: Rows
    calibration: Rows
    validation: Rows
    test: Rows
    before_test: Rows


@dataclass(frozen=True)
class HeldOut:
    """A later window: positions in the dataset, margins, the order inside jobs, probabilities and labels."""

    rows: Rows
    raw: Floats
    order: Floats
    p: Floats
    y: Floats


@dataclass(frozen=True, eq=False)
class Learned:
    """The head that serves, and `before_last`, which has not seen the validation window."""

    plan: combining.Plan
    before_last: Head
    head: Head


def learnable(data: Dataset, names: Sequence[str], *, label: str = "y") -> Learnable:
    """The rows with a label, in an order that does not depend on how they came."""
    truth = data.rows[label].to_numpy(dtype=np.float64)
    keep = np.flatnonzero(~np.isnan(truth))
    check_classes(truth[keep])
    features = data.X[list(names)].to_numpy(dtype=np.float32, copy=True)[keep]
    if np.isinf(features).any():
        raise ValueError("features must be finite or NaN")
    codes = np.unique(data.jobs[keep], return_inverse=True)[1]
    days = data.days[keep]
    answers = data.rows["accept"].to_numpy(dtype=np.float64)[keep]
    order = _canonical_order(features, truth[keep], codes, days, answers)
    return Learnable(
        tuple(names), features[order], truth[keep][order], codes[order], days[order], keep[order]
    )


def _canonical_order(
    features: NDArray[np.float32],
    truth: Floats,
    jobs: Rows,
    days: NDArray[np.datetime64],
    answers: Floats,
) -> Rows:
    """By day, job, label, content and answer, so that rows shuffled by a database give the same models."""
    content = np.ascontiguousarray(features + np.float32(0.0))  # -0.0 becomes 0.0
    content[np.isnan(content)] = np.nan  # one bit pattern for unknown
    whole_rows = content.view(np.dtype((np.void, content.dtype.itemsize * content.shape[1]))).ravel()
    return np.lexsort((answers, np.unique(whole_rows, return_inverse=True)[1], truth, jobs, days))


def plan_of(
    recipe: Recipe, available: Sequence[str], *, seed: int, num_threads: int, max_rounds: int | None
) -> combining.Plan:
    """The recipe's parts, those about the job first: the others learn after them."""
    parts = sorted(recipe.parts, key=lambda part: not part.about_job)
    fits = (Fit(part, columns_of(part, available), seed, num_threads, max_rounds) for part in parts)
    return combining.Plan(tuple(fits))


def learn(
    data: Learnable, windows: Windows, plan: combining.Plan, *, calibration: MethodChoice, step: Step
) -> Learned:
    """Three rounds of learning, each on more rows than the one before; see `scoring.ml.train`."""
    plan = combining.usable(plan, data, windows.train)
    plan = combining.with_rounds(plan, data, windows.train, windows.validation, step=step)
    first = combining.fitted(plan, data, windows.train, step=step)
    said, truth = combining.margins(plan, data, windows.calibration, first), data.y[windows.calibration]
    weights = combining.weigh(said, truth, plan=plan)
    calibrator = fit_calibrator(
        truth,
        combining.total(said, weights),
        method=calibration,
        groups=data.jobs[windows.calibration],
    )
    early = np.sort(np.concatenate([windows.train, windows.calibration]))
    second = combining.fitted(plan, data, early, step=step)
    last = combining.fitted(plan, data, windows.before_test, step=step)
    heads = [combining.head(plan, boosters, weights, calibrator) for boosters in (second, last)]
    return Learned(plan, heads[0], heads[1])


def held_out(data: Learnable, rows: Rows, head: Head) -> HeldOut:
    X = data.X[rows][:, data.columns(head.feature_names)]
    margin = head.margin(X)
    return HeldOut(
        data.position[rows], margin, head.order(X), head.calibrator.apply(margin), data.y[rows].copy()
    )


def job_alone(data: Learnable, windows: Windows, fit: Fit) -> Floats:
    """Probabilities of the test window by a model that is given nothing but the job, learned like the
    others."""
    rounds = best_rounds(data, windows.train, windows.validation, fit)
    booster = boosted(data, windows.before_test, fit, rounds=rounds)
    return np.exp(-np.logaddexp(0, -raw_scores(data, windows.test, booster, fit)))
