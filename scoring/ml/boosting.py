"""One booster, fitted on some rows: log-loss of each row, or of who is taken inside a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from scoring.ml.forests import averaged, is_forest
from scoring.ml.recipes.base import PartRecipe

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
AfterRound = Callable[[int, int], None]  # rounds done, rounds at most

# Fewer jobs with a hire and somebody else than this, and the best round is an accident
MIN_JOBS_TO_STOP_BY = 10
ROUNDS_WITHOUT_STOPPING = 100
MIN_ROUNDS = 10


@dataclass(frozen=True, eq=False)
class Learnable:
    """Rows in an order of their own: features (of `names`), labels, job codes, days, and `position`, where
    each was in the input."""

    names: tuple[str, ...]
    X: NDArray[np.float32]
    y: Floats
    jobs: Rows
    days: NDArray[np.datetime64]
    position: Rows

    def columns(self, names: tuple[str, ...]) -> list[int]:
        place = {name: at for at, name in enumerate(self.names)}
        return [place[name] for name in names]


@dataclass(frozen=True)
class Fit:
    """How to fit: the part and its columns, and what is the same for all parts."""

    part: PartRecipe
    columns: tuple[str, ...]
    seed: int
    num_threads: int
    max_rounds: int | None = None


def best_rounds(
    data: Learnable,
    rows: Rows,
    watch: Rows,
    fit: Fit,
    *,
    after_job: Floats | None = None,
    after_round: AfterRound | None = None,
) -> int:
    """After how many rounds on `rows` the loss on `watch` is lowest; `after_job`: margins of all rows that
    are explained already."""
    if fit.part.fixed_rounds is not None:
        return min(fit.part.fixed_rounds, fit.max_rounds or fit.part.fixed_rounds)
    most = fit.max_rounds or fit.part.max_rounds
    learn, stop = _chosen(data, rows, fit), _chosen(data, watch, fit)
    if fit.part.objective == "conditional" and len(stop.sizes) < MIN_JOBS_TO_STOP_BY:
        return min(most, ROUNDS_WITHOUT_STOPPING)
    learned = _dataset(data, learn, fit, after_job)
    booster = lightgbm.train(
        _params(fit, learn),
        learned,
        num_boost_round=most,
        valid_sets=[_dataset(data, stop, fit, after_job, reference=learned)],
        feval=_conditional_loss(stop.sizes) if fit.part.objective == "conditional" else None,
        callbacks=[
            lightgbm.early_stopping(fit.part.early_stopping_rounds, verbose=False),
            *([_reporter(after_round, most)] if after_round else []),
        ],
    )
    return min(most, max(booster.best_iteration, MIN_ROUNDS))


def boosted(
    data: Learnable, rows: Rows, fit: Fit, *, rounds: int, after_job: Floats | None = None
) -> lightgbm.Booster:
    """The booster after so many rounds on `rows`. What is returned is what its text says: nothing else can be
    served later."""
    learn = _chosen(data, rows, fit)
    booster = lightgbm.train(
        _params(fit, learn), _dataset(data, learn, fit, after_job), num_boost_round=rounds
    )
    plain = lightgbm.Booster(model_str=booster.model_to_string())
    return averaged(plain) if is_forest(fit.part.params) else plain


def raw_scores(data: Learnable, rows: Rows, booster: lightgbm.Booster, fit: Fit) -> Floats:
    """The booster's raw scores of `rows`, without what was explained already."""
    X = data.X[rows][:, data.columns(fit.columns)]
    return np.asarray(booster.predict(X, raw_score=True, num_threads=fit.num_threads), dtype=np.float64)


def mixed_jobs(data: Learnable, rows: Rows) -> tuple[Rows, NDArray[np.int64]]:
    """Those of `rows` whose job has, among them, a hire and somebody else: job by job, and how many each."""
    codes, job = np.unique(data.jobs[rows], return_inverse=True)
    size = np.bincount(job, minlength=len(codes))
    hires = np.bincount(job, weights=data.y[rows], minlength=len(codes))
    mixed = ((hires > 0) & (hires < size))[job]
    chosen, of_job = rows[mixed], job[mixed]
    order = np.lexsort((chosen, of_job))
    return chosen[order], np.unique(of_job, return_counts=True)[1]


def can_split(data: Learnable, rows: Rows, fit: Fit) -> bool:
    """Whether some feature parts the rows in two that are big enough for a leaf each. Without any, LightGBM
    gives up on an objective of one's own."""
    least = int(plain_params(fit, rows=len(rows))["min_data_in_leaf"])
    return any(_parts(data.X[rows, at], least) for at in data.columns(fit.columns))


