"""A model's measured quality as tables: for `manage.py evaluate`, `manage.py model_report`, docs/model.md.

What is told of is a mapping as `scoring.evaluating` makes it, all plain JSON: recipe, policy, problem (why it
could not be trained, or ""), metrics, evidence, and of the card windows, threshold, features, warnings; more
keys where more was asked for (rule, back_tests, grouped, ablation).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scoring.side_by_side import Model, overall
from scoring.tables import Section, Table, figure, span

if TYPE_CHECKING:
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
    "hit_50": "hit at 50",
    "mrr": "MRR",
}
SLICES = {
    "year": "year of application",
    "area": "area",
    "seniority": "seniority",
    "jobs_with_one": "jobs with one application",
    "without_biggest_client": "without the client with most hires",
}
SLICE_COLUMNS = (
    "applications",
    "hires",
    "base rate",
    "ROC-AUC",
    "average precision",
    "AUC inside jobs",
    "95 % interval",
    "jobs",
)


def of_version(version: "ModelVersion") -> Model:
    """A stored version, as the tables want it."""
    card = version.card
    told = {name: card.get(name) for name in ("windows", "threshold", "features", "warnings")}
    about = {"recipe": version.recipe, "policy": version.label_policy, "problem": ""}
    evidence = {"verdict": version.evidence} if version.evidence else None
    more = {"accept": version.metrics.get("accept")}
    return about | told | more | {"metrics": version.metrics, "evidence": evidence}


def markdown(version: "ModelVersion") -> str:
    """One version: windows, figures with their baselines, inside jobs, cut, slices, features."""
    model = of_version(version)
    title = f"### Recipe `{model['recipe']}`, label policy `{model['policy']}`\n"
    return "\n".join([title, *(section.markdown() for section in details(model))])


def details(model: Model) -> Iterator[Section]:
    """Everything about one model that could be trained."""
    yield Section("Windows:", windows(model))
    yield Section(*overall([model]))
    yield inside(model)
    yield Section(cut(model))
    yield from accept(model)
    yield from slices(model)
    yield Section(features(model))
    yield from warnings(model)


def warnings(model: Model) -> Iterator[Section]:
    if model.get("warnings"):
        yield Section(
            f"Warnings of the run of {model['recipe']}:\n\n"
            + "\n".join(f"- {_said(w)}" for w in model["warnings"])
        )


def _said(warning: str | Model) -> str:
    return warning if isinstance(warning, str) else str(warning["id"] % warning.get("params", {}))


def windows(model: Model) -> Table:
    rows = [
        (w["name"], w["start"], w["end"], f"{w['rows']:,}", f"{w['jobs']:,}", f"{w['hires']:,}")
        for w in model["windows"]
    ]
    return Table(("window", "from", "to", "applications", "jobs", "hires"), tuple(rows))


def inside(model: Model) -> Section:
    found = model["metrics"]["inside_jobs"]
    rows = [
        (
            label,
            figure(row["value"]),
            span(row["low"], row["high"]),
            figure(row["random"]),
            figure(row.get("by_application")),
        )
        for key, label in INSIDE.items()
        if (row := found["figures"].get(key)) is not None
    ]
    head = ("figure", "model", "95 % interval over jobs", "random order", "order of application")
    said = f"Inside the {found['jobs']:,} test jobs with both a hire and somebody else ({model['recipe']}):"
    return Section(said, Table(head, tuple(rows)))


def cut(model: Model) -> str:
    metrics, chosen = model["metrics"], model["threshold"]
    at, half = metrics["at_threshold"], metrics["at_half"]
    state = "reached" if chosen["attainable"] else "**not reached by any cut**; the nearest"
    missed = (
        chosen["attainable"] and (1 if at["precision"] is None else at["precision"]) < chosen["min_precision"]
    )
    under = " (**under that minimum**)" if missed else ""
    return (
        f"Cut for a precision of {chosen['min_precision']:.2f}: {state} on the validation window "
        f"(precision {figure(chosen['precision'])} over {chosen['support']:,}). On the test window that cut "
        f"has precision {figure(at['precision'])}{under}, recall {figure(at['recall'])} and F1 "
        f"{figure(at['f1'])}; at 0.5 precision {figure(half['precision'])}, recall {figure(half['recall'])} "
        f"and F1 {figure(half['f1'])}.\n"
    )


def slices(model: Model) -> Iterator[Section]:
    found = model["metrics"].get("slices") or []
    if not found:
        return
    told = [_slice_row(slice_) for slice_ in found if slice_["enough"]]
    thin = len(found) - len(told)
    said = (
        f"Slices of the test window ({model['recipe']}); {thin} more have too few applications or hires "
        "to say anything."
    )
    yield Section(said, Table(("slice", *SLICE_COLUMNS), tuple(told)) if told else None)


def _slice_row(slice_: Model) -> tuple[str, ...]:
    by = str(SLICES.get(slice_["by"], slice_["by"]))
    has_value = slice_["by"] in ("year", "area", "seniority")
    return (
        f"{by}: {slice_['value'] or 'not given'}" if has_value else by,
        f"{slice_['n']:,}",
        f"{slice_['positives']:,}",
        figure(slice_["base_rate"]),
        figure(slice_["roc_auc"]),
        figure(slice_["average_precision"]),
        figure(slice_["inside_auc"]),
        span(slice_.get("inside_low"), slice_.get("inside_high")),
        f"{slice_['inside_jobs']:,}",
    )


def accept(model: Model) -> Iterator[Section]:
    """The second head, when there is one: of those who were wanted, who accepted."""
    metrics = model.get("accept")
    if metrics:
        low, high = (metrics.get("intervals") or {}).get("roc_auc") or (None, None)
        yield Section(
            f"Likely to accept ({model['recipe']}): ROC-AUC {figure(metrics['roc_auc'])} (95 % interval "
            f"{span(low, high)}), Brier {figure(metrics['brier'], 4)}, over {metrics['n']:,} people of the "
            f"test window who were wanted, {metrics['positives']:,} of whom accepted.\n"
        )


def features(model: Model) -> str:
    return (
        "Most important features (share of the whole): "
        + ", ".join(
            f"`{row['name']}` {100 * row['importance']:.0f} %" for row in model["features"][:FEATURES_SHOWN]
        )
        + "\n"
    )
