"""Which fields tell the outcome instead of foretelling it.

Three defences. A closed list of features: `check_allowed` refuses every other name before anything is read.
A judgement of each field by itself (`leakage_rules`), whether or not anything learns from it. And an end: a
field that breaks a rule, that a feature draws on, and that nobody has reviewed (`leakage_lists`) stops the
run with `LeakageFound`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from scoring.ml.features import JOB_ONLY_FEATURES
from scoring.ml.leakage_columns import Column, Floats, Ints, Units, read_numbers, read_texts
from scoring.ml.leakage_figures import SUPPORT, Figures, measure
from scoring.ml.leakage_lists import FORBIDDEN, REVIEWED, known_reason
from scoring.ml.leakage_rules import RULES, broken
from scoring.ml.messages import Message
from scoring.ml.recipes.base import UnknownFeature
from scoring.ml.splits import TrainingDataError

__all__ = [
    "Finding",
    "Findings",
    "LeakageFound",
    "UnknownFeature",
    "application_units",
    "audit_features",
    "audit_fields",
    "candidate_units",
    "check_allowed",
    "is_forbidden",
    "job_units",
    "stop_at_leaks",
]

# What a finding can be, worst first
VERDICTS: Final = ("stops", "suspicious", "known", "reviewed", "clear", "too_few")
STOPS, SUSPICIOUS, KNOWN_LEAK, REVIEWED_FIELD, CLEAR, TOO_FEW = VERDICTS
NEVER_READ: Final = (
    "“%(field)s” is on the list of what is never learned from, and a feature draws on it. Nothing was "
    "trained."
)


class LeakageFound(TrainingDataError):
    """A field that the recipe learns from tells the outcome; the message names it, with its figures."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        self.message = finding.sentence()
        super().__init__(self.message.text())


@dataclass(frozen=True)
class Finding:
    """One field judged. `unit`: job, candidate or application; `kind`: date, number, category or text.
    `used`: the features, or columns of the frames, that draw on it; `broken`: codes of `RULES`; `reason`: a
    message id, of the list it is on ("" when it is on none)."""

    field: str
    unit: str
    kind: str
    verdict: str
    broken: tuple[str, ...]
    used: tuple[str, ...]
    reason: str
    figures: Figures

    @property
    def gives_itself_away(self) -> bool:
        """Whether the figures alone say so, on whatever list it is; not when a review explains them."""
        return bool(self.broken) and self.verdict != REVIEWED_FIELD

    def sentence(self) -> Message:
        """The first rule it breaks, with its figures; for a field that breaks none, that it is never read."""
        says = RULES[self.broken[0]].sentence if self.broken else NEVER_READ
        return Message(says, {"field": self.field} | _percentages(self.figures))

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "unit": self.unit,
            "kind": self.kind,
            "verdict": self.verdict,
            "broken": list(self.broken),
            "says": [RULES[code].says for code in self.broken],
            "used": list(self.used),
            "reason": self.reason,
            "figures": self.figures.to_json(),
        }


Findings = tuple[Finding, ...]


# What may be learned from


def check_allowed(names: Iterable[str], *, allowed: Collection[str]) -> None:
    """Raises `UnknownFeature` with the first of the names that is not allowed; nothing needs to be read."""
    for name in names:
        if name in allowed and not is_forbidden(name):
            continue
        if is_forbidden(name):
            raise UnknownFeature(f"“{name}” must never be learned from. Nothing was read.")
        raise UnknownFeature(f"There is no feature “{name}” on the list. Nothing was read.")


def is_forbidden(name: str) -> bool:
    """Whether a name holds one of `FORBIDDEN`, whole or as whole words between underscores."""
    folded = f"_{name.casefold().replace('.', '_').replace(' ', '_')}_"
    return any(f"_{word}_" in folded for word in FORBIDDEN)


# Judging


def audit_features(
    X: pd.DataFrame, y: ArrayLike, *, job_ids: ArrayLike, columns: Sequence[str] | None = None
) -> Findings:
    """Judge each feature by itself.

    `X`: n applications, NaN = unknown, `columns` of it (all by default); `y`: n labels, 1 hired, 0 not, NaN
    = left out; `job_ids`: n. What is the same for all candidates of a job is judged over jobs (hired: at
    least once), by its mean over the job's rows. KeyError for a column that is not there, ValueError for
    wrong lengths.
    """
    truth, jobs = np.asarray(y, dtype=np.float64), np.asarray(job_ids)
    if not len(X) == len(truth) == len(jobs):
        raise ValueError(f"{len(X)} rows, {len(truth)} labels, {len(jobs)} job ids")
    kept = np.flatnonzero(~np.isnan(truth))
    names = list(X.columns) if columns is None else list(columns)
    table = X[names].to_numpy()[kept]
    rows = application_units(truth[kept], jobs[kept])
    of_jobs, place = job_units(truth[kept], jobs[kept])
    found = []
    for at, name in enumerate(names):
        values = table[:, at].astype(np.float64)
        if name in JOB_ONLY_FEATURES:
            column, units = read_numbers(_means(values, place, len(of_jobs.y))), of_jobs
        else:
            column, units = read_numbers(values), rows
        found.append(_judge(name, column, units, used=(name,)))
    return tuple(found)


