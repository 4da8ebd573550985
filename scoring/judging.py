"""What the gate looks at: a version and the champion of its recipe on the same rows (docs/gate.md).

What cannot be read or measured is a failed check, never an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_noop

from scoring import answers, fairness, registry
from scoring.models import ModelVersion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scoring.ml.artifact import Artifact
    from scoring.ml.compare import Answers, Comparison, Difference
    from scoring.ml.fairness import Block, Category, Gap

# Fewer rows of either kind, or jobs, prove nothing about two models
FEWEST = 10
NEEDED_FIGURES = ("roc_auc", "average_precision", "brier", "expected_calibration_error")
EVIDENCE = ("none", "some", "strong")

BROKE_OFF = gettext_noop("The comparison broke off; the log of the worker says where.")
NO_ROWS = gettext_noop("The rows it was measured on were not kept with it, so nothing can be compared.")
NO_FIGURES = gettext_noop("Its figures on the test window are missing.")
NO_WINDOWS = gettext_noop("It does not say from which time it learned, so no row is surely new to it.")
SEEN = gettext_noop(
    "%(left_out)s of %(rows)s applications are left out: the version in use may have learned from them."
)
GONE = gettext_noop("%(left_out)s of %(rows)s applications are left out: the person or job is gone.")
OTHER_LABELS = gettext_noop(
    "The two count hires differently (%(challenger)s, %(champion)s); here the challenger's way is used."
)
OTHER_SCALE = gettext_noop(
    "What is a hire to one is none to the other, so every score would come to mean something else. A person "
    "has to want that."
)
FEW_ROWS = gettext_noop("%(hires)s hires and %(others)s others in %(jobs)s jobs are left to compare on.")
NO_PROMISE = gettext_noop(
    "The cut of the version in use does not keep its minimum precision, so that it may stand anywhere. Here "
    "each of the two marks as many applications as were hired."
)
NOBODY_MARKED = gettext_noop("Neither cut marks anybody here, so there is no F1 to lose.")
FEW_MARKED = gettext_noop("The cuts mark %(challenger)s and %(champion)s applications: so few say little.")
NO_MIXED_JOB = gettext_noop("No job here has both a hire and somebody not hired.")
NOT_TOLD = gettext_noop("It cannot be told on these rows.")
NOBODY_KNOWN = gettext_noop("Too few people have told their group to judge.")
FEW = 20  # marked rows

Progress = answers.Progress


@dataclass(frozen=True)
class Check:
    """``passed`` None: not measured, which is no reason against the version."""

    name: str
    passed: bool | None
    challenger: Any = None
    champion: Any = None
    limit: float | None = None
    low: float | None = None
    high: float | None = None
    note: Mapping[str, Any] | None = None
    where: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "where" or value}


@dataclass
class Findings:
    """What one judgement collects on its way."""

    checks: list[Check] = field(default_factory=list)
    notes: list[Mapping[str, Any]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    fairness: dict[str, Any] | None = None

    def add(self, name: str, passed: bool | None, **values: Any) -> bool:
        self.checks.append(Check(name, passed, **values))
        return bool(passed)

    @property
    def passed(self) -> bool:
        return all(check.passed is not False for check in self.checks)


def message(text: str, **params: Any) -> dict[str, Any]:
    return {"id": text, "params": params}


def find(version: ModelVersion, champion: ModelVersion | None, progress: Progress) -> Findings:
    """Everything the gate has to say of ``version`` beside ``champion`` (None: nothing serves yet)."""
    findings = Findings()
    held = _own(version, findings)
    if held is None:
        return findings
    both = _both(version, held, champion, findings, progress) if champion else None
    if both is not None:
        _compare(both, findings)
    _judge_fairness(version, held, both, findings)
    return findings


def failed() -> Findings:
    """What is left to say when the judgement itself broke off."""
    findings = Findings()
    findings.add("measured", False, note=message(BROKE_OFF))
    return findings


def _own(version: ModelVersion, findings: Findings) -> answers.Holdout | None:
    """The challenger's own rows; None when its files or figures cannot be read."""
    from scoring.ml.artifact import ArtifactError

    try:
        model = registry.fresh_artifact(version)
    except ArtifactError as error:
        findings.add("files", False, note=message(error.problem))
        return None
    findings.add("files", True)
    if not _has_figures(version):
        findings.add("figures", False, note=message(NO_FIGURES))
        return None
    try:
        held = answers.holdout(model)
    except answers.NoHoldout:
        findings.add("figures", False, note=message(NO_ROWS))
        return None
    findings.add("figures", True)
    return held


