"""What the order inside a job may be called, from the interval of its AUC over jobs. A closed set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from scoring.ml.inside_jobs import InsideJobs

Verdict = Literal["strong", "some", "none"]

CHANCE = 0.5  # AUC of random order
STRONG_AUC = 0.60
STRONG_JOBS = 30
FEWEST_JOBS = 10


@dataclass(frozen=True)
class Evidence:
    """`strong`: the whole interval lies above chance, the AUC is at least STRONG_AUC, over at least
    STRONG_JOBS jobs. `some`: the interval lies above chance, over at least FEWEST_JOBS jobs. `none`:
    otherwise, also when nothing could be measured; that no evidence was found is not proof of chance."""

    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None
    jobs: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def verdict(inside: InsideJobs) -> Evidence:
    """The verdict on a test window's order inside jobs."""
    auc = inside.figures["roc_auc"]
    return Evidence(_verdict(auc.value, auc.low, inside.jobs), auc.value, auc.low, auc.high, inside.jobs)


def verdict_of_metrics(metrics: Mapping[str, Any]) -> Evidence:
    """The same from `Evaluation.to_json()`, as stored; what cannot be read is no evidence."""
    inside = metrics.get("inside_jobs") or {}
    auc = (inside.get("figures") or {}).get("roc_auc") or {}
    value, low, high, jobs = auc.get("value"), auc.get("low"), auc.get("high"), inside.get("jobs") or 0
    return Evidence(_verdict(value, low, jobs), value, low, high, jobs)


def _verdict(value: float | None, low: float | None, jobs: int) -> Verdict:
    if value is None or low is None or not low > CHANCE or jobs < FEWEST_JOBS:
        return "none"
    return "strong" if value >= STRONG_AUC and jobs >= STRONG_JOBS else "some"
