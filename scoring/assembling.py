"""From stored rows to what a run learns from: features, outcomes, and the state that serving needs again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext_noop

from scoring import datasets, people
from scoring.ml.recipes import Recipe

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scoring.ml.blocks import CandidateBlock, JobBlock
    from scoring.ml.dataset import Dataset
    from scoring.ml.text import TextModel
    from scoring.ml.topics import TopicModel
    from scoring.ml.train import TrainConfig

READING = gettext_noop("Reading outcomes")
WORDS = gettext_noop("Learning which words are common")
PEOPLE = gettext_noop("Reading candidates")
FEATURES = gettext_noop("Comparing candidates with jobs")


class Reporting(Protocol):
    """What assembling tells how far it is; ``scoring.training.Report``."""

    def __call__(self, share: float, step: str) -> None: ...
    def between(self, start: float, end: float, step: str) -> Any: ...
    def log(self, line: str) -> None: ...


@dataclass(frozen=True, eq=False)
class Assembled:
    """``early``: the rows with a label before the test window."""

    dataset: "Dataset"
    text: "TextModel"
    topics: "TopicModel | None"
    early: "NDArray[np.intp]"
    unknown_statuses: list[str]

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """The learned state that an artifact keeps beside the model."""
        return people.text_arrays(self.text) | people.topic_arrays(self.topics)


def assemble(recipe: Recipe, policy: str, *, config: "TrainConfig", report: Reporting) -> Assembled:
    """Rows → frames → features. Raises ``scoring.ml.splits.TrainingDataError``."""
    from scoring.ml import features, labels

    report(0.0, READING)
    pairs = datasets.pairs()
    jobs = datasets.jobs(pairs["job_id"].unique().tolist())
    ages, still_open = datasets.job_youth(pairs)
    truth = labels.label(pairs["status"], policy, job_ages=ages, job_open=still_open)
    early = _before_test(pairs, truth, config)
    report(0.05, WORDS)
    text = people.text_model(pairs.iloc[early], jobs, progress=report.between(0.05, 0.15, WORDS))
    prepared = people.prepare(
        pairs["candidate_id"].unique().tolist(), text=text, progress=report.between(0.15, 0.4, PEOPLE)
    )
    report(0.4, FEATURES)
    block = features.prepare_jobs(jobs, text=text)
    topics = _topics(recipe, pairs.iloc[early], prepared, block) if recipe.topics else None
    # Of the whole company, as for a ranking: jobs nobody applied to lend their pay too
    history = features.prepare_history(datasets.events(), jobs=datasets.job_keys())
    X = features.build_features(pairs, candidates=prepared, jobs=block, events=history, topics=topics)
    report.log(f"{len(X)} applications, {X.shape[1]} features")
    known = prepared.has_profile[prepared.rows(pairs["candidate_id"].to_numpy())]
    if _is_about_candidates_alone(recipe):
        truth = truth.copy()
        truth[~known] = float("nan")  # nothing is known that this recipe could learn from
        early = _before_test(pairs, truth, config)
    return Assembled(
        dataset=_dataset(X, pairs, jobs, truth=truth, known=known),
        text=text,
        topics=topics,
        early=early,
        unknown_statuses=sorted(labels.unknown_statuses(pairs["status"])),
    )


def _dataset(
    X: "pd.DataFrame",
    pairs: "pd.DataFrame",
    jobs: "pd.DataFrame",
    *,
    truth: "NDArray[np.float64]",
    known: "NDArray[np.bool_]",
) -> "Dataset":
    from scoring.ml.dataset import client_key, make_dataset
    from scoring.ml.labels import accept_label

    of_job = jobs.loc[pairs["job_id"]]
    return make_dataset(
        X,
        y=truth,
        accept=accept_label(pairs["status"]),
        candidate_id=pairs["candidate_id"],
        job_id=pairs["job_id"],
        as_of=pairs["as_of"],
        known=known,
        area=of_job["area_labels"].map(_first).to_numpy(),
        seniority=of_job["seniority"].to_numpy(),
        client=of_job["client"].map(client_key).to_numpy(),
    )


def _first(labels: Sequence[str]) -> str:
    return labels[0] if labels else ""


def _topics(
    recipe: Recipe, pairs: "pd.DataFrame", prepared: "CandidateBlock", jobs: "JobBlock"
) -> "TopicModel":
    """Of those texts alone whose topics the recipe reads."""
    from scoring.ml.features import FEATURES as EVERY_FEATURE
    from scoring.ml.names import TOPIC_FEATURES
    from scoring.ml.topics import TopicModel

    read = set(recipe.columns((*EVERY_FEATURE, *TOPIC_FEATURES))) & set(TOPIC_FEATURES)
    return TopicModel().fit(
        prepared,
        jobs,
        candidate_ids=pairs["candidate_id"],
        job_ids=pairs["job_id"],
        texts={name.split("_")[1] for name in read},
    )


def _before_test(
    pairs: "pd.DataFrame", truth: "NDArray[np.float64]", config: "TrainConfig"
) -> "NDArray[np.intp]":
    """Rows of the windows before the test: only their texts may teach which words are common."""
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
        test_start=config.test_start,
    )
    windows = (split.train, split.calibration, split.validation)
    rows: NDArray[np.intp] = np.sort(np.concatenate([window.rows for window in windows]))
    return labelled[rows]


def _is_about_candidates_alone(recipe: Recipe) -> bool:
    from scoring.ml.features import FEATURES as EVERY_FEATURE
    from scoring.ml.features import SYSTEM_B_FEATURES
    from scoring.ml.names import TOPIC_FEATURES

    return set(recipe.columns((*EVERY_FEATURE, *TOPIC_FEATURES))) <= set(SYSTEM_B_FEATURES)
