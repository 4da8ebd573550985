"""The same figures on parts of the rows: a good average can hide a year, an area or a client that differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.ml.inside_jobs import auc_by_job, mean_interval
from scoring.ml.overall import average_precision, roc_auc

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Mask = NDArray[np.bool_]
Columns = dict[str, NDArray[np.str_]]

# Below these a slice says nothing and gets no figures
MIN_ROWS = 200
MIN_HIRES = 10
MIN_INSIDE_JOBS = 10
BY_VALUE = ("year", "area", "seniority")


@dataclass(frozen=True)
class Slice:
    """Figures of the rows where `by` has `value`.

    `by`: year, area, seniority ("" = not given); jobs_with_one (jobs with one application among these
    rows); without_biggest_client (all rows but those of the client with most hires; no value).
    `enough`: at least MIN_ROWS rows and MIN_HIRES hires; otherwise every figure is None. `inside_auc` (mean
    over `inside_jobs` jobs, with its 95 % interval over jobs) also needs MIN_INSIDE_JOBS.
    """

    by: str
    value: str
    n: int
    positives: int
    enough: bool
    base_rate: float | None = None
    roc_auc: float | None = None
    average_precision: float | None = None
    inside_auc: float | None = None
    inside_low: float | None = None
    inside_high: float | None = None
    inside_jobs: int = 0


def slices(
    y: Floats,
    score: Floats,
    *,
    inside_order: Floats,
    jobs: Codes,
    columns: Columns,
    resamples: int = 1000,
    seed: int = 0,
) -> tuple[Slice, ...]:
    """One slice for each value of the columns year, area and seniority that are given, one of the jobs with
    one application, and one without the biggest client when the column client is given.

    `y` (0/1), `score`, `inside_order` (scores to rank people of one job by), `jobs` (codes 0..k-1) and
    every column: n values each.
    """
    return tuple(
        _slice(
            by, value, y[rows], score[rows], inside_order[rows], jobs[rows], resamples=resamples, seed=seed
        )
        for by, value, rows in _parts(y, jobs, columns)
    )


def _parts(y: Floats, jobs: Codes, columns: Columns) -> Iterator[tuple[str, str, Mask]]:
    for by in BY_VALUE:
        if by in columns:
            yield from ((by, str(value), columns[by] == value) for value in np.unique(columns[by]))
    yield "jobs_with_one", "", (np.bincount(jobs) == 1)[jobs] if len(jobs) else np.zeros(0, dtype=np.bool_)
    biggest = _biggest(columns["client"], y) if "client" in columns else ""
    if biggest:
        yield "without_biggest_client", "", columns["client"] != biggest


def _biggest(client: NDArray[np.str_], y: Floats) -> str:
    """The client with most hires, then most rows; "" when no client is known."""
    known = client != ""
    if not known.any():
        return ""
    names, which, rows = np.unique(client[known], return_inverse=True, return_counts=True)
    return str(names[np.lexsort((rows, np.bincount(which, weights=y[known])))[-1]])


def _slice(
    by: str,
    value: str,
    y: Floats,
    score: Floats,
    inside_order: Floats,
    jobs: Codes,
    *,
    resamples: int,
    seed: int,
) -> Slice:
    n, hires = len(y), int(y.sum())
    if n < MIN_ROWS or hires < MIN_HIRES:
        return Slice(by, value, n, hires, enough=False)
    inside = auc_by_job(y, inside_order, job_ids=jobs)
    told = len(inside) >= MIN_INSIDE_JOBS
    span = mean_interval(inside, resamples=resamples, seed=seed) if told else None
    return Slice(
        by=by,
        value=value,
        n=n,
        positives=hires,
        enough=True,
        base_rate=hires / n,
        roc_auc=roc_auc(y, score),
        average_precision=average_precision(y, score),
        inside_auc=float(inside.mean()) if told else None,
        inside_low=span[0] if span else None,
        inside_high=span[1] if span else None,
        inside_jobs=len(inside),
    )