def _has_figures(version: ModelVersion) -> bool:
    import math

    values = [version.metrics.get(name) for name in NEEDED_FIGURES]
    return all(isinstance(value, int | float) and math.isfinite(value) for value in values)


# The champion on the same rows


@dataclass(frozen=True, eq=False)
class Both:
    """The rows that both were asked about, and what each said."""

    rows: answers.Rows
    y: "NDArray[np.float64]"
    challenger: "Answers"
    champion: "Answers"
    at_cuts: bool  # the champion's cut keeps its minimum precision


class _Unusable(Exception):
    """The champion cannot be measured; the first argument is a message id."""


def _both(
    version: ModelVersion,
    held: answers.Holdout,
    champion: ModelVersion,
    findings: Findings,
    progress: Progress,
) -> Both | None:
    """None when the champion cannot be read or too few rows are left; both are failed checks."""
    from scoring.ml.artifact import ArtifactError

    try:
        model = _readable(champion)
        usable = _usable(held, model, findings)
        findings.add("champion", True)
        if not _enough(held, usable, findings):
            return None
        rows = held.rows.taken(usable)
        theirs, _known = answers.answers(model, rows, events=answers.history(), progress=progress)
    except (_Unusable, answers.NoAnswers, ArtifactError) as error:
        problem = error.problem if isinstance(error, ArtifactError) else str(error)
        findings.checks = [check for check in findings.checks if check.name not in ("champion", "rows")]
        findings.add("champion", False, note=message(problem))
        return None
    if version.label_policy != champion.label_policy:
        _tell_other_labels(version, champion, findings)
    return Both(rows, held.y[usable], held.said.taken(usable), theirs, at_cuts=champion.threshold_attainable)


def _tell_other_labels(version: ModelVersion, champion: ModelVersion, findings: Findings) -> None:
    """The figures are still told, by the challenger's labels; those of the champion suffer from that."""
    policies = {"challenger": version.label_policy, "champion": champion.label_policy}
    findings.notes.append(message(OTHER_LABELS, **policies))
    findings.add("labels", False, note=message(OTHER_SCALE))


def _readable(champion: ModelVersion) -> "Artifact":
    model = registry.fresh_artifact(champion)
    if not _has_figures(champion):
        raise _Unusable(NO_FIGURES)
    return model


def _usable(held: answers.Holdout, model: "Artifact", findings: Findings) -> "NDArray[np.bool_]":
    """Rows that are still stored and surely new to the champion."""
    new, there = held.rows.days >= _new_from(model), answers.still_there(held.rows)
    total = len(held.rows)
    findings.rows = {"rows": total, "gone": int((~there).sum()), "seen": int((~new).sum())}
    for text, number in ((SEEN, int((~new).sum())), (GONE, int((~there).sum()))):
        if number:
            findings.notes.append(message(text, left_out=number, rows=total))
    return new & there


def _new_from(model: "Artifact") -> "np.datetime64":
    """The first day of the champion's own test window: it learned, stopped and chose on days before."""
    import numpy as np

    try:
        start = next(window["start"] for window in model.manifest["windows"] if window["name"] == "test")
        return np.datetime64(start, "D")
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise _Unusable(NO_WINDOWS) from error


def _enough(held: answers.Holdout, usable: "NDArray[np.bool_]", findings: Findings) -> bool:
    import numpy as np

    truth = held.y[usable]
    hires, others = int(truth.sum()), int(len(truth) - truth.sum())
    jobs = len(np.unique(held.rows.jobs[usable]))
    findings.rows |= {"used": len(truth), "hires": hires, "jobs": jobs}
    fewest = min(hires, others, jobs)
    note = message(FEW_ROWS, hires=hires, others=others, jobs=jobs)
    return findings.add("rows", fewest >= FEWEST, challenger=fewest, limit=FEWEST, note=note)


# The checks


def _compare(both: Both, findings: Findings) -> None:
    from scoring.ml.compare import compare

    found = compare(both.y, job_ids=both.rows.jobs, challenger=both.challenger, champion=both.champion)
    _check_f1(found, findings, at_cuts=both.at_cuts)
    for name, difference in (
        ("average_precision", found.average_precision),
        ("brier", found.brier),
        ("calibration", found.calibration_error),
    ):
        _check_difference(name, difference, findings)
    _check_inside(found, findings)


