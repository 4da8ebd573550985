"""Reasons of a score, from the exact TreeSHAP contributions of the head that gave it (`Head.contributions`).

Contributions are on the scale of the margin (log-odds before calibration) and add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

OTHER = "other"


@dataclass(frozen=True)
class GroupedContributions:
    """`values`: rows x `names`; `base`: what every row starts from. `base + values.sum(axis=1)` is the
    margin."""

    names: tuple[str, ...]
    values: Floats
    base: Floats

    def row(self, index: int) -> dict[str, float]:
        """Group name -> contribution of one row."""
        return dict(zip(self.names, self.values[index].tolist(), strict=True))


@dataclass(frozen=True)
class Reason:
    name: str
    contribution: float


@dataclass(frozen=True)
class Reasons:
    """Strongest first; fewer than asked for when fewer things speak for or against."""

    speaks_for: tuple[Reason, ...]
    speaks_against: tuple[Reason, ...]


def group_contributions(
    contrib: Floats, feature_names: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> GroupedContributions:
    """Add up n x (f + 1) contributions by group of features; features in no group go to "other".

    `groups`: name -> features, each feature in one group at most; features the model lacks are passed over.
    Raises ValueError when a feature is in two groups or the shapes disagree.
    """
    if contrib.ndim != 2 or contrib.shape[1] != len(feature_names) + 1:
        raise ValueError(f"{contrib.shape} is not rows x ({len(feature_names)} features + 1)")
    group_of = _group_of_each(feature_names, groups)
    names = tuple(name for name in (*groups, OTHER) if name in set(group_of))
    member = np.array([[group == name for name in names] for group in group_of], dtype=np.float64)
    return GroupedContributions(names, contrib[:, :-1] @ member, contrib[:, -1])


def top_reasons(row: Mapping[str, float], *, n: int = 3) -> Reasons:
    """The `n` strongest contributions for and the `n` strongest against, of one row (name -> contribution).

    What contributes nothing is no reason. Equal strengths are ordered by name, so that a page does not
    flicker.
    """
    ranked = sorted((Reason(name, value) for name, value in row.items()), key=_strongest_first)
    return Reasons(
        speaks_for=tuple(reason for reason in ranked if reason.contribution > 0)[:n],
        speaks_against=tuple(reason for reason in ranked if reason.contribution < 0)[:n],
    )


def _strongest_first(reason: Reason) -> tuple[float, str]:
    return -abs(reason.contribution), reason.name


def _group_of_each(feature_names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    found: dict[str, str] = {}
    for name, members in groups.items():
        for feature in members:
            if found.setdefault(feature, name) != name:
                raise ValueError(f"the feature {feature} is in the groups {found[feature]} and {name}")
    return [found.get(feature, OTHER) for feature in feature_names]
