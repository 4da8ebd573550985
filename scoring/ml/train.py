"""From features and outcomes to a calibrated model, its cut, and its figures on a time it has never seen.

Each window has one job: the booster learns on *train* and stops by *validation*; the calibrator learns on
*calibration*; the cut is chosen on *validation*; *test* is only measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scoring.ml.calibrate import Calibrator, fit_calibrator
from scoring.ml.evaluate import Evaluation, evaluate, roc_auc
from scoring.ml.recipes import Recipe
from scoring.ml.splits import Rows, TemporalSplit, Window, check_classes, check_window, temporal_split
from scoring.ml.thresholds import Threshold, threshold_for_min_precision

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]

# What `progress` reports, in this order: a closed set, so that pages can translate it.
STAGES = ("splitting", "boosting", "calibrating", "evaluating", "done")

# Below these a window says nothing: hires and others needed in it.
MIN_TRAIN_CLASS = 10
MIN_LATER_CLASS = 3
FEW_HIRES = 50
HARDLY_BETTER = 0.55  # ROC-AUC
_ROUNDS_BETWEEN_REPORTS = 10
_BOOSTING_FROM, _BOOSTING_TO = 0.05, 0.85  # share of the work


@dataclass(frozen=True)
class TrainConfig:
    """What a run may choose beside its recipe.

    Shares are of rows. `min_support`: rows that a cut must rest on. `max_rounds` overrides the recipe's.
    Equal seed, rows and library versions give an equal model, whatever the order of the rows, for a given
    `num_threads`.
    """

    seed: int = 42
    num_threads: int = 1
    min_precision: float = 0.80
    min_support: int = 5
    calibration_share: float = 0.15
    validation_share: float = 0.15
    test_share: float = 0.2
    max_rounds: int | None = None
    bootstrap_resamples: int = 1000


@dataclass(frozen=True)
class WindowSummary:
    name: str
    start: date
    end: date
    rows: int
    hires: int
    jobs: int


@dataclass(frozen=True)
class HeldOut:
    """The test window: positions in the `X` that was given, raw margins, probabilities and labels."""

    rows: Rows
    raw: Floats
    p: Floats
    y: Floats


@dataclass(frozen=True)
class TrainResult:
    """A trained model. `importances`: feature -> share of the total gain. `dropped_rows`: no label, or
    dated after their job's window. `warnings`: whole sentences."""

    recipe: str
    feature_names: tuple[str, ...]
    booster: lightgbm.Booster
    rounds: int
    params: dict[str, Any]
    calibrator: Calibrator
    threshold: Threshold
    evaluation: Evaluation
    windows: tuple[WindowSummary, ...]
    dropped_rows: int
    importances: dict[str, float]
    warnings: tuple[str, ...]
    config: TrainConfig
    test: HeldOut


@dataclass(frozen=True)
class _Data:
    """Labelled rows in an order of their own, `position` saying where each was in the input."""

    X: NDArray[np.float32]
    y: Floats
    jobs: Rows
    days: NDArray[np.datetime64]
    position: Rows


@dataclass(frozen=True)
class _Fitted:
    """Margins and probabilities of all rows, and what turned the one into the other."""

    raw: Floats
    p: Floats
    calibrator: Calibrator
    threshold: Threshold


def train(
    X: pd.DataFrame,
    y: ArrayLike,
    *,
    job_ids: ArrayLike,
    dates: ArrayLike,
    recipe: Recipe,
    config: TrainConfig | None = None,
    progress: Progress | None = None,
) -> TrainResult:
    """Train `recipe` on n applications.

    `X`: n rows of features, NaN = unknown; `y`: n labels, 1 hire, 0 none, NaN = leave the row out;
    `job_ids` and `dates` (of application): n each. `progress` gets a share of the work in [0, 1], never
    falling, and one of `STAGES`; what it raises stops the run. Arguments are not changed. Raises
    `TooLittleData`, `NoHires`, `OneClassOnly` (all `TrainingDataError`, whole sentences) when the rows
    cannot carry a model, ValueError for wrong input.
    """
    config, report = config or TrainConfig(), progress or _silent
    report(0.0, "splitting")
    names = recipe.columns(tuple(X.columns))
    data = _labelled_rows(X, y, names, job_ids=job_ids, dates=dates)
    split = _checked_split(data, config)
    report(_BOOSTING_FROM, "boosting")
    params = _params(recipe, config, split)
    booster = _boost(data, split, names, recipe=recipe, params=params, config=config, report=report)
    report(_BOOSTING_TO, "calibrating")
    fitted = _fit_around(booster, data, split, recipe=recipe, config=config)
    report(0.9, "evaluating")
    evaluation = _evaluate_test(fitted, data, split, config)
    report(1.0, "done")
    windows = tuple(_summary(window, data) for window in split)
    rows = split.test.rows
    return TrainResult(
        recipe=recipe.name,
        feature_names=names,
        booster=booster,
        rounds=booster.num_trees(),
        params=params,
        calibrator=fitted.calibrator,
        threshold=fitted.threshold,
        evaluation=evaluation,
        windows=windows,
        dropped_rows=len(X) - sum(len(window) for window in split),
        importances=_importances(booster, names),
        warnings=_warnings(fitted, data, split, windows),
        config=config,
        test=HeldOut(data.position[rows], fitted.raw[rows], fitted.p[rows], data.y[rows]),
    )


