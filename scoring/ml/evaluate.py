"""One evaluation for every model and every baseline.

Overall figures mostly say which *jobs* get filled (`scoring.ml.overall`). What a recruiter is shown is an
order *inside* a job, so the same figures are taken inside each job that has both a hire and somebody not
hired, and set against random order and the order of application (`scoring.ml.inside_jobs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scoring.ml.baselines import Baseline, baselines
from scoring.ml.inside_jobs import InsideFigure, InsideJobs, inside_jobs
from scoring.ml.overall import average_precision, brier, intervals, roc_auc
from scoring.ml.resampling import Interval
from scoring.ml.slices import Slice, slices

__all__ = [
    "Baseline",
    "CutFigures",
    "Evaluation",
    "InsideFigure",
    "InsideJobs",
    "ReliabilityBin",
    "Slice",
    "average_precision",
    "evaluate",
    "figures_at_cut",
    "inside_jobs",
    "reliability_bins",
    "roc_auc",
]

Floats = NDArray[np.float64]
SliceBy = Mapping[str, ArrayLike] | pd.DataFrame

RELIABILITY_BINS = 10
HALF = 0.5


@dataclass(frozen=True)
class CutFigures:
    """What the cut `p >= threshold` does; None where nothing is in the denominator."""

    threshold: float
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class ReliabilityBin:
    """Rows with probabilities in [low, high]: what was promised on average and what came."""

    low: float
    high: float
    n: int
    mean_probability: float
    hire_rate: float


@dataclass(frozen=True)
class Evaluation:
    """Figures of n scored outcomes; None = undefined on these rows. `intervals`: 95 %, over jobs."""

    n: int
    positives: int
    base_rate: float | None
    roc_auc: float | None
    average_precision: float | None
    brier: float | None
    expected_calibration_error: float | None
    intervals: dict[str, Interval | None]
    reliability: tuple[ReliabilityBin, ...]
    at_threshold: CutFigures
    at_half: CutFigures
    inside_jobs: InsideJobs
    baselines: tuple[Baseline, ...]
    slices: tuple[Slice, ...]

    def to_json(self) -> dict[str, Any]:
        """Dictionaries, lists, numbers, text and None only."""
        return asdict(self) | {
            "intervals": {name: list(span) if span else None for name, span in self.intervals.items()},
            "reliability": [asdict(bin_) for bin_ in self.reliability],
            "baselines": [asdict(baseline) for baseline in self.baselines],
            "slices": [asdict(slice_) for slice_ in self.slices],
        }


def evaluate(
    y: ArrayLike,
    p: ArrayLike,
    *,
    job_ids: ArrayLike,
    threshold: float,
    order: ArrayLike | None = None,
    inside_order: ArrayLike | None = None,
    prevalence: float | None = None,
    application_order: ArrayLike | None = None,
    job_only: ArrayLike | None = None,
    slice_by: SliceBy | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Measure n probabilities `p` against n labels `y` (0/1) of applications to the jobs `job_ids`.

    `threshold`: the cut chosen elsewhere. `order`: n scores to rank by when `p` ties too much (the raw
    margin of a calibrated model); `p` itself by default. `inside_order`: n scores that people of one job
    are ranked by, when those are others; `order` by default. `prevalence`: the hire rate known beforehand,
    for the baseline (the rows' own by default). `application_order`: n numbers, lower = applied earlier,
    equal = nobody knows who was first. `job_only`: n probabilities of a model of the job alone. `slice_by`:
    columns year, area, seniority, client of n values each; those that are there are used. `resamples` of
    the bootstrap over jobs, with `seed`. Rows with an unknown label must be left out. Raises ValueError for
    wrong input; an undefined figure is None, never an error.
    """
    truth, chance = _checked(y, p)
    jobs = np.unique(np.asarray(job_ids), return_inverse=True)[1]
    if jobs.shape != truth.shape:
        raise ValueError(f"y and job_ids must be equally long, got {truth.shape}, {jobs.shape}")
    score = chance if order is None else _like(truth, order, "order")
    inside = score if inside_order is None else _like(truth, inside_order, "inside_order")
    applied = None if application_order is None else _like(truth, application_order, "application_order")
    of_job = None if job_only is None else _like(truth, job_only, "job_only")
    bins = reliability_bins(truth, chance)
    return Evaluation(
        n=len(truth),
        positives=int(truth.sum()),
        base_rate=float(truth.mean()) if len(truth) else None,
        roc_auc=roc_auc(truth, score),
        average_precision=average_precision(truth, score),
        brier=brier(truth, chance),
        expected_calibration_error=_expected_calibration_error(bins),
        intervals=intervals(truth, chance, score, jobs=jobs, resamples=resamples, seed=seed),
        reliability=bins,
        at_threshold=figures_at_cut(truth, chance, threshold=threshold),
        at_half=figures_at_cut(truth, chance, threshold=HALF),
        inside_jobs=inside_jobs(
            truth, inside, job_ids=jobs, application_order=applied, resamples=resamples, seed=seed
        ),
        baselines=baselines(
            truth, chance, jobs=jobs, prevalence=prevalence, job_only=of_job, application_order=applied
        ),
        slices=slices(
            truth,
            score,
            inside_order=inside,
            jobs=jobs,
            columns=_columns(slice_by, len(truth)),
            resamples=resamples,
            seed=seed,
        ),
    )


