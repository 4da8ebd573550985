"""What a version's test window proved, for whoever serves its numbers: pages, rankings, the API."""

from dataclasses import dataclass

from scoring.models import EvidenceVerdict, ModelVersion, Ranking

CHANCE = 0.5  # of two people of one job, the share of pairs that a coin puts in the right order


@dataclass(frozen=True)
class Evidence:
    """How well the model orders people inside one job, measured on later outcomes."""

    verdict: str  # of EvidenceVerdict
    jobs: int
    pairs_right: float
    low: float | None
    high: float | None
    base_rate: float | None

    @property
    def may_be_chance(self) -> bool:
        return self.low is None or self.low <= CHANCE


def evidence(version: ModelVersion) -> Evidence | None:
    """None when the test window could not tell."""
    inside = version.metrics.get("inside_jobs") or {}
    right = (inside.get("figures") or {}).get("roc_auc") or {}
    if right.get("value") is None:
        return None
    return Evidence(
        verdict=version.evidence,
        jobs=inside["jobs"],
        pairs_right=right["value"],
        low=right.get("low"),
        high=right.get("high"),
        base_rate=version.metrics.get("base_rate"),
    )


def order_for(version: ModelVersion) -> Ranking.Order:
    """By score only where the order inside a job was shown to beat chance; the verdict is stored."""
    if version.evidence == EvidenceVerdict.NONE:
        return Ranking.Order.REQUIREMENTS
    return Ranking.Order.MODEL


def accept_is_shown(version: ModelVersion) -> bool:
    """Whether "likely to accept" told people apart on the test window better than chance does, and its
    numbers came nearer to the answers than the share of those who accepted before."""
    measured = version.metrics.get("accept") or {}
    low, _high = (measured.get("intervals") or {}).get("roc_auc") or (None, None)
    by_rate = [row.get("brier") for row in measured.get("baselines", []) if row["name"] == "prevalence"]
    brier, of_rate = measured.get("brier"), by_rate[0] if by_rate else None
    if low is None or brier is None or of_rate is None:
        return False
    return bool(low > CHANCE and brier < of_rate)
