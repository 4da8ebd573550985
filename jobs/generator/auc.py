"""Area under the ROC curve, pooled and inside groups, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def auc(scores: Sequence[float], outcomes: Sequence[int]) -> float:
    """The chance that a positive scores above a negative, ties counting half; NaN with one class only."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    positives = sum(outcomes)
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return math.nan
    rank_sum, start = 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        rank_sum += sum(outcomes[order[at]] for at in range(start, end)) * (start + end + 1) / 2
        start = end
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def auc_inside(groups: Iterable[tuple[Sequence[float], Sequence[int]]]) -> tuple[float, int]:
    """Mean over the groups that hold both classes, and how many those are; NaN when there is none."""
    values = [value for scores, outcomes in groups if not math.isnan(value := auc(scores, outcomes))]
    return (sum(values) / len(values) if values else math.nan), len(values)
