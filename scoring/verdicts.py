"""The gate's verdict and the fairness figures in words, as pages show them.

Verdicts are stored and older than the program that shows them: what is not there, or is not what it should
be, is shown as not measured.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candidates.numbers import localized
from scoring.figures import reading
from scoring.figures.reading import Json
from scoring.figures.words import Badge
from scoring.models import EvidenceVerdict, LabelPolicy

Words = Mapping[str, Promise]

CHECKS: Words = {
    "files": _("Its files are those that were saved"),
    "figures": _("Its figures on later outcomes can be read"),
    "champion": _("The version in use can be measured on the same rows"),
    "rows": _("Enough later outcomes to compare on"),
    "labels": _("Both count hires in the same way"),
    "measured": _("The two could be compared"),
    "f1": _("F1 at each one's own cut"),
    "average_precision": _("Average precision"),
    "brier": _("Brier score (lower is better)"),
    "calibration": _("Calibration error (lower is better)"),
    "inside_auc": _("Order inside a job (AUC)"),
    "evidence": _("Evidence that the order inside a job beats chance"),
    "fairness": _("Lowest impact ratio of a group"),
}
RULES: Words = {
    "rows": _("hires, other outcomes and jobs: at least %(limit)s of each"),
    "f1": _("not under %(limit)s"),
    "average_precision": _("not lower beyond the noise"),
    "brier": _("not higher beyond the noise"),
    "calibration": _("not higher beyond the noise"),
    "inside_auc": _("not lower beyond the noise"),
    "evidence": _("not weaker"),
    "fairness": _("not surely under %(limit)s, unless the version in use is as low"),
}
STATES: Mapping[bool | None, Badge] = {
    True: Badge(_("passed"), "badge-good", "check"),
    False: Badge(_("not passed"), "badge-bad", "cross"),
    None: Badge(_("not measured"), "", "question"),
}
ATTRIBUTES: Words = {"sex": _("Sex"), "age": _("Age at the application"), "disability": _("Disability")}
MEASURES: Words = {
    "above_median": _("scored above the median"),
    "first_ten": _("among the first ten of the job"),
    "top_third": _("among the best third of the job"),
    "at_cut": _("at or above the cut"),
}
GROUPS: Words = {
    "female": _("women"),
    "male": _("men"),
    "other": _("other"),
    "under_30": _("under 30"),
    "30_39": _("30 to 39"),
    "40_49": _("40 to 49"),
    "50_over": _("50 and over"),
    "yes": _("with a disability"),
    "no": _("without a disability"),
}
NOT_JUDGED = _("too few to judge")


@dataclass(frozen=True)
class Line:
    """One check. Figures are None where the check has none; ``challenger`` and ``champion`` may be words."""

    words: str | Promise
    badge: Badge
    challenger: str | None
    champion: str | None
    low: float | None
    high: float | None
    rule: str
    note: str
    where: str

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Verdict:
    passed: bool
    champion: int | None
    at: datetime.datetime | None
    used: int | None
    hires: int | None
    notes: list[str]
    lines: list[Line]

    @property
    def failed(self) -> list[Line]:
        return [line for line in self.lines if line.badge is STATES[False]]


def verdict(stored: object) -> Verdict | None:
    """None when no gate has judged."""
    found = reading.mapping(stored)
    if not isinstance(found.get("passed"), bool):
        return None
    rows = reading.mapping(found.get("rows"))
    return Verdict(
        passed=found["passed"],
        champion=_whole(found.get("champion")),
        at=reading.moment(found.get("at")),
        used=_whole(rows.get("used")),
        hires=_whole(rows.get("hires")),
        notes=[text for text in map(sentence, reading.mappings(found.get("notes"))) if text],
        lines=[_line(check) for check in reading.mappings(found.get("checks"))],
    )


def reasons_against(stored: object) -> list[str]:
    """Each failed check in one line of plain text: its words, what was found, what would have passed."""
    found = verdict(stored)
    return [_reason(line) for line in found.failed] if found else []


def _reason(line: Line) -> str:
    sides = (
        (gettext("this one"), line.challenger),
        (gettext("the one in use"), line.champion),
        (gettext("wanted"), line.rule),
    )
    figures = ", ".join(f"{side} {value}" for side, value in sides if value)
    told = " ".join(part for part in (line.where, line.note) if part)
    return " – ".join(part for part in (str(line.words), figures, told) if part)


def _line(check: Json) -> Line:
    name, passed = str(check.get("name", "")), check.get("passed")
    note = sentence(reading.mapping(check.get("note")))
    return Line(
        words=CHECKS.get(name, name),
        badge=STATES[passed if isinstance(passed, bool) else None],
        challenger=_value(name, check.get("challenger")),
        champion=_value(name, check.get("champion")),
        low=reading.number(check.get("low")),
        high=reading.number(check.get("high")),
        rule=_rule(name, check.get("limit")),
        note=note,
        where=_where(reading.mapping(check.get("where"))),
    )


def _value(name: str, found: object) -> str | None:
    if name == "evidence":
        return str(EvidenceVerdict(found).label) if found in EvidenceVerdict.values else None
    number = reading.number(found)
    return None if number is None else localized(number, 0 if name == "rows" else 3)


def _rule(name: str, limit: object) -> str:
    number = reading.number(limit)
    if name not in RULES or (number is None and "%(limit)s" in str(RULES[name])):
        return ""
    shown = "" if number is None else localized(number, {"rows": 0, "fairness": 2}.get(name, 3))
    return str(RULES[name]) % {"limit": shown}


def _where(found: Json) -> str:
    if not found:
        return ""
    words = {
        "group": GROUPS.get(found.get("category", ""), found.get("category")),
        "reference": GROUPS.get(found.get("reference", ""), found.get("reference")),
        "measure": MEASURES.get(found.get("measure", ""), found.get("measure")),
    }
    text = gettext("%(group)s beside %(reference)s: %(measure)s") % words
    failing = reading.count(found.get("failing"))
    return text if failing < 2 else text + " " + gettext("(one of %(failing)s)") % {"failing": failing}


def sentence(message: Json) -> str:
    """A message in the reader's language; made by another program: what it says, without its figures."""
    text = message.get("id")
    if not isinstance(text, str) or not text:
        return ""
    params = {name: _shown(value) for name, value in reading.mapping(message.get("params")).items()}
    try:
        return gettext(text) % params if params else gettext(text)
    except (KeyError, TypeError, ValueError):
        return text


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return str(LabelPolicy(value).label) if value in LabelPolicy.values else value
    number = reading.number(value)
    return "" if number is None else localized(number, 0 if isinstance(value, int) else 3, grouped=True)


