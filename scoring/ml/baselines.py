"""Rules that know little or nothing of the candidate, measured on the same rows as the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.ml.inside_jobs import auc_by_job
from scoring.ml.overall import average_precision, brier, roc_auc

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Baseline:
    """One such rule; None = undefined for it.

    `prevalence`: everybody gets one probability. `job_only`: a model that was given nothing but the job.
    `job_mean`: everybody gets the model's mean probability of their job, so what is missing from the
    model's figures is what it knows about people. `application_order`: who applied earlier stands higher
    (an order without probabilities, so without Brier score). `job_outcome`: everybody gets the hire rate of
    their job, known only afterwards: an upper bound for telling jobs apart, not a competitor.
    `inside_auc`: mean AUC inside the jobs with both classes.
    """

    name: str
    roc_auc: float | None
    average_precision: float | None
    brier: float | None
    inside_auc: float | None = None


def baselines(
    y: Floats,
    p: Floats,
    *,
    jobs: Codes,
    prevalence: float | None = None,
    job_only: Floats | None = None,
    application_order: Floats | None = None,
) -> tuple[Baseline, ...]:
    """The rules that can be measured with what is given, in a fixed order; none without rows.

    All arrays of length n: labels 0/1, the model's probabilities, job codes 0..k-1, the probabilities of a
    model of the job alone (anything outside 0..1 is taken as an order only), numbers that are lower for who
    applied earlier. `prevalence`: the hire rate known beforehand (the rows' own by default).
    """
    if not len(y):
        return ()
    rate = y.mean() if prevalence is None else prevalence
    scores = _scores(y, p, jobs=jobs, rate=rate, job_only=job_only, application_order=application_order)
    return tuple(_measured(name, y, score, jobs) for name, score in scores)


def _scores(
    y: Floats,
    p: Floats,
    *,
    jobs: Codes,
    rate: float,
    job_only: Floats | None,
    application_order: Floats | None,
) -> Iterator[tuple[str, Floats]]:
    size = np.bincount(jobs)
    yield "prevalence", np.full(len(y), rate)
    if job_only is not None:
        yield "job_only", job_only
    yield "job_mean", (np.bincount(jobs, weights=p) / size)[jobs]
    if application_order is not None:
        yield "application_order", -application_order
    yield "job_outcome", (np.bincount(jobs, weights=y) / size)[jobs]


def _measured(name: str, y: Floats, score: Floats, jobs: Codes) -> Baseline:
    inside = auc_by_job(y, score, job_ids=jobs)
    are_probabilities = name != "application_order" and score.min() >= 0 and score.max() <= 1
    return Baseline(
        name=name,
        roc_auc=roc_auc(y, score),
        average_precision=average_precision(y, score),
        brier=brier(y, score) if are_probabilities else None,
        inside_auc=float(inside.mean()) if len(inside) else None,
    )
