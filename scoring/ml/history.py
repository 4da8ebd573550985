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
from scoring.ml.blocks import JobBlock, job_history_keys

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

PATIENCE: Final = 60  # days after which an undecided application counts as not hired
SMOOTHING: Final = 20.0  # applications at the overall rate that each group's rate starts from
_NEVER: Final = 1 << 20  # a day beyond all days: some 2,900 years after 1970
_DAYS: Final = 1 << 22  # room for -2**20 to 2**20, both ends included, within a combined key

CANDIDATE_HISTORY: Final = (
    "earlier_applications",
    "days_since_application",
    "earlier_rejections",
    "earlier_withdrawals",
    "earlier_hires",
)
JOB_HISTORY: Final = (
    "job_earlier_applicants",
    "client_hire_rate",
    "title_hire_rate",
    "contract_hire_rate",
)


class _Counter:
    """How many dated entries of a key lie before a day, by binary search."""

    def __init__(self, keys: Ints, days: Ints) -> None:
        self.keys = np.unique(keys)
        self.order = np.lexsort((days, keys))
        self.sorted = self._combined(np.searchsorted(self.keys, keys), days)[self.order]

    def before(self, keys: Ints, days: Ints) -> Ints:
        first, last = self.bounds(keys, days)
        return last - first

    def bounds(self, keys: Ints, days: Ints) -> tuple[Ints, Ints]:
        """Where in the sorted entries those of each key before each day begin and end; empty for an unknown
        key.
        """
        if len(self.keys) == 0:
            none = np.zeros(len(keys), dtype=np.int64)
            return none, none
        rank = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        first = np.searchsorted(
            self.sorted, self._combined(rank, np.full(len(rank), -_NEVER, dtype=np.int64))
        )
        last = np.searchsorted(self.sorted, self._combined(rank, days))
        return first, np.where(self.keys[rank] == keys, last, first)

    @staticmethod
    def _combined(rank: Ints, days: Ints) -> Ints:
        return rank.astype(np.int64) * _DAYS + np.clip(days, -_NEVER, _NEVER) + _NEVER


class _Rate:
    """Settled applications and hires of each key before a day; key 0 (unknown) is not counted."""

    def __init__(self, keys: Ints, settled_on: Ints, hired: NDArray[np.bool_], known_on: Ints) -> None:
        named = keys != 0
        self.settled = _Counter(keys[named], settled_on[named])
        self.hires = _Counter(keys[named & hired], known_on[named & hired])

    def before(self, keys: Ints, days: Ints) -> tuple[Ints, Ints]:
        return self.settled.before(keys, days), self.hires.before(keys, days)


