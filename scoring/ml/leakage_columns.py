"""Fields as the source writes them, made measurable for the leakage audit.

A text is a date, a number, a category or prose; the last two become hire rates learned on other units, so
that remembering who was hired does not look like knowing it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

# What the source writes for "nothing"; a placeholder is not a filled field.
EMPTY: Final = frozenset(
    {"", "-", ":", ".", "0", "none", "null", "{}", "[]", "0000-00-00", "00-00-0000"}
    | {"01-01-1970", "31-12-1969", "30-11-0001"}
)
FOLDS: Final = 5
SMOOTHING: Final = 20.0  # units at the overall rate that each value's rate starts from
MOST_CHARACTERS: Final = 250  # of a text: what came of it is said at once
WORDS: Final = 1 << 15  # columns that words are hashed to
RAREST_WORD: Final = 5  # texts; rarer words say who wrote, not what came
_DATE: Final = re.compile(r"(\d\d)[-/](\d\d)[-/](\d{4})\b")
_NUMBER: Final = re.compile(r"-?\d+([.,]\d+)?$")
_UNDERSTOOD: Final = 0.95  # share of the values


@dataclass(frozen=True, eq=False)
class Units:
    """The n units that fields belong to, and the m applications whose order inside a job is looked at.

    `y`: n, 1 = hired (a job, a candidate: at least once). `groups`: n, units of one group are never on both
    sides of a fold. `days`: n reference days (of the first application), NaT unknown. `settled`: n, whether
    an outcome exists; None: where there is a hire. `row_unit`, `row_job`, `row_y`: m each; empty where all
    candidates of a job share the unit.
    """

    kind: str  # job, candidate or application
    y: Floats
    groups: Ints
    days: NDArray[np.datetime64]
    settled: Flags | None
    row_unit: Ints
    row_job: Ints
    row_y: Floats

    def with_rows(self, unit: Ints, job: Ints, y: Floats) -> Units:
        return replace(self, row_unit=unit, row_job=job, row_y=y)

    def take(self, which: Ints) -> Units:
        """The units at these positions alone, with their applications."""
        place = np.full(len(self.y), -1)
        place[which] = np.arange(len(which))
        rows = np.flatnonzero(place[self.row_unit] >= 0)
        settled = None if self.settled is None else self.settled[which]
        return Units(
            self.kind,
            self.y[which],
            self.groups[which],
            self.days[which],
            settled,
            place[self.row_unit[rows]],
            self.row_job[rows],
            self.row_y[rows],
        )


@dataclass(frozen=True, eq=False)
class Column:
    """A field ready to be measured. `score`: n numbers to order units by, NaN where it is empty; `crossed`:
    they are hire rates learned on other folds, so high must mean hired. `codes`: n values as numbers, -1
    empty. `late`: for a date, how many of the filled ones lie after the reference day."""

    kind: str  # date, number, category, text
    score: Floats
    crossed: bool
    codes: Ints
    late: float | None = None

    @property
    def filled(self) -> Flags:
        return self.codes >= 0


def read_texts(texts: NDArray[np.object_], units: Units, *, seed: int = 0) -> Column:
    """Guess what n texts of the source are and make them measurable. None and placeholders are empty."""
    codes, values = _factorized(texts)
    dates = _dates(values)
    if _most(~np.isnat(dates)):
        return _date_column(codes, dates, units)
    numbers = _numbers(values)
    if _most(~np.isnan(numbers)) and len(values) > 2:
        score = np.where(codes >= 0, numbers[codes], np.nan)
        return Column("number", score, False, np.where(np.isnan(score), -1, codes))
    folds = fold_of(units.groups, seed=seed)
    if _is_prose(codes, values):
        return Column("text", _word_scores(codes, values, units.y, folds), True, codes)
    return Column("category", crossed_rates(codes, units.y, folds), True, codes)


def read_numbers(values: Floats) -> Column:
    """n numbers, NaN = empty."""
    codes = np.full(len(values), -1)
    known = ~np.isnan(values)
    codes[known] = np.unique(values[known], return_inverse=True)[1]
    return Column("number", values, False, codes)


def _factorized(texts: NDArray[np.object_]) -> tuple[Ints, list[str]]:
    trimmed = ["" if text is None else str(text)[:MOST_CHARACTERS].strip() for text in texts]
    codes, values = pd.factorize(np.array(trimmed, dtype=object))
    empty = np.array([str(value).casefold() in EMPTY for value in values], dtype=bool)
    renumbered = np.where(empty, -1, np.cumsum(~empty) - 1)
    kept = [str(value) for value, out in zip(values, empty, strict=True) if not out]
    return (renumbered[codes] if len(values) else codes).astype(np.intp), kept


def _most(understood: Flags) -> bool:
    return bool(len(understood)) and float(understood.mean()) >= _UNDERSTOOD


def _dates(values: list[str]) -> NDArray[np.datetime64]:
    found = [_DATE.match(value) for value in values]
    iso = [f"{hit[3]}-{hit[2]}-{hit[1]}" if hit else None for hit in found]
    return pd.to_datetime(pd.Series(iso, dtype="object"), format="%Y-%m-%d", errors="coerce").to_numpy()


def _numbers(values: list[str]) -> Floats:
    return np.array(
        [float(value.replace(",", ".")) if _NUMBER.match(value) else np.nan for value in values],
        dtype=np.float64,
    )


def _date_column(codes: Ints, dates: NDArray[np.datetime64], units: Units) -> Column:
    """A date is measured from the reference day: a calendar day would only tell the years apart."""
    known = np.where(codes >= 0, dates[codes], np.datetime64("NaT"))
    lag = (known.astype("datetime64[D]") - units.days.astype("datetime64[D]")).astype("timedelta64[D]")
    score = np.where(np.isnat(lag), np.nan, lag.astype(np.int64)).astype(np.float64)
    filled = ~np.isnat(known)
    compared = score[~np.isnan(score)]
    return Column("date", score, False, np.where(filled, codes, -1), _mean((compared > 0).astype(np.float64)))


def _is_prose(codes: Ints, values: list[str]) -> bool:
    """Most units have a text of their own, of several words."""
    filled = int((codes >= 0).sum())
    return len(values) > 0.3 * filled and float(np.mean([len(value) for value in values])) > 20


def fold_of(groups: Ints, *, seed: int = 0) -> Ints:
    """One of `FOLDS` folds for each unit, the same for all units of a group."""
    _, codes = np.unique(groups, return_inverse=True)
    drawn = np.random.default_rng(seed).permutation(codes.max(initial=-1) + 1) % FOLDS
    return drawn[codes].astype(np.intp)


def crossed_rates(codes: Ints, y: Floats, folds: Ints) -> Floats:
    """The smoothed hire rate of each unit's value among the units of the other folds; NaN where empty.

    Target encoding out of fold: a value that occurs once gets the overall rate, so that remembering units
    does not look like knowing the outcome.
    """
    filled = codes >= 0
    width = int(codes.max(initial=-1)) + 1
    at = (folds[filled], codes[filled])
    count, hires = np.zeros((FOLDS, width)), np.zeros((FOLDS, width))
    np.add.at(count, at, 1.0)
    np.add.at(hires, at, y[filled])
    others, other_hires = count.sum(axis=0) - count, hires.sum(axis=0) - hires
    prior = other_hires.sum(axis=1) / np.maximum(others.sum(axis=1), 1.0)
    rate = (other_hires + SMOOTHING * prior[:, None]) / (others + SMOOTHING)
    # Less its own prior: otherwise folds with few hires would be told from the others by it
    score = np.full(len(codes), np.nan)
    score[filled] = (rate - prior[:, None])[at]
    return score


def _word_scores(codes: Ints, values: list[str], y: Floats, folds: Ints) -> Floats:
    """Naive Bayes over the words of each text, learned on the other folds; NaN where it is empty."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(n_features=WORDS, binary=True, norm=None, alternate_sign=False)
    filled = np.flatnonzero(codes >= 0)
    words = hashing.transform(values)[codes[filled]]
    truth, fold = y[filled], folds[filled]
    score = np.full(len(codes), np.nan)
    for number in range(FOLDS):
        learn, judge = fold != number, fold == number
        hires, others = truth[learn].sum(), (1 - truth[learn]).sum()
        if not judge.any() or not hires or not others:
            continue
        with_word = words[learn].T @ truth[learn]
        without = words[learn].T @ (1 - truth[learn])
        weight = np.log((with_word + 1) / (hires + 2)) - np.log((without + 1) / (others + 2))
        seen = (with_word + without) >= RAREST_WORD
        score[filled[judge]] = words[judge] @ (weight * seen)
    score[filled[np.isnan(score[filled])]] = 0.0
    return score


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None
