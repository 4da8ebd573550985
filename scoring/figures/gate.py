"""The gate's verdict in words (scoring.gate.judge)."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from scoring.figures import reading, words
from scoring.figures.reading import Figure, Json
from scoring.figures.words import Badge
from scoring.models import ModelVersion

CHECKS: words.Words = {
    "measured": _("It could be judged"),
    "files": _("Its files are those that were saved"),
    "figures": _("Its figures can be read"),
    "champion": _("The version in use can be measured"),
    "rows": _("Enough applications to compare on"),
    "f1": _("F1 at its own cut, not under the limit"),
    "average_precision": _("Average precision, not worse beyond the noise"),
    "brier": _("Brier score, not worse beyond the noise"),
    "calibration": _("Calibration error, not worse beyond the noise"),
    "inside_auc": _("Order inside a job, not worse beyond the noise"),
    "evidence": _("Evidence inside jobs, not weaker"),
    "fairness": _("Selection of groups of people, not under the limit"),
}
NOT_MEASURED = Badge(_("not measured"), "", "question")


@dataclass(frozen=True)
class Check:
    words: str | Promise
    badge: Badge
    challenger: float | None
    champion: float | None
    challenger_word: str
    champion_word: str
    limit: float | None
    difference: Figure
    note: str


@dataclass(frozen=True)
class Verdict:
    badge: Badge
    passed: bool
    champion: int | None
    at: datetime.datetime | None
    rows: Json
    notes: list[str]
    checks: list[Check]


def verdict(version: ModelVersion) -> Verdict | None:
    """None when no gate has judged the version."""
    stored = reading.mapping(version.verdict)
    if not isinstance(stored.get("passed"), bool):
        return None
    champion = stored.get("champion")
    return Verdict(
        badge=words.GATE[stored["passed"]],
        passed=stored["passed"],
        champion=champion if isinstance(champion, int) else None,
        at=reading.moment(stored.get("at")),
        rows=reading.mapping(stored.get("rows")),
        notes=[text for text in map(told, reading.mappings(stored.get("notes"))) if text],
        checks=[_check(found) for found in reading.mappings(stored.get("checks"))],
    )


def _check(found: Json) -> Check:
    name, passed = str(found.get("name", "")), found.get("passed")
    challenger, champion = found.get("challenger"), found.get("champion")
    return Check(
        words=CHECKS.get(name, name),
        badge=words.GATE[passed] if isinstance(passed, bool) else NOT_MEASURED,
        challenger=reading.number(challenger),
        champion=reading.number(champion),
        challenger_word=_word(challenger),
        champion_word=_word(champion),
        limit=reading.number(found.get("limit")),
        difference=Figure(None, reading.number(found.get("low")), reading.number(found.get("high"))),
        note=told(reading.mapping(found.get("note"))),
    )


def _word(value: object) -> str:
    """An evidence verdict; anything else is no word."""
    return str(words.EVIDENCE[value].words) if isinstance(value, str) and value in words.EVIDENCE else ""


def told(message: Json) -> str:
    """A stored message (id and params) in the reader's language; gaps it cannot fill stay as they are."""
    text: Any = message.get("id")
    if not isinstance(text, str) or not text:
        return ""
    try:
        return _t(text) % reading.mapping(message.get("params"))
    except (KeyError, TypeError, ValueError):
        return text
