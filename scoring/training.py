"""From a request to a model that serves: one row, one run, one version."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates.models import RunState
from candidates.queueing import send_on_commit
from scoring import (
    assembling,
    auditing,
    cards,
    datasets,
    gate,
    registry,
    services,
    snapshots,
    storage,
    tracking,
    verdicts,
)
from scoring.ml.recipes import Recipe, UnknownRecipe, recipe_named
from scoring.models import LabelPolicy, ModelVersion, TrainingRun

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from django.contrib.auth.models import User
    from numpy.typing import NDArray

    from scoring.ml.dataset import Dataset
    from scoring.ml.train import TrainResult

__all__ = ["UnknownRecipe", "new_run", "request_training", "run"]

logger = logging.getLogger(__name__)

Watch = Callable[[TrainingRun], None]

SEED = 42
LARGEST_SEED = 2**31 - 1  # LightGBM's and the column's
SECONDS_BETWEEN_REPORTS = 1.0

AUDITING = gettext_noop("Looking for fields that give the outcome away")
SAVING = gettext_noop("Saving the model")
JUDGING = gettext_noop("Comparing with the model in use")
# scoring.ml.train.STAGES in words
STAGES = {
    "splitting": gettext_noop("Dividing the years"),
    "boosting": gettext_noop("Learning from past outcomes"),
    "calibrating": gettext_noop("Making the probabilities honest"),
    "evaluating": gettext_noop("Measuring on later outcomes"),
    "done": gettext_noop("Measured"),
}


class NoLongerRunning(Exception):
    """The run was marked as over while it worked; what it made must not be stored."""


# Asking for a run


def request_training(
    *, recipe: str = "peneira", label_policy: str = "", by: "User | None" = None, seed: int = SEED
) -> tuple[TrainingRun, bool]:
    """Queue a training of ``recipe``; the one that is queued or running already when there is one.

    The bool says whether the run is new. "" takes the recipe's own label policy.
    Raises ``UnknownRecipe``, and ValueError for an unknown label policy or a seed that is none.
    """
    from scoring.tasks import run_training

    run, made = new_run(recipe=recipe, label_policy=label_policy, by=by, seed=seed)
    if made:
        send_on_commit(run_training, run.pk)
    return run, made


def new_run(
    *, recipe: str = "peneira", label_policy: str = "", by: "User | None" = None, seed: int = SEED
) -> tuple[TrainingRun, bool]:
    """The row alone, for who runs it at once; see ``request_training``."""
    policy = label_policy or recipe_named(recipe).policy
    recipe_named(recipe)
    if policy not in LabelPolicy.values:
        raise ValueError(_("There is no label policy “%(name)s”.") % {"name": policy})
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(_("The seed must be a whole number from 0 to %(most)s.") % {"most": LARGEST_SEED})
    return TrainingRun.objects.create_or_active(
        "one_active_training_run_per_recipe",
        TrainingRun.objects.filter(recipe=recipe),
        recipe=recipe,
        label_policy=policy,
        requested_by=by,
        seed=seed,
    )


# Running


def run(run: TrainingRun, *, watch: Watch | None = None) -> ModelVersion | None:
    """Train, store and promote; None when another worker has the run or it failed.

    A failure ends in the row as one sentence, and the model that served goes on serving. ``watch`` is
    called with the run at each report.
    """
    if not TrainingRun.objects.claim(run.pk):
        return None
    run.refresh_from_db()
    run.details = {"worker": services.worker_identity()}
    run.save(update_fields=["details"])
    from scoring.ml.splits import TrainingDataError

    try:
        return _train_and_store(run, Report(run, watch))
    except (TrainingDataError, storage.StorageUnavailable) as error:
        _end(run, error=str(error))
    except NoLongerRunning:
        logger.warning("training run %s was over before it was done", run.pk)
    except Exception as error:
        logger.error("training run %s failed: %s", run.pk, trace(error))
        _end(run, error=_("The training failed; the log of the worker says where."))
    except BaseException:
        _end(run, error=_("The training was stopped."))
        raise
    return None


def _train_and_store(run: TrainingRun, report: "Report") -> ModelVersion:
    storage.check_reachable()
    learned = learn(recipe_named(run.recipe), run.label_policy, seed=run.seed, report=report)
    report(0.91, SAVING)
    version = _store(run, learned)
    report.log(
        f"Model v{version.number}: ROC-AUC {_figure(version.metrics['roc_auc'])}, "
        f"average precision {_figure(version.metrics['average_precision'])}"
    )
    _promote_if_it_passes(version, run, report)
    report.keep_seconds()
    _end(run)
    tracking.mirror(version)
    return version


def _end(run: TrainingRun, *, error: str = "") -> None:
    """Only a run that still counts as running ends: a reaper's verdict stands."""
    if TrainingRun.objects.filter(pk=run.pk, state=RunState.RUNNING).exists():
        run.finish(error=error)


