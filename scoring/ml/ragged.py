"""Rows of unequal length in flat arrays, and products of sparse rows pair by pair."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.text import fold

_GATHERED: Final = 4_096  # pairs multiplied at a time: bounds memory
_PAIRS_A_ROW: Final = 64  # from so many pairs a right row on, one product with the whole left side is cheaper


@dataclass(frozen=True)
class Ragged:
    """Row i is `values[starts[i]:starts[i + 1]]`; `starts` has one more element than there are rows."""

    starts: NDArray[np.int64]
    values: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Ragged:
        listed = list(rows)
        sizes = np.fromiter(map(len, listed), dtype=np.int64, count=len(listed))
        flat = (value for row in listed for value in row)
        return cls(_starts(sizes), np.fromiter(flat, dtype=np.int64, count=int(sizes.sum())))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def take(self, rows: NDArray[np.int64]) -> Ragged:
        sizes = self.sizes[rows]
        starts = _starts(sizes)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        return Ragged(starts, self.values[np.repeat(self.starts[:-1][rows], sizes) + within])

    def owners(self) -> NDArray[np.int64]:
        """Row number of each value."""
        return np.repeat(np.arange(len(self)), self.sizes)


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def key(text: str) -> int:
    """32 bits that stand for the folded, trimmed text; 0 for an empty one (and, once in 4 billion, for
    another).
    """
    folded = " ".join(fold(text).split())
    return zlib.crc32(folded.encode("ascii")) if folded else 0


def keys(texts: Iterable[str]) -> NDArray[np.int64]:
    memo: dict[str, int] = {}
    return np.array(
        [memo[text] if text in memo else memo.setdefault(text, key(text)) for text in texts], dtype=np.int64
    )


def shared_counts(
    left: Ragged, left_rows: NDArray[np.int64], right: Ragged, right_rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """For each pair how many distinct values row `left_rows[i]` and row `right_rows[i]` have in common,
    float32.
    """
    universe = np.unique(right.take(np.unique(right_rows)).values)
    if len(universe) == 0:
        return np.zeros(len(left_rows), dtype=np.float32)
    return pair_dot(_indicators(left, universe), left_rows, _indicators(right, universe), right_rows)


def _indicators(rows: Ragged, universe: NDArray[np.int64]) -> sparse.csr_matrix:
    columns = np.minimum(np.searchsorted(universe, rows.values), len(universe) - 1)
    inside = universe[columns] == rows.values
    owners, columns = rows.owners()[inside], columns[inside]
    matrix = sparse.csr_matrix(
        (np.ones(len(owners), dtype=np.float32), (owners, columns)), shape=(len(rows), len(universe))
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1  # a value named twice is one value
    return matrix


def pair_dot(
    left: sparse.csr_matrix,
    left_rows: NDArray[np.int64],
    right: sparse.csr_matrix,
    right_rows: NDArray[np.int64],
) -> NDArray[np.float32]:
    """float32 inner products: row `left_rows[i]` of `left` with row `right_rows[i]` of `right`."""
    out = np.zeros(len(left_rows), dtype=np.float32)
    distinct, inverse = np.unique(right_rows, return_inverse=True)
    if len(left_rows) >= _PAIRS_A_ROW * max(1, len(distinct)):
        for number, row in enumerate(distinct):
            chosen = np.flatnonzero(inverse == number)
            whole = left @ right[[row]].toarray().ravel()
            out[chosen] = whole[left_rows[chosen]]
        return out
    for start in range(0, len(left_rows), _GATHERED):
        part = slice(start, start + _GATHERED)
        products = left[left_rows[part]].multiply(right[right_rows[part]])
        out[part] = np.asarray(products.sum(axis=1)).ravel()
    return out
