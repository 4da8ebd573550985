"""The bootstrap over jobs: which figures could have come out, had other jobs of the same kind been opened.

Jobs and not rows are drawn: people of one job share their outcome's cause, so single rows would pretend to
more evidence than there is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[float, float]

TAILS = (0.025, 0.975)  # a 95 % percentile interval (Efron 1979)


def job_weights(jobs: int, *, resamples: int, seed: int, at_once: int = 256) -> Iterator[Floats]:
    """How often each of `jobs` jobs is drawn, in pieces of at most `at_once` × `jobs`; each row sums to
    `jobs`. Equal arguments give equal weights."""
    random = np.random.default_rng(seed)
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        drawn = random.integers(0, jobs, size=(size, jobs)) + jobs * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * jobs).reshape(size, jobs).astype(np.float64)


def interval(samples: Floats) -> Interval | None:
    """95 % percentile interval of one figure's resamples; NaN (undefined there) is left out, None when
    nothing else is left."""
    defined = samples[~np.isnan(samples)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, TAILS)
    return float(low), float(high)
