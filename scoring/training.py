"""From a request to a model that serves: one row, one run, one version."""

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates.models import RunState
from candidates.queueing import send_on_commit
from scoring import cards, datasets, people, registry, services
from scoring.ml.recipes import Recipe, UnknownRecipe, recipe_named
from scoring.models import LabelPolicy, ModelVersion, TrainingRun

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from django.contrib.auth.models import User
    from numpy.typing import NDArray

    from scoring.ml.features import CandidateBlock
    from scoring.ml.text import TextModel
    from scoring.ml.train import TrainConfig, TrainResult

__all__ = ["UnknownRecipe", "new_run", "request_training", "run"]

logger = logging.getLogger(__name__)

Watch = Callable[[TrainingRun], None]

SEED = 42
SECONDS_BETWEEN_REPORTS = 1.0

READING = gettext_noop("Reading outcomes")
WORDS = gettext_noop("Learning which words are common")
PEOPLE = gettext_noop("Reading candidates")
FEATURES = gettext_noop("Comparing candidates with jobs")
SAVING = gettext_noop("Saving the model")
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
    Raises ``UnknownRecipe``, and ValueError for an unknown label policy.
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
    while True:
        try:
            with transaction.atomic():
                values = {"recipe": recipe, "label_policy": policy, "requested_by": by, "seed": seed}
                return TrainingRun.objects.create(**values), True
        except IntegrityError:  # one_active_training_run_per_recipe: somebody asked before
            active = TrainingRun.objects.active().filter(recipe=recipe).first()
            if active is not None:
                return active, False


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
    except TrainingDataError as error:
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
    learned = learn(recipe_named(run.recipe), run.label_policy, seed=run.seed, report=report)
    report(0.97, SAVING)
    version = _store(run, learned)
    report.log(
        f"Model v{version.number}: ROC-AUC {_figure(version.metrics['roc_auc'])}, "
        f"average precision {_figure(version.metrics['average_precision'])}"
    )
    _promote_when_readable(version, run, report)
    _end(run)
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
    """Progress of a run: a heartbeat at most once a second, a line of the log at each new step."""

    def __init__(self, run: TrainingRun, watch: Watch | None = None) -> None:
        self.run = run
        self.watch = watch
        self.reported_at = 0.0

    def __call__(self, share: float, step: str) -> None:
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


@dataclass(frozen=True)
class Learned:
    result: "TrainResult"
    text: "TextModel"
    card: dict[str, Any]
    fingerprint: str


def learn(recipe: Recipe, policy: str, *, seed: int, report: Report) -> Learned:
    """Rows → frames → features → model. Raises ``scoring.ml.splits.TrainingDataError``."""
    from scoring.ml import features, labels, train

    report(0.0, READING)
    config = train.TrainConfig(
        seed=seed, num_threads=settings.TRAINING_THREADS, min_precision=settings.MINIMUM_PRECISION
    )
    pairs, events = datasets.pairs(), datasets.events()
    jobs = datasets.jobs(pairs["job_id"].unique().tolist())
    truth = labels.label(pairs["status"], policy)
    early = _training_rows(pairs, truth, config)
    report(0.05, WORDS)
    text = people.text_model(pairs.iloc[early], jobs, progress=report.between(0.05, 0.2, WORDS))
    prepared = people.prepare(
        pairs["candidate_id"].unique().tolist(), text=text, progress=report.between(0.2, 0.5, PEOPLE)
    )
    report(0.5, FEATURES)
    job_block = features.prepare_jobs(jobs, text=text)
    X = features.build_features(pairs, candidates=prepared, jobs=job_block, events=events)
    report.log(f"{len(X)} applications, {X.shape[1]} features")
    known = _with_profile(pairs, prepared)
    if _is_candidate_only(recipe):
        truth = truth.copy()
        truth[~known] = float("nan")  # nothing is known that this recipe could learn from
        early = _training_rows(pairs, truth, config)
    result = train.train(
        X,
        truth,
        job_ids=pairs["job_id"],
        dates=pairs["as_of"],
        recipe=recipe,
        config=config,
        progress=report.between(0.6, 0.95, FEATURES),
    )
    card = cards.model_card(
        result,
        pairs=pairs,
        truth=truth,
        policy=policy,
        baseline=cards.drift_baseline(X.iloc[early[known[early]]], result.test.p[known[result.test.rows]]),
        unknown_statuses=sorted(labels.unknown_statuses(pairs["status"])),
    )
    return Learned(result, text, card, datasets.data_fingerprint([pairs, events, jobs, X]))


def _training_rows(
    pairs: "pd.DataFrame", truth: "NDArray[np.float64]", config: "TrainConfig"
) -> "NDArray[np.intp]":
    """The rows that ``train`` will learn from: only their texts may teach which words are common."""
    import numpy as np

    from scoring.ml.splits import check_classes, temporal_split

    labelled = np.flatnonzero(~np.isnan(truth))
    check_classes(truth[labelled])
    split = temporal_split(
        pairs["as_of"].to_numpy()[labelled],
        pairs["job_id"].to_numpy()[labelled],
        calibration_share=config.calibration_share,
        validation_share=config.validation_share,
        test_share=config.test_share,
    )
    return labelled[split.train.rows]


def _with_profile(pairs: "pd.DataFrame", block: "CandidateBlock") -> "NDArray[np.bool_]":
    return block.has_profile[block.rows(pairs["candidate_id"].to_numpy())]


def _is_candidate_only(recipe: Recipe) -> bool:
    from scoring.ml.features import FEATURES as EVERY_FEATURE
    from scoring.ml.features import SYSTEM_B_FEATURES

    return set(recipe.columns(EVERY_FEATURE)) <= set(SYSTEM_B_FEATURES)


# Storing


def _store(run: TrainingRun, learned: Learned) -> ModelVersion:
    from scoring.ml import artifact

    result = learned.result

    def save(directory: Path) -> str:
        return artifact.save(
            result,
            directory,
            created_at=timezone.now(),
            policy=run.label_policy,
            arrays=people.text_arrays(learned.text),
            extra={"data_fingerprint": learned.fingerprint, "training_run": run.pk},
        )

    with transaction.atomic():
        locked = TrainingRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != RunState.RUNNING:
            raise NoLongerRunning
        return registry.store_version(_columns(run, learned), save)


def _columns(run: TrainingRun, learned: Learned) -> dict[str, Any]:
    result = learned.result
    return {
        "recipe": run.recipe,
        "label_policy": run.label_policy,
        "training_run": run,
        "metrics": result.evaluation.to_json(),
        "threshold": result.threshold.threshold,
        "threshold_attainable": result.threshold.attainable,
        "feature_names": list(result.feature_names),
        "data_fingerprint": learned.fingerprint,
        "card": learned.card,
        "code_commit": cards.code_commit(),
    }


def _promote_when_readable(version: ModelVersion, run: TrainingRun, report: Report) -> None:
    """A version whose figures can be read serves at once; comparing it with the one before comes later."""
    if not has_readable_figures(version.metrics):
        report.log("Not promoted: the test window gives no figures")
        return
    reason = gettext_noop("Newest version; its figures on the test window can be read.")
    registry.promote(version, by=run.requested_by, reason=reason)


def has_readable_figures(metrics: Mapping[str, Any]) -> bool:
    return metrics.get("roc_auc") is not None and metrics.get("average_precision") is not None


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
