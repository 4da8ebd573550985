"""How far a candidate meets a requirement: met, partly, not met, or no data, with the sentence that shows
it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

from candidates.folding import Folded, fold, fold_phrase
from candidates.quoting import sentence_around
from candidates.reading import (
    EDUCATION_RUNG,
    LANGUAGE_ORDER,
    NOTHING_SAID,
    STATE_ORDER,
    Reading,
    read_education,
    read_languages,
    read_seniority,
)
from candidates.skills import find_skills, skill, with_implied

State = Literal["met", "partly", "not_met", "no_data"]

# One step apart is "partly". Levels that name a post rather than a grade sit beside the grade they are
# hired at.
SENIORITY_RUNG = {
    "apprentice": 0, "intern": 0, "trainee": 1, "auxiliary": 1, "assistant": 2, "technician": 2, "junior": 3,
    "analyst": 4, "mid": 4, "senior": 5, "specialist": 6, "lead": 6, "supervisor": 6, "coordinator": 7,
    "manager": 8,
}  # fmt: skip


class Asked(Protocol):
    """A `RequirementDraft` or a stored `jobs.models.Requirement`."""

    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def must(self) -> bool: ...


@dataclass(frozen=True)
class CandidateFacts:
    """`has_profile` False is a person known only by a code. `skills` may be empty: they are then read from
    the texts."""

    has_profile: bool = True
    cv_text: str = ""
    headline: str = ""
    technical_knowledge: str = ""
    skills: tuple[str, ...] | list[str] = ()
    seniority: str = ""
    education: str = ""
    english: str = ""
    spanish: str = ""


@dataclass(frozen=True)
class Assessment:
    state: State
    quote: str = ""


@dataclass(frozen=True)
class RequirementSummary:
    must_met: int
    must_total: int
    nice_met: int
    nice_total: int


NO_DATA = Assessment("no_data")


def assess(requirement: Asked, facts: CandidateFacts) -> Assessment:
    return _Evidence(facts).assess(requirement)


def assess_all(
    requirements: Iterable[Asked], facts: CandidateFacts, *, quotes: bool = True
) -> list[Assessment]:
    """In the order of the requirements; reads the candidate's texts once.

    Without ``quotes`` texts are read only for what the record does not say: several times as quick.
    """
    evidence = _Evidence(facts, quotes=quotes)
    return [evidence.assess(requirement) for requirement in requirements]


def levels_said(facts: CandidateFacts) -> dict[str, str]:
    """Codes of seniority, education, English and Spanish: the record's, else what the texts say, "" for
    neither. With these in the record's place levels are assessed as with the texts, but for the quotes."""
    evidence = _Evidence(facts, quotes=False)
    return {
        "seniority": facts.seniority or evidence._read_seniority.code,
        "education": facts.education or evidence._read_education.code,
        "english": facts.english or evidence._read_languages.get("english", NOTHING_SAID).code,
        "spanish": facts.spanish or evidence._read_languages.get("spanish", NOTHING_SAID).code,
    }


def summary(requirements: Iterable[Asked], assessments: Iterable[Assessment]) -> RequirementSummary:
    """Counts of what is met in full; partly met is not met here."""
    pairs = list(zip(requirements, assessments, strict=True))
    must = [assessment.state == "met" for requirement, assessment in pairs if requirement.must]
    nice = [assessment.state == "met" for requirement, assessment in pairs if not requirement.must]
    return RequirementSummary(sum(must), len(must), sum(nice), len(nice))