def _whole(found: object) -> int | None:
    number = reading.number(found)
    return None if number is None else int(number)


# Fairness


@dataclass(frozen=True)
class Group:
    words: str | Promise
    n: int
    hits: int | None
    rate: float | None
    ratio: float | None
    low: float | None
    high: float | None
    p_value: float | None
    is_reference: bool
    enough: bool
    flagged: bool


@dataclass(frozen=True)
class Block:
    measure: str | Promise
    n: int
    unknown: int
    groups: list[Group]


@dataclass(frozen=True)
class Attribute:
    words: str | Promise
    blocks: list[Block]


@dataclass(frozen=True)
class Fairness:
    rows: int
    flagged: int
    judged: bool
    limit: float | None
    minimum: int
    attributes: list[Attribute]


def fairness(stored: object) -> Fairness | None:
    """None when nothing was audited."""
    found = reading.mapping(stored)
    if not found:
        return None
    rules = reading.mapping(found.get("rules"))
    by_attribute: dict[str, list[Block]] = {}
    for block in reading.mappings(found.get("blocks")):
        by_attribute.setdefault(str(block.get("attribute")), []).append(_block(block))
    return Fairness(
        rows=reading.count(found.get("rows")),
        flagged=reading.count(found.get("flagged")),
        judged=bool(found.get("judged")),
        limit=reading.number(rules.get("limit")),
        minimum=reading.count(rules.get("minimum")),
        attributes=[Attribute(ATTRIBUTES.get(name, name), blocks) for name, blocks in by_attribute.items()],
    )


def _block(block: Json) -> Block:
    name = str(block.get("measure"))
    return Block(
        measure=MEASURES.get(name, name),
        n=reading.count(block.get("n")),
        unknown=reading.count(block.get("unknown")),
        groups=[_group(one, block.get("reference")) for one in reading.mappings(block.get("categories"))],
    )


def _group(one: Json, reference: object) -> Group:
    name = str(one.get("name"))
    return Group(
        words=GROUPS.get(name, name),
        n=reading.count(one.get("n")),
        hits=_whole(one.get("hits")),
        **{key: reading.number(one.get(key)) for key in ("rate", "ratio", "low", "high", "p_value")},
        is_reference=name == reference,
        enough=bool(one.get("enough")),
        flagged=bool(one.get("flagged")),
    )