def audit_fields(
    fields: pd.DataFrame, units: Units, *, used: Mapping[str, Sequence[str]] | None = None
) -> Findings:
    """Judge each field of the source by itself.

    `fields`: a row for each of `units`, a column for each field with its texts as the source has them, ""
    or None = empty. `used`: field -> what draws on it; a field that is not there draws on nothing and cannot
    stop a run. ValueError for wrong lengths.
    """
    if len(fields) != len(units.y):
        raise ValueError(f"{len(fields)} rows of fields for {len(units.y)} units")
    drawn = used or {}
    return tuple(
        _judge(name, read_texts(fields[name].to_numpy(dtype=object), units), units, used=drawn.get(name, ()))
        for name in map(str, fields.columns)
    )


def stop_at_leaks(findings: Iterable[Finding]) -> None:
    """Raises `LeakageFound` for the first finding that stops a run."""
    for finding in findings:
        if finding.verdict == STOPS:
            raise LeakageFound(finding)


def application_units(
    y: Floats, job_ids: ArrayLike, *, days: ArrayLike | None = None, settled: ArrayLike | None = None
) -> Units:
    """The n applications themselves; `days`: of application, `settled`: whether an outcome exists."""
    jobs = np.unique(np.asarray(job_ids), return_inverse=True)[1]
    return Units(
        kind="application",
        y=y,
        groups=jobs,
        days=_days(days, len(y)),
        settled=np.ones(len(y), dtype=bool) if settled is None else np.asarray(settled, dtype=bool),
        row_unit=np.arange(len(y)),
        row_job=jobs,
        row_y=y,
    )


def job_units(y: Floats, job_ids: ArrayLike, *, days: ArrayLike | None = None) -> tuple[Units, Ints]:
    """The jobs of n applications in order of their ids, and of each application the place of its job."""
    return _collected("job", y, job_ids, days)


def candidate_units(
    y: Floats, candidate_ids: ArrayLike, job_ids: ArrayLike, *, days: ArrayLike | None = None
) -> tuple[Units, Ints]:
    """The candidates of n applications in order of their ids, and of each application the place of its."""
    units, place = _collected("candidate", y, candidate_ids, days)
    jobs = np.unique(np.asarray(job_ids), return_inverse=True)[1]
    return units.with_rows(place, jobs, y), place


def _collected(kind: str, y: Floats, ids: ArrayLike, days: ArrayLike | None) -> tuple[Units, Ints]:
    unique, place = np.unique(np.asarray(ids), return_inverse=True)
    hired, first = np.zeros(len(unique)), np.full(len(unique), np.datetime64("NaT"), dtype="datetime64[D]")
    np.maximum.at(hired, place, y)
    np.fmin.at(first, place, _days(days, len(y)))
    none = np.empty(0, dtype=np.intp)
    return Units(kind, hired, np.arange(len(unique)), first, None, none, none, np.empty(0)), place


def _days(days: ArrayLike | None, n: int) -> Any:
    if days is None:
        return np.full(n, np.datetime64("NaT"), dtype="datetime64[D]")
    return np.asarray(days).astype("datetime64[D]")


def _means(values: Floats, place: Ints, n: int) -> Floats:
    known = ~np.isnan(values)
    count = np.bincount(place[known], minlength=n)
    total = np.bincount(place[known], weights=values[known], minlength=n)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _judge(name: str, column: Column, units: Units, *, used: Sequence[str]) -> Finding:
    figures = measure(column, units)
    rules = broken(figures, units.kind)
    verdict, reason = _verdict(name, figures, rules, used=used)
    return Finding(name, units.kind, column.kind, verdict, rules, tuple(used), reason, figures)


def _verdict(name: str, figures: Figures, rules: tuple[str, ...], *, used: Sequence[str]) -> tuple[str, str]:
    reason = known_reason(name)
    if reason is not None:
        return (STOPS if used else KNOWN_LEAK), reason
    if not rules:
        return (CLEAR if figures.n_filled >= SUPPORT else TOO_FEW), ""
    review = REVIEWED.get(name)
    if review is not None and max(figures.auc_low or 0.0, figures.inside_low or 0.0) <= review.limit:
        return REVIEWED_FIELD, review.reason
    return (STOPS if used else SUSPICIOUS), ""


def _percentages(figures: Figures) -> dict[str, Any]:
    """The figures a sentence quotes; shares in percent, what is not known as 0."""
    values = {name: value or 0 for name, value in figures.to_json().items()}
    shares = ("rate_filled", "rate_empty", "filled_settled", "filled_open", "late")
    by_value = (figures.rate_filled or 0.0) < (figures.purest_rate or 0.0)
    rate, support = (
        (figures.purest_rate, figures.purest_n) if by_value else (figures.rate_filled, figures.n_filled)
    )
    base = figures.hires / figures.n if figures.n else 0.0
    return (
        values
        | {name: 100 * values[name] for name in shares}
        | {"rate": 100 * (rate or 0.0), "support": support, "base": 100 * base}
    )
