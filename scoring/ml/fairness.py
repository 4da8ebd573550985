"""Who gets chosen: impact ratios of a model's answers over groups of people.

The layout is that of New York City's Local Law 144 (6 RCNY § 5-301): a category's rate is the share of its
applications that got something (a score above the median, a place in the first ten), its impact ratio that
rate over the highest rate of the block. The four-fifths rule (29 CFR 1607.4 D) asks for a look under 0.80.
A ratio alone says little about few people, so beside it stand counts, an interval (Katz et al. 1978) and
Fisher's exact test.

The groups are for this audit alone: nothing here is a feature, and nothing learns from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import fisher_exact

from scoring.ml.compare import RESAMPLES, Answers, draw_jobs, interval

Floats = NDArray[np.float64]
Chosen = NDArray[np.float64]  # 1 chosen, 0 not, NaN: this row cannot be judged by the measure

MEASURES = ("above_median", "first_ten", "top_third", "at_cut")
SMALL_SHARE = 0.02  # of the known rows; the law lets such a category out of the ratio
HIDDEN_UNDER = 5  # rows: so few could be recognised, their outcome is not told
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Rules:
    """When a ratio is flagged: under `limit`, both categories with at least `minimum` rows, and unlikely
    (two-sided p under `significance`) when both had the same chance."""

    limit: float = 0.80
    minimum: int = 30
    significance: float = 0.05


@dataclass(frozen=True)
class Category:
    """One group in one block. `ratio` is its rate over the reference's, `low`..`high` its 95 % interval.

    None: not told (`hits`, `rate` of fewer than five rows) or not taken (`ratio` of a category under 2 %,
    or with a reference rate of 0). `enough`: it may be judged. `flagged`: under the limit and no accident;
    `certain`: still so after Holm's correction for all comparisons of the audit.
    """

    name: str
    n: int
    hits: int | None
    rate: float | None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    enough: bool = False
    flagged: bool = False
    certain: bool = False


@dataclass(frozen=True)
class Block:
    """One attribute by one measure. `n` rows with a known category, `unknown` without; `reference`: the
    category with the highest rate among those that may be judged, None when none may."""

    attribute: str
    measure: str
    n: int
    unknown: int
    reference: str | None
    categories: tuple[Category, ...]

    @property
    def flagged(self) -> tuple[Category, ...]:
        return tuple(one for one in self.categories if one.flagged)

    @property
    def can_be_judged(self) -> bool:
        return any(one.p_value is not None for one in self.categories)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"categories": [asdict(one) for one in self.categories]}


@dataclass(frozen=True)
class Gap:
    """A ratio of the challenger beside the champion's for the same two categories; `low`..`high` is the
    95 % interval of their difference (paired bootstrap over jobs)."""

    attribute: str
    measure: str
    category: str
    challenger: float
    champion: float | None
    low: float | None
    high: float | None

    @property
    def is_worse(self) -> bool | None:
        return None if self.high is None else self.high < 0


def chosen(said: Answers, *, job_ids: ArrayLike, candidate_ids: ArrayLike) -> dict[str, Chosen]:
    """Of each of `MEASURES` who of n rows was chosen by what a model said; arrays of 1, 0 and NaN (the
    measure says nothing of this row).

    above_median: margin above the median of all rows (the margin orders where calibration ties).
    first_ten: among the first ten of one's job; jobs with more than ten rows alone. top_third: among the
    best third, rounded up, of jobs with at least three rows. Inside a job the order is the ranking's, equals
    by candidate id. at_cut: probability at or above the model's cut. Raises ValueError for arrays of unequal
    length.
    """
    jobs = np.unique(np.asarray(job_ids), return_inverse=True)[1]
    people = np.asarray(candidate_ids)
    if any(array.shape != jobs.shape for array in (*said.arrays, people)):
        raise ValueError("what was said, job_ids and candidate_ids must be equally long")
    rank, size = _places(np.lexsort((people, -said.inside, jobs)), jobs)
    return {
        "above_median": (said.raw > np.median(said.raw)).astype(np.float64) if len(jobs) else said.raw,
        "first_ten": np.where(size > 10, rank <= 10, np.nan),
        "top_third": np.where(size >= 3, rank <= np.ceil(size / 3), np.nan),
        "at_cut": (said.p >= said.threshold).astype(np.float64),
    }


def audit(
    groups: Mapping[str, NDArray[np.str_]], picks: Mapping[str, Chosen], *, rules: Rules | None = None
) -> tuple[Block, ...]:
    """A block for each attribute of `groups` (n names each, "" unknown) and measure of `picks` (`chosen`)."""
    rules = rules or Rules()
    blocks = [
        _block(attribute, measure, names, picked, rules)
        for attribute, names in groups.items()
        for measure, picked in picks.items()
    ]
    return _with_certainty(blocks, rules)


def gaps(
    blocks: Sequence[Block],
    groups: Mapping[str, NDArray[np.str_]],
    *,
    challenger: Mapping[str, Chosen],
    champion: Mapping[str, Chosen],
    job_ids: ArrayLike,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[Gap, ...]:
    """Each certain ratio of `blocks` (an `audit` of the challenger) beside the champion's on the same rows.

    Medians and places inside jobs are kept in every draw. A ratio that does not exist in half the draws has
    no interval.
    """
    jobs = np.unique(np.asarray(job_ids), return_inverse=True)[1]
    draws = draw_jobs(int(jobs.max(initial=-1)) + 1, resamples=resamples, seed=seed)
    found = []
    for block in blocks:
        for category in (one for one in block.categories if one.certain):
            both = groups[block.attribute] == category.name, groups[block.attribute] == block.reference
            sides = [side[block.measure] for side in (challenger, champion)]
            low, high = interval(np.subtract(*(_drawn_ratios(side, both, jobs, draws) for side in sides)))
            values = [_ratio(side, both) for side in sides]
            found.append(
                Gap(block.attribute, block.measure, category.name, values[0] or 0.0, values[1], low, high)
            )
    return tuple(found)


# Places inside a job


def _places(order: NDArray[np.intp], jobs: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Of each row its place in its job, from 1, and how many rows the job has."""
    size = np.bincount(jobs) if len(jobs) else np.empty(0, dtype=np.intp)
    first = np.cumsum(size) - size
    rank = np.empty(len(jobs))
    rank[order] = np.arange(1, len(jobs) + 1) - first[jobs[order]]
    return rank, size[jobs].astype(np.float64)


