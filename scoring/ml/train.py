"""From features and outcomes to a calibrated model, its cut, and its figures on a time it has never seen.

Each window has one job. First the boosters learn on *train* and stop by *validation*. What they then say of
*calibration* weighs the parts and teaches the calibrator. Learned again on *train* and *calibration*, what
they say of *validation* chooses the cut. At last they learn from all three, with the rounds, weights,
calibrator and cut found so far, and are measured on *test*, on which nothing was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.ml import cautions
from scoring.ml.boosting import Fit, Learnable, plain_params
from scoring.ml.dataset import Dataset
from scoring.ml.evaluate import Evaluation, evaluate
from scoring.ml.learning import HeldOut, Windows, held_out, job_alone, learn, learnable, plan_of
from scoring.ml.messages import Message
from scoring.ml.model import Head
from scoring.ml.recipes.base import Recipe
from scoring.ml.recipes.peneira import ACCEPT, JOB
from scoring.ml.splits import TemporalSplit, Window, check_window, temporal_split
from scoring.ml.thresholds import Threshold, threshold_for_min_precision

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]

# What `progress` reports, in this order: a closed set, so that pages can translate it.
STAGES = ("splitting", "boosting", "calibrating", "evaluating", "done")

# Below these a window says nothing: hires and others needed in it.
MIN_TRAIN_CLASS = 10
MIN_LATER_CLASS = 3
MIN_ACCEPT_TRAIN, MIN_ACCEPT_LATER = 30, 10
_EXPLAINED_ROWS = 2_000  # of the test window: enough for the mean strength of each feature
_BOOSTING_FROM, _BOOSTING_TO = 0.02, 0.85  # share of the work


@dataclass(frozen=True)
class TrainConfig:
    """What a run may choose beside its recipe.

    Shares are of rows; `test_start`: the first day of the test window instead of its share. `min_support`:
    rows that a cut must rest on. `max_rounds` overrides the recipe's. Equal seed, rows and library versions
    give an equal model, whatever the order of the rows, for a given `num_threads`.
    """

    seed: int = 42
    num_threads: int = 1
    min_precision: float = 0.80
    min_support: int = 5
    calibration_share: float = 0.15
    validation_share: float = 0.15
    test_share: float = 0.2
    test_start: date | None = None
    max_rounds: int | None = None
    bootstrap_resamples: int = 1000

    def to_json(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return values | {"test_start": self.test_start.isoformat() if self.test_start else None}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> TrainConfig:
        """The reverse of `to_json`; names that are not known any more are passed over."""
        known = {name: value for name, value in values.items() if name in cls.__dataclass_fields__}
        start = known.get("test_start")
        return cls(**known | {"test_start": date.fromisoformat(start) if start else None})


@dataclass(frozen=True)
class WindowSummary:
    name: str
    start: date
    end: date
    rows: int
    hires: int
    jobs: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"start": self.start.isoformat(), "end": self.end.isoformat()}


@dataclass(frozen=True)
class AcceptResult:
    """The head *likely to accept*: 1 = accepted, 0 = withdrew after being wanted, on the same windows."""

    head: Head
    evaluation: Evaluation
    windows: tuple[WindowSummary, ...]


@dataclass(frozen=True)
class TrainResult:
    """A trained model. `rounds` and `params`: part -> trees, LightGBM's parameters. `importances`: feature ->
    share of the strength of all contributions on the test window. `dropped_rows`: no label, or dated after
    their job's window. `validation`: as seen before the last learning, with what the cut was chosen on."""

    recipe: str
    head: Head
    accept: AcceptResult | None
    rounds: dict[str, int]
    params: dict[str, dict[str, Any]]
    threshold: Threshold
    evaluation: Evaluation
    windows: tuple[WindowSummary, ...]
    dropped_rows: int
    importances: dict[str, float]
    warnings: tuple[Message, ...]
    config: TrainConfig
    validation: HeldOut
    test: HeldOut

    @property
    def feature_names(self) -> tuple[str, ...]:
        return self.head.feature_names

    def metrics(self) -> dict[str, Any]:
        """The evaluation as plain JSON, with that of the second head under "accept" when there is one."""
        accept = {"accept": self.accept.evaluation.to_json()} if self.accept else {}
        return self.evaluation.to_json() | accept


