"""The cut that keeps a promise about precision, or says that it cannot.

The rule is system B's: of all cuts whose precision reaches the minimum, the one that finds most hires.
Mended here: when none reaches it that is a state of its own, the number of rows behind a cut is reported
and can be demanded, rows with equal scores are never separated, and a dip of precision above the cut is
told. Choose on validation data; test once, elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

NOTHING_TO_CUT = 0.5  # system B's answer when there is no curve at all
_Z95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution


@dataclass(frozen=True)
class PrecisionRecallCurve:
    """One point for each distinct score, ascending: the figures of the cut `score >= threshold`."""

    threshold: Floats
    true_positives: NDArray[np.int64]
    support: NDArray[np.int64]
    positives: int

    @property
    def precision(self) -> Floats:
        return self.true_positives / self.support

    @property
    def recall(self) -> Floats:
        return self.true_positives / max(self.positives, 1)


@dataclass(frozen=True)
class Threshold:
    """A cut `score >= threshold`, and what it did on the rows it was chosen on.

    `attainable`: a cut with enough support reaches `min_precision`. If not, this is the cut that came
    nearest. `support`: rows at or above the cut. `precision_low`: lower end of the 95 % Wilson interval of
    `precision`. `lowest_precision_above`: the worst precision of any higher cut with enough support; under
    `min_precision` means that precision dips again above the cut. Figures without rows behind them are
    None.
    """

    threshold: float
    attainable: bool
    min_precision: float
    min_support: int
    precision: float | None
    precision_low: float | None
    recall: float | None
    support: int
    true_positives: int
    positives: int
    lowest_precision_above: float | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def precision_recall_curve(y: ArrayLike, scores: ArrayLike) -> PrecisionRecallCurve:
    """`y`: n labels 0/1; `scores`: n finite numbers. No point when n is 0. Raises ValueError for wrong
    input."""
    truth, score = _checked(y, scores)
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last_of_tie = (
        np.flatnonzero(np.append(np.diff(ranked) != 0, True)) if len(ranked) else np.array([], np.intp)
    )
    return PrecisionRecallCurve(
        threshold=ranked[last_of_tie][::-1],
        true_positives=np.cumsum(truth[order])[last_of_tie][::-1],
        support=(last_of_tie + 1)[::-1],
        positives=int(truth.sum()),
    )


def threshold_for_min_precision(
    y: ArrayLike, scores: ArrayLike, *, min_precision: float = 0.80, min_support: int = 1
) -> Threshold:
    """The smallest cut whose precision is at least `min_precision` over at least `min_support` rows.

    `y`: n labels 0/1; `scores`: n finite numbers, higher = likelier. When no cut reaches it, `attainable`
    is False and the cut is the one with the best precision (then the best recall) among those with enough
    support. With no rows at all the cut is 0.5. Raises ValueError for wrong input.
    """
    if not 0 < min_precision <= 1 or min_support < 1:
        raise ValueError(
            f"min_precision {min_precision} must be in (0, 1] and min_support {min_support} at least 1"
        )
    curve = precision_recall_curve(y, scores)
    enough = curve.support >= min_support
    reaches = enough & (curve.precision >= min_precision)
    if reaches.any():
        at: int | None = int(np.argmax(reaches))
    else:
        at = _nearest_miss(curve, enough)
    return _threshold(curve, at, enough, min_precision=min_precision, min_support=min_support)


def wilson_low(successes: int, trials: int) -> float | None:
    """Lower end of the 95 % score interval of a proportion (Wilson 1927); None without trials."""
    if trials == 0:
        return None
    if successes == 0:
        return 0.0
    share, z2 = successes / trials, _Z95**2
    centre = share + z2 / (2 * trials)
    spread = _Z95 * np.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return float((centre - spread) / (1 + z2 / trials))


def _nearest_miss(curve: PrecisionRecallCurve, enough: NDArray[np.bool_]) -> int | None:
    if not len(curve.threshold):
        return None
    if not enough.any():
        return len(curve.threshold) - 1
    precision = np.where(enough, curve.precision, -1.0)
    if curve.true_positives[precision == precision.max()].max() == 0:
        return len(precision) - 1  # no hire anywhere: the strictest cut does least harm
    return int(np.argmax(precision))  # the first of equals has the best recall


def _threshold(
    curve: PrecisionRecallCurve,
    at: int | None,
    enough: NDArray[np.bool_],
    *,
    min_precision: float,
    min_support: int,
) -> Threshold:
    if at is None:
        return Threshold(NOTHING_TO_CUT, False, min_precision, min_support, None, None, None, 0, 0, 0, None)
    hits, support = int(curve.true_positives[at]), int(curve.support[at])
    above = curve.precision[at + 1 :][enough[at + 1 :]]
    return Threshold(
        threshold=float(curve.threshold[at]),
        attainable=bool(enough[at] and curve.precision[at] >= min_precision),
        min_precision=min_precision,
        min_support=min_support,
        precision=hits / support,
        precision_low=wilson_low(hits, support),
        recall=hits / curve.positives if curve.positives else None,
        support=support,
        true_positives=hits,
        positives=curve.positives,
        lowest_precision_above=float(above.min()) if len(above) else None,
    )


def _checked(y: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.int64], Floats]:
    truth, score = np.asarray(y, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if truth.ndim != 1 or truth.shape != score.shape:
        raise ValueError(
            f"y and scores must be one-dimensional and equally long, got {truth.shape}, {score.shape}"
        )
    if not np.isin(truth, (0.0, 1.0)).all():
        raise ValueError("y must hold only 0 and 1")
    if not np.isfinite(score).all():
        raise ValueError("scores must be finite numbers")
    return truth.astype(np.int64), score
