"""Everybody known compared with one job: who has data, with features, probability and margin."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jobs.models import Job, JobStatus, Requirement
from scoring import datasets, ordering, people

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scoring.ml.artifact import Artifact
    from scoring.ml.model import Head

CODE_ALONE = gettext_noop("Only the code of this job is known: there is nothing to compare candidates with.")


class NotRankable(Exception):
    """The job cannot be ranked; the message says why."""


@dataclass(frozen=True)
class Scored:
    """Everybody with data, prospects first, in order of application: features (index: candidate id),
    probability, margin; ``accept``: chance that an offer is accepted, None where that is not known."""

    job: "pd.DataFrame"
    X: "pd.DataFrame"
    the_job: "pd.DataFrame"  # one row of features, the job as of one day; none without people
    p: "NDArray[np.float64]"
    raw: "NDArray[np.float64]"
    accept: "NDArray[np.float64] | None"
    prospects: int
    without_data: list[int]  # prospects of whom there is nothing to score

    def best(self) -> list[int]:
        """Places in ``X`` of everybody, best first."""
        return self._ordered(0, len(self.X))

    def best_prospects(self) -> list[int]:
        return self._ordered(0, self.prospects)

    def best_of_pool(self) -> list[int]:
        return self._ordered(self.prospects, len(self.X))

    def _ordered(self, start: int, end: int) -> list[int]:
        import numpy as np

        # Calibration ties many; the margin behind it orders them, and the id makes it the same every time
        part = slice(start, end)
        order = np.lexsort((self.X.index.to_numpy()[part], -self.raw[part], -self.p[part]))
        places: list[int] = (order + start).tolist()
        return places

    def closest_of_pool(self, requirements: Sequence[Requirement], *, most: int) -> list[int]:
        """Places of those of the pool who seem to meet most requirements; equals in the order of a lot."""
        ids = self.X.index.to_numpy()[self.prospects :]
        drawn = ordering.by_lot(int(self.job.index[0]), ids) + self.prospects
        return ordering.likely_closest(self.X, requirements, among=drawn, most=most)


def compare(job: Job, model: "Artifact", pool: people.Pool, *, accept: bool) -> Scored:
    """Everybody of the pool compared with the job.

    ``accept``: whether to tell how likely people accept an offer, if the model can. Raises ``NotRankable``.
    """
    frame = datasets.jobs([job.pk])
    if frame.empty:
        raise NotRankable(_(CODE_ALONE))
    applied = _applied_on(job)
    return compare_with(frame, model, pool, applied=applied, day=_day_of_pool(job, applied), accept=accept)


def compare_with(
    frame: "pd.DataFrame",
    model: "Artifact",
    pool: people.Pool,
    *,
    applied: Mapping[int, datetime.date],
    day: datetime.date,
    accept: bool,
) -> Scored:
    """As ``compare``, for a job of which there is a frame, stored or not.

    ``applied``: the day as of which each prospect is judged, in order of application; ``day``: of the others.
    """
    with_data = set(pool.candidates.ids[pool.candidates.has_profile].tolist())
    prospects = [pk for pk in applied if pk in with_data]
    X, the_job = _features(frame, prospects + sorted(with_data - applied.keys()), applied, day, pool)
    raw = _margins(model.head, X, the_job)
    return Scored(
        job=frame,
        X=X,
        the_job=the_job,
        p=model.calibrator.apply(raw),
        raw=raw,
        accept=_chance_of_accepting(model, X, the_job) if accept else None,
        prospects=len(prospects),
        without_data=sorted(applied.keys() - with_data),
    )


def _features(
    frame: "pd.DataFrame",
    ids: Sequence[int],
    applied: Mapping[int, datetime.date],
    day: datetime.date,
    pool: people.Pool,
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Features of everybody (index: candidate id), and one row of the job as of the day of the pool.

    What is said of the job alone is read from that row: people of one job are compared as of one day, while
    each one's own past is as of the day of the application.
    """
    from scoring.ml.features import build_features, prepare_jobs

    days = [*(applied.get(pk, day) for pk in ids), *[day] * bool(ids)]
    pairs = _pairs(int(frame.index[0]), [*ids, *ids[:1]], days)
    X = build_features(
        pairs,
        candidates=pool.candidates,
        jobs=prepare_jobs(frame, text=pool.text),
        events=pool.history,
        topics=pool.topics,
    ).set_axis(pairs["candidate_id"])
    return X.iloc[: len(ids)], X.iloc[len(ids) :]


def _margins(head: "Head", X: "pd.DataFrame", the_job: "pd.DataFrame") -> "NDArray[np.float64]":
    import numpy as np

    if X.empty:
        return np.empty(0)
    return head.margin(rows_of(head, X), job=rows_of(head, the_job))


def _chance_of_accepting(
    model: "Artifact", X: "pd.DataFrame", the_job: "pd.DataFrame"
) -> "NDArray[np.float64] | None":
    if model.accept is None:
        return None
    return model.accept.calibrator.apply(_margins(model.accept, X, the_job))


def rows_of(head: "Head", X: "pd.DataFrame") -> "NDArray[np.float32]":
    """The head's own features, in its order. Raises ``ArtifactError`` when this program lacks one."""
    from scoring.ml.artifact import columns_in

    return X.to_numpy()[:, columns_in(head.feature_names, list(X.columns))]


def _applied_on(job: Job) -> dict[int, datetime.date]:
    """The day as of which each prospect is judged, that of the application; in order of application."""
    today = timezone.localdate()
    rows = job.prospects.in_order_of_application().values_list("candidate_id", "applied_on")
    return {candidate: day or job.requested_on or today for candidate, day in rows}


def _pairs(job_id: int, candidate_ids: Sequence[int], days: Sequence[datetime.date]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(
        {
            "candidate_id": pd.Series(candidate_ids, dtype="int64"),
            "job_id": pd.Series(job_id, index=range(len(candidate_ids)), dtype="int64"),
            "as_of": pd.to_datetime(pd.Series(days, dtype="object")),
        }
    ).astype({"as_of": "datetime64[s]"})


def _day_of_pool(job: Job, applied: dict[int, datetime.date]) -> datetime.date:
    """People who never applied are judged as of today; for a job that is over, as of its last application."""
    today = timezone.localdate()
    if job.status == JobStatus.OPEN:
        return today
    return min(today, max(applied.values(), default=job.requested_on or today))
