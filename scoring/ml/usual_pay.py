"""What a job without a stated pay usually pays: what earlier jobs alike stated.

Alike are jobs that share words of the title, the more the rarer the word, and lie near in level. Only jobs
requested strictly before the job itself, and before the day of asking, lend their pay, and how rare a word is
was counted over such jobs alone: nothing that comes later changes a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.counting import Counter
from scoring.ml.ragged import Ragged

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# The job's pay, BRL a month: stated, else borrowed. And the wish as a multiple of it.
JOB_PAY: Final = "job_pay"
WISH_TO_PAY: Final = "wish_to_pay"

_UNDATED: Final = np.iinfo(np.int64).min
_SHARPNESS: Final = 3  # power of the likeness of two titles: few jobs much alike tell more than many a little
_FALL_A_LEVEL: Final = 1.5  # a job one level off counts exp(-1.5) of one at the level
_UNKNOWN_GAP: Final = 1.0  # levels between two jobs of which one states none
_SMOOTHING: Final = 0.1  # jobs quite alike, paid as jobs of the level are, that each figure starts from
_LEAST: Final = 0.05  # jobs quite alike: with less nothing is known
_CHUNK: Final = 500  # jobs compared with the others at a time: bounds memory


@dataclass(frozen=True, eq=False)
class PayFacts:
    """What n jobs are compared by; `requested_on`: days since 1970-01-01, the smallest int64 when unknown."""

    requested_on: Ints
    pay: Floats  # BRL a month, NaN when none is stated
    level: Floats  # schema.SENIORITY_ORDINAL, NaN unknown
    words: Ragged  # keys of the title's distinct words

    def __len__(self) -> int:
        return len(self.pay)

    def take(self, rows: Ints) -> PayFacts:
        return PayFacts(self.requested_on[rows], self.pay[rows], self.level[rows], self.words.take(rows))


class UsualPay:
    """Made once from all jobs of the company."""

    def __init__(self, jobs: PayFacts) -> None:
        known = jobs.take(np.flatnonzero(jobs.requested_on > _UNDATED))
        self.jobs = Counter(np.zeros(len(known), dtype=np.int64), known.requested_on)
        self.with_word = Counter(known.words.values, known.requested_on[known.words.owners()])
        paid = np.flatnonzero(~np.isnan(known.pay))
        self.lenders = known.take(paid[np.argsort(known.requested_on[paid], kind="stable")])
        self.logs = np.log(self.lenders.pay.astype(np.float64))
        self.vocabulary = np.unique(self.lenders.words.values)
        self.titles = self._titles(self.lenders, self.lenders.requested_on).T.tocsr()
        self.levels = np.unique(self.lenders.level)  # one NaN at most
        there = _same(self.levels[:, None], self.lenders.level[None, :])
        self.counts, self.sums = _running(there), _running(there * self.logs)

    def features(self, wish: Floats, jobs: PayFacts, rows: Ints, as_of: Ints) -> dict[str, Floats]:
        """`JOB_PAY` of row `rows[i]` of `jobs` on its day and `wish[i]` as a multiple of it, float32."""
        pay = jobs.pay[rows].astype(np.float32)
        open_ = np.flatnonzero(np.isnan(pay))
        days = np.minimum(jobs.requested_on[rows[open_]], as_of[open_])
        days = np.where(days > _UNDATED, days, as_of[open_])
        asked, place = np.unique(np.column_stack([rows[open_], days]), axis=0, return_inverse=True)
        pay[open_] = self.before(jobs.take(asked[:, 0]), asked[:, 1])[place.ravel()]
        return {JOB_PAY: pay, WISH_TO_PAY: (wish / pay).astype(np.float32)}

    def before(self, jobs: PayFacts, days: Ints) -> Floats:
        """BRL a month that jobs alike stated which were requested before each day; NaN when none is alike."""
        parts = [
            self._borrowed(jobs.take(some), days[some])
            for some in np.array_split(np.arange(len(jobs)), len(jobs) // _CHUNK + 1)
        ]
        return np.concatenate(parts).astype(np.float32)

    def _borrowed(self, jobs: PayFacts, days: Ints) -> Doubles:
        earlier = np.searchsorted(self.lenders.requested_on, days)  # lenders before each day, by day
        alike = (self._titles(jobs, days) @ self.titles).tocoo()
        near = _nearness(jobs.level[alike.row], self.lenders.level[alike.col])
        weights = alike.data**_SHARPNESS * near * (alike.col < earlier[alike.row])
        weight = np.bincount(alike.row, weights, minlength=len(jobs))
        logs = np.bincount(alike.row, weights * self.logs[alike.col], minlength=len(jobs))
        usual = self._of_level(jobs.level, earlier)
        smoothed: Doubles = np.exp((logs + _SMOOTHING * usual) / (weight + _SMOOTHING))
        smoothed[weight < _LEAST] = np.nan
        return smoothed

    def _of_level(self, levels: Floats, earlier: Ints) -> Doubles:
        """Mean log pay of the first so many lenders, those near in level counting most; 0 without any."""
        near = _nearness(levels[:, None], self.levels[None, :])
        number = (near * self.counts[:, earlier].T).sum(axis=1)
        total: Doubles = (near * self.sums[:, earlier].T).sum(axis=1)
        return total / np.where(number > 0, number, 1.0)

    def _titles(self, jobs: PayFacts, days: Ints) -> sparse.csr_matrix:
        """Rows of unit length over the lenders' words: each word by how rare it was in titles until then."""
        words, owners = jobs.words.values, jobs.words.owners()
        asked_on = days[owners]
        number = self.jobs.before(np.zeros(len(words), dtype=np.int64), asked_on)
        weights = np.log((1 + number) / (1 + self.with_word.before(words, asked_on)))
        length = np.sqrt(np.bincount(owners, weights**2, minlength=len(jobs)))
        shape = (len(jobs), len(self.vocabulary))
        if not len(self.vocabulary):
            return sparse.csr_matrix(shape)
        at = np.minimum(np.searchsorted(self.vocabulary, words), len(self.vocabulary) - 1)
        kept = (self.vocabulary[at] == words) & (weights > 0)
        values = weights[kept] / length[owners[kept]]
        return sparse.csr_matrix((values, (owners[kept], at[kept])), shape=shape)


def _nearness(left: Floats, right: Floats) -> Doubles:
    gap = np.abs(left.astype(np.float64) - right)
    return np.exp(-_FALL_A_LEVEL * np.where(np.isnan(gap), _UNKNOWN_GAP, gap))


def _same(left: Floats, right: Floats) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (left == right) | (np.isnan(left) & np.isnan(right))
    return same


def _running(rows: NDArray[np.float64] | NDArray[np.bool_]) -> Doubles:
    """Sums of the first 0, 1, 2, … of each row."""
    return np.concatenate([np.zeros((len(rows), 1)), np.cumsum(rows, axis=1, dtype=np.float64)], axis=1)
