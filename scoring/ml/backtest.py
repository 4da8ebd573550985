"""Was the last test window luck? The same training and the same evaluation on other divisions of the rows.

*Back-tests* stand at several days in the past, learn from everything before and are tested on the stretch
after. *Grouped* folds keep jobs whole but ignore time: rows later than the tested ones are learned from, and
the histories among their features may hold what the tested jobs became. They are the optimistic figure,
measured to be compared with published ones, never to be promised. In both, what was counted over all texts
beforehand (which words are common) is not counted anew; no outcome is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.ml.dataset import Dataset
from scoring.ml.evaluate import Evaluation, evaluate
from scoring.ml.evidence import verdict
from scoring.ml.splits import TooLittleData, TrainingDataError

if TYPE_CHECKING:
    from scoring.ml.train import TrainConfig, TrainResult

Learn = Callable[[Dataset, "TrainConfig"], "TrainResult"]
Progress = Callable[[float], None]
Days = NDArray[np.datetime64]
Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

STRETCHES = 3
STRETCH = 0.15  # of all rows
FOLDS = 5
FIRST_INVENTED_DAY = np.datetime64("2000-01-01")


@dataclass(frozen=True)
class Backtest:
    """One stretch of time: first and last day asked for, and its figures; or why there are none."""

    start: date
    end: date
    evaluation: Evaluation | None
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        days = {"start": self.start.isoformat(), "end": self.end.isoformat()}
        return days | _figures(self.evaluation) | {"problem": self.problem}


@dataclass(frozen=True)
class Grouped:
    """Folds of jobs: the figures of each fold, and of all rows, each scored by the fold that had not seen
    its job. `evaluation` is None, with the reason, when a fold could not be learned."""

    folds: tuple[Evaluation, ...]
    evaluation: Evaluation | None
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        folds = [fold.to_json() for fold in self.folds]
        return {"folds": folds} | _figures(self.evaluation) | {"problem": self.problem}


def _figures(evaluation: Evaluation | None) -> dict[str, Any]:
    if evaluation is None:
        return {"metrics": None, "evidence": None}
    return {"metrics": evaluation.to_json(), "evidence": verdict(evaluation.inside_jobs).to_json()}


def back_tests(
    data: Dataset,
    *,
    learn: Learn,
    config: TrainConfig,
    stretches: int = STRETCHES,
    stretch: float = STRETCH,
    progress: Progress | None = None,
) -> tuple[Backtest, ...]:
    """`stretches` successive stretches of time, the last one ending with the data, each about `stretch` of
    the labelled rows; learned by `learn` from all before.

    A job belongs to the stretch of its first application. `progress` gets the share done after each.
    Raises ValueError when the stretches leave nothing to learn from, `TooLittleData` when there are too few
    days.
    """
    if not 0 < stretch * stretches < 1:
        raise ValueError(f"{stretches} stretches of {stretch} leave nothing to learn from")
    labelled = _labelled(data)
    first = _first_days(labelled)
    starts = _starts(first, shares=1 - stretch * np.arange(stretches, 0, -1, dtype=np.float64))
    found = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True), start=1):
        found.append(_back_test(labelled, first, start=start, end=end, learn=learn, config=config))
        _tell(progress, number / stretches)
    return tuple(found)


def _starts(first: Days, *, shares: Floats) -> Days:
    """The first day of each stretch: the one with nearest to its share of the rows before it."""
    day, rows = np.unique(first, return_counts=True)
    before = np.cumsum(rows) - rows
    nearest = np.unique([np.argmin(np.abs(before - share * len(first))) for share in shares if len(day)])
    if len(nearest) < len(shares) or nearest[0] == 0:
        raise TooLittleData(
            f"The applications belong to jobs that began on {len(day)} different days; that is too few for "
            f"{len(shares)} back-tests."
        )
    starts: Days = day[nearest]
    return starts


def _back_test(
    data: Dataset,
    first: Days,
    *,
    start: np.datetime64,
    end: np.datetime64 | None,
    learn: Learn,
    config: TrainConfig,
) -> Backtest:
    known = np.flatnonzero(data.days < end) if end is not None else np.arange(len(data))
    began, until = _date(start), _date(data.days[known].max())
    share = float(np.mean(first[known] >= start))
    try:
        result = learn(data.subset(known), replace(config, test_start=began, test_share=share))
    except TrainingDataError as error:
        return Backtest(began, until, None, str(error))
    return Backtest(began, until, result.evaluation)


def _first_days(data: Dataset) -> Days:
    """Of each row, the day of its job's first application."""
    first = pd.Series(data.days).groupby(data.jobs).transform("min")
    days: Days = first.to_numpy().astype("datetime64[D]")
    return days


