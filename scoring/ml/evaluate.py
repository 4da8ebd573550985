"""One evaluation for every model and every baseline.

Overall figures mostly say which *jobs* get filled. What a recruiter is shown is an order *inside* a job, so
the same figures are taken inside each job that has both a hire and somebody not hired, and set against
random order. Scores that tie are in no order: every figure inside a job is the exact expectation over the
orders the ties allow. Random order is then the case in which all scores tie, and needs no simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

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
class InsideFigure:
    """A figure averaged over jobs: `low`..`high` is its 95 % bootstrap interval over jobs, `random` the
    expectation of random order in the same jobs. All None when no job has both classes; no interval from
    one job."""

    value: float | None
    low: float | None
    high: float | None
    random: float | None


@dataclass(frozen=True)
class InsideJobs:
    """Order inside the jobs that have both classes (`jobs` of them, with `n` applications)."""

    jobs: int
    n: int
    figures: dict[str, InsideFigure]


@dataclass(frozen=True)
class Baseline:
    """A rule that knows nothing of the candidate, on the same rows.

    `prevalence`: everybody gets one probability. `job_mean`: everybody gets the model's mean probability of
    their job, so what is missing from the model's figures is what it knows about people. `job_outcome`:
    everybody gets the hire rate of their job, known only afterwards: an upper bound for telling jobs apart,
    not a competitor.
    """

    name: str
    roc_auc: float | None
    average_precision: float | None
    brier: float | None


@dataclass(frozen=True)
class Evaluation:
    """Figures of n scored outcomes; None = undefined on these rows."""

    n: int
    positives: int
    base_rate: float | None
    roc_auc: float | None
    average_precision: float | None
    brier: float | None
    expected_calibration_error: float | None
    reliability: tuple[ReliabilityBin, ...]
    at_threshold: CutFigures
    at_half: CutFigures
    inside_jobs: InsideJobs
    baselines: tuple[Baseline, ...]

    def to_json(self) -> dict[str, Any]:
        """Dictionaries, lists, numbers, text and None only."""
        return asdict(self) | {
            "reliability": [asdict(bin_) for bin_ in self.reliability],
            "baselines": [asdict(baseline) for baseline in self.baselines],
        }


def evaluate(
    y: ArrayLike,
    p: ArrayLike,
    *,
    job_ids: ArrayLike,
    threshold: float,
    order: ArrayLike | None = None,
    prevalence: float | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Measure n probabilities `p` against n labels `y` (0/1) of applications to the jobs `job_ids`.

    `threshold`: the cut chosen elsewhere. `order`: n scores to rank by when `p` ties too much (the raw
    margin of a calibrated model); `p` itself by default. `prevalence`: the hire rate known beforehand, for
    the baseline (the rows' own by default). `resamples` of the bootstrap over jobs, with `seed`. Rows with
    an unknown label must be left out. Raises ValueError for wrong input; an undefined figure is None, never
    an error.
    """
    truth, chance = _checked(y, p)
    jobs = np.unique(np.asarray(job_ids), return_inverse=True)[1]
    score = chance if order is None else np.asarray(order, dtype=np.float64)
    if jobs.shape != truth.shape or score.shape != truth.shape or not np.isfinite(score).all():
        raise ValueError("y, p, job_ids and order must be equally long, and order finite")
    bins = reliability_bins(truth, chance)
    return Evaluation(
        n=len(truth),
        positives=int(truth.sum()),
        base_rate=_mean(truth),
        roc_auc=roc_auc(truth, score),
        average_precision=average_precision(truth, score),
        brier=_mean((chance - truth) ** 2),
        expected_calibration_error=_expected_calibration_error(bins),
        reliability=bins,
        at_threshold=figures_at_cut(truth, chance, threshold=threshold),
        at_half=figures_at_cut(truth, chance, threshold=HALF),
        inside_jobs=inside_jobs(truth, score, job_ids=jobs, resamples=resamples, seed=seed),
        baselines=_baselines(truth, chance, jobs, prevalence=prevalence),
    )


