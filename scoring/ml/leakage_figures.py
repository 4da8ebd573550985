"""What one field by itself says of the outcome: the figures that the leakage audit judges."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from scoring.ml.inside_jobs import auc_by_job
from scoring.ml.leakage_columns import Column, Flags, Floats, Units
from scoring.ml.overall import roc_auc

FEWEST_JOBS: Final = 30  # with both outcomes, for a figure inside jobs
SUPPORT: Final = 30  # units that a value must have before its hire rate says anything
MOST_VALUES: Final = 20  # a number with more values is not a category
_STRATA: Final = 91  # days: units this near to each other in time are of one age


@dataclass(frozen=True)
class Figures:
    """Of one field over n units with `hires`. None = undefined on these rows.

    `auc`: chance that a hired unit comes before one not hired in the order of the values, either way round
    (≥ 0.5); `auc_low` and `inside_low`: lower ends of the 95 % intervals. `presence_auc`: the same by
    whether it is filled. `inside_auc`: inside jobs, mean over `inside_jobs`. `purest_rate`, `purest_n`: the
    value that has most of only hires. `filled_settled`, `filled_open`: share filled where an outcome exists,
    and where none exists among units of the same age. `late`: share of the filled dates after the first
    application.
    """

    n: int
    hires: int
    n_filled: int
    filled_hires: int
    rate_filled: float | None
    rate_empty: float | None
    presence_auc: float | None
    auc: float | None
    auc_low: float | None
    inside_auc: float | None
    inside_low: float | None
    inside_jobs: int
    purest_rate: float | None
    purest_n: int
    filled_settled: float | None
    filled_open: float | None
    late: float | None

    @property
    def filled(self) -> float:
        """Share of the units that have it."""
        return self.n_filled / self.n if self.n else 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, four digits."""
        values = asdict(self) | {"filled": self.filled}
        return {
            name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()
        }


def measure(column: Column, units: Units) -> Figures:
    """The figures of one field over its units."""
    y, filled = units.y, column.filled
    auc, low = _best_auc(y[filled], column.score[filled], crossed=column.crossed)
    presence = roc_auc(y, filled)
    inside, inside_low, jobs = _inside(column, units)
    rate, support = _purest(column, y)
    settled, open_ = _filling(filled, units)
    return Figures(
        n=len(y),
        hires=int(y.sum()),
        n_filled=int(filled.sum()),
        filled_hires=int(y[filled].sum()),
        rate_filled=_mean(y[filled]),
        rate_empty=_mean(y[~filled]),
        presence_auc=presence,
        auc=auc,
        auc_low=low,
        inside_auc=inside,
        inside_low=inside_low,
        inside_jobs=jobs,
        purest_rate=rate,
        purest_n=support,
        filled_settled=settled,
        filled_open=open_,
        late=column.late,
    )


def _best_auc(y: Floats, score: Floats, *, crossed: bool) -> tuple[float | None, float | None]:
    known = ~np.isnan(score)
    auc = roc_auc(y[known], score[known])
    if auc is None:
        return None, None
    best = max(auc, 0.5) if crossed else max(auc, 1 - auc)
    return best, best - 1.96 * _auc_error(best, float(y[known].sum()), float((1 - y[known]).sum()))


def _auc_error(auc: float, hires: float, others: float) -> float:
    """Standard error of an AUC (Hanley & McNeil 1982)."""
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (hires - 1) * (first - auc**2) + (others - 1) * (second - auc**2)
    return float(np.sqrt(max(spread, 0.0) / (hires * others)))


def _inside(column: Column, units: Units) -> tuple[float | None, float | None, int]:
    """The stronger of value and presence; a field that is empty for somebody is compared by the filled."""
    score, filled = column.score[units.row_unit], column.filled[units.row_unit]
    known = ~np.isnan(score)
    by_value = auc_by_job(units.row_y[known], score[known], job_ids=units.row_job[known])
    found = [(by_value, column.crossed)]
    if not known.all():
        found.append((auc_by_job(units.row_y, filled, job_ids=units.row_job), False))
    ends = [_either_way(each, crossed=crossed) for each, crossed in found if len(each) >= FEWEST_JOBS]
    return max(ends, key=lambda end: end[1]) if ends else (None, None, 0)


def _either_way(each: Floats, *, crossed: bool) -> tuple[float, float, int]:
    mean = float(each.mean())
    best = max(mean, 0.5) if crossed else max(mean, 1 - mean)
    error = float(each.std(ddof=1)) / len(each) ** 0.5 if len(each) > 1 else 0.5
    return best, best - 1.96 * error, len(each)


def _purest(column: Column, y: Floats) -> tuple[float | None, int]:
    codes = column.codes[column.filled]
    if not len(codes) or (column.kind in ("number", "date") and codes.max() >= MOST_VALUES):
        return None, 0
    count, hires = np.bincount(codes), np.bincount(codes, weights=y[column.filled])
    enough = np.flatnonzero(count >= SUPPORT)
    if not len(enough):
        return None, 0
    best = enough[np.argmax(hires[enough] / count[enough])]
    return float(hires[best] / count[best]), int(count[best])


def _filling(filled: Flags, units: Units) -> tuple[float | None, float | None]:
    """Share filled where there is an outcome, and where there is none among units of the same quarters."""
    settled = units.y == 1 if units.settled is None else units.settled
    dated = ~np.isnat(units.days)
    if not (settled & dated).any() or not (~settled & dated).any():
        return None, None
    quarter = units.days[dated].astype("datetime64[D]").astype(np.int64) // _STRATA
    _, stratum = np.unique(quarter, return_inverse=True)
    now, done = filled[dated].astype(np.float64), settled[dated]
    ended = np.bincount(stratum, weights=done)
    going = np.bincount(stratum, weights=~done)
    both = (ended > 0) & (going > 0)
    if not both.any():
        return None, None
    weight = ended[both] / ended[both].sum()
    share_done = np.bincount(stratum, weights=now * done)[both] / ended[both]
    share_open = np.bincount(stratum, weights=now * ~done)[both] / going[both]
    return float(weight @ share_done), float(weight @ share_open)


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None
