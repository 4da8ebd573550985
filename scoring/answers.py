"""What a stored version says of any applications: its own words, its own features, its own numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from candidates.models import Candidate
from jobs.models import Job
from scoring import datasets, people

if TYPE_CHECKING:
    import datetime

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scoring.ml.artifact import Artifact
    from scoring.ml.blocks import CandidateBlock
    from scoring.ml.compare import Answers
    from scoring.ml.history import History

NO_TEXT_MODEL = gettext_noop("The words it learned were not kept with it, so it cannot read anybody.")

Progress = Callable[[float], None]


class NoHoldout(Exception):
    """The version's files hold no rows that it was measured on."""


class NoAnswers(Exception):
    """The version cannot say anything of new rows; the message is a message id of the language files."""


@dataclass(frozen=True, eq=False)
class Rows:
    """n applications: who, to which job, on which day."""

    candidates: "NDArray[np.int64]"
    jobs: "NDArray[np.int64]"
    days: "NDArray[np.datetime64]"

    def __len__(self) -> int:
        return len(self.candidates)

    def taken(self, at: "NDArray[Any]") -> "Rows":
        return Rows(self.candidates[at], self.jobs[at], self.days[at])

    def on(self, day: "datetime.date") -> "Rows":
        import numpy as np

        return Rows(self.candidates, self.jobs, np.full(len(self), np.datetime64(day, "D")))

    def followed_by(self, other: "Rows") -> "Rows":
        import numpy as np

        return Rows(
            np.concatenate([self.candidates, other.candidates]),
            np.concatenate([self.jobs, other.jobs]),
            np.concatenate([self.days, other.days]),
        )


@dataclass(frozen=True, eq=False)
class Holdout:
    """The rows of a version's test window, what came of each (1 hired, 0 not), and what it said of each."""

    rows: Rows
    y: "NDArray[np.float64]"
    said: "Answers"


def holdout(model: "Artifact") -> Holdout:
    """The rows that were stored with the model. Raises ``NoHoldout``."""
    import numpy as np

    from scoring.ml.compare import Answers

    names = ("candidate", "job", "day", "y", "p", "raw")
    arrays = {name: model.arrays.get(f"holdout_{name}") for name in names}
    lengths = {None if array is None else len(array) for array in arrays.values()}
    if len(lengths) != 1 or None in lengths:
        raise NoHoldout
    found = {name: np.asarray(array) for name, array in arrays.items()}
    rows = Rows(
        found["candidate"].astype(np.int64),
        found["job"].astype(np.int64),
        found["day"].astype("datetime64[D]"),
    )
    order = model.arrays.get("holdout_order")
    said = Answers(
        p=found["p"].astype(np.float64),
        raw=found["raw"].astype(np.float64),
        threshold=model.threshold,
        order=None if order is None else np.asarray(order, dtype=np.float64),
    )
    return Holdout(rows, found["y"].astype(np.float64), said)


def still_there(rows: Rows) -> "NDArray[np.bool_]":
    """Which of the rows can be scored again: the candidate and the job are still stored."""
    import numpy as np

    people_ = Candidate.objects.filter(pk__in=set(rows.candidates.tolist())).values_list("pk", flat=True)
    jobs = Job.objects.filter(pk__in=set(rows.jobs.tolist()), is_stub=False).values_list("pk", flat=True)
    return np.isin(rows.candidates, list(people_)) & np.isin(rows.jobs, list(jobs))


def history() -> "History":
    """Everything that happened, as training saw it; a row uses only what was before its day."""
    from scoring.ml.history import prepare_history

    return prepare_history(datasets.events(), jobs=datasets.job_keys())


def answers(
    model: "Artifact",
    rows: Rows,
    *,
    events: "History",
    job_day: "datetime.date | None" = None,
    progress: Progress = lambda share: None,
) -> "tuple[Answers, NDArray[np.bool_]]":
    """The model's probability and margin of each row, from features made with its own text model; and of
    whom something is known.

    ``job_day``: as a ranking compares, people of one job as of that day in what is said of the job alone;
    without it as training measures, each as of the own day. Raises ``NoAnswers`` and
    ``scoring.ml.artifact.ArtifactError`` when this program cannot make its features.
    """
    import numpy as np

    from scoring.ml.compare import Answers

    _ids, first, job = np.unique(rows.jobs, return_index=True, return_inverse=True)
    asked = rows if job_day is None else rows.followed_by(rows.taken(first).on(job_day))
    block, X = _features(model, asked, events=events, progress=progress)
    own = X.to_numpy()[:, model.columns_in(list(X.columns))]
    own, of_jobs = own[: len(rows)], own[len(rows) :]
    if job_day is None:
        raw = model.predict_raw(own)
    else:
        raw = np.empty(len(rows))
        for at in range(len(of_jobs)):
            raw[job == at] = model.predict_raw(own[job == at], job=of_jobs[at])
    said = Answers(model.calibrator.apply(raw), raw, model.threshold, order=model.head.order(own))
    return said, block.has_profile[block.rows(rows.candidates)]


def _features(
    model: "Artifact", rows: Rows, *, events: "History", progress: Progress
) -> "tuple[CandidateBlock, pd.DataFrame]":
    import numpy as np
    import pandas as pd

    from scoring.ml.features import build_features, prepare_jobs

    try:
        text, topics = people.text_of(model), people.topics_of(model)
    except (KeyError, ValueError) as error:
        raise NoAnswers(NO_TEXT_MODEL) from error
    pairs = pd.DataFrame(
        {
            "candidate_id": rows.candidates,
            "job_id": rows.jobs,
            "as_of": rows.days.astype("datetime64[s]"),
        }
    )
    block = people.prepare(np.unique(rows.candidates).tolist(), text=text, progress=progress)
    jobs = prepare_jobs(datasets.jobs(np.unique(rows.jobs).tolist()), text=text)
    return block, build_features(pairs, candidates=block, jobs=jobs, events=events, topics=topics)
