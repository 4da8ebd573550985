"""What was known before a day: of the candidate, of the job, of its client, title and contract.

Everything is counted over events strictly before `as_of`; the same day is not. An application counts from
`applied_on`, an outcome from `decided_on` (or `applied_on`, should the source have them the wrong way round).
A decision without a date is never known. A rate's denominator holds applications decided before `as_of`, and
those made more than 60 days before it and still undecided then: they count as not hired until they are
decided. So a rate computed for a day is what somebody could have computed on that day, and no later event
changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.ml import schema
from scoring.ml.blocks import JobBlock
from scoring.ml.counting import NEVER, Counter
from scoring.ml.job_keys import job_history_keys, job_pay_facts
from scoring.ml.job_record import JOB_RECORD, PATIENCE, SMOOTHING, JobRecord
from scoring.ml.usual_pay import UsualPay

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

__all__ = ["CANDIDATE_HISTORY", "JOB_HISTORY", "PATIENCE", "SMOOTHING", "History", "prepare_history"]

CANDIDATE_HISTORY: Final = (
    "earlier_applications",
    "days_since_application",
    "earlier_rejections",
    "earlier_withdrawals",
    "earlier_hires",
)
JOB_HISTORY: Final = ("job_earlier_applicants", *JOB_RECORD)


@dataclass(frozen=True, eq=False)
class History:
    """The events, sorted for looking up; made by `prepare_history`, good for any number of `features`."""

    applications: Counter  # by candidate
    candidate_jobs: Ints  # job of each application in the counter's order
    candidate_days: Ints
    outcomes: dict[str, Counter]  # by candidate
    same_pair: dict[str, Counter]  # by candidate and job: what the others leave out
    applicants: Counter  # by job
    record: JobRecord
    pay: UsualPay

    def features(self, candidate_ids: Ints, job_ids: Ints, as_of: Ints) -> dict[str, Floats]:
        """`CANDIDATE_HISTORY` and `JOB_HISTORY`, float32, for each pair on its day (days since 1970-01-01).

        The pair's own application is never counted, whatever the day. The job itself is left out of what is
        said of jobs like it. A rate is NaN when nothing of its group was settled, and for a job whose client
        or title is unknown; days since the last application are NaN for a first one.
        """
        return self._of_candidates(candidate_ids, job_ids, as_of) | self._of_jobs(
            candidate_ids, job_ids, as_of
        )

    def _of_candidates(self, candidates: Ints, jobs: Ints, as_of: Ints) -> dict[str, Floats]:
        pairs = _pair_keys(candidates, jobs)
        counts = {
            f"earlier_{name}": (
                counter.before(candidates, as_of) - self.same_pair[name].before(pairs, as_of)
            ).astype(np.float32)
            for name, counter in self.outcomes.items()
        }
        return counts | {"days_since_application": self._days_since(candidates, jobs, as_of)}

    def _days_since(self, candidates: Ints, jobs: Ints, as_of: Ints) -> Floats:
        first, last = self.applications.bounds(candidates, as_of)
        at = last - 1
        while True:  # step back over the pair's own application, as often as the source holds it
            own = (
                (at >= first) & (self.candidate_jobs[np.maximum(at, 0)] == jobs)
                if len(self.candidate_jobs)
                else None
            )
            if own is None or not own.any():
                break
            at = np.where(own, at - 1, at)
        since = np.full(len(at), np.nan, dtype=np.float32)
        some = at >= first
        since[some] = as_of[some] - self.candidate_days[at[some]]
        return since

    def _of_jobs(self, candidates: Ints, jobs: Ints, as_of: Ints) -> dict[str, Floats]:
        own = self.same_pair["applications"].before(_pair_keys(candidates, jobs), as_of)
        found = {"job_earlier_applicants": (self.applicants.before(jobs, as_of) - own).astype(np.float32)}
        return found | self.record.features(jobs, as_of)


def prepare_history(events: pd.DataFrame, *, jobs: JobBlock | pd.DataFrame) -> History:
    """The events frame (`schema.EVENT_COLUMNS`) sorted for looking up.

    `jobs` must hold every job whose events and pay are to count for jobs like it; of a frame only client,
    title, contract_types, area_labels, requested_on, seniority and salary_monthly are read (index job_id).
    Events of other jobs count for candidates, for the job and overall. Raises `schema.SchemaError`. 54,000
    events take about 0.3 s; the order of rows is of no consequence.
    """
    events = schema.check_events(events)
    candidates, job_ids = events["candidate_id"].to_numpy(np.int64), events["job_id"].to_numpy(np.int64)
    applied, known = schema.days(events["applied_on"]), _known_on(events)
    outcome = events["outcome"].to_numpy(dtype=object)
    hired = outcome == "hired"
    applications = Counter(candidates, applied)
    chosen = {
        "applications": (np.ones(len(events), dtype=bool), applied),
        "rejections": (outcome == "rejected", known),
        "withdrawals": (outcome == "withdrew", known),
        "hires": (hired, known),
    }
    pairs = _pair_keys(candidates, job_ids)
    keys, paid = (
        (jobs.history_keys(), jobs.pay_facts())
        if isinstance(jobs, JobBlock)
        else (job_history_keys(jobs), job_pay_facts(jobs))
    )
    return History(
        applications=applications,
        candidate_jobs=job_ids[applications.order],
        candidate_days=applied[applications.order],
        outcomes={name: Counter(candidates[rows], day[rows]) for name, (rows, day) in chosen.items()},
        same_pair={name: Counter(pairs[rows], day[rows]) for name, (rows, day) in chosen.items()},
        applicants=Counter(job_ids, applied),
        record=JobRecord(keys, jobs=job_ids, applied=applied, known=known, hired=hired),
        pay=UsualPay(paid),
    )


def _known_on(events: pd.DataFrame) -> Ints:
    """The day on which the outcome was known; `NEVER` while in flight or without a date."""
    applied, decided = schema.days(events["applied_on"]), schema.days(events["decided_on"])
    undecided = events["decided_on"].isna().to_numpy() | (events["outcome"] == "in_flight").to_numpy()
    return np.where(undecided, NEVER, np.maximum(applied, decided))


def _pair_keys(candidates: Ints, jobs: Ints) -> Ints:
    return (candidates << 31) | jobs  # ids lie below 2**31, see schema.LARGEST_ID
