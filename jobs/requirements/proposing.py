"""Requirements proposed from a job's own words and fields; a person may change them."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from candidates.folding import fold_characters
from candidates.quoting import sentence_around
from candidates.reading import read_education, read_languages, read_seniority
from candidates.skills import SkillMatch, find_skills, skill, with_implied
from jobs.requirements.wording import Strength, lines, strength

Kind = Literal["skill", "seniority", "education", "english", "spanish"]

MOST_CHARACTERS = 50_000  # read of each text, as of those searched; the longest known has 9,000
MUST_LIMIT = 8  # more gates than a person keeps in mind would sieve everybody out

# What `SAP` or `nuvem` asks beside a must of `SAP SD` or `AWS`: nothing more. `Java` beside `Spring` stays.
_UMBRELLAS = frozenset({"sap", "cloud", "agile", "crm", "nosql", "networking", "virtualization"})

# Criteria that the law forbids: they never become a requirement, nor stand in a quoted sentence.
_PROTECTED = re.compile(
    r"\b(?:sexo|genero|gender|masculin[oa]s?|feminin[oa]s?|homens?|mulher(?:es)?|male|female|idade|age"
    r"|faixa etaria|ate \d\d anos de idade|entre \d\d e \d\d anos|nascid[oa]s?|jovem|jovens|solteir[oa]s?"
    r"|casad[oa]s?|estado civil|marital|filhos?|children|gestantes?|gravid[ae]s?|religiao|religion"
    r"|catolic[oa]s?|evangelic[oa]s?|raca|race|cor da pele|etnia|branc[oa]s?|negr[oa]s?|pard[oa]s?"
    r"|aparencia|fotos?|photo|bairros?|morar n[oa]|residir|resid[ae] n[oa]|cep|nacionalidade|nationality"
    r"|pcd|deficiencia|deficientes?)\b"
)

# A list of degrees ("superior em Administração, Comércio Exterior") asks for schooling, not for these skills.
_DEGREES = re.compile(
    r"\b(?:ensino superior|curso superior|nivel superior|formacao|graduacao|graduad[oa]|bacharel|degree"
    r"|bacharelado|superior completo|superior em|cursando|faculdade)\b"
)
_FIELDS_OF_STUDY = frozenset({"finance", "logistics", "people", "marketing", "legal", "administration"})


@dataclass(frozen=True)
class JobFacts:
    """Texts as the job has them; seniority, education and languages as stored codes, "" where nothing is
    said."""

    title: str = ""
    activities: str = ""
    competences: str = ""
    remarks: str = ""
    seniority: str = ""
    education: str = ""
    english: str = ""
    spanish: str = ""


@dataclass(frozen=True)
class RequirementDraft:
    kind: Kind
    value: str
    must: bool
    quote: str


Section = Literal["title", "competences", "activities", "remarks"]


@dataclass(frozen=True)
class _Mention:
    section: Section
    said: Strength | None
    quote: str


@dataclass
class _Asked:
    """Every mention of one skill, in reading order."""

    skill: str
    order: int
    mentions: list[_Mention] = field(default_factory=list)

    def says(self, said: Strength) -> bool:
        return any(mention.said == said for mention in self.mentions)

    def in_section(self, section: Section) -> bool:
        return any(mention.section == section for mention in self.mentions)

    @property
    def must(self) -> bool:
        """What is said outright counts first, then where it stands; once among the activities alone is
        nice."""
        if self.says("must") or self.in_section("title"):
            return True
        if self.says("nice"):
            return False
        return self.in_section("competences") or len(self.mentions) > 1

    @property
    def prominence(self) -> tuple[bool, bool, bool, int, int]:
        """Sorts the most prominent first."""
        return (
            not self.in_section("title"),
            not self.says("must"),
            not self.in_section("competences"),
            -len(self.mentions),
            self.order,
        )

    @property
    def quote(self) -> str:
        """The sentence that decides: the first that says must or nice, else the first outside the title."""
        outright = next((mention.quote for mention in self.mentions if mention.said), "")
        return outright or next(
            (m.quote for m in self.mentions if m.section != "title"), self.mentions[0].quote
        )


def propose_requirements(facts: JobFacts) -> list[RequirementDraft]:
    """Skills (the musts first, by prominence), then seniority, education, English and Spanish; each value
    once."""
    return [*_skill_drafts(facts), *_field_drafts(facts)]


def _skill_drafts(facts: JobFacts) -> list[RequirementDraft]:
    asked = _without_umbrellas(_asked_skills(facts))
    asked.sort(key=lambda wanted: (not wanted.must, wanted.prominence))
    return [
        RequirementDraft("skill", wanted.skill, wanted.must and place < MUST_LIMIT, wanted.quote)
        for place, wanted in enumerate(asked)
    ]


def _asked_skills(facts: JobFacts) -> list[_Asked]:
    asked: dict[str, _Asked] = {}
    for section, text in _sections(facts):
        for match, said in _skills_in(section, text):
            wanted = asked.setdefault(match.skill, _Asked(match.skill, len(asked)))
            wanted.mentions.append(_Mention(section, said, _quote(text, match.start, match.end)))
    return list(asked.values())


def _sections(facts: JobFacts) -> list[tuple[Section, str]]:
    """A third of the jobs repeats the activities as competences, word for word: they count once."""
    copied = facts.activities.split() == facts.competences.split()
    sections: list[tuple[Section, str]] = [
        ("title", facts.title),
        ("competences", facts.competences),
        ("activities", "" if copied else facts.activities),
        ("remarks", facts.remarks),
    ]
    return [(section, text[:MOST_CHARACTERS]) for section, text in sections if text.strip()]


def _skills_in(section: Section, text: str) -> Iterator[tuple[SkillMatch, Strength | None]]:
    """Skills, and what is said of each. Remarks are mostly of pay and place: there only outright words
    count."""
    matches = deque(find_skills(text))
    for line in lines(text):
        end = line.start + len(line.text)
        while matches and matches[0].start <= end:
            match = matches.popleft()
            sentence, at = _sentence(line.text, match.start - line.start)
            if line.scope == "off" or _is_degree(sentence, match.skill):
                continue
            said = strength(sentence, at, at + match.end - match.start) or line.scope or None
            if said or section != "remarks":
                yield match, said


_SENTENCE_END = re.compile(r"[;•●▪·]|[.!?](?=\s)")
_SENTENCE_REACH = 1_000  # a text without any pause is read no further than this on either side of a skill


def _sentence(line: str, at: int) -> tuple[str, int]:
    """The sentence around a place in a line, and that place within it."""
    first = max(0, at - _SENTENCE_REACH)
    for pause in _SENTENCE_END.finditer(line, first, at):
        first = pause.end()
    following = _SENTENCE_END.search(line, at, at + _SENTENCE_REACH)
    return line[first : following.start() if following else at + _SENTENCE_REACH], at - first


def _is_degree(sentence: str, identifier: str) -> bool:
    return skill(identifier).group in _FIELDS_OF_STUDY and bool(_DEGREES.search(fold_characters(sentence)))


def _without_umbrellas(asked: list[_Asked]) -> list[_Asked]:
    implied = {other for wanted in asked if wanted.must for other in with_implied(wanted.skill)[1:]}
    return [wanted for wanted in asked if wanted.skill not in implied & _UMBRELLAS]


_FIELD_NAMES: dict[Kind, re.Pattern[str]] = {
    "english": re.compile(r"\b(?:ingles|english)\b"),
    "spanish": re.compile(r"\b(?:espanhol|spanish)\b"),
}


def _field_drafts(facts: JobFacts) -> Iterator[RequirementDraft]:
    """The fields decide what is asked; the texts lend the quote, and whether a language is only an
    advantage."""
    text = "\n".join(
        part for part in (facts.title, facts.competences, facts.activities, facts.remarks) if part
    )
    said = read_seniority(text)
    if facts.seniority:
        quote = said.quote if said.code == facts.seniority else ""
        yield RequirementDraft("seniority", facts.seniority, True, _unprotected(quote))
    schooling = read_education(text)
    if facts.education:
        quote = schooling.quote if schooling.code == facts.education else ""
        yield RequirementDraft("education", facts.education, True, _unprotected(quote))
    languages: list[tuple[Kind, str]] = [("english", facts.english), ("spanish", facts.spanish)]
    for kind, level in languages:
        if level not in ("", "none"):
            yield _language_draft(kind, level, text)


def _language_draft(kind: Kind, level: str, text: str) -> RequirementDraft:
    read = read_languages(text).get(kind)
    quote = _unprotected(read.quote if read else _naming(text, _FIELD_NAMES[kind]))
    named = _FIELD_NAMES[kind].search(fold_characters(quote))
    must = named is None or strength(quote, named.start(), named.end()) != "nice"
    return RequirementDraft(kind, level, must, quote)


def _naming(text: str, name: re.Pattern[str]) -> str:
    """The first sentence that names a language, though without a level."""
    found = name.search(fold_characters(text))
    return sentence_around(text, found.start(), found.end()) if found else ""


def _quote(text: str, start: int, end: int) -> str:
    """The sentence, or the bare words where the sentence also names a criterion the law forbids."""
    return _unprotected(sentence_around(text, start, end)) or text[start:end]


def _unprotected(quote: str) -> str:
    return "" if _PROTECTED.search(fold_characters(quote)) else quote