def _silent(share: float, stage: str) -> None:
    return None


def _labelled_rows(
    X: pd.DataFrame, y: ArrayLike, names: tuple[str, ...], *, job_ids: ArrayLike, dates: ArrayLike
) -> _Data:
    truth, jobs = np.asarray(y, dtype=np.float64), np.asarray(job_ids)
    days = np.asarray(dates).astype("datetime64[D]")
    missing = [name for name in names if name not in X.columns]
    if missing or not names:
        raise ValueError(
            f"the recipe needs features that are not there: {', '.join(missing) or 'none chosen'}"
        )
    if not len(X) == len(truth) == len(jobs) == len(days):
        raise ValueError(f"{len(X)} rows, {len(truth)} labels, {len(jobs)} job ids, {len(days)} dates")
    keep = np.flatnonzero(~np.isnan(truth))
    check_classes(truth[keep])
    features = X[list(names)].to_numpy(dtype=np.float32, copy=True)[keep]
    if np.isinf(features).any():
        raise ValueError("features must be finite or NaN")
    codes = np.unique(jobs[keep], return_inverse=True)[1]
    order = _canonical_order(features, truth[keep], codes, days[keep])
    return _Data(features[order], truth[keep][order], codes[order], days[keep][order], keep[order])


def _canonical_order(
    features: NDArray[np.float32], truth: Floats, jobs: Rows, days: NDArray[np.datetime64]
) -> Rows:
    """By day, job, label and content, so that rows shuffled by a database give the same model."""
    content = np.ascontiguousarray(features + np.float32(0.0))  # -0.0 becomes 0.0
    content[np.isnan(content)] = np.nan  # one bit pattern for unknown
    whole_rows = content.view(np.dtype((np.void, content.dtype.itemsize * content.shape[1]))).ravel()
    return np.lexsort((np.unique(whole_rows, return_inverse=True)[1], truth, jobs, days))


def _checked_split(data: _Data, config: TrainConfig) -> TemporalSplit:
    split = temporal_split(
        data.days,
        data.jobs,
        calibration_share=config.calibration_share,
        validation_share=config.validation_share,
        test_share=config.test_share,
    )
    for window in split:
        needed = MIN_TRAIN_CLASS if window.name == "train" else MIN_LATER_CLASS
        check_window(window, data.y[window.rows], needed=needed)
    return split