def _check_f1(found: "Comparison", findings: Findings, *, at_cuts: bool) -> None:
    """F1 at each one's own cut. A cut that marks nobody has an F1 of 0; two such have nothing to lose.

    A cut that keeps a minimum precision is strict and has a low F1; where none could, the stored one may mark
    everybody and have a high one. So the champion's F1 counts only if its cut keeps the promise.
    """
    f1 = found.f1 if at_cuts else found.f1_at_hires
    limit = settings.GATE_F1_PERCENT / 100 * (f1.champion or 0.0)
    note = _note_on_marked(*found.marked) if at_cuts else message(NO_PROMISE)
    findings.add("f1", (f1.challenger or 0.0) >= limit, limit=limit, note=note, **_figures(f1))


def _note_on_marked(ours: int, theirs: int) -> Mapping[str, Any] | None:
    if max(ours, theirs) == 0:
        return message(NOBODY_MARKED)
    return message(FEW_MARKED, challenger=ours, champion=theirs) if min(ours, theirs) < FEW else None


def _check_difference(name: str, difference: "Difference", findings: Findings) -> None:
    worse = difference.is_worse
    note = message(NOT_TOLD) if worse is None else None
    findings.add(name, worse is False, note=note, **_figures(difference))


def _figures(difference: "Difference") -> dict[str, float | None]:
    names = ("challenger", "champion", "low", "high")
    return {name: getattr(difference, name) for name in names}


def _check_inside(found: "Comparison", findings: Findings) -> None:
    """The order inside jobs by its figure and by what it may be called; without a job to tell, by neither."""
    from scoring.ml.evidence import verdict

    if found.inside_auc.challenger is None:
        findings.add("inside_auc", None, note=message(NO_MIXED_JOB))
        return
    _check_difference("inside_auc", found.inside_auc, findings)
    ours, theirs = (verdict(inside).verdict for inside in found.inside)
    passed = EVIDENCE.index(ours) >= EVIDENCE.index(theirs)
    findings.add("evidence", passed, challenger=ours, champion=theirs)


# Fairness


def _judge_fairness(
    version: ModelVersion, held: answers.Holdout, both: Both | None, findings: Findings
) -> None:
    """The audit of all rows goes into the card. The gate looks at the rows of both, if both could be asked:
    a low ratio that the champion has too is shown and does not stop a version that makes it no worse."""
    from scoring.ml.fairness import audit, gaps

    groups = fairness.groups(held.rows.candidates, held.rows.days)
    blocks = audit(groups, _chosen(held.rows, held.said), rules=fairness.rules())
    findings.fairness = fairness.report(blocks, rows=len(held.rows))
    if both is None:
        _check_ratios(blocks, {}, findings)
        return
    groups = fairness.groups(both.rows.candidates, both.rows.days)
    ours_chosen, theirs = _chosen(both.rows, both.challenger), _chosen(both.rows, both.champion)
    blocks = audit(groups, ours_chosen, rules=fairness.rules())
    found = gaps(blocks, groups, challenger=ours_chosen, champion=theirs, job_ids=both.rows.jobs)
    _check_ratios(blocks, {(gap.attribute, gap.measure, gap.category): gap for gap in found}, findings)


def _chosen(rows: answers.Rows, side: "Answers") -> "Mapping[str, NDArray[np.float64]]":
    from scoring.ml.fairness import chosen

    return chosen(side, job_ids=rows.jobs, candidate_ids=rows.candidates)


def _check_ratios(
    blocks: "Sequence[Block]", beside: "Mapping[tuple[str, str, str], Gap]", findings: Findings
) -> None:
    """The worst certain ratio decides; when none is certain, the lowest one that could be judged is told."""
    judged = [(block, one) for block in blocks for one in block.categories if one.p_value is not None]
    if not judged:
        findings.add("fairness", None, limit=fairness.rules().limit, note=message(NOBODY_KNOWN))
        return
    failing = [pair for pair in judged if pair[1].certain and _stops(pair, beside)]
    block, one = min(failing or judged, key=lambda pair: pair[1].ratio or 0.0)
    gap = beside.get((block.attribute, block.measure, one.name))
    findings.add(
        "fairness",
        not failing,
        challenger=one.ratio,
        champion=gap.champion if gap else None,
        low=gap.low if gap else None,
        high=gap.high if gap else None,
        limit=fairness.rules().limit,
        where={
            "attribute": block.attribute,
            "measure": block.measure,
            "category": one.name,
            "reference": block.reference,
            "failing": len(failing),
        },
    )


def _stops(pair: "tuple[Block, Category]", beside: "Mapping[tuple[str, str, str], Gap]") -> bool:
    """A certain low ratio stops the version, unless the champion's is known and as low within the noise."""
    block, one = pair
    gap = beside.get((block.attribute, block.measure, one.name))
    return gap is None or gap.is_worse is not False
