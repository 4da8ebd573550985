"""Invented outcomes of which it is known how much a score says."""

import numpy as np


def many_jobs(signal, jobs=300, size=6, seed=0):
    """One hire a job; the higher `signal`, the more often the best score; 0: by chance."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(jobs, size))
    chosen = np.argmax(signal * scores + rng.gumbel(size=(jobs, size)), axis=1)
    y = np.zeros((jobs, size))
    y[np.arange(jobs), chosen] = 1
    return y.ravel(), scores.ravel(), np.repeat(np.arange(jobs), size)
