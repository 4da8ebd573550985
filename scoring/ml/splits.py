"""Splitting by time, with never one job on both sides.

A job's candidates share nearly everything the model sees, so a job that is in two windows lets the model
remember it. And a row dated later than its window would tell the model about the time it is tested on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

WINDOWS = ("train", "calibration", "validation", "test")

Rows = NDArray[np.intp]
Days = NDArray[np.datetime64]


class TrainingDataError(ValueError):
    """The rows cannot train a model; the message is a whole sentence for the person who asked."""


class TooLittleData(TrainingDataError):
    """There are rows, but a window would hold too few of them."""


class OneClassOnly(TrainingDataError):
    """All outcomes are the same, so there is nothing to tell apart."""


class NoHires(OneClassOnly):
    """No outcome is a hire."""


@dataclass(frozen=True)
class Window:
    """The rows of one window; `start` and `end` are the first and the last application date in it."""

    name: str
    rows: Rows
    start: date
    end: date

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class TemporalSplit:
    """Four windows, one after the other in time.

    `dropped`: rows of a job that began in one window, dated within a later one. They may be in neither.
    """

    train: Window
    calibration: Window
    validation: Window
    test: Window
    dropped: Rows

    def __iter__(self) -> Iterator[Window]:
        return iter((self.train, self.calibration, self.validation, self.test))


def temporal_split(
    dates: ArrayLike,
    groups: ArrayLike,
    *,
    validation_share: float = 0.15,
    test_share: float = 0.2,
    calibration_share: float = 0.15,
    test_start: date | None = None,
) -> TemporalSplit:
    """Split rows into train, calibration, validation and test windows by time.

    `dates`: n application dates (anything numpy turns into datetime64; no NaT). `groups`: n job ids. A job
    belongs to the window of its first application; jobs that began on one day stay together, so the shares
    (of rows) are met as nearly as whole days allow. `test_start`: the first day of the test window, whatever
    its share; the other shares are then met among the earlier rows. Rows dated after their job's window are
    `dropped`.
    Raises `TooLittleData` when a window would be empty, ValueError for wrong input.
    """
    days = _days(dates)
    jobs = _codes(groups, expected=len(days))
    shares = _train_first(calibration_share, validation_share, test_share)
    first = _first_day(days, jobs)
    starts = (
        _window_starts(first, shares) if test_start is None else _starts_before(first, shares, test_start)
    )
    window = np.searchsorted(starts, first, side="right")
    in_time = np.searchsorted(starts, days, side="right") == window
    train, calibration, validation, test = (
        _window(name, np.flatnonzero((window == i) & in_time), days) for i, name in enumerate(WINDOWS)
    )
    return TemporalSplit(train, calibration, validation, test, dropped=np.flatnonzero(~in_time))


def check_classes(truth: NDArray[np.float64]) -> None:
    """Raises `TooLittleData`, `NoHires` or `OneClassOnly` unless the labels (0/1) hold both classes."""
    if not np.isin(truth, (0.0, 1.0)).all():
        raise ValueError("labels must be 0, 1 or NaN")
    if not len(truth):
        raise TooLittleData("No application has an outcome that this label policy counts: nothing to learn.")
    if not truth.any():
        raise NoHires(f"None of the {len(truth)} applications ended in a hire, so there is nothing to learn.")
    if truth.all():
        raise OneClassOnly(
            f"All {len(truth)} applications ended in a hire; a model also needs applications that did not."
        )


def check_window(window: Window, truth: NDArray[np.float64], *, needed: int) -> None:
    """Raises `TooLittleData` unless the labels of the window's rows hold `needed` of each class."""
    hires = int(truth.sum())
    others = len(truth) - hires
    if min(hires, others) < needed:
        raise TooLittleData(
            f"The {window.name} window ({window.start} to {window.end}) has {hires} hires and {others} other "
            f"outcomes; it needs at least {needed} of each. Import more outcomes and train again."
        )


def _days(dates: ArrayLike) -> Days:
    days = np.asarray(dates).astype("datetime64[D]")
    if days.ndim != 1:
        raise ValueError(f"dates must be one-dimensional, got shape {days.shape}")
    if np.isnat(days).any():
        raise ValueError("every row needs an application date; drop rows without one first")
    return days


def _codes(groups: ArrayLike, *, expected: int) -> Rows:
    values = np.asarray(groups)
    if values.shape != (expected,):
        raise ValueError(f"there are {expected} dates but {values.shape} job ids")
    return np.unique(values, return_inverse=True)[1]


def _train_first(*later: float) -> tuple[float, ...]:
    if any(share <= 0 for share in later) or sum(later) >= 1:
        raise ValueError(f"the shares {later} must be positive and leave something to train on")
    return (1 - sum(later), *later)


def _first_day(days: Days, jobs: Rows) -> Days:
    first = np.full(jobs.max(initial=-1) + 1, np.datetime64("9999-12-31"), dtype="datetime64[D]")
    np.minimum.at(first, jobs, days)
    return first[jobs]


def _window_starts(first: Days, shares: tuple[float, ...]) -> Days:
    """The first day of each window but the first, at the day nearest to its share of the rows."""
    day, rows = np.unique(first, return_counts=True)
    if len(day) < len(shares):
        raise TooLittleData(
            f"The {len(first)} applications belong to jobs that began on {len(day)} different days; at least "
            f"{len(shares)} are needed to learn from earlier jobs and test on later ones."
        )
    before = np.concatenate(([0], np.cumsum(rows)[:-1]))  # rows of jobs that began earlier than this day
    cuts: list[int] = []
    for number, target in enumerate(np.cumsum(shares)[:-1] * len(first), start=1):
        earliest = cuts[-1] + 1 if cuts else 1
        latest = len(day) - (len(shares) - number)  # leave a day for each later window
        nearest = int(np.argmin(np.abs(before - target)))
        cuts.append(min(max(nearest, earliest), latest))
    return day[cuts]


def _starts_before(first: Days, shares: tuple[float, ...], test_start: date) -> Days:
    """As `_window_starts`, the last window beginning with the first job on or after `test_start`."""
    day = np.datetime64(test_start, "D")
    later = first[first >= day]
    if not len(later):
        raise TooLittleData(f"No job has its first application on or after {test_start}: nothing to test on.")
    earlier = np.array(shares[:-1]) / sum(shares[:-1])
    return np.append(_window_starts(first[first < day], tuple(earlier.tolist())), later.min())


def _window(name: str, rows: Rows, days: Days) -> Window:
    # The job that opens a window has its first application on that day, so no window is empty.
    return Window(name, rows, start=days[rows].min().item(), end=days[rows].max().item())
