"""The order inside each job: what a recruiter is shown, and the only thing a ranking can be judged by.

Scores that tie are in no order: every figure is the exact expectation over the orders the ties allow.
Random order is then the case in which all scores tie, and needs no simulation. All jobs are reckoned at
once: rows sorted by job and score, sums taken per job.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from scoring.ml.resampling import Interval, interval, job_weights

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class InsideFigure:
    """A figure averaged over jobs: `low`..`high` is its 95 % bootstrap interval over jobs; `random` the
    expectation of random order in the same jobs, `by_application` the figure of the order in which people
    applied (None: not known). All None when no job has both classes; no interval from one job."""

    value: float | None
    low: float | None
    high: float | None
    random: float | None
    by_application: float | None = None


@dataclass(frozen=True)
class InsideJobs:
    """Order inside the jobs that have both classes (`jobs` of them, with `n` applications)."""

    jobs: int
    n: int
    figures: dict[str, InsideFigure]


def inside_jobs(
    y: ArrayLike,
    scores: ArrayLike,
    *,
    job_ids: ArrayLike,
    application_order: ArrayLike | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> InsideJobs:
    """Figures of the order by `scores` inside each job with both classes, averaged over jobs, each job
    counting once.

    `y`: n labels 0/1; `scores`, `job_ids`: n; `application_order`: n numbers, lower = applied earlier.
    roc_auc · ndcg_5, ndcg_10 (a hire gains 1) · precision_1, _3, _5 (of the first k, or of all when a job
    has fewer) · hit_10, hit_50 (a hire among the first k) · mrr (1 / rank of the first hire).
    """
    truth, score = np.asarray(y, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    rows, jobs = _mixed(truth, np.asarray(job_ids))
    if not len(rows):
        return InsideJobs(0, 0, {name: InsideFigure(None, None, None, None) for name in FIGURES})
    measured = _by_job(truth[rows], score[rows], jobs)
    random = _means(_by_job(truth[rows], np.zeros(len(rows)), jobs))
    applied: list[float] | list[None] = [None] * len(FIGURES)
    if application_order is not None:
        applied = _means(_by_job(truth[rows], -np.asarray(application_order, dtype=np.float64)[rows], jobs))
    spans = _intervals(measured, resamples=resamples, seed=seed)
    columns = zip(_means(measured), spans, random, applied, strict=True)
    figures = [InsideFigure(value, *span, chance, order) for value, span, chance, order in columns]
    return InsideJobs(len(measured), len(rows), dict(zip(FIGURES, figures, strict=True)))


def auc_by_job(y: ArrayLike, scores: ArrayLike, *, job_ids: ArrayLike) -> Floats:
    """The AUC inside each job that has both classes, in order of job id; empty when there is none."""
    truth, score = np.asarray(y, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    rows, jobs = _mixed(truth, np.asarray(job_ids))
    return _Ranking.of(truth[rows], score[rows], jobs).roc_auc() if len(rows) else np.empty(0)


def mean_interval(by_job: Floats, *, resamples: int, seed: int) -> Interval | None:
    """95 % bootstrap interval of the mean of one figure per job; None from fewer than two jobs."""
    low, high = _intervals(by_job[:, None], resamples=resamples, seed=seed)[0]
    return None if low is None or high is None else (low, high)


def _mixed(truth: Floats, job_ids: NDArray[np.generic]) -> tuple[Codes, Codes]:
    """The rows of jobs with both classes, and those jobs numbered 0..k-1."""
    jobs = np.unique(job_ids, return_inverse=True)[1]
    hires, size = np.bincount(jobs, weights=truth), np.bincount(jobs)
    rows = np.flatnonzero(((hires > 0) & (hires < size))[jobs]) if len(jobs) else np.empty(0, dtype=np.intp)
    return rows, np.unique(jobs[rows], return_inverse=True)[1]


def _by_job(truth: Floats, score: Floats, jobs: Codes) -> Floats:
    """One row a job, one column a figure of `FIGURES`."""
    ranking = _Ranking.of(truth, score, jobs)
    columns = (
        ranking.roc_auc(),
        *(ranking.ndcg(k) for k in (5, 10)),
        *(ranking.precision(k) for k in (1, 3, 5)),
        *(ranking.hit(k) for k in (10, 50)),
        ranking.reciprocal_rank(),
    )
    return np.stack(columns, axis=1)


FIGURES = (
    "roc_auc",
    "ndcg_5",
    "ndcg_10",
    "precision_1",
    "precision_3",
    "precision_5",
    "hit_10",
    "hit_50",
    "mrr",
)


@dataclass(frozen=True)
class _Ranking:
    """Rows by job and falling score. A group is one score of one job, its members in no order.

    Of each row: `job`, `rank` in it (from 0), `group`. Of each group: `owner` (its job), `size`, `hires`,
    `before` (rows of the job above it). Of each job: `n`, `hired`.
    """

    job: Codes
    rank: Codes
    group: Codes
    owner: Codes
    size: Codes
    hires: Floats
    before: Codes
    n: Codes
    hired: Floats

    @classmethod
    def of(cls, truth: Floats, score: Floats, jobs: Codes) -> _Ranking:
        order = np.lexsort((-score, jobs))
        job, value = jobs[order], score[order]
        n = np.bincount(job)
        rank = np.arange(len(job)) - (np.cumsum(n) - n)[job]
        begins = np.append(True, (np.diff(job) != 0) | (np.diff(value) != 0))
        group = np.cumsum(begins) - 1
        return cls(
            job=job,
            rank=rank,
            group=group,
            owner=job[begins],
            size=np.bincount(group),
            hires=_sums(truth[order], group),
            before=rank[begins],
            n=n,
            hired=_sums(truth[order], job),
        )

    def roc_auc(self) -> Floats:
        others = self.size - self.hires
        rest = self.n - self.hired
        above = np.cumsum(others) - others - (np.cumsum(rest) - rest)[self.owner]
        below = rest[self.owner] - above - others
        return self._sum(self.hires * (below + others / 2), self.owner) / (self.hired * rest)

    def ndcg(self, k: int) -> Floats:
        """Discounted gain of the first k over that of the best order (Järvelin & Kekäläinen 2002)."""
        discount = 1 / np.log2(np.arange(2, k + 2))
        best: Floats = np.cumsum(discount)[np.minimum(self.hired.astype(np.intp), k) - 1]
        first = self.rank < k
        return self._sum((self._gain()[first] * discount[self.rank[first]]), self.job[first]) / best

    def precision(self, k: int) -> Floats:
        first = self.rank < k
        return self._sum(self._gain()[first], self.job[first]) / np.minimum(self.n, k)

    def hit(self, k: int) -> Floats:
        """One less the chance that the first k hold none of the group that has the first hire."""
        top = self._first_with_hire()
        size, hires = self.size[top], self.hires[top]
        drawn = np.clip(k - self.before[top], 0, size)
        missed: Floats = np.exp(_log_choose(size - drawn, hires) - _log_choose(size, hires))
        return 1.0 - missed

    def reciprocal_rank(self) -> Floats:
        """Over the places in its group at which the first hire can be, each with its chance."""
        rows = np.flatnonzero(self.group == self._first_with_hire()[self.job])
        group = self.group[rows]
        size, hires = self.size[group], self.hires[group]
        place = self.rank[rows] - self.before[group] + 1
        chance = np.exp(_log_choose(size - place, hires - 1) - _log_choose(size, hires))
        return self._sum(chance / (self.rank[rows] + 1), self.job[rows])

    def _gain(self) -> Floats:
        """Chance of a hire at each row's place."""
        return (self.hires / self.size)[self.group]

    def _first_with_hire(self) -> Codes:
        """Of each job, its best group with a hire in it."""
        groups = np.flatnonzero(self.hires)
        return groups[np.unique(self.owner[groups], return_index=True)[1]]

    def _sum(self, values: Floats, job: Codes) -> Floats:
        return _sums(values, job, count=len(self.n))