# One block


def _block(attribute: str, measure: str, names: NDArray[np.str_], picked: Chosen, rules: Rules) -> Block:
    judged = ~np.isnan(picked)
    known = judged & (names != "")
    counts = {
        str(name): (int(np.sum(known & (names == name))), int(picked[known & (names == name)].sum()))
        for name in np.unique(names[known])
    }
    total = int(known.sum())
    judgeable = {
        name: hits / n
        for name, (n, hits) in counts.items()
        if n >= rules.minimum and n >= SMALL_SHARE * total
    }
    reference = max(judgeable, key=judgeable.__getitem__) if judgeable else None
    categories = tuple(
        _category(name, counts, reference, total, enough=name in judgeable, rules=rules) for name in counts
    )
    return Block(attribute, measure, total, int(judged.sum()) - total, reference, categories)


def _category(
    name: str,
    counts: Mapping[str, tuple[int, int]],
    reference: str | None,
    total: int,
    *,
    enough: bool,
    rules: Rules,
) -> Category:
    n, hits = counts[name]
    if n < HIDDEN_UNDER:
        return Category(name, n, None, None)
    plain = Category(name, n, hits, hits / n, enough=enough)
    if reference is None or n < SMALL_SHARE * total:
        return plain
    if name == reference:
        return replace(plain, ratio=1.0 if hits else None)
    return _beside(plain, *counts[reference], rules=rules)


def _beside(category: Category, n: int, hits: int, *, rules: Rules) -> Category:
    """The category with its ratio to a reference that chose `hits` of `n`."""
    mine = category.hits or 0
    if not hits:
        return category
    ratio = (mine / category.n) / (hits / n)
    low, high = _katz(mine, category.n, hits, n)
    if not category.enough:
        return replace(category, ratio=ratio, low=low, high=high)
    table = [[mine, category.n - mine], [hits, n - hits]]
    p_value = float(fisher_exact(table, alternative="two-sided")[1])
    flagged = ratio < rules.limit and p_value < rules.significance
    return replace(category, ratio=ratio, low=low, high=high, p_value=p_value, flagged=flagged)


def _katz(hits: int, n: int, reference_hits: int, reference_n: int) -> tuple[float | None, float | None]:
    """95 % interval of a ratio of two shares, on the logarithm; None without a hit."""
    if not hits:
        return None, None
    centre = np.log((hits / n) / (reference_hits / reference_n))
    spread = _Z95 * np.sqrt(1 / hits - 1 / n + 1 / reference_hits - 1 / reference_n)
    return float(np.exp(centre - spread)), float(np.exp(centre + spread))


def _with_certainty(blocks: Sequence[Block], rules: Rules) -> tuple[Block, ...]:
    """Many looks find something by accident: `certain` is what Holm's step-down procedure (1979) leaves."""
    tested = sorted(one.p_value for block in blocks for one in block.categories if one.p_value is not None)
    passed = -1.0
    for place, p_value in enumerate(tested):
        if p_value >= rules.significance / (len(tested) - place):
            break
        passed = p_value

    def judged(one: Category) -> Category:
        return replace(one, certain=one.flagged and (one.p_value or 0.0) <= passed)

    return tuple(replace(block, categories=tuple(map(judged, block.categories))) for block in blocks)


# Two models


def _ratio(picked: Chosen, both: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> float | None:
    rates = [picked[rows & ~np.isnan(picked)] for rows in both]
    if not all(len(rate) for rate in rates) or not rates[1].mean():
        return None
    return float(rates[0].mean() / rates[1].mean())


def _drawn_ratios(
    picked: Chosen,
    both: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    jobs: NDArray[np.intp],
    draws: Floats,
) -> Floats:
    known = ~np.isnan(picked)
    hits = np.where(known, picked, 0.0)

    def drawn(values: Floats) -> Floats:
        return np.asarray(draws @ np.bincount(jobs, weights=values, minlength=draws.shape[1]))

    rates = [_over(drawn(hits * rows), drawn((known & rows).astype(np.float64))) for rows in both]
    return _over(*rates)


def _over(part: Floats, whole: Floats) -> Floats:
    out: Floats = np.full(len(part), np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out
