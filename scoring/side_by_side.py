"""Recipes, baselines, stretches of time and parts left out in tables, one beside the other.

Models are mappings as `scoring.reporting` tells of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scoring.tables import MISSING, Section, Table, figure, span

Model = Mapping[str, Any]

BASELINES = {
    "prevalence": "base rate for everybody",
    "job_only": "model of the job alone",
    "job_mean": "model's mean of the job",
    "application_order": "earlier applications first",
    "job_outcome": "job's own hire rate, known only afterwards",
}
RULES = {
    "rule": "the hidden rule itself",
    "rule_on_the_day": "the hidden rule, as known on the day",
}
# Everybody of a job ties, so that random order decides inside it
TIED_INSIDE = ("prevalence", "job_mean", "job_outcome")
EVIDENCE = {"strong": "strong evidence", "some": "some evidence", "none": "no evidence"}
COLUMNS = (
    "ROC-AUC",
    "average precision",
    "Brier",
    "calibration error",
    "AUC inside jobs",
    "95 % interval",
    "NDCG@5",
    "hit@10",
    "evidence",
)


def comparison(models: Sequence[Model]) -> Iterator[Section]:
    """Recipes and baselines, one table for each set of rows they were tested on; then who failed, and why."""
    for group in _same_rows(models):
        yield Section(*overall(group))
    for model in models:
        if model["problem"]:
            yield Section(f"{model['recipe']} ({model['policy']}): not trained. {model['problem']}")


def _same_rows(models: Iterable[Model]) -> list[list[Model]]:
    groups: dict[tuple[Any, ...], list[Model]] = {}
    for model in models:
        if not model["problem"]:
            metrics, test = model["metrics"], _test_window(model)
            key = (model["policy"], metrics["n"], metrics["positives"], test["start"], test["end"])
            groups.setdefault(key, []).append(model)
    return list(groups.values())


def _test_window(model: Model) -> Model:
    return next(window for window in model["windows"] if window["name"] == "test")


def overall(models: Sequence[Model]) -> tuple[str, Table]:
    """Recipes tested on the same rows, the baselines on those, and what the table is about."""
    first = models[0]
    metrics, test = first["metrics"], _test_window(first)
    said = (
        f"On the test window, which nothing was chosen on (policy `{first['policy']}`, {test['start']} to "
        f"{test['end']}): {metrics['n']:,} applications of {test['jobs']:,} jobs, {metrics['positives']:,} "
        f"hires, base rate {figure(metrics['base_rate'])}; {metrics['inside_jobs']['jobs']:,} jobs have both "
        "a hire and somebody else."
    )
    return said, Table(("", *COLUMNS), tuple(_overall_rows(models)))


def _overall_rows(models: Sequence[Model]) -> Iterator[tuple[str, ...]]:
    for model in models:
        yield model_row(f"{model['recipe']}", model["metrics"], model["evidence"])
        yield _interval_row(model["metrics"])
    yield from _rule_rows(models)
    for baseline in models[0]["metrics"]["baselines"]:
        if baseline["name"] != "job_mean":
            yield _baseline_row(baseline, models[0]["metrics"])
    for model in models:
        means = [b for b in model["metrics"]["baselines"] if b["name"] == "job_mean"]
        of = f" ({model['recipe']})" if len(models) > 1 else ""
        yield from (_baseline_row(mean, model["metrics"], of) for mean in means)


def model_row(name: str, metrics: Model, evidence: Model | None) -> tuple[str, ...]:
    inside_figures = metrics["inside_jobs"]["figures"]
    auc = inside_figures["roc_auc"]
    return (
        name,
        figure(metrics["roc_auc"]),
        figure(metrics["average_precision"]),
        figure(metrics["brier"], 4),
        figure(metrics["expected_calibration_error"], 4),
        figure(auc["value"]),
        span(auc["low"], auc["high"]),
        figure(inside_figures["ndcg_5"]["value"]),
        figure(inside_figures["hit_10"]["value"]),
        EVIDENCE[evidence["verdict"]] if evidence else "",
    )


def _interval_row(metrics: Model) -> tuple[str, ...]:
    spans = metrics.get("intervals") or {}
    roc_auc, precision, brier = (spans.get(name) for name in ("roc_auc", "average_precision", "brier"))
    low, high = brier or (None, None)
    of_brier = MISSING if low is None else f"{low:.4f}–{high:.4f}"
    told = (span(*(roc_auc or (None, None))), span(*(precision or (None, None))), of_brier)
    return (" · 95 % interval", *told, "", "", "", "", "", "")


def _rule_rows(models: Sequence[Model]) -> Iterator[tuple[str, ...]]:
    """Of generated outcomes: what their rule reaches on the same rows, and how much of that each recipe."""
    for key, name in RULES.items():
        if models[0].get(key):
            yield model_row(name, models[0][key]["metrics"], None)
            yield from (_share_row(model, model[key]["share"]) for model in models)


def _share_row(model: Model, share: Model) -> tuple[str, ...]:
    cells = dict.fromkeys(("", *COLUMNS), "") | {"": f" · reached by {model['recipe']}"}
    told = {"ROC-AUC": percent(share["roc_auc"]), "AUC inside jobs": percent(share["inside_auc"])}
    return tuple((cells | told).values())


def percent(value: float | None) -> str:
    return MISSING if value is None else f"{100 * value:.1f} %"


def _baseline_row(baseline: Model, metrics: Model, of: str = "") -> tuple[str, ...]:
    name = baseline["name"]
    side = "by_application" if name == "application_order" else "random" if name in TIED_INSIDE else None
    inside_figures = metrics["inside_jobs"]["figures"]
    told = [figure(inside_figures[key].get(side)) if side else MISSING for key in ("ndcg_5", "hit_10")]
    auc = inside_figures["roc_auc"].get(side) if side else baseline.get("inside_auc")
    return (
        f"baseline: {BASELINES.get(name, name)}{of}",
        figure(baseline["roc_auc"]),
        figure(baseline["average_precision"]),
        figure(baseline["brier"], 4),
        "",
        figure(auc),
        "",
        *told,
        "",
    )


def cuts(models: Sequence[Model]) -> Section:
    """Precision, recall and F1 of each recipe, at the cut chosen on validation data and at 0.5."""
    rows = []
    for model in models:
        if not model["problem"]:
            chosen, half = model["metrics"]["at_threshold"], model["metrics"]["at_half"]
            told = [figure(at[name]) for at in (chosen, half) for name in ("precision", "recall", "f1")]
            reached = "yes" if model["threshold"]["attainable"] else "NO"
            rows.append((model["recipe"], figure(chosen["threshold"]), reached, *told))
    head = (
        "cut",
        "reached on validation",
        "precision",
        "recall",
        "F1",
        "precision at 0.5",
        "recall at 0.5",
        "F1 at 0.5",
    )
    return Section("At the cut chosen on the validation window, and at 0.5:", Table(("", *head), tuple(rows)))


# Other divisions of the rows, and parts left out


def back_tests(model: Model) -> Iterator[Section]:
    """Back-tests and grouped folds, when they were asked for."""
    if model.get("back_tests"):
        rows = [_stretch_row(f"{test['start']} to {test['end']}", test) for test in model["back_tests"]]
        yield Section(
            f"Back-tests of {model['recipe']}: learned from everything before, tested on the stretch:",
            Table(("stretch", *_WITH_ROWS), tuple(rows)),
        )
    if model.get("grouped"):
        yield _grouped(model)


def _grouped(model: Model) -> Section:
    grouped = model["grouped"]
    rows = [
        _stretch_row(f"fold {number}", {"metrics": fold, "evidence": None, "problem": ""})
        for number, fold in enumerate(grouped["folds"], start=1)
    ]
    return Section(
        f"Folds of whole jobs of {model['recipe']}, time ignored: the optimistic figure, because later "
        "outcomes are learned from; to be compared with published ones, not promised.",
        Table(("fold", *_WITH_ROWS), (*rows, _stretch_row("all folds together", grouped))),
    )


_WITH_ROWS = ("applications", "hires", "base rate", *COLUMNS)


def _stretch_row(name: str, found: Model) -> tuple[str, ...]:
    metrics = found["metrics"]
    if metrics is None:
        return (f"{name}: {found['problem']}", *[""] * len(_WITH_ROWS))
    counts = (f"{metrics['n']:,}", f"{metrics['positives']:,}", figure(metrics["base_rate"]))
    return (name, *counts, *model_row(name, metrics, found["evidence"])[1:])


def ablation(model: Model) -> Iterator[Section]:
    """The same rows, learned with parts left out."""
    found = model.get("ablation") or []
    if found:
        rows = [_ablation_row(part) for part in found]
        yield Section(
            f"Parts of {model['recipe']} left out, on the same rows:", Table(("", *COLUMNS), tuple(rows))
        )


def _ablation_row(part: Model) -> tuple[str, ...]:
    if part["problem"]:
        return (f"{part['recipe']}: {part['problem']}", *[""] * len(COLUMNS))
    return model_row(part["recipe"], part["metrics"], part["evidence"])
