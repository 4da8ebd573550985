"""Figures over all rows at once, whatever their job: mostly they say which jobs get filled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.ml.resampling import Interval, interval, job_weights

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

INTERVALS = ("roc_auc", "average_precision", "brier")
_NUMBERS_AT_ONCE = 2_000_000  # of the resamples × rows: 16 MB


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


def brier(y: ArrayLike, p: ArrayLike) -> float | None:
    """Mean squared distance between probability and outcome (Brier 1950); None without rows."""
    error = (np.asarray(p, dtype=np.float64) - np.asarray(y, dtype=np.float64)) ** 2
    return float(error.mean()) if len(error) else None


def intervals(
    y: Floats, p: Floats, score: Floats, *, jobs: Codes, resamples: int, seed: int
) -> dict[str, Interval | None]:
    """95 % bootstrap intervals over jobs of ROC-AUC and average precision (by `score`) and Brier (of `p`).

    `y`, `p`, `score`: n each; `jobs`: n codes 0..k-1. None when fewer than two jobs, no resamples, or a
    figure is undefined in all of them.
    """
    count = int(jobs.max(initial=-1)) + 1
    if count < 2 or resamples < 1:
        return dict.fromkeys(INTERVALS)
    ranked = _Ranked.of(y, score, jobs)
    error, size = np.bincount(jobs, weights=(p - y) ** 2), np.bincount(jobs)
    at_once = max(1, _NUMBERS_AT_ONCE // len(y))
    found = [
        np.stack((*ranked.figures(weights), weights @ error / (weights @ size)))
        for weights in job_weights(count, resamples=resamples, seed=seed, at_once=at_once)
    ]
    return dict(zip(INTERVALS, map(interval, np.concatenate(found, axis=1)), strict=True))


@dataclass(frozen=True)
class _Ranked:
    """Rows from the best score to the worst; `starts`: where each group of equal scores begins."""

    truth: Floats
    jobs: Codes
    starts: Codes

    @classmethod
    def of(cls, truth: Floats, score: Floats, jobs: Codes) -> _Ranked:
        order = np.argsort(-score, kind="stable")
        starts = np.flatnonzero(np.append(True, np.diff(score[order]) != 0))
        return cls(truth[order], jobs[order], starts)

    def figures(self, weights: Floats) -> tuple[Floats, Floats]:
        """ROC-AUC and average precision of b weightings of the jobs (b × jobs); NaN where undefined."""
        rows = weights[:, self.jobs]
        all_ = np.add.reduceat(rows, self.starts, axis=1)
        hires = np.add.reduceat(rows * self.truth, self.starts, axis=1)
        others = all_ - hires
        hired, rest = hires.sum(axis=1), others.sum(axis=1)
        below = rest[:, None] - np.cumsum(others, axis=1)
        seen = np.maximum(np.cumsum(all_, axis=1), 1.0)  # nothing drawn yet: no hire to divide either
        precise = (hires * np.cumsum(hires, axis=1) / seen).sum(axis=1)
        with np.errstate(invalid="ignore"):
            return (hires * (below + others / 2)).sum(axis=1) / (hired * rest), precise / hired
