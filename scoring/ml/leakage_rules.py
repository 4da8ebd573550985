"""Too good to be true: what no honest field does by itself.

The bounds were measured (docs/leakage.md). Every rule asks for enough support, so that a handful of rows
stops nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from scoring.ml.leakage_figures import SUPPORT, Figures

BELIEVABLE_AUC: Final = 0.80
BELIEVABLE_JOB_AUC: Final = 0.85
BELIEVABLE_INSIDE_AUC: Final = 0.75
NEARLY_ONLY: Final = 0.90
ONE_VALUE_ONLY: Final = 0.97  # higher: the biggest client of a company takes nearly everybody, honestly
COMMON: Final = 0.50  # a hire rate from which on "nearly only hires" is no surprise
SHARE_OF_HIRES: Final = 0.10  # that one value must hold, or it is one client's habit
NEARLY_NEVER: Final = 0.10  # of the overall hire rate
EXPECTED_HIRES: Final = 30.0
FILLED_TIMES: Final = 3.0
FILLED_MORE: Final = 0.10
LATE_SHARE: Final = 0.10
LATE_AUC: Final = 0.60


@dataclass(frozen=True)
class Rule:
    """Too good to be true. `says`: in few words, for a table; `sentence`: with figures, for who asked."""

    broken: Callable[[Figures, str], bool]
    says: str
    sentence: str


def _orders(figures: Figures, unit: str) -> bool:
    bound = BELIEVABLE_JOB_AUC if unit == "job" else BELIEVABLE_AUC
    return _has_classes(figures) and (figures.auc_low or 0.0) >= bound


def _orders_inside(figures: Figures, unit: str) -> bool:
    return (figures.inside_low or 0.0) >= BELIEVABLE_INSIDE_AUC


def _only_hires(figures: Figures, unit: str) -> bool:
    if not figures.n or figures.hires / figures.n > COMMON:
        return False
    present = figures.n_filled >= SUPPORT and (figures.rate_filled or 0.0) >= NEARLY_ONLY
    of_value = (figures.purest_rate or 0.0) * figures.purest_n
    pure = (figures.purest_rate or 0.0) >= ONE_VALUE_ONLY and of_value >= SHARE_OF_HIRES * figures.hires
    return present or pure


def _never_hired(figures: Figures, unit: str) -> bool:
    base = figures.hires / figures.n if figures.n else 0.0
    sides = (
        (figures.n_filled, figures.rate_filled),
        (figures.n - figures.n_filled, figures.rate_empty),
    )
    return any(
        rate is not None and n * base >= EXPECTED_HIRES and rate <= NEARLY_NEVER * base for n, rate in sides
    )


def _filled_later(figures: Figures, unit: str) -> bool:
    settled, open_ = figures.filled_settled, figures.filled_open
    if settled is None or open_ is None or figures.n_filled < SUPPORT:
        return False
    return settled >= FILLED_TIMES * open_ and settled - open_ >= FILLED_MORE


def _dated_later(figures: Figures, unit: str) -> bool:
    late = figures.late or 0.0
    return _has_classes(figures) and late >= LATE_SHARE and (figures.auc_low or 0.0) >= LATE_AUC


def _has_classes(figures: Figures) -> bool:
    return min(figures.filled_hires, figures.n_filled - figures.filled_hires) >= SUPPORT


RULES: Final[Mapping[str, Rule]] = {
    "orders": Rule(
        _orders,
        "orders hired and not hired too well",
        "“%(field)s” by itself tells hired from not hired with an AUC of %(auc).3f over %(n)d units: too "
        "good to be true for one field. Find out when it is filled in; nothing was trained.",
    ),
    "orders_inside": Rule(
        _orders_inside,
        "orders the people of one job too well",
        "“%(field)s” by itself orders the people of one job with an AUC of %(inside_auc).3f in "
        "%(inside_jobs)d jobs: too good to be true for one field. Find out when it is filled in; nothing was "
        "trained.",
    ),
    "only_hires": Rule(
        _only_hires,
        "nearly only where somebody was hired",
        "“%(field)s” is filled, or has one of its values, nearly only where somebody was hired: in "
        "%(rate).1f %% of %(support)d units, against %(base).1f %% of all. Find out when it is filled in; "
        "nothing was trained.",
    ),
    "never_hired": Rule(
        _never_hired,
        "tells who was never hired",
        "“%(field)s” tells who was not hired: %(rate_filled).1f %% hired where it is filled, "
        "%(rate_empty).1f %% where it is empty, %(base).1f %% of all. Find out when it is filled in; nothing "
        "was trained.",
    ),
    "filled_later": Rule(
        _filled_later,
        "filled once the outcome is there",
        "“%(field)s” is filled in after the outcome: in %(filled_settled).1f %% of the units with one, in "
        "%(filled_open).1f %% of those of the same age without. Nothing was trained.",
    ),
    "dated_later": Rule(
        _dated_later,
        "a date after the application that goes with the outcome",
        "“%(field)s” is a date after the application in %(late).1f %% of the units and tells hired from not "
        "hired with an AUC of %(auc).3f. Nothing was trained.",
    ),
}


def broken(figures: Figures, unit: str) -> tuple[str, ...]:
    """The codes of the rules that a field with these figures breaks; `unit`: what it belongs to."""
    return tuple(code for code, rule in RULES.items() if rule.broken(figures, unit))