class _Evidence:
    """A candidate's texts, each read at most once."""

    def __init__(self, facts: CandidateFacts, *, quotes: bool = True) -> None:
        self.facts, self.quoted = facts, quotes
        self.texts = [
            text for text in (facts.cv_text, facts.headline, facts.technical_knowledge) if text.strip()
        ]

    def assess(self, requirement: Asked) -> Assessment:
        if not self.facts.has_profile:
            return NO_DATA
        if requirement.kind == "skill":
            return self._skill(requirement.value)
        if requirement.kind == "words":
            return self._words(requirement.value)
        if requirement.kind == "seniority":
            return self._seniority(requirement.value)
        if requirement.kind == "education":
            return self._education(requirement.value)
        return self._language(requirement.kind, requirement.value)

    @cached_property
    def quotes(self) -> dict[str, str]:
        """Every skill that the texts name or imply, with the first sentence that does."""
        quotes: dict[str, str] = {}
        for text in self.texts:
            for match in find_skills(text):
                for known in with_implied(match.skill):
                    if known not in quotes:
                        quotes[known] = sentence_around(text, match.start, match.end)
        return quotes

    def _skill(self, wanted: str) -> Assessment:
        known = dict.fromkeys(self.facts.skills, "")
        if self.quoted or not known:
            known |= self.quotes
        if not known and not self.texts:
            return NO_DATA
        if wanted in known:
            return Assessment("met", known[wanted])
        family = skill(wanted).family
        for other, quote in known.items():
            if family and skill(other).family == family:
                return Assessment("partly", quote)
        return Assessment("not_met")

    def _words(self, wanted: str) -> Assessment:
        """Met where the words stand together, partly where one sentence has them all."""
        if not self.texts:
            return NO_DATA
        words = [re.escape(word) for word in fold_phrase(wanted).split()]
        together = _whole(" +".join(words))
        for text, folded in self.folded:
            if words and (found := together.search(folded.text)):
                start, end = folded.place(found.start()), folded.place(found.end() - 1) + 1
                return Assessment("met", sentence_around(text, start, end))
        return self._scattered([_whole(word) for word in words])

    def _scattered(self, words: Sequence[re.Pattern[str]]) -> Assessment:
        for text, folded in self.folded if len(words) > 1 else ():
            for found in words[0].finditer(folded.text):
                start, end = folded.place(found.start()), folded.place(found.end() - 1) + 1
                quote = sentence_around(text, start, end)
                if all(word.search(fold_phrase(quote)) for word in words):
                    return Assessment("partly", quote)
        return Assessment("not_met")

    @cached_property
    def folded(self) -> list[tuple[str, Folded]]:
        return [(text, fold(text)) for text in self.texts]

    def _seniority(self, wanted: str) -> Assessment:
        said = self._said(self.facts.seniority, lambda: self._read_seniority)
        if wanted not in SENIORITY_RUNG or said.code not in SENIORITY_RUNG:
            return NO_DATA
        return _graded(SENIORITY_RUNG[said.code] - SENIORITY_RUNG[wanted], said.quote)

    def _education(self, wanted: str) -> Assessment:
        said = self._said(self.facts.education, lambda: self._read_education)
        if not wanted or not said.code:
            return NO_DATA
        return Assessment(_education_state(wanted, said.code), said.quote)

    def _language(self, language: str, wanted: str) -> Assessment:
        field = self.facts.english if language == "english" else self.facts.spanish
        said = self._said(field, lambda: self._read_languages.get(language, NOTHING_SAID))
        if not wanted or not said.code:
            return NO_DATA
        return _graded(LANGUAGE_ORDER[said.code] - LANGUAGE_ORDER[wanted], said.quote)

    def _said(self, field: str, read: Callable[[], Reading]) -> Reading:
        """The record's own field before what a text says; a quote only if the text says the same."""
        if not field:
            return read()
        if not self.quoted:
            return Reading(field, "")
        return Reading(field, read().quote if read().code == field else "")

    @cached_property
    def _read_languages(self) -> dict[str, Reading]:
        return read_languages("\n\n".join(self.texts))

    @cached_property
    def _read_education(self) -> Reading:
        return read_education("\n\n".join(self.texts))

    @cached_property
    def _read_seniority(self) -> Reading:
        """The headline first: it is what the person wants to be."""
        said = read_seniority(self.facts.headline)
        return said if said.code else read_seniority(self.facts.cv_text)


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){words}(?![a-z0-9])")


def _graded(steps: int, quote: str) -> Assessment:
    """`steps` above (positive) or below what is wanted."""
    if steps >= 0:
        return Assessment("met", quote)
    return Assessment("partly" if steps == -1 else "not_met", quote)


def _education_state(wanted: str, said: str) -> State:
    """A higher course than the one wanted, even unfinished, shows that the lower one is behind; the same
    course not as far as wanted, or the course right below it finished, is partly."""
    wanted_rung, wanted_state = _schooling(wanted)
    rung, state = _schooling(said)
    if rung > wanted_rung or (rung == wanted_rung and state >= wanted_state):
        return "met"
    finished_below = rung == wanted_rung - 1 and state == STATE_ORDER["complete"]
    return "partly" if rung == wanted_rung or finished_below else "not_met"


def _schooling(code: str) -> tuple[int, int]:
    level, _, state = code.rpartition("_")
    return EDUCATION_RUNG[level], STATE_ORDER[state]
