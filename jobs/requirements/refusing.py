"""Criteria that nobody may be asked to meet, and ways of writing them that only seem to be something else.

Lei 9.029/1995 art. 1 forbids sex, origin, race, colour, marital status, family situation, disability, age and
everything like them; CLT art. 373-A, the Constitution (art. 7 XXX, 8 V) and the LGPD (art. 5 II) add
pregnancy, religion, unions, opinions and health (`grounds`). What stands for one of them (a district, a
photo, "recém-formado") is refused too, and what pries without need: debts, a criminal record, years of
experience, private life (`proxies`). Each says what to ask for instead.

Words are looked for as the folding of candidates.folding leaves them: lower case, no accents. The subject of
somebody's work ("saúde da mulher", "race conditions") is no criterion and passes (`exempting`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from jobs.requirements.criterion import Criterion
from jobs.requirements.disguises import undisguised, without_figures
from jobs.requirements.exempting import cleared, is_subject
from jobs.requirements.grounds import GROUNDS
from jobs.requirements.proxies import PROXIES

CRITERIA = GROUNDS + PROXIES


@dataclass(frozen=True)
class Refusal:
    """``found``: the words, as folded."""

    criterion: Criterion
    found: str

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def sentence(self) -> str:
        return gettext("“%(words)s” cannot be asked for. %(reason)s") % {
            "words": self.found,
            "reason": self.criterion.reason,
        }


def refused(text: str) -> Refusal | None:
    """Why these words may not be a requirement; None when they may."""
    plain = undisguised(text)
    lettered = without_figures(plain)
    return _refused(plain) or (_refused(lettered) if lettered != plain else None)


def named_in(text: str) -> list[Refusal]:
    """All that a job's text names and nobody may be asked for, each criterion once, in the text's order."""
    named: dict[str, Refusal] = {}
    for refusal in _refusals(undisguised(text)):
        named.setdefault(refusal.code, refusal)
    return list(named.values())


def _refused(folded: str) -> Refusal | None:
    return next(_refusals(folded), None)


def _refusals(folded: str) -> Iterator[Refusal]:
    text = cleared(folded)
    end = 0
    for criterion, found in sorted(_finds(text), key=lambda find: (find[1].start(), -find[1].end())):
        if found.start() < end:
            continue  # a part of what was looked at
        end = found.end()
        if not is_subject(text, found.start()):
            yield Refusal(criterion, found[0])


def _finds(folded: str) -> Iterator[tuple[Criterion, re.Match[str]]]:
    for criterion in CRITERIA:
        for found in criterion.words.finditer(folded):
            yield criterion, found
