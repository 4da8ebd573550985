"""A model version's measured quality as Markdown: docs/model.md is made of these."""

from collections.abc import Iterator, Mapping
from typing import Any

from scoring.models import ModelVersion

FEATURES_SHOWN = 15
INSIDE = {
    "roc_auc": "AUC",
    "precision_1": "precision at 1",
    "precision_3": "precision at 3",
    "precision_5": "precision at 5",
    "ndcg_5": "NDCG at 5",
    "ndcg_10": "NDCG at 10",
    "hit_10": "hit at 10",
    "mrr": "MRR",
}
BASELINES = {
    "prevalence": "everybody gets the base rate",
    "job_mean": "everybody in a job gets the model's mean for it",
    "job_outcome": "everybody in a job gets its own hire rate, known only afterwards",
}


def markdown(version: ModelVersion) -> str:
    """One section: windows, figures with their baselines, inside jobs against chance, cut, features."""
    return "\n".join(_lines(version)) + "\n"


def _lines(version: ModelVersion) -> Iterator[str]:
    metrics, card = version.metrics, version.card
    yield f"### Recipe `{version.recipe}`, label policy `{version.label_policy}`"
    yield ""
    yield from _windows(card["windows"])
    yield from _overall(metrics)
    yield from _inside(metrics["inside_jobs"])
    yield from _cut(metrics, card["threshold"])
    yield from _features(card["features"])
    if card["warnings"]:
        yield "Warnings of the run:"
        yield ""
        yield from (f"- {warning}" for warning in card["warnings"])
        yield ""


def _windows(windows: list[Mapping[str, Any]]) -> Iterator[str]:
    yield "| window | from | to | applications | jobs | hires |"
    yield "|---|---|---|---:|---:|---:|"
    for row in windows:
        yield (
            f"| {row['name']} | {row['start']} | {row['end']} | {row['rows']:,} | {row['jobs']:,} "
            f"| {row['hires']:,} |"
        )
    yield ""


def _overall(metrics: Mapping[str, Any]) -> Iterator[str]:
    yield "On the test window, which nothing was chosen on:"
    yield ""
    yield "| | ROC-AUC | average precision | Brier |"
    yield "|---|---:|---:|---:|"
    yield _figures("**model**", metrics)
    for baseline in metrics["baselines"]:
        yield _figures(f"baseline: {BASELINES.get(baseline['name'], baseline['name'])}", baseline)
    yield ""
    yield (
        f"Base rate {_number(metrics['base_rate'])}; expected calibration error "
        f"{_number(metrics['expected_calibration_error'])}."
    )
    yield ""


def _figures(name: str, row: Mapping[str, Any]) -> str:
    figures = (row.get(key) for key in ("roc_auc", "average_precision", "brier"))
    return f"| {name} | {' | '.join(map(_number, figures))} |"


def _inside(inside: Mapping[str, Any]) -> Iterator[str]:
    yield f"Inside the {inside['jobs']:,} test jobs that have both a hire and somebody else:"
    yield ""
    yield "| figure | model | 95 % interval over jobs | random order |"
    yield "|---|---:|---:|---:|"
    for key, label in INSIDE.items():
        row = inside["figures"].get(key)
        if row is not None:
            span = f"{_number(row['low'])} to {_number(row['high'])}"
            yield f"| {label} | {_number(row['value'])} | {span} | {_number(row['random'])} |"
    yield ""


def _cut(metrics: Mapping[str, Any], cut: Mapping[str, Any]) -> Iterator[str]:
    at = metrics["at_threshold"]
    state = "reached" if cut["attainable"] else "**not reached by any cut**; the nearest"
    yield (
        f"Cut for a precision of {cut['min_precision']:.2f}: {state} on the validation window "
        f"(precision {_number(cut['precision'])} over {cut['support']:,}). On the test window that cut has "
        f"precision {_number(at['precision'])} and recall {_number(at['recall'])}; at 0.5 precision "
        f"{_number(metrics['at_half']['precision'])} and recall {_number(metrics['at_half']['recall'])}."
    )
    yield ""


def _features(features: list[Mapping[str, Any]]) -> Iterator[str]:
    yield "Most important features (share of the total gain): " + ", ".join(
        f"`{row['name']}` {100 * row['importance']:.0f} %" for row in features[:FEATURES_SHOWN]
    )
    yield ""


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