def _sums(values: Floats, group: Codes, *, count: int = 0) -> Floats:
    return np.bincount(group, weights=values, minlength=count).astype(np.float64, copy=False)


def _log_choose(n: NDArray[np.generic], k: NDArray[np.generic]) -> Floats:
    """Logarithm of the number of ways to choose k of n; -inf when there are fewer than k."""
    n_, k_ = np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64)
    enough = np.maximum(n_, k_)
    ways = gammaln(enough + 1) - gammaln(k_ + 1) - gammaln(enough - k_ + 1)
    return np.where(n_ < k_, -np.inf, ways)


def _means(figures: Floats) -> list[float]:
    return [float(column.mean()) for column in np.ascontiguousarray(figures.T)]


def _intervals(
    figures: Floats, *, resamples: int, seed: int
) -> list[tuple[float, float]] | list[tuple[None, None]]:
    """95 % interval of the mean of each column, resampling rows (jobs)."""
    jobs = len(figures)
    if jobs < 2 or resamples < 1:
        return [(None, None)] * figures.shape[1]
    means = np.concatenate([w @ figures / jobs for w in job_weights(jobs, resamples=resamples, seed=seed)])
    spans = [interval(column) for column in means.T]
    return [span for span in spans if span is not None]  # none is: means of numbers are numbers
