"""One line of the registry: what a version is, and what it was measured to be."""

from dataclasses import dataclass

from scoring.figures import reading, words
from scoring.figures.reading import Figure
from scoring.figures.words import Badge
from scoring.models import ModelVersion


@dataclass(frozen=True)
class Summary:
    version: ModelVersion
    roc_auc: Figure
    average_precision: Figure
    brier: Figure
    calibration_error: Figure
    base_rate: float | None
    n: int
    positives: int
    inside: Figure
    inside_jobs: int
    evidence: Badge
    gate: Badge

    @property
    def may_be_chance(self) -> bool:
        """Whether the order inside a job was measured and does not beat chance."""
        return self.inside.value is not None and self.version.evidence == "none"


def summary(version: ModelVersion) -> Summary:
    metrics = reading.mapping(version.metrics)
    inside = reading.inside(metrics)
    return Summary(
        version=version,
        roc_auc=reading.overall(metrics, "roc_auc"),
        average_precision=reading.overall(metrics, "average_precision"),
        brier=reading.overall(metrics, "brier"),
        calibration_error=reading.overall(metrics, "expected_calibration_error"),
        base_rate=reading.number(metrics.get("base_rate")),
        n=reading.count(metrics.get("n")),
        positives=reading.count(metrics.get("positives")),
        inside=inside,
        inside_jobs=reading.inside_jobs(metrics),
        evidence=words.NOT_MEASURED if inside.value is None else words.EVIDENCE[version.evidence],
        gate=gate_badge(version),
    )


def gate_badge(version: ModelVersion) -> Badge:
    passed = reading.mapping(version.verdict).get("passed")
    return words.GATE[passed] if isinstance(passed, bool) else words.NOT_JUDGED
