"""Who is put forward for which job: how many for each job, and whom."""

from __future__ import annotations

import math
import random
from array import array
from bisect import bisect_left
from collections.abc import Sequence

from jobs.generator.catalogue import professions
from jobs.generator.grammar import stream
from jobs.generator.people import People
from jobs.generator.timeline import Timeline, registered_by
from jobs.generator.vacancy import RUBBER_STAMP_CLIENT, Vacancy, client_of

CAP = 25  # the source never lists more than 25 prospects
EMPTY_SHARE = 2943 / 14222  # of the jobs, how many have an empty list
# How many jobs of the source have 1, 2, … 25 prospects.
_SIZES = (
    2955,
    1845,
    1601,
    1068,
    816,
    588,
    387,
    347,
    260,
    232,
    173,
    128,
    103,
    89,
    83,
    68,
    51,
    60,
    31,
    41,
    31,
    24,
    21,
    14,
    263,
)


def job_sizes(seed: int, *, jobs: int, prospects: int, cap: int = CAP) -> array[int]:
    """Prospects of each job: the source's distribution, tilted until the numbers add up to `prospects`."""
    if not 0 <= prospects <= jobs * cap:
        raise ValueError(f"{prospects} prospects do not fit into {jobs} jobs of at most {cap}")
    if not prospects:
        return array("b", bytes(jobs))
    rng = stream(seed, "sizes")
    mean = prospects / jobs
    empty = EMPTY_SHARE if mean < 0.6 * cap else 0.0
    weights = _tilted(mean / (1 - empty), cap)
    sizes = [0 if rng.random() < empty else rng.choices(range(1, cap + 1), weights)[0] for _ in range(jobs)]
    _settle(sizes, prospects, cap, rng)
    return _assigned(seed, sizes, rng)


def _tilted(mean: float, cap: int) -> list[float]:
    low, high = -40.0, 40.0
    weights: list[float] = []
    for _ in range(60):
        tilt = (low + high) / 2
        top = cap if tilt > 0 else 1  # keeps the exponent below zero
        weights = [_SIZES[size - 1] * math.exp(tilt * (size - top)) for size in range(1, cap + 1)]
        got = sum(size * weight for size, weight in enumerate(weights, 1)) / sum(weights)
        low, high = (tilt, high) if got < mean else (low, tilt)
    return weights


def _settle(sizes: list[int], total: int, cap: int, rng: random.Random) -> None:
    """Adds or takes single prospects, at random, until the sum is right."""
    missing = total - sum(sizes)
    step = 1 if missing > 0 else -1
    while missing:
        at = rng.randrange(len(sizes))
        inner = 0 < sizes[at] < cap  # leaves the empty lists and the spike at the cap, while it can
        if (inner or rng.random() < 0.02) and 0 <= sizes[at] + step <= cap:
            sizes[at] += step
            missing -= step


def _assigned(seed: int, sizes: list[int], rng: random.Random) -> array[int]:
    """Hands the sizes to jobs: empty ones anywhere, small ones rather to the easy client."""
    filled = [job for job, size in enumerate(sizes) if size]
    appeal = {job: rng.gauss(0, 1) - 1.5 * (client_of(seed, job) == RUBBER_STAMP_CLIENT) for job in filled}
    given = array("b", sizes)
    for job, size in zip(
        sorted(filled, key=lambda job: appeal[job]), sorted(size for size in sizes if size), strict=True
    ):
        given[job] = size
    return given


class Matchmaker:
    """Chooses a job's prospects: mostly of its trade, mostly recent, some people again and again."""

    def __init__(self, people: People, timeline: Timeline) -> None:
        self._people, self._timeline = people, timeline
        by_family: dict[str, list[int]] = {}
        for profession in professions():
            by_family.setdefault(profession.family, []).append(profession.number)
        self._related = [by_family[profession.family] for profession in professions()]

    def prospects(self, job: Vacancy, *, count: int, rng: random.Random) -> list[tuple[int, int]]:
        """(person index, ordinal day of application); nobody twice, nobody before being registered."""
        chosen: dict[int, int] = {}
        for _ in range(count):
            day = self._timeline.application(job.requested.toordinal(), rng)
            chosen[self._choose(job, registered_by(self._people.registered, day), chosen, rng)] = day
        return list(chosen.items())

    def _choose(self, job: Vacancy, registered: int, taken: dict[int, int], rng: random.Random) -> int:
        for attempt in range(40):
            roll = rng.random() * (1.0 if attempt < 12 else 0.0) + (0.0 if attempt < 12 else 0.99)
            person = self._propose(self._pool(job, roll, rng), registered, rng)
            if (
                person is not None
                and person not in taken
                and rng.random() < self._people.activity[person] + attempt * 0.1
            ):
                return person
        return next(person for person in range(registered - 1, -1, -1) if person not in taken)

    def _pool(self, job: Vacancy, roll: float, rng: random.Random) -> Sequence[int] | None:
        if roll < 0.03:
            return self._people.regulars[job.profession]
        if roll < 0.72:
            return self._people.of_profession[job.profession]
        if roll < 0.9:
            related = self._related[job.profession]
            return self._people.of_profession[related[int(rng.random() * len(related))]]
        return None

    def _propose(self, pool: Sequence[int] | None, registered: int, rng: random.Random) -> int | None:
        available = registered if pool is None else bisect_left(pool, registered)
        if not available:
            return None
        at = int(available * rng.random() ** 0.6)  # leans to those registered lately
        return at if pool is None else pool[at]
