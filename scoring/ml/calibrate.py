"""From the booster's raw margin to a probability that can be believed.

Only numpy is needed to apply a calibrator; scikit-learn is imported when one is fitted. Both kinds never
lower a probability when the margin rises. Isotonic steps tie many candidates, so order candidates by the
margin, never by the probability alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Method = Literal["isotonic", "sigmoid"]
MethodChoice = Method | Literal["auto"]

METHODS: tuple[Method, ...] = ("isotonic", "sigmoid")
# Steps need many hires before they are less noisy than a curve of two parameters (Niculescu-Mizil & Caruana
# 2005).
MIN_HIRES_FOR_ISOTONIC = 200
_FOLDS = 5


@dataclass(frozen=True)
class Calibrator:
    """`isotonic`: probability `y[i]` at margin `x[i]`, linear between, flat outside (`np.interp`).
    `sigmoid`: 1 / (1 + exp(-(x[0] * margin + y[0]))) with x[0] >= 0."""

    method: Method
    x: Floats
    y: Floats

    def apply(self, raw: ArrayLike) -> Floats:
        """Probabilities of n raw margins, float64, same shape; NaN stays NaN."""
        margin = np.asarray(raw, dtype=np.float64)
        if self.method == "isotonic":
            return np.interp(margin, self.x, self.y)
        return _logistic(self.x[0] * margin + self.y[0])

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """The whole state as plain arrays, for an artifact without pickle."""
        return {"calibrator_method": np.array(self.method), "calibrator_x": self.x, "calibrator_y": self.y}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Calibrator:
        """The reverse of `to_arrays`. Raises KeyError or ValueError when the arrays are not a
        calibrator's."""
        method = next((m for m in METHODS if m == str(arrays["calibrator_method"])), None)
        x = np.asarray(arrays["calibrator_x"], dtype=np.float64)
        y = np.asarray(arrays["calibrator_y"], dtype=np.float64)
        if method is None or x.ndim != 1 or x.shape != y.shape or not len(x):
            raise ValueError("these arrays do not describe a calibrator")
        return cls(method, x, y)


def fit_calibrator(
    y: ArrayLike,
    raw: ArrayLike,
    *,
    method: MethodChoice = "auto",
    groups: ArrayLike | None = None,
) -> Calibrator:
    """Fit on rows that neither the booster nor the threshold has seen.

    `y`: n labels 0/1, both present; `raw`: n margins. `auto` takes the sigmoid under
    `MIN_HIRES_FOR_ISOTONIC` hires and otherwise the kind with the lower log-loss over 5 held-out folds;
    `groups` (n job ids) keeps a job in one fold. Raises ValueError for one class only or wrong input.
    """
    truth, margin = np.asarray(y, dtype=np.float64), np.asarray(raw, dtype=np.float64)
    if truth.shape != margin.shape or set(np.unique(truth)) != {0.0, 1.0}:
        raise ValueError("calibration needs equally many labels and margins, and both classes")
    jobs = np.arange(len(truth)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    chosen = _better_method(truth, margin, jobs) if method == "auto" else method
    return _FIT[chosen](truth, margin)


def log_loss(y: ArrayLike, p: ArrayLike) -> float:
    """Mean negative log-likelihood of n labels under n probabilities, which are kept 1e-15 away from 0 and
    1."""
    truth, chance = (
        np.asarray(y, dtype=np.float64),
        np.clip(np.asarray(p, dtype=np.float64), 1e-15, 1 - 1e-15),
    )
    return float(-np.mean(truth * np.log(chance) + (1 - truth) * np.log1p(-chance)))


def _better_method(y: Floats, raw: Floats, jobs: NDArray[np.intp]) -> Method:
    if y.sum() < MIN_HIRES_FOR_ISOTONIC:
        return "sigmoid"
    losses = {method: _held_out_loss(method, y, raw, jobs) for method in METHODS}
    return min(losses, key=losses.__getitem__)


def _held_out_loss(method: Method, y: Floats, raw: Floats, jobs: NDArray[np.intp]) -> float:
    p = np.empty_like(y)
    for fold in range(_FOLDS):
        held_out = jobs % _FOLDS == fold
        if held_out.any():
            p[held_out] = _FIT[method](y[~held_out], raw[~held_out]).apply(raw[held_out])
    return log_loss(y, p)


def _fit_isotonic(y: Floats, raw: Floats) -> Calibrator:
    from sklearn.isotonic import IsotonicRegression  # not needed to serve

    # A block without a hire is no proof of probability 0: stay as far from 0 and 1 as the sample can tell.
    edge = 1 / (len(y) + 2)
    fitted = IsotonicRegression(y_min=edge, y_max=1 - edge, out_of_bounds="clip").fit(raw, y)
    steps = np.maximum.accumulate(fitted.y_thresholds_)  # equal means of a block can differ in the last bit
    return Calibrator("isotonic", fitted.X_thresholds_.astype(np.float64), steps.astype(np.float64))


def _fit_sigmoid(y: Floats, raw: Floats) -> Calibrator:
    """Platt scaling with his smoothed targets, by Newton's method (Lin, Lin & Weng 2007)."""
    hires, others = y.sum(), len(y) - y.sum()
    target = np.where(y == 1, (hires + 1) / (hires + 2), 1 / (others + 2))
    centre, scale = raw.mean(), raw.std() or 1.0
    slope, offset = _newton((raw - centre) / scale, target)
    # An order no better than backwards: say the base rate, do not turn the order round.
    if slope <= 0:
        slope, offset = 0.0, _logit(target.mean())
    return Calibrator("sigmoid", np.array([slope / scale]), np.array([offset - slope * centre / scale]))


def _newton(x: Floats, target: Floats) -> tuple[float, float]:
    """Slope and offset that minimise the cross-entropy of `target`; a small ridge keeps the step finite."""
    weights = np.array([0.0, _logit(target.mean())])
    design = np.column_stack([x, np.ones_like(x)])
    loss = _cross_entropy(design @ weights, target)
    for _ in range(100):
        p = _logistic(design @ weights)
        gradient = design.T @ (p - target)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + 1e-12 * len(x) * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while (new := _cross_entropy(design @ (weights - size * step), target)) > loss and size > 1e-10:
            size /= 2
        weights, improved, loss = weights - size * step, loss - new, new
        if improved < 1e-12 * max(1.0, loss):
            break
    return float(weights[0]), float(weights[1])


def _cross_entropy(margin: Floats, target: Floats) -> float:
    return float(np.sum(np.logaddexp(0, margin) - target * margin))


def _logistic(margin: Floats) -> Floats:
    return np.exp(-np.logaddexp(0, -margin))


def _logit(p: float) -> float:
    return float(np.log(p) - np.log1p(-p))


_FIT = {"isotonic": _fit_isotonic, "sigmoid": _fit_sigmoid}
