"""Everybody known compared with one job: who has data, with features, probability and margin."""

import datetime
from collections.abc import Sequence
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

CODE_ALONE = gettext_noop("Only the code of this job is known: there is nothing to compare candidates with.")


class NotRankable(Exception):
    """The job cannot be ranked; the message says why."""


@dataclass(frozen=True)
class Scored:
    """Everybody with data, prospects first, in order of application: features (index: candidate id),
    probability, margin; ``accept``: chance that an offer is accepted, None where that is not known."""

    job: "pd.DataFrame"
    X: "pd.DataFrame"
    p: "NDArray[np.float64]"
    raw: "NDArray[np.float64]"
    accept: "NDArray[np.float64] | None"
    prospects: int
    without_data: list[int]  # prospects of whom there is nothing to score

    def best_prospects(self) -> list[int]:
        """Places in ``X``, best first."""
        return self._ordered(0, self.prospects)

    def best_of_pool(self) -> list[int]:
        return self._ordered(self.prospects, len(self.X))

    def _ordered(self, start: int, end: int) -> list[int]:
        import numpy as np

        # Calibration ties many; the margin behind it orders them, and the id makes it the same every time
        part = slice(start, end)
        order = np.lexsort((self.X.index.to_numpy()[part], -self.raw[part], -self.p[part]))
        return (order + start).tolist()  # type: ignore[no-any-return]

    def closest_of_pool(self, requirements: Sequence[Requirement], *, most: int) -> list[int]:
        """Places of those of the pool who seem to meet most requirements; equals in the order of a lot."""
        ids = self.X.index.to_numpy()[self.prospects :]
        drawn = ordering.by_lot(int(self.job.index[0]), ids) + self.prospects
        return ordering.likely_closest(self.X, requirements, among=drawn, most=most)


def compare(job: Job, model: "Artifact", pool: people.Pool, *, accept: bool) -> Scored:
    """Everybody of the pool compared with the job.

    ``accept``: whether to tell how likely people accept an offer, if the model can. Raises ``NotRankable``.
    """
    from scoring.ml.features import build_features, prepare_jobs

    frame = datasets.jobs([job.pk])
    if frame.empty:
        raise NotRankable(_(CODE_ALONE))
    applied = _applied_on(job)
    with_data = set(pool.candidates.ids[pool.candidates.has_profile].tolist())
    prospects = [pk for pk in applied if pk in with_data]
    pairs = _pairs(job, prospects + sorted(with_data - applied.keys()), applied)
    X = build_features(
        pairs,
        candidates=pool.candidates,
        jobs=prepare_jobs(frame, text=pool.text),
        events=pool.history,
    ).set_axis(pairs["candidate_id"])
    raw = model.predict_raw(X.to_numpy()[:, model.columns_in(list(X.columns))])
    return Scored(
        job=frame,
        X=X,
        p=model.calibrator.apply(raw),
        raw=raw,
        accept=None,
        prospects=len(prospects),
        without_data=sorted(applied.keys() - with_data),
    )


def _applied_on(job: Job) -> dict[int, datetime.date]:
    """The day as of which each prospect is judged, that of the application; in order of application."""
    today = timezone.localdate()
    rows = job.prospects.in_order_of_application().values_list("candidate_id", "applied_on")
    return {candidate: day or job.requested_on or today for candidate, day in rows}


def _pairs(job: Job, candidate_ids: Sequence[int], applied: dict[int, datetime.date]) -> "pd.DataFrame":
    import pandas as pd

    day = _day_of_pool(job, applied)
    return pd.DataFrame(
        {
            "candidate_id": pd.Series(candidate_ids, dtype="int64"),
            "job_id": pd.Series(job.pk, index=range(len(candidate_ids)), dtype="int64"),
            "as_of": pd.to_datetime(
                pd.Series([applied.get(pk, day) for pk in candidate_ids], dtype="object")
            ),
        }
    ).astype({"as_of": "datetime64[s]"})


def _day_of_pool(job: Job, applied: dict[int, datetime.date]) -> datetime.date:
    """People who never applied are judged as of today; for a job that is over, as of its last application."""
    today = timezone.localdate()
    if job.status == JobStatus.OPEN:
        return today
    return min(today, max(applied.values(), default=job.requested_on or today))