def figures_at_cut(y: ArrayLike, p: ArrayLike, *, threshold: float) -> CutFigures:
    """Confusion counts and their ratios for the rule `p >= threshold`."""
    hired, chosen = np.asarray(y) == 1, np.asarray(p) >= threshold
    tp, fp = int(np.sum(chosen & hired)), int(np.sum(chosen & ~hired))
    fn, tn = int(np.sum(~chosen & hired)), int(np.sum(~chosen & ~hired))
    return CutFigures(
        threshold=float(threshold),
        true_positives=tp,
        false_positives=fp,
        false_negatives=fn,
        true_negatives=tn,
        precision=_ratio(tp, tp + fp),
        recall=_ratio(tp, tp + fn),
        f1=_ratio(2 * tp, 2 * tp + fp + fn),
    )


def reliability_bins(
    y: ArrayLike, p: ArrayLike, *, bins: int = RELIABILITY_BINS
) -> tuple[ReliabilityBin, ...]:
    """At most `bins` bins with about equally many rows, equal probabilities never apart.

    Equally many and not equally wide: with 5 % hires nearly every row would be in the first of ten wide
    bins.
    """
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if not len(chance):
        return ()
    edges = np.unique(np.quantile(chance, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf"))
    which = np.searchsorted(edges, chance, side="left")
    return tuple(_reliability_bin(truth[which == i], chance[which == i]) for i in np.unique(which))


def _reliability_bin(truth: Floats, chance: Floats) -> ReliabilityBin:
    return ReliabilityBin(
        low=float(chance.min()),
        high=float(chance.max()),
        n=len(chance),
        mean_probability=float(chance.mean()),
        hire_rate=float(truth.mean()),
    )


def _expected_calibration_error(bins: tuple[ReliabilityBin, ...]) -> float | None:
    """Mean distance between promise and outcome over the bins, weighted by rows (Naeini et al. 2015)."""
    rows = sum(bin_.n for bin_ in bins)
    return _ratio(sum(bin_.n * abs(bin_.mean_probability - bin_.hire_rate) for bin_ in bins), rows)


def _checked(y: ArrayLike, p: ArrayLike) -> tuple[Floats, Floats]:
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if truth.ndim != 1 or truth.shape != chance.shape:
        raise ValueError(
            f"y and p must be one-dimensional and equally long, got {truth.shape}, {chance.shape}"
        )
    if not np.isin(truth, (0.0, 1.0)).all() or not np.isfinite(chance).all():
        raise ValueError("y must hold only 0 and 1, and p only finite numbers")
    return truth, chance


def _like(truth: Floats, values: ArrayLike, name: str) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if found.shape != truth.shape or not np.isfinite(found).all():
        raise ValueError(f"{name} must be as long as y and finite")
    return found


def _columns(slice_by: SliceBy | None, n: int) -> dict[str, NDArray[np.str_]]:
    if slice_by is None:
        return {}
    columns = {str(name): np.asarray(values).astype(np.str_) for name, values in slice_by.items()}
    if any(values.shape != (n,) for values in columns.values()):
        raise ValueError("the columns of slice_by must be as long as y")
    return columns


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
