"""Two models on the same rows: how they differ, and whether that is more than noise.

The rows of one job are bound together, so jobs and not rows are drawn again. Both models are measured on
each draw (paired bootstrap, Efron & Tibshirani 1993, ch. 8 and 13): what makes a draw easy or hard for both
cancels out, and the interval is that of the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.ml.evaluate import InsideJobs, average_precision, inside_jobs, reliability_bins
from scoring.ml.resampling import job_weights

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

RESAMPLES = 1000
LEVEL = 0.95
_AT_ONCE = 50  # draws whose rows are held in memory together


@dataclass(frozen=True, eq=False)
class Answers:
    """What one model says of n rows: probabilities, the margins behind them, and its own stored cut.

    `order`: what people of one job are ordered by, when that is something else than the margin."""

    p: Floats
    raw: Floats
    threshold: float
    order: Floats | None = None

    @property
    def inside(self) -> Floats:
        return self.raw if self.order is None else self.order

    @property
    def marked(self) -> Floats:
        """1 at or above the cut, 0 under it."""
        return (self.p >= self.threshold).astype(np.float64)

    @property
    def arrays(self) -> tuple[Floats, ...]:
        return (self.p, self.raw, self.inside)

    def taken(self, at: NDArray[np.bool_] | Rows) -> Answers:
        """What it says of some of the rows."""
        order = None if self.order is None else self.order[at]
        return Answers(self.p[at], self.raw[at], self.threshold, order)


@dataclass(frozen=True)
class Difference:
    """A figure of both models; `low`..`high` is the 95 % interval of challenger - champion. None: undefined
    on these rows."""

    challenger: float | None
    champion: float | None
    low: float | None
    high: float | None
    higher_is_better: bool = True

    @property
    def is_worse(self) -> bool | None:
        """Whether the whole interval lies on the challenger's bad side; None when it cannot be told."""
        if self.challenger is None or self.champion is None or self.low is None or self.high is None:
            return None
        return self.high < 0 if self.higher_is_better else self.low > 0


@dataclass(frozen=True)
class Comparison:
    """Both models on n rows of `jobs` jobs. `marked`: rows at or above each one's cut (challenger,
    champion). `f1_at_hires`: F1 when each marks its best rows, as many as were hired; precision and recall
    are then equal (the break-even point), and no cut is needed."""

    n: int
    hires: int
    jobs: int
    marked: tuple[int, int]
    f1: Difference
    f1_at_hires: Difference
    average_precision: Difference
    brier: Difference
    calibration_error: Difference
    inside_auc: Difference
    inside: tuple[InsideJobs, InsideJobs]