def _date(day: np.datetime64) -> date:
    return date.fromisoformat(str(day))


def grouped_folds(
    data: Dataset,
    *,
    learn: Learn,
    config: TrainConfig,
    folds: int = FOLDS,
    progress: Progress | None = None,
) -> Grouped:
    """Cross-validation over `folds` folds of jobs, time ignored; drawn with the seed of `config`.

    Each fold is learned with invented days on which its jobs come last, so that the one way of dividing
    rows serves here too. Raises ValueError for fewer than two folds, `TooLittleData` for fewer jobs than
    folds.
    """
    if folds < 2:
        raise ValueError("there must be at least two folds")
    labelled = _labelled(data)
    jobs = np.unique(labelled.jobs, return_inverse=True)[1]
    place = _drawn_places(jobs, folds=folds, seed=config.seed)
    results: list[TrainResult] = []
    try:
        for fold in range(folds):
            rows, window = _with_fold_last(labelled, place[jobs], fold=fold, folds=folds)
            results.append(learn(rows, replace(config, **window)))
            _tell(progress, (fold + 1) / folds)
    except TrainingDataError as error:
        return Grouped(tuple(result.evaluation for result in results), None, str(error))
    return Grouped(tuple(result.evaluation for result in results), _pooled(labelled, results, config))


def _drawn_places(jobs: Codes, *, folds: int, seed: int) -> Codes:
    """Of each job a place 0..k-1 in a drawn order; its fold is the place modulo `folds`."""
    count = int(jobs.max(initial=-1)) + 1
    if count < folds:
        raise TooLittleData(f"There are {count} jobs; {folds} folds need at least as many.")
    return np.random.default_rng(seed).permutation(count)


def _with_fold_last(data: Dataset, place: Codes, *, fold: int, folds: int) -> tuple[Dataset, dict[str, Any]]:
    """The same rows, each job on an invented day of its own, those of `fold` last; and their window."""
    is_last = place % folds == fold
    day = FIRST_INVENTED_DAY + place + is_last * (int(place.max()) + 1)
    window = {"test_start": _date(day[is_last].min()), "test_share": float(is_last.mean())}
    return Dataset(data.X, data.rows.assign(as_of=day.astype("datetime64[s]"))), window


def _pooled(data: Dataset, results: Sequence[TrainResult], config: TrainConfig) -> Evaluation:
    """All rows, each scored by the fold that had not seen its job. The cut is the mean of the folds'."""
    rows, raw, order, p, y = (
        np.concatenate([getattr(result.test, name) for result in results])
        for name in ("rows", "raw", "order", "p", "y")
    )
    found = data.rows.iloc[rows]
    return evaluate(
        y,
        p,
        job_ids=found["job_id"].to_numpy(),
        threshold=float(np.mean([result.threshold.threshold for result in results])),
        # Margins of different boosters do not compare; they only part equal probabilities
        order=np.unique(np.stack((p, raw), axis=1), axis=0, return_inverse=True)[1].ravel(),
        inside_order=order,
        application_order=data.days[rows].astype(np.int64),
        slice_by={
            "year": found["as_of"].dt.year,
            **{name: found[name] for name in ("area", "seniority", "client")},
        },
        resamples=config.bootstrap_resamples,
        seed=config.seed,
    )


def _labelled(data: Dataset) -> Dataset:
    return data.subset(np.flatnonzero(~np.isnan(data.y)))


def _tell(progress: Progress | None, share: float) -> None:
    if progress is not None:
        progress(share)
