"""When things happen: five years, busier in some, with a last stretch whose outcomes are still to come."""

from __future__ import annotations

import math
import random
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

YEARS = 5
_MIX = (0.15, 0.27, 0.22, 0.16, 0.20)  # share of the requisitions by year
OPEN_DAYS = 45  # requisitions this young are still being worked on
LAG = (1.61, 1.55)  # logarithm of the days from requisition to application: mean and standard deviation
SETTLED_DAYS = 90  # applications this old have had their chance


@dataclass(frozen=True, slots=True)
class Timeline:
    start: date
    until: date

    @classmethod
    def ending(cls, until: date) -> Timeline:
        return cls(until - timedelta(days=int(365.25 * YEARS)), until)

    @property
    def days(self) -> int:
        return (self.until - self.start).days

    def era(self, day: date) -> int:
        return min(YEARS - 1, max(0, (day - self.start).days * YEARS // (self.days + 1)))

    def moment(self, share: float) -> int:
        """Days after the start by which this share of all requisitions has come."""
        done = 0.0
        for year, part in enumerate(_MIX):
            if share < done + part or year == YEARS - 1:
                return min(self.days, int((year + (share - done) / part) * self.days / YEARS))
            done += part
        raise AssertionError("unreachable")

    def requisitions(self, count: int, rng: random.Random) -> array[int]:
        """Ordinal day of each requisition, ascending; a few are always from the last weeks."""
        young = min(0.12, max(0.025, 6 / max(1, count)))
        first, last = self.start.toordinal(), self.until.toordinal()
        days = []
        for _ in range(count):
            if rng.random() < young:
                days.append(last - int(rng.random() * OPEN_DAYS))
            else:
                days.append(first + self.moment(rng.random()))
        return array("l", sorted(days))

    def registrations(self, count: int) -> array[int]:
        """Ordinal day on which each person was registered, ascending; the first before the start."""
        before = min(count, max(60, count // 4))
        first = self.start.toordinal()
        early = [first - 900 + 900 * i // max(1, before) for i in range(before)]
        late = [first + self.moment(i / max(1, count - before)) for i in range(count - before)]
        return array("l", early + late)

    def application(self, requested: int, rng: random.Random) -> int:
        """Ordinal day of an application: median 5 days after the requisition, never past the end."""
        last = self.until.toordinal()
        lag = min(379, int(rng.lognormvariate(*LAG)))
        return (
            requested + lag
            if requested + lag <= last
            else requested + int(rng.random() * (last - requested + 1))
        )


def share_applied_before(days: int) -> float:
    """Of all applications, how many come less than so many days after the requisition."""
    mean, spread = LAG
    return NormalDist(mean, spread).cdf(math.log(days)) if days > 0 else 0.0


def registered_by(registrations: array[int], day: int) -> int:
    """How many people were registered by that day."""
    return bisect_right(registrations, day)