def compare(
    y: ArrayLike,
    *,
    job_ids: ArrayLike,
    challenger: Answers,
    champion: Answers,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Comparison:
    """Measure two models on n rows with labels `y` (0/1) of applications to the jobs `job_ids`.

    F1 is taken at each one's own cut and at as many rows as were hired, average precision by the margins,
    inside jobs by `Answers.inside`, Brier score and expected calibration error from the probabilities (bins
    of `evaluate.reliability_bins` on all rows, kept in every draw). `resamples` draws of jobs with `seed`; no
    interval from one job. Raises ValueError for arrays of unequal length, labels other than 0 and 1, numbers
    that are not finite.
    """
    truth = _checked(y, challenger, champion)
    jobs = np.unique(np.asarray(job_ids), return_inverse=True)[1]
    if jobs.shape != truth.shape:
        raise ValueError(f"there are {len(truth)} labels but {len(jobs)} job ids")
    draws = draw_jobs(int(jobs.max(initial=-1)) + 1, resamples=resamples, seed=seed)
    sides = challenger, champion
    inside = [inside_jobs(truth, side.inside, job_ids=jobs, resamples=resamples, seed=seed) for side in sides]
    return Comparison(
        n=len(truth),
        hires=int(truth.sum()),
        jobs=int(jobs.max(initial=-1)) + 1,
        marked=(int(challenger.marked.sum()), int(champion.marked.sum())),
        f1=_f1_difference(truth, jobs, [side.marked for side in sides], draws),
        f1_at_hires=_f1_difference(truth, jobs, [_best(side.raw, truth.sum()) for side in sides], draws),
        average_precision=_difference(
            [average_precision(truth, side.raw) for side in sides],
            [_average_precisions(truth, jobs, side.raw, draws) for side in sides],
        ),
        brier=_difference(
            [_brier(truth, side) for side in sides],
            [_briers(truth, jobs, side, draws) for side in sides],
            higher_is_better=False,
        ),
        calibration_error=_difference(
            [_calibration_error(truth, side) for side in sides],
            [_calibration_errors(truth, jobs, side, draws) for side in sides],
            higher_is_better=False,
        ),
        inside_auc=_difference(
            [one.figures["roc_auc"].value for one in inside],
            [_inside_aucs(truth, jobs, side.inside, draws) for side in sides],
        ),
        inside=(inside[0], inside[1]),
    )


def draw_jobs(jobs: int, *, resamples: int = RESAMPLES, seed: int = 0) -> Floats:
    """(resamples, jobs): how often each job is drawn; without rows from fewer than two jobs."""
    if jobs < 2 or resamples < 1:
        return np.empty((0, jobs))
    return np.concatenate(list(job_weights(jobs, resamples=resamples, seed=seed)))


def interval(differences: Floats) -> tuple[float | None, float | None]:
    """The middle 95 % of the draws in which the figure exists; None when it exists in hardly any."""
    known = differences[np.isfinite(differences)]
    if len(known) < max(2, len(differences) // 2):
        return None, None
    low, high = np.quantile(known, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return float(low), float(high)


def _difference(
    values: list[float | None], draws: list[Floats], *, higher_is_better: bool = True
) -> Difference:
    low, high = interval(draws[0] - draws[1])
    return Difference(values[0], values[1], low, high, higher_is_better)


def _per_job(values: Floats, jobs: Rows) -> Floats:
    return np.bincount(jobs, weights=values).astype(np.float64)


# F1


def _f1_difference(truth: Floats, jobs: Rows, chosen: list[Floats], draws: Floats) -> Difference:
    return _difference([_f1(truth, one) for one in chosen], [_f1s(truth, jobs, one, draws) for one in chosen])


def _best(raw: Floats, count: float) -> Floats:
    """The `count` rows with the highest margins, 1 each; equals at the edge share what is left."""
    if not len(raw) or not count:
        return np.zeros_like(raw)
    edge = np.sort(raw)[-int(count)]
    above, at_edge = raw > edge, raw == edge
    return np.asarray(above + at_edge * (count - above.sum()) / at_edge.sum(), dtype=np.float64)


def _f1(truth: Floats, chosen: Floats) -> float | None:
    either = (truth + chosen).sum()
    return float(2 * (truth * chosen).sum() / either) if either else None


def _f1s(truth: Floats, jobs: Rows, chosen: Floats, draws: Floats) -> Floats:
    hits, either = draws @ _per_job(truth * chosen, jobs), draws @ _per_job(truth + chosen, jobs)
    return _over(2 * hits, either)


# Average precision


def _average_precisions(truth: Floats, jobs: Rows, raw: Floats, draws: Floats) -> Floats:
    """`evaluate.average_precision` with each row as often as its job was drawn."""
    order = np.argsort(-raw, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(raw[order]) != 0, True))
    found = [
        _weighted_average_precision(truth[order], weights[:, jobs[order]], ends) for weights in _parts(draws)
    ]
    return np.concatenate(found) if found else np.empty(0)


def _weighted_average_precision(truth: Floats, weights: Floats, ends: Rows) -> Floats:
    rows = np.cumsum(weights, axis=1)[:, ends]
    hits = np.cumsum(weights * truth, axis=1)[:, ends]
    added = np.diff(hits, prepend=0.0, axis=1)
    precision = np.divide(hits, rows, out=np.zeros_like(hits), where=rows > 0)
    return _over((added * precision).sum(axis=1), hits[:, -1])


def _parts(draws: Floats) -> Iterator[Floats]:
    for start in range(0, len(draws), _AT_ONCE):
        yield draws[start : start + _AT_ONCE]


# Calibration


def _brier(truth: Floats, side: Answers) -> float | None:
    return float(np.mean((side.p - truth) ** 2)) if len(truth) else None


def _briers(truth: Floats, jobs: Rows, side: Answers, draws: Floats) -> Floats:
    rows = _per_job(np.ones_like(truth), jobs)
    return _over(draws @ _per_job((side.p - truth) ** 2, jobs), draws @ rows)


def _calibration_error(truth: Floats, side: Answers) -> float | None:
    gap, _bins = _gaps(truth, side.p)
    return float(np.abs(gap).sum() / len(truth)) if len(truth) else None


def _calibration_errors(truth: Floats, jobs: Rows, side: Answers, draws: Floats) -> Floats:
    """Σ over bins of |Σ (p - y)| / n: the calibration error with the rows' weights."""
    _gap, bins = _gaps(truth, side.p)
    missing = [_per_job(np.where(bins == one, side.p - truth, 0.0), jobs) for one in np.unique(bins)]
    total = sum((np.abs(draws @ gaps) for gaps in missing), start=np.zeros(len(draws)))
    return _over(total, draws @ _per_job(np.ones_like(truth), jobs))


def _gaps(truth: Floats, p: Floats) -> tuple[Floats, Rows]:
    """Of each reliability bin Σ (p - y), and which bin each row is in."""
    tops = np.array([one.high for one in reliability_bins(truth, p)])
    bins = np.searchsorted(tops, p, side="left")
    gap = np.bincount(bins, weights=p - truth, minlength=len(tops)).astype(np.float64)
    return gap, bins


# Order inside a job


def _inside_aucs(truth: Floats, jobs: Rows, raw: Floats, draws: Floats) -> Floats:
    """Mean AUC over the drawn jobs that have both classes; NaN when none was drawn."""
    auc = job_aucs(truth, raw, jobs=jobs)
    mixed = np.isfinite(auc)
    return _over(draws[:, mixed] @ auc[mixed], draws[:, mixed].sum(axis=1))


def job_aucs(truth: Floats, raw: Floats, *, jobs: Rows) -> Floats:
    """AUC inside each job 0..max(jobs), ties counting half; NaN for a job with one class only."""
    size = int(jobs.max(initial=-1)) + 1

    def per_job(values: Floats, of: Rows) -> Floats:
        return np.bincount(of, weights=values, minlength=size).astype(np.float64)

    hires, others = per_job(truth, jobs), per_job(1 - truth, jobs)
    order = np.lexsort((raw, jobs))
    _, tie, sizes = np.unique(
        np.column_stack([jobs[order], raw[order]]), axis=0, return_inverse=True, return_counts=True
    )
    first = np.searchsorted(jobs[order], np.arange(size))
    middle = (np.cumsum(sizes) - (sizes - 1) / 2)[tie.ravel()] - first[jobs[order]]
    ranks = per_job(middle * truth[order], jobs[order])
    return _over(ranks - hires * (hires + 1) / 2, hires * others)


# Checks


def _over(part: Floats, whole: Floats) -> Floats:
    out: Floats = np.full(len(part), np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out


def _checked(y: ArrayLike, *sides: Answers) -> Floats:
    truth = np.asarray(y, dtype=np.float64)
    if truth.ndim != 1 or any(array.shape != truth.shape for side in sides for array in side.arrays):
        raise ValueError("labels, probabilities and margins must be one-dimensional and equally long")
    if not np.isin(truth, (0.0, 1.0)).all():
        raise ValueError("labels must be 0 or 1")
    if not all(np.isfinite(array).all() for side in sides for array in side.arrays):
        raise ValueError("probabilities and margins must be finite")
    return truth