def roc_auc(y: ArrayLike, scores: ArrayLike) -> float | None:
    """Chance that a hire scores above somebody not hired, ties counting half (Mann & Whitney 1947); None
    when one class is missing."""
    truth, score = np.asarray(y, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    hires = truth.sum()
    others = len(truth) - hires
    if hires == 0 or others == 0:
        return None
    _, tie, size = np.unique(score, return_inverse=True, return_counts=True)
    mean_rank = (np.cumsum(size) - (size - 1) / 2)[tie]
    return float((mean_rank[truth == 1].sum() - hires * (hires + 1) / 2) / (hires * others))


def average_precision(y: ArrayLike, scores: ArrayLike) -> float | None:
    """Precision at each cut weighted by the recall it adds, rows with one score cut together; None without
    a hire."""
    truth, score = np.asarray(y, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if truth.sum() == 0:
        return None
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    hits = np.cumsum(truth[order])[ends]
    return float(np.sum(np.diff(hits, prepend=0) * hits / (ends + 1)) / truth.sum())


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


def inside_jobs(
    y: ArrayLike, scores: ArrayLike, *, job_ids: ArrayLike, resamples: int = 1000, seed: int = 0
) -> InsideJobs:
    """Figures of the order by `scores` inside each job with both classes, averaged over jobs, each job
    counting once.

    roc_auc · ndcg_5, ndcg_10 (a hire gains 1) · precision_1, _3, _5 (of the first k, or of all when a job
    has fewer) · hit_10 (a hire among the first 10) · mrr (1 / rank of the first hire).
    """
    truth, score = _checked(y, scores)
    chosen = list(_mixed_jobs(truth, np.unique(np.asarray(job_ids), return_inverse=True)[1]))
    if not chosen:
        return InsideJobs(0, 0, {name: InsideFigure(None, None, None, None) for name in _FIGURES})
    measured = np.array([_job_figures(truth[rows], score[rows]) for rows in chosen])
    by_chance = np.array([_job_figures(truth[rows], np.zeros(len(rows))) for rows in chosen])
    n = sum(len(rows) for rows in chosen)
    low, high = _bootstrap_interval(measured, resamples=resamples, seed=seed)
    rows = zip(_FIGURES, measured.mean(axis=0), low, high, by_chance.mean(axis=0), strict=True)
    return InsideJobs(len(chosen), n, {name: InsideFigure(*map(_number, figures)) for name, *figures in rows})


def _mixed_jobs(truth: Floats, jobs: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    order = np.argsort(jobs, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(jobs[order])) + 1):
        if 0 < truth[rows].sum() < len(rows):
            yield rows


@dataclass(frozen=True)
class _Ranking:
    """The candidates of one job in tie groups, best first: how many, how many of them hired, how many
    before."""

    size: NDArray[np.int64]
    hires: Floats
    before: NDArray[np.int64]

    @property
    def n(self) -> int:
        return int(self.size.sum())

    def expected_gain(self) -> Floats:
        """Chance of a hire at each rank."""
        return np.repeat(self.hires / self.size, self.size)


def _ranking(truth: Floats, score: Floats) -> _Ranking:
    _, tie, size = np.unique(-score, return_inverse=True, return_counts=True)
    return _Ranking(
        size.astype(np.int64),
        np.bincount(tie, weights=truth).astype(np.float64),
        (np.cumsum(size) - size).astype(np.int64),
    )


def _job_figures(truth: Floats, score: Floats) -> list[float]:
    ranking = _ranking(truth, score)
    return [figure(ranking) for figure in _FIGURES.values()]


def _roc_auc(ranking: _Ranking) -> float:
    others = ranking.size - ranking.hires
    below = others.sum() - np.cumsum(others)
    return float((ranking.hires * (below + others / 2)).sum() / (ranking.hires.sum() * others.sum()))


def _ndcg(k: int) -> Callable[[_Ranking], float]:
    """Discounted gain of the first k over that of the best order (Järvelin & Kekäläinen 2002)."""

    def figure(ranking: _Ranking) -> float:
        gain = ranking.expected_gain()[:k]
        discount = 1 / np.log2(np.arange(2, len(gain) + 2))
        best = discount[: int(ranking.hires.sum())].sum()
        return float((gain * discount).sum() / best)

    return figure


def _precision(k: int) -> Callable[[_Ranking], float]:
    return lambda ranking: float(ranking.expected_gain()[:k].mean())


def _hit(k: int) -> Callable[[_Ranking], float]:
    return lambda ranking: min(1.0, sum(chance for rank, chance in _first_hire(ranking) if rank <= k))


def _reciprocal_rank(ranking: _Ranking) -> float:
    return sum(chance / rank for rank, chance in _first_hire(ranking))


def _first_hire(ranking: _Ranking) -> Iterator[tuple[int, float]]:
    """The ranks at which the first hire can be, each with its chance; ties in random order."""
    group = int(np.flatnonzero(ranking.hires)[0])
    size, hires = int(ranking.size[group]), int(ranking.hires[group])
    for place in range(1, size - hires + 2):
        chance = comb(size - place, hires - 1) / comb(size, hires)
        yield int(ranking.before[group]) + place, chance


def _bootstrap_interval(figures: Floats, *, resamples: int, seed: int) -> tuple[list[Any], list[Any]]:
    """95 % percentile interval of the mean of each column, resampling rows (jobs)."""
    jobs = len(figures)
    if jobs < 2 or resamples < 1:
        return [None] * figures.shape[1], [None] * figures.shape[1]
    weights = np.random.default_rng(seed).multinomial(jobs, np.full(jobs, 1 / jobs), size=resamples)
    low, high = np.quantile(weights @ figures / jobs, (0.025, 0.975), axis=0)
    return list(low), list(high)


def _baselines(
    truth: Floats, chance: Floats, jobs: NDArray[np.intp], *, prevalence: float | None
) -> tuple[Baseline, ...]:
    if not len(truth):
        return ()
    size = np.bincount(jobs)
    constant = np.full(len(truth), truth.mean() if prevalence is None else prevalence)
    return (
        _baseline("prevalence", truth, constant),
        _baseline("job_mean", truth, (np.bincount(jobs, weights=chance) / size)[jobs]),
        _baseline("job_outcome", truth, (np.bincount(jobs, weights=truth) / size)[jobs]),
    )


def _baseline(name: str, truth: Floats, chance: Floats) -> Baseline:
    return Baseline(
        name=name,
        roc_auc=roc_auc(truth, chance),
        average_precision=average_precision(truth, chance),
        brier=_mean((chance - truth) ** 2),
    )


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


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


_FIGURES: dict[str, Callable[[_Ranking], float]] = {
    "roc_auc": _roc_auc,
    "ndcg_5": _ndcg(5),
    "ndcg_10": _ndcg(10),
    "precision_1": _precision(1),
    "precision_3": _precision(3),
    "precision_5": _precision(5),
    "hit_10": _hit(10),
    "mrr": _reciprocal_rank,
}