@dataclass(frozen=True, eq=False)
class History:
    """The events, sorted for looking up; made by `prepare_history`, good for any number of `features`."""

    jobs: Ints
    applications: _Counter  # by candidate
    candidate_jobs: Ints  # job of each application in the counter's order
    candidate_days: Ints
    outcomes: dict[str, _Counter]  # by candidate
    same_pair: dict[str, _Counter]  # by candidate and job: what the others leave out
    applicants: _Counter  # by job
    job_rate: _Rate  # by job id + 1, for 0 is the key of the unknown
    rates: dict[str, tuple[Ints, _Rate]]  # name -> key of each of `jobs`, its rate
    overall: _Rate

    def features(self, candidate_ids: Ints, job_ids: Ints, as_of: Ints) -> dict[str, Floats]:
        """`CANDIDATE_HISTORY` and `JOB_HISTORY`, float32, for each pair on its day (days since 1970-01-01).

        The pair's own application is never counted, whatever the day. The job itself is left out of the rates
        of its client, title and contract. A rate is NaN when nothing of its group was settled, and for a job
        whose client or title is unknown; days since the last application are NaN for a first one.
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
        everything = np.ones(len(jobs), dtype=np.int64)
        settled, hires = self.overall.before(everything, as_of)
        job_settled, job_hires = self.job_rate.before(jobs + 1, as_of)
        # Laplace, so that the first hires of a company do not read as 100 %
        overall = (hires - job_hires + 1) / (settled - job_settled + 2)
        for name, (keys, rate) in self.rates.items():
            settled, hires = rate.before(self._keys_of(keys, jobs), as_of)
            others, hired = np.maximum(settled - job_settled, 0), hires - job_hires
            smoothed = (hired + SMOOTHING * overall) / (others + SMOOTHING)
            found[name] = np.where(others > 0, smoothed, np.nan).astype(np.float32)
        return found

    def _keys_of(self, keys: Ints, jobs: Ints) -> Ints:
        return _look_up(self.jobs, keys, jobs)


def prepare_history(events: pd.DataFrame, *, jobs: JobBlock | pd.DataFrame) -> History:
    """The events frame (`schema.EVENT_COLUMNS`) sorted for looking up.

    `jobs` must hold every job whose events are to count for the rates of client, title and contract; of a
    frame only those three columns are read (index job_id). Events of other jobs count for candidates, for the
    job and overall. Raises `schema.SchemaError`. 54,000 events take about 0.2 s; the order of rows is of no
    consequence.
    """
    events = schema.check_events(events)
    candidates, job_ids = events["candidate_id"].to_numpy(np.int64), events["job_id"].to_numpy(np.int64)
    applied, known = schema.days(events["applied_on"]), _known_on(events)
    outcome = events["outcome"].to_numpy(dtype=object)
    hired = outcome == "hired"
    settled = np.minimum(known, applied + PATIENCE)
    ids, client, title, contract = _job_keys(jobs)
    applications = _Counter(candidates, applied)
    groups = {"client_hire_rate": client, "title_hire_rate": title, "contract_hire_rate": contract}
    chosen = {
        "applications": (np.ones(len(events), dtype=bool), applied),
        "rejections": (outcome == "rejected", known),
        "withdrawals": (outcome == "withdrew", known),
        "hires": (hired, known),
    }
    pairs = _pair_keys(candidates, job_ids)
    return History(
        jobs=ids,
        applications=applications,
        candidate_jobs=job_ids[applications.order],
        candidate_days=applied[applications.order],
        outcomes={name: _Counter(candidates[rows], day[rows]) for name, (rows, day) in chosen.items()},
        same_pair={name: _Counter(pairs[rows], day[rows]) for name, (rows, day) in chosen.items()},
        applicants=_Counter(job_ids, applied),
        job_rate=_Rate(job_ids + 1, settled, hired, known),
        rates={
            name: (keys, _Rate(_look_up(ids, keys, job_ids), settled, hired, known))
            for name, keys in groups.items()
        },
        overall=_Rate(np.ones(len(events), dtype=np.int64), settled, hired, known),
    )


def _known_on(events: pd.DataFrame) -> Ints:
    """The day on which the outcome was known; `_NEVER` while in flight or without a date."""
    applied, decided = schema.days(events["applied_on"]), schema.days(events["decided_on"])
    undecided = events["decided_on"].isna().to_numpy() | (events["outcome"] == "in_flight").to_numpy()
    return np.where(undecided, _NEVER, np.maximum(applied, decided))


def _job_keys(jobs: JobBlock | pd.DataFrame) -> tuple[Ints, Ints, Ints, Ints]:
    if isinstance(jobs, pd.DataFrame):
        return job_history_keys(jobs)
    return jobs.ids, jobs.client_key, jobs.title_key, jobs.contract_key


def _look_up(ids: Ints, values: Ints, wanted: Ints) -> Ints:
    """Value of each wanted id, 0 for an id that is not there; `ids` ascend."""
    if len(ids) == 0:
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, values[at], 0)


def _pair_keys(candidates: Ints, jobs: Ints) -> Ints:
    return (candidates << 31) | jobs  # ids lie below 2**31, see schema.LARGEST_ID
