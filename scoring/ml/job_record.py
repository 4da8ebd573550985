"""How jobs like this one fared before a day: same client, title, contract, area, and the market of late.

Two kinds of figures. Rates count applications: of those settled before the day, how many were hires. Fill
rates and applicants per job count jobs. The job itself is never counted, nor anything on the day or later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.counting import NEVER, Counter, Rate, look_up

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

PATIENCE: Final = 60  # days after which an undecided application counts as not hired
SMOOTHING: Final = 20.0  # applications at the overall rate that each group's rate starts from
CLIENT_SMOOTHING: Final = 10.0  # applications at the client's rate that a part of a client starts from
JOB_SMOOTHING: Final = 3.0  # jobs at the overall figure that a group of jobs starts from
RECENT_OF_CLIENT: Final = 180  # days
RECENT: Final = 90  # days

# Rate -> the key of the job it is counted by; NaN when nothing of the key was settled
RATES: Final = {
    "client_hire_rate": "client",
    "title_hire_rate": "title",
    "contract_hire_rate": "contract",
    "title_head_hire_rate": "title_head",
    "title_start_hire_rate": "title_start",
    "area_hire_rate": "area",
}
# Within a client: starts from the client's own rate, so it is never NaN
CLIENT_RATES: Final = {"client_contract_hire_rate": "client_contract", "client_area_hire_rate": "client_area"}
FILL_RATES: Final = {"client_fill_rate": "client", "contract_fill_rate": "contract"}
APPLICANTS: Final = {
    "client_applicants_per_job": "client",
    "contract_applicants_per_job": "contract",
    "title_head_applicants_per_job": "title_head",
}
JOB_RECORD: Final[tuple[str, ...]] = (
    *RATES,
    *CLIENT_RATES,
    "client_recent_hire_rate",
    "recent_hire_rate",
    *FILL_RATES,
    *APPLICANTS,
)


@dataclass(frozen=True, eq=False)
class Keys:
    """What jobs are grouped by, aligned with `ids` (ascending); 0 = unknown."""

    ids: Ints
    client: Ints
    title: Ints
    title_head: Ints  # its first word
    title_start: Ints  # its first two words
    contract: Ints
    area: Ints

    @property
    def client_contract(self) -> Ints:
        return _both(self.client, self.contract)

    @property
    def client_area(self) -> Ints:
        return _both(self.client, self.area)

    def of(self, name: str, jobs: Ints) -> Ints:
        values: Ints = getattr(self, name)
        return look_up(self.ids, values, jobs)


def _both(left: Ints, right: Ints) -> Ints:
    """One key of two; 0 when the first is unknown."""
    mixed = (left * np.int64(0x9E3779B1) + right * np.int64(0x85EBCA6B)) & np.int64((1 << 62) - 1)
    return np.where(left == 0, 0, mixed + 1)


@dataclass(frozen=True, eq=False)
class _Jobs:
    """Each job with an application: when it began, when its first hire was known, when it was settled."""

    ids: Ints
    began: Ints
    filled: Ints
    settled: Ints


class JobRecord:
    """Made once from all applications, one entry each: job, day, day the outcome was known, hired or not."""

    def __init__(
        self, keys: Keys, *, jobs: Ints, applied: Ints, known: Ints, hired: NDArray[np.bool_]
    ) -> None:
        self.keys = keys
        settled = np.minimum(known, applied + PATIENCE)
        self.own = Rate(jobs + 1, settled, hired, known)  # by job id + 1, for 0 is the key of the unknown
        one = np.ones(len(jobs), dtype=np.int64)
        self.overall = Rate(one, settled, hired, known)
        named = {name: keys.of(name, jobs) for name in {*RATES.values(), *CLIENT_RATES.values()}}
        self.rates = {name: Rate(key, settled, hired, known) for name, key in named.items()}
        self.applicants = Counter(jobs, applied)
        self.jobs = _by_job(jobs, applied, known, hired)
        of_jobs = {
            name: keys.of(name, self.jobs.ids) for name in {*FILL_RATES.values(), *APPLICANTS.values()}
        }
        of_jobs["everything"] = np.ones(len(self.jobs.ids), dtype=np.int64)
        self.fills = {name: self._fill(key) for name, key in of_jobs.items()}
        self.began = {name: Counter(key, self.jobs.began) for name, key in of_jobs.items()}
        self.applications = {name: Counter(named[name], applied) for name in APPLICANTS.values()}
        self.applications["everything"] = Counter(one, applied)

    def features(self, jobs: Ints, as_of: Ints) -> dict[str, Floats]:
        """`JOB_RECORD` of each job on its day (days since 1970-01-01), float32."""
        own = self.own.before(jobs + 1, as_of)
        overall = self._overall(own, as_of)
        found = {name: self._rate(key, jobs, as_of, own, overall) for name, key in RATES.items()}
        client = np.where(np.isnan(found["client_hire_rate"]), overall, found["client_hire_rate"])
        for name, key in CLIENT_RATES.items():
            found[name] = self._client_rate(key, jobs, as_of, own, client)
        found["client_recent_hire_rate"] = self._client_of_late(jobs, as_of, client)
        found["recent_hire_rate"] = self._of_late(jobs, as_of)
        found |= self._of_jobs(jobs, as_of)
        return {name: found[name].astype(np.float32) for name in JOB_RECORD}

    # Applications

    def _overall(self, own: tuple[Ints, Ints], as_of: Ints) -> Doubles:
        settled, hires = self.overall.before(np.ones(len(as_of), dtype=np.int64), as_of)
        # Laplace, so that the first hires of a company do not read as 100 %
        return (hires - own[1] + 1) / (settled - own[0] + 2)

    def _rate(self, key: str, jobs: Ints, as_of: Ints, own: tuple[Ints, Ints], overall: Doubles) -> Doubles:
        settled, hires = self.rates[key].before(self.keys.of(key, jobs), as_of)
        others, hired = np.maximum(settled - own[0], 0), hires - own[1]
        return np.where(others > 0, (hired + SMOOTHING * overall) / (others + SMOOTHING), np.nan)

    def _client_rate(
        self, key: str, jobs: Ints, as_of: Ints, own: tuple[Ints, Ints], client: Doubles
    ) -> Doubles:
        named = self.keys.of(key, jobs)
        settled, hires = self.rates[key].before(named, as_of)
        others, hired = np.maximum(settled - own[0], 0), np.maximum(hires - own[1], 0)
        rate = (hired + CLIENT_SMOOTHING * client) / (others + CLIENT_SMOOTHING)
        return np.where(named == 0, client, rate)

    def _client_of_late(self, jobs: Ints, as_of: Ints, client: Doubles) -> Doubles:
        named = self.keys.of("client", jobs)
        settled, hires = self.rates["client"].within(named, as_of, last=RECENT_OF_CLIENT)
        own_settled, own_hires = self.own.within(jobs + 1, as_of, last=RECENT_OF_CLIENT)
        others, hired = np.maximum(settled - own_settled, 0), np.maximum(hires - own_hires, 0)
        rate = (hired + CLIENT_SMOOTHING * client) / (others + CLIENT_SMOOTHING)
        return np.where(named == 0, client, rate)

    def _of_late(self, jobs: Ints, as_of: Ints) -> Doubles:
        settled, hires = self.overall.within(np.ones(len(jobs), dtype=np.int64), as_of, last=RECENT)
        own_settled, own_hires = self.own.within(jobs + 1, as_of, last=RECENT)
        return (hires - own_hires + 1) / (settled - own_settled + 2)

    # Jobs

    def _fill(self, key: Ints) -> Rate:
        return Rate(key, self.jobs.settled, self.jobs.filled < NEVER, self.jobs.filled)

    def _of_jobs(self, jobs: Ints, as_of: Ints) -> dict[str, Doubles]:
        at = np.minimum(np.searchsorted(self.jobs.ids, jobs), max(0, len(self.jobs.ids) - 1))
        there = (self.jobs.ids[at] == jobs) if len(self.jobs.ids) else np.zeros(len(jobs), dtype=bool)
        own = {
            name: there & (days[at] < as_of) if len(days) else there
            for name, days in (
                ("began", self.jobs.began),
                ("filled", self.jobs.filled),
                ("settled", self.jobs.settled),
            )
        }
        applicants = self.applicants.before(jobs, as_of)
        fill = {name: self._filled(key, jobs, as_of, own) for name, key in FILL_RATES.items()}
        began = own["began"]
        size = {name: self._size(key, jobs, as_of, began, applicants) for name, key in APPLICANTS.items()}
        return fill | size

    def _filled(self, key: str, jobs: Ints, as_of: Ints, own: dict[str, NDArray[np.bool_]]) -> Doubles:
        def counts(name: str, named: Ints) -> tuple[Ints, Ints]:
            settled, filled = self.fills[name].before(named, as_of)
            return np.maximum(settled - own["settled"], 0), np.maximum(filled - own["filled"], 0)

        all_settled, all_filled = counts("everything", np.ones(len(jobs), dtype=np.int64))
        overall = (all_filled + 1) / (all_settled + 2)
        settled, filled = counts(key, self.keys.of(key, jobs))
        return np.where(settled > 0, (filled + JOB_SMOOTHING * overall) / (settled + JOB_SMOOTHING), np.nan)

    def _size(
        self, key: str, jobs: Ints, as_of: Ints, own_began: NDArray[np.bool_], own_applicants: Ints
    ) -> Doubles:
        def counts(name: str, named: Ints) -> tuple[Ints, Ints]:
            began = self.began[name].before(named, as_of) - own_began
            return np.maximum(began, 0), np.maximum(
                self.applications[name].before(named, as_of) - own_applicants, 0
            )

        all_began, all_applications = counts("everything", np.ones(len(jobs), dtype=np.int64))
        overall = (all_applications + 1) / (all_began + 1)
        named = self.keys.of(key, jobs)
        began, applications = counts(key, named)
        size = (applications + JOB_SMOOTHING * overall) / (began + JOB_SMOOTHING)
        return np.where((began > 0) & (named != 0), size, np.nan)


def _by_job(jobs: Ints, applied: Ints, known: Ints, hired: NDArray[np.bool_]) -> _Jobs:
    ids, job = np.unique(jobs, return_inverse=True)
    began, filled = np.full(len(ids), NEVER, dtype=np.int64), np.full(len(ids), NEVER, dtype=np.int64)
    np.minimum.at(began, job, applied)
    np.minimum.at(filled, job[hired], known[hired])
    return _Jobs(ids, began, filled, np.minimum(filled, began + PATIENCE))
