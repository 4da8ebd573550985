"""A trained head: boosters with weights, their sum a margin, the margin a probability.

    margin = offset + sum of weight x raw score of each part,   probability = calibrator(margin)

A part that is *about the job* says the same of everybody who is judged for that job on the same day; the
others say who stands before whom in it. TreeSHAP is additive, so the contributions of the parts, weighted in
the same way, add up to the margin exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.ml.calibrate import Calibrator

if TYPE_CHECKING:
    import lightgbm

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Part:
    """One booster. `columns`: its features in its own order. `about_job`: see the module."""

    name: str
    booster: lightgbm.Booster
    columns: tuple[str, ...]
    weight: float = 1.0
    about_job: bool = False

    def raw(self, X: NDArray[Any], *, num_threads: int = 1) -> Floats:
        """Raw scores of n rows of its own columns."""
        scores = self.booster.predict(X, raw_score=True, num_threads=num_threads)
        return np.asarray(scores, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Head:
    """What answers one question. Rows are n x `feature_names`, NaN = unknown; ValueError for another
    width."""

    parts: tuple[Part, ...]
    offset: float
    calibrator: Calibrator

    @cached_property
    def feature_names(self) -> tuple[str, ...]:
        """Every feature of every part, each once, in order of first use."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.columns))

    @cached_property
    def _places(self) -> tuple[NDArray[np.intp], ...]:
        """Of each part where its columns are among `feature_names`."""
        place = {name: at for at, name in enumerate(self.feature_names)}
        return tuple(np.array([place[name] for name in part.columns], dtype=np.intp) for part in self.parts)

    def margin(self, X: ArrayLike, *, job: ArrayLike | None = None) -> Floats:
        """Margins of n rows. `job`: one row that the parts about the job read instead of each row's own, so
        that all candidates of a job are compared as of one day."""
        return self.offset + self._sum(X, job, whole=True)

    def order(self, X: ArrayLike) -> Floats:
        """What n rows of one job are ordered by: the margin without the parts about the job."""
        return self._sum(X, None, whole=False)

    def probability(self, X: ArrayLike, *, job: ArrayLike | None = None) -> Floats:
        return self.calibrator.apply(self.margin(X, job=job))

    def contributions(self, X: ArrayLike, *, job: ArrayLike | None = None) -> Floats:
        """Exact TreeSHAP (Lundberg et al. 2020): n x (features + 1), the last column what every row starts
        from; each row adds up to its margin. It costs milliseconds a row: explain the page, not the pool."""
        names = self.feature_names
        rows = _rows(X, names)
        total = np.zeros((len(rows), len(names) + 1))
        total[:, -1] = self.offset
        if not len(rows):  # LightGBM cannot explain no rows
            return total
        for part, at in zip(self.parts, self._places, strict=True):
            own = _own_rows(part, rows, job, names, at)
            found = np.asarray(part.booster.predict(own, pred_contrib=True, num_threads=1), dtype=np.float64)
            total[:, [*at, len(names)]] += part.weight * found
        return total

    def _sum(self, X: ArrayLike, job: ArrayLike | None, *, whole: bool) -> Floats:
        names = self.feature_names
        rows = _rows(X, names)
        total = np.zeros(len(rows))
        for part, at in zip(self.parts, self._places, strict=True):
            if whole or not part.about_job:
                total += part.weight * part.raw(_own_rows(part, rows, job, names, at))
        return total


def _rows(X: ArrayLike, names: Sequence[str]) -> NDArray[np.float32]:
    rows = np.atleast_2d(np.asarray(X, dtype=np.float32))
    if rows.ndim != 2 or rows.shape[1] != len(names):
        # Columns are found by their place: a wider row would be read as another one
        raise ValueError(f"expected rows of {len(names)} features, got the shape {rows.shape}")
    return rows


def _own_rows(
    part: Part, rows: NDArray[np.float32], job: ArrayLike | None, names: Sequence[str], at: NDArray[np.intp]
) -> NDArray[np.float32]:
    if part.about_job and job is not None:
        own = _rows(job, names)
        if len(own) != 1:
            raise ValueError(f"expected one row for the job, got {len(own)}")
        return np.broadcast_to(own[:, at], (len(rows), len(at))).copy()
    return rows[:, at]