def _parts(values: NDArray[np.float32], least: int) -> bool:
    left = np.cumsum(np.unique(values, return_counts=True)[1])
    return bool(np.any((left >= least) & (len(values) - left >= least)))


@dataclass(frozen=True)
class _Chosen:
    rows: Rows
    sizes: NDArray[np.int64]  # of the jobs, for the conditional objective


def _chosen(data: Learnable, rows: Rows, fit: Fit) -> _Chosen:
    if fit.part.objective == "binary":
        return _Chosen(rows, np.empty(0, dtype=np.int64))
    return _Chosen(*mixed_jobs(data, rows))


def _dataset(
    data: Learnable,
    chosen: _Chosen,
    fit: Fit,
    after_job: Floats | None,
    reference: lightgbm.Dataset | None = None,
) -> lightgbm.Dataset:
    truth = data.y[chosen.rows]
    return lightgbm.Dataset(
        data.X[chosen.rows][:, data.columns(fit.columns)],
        truth,
        # Also on the rows to stop by: with weights on one side only, log-loss would stop at once
        weight=np.where(truth == 1, _hire_weight(truth), 1.0) if fit.part.balanced else None,
        group=chosen.sizes if fit.part.objective == "conditional" else None,
        init_score=after_job[chosen.rows] if fit.part.after_job and after_job is not None else None,
        feature_name=list(fit.columns),
        reference=reference,
        params={"verbosity": -1},
    )


def _hire_weight(truth: Floats) -> float:
    return float((len(truth) - truth.sum()) / max(1.0, truth.sum()))


def _params(fit: Fit, learn: _Chosen) -> dict[str, Any]:
    objective = _conditional(learn.sizes) if fit.part.objective == "conditional" else "binary"
    # Average precision jumps with single hires and stops too early; measured worse than log-loss
    metric = "None" if fit.part.objective == "conditional" else "binary_logloss"
    return plain_params(fit, rows=len(learn.rows)) | {"objective": objective, "metric": metric}


def plain_params(fit: Fit, *, rows: int) -> dict[str, Any]:
    """LightGBM's parameters for so many rows, as plain values."""
    own = fit.part.params
    constraints = [fit.part.monotone.get(name, 0) for name in fit.columns]
    return {
        **own,
        # A leaf needs company, but 400 rows cannot give it 50; few rows are best learned by small trees
        "min_data_in_leaf": min(int(own["min_data_in_leaf"]), max(10, rows // 40)),
        "num_leaves": min(int(own["num_leaves"]), max(4, rows // 100)),
        "objective": fit.part.objective,
        "seed": fit.seed,
        "num_threads": fit.num_threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    } | ({"monotone_constraints": constraints} if any(constraints) else {})


def _reporter(report: AfterRound, most: int) -> Callable[[lightgbm.callback.CallbackEnv], None]:
    def after_round(env: lightgbm.callback.CallbackEnv) -> None:
        if env.iteration % 10 == 0:
            report(env.iteration, most)

    return after_round


# Conditional logit: the softmax of the scores of a job's candidates, a job with k hires counting k times


def _conditional(sizes: NDArray[np.int64]) -> Callable[[Floats, lightgbm.Dataset], tuple[Floats, Floats]]:
    starts, job = _places(sizes)

    def objective(scores: Floats, data: lightgbm.Dataset) -> tuple[Floats, Floats]:
        truth = np.asarray(data.get_label(), dtype=np.float64)
        share = np.exp(_log_share(scores, starts, job))
        hires = np.add.reduceat(truth, starts)[job]
        return hires * share - truth, np.maximum(hires * share * (1 - share), 1e-6)

    return objective


def _conditional_loss(
    sizes: NDArray[np.int64],
) -> Callable[[Floats, lightgbm.Dataset], tuple[str, float, bool]]:
    starts, job = _places(sizes)

    def loss(scores: Floats, data: lightgbm.Dataset) -> tuple[str, float, bool]:
        truth = np.asarray(data.get_label(), dtype=np.float64)
        return (
            "conditional_loss",
            float(-(truth * _log_share(scores, starts, job)).sum() / truth.sum()),
            False,
        )

    return loss


def _places(sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    return starts, np.repeat(np.arange(len(sizes)), sizes)


def _log_share(scores: Floats, starts: NDArray[np.int64], job: NDArray[np.int64]) -> Floats:
    centred = scores - np.maximum.reduceat(scores, starts)[job]
    return centred - np.log(np.add.reduceat(np.exp(centred), starts))[job]