def train(
    data: Dataset, *, recipe: Recipe, config: TrainConfig | None = None, progress: Progress | None = None
) -> TrainResult:
    """Train `recipe` on a dataset.

    `progress` gets a share of the work in [0, 1], never falling, and one of `STAGES`; what it raises stops
    the run. Arguments are not changed. Raises `UnknownFeature` before anything is read, and `TooLittleData`,
    `NoHires`, `OneClassOnly` (all `TrainingDataError`, whole sentences) when the rows cannot carry a model.
    """
    config, report = config or TrainConfig(), progress or _silent
    report(0.0, "splitting")
    available = tuple(data.X.columns)
    rows = learnable(data, _names(recipe, available))
    split = _checked_split(rows, config)
    windows = _windows(rows, split)
    steps = _Steps(report, total=4 * len(recipe.parts) + (4 if recipe.accept else 0))
    plan = plan_of(recipe, available, **_fitting(config))
    found = learn(rows, windows, plan, calibration=recipe.calibration, step=steps)
    accept = _accept(data, rows, split, config, steps) if recipe.accept else None
    report(_BOOSTING_TO, "calibrating")
    validation = held_out(rows, windows.validation, found.before_last)
    threshold = _threshold(validation, config)
    report(0.88, "evaluating")
    test = held_out(rows, windows.test, found.head)
    alone = _job_alone(rows, windows, available, config)
    evaluation = _evaluate(
        data, test, threshold, config, prevalence=float(rows.y[windows.before_test].mean()), job_only=alone
    )
    report(0.97, "evaluating")
    importances = importance(found.head, rows.X[windows.test][:, rows.columns(found.head.feature_names)])
    summaries = tuple(_summary(window, rows) for window in split)
    report(1.0, "done")
    return TrainResult(
        recipe=recipe.name,
        head=found.head,
        accept=accept,
        rounds={fit.part.name: n for fit, n in zip(found.plan.fits, found.plan.rounds, strict=True)},
        params={fit.part.name: plain_params(fit, rows=len(windows.train)) for fit in found.plan.fits},
        threshold=threshold,
        evaluation=evaluation,
        windows=summaries,
        dropped_rows=len(data) - sum(len(window) for window in split),
        importances=importances,
        warnings=cautions.of(
            recipe, found, validation=validation, threshold=threshold, windows=summaries, accept=accept
        ),
        config=config,
        validation=validation,
        test=test,
    )


def importance(head: Head, X: NDArray[np.float32]) -> dict[str, float]:
    """Feature -> share of the mean absolute TreeSHAP value over at most 2,000 rows, strong first."""
    at = np.unique(np.linspace(0, len(X) - 1, min(len(X), _EXPLAINED_ROWS)).astype(np.intp))
    strength = np.abs(head.contributions(X[at])[:, :-1]).mean(axis=0)
    shares = strength / (strength.sum() or 1.0)
    pairs = zip(head.feature_names, shares.tolist(), strict=True)
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _silent(share: float, stage: str) -> None:
    return None


@dataclass
class _Steps:
    """Counts fits, to tell how much of the boosting is done."""

    report: Progress
    total: int
    done: float = 0.0
    shown: float = 0.0

    def __call__(self, share: float) -> None:
        at = self.done + share
        if share >= 1.0:
            self.done = at
        self.shown = max(self.shown, min(1.0, at / self.total))
        self.report(_BOOSTING_FROM + (_BOOSTING_TO - _BOOSTING_FROM) * self.shown, "boosting")


def _fitting(config: TrainConfig) -> dict[str, Any]:
    return {"seed": config.seed, "num_threads": config.num_threads, "max_rounds": config.max_rounds}


def _names(recipe: Recipe, available: tuple[str, ...]) -> tuple[str, ...]:
    """What the recipe reads, and what the model of the job alone does."""
    of_job = [name for name in JOB.columns(available) if name in available]
    return tuple(dict.fromkeys([*recipe.columns(available), *of_job]))