def trace(error: BaseException) -> str:
    """Where it happened, without the message: that may quote a person's data."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " ← ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[::-1])
    return f"{type(error).__name__} at {places}"


class Report:
    """Progress of a run: a heartbeat at most once a second, a line of the log at each new step.

    ``seconds``: how long each step took."""

    def __init__(self, run: TrainingRun, watch: Watch | None = None) -> None:
        self.run = run
        self.watch = watch
        self.reported_at = 0.0
        self.seconds: dict[str, float] = {}
        self.since = time.monotonic()

    def __call__(self, share: float, step: str) -> None:
        self._count()
        if step != self.run.step:
            self.log(step)
        elif time.monotonic() - self.reported_at < SECONDS_BETWEEN_REPORTS:
            return
        self.reported_at = time.monotonic()
        self.run.report(share, step)
        if self.watch is not None:
            self.watch(self.run)

    def between(self, start: float, end: float, step: str) -> "Part":
        return Part(self, start, end, step)

    def keep_seconds(self) -> None:
        """In the run's details, for who asks where the time goes."""
        self._count()
        spent = {step: round(seconds, 2) for step, seconds in self.seconds.items() if step}
        self.run.details = self.run.details | {"seconds": spent}
        self.run.save(update_fields=["details"])

    def _count(self) -> None:
        now = time.monotonic()
        self.seconds[self.run.step] = self.seconds.get(self.run.step, 0.0) + now - self.since
        self.since = now

    def log(self, line: str) -> None:
        self.run.log += f"{timezone.localtime():%H:%M:%S} {line}\n"
        self.run.save(update_fields=["log"])


@dataclass(frozen=True)
class Part:
    """A share of the whole run, reported as if it were the whole."""

    report: Report
    start: float
    end: float
    step: str

    def __call__(self, share: float, stage: str = "") -> None:
        self.report(self.start + (self.end - self.start) * share, STAGES.get(stage, self.step))


# Learning


@dataclass(frozen=True, eq=False)
class Learned:
    """``arrays``: the learned state that the artifact keeps beside the model."""

    result: "TrainResult"
    dataset: "Dataset"
    arrays: "dict[str, NDArray[Any]]"
    card: dict[str, Any]
    fingerprint: str


def learn(
    recipe: Recipe, policy: str, *, seed: int, report: "Report", test_start: "date | None" = None
) -> Learned:
    """Rows → features → audit → model. Raises ``scoring.ml.splits.TrainingDataError``, of which
    ``LeakageFound`` is one."""
    from scoring.ml import train

    auditing.check_recipe(recipe)
    config = train.TrainConfig(
        seed=seed,
        num_threads=settings.TRAINING_THREADS,
        min_precision=settings.MINIMUM_PRECISION,
        test_start=test_start,
    )
    assembled = assembling.assemble(recipe, policy, config=config, report=report)
    data = assembled.dataset
    report(0.5, AUDITING)
    leakage = auditing.audit(
        data, columns=recipe.columns(tuple(data.X.columns)), training=assembled.early, policy=policy
    )
    result = train.train(data, recipe=recipe, config=config, progress=report.between(0.55, 0.9, AUDITING))
    card = cards.model_card(
        result,
        data,
        policy=policy,
        baseline=cards.drift_baseline(*_drift_rows(assembled, result)),
        unknown_statuses=assembled.unknown_statuses,
    )
    fingerprint = datasets.data_fingerprint([data.rows, data.X])
    return Learned(result, data, assembled.arrays(), card | {"leakage": leakage}, fingerprint)


def _drift_rows(
    assembled: assembling.Assembled, result: "TrainResult"
) -> "tuple[pd.DataFrame, NDArray[np.float64]]":
    """The features that were learned from and the scores of the test window, of people of whom something is
    known: what monitoring compares served predictions with."""
    known = assembled.dataset.rows["known"].to_numpy()
    early = assembled.early
    return assembled.dataset.X.iloc[early[known[early]]], result.test.p[known[result.test.rows]]


# Storing


def _store(run: TrainingRun, learned: Learned) -> ModelVersion:
    from scoring.ml import artifact

    snapshot = snapshots.write_snapshot(learned.dataset)
    commit = cards.code_commit()
    files = artifact.pack(
        learned.result,
        learned.dataset,
        created_at=timezone.now(),
        policy=run.label_policy,
        arrays=learned.arrays,
        extra={
            "data_fingerprint": learned.fingerprint,
            "training_run": run.pk,
            "snapshot": snapshot.sha256,
            "code_commit": commit,
        },
    )
    values = _columns(run, learned) | {"snapshot": snapshot, "code_commit": commit}
    with transaction.atomic():
        locked = TrainingRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != RunState.RUNNING:
            raise NoLongerRunning
        return registry.store_version(values, files)


def _columns(run: TrainingRun, learned: Learned) -> dict[str, Any]:
    from scoring.ml.evidence import verdict

    result = learned.result
    return {
        "recipe": run.recipe,
        "label_policy": run.label_policy,
        "training_run": run,
        "metrics": result.metrics(),
        "evidence": verdict(result.evaluation.inside_jobs).verdict,
        "threshold": result.threshold.threshold,
        "threshold_attainable": result.threshold.attainable,
        "feature_names": list(result.feature_names),
        "data_fingerprint": learned.fingerprint,
        "card": learned.card,
    }


def _promote_if_it_passes(version: ModelVersion, run: TrainingRun, report: Report) -> None:
    """A version that the gate lets through serves at once; any other waits for a person (docs/gate.md).

    Nobody promotes here, whoever asked for the run: the promotion names no person.
    """
    judging = report.between(0.92, 1.0, JUDGING)
    verdict = gate.judge(version, progress=judging)
    if not verdict["passed"]:
        report.log(f"Not promoted; the gate says no: {'; '.join(verdicts.reasons_against(verdict))}")
        return
    if not TrainingRun.objects.filter(pk=run.pk, state=RunState.RUNNING).exists():
        raise NoLongerRunning  # the version stays a challenger
    try:
        gate.promote(version)
        report.log(f"In use since training run {run.pk}: it passed the gate")
    except gate.NotPromotable as error:  # another version began to serve meanwhile
        report.log(f"Not promoted: {error}")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
