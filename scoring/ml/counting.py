"""How often something of a key had happened before a day, and what share of it was a hire."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEVER: Final = 1 << 20  # a day beyond all days: some 2,900 years after 1970
_DAYS: Final = 1 << 22  # room for -2**20 to 2**20, both ends included, within a combined key


class Counter:
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
        first = np.searchsorted(self.sorted, self._combined(rank, np.full(len(rank), -NEVER, dtype=np.int64)))
        last = np.searchsorted(self.sorted, self._combined(rank, days))
        return first, np.where(self.keys[rank] == keys, last, first)

    @staticmethod
    def _combined(rank: Ints, days: Ints) -> Ints:
        return rank.astype(np.int64) * _DAYS + np.clip(days, -NEVER, NEVER) + NEVER


class Rate:
    """Settled entries and hires of each key before a day; key 0 (unknown) is not counted."""

    def __init__(self, keys: Ints, settled_on: Ints, hired: NDArray[np.bool_], known_on: Ints) -> None:
        named = keys != 0
        self.settled = Counter(keys[named], settled_on[named])
        self.hires = Counter(keys[named & hired], known_on[named & hired])

    def before(self, keys: Ints, days: Ints) -> tuple[Ints, Ints]:
        return self.settled.before(keys, days), self.hires.before(keys, days)

    def within(self, keys: Ints, days: Ints, *, last: int) -> tuple[Ints, Ints]:
        """As `before`, of the `last` days alone."""
        settled, hires = self.before(keys, days)
        settled_then, hires_then = self.before(keys, days - last)
        return settled - settled_then, hires - hires_then


def look_up(ids: Ints, values: Ints, wanted: Ints) -> Ints:
    """Value of each wanted id, 0 for an id that is not there; `ids` ascend."""
    if len(ids) == 0:
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, values[at], 0)