def _params(recipe: Recipe, config: TrainConfig, split: TemporalSplit) -> dict[str, Any]:
    rows = len(split.train)
    return {
        **recipe.params,
        # A leaf needs company, but 400 rows cannot give it 50; few rows are best learned by small trees.
        "min_data_in_leaf": min(int(recipe.params["min_data_in_leaf"]), max(10, rows // 40)),
        "num_leaves": min(int(recipe.params["num_leaves"]), max(4, rows // 100)),
        "objective": "binary",
        # Average precision jumps with single hires and stops too early. Measured: on generated outcomes
        # worse in ROC-AUC and Brier score, on real ones worse in Brier score and mixed in ROC-AUC.
        "metric": "binary_logloss",
        "seed": config.seed,
        "num_threads": config.num_threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }


def _boost(
    data: _Data,
    split: TemporalSplit,
    names: tuple[str, ...],
    *,
    recipe: Recipe,
    params: dict[str, Any],
    config: TrainConfig,
    report: Progress,
) -> lightgbm.Booster:
    rounds = config.max_rounds or recipe.max_rounds
    weight = _hire_weight(data.y[split.train.rows]) if recipe.balanced else 1.0
    learn = _dataset(data, split.train, names, weight)
    watch = _dataset(data, split.validation, names, weight, reference=learn)
    booster = lightgbm.train(
        params,
        learn,
        num_boost_round=rounds,
        valid_sets=[watch],
        callbacks=[
            lightgbm.early_stopping(recipe.early_stopping_rounds, verbose=False),
            _reporter(report, rounds),
        ],
    )
    # What is kept is what the artifact's text says, cut at the best round: nothing else can be served later.
    text = booster.model_to_string(num_iteration=booster.best_iteration or -1)
    return lightgbm.Booster(model_str=text)


def _dataset(
    data: _Data,
    window: Window,
    names: tuple[str, ...],
    hire_weight: float,
    reference: lightgbm.Dataset | None = None,
) -> lightgbm.Dataset:
    truth = data.y[window.rows]
    return lightgbm.Dataset(
        data.X[window.rows],
        truth,
        # Also on validation: with weights on one side only, log-loss would stop the boosting at once.
        weight=np.where(truth == 1, hire_weight, 1.0),
        feature_name=list(names),
        reference=reference,
        params={"verbosity": -1},
    )


def _hire_weight(truth: Floats) -> float:
    return float((len(truth) - truth.sum()) / truth.sum())


def _reporter(report: Progress, rounds: int) -> Callable[[lightgbm.callback.CallbackEnv], None]:
    def after_round(env: lightgbm.callback.CallbackEnv) -> None:
        if env.iteration % _ROUNDS_BETWEEN_REPORTS == 0:
            done = env.iteration / rounds
            report(_BOOSTING_FROM + (_BOOSTING_TO - _BOOSTING_FROM) * done, "boosting")

    return after_round


def _fit_around(
    booster: lightgbm.Booster, data: _Data, split: TemporalSplit, *, recipe: Recipe, config: TrainConfig
) -> _Fitted:
    raw = np.asarray(
        booster.predict(data.X, raw_score=True, num_threads=config.num_threads), dtype=np.float64
    )
    learn, choose = split.calibration.rows, split.validation.rows
    calibrator = fit_calibrator(data.y[learn], raw[learn], method=recipe.calibration, groups=data.jobs[learn])
    p = calibrator.apply(raw)
    threshold = threshold_for_min_precision(
        data.y[choose], p[choose], min_precision=config.min_precision, min_support=config.min_support
    )
    return _Fitted(raw, p, calibrator, threshold)


def _evaluate_test(fitted: _Fitted, data: _Data, split: TemporalSplit, config: TrainConfig) -> Evaluation:
    rows = split.test.rows
    return evaluate(
        data.y[rows],
        fitted.p[rows],
        job_ids=data.jobs[rows],
        threshold=fitted.threshold.threshold,
        order=fitted.raw[rows],
        prevalence=float(data.y[split.train.rows].mean()),
        resamples=config.bootstrap_resamples,
        seed=config.seed,
    )


def _summary(window: Window, data: _Data) -> WindowSummary:
    return WindowSummary(
        name=window.name,
        start=window.start,
        end=window.end,
        rows=len(window),
        hires=int(data.y[window.rows].sum()),
        jobs=len(np.unique(data.jobs[window.rows])),
    )


def _importances(booster: lightgbm.Booster, names: tuple[str, ...]) -> dict[str, float]:
    gain = booster.feature_importance(importance_type="gain")
    share = gain / (gain.sum() or 1.0)
    return {names[i]: float(share[i]) for i in np.argsort(-share, kind="stable")}


def _warnings(
    fitted: _Fitted, data: _Data, split: TemporalSplit, windows: tuple[WindowSummary, ...]
) -> tuple[str, ...]:
    found = [
        f"The {window.name} window has only {window.hires} hires; its figures can be chance."
        for window in windows
        if window.hires < FEW_HIRES
    ]
    if not fitted.threshold.attainable:
        found.append(_not_attainable(fitted.threshold))
    if fitted.calibrator.method == "sigmoid" and fitted.calibrator.x[0] == 0:
        found.append("Hires scored no higher on the calibration window: everybody gets one probability.")
    rows = split.validation.rows
    auc = roc_auc(data.y[rows], fitted.raw[rows])
    if auc is not None and auc < HARDLY_BETTER:
        found.append(f"On the validation window the model hardly beats chance (ROC-AUC {auc:.2f}).")
    return tuple(found)


def _not_attainable(threshold: Threshold) -> str:
    return (
        f"No cut reaches a precision of {threshold.min_precision:.0%} on the validation window; "
        f"the nearest has {threshold.precision or 0:.0%} over {threshold.support} applications."
    )