def _checked_split(data: Learnable, config: TrainConfig) -> TemporalSplit:
    split = temporal_split(
        data.days,
        data.jobs,
        calibration_share=config.calibration_share,
        validation_share=config.validation_share,
        test_share=config.test_share,
        test_start=config.test_start,
    )
    for window in split:
        needed = MIN_TRAIN_CLASS if window.name == "train" else MIN_LATER_CLASS
        check_window(window, data.y[window.rows], needed=needed)
    return split


def _windows(data: Learnable, split: TemporalSplit) -> Windows:
    parts = split.train.rows, split.calibration.rows, split.validation.rows
    in_time = split.dropped[data.days[split.dropped] < data.days[split.test.rows].min()]
    return Windows(*parts, test=split.test.rows, before_test=np.sort(np.concatenate([*parts, in_time])))


def _threshold(validation: HeldOut, config: TrainConfig) -> Threshold:
    return threshold_for_min_precision(
        validation.y, validation.p, min_precision=config.min_precision, min_support=config.min_support
    )


def _job_alone(
    data: Learnable, windows: Windows, available: tuple[str, ...], config: TrainConfig
) -> Floats | None:
    columns = JOB.columns(available)
    if not set(columns) <= set(available):
        return None
    return job_alone(data, windows, Fit(JOB, columns, **_fitting(config)))


# Likely to accept


def _accept(
    data: Dataset, rows: Learnable, split: TemporalSplit, config: TrainConfig, steps: _Steps
) -> AcceptResult | None:
    """The second head, on those rows of the same windows in which somebody was wanted and answered; None when
    a window has too few of either answer."""
    answer = data.rows["accept"].to_numpy(dtype=np.float64)[rows.position]
    parts = [window.rows[~np.isnan(answer[window.rows])] for window in split]
    least = [MIN_ACCEPT_TRAIN, *[MIN_ACCEPT_LATER] * 3]
    if any(_rarer(answer[part]) < needed for part, needed in zip(parts, least, strict=True)):
        return None
    asked = replace(rows, y=answer)
    before = np.sort(np.concatenate(parts[:3]))
    windows = Windows(parts[0], parts[1], parts[2], parts[3], before)
    plan = plan_of(Recipe("accept", (ACCEPT,), policy=""), tuple(n for n in rows.names), **_fitting(config))
    found = learn(asked, windows, plan, calibration="auto", step=steps)
    test = held_out(asked, windows.test, found.head)
    evaluation = evaluate(
        test.y,
        test.p,
        job_ids=data.rows["job_id"].to_numpy()[test.rows],
        threshold=0.5,
        order=test.raw,
        prevalence=float(answer[before].mean()),
        resamples=config.bootstrap_resamples,
        seed=config.seed,
    )
    named = zip(split, parts, strict=True)
    summaries = tuple(_summary(replace(window, rows=part), asked) for window, part in named)
    return AcceptResult(found.head, evaluation, summaries)


def _rarer(answers: Floats) -> int:
    yes = int(answers.sum())
    return min(yes, len(answers) - yes)


# Figures


def _evaluate(
    data: Dataset,
    test: HeldOut,
    threshold: Threshold,
    config: TrainConfig,
    *,
    prevalence: float,
    job_only: Floats | None,
) -> Evaluation:
    rows = data.rows.iloc[test.rows].reset_index(drop=True)
    days = rows["as_of"]
    return evaluate(
        test.y,
        test.p,
        job_ids=rows["job_id"].to_numpy(),
        threshold=threshold.threshold,
        order=test.raw,
        inside_order=test.order,
        prevalence=prevalence,
        application_order=days.to_numpy().astype("datetime64[D]").astype(np.float64),
        job_only=job_only,
        slice_by=rows[["area", "seniority", "client"]].assign(year=days.dt.year),
        resamples=config.bootstrap_resamples,
        seed=config.seed,
    )


def _summary(window: Window, data: Learnable) -> WindowSummary:
    days = data.days[window.rows]
    return WindowSummary(
        name=window.name,
        start=days.min().item(),
        end=days.max().item(),
        rows=len(window),
        hires=int(data.y[window.rows].sum()),
        jobs=len(np.unique(data.jobs[window.rows])),
    )
