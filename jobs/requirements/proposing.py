"""Requirements proposed from a job's own words and fields; a person may change them."""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from candidates.folding import fold_characters
from candidates.quoting import sentence_around
from candidates.reading import read_education, read_languages, read_seniority
from candidates.skills import SkillMatch, find_skills, skill, with_implied
from jobs.requirements.wording import Scope, Strength, about_client, asks, lines, strength, tells_of_work

Kind = Literal["skill", "seniority", "education", "english", "spanish"]

MOST_CHARACTERS = 50_000  # read of each text, as of those searched; the longest known has 9,000
MUST_LIMIT = 8  # more gates than a person keeps in mind would sieve everybody out

# What `SAP` or `nuvem` asks beside a must of `SAP SD` or `AWS`: nothing more. `Java` beside `Spring` stays.
_UMBRELLAS = frozenset({"sap", "cloud", "crm", "nosql", "networking", "virtualization"})

# What a title says of the trade; what has to be known stands in the texts, where there are any.
_TRADES = frozenset(
    [
        "administrative-routines",
        "back-end",
        "bi",
        "business-analysis",
        "cloud",
        "data-analysis",
        "data-engineering",
        "data-science",
        "dba",
        "devops",
        "financial-planning",
        "front-end",
        "full-stack",
        "hr",
        "information-security",
        "it-infrastructure",
        "legal",
        "marketing",
        "networking",
        "people-management",
        "product-owner",
        "project-management",
        "reception",
        "recruiting",
        "sales",
        "secretarial",
        "service-desk",
        "software-architecture",
        "software-testing",
        "systems-analysis",
        "technical-support",
        "telecom",
        "ux",
        "web-design",
    ]
)

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


# "alone": activities of a job whose competences name no skill ("boa comunicação")
Section = Literal["title", "competences", "activities", "alone", "remarks"]


@dataclass(frozen=True)
class _Mention:
    """`asked`: in words of knowing or having done. `told`: while telling of the work or of the client."""

    section: Section
    said: Strength | None
    quote: str
    asked: bool = False
    told: bool = False


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
        """What is said outright counts first, then where it stands and how the sentence is worded."""
        if self.says("must") or any(m.section == "title" and not m.told for m in self.mentions):
            return True
        if self.says("nice"):
            return False
        listed = ("competences", "alone")
        return len(self.mentions) > 1 or any(
            m.asked or (m.section in listed and not m.told) for m in self.mentions
        )

    @property
    def likely(self) -> bool:
        """What the title or the competences only tell of: asked for where nothing else is."""
        return not self.says("nice") and (self.in_section("title") or self.in_section("competences"))

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
    found = _asked_skills(facts)
    musts = {wanted.skill for wanted in found if wanted.must} or {w.skill for w in found if w.likely}
    asked = _without_umbrellas(found, musts)
    asked.sort(key=lambda wanted: (wanted.skill not in musts, wanted.prominence))
    return [
        RequirementDraft("skill", wanted.skill, wanted.skill in musts and place < MUST_LIMIT, wanted.quote)
        for place, wanted in enumerate(asked)
    ]


def _asked_skills(facts: JobFacts) -> list[_Asked]:
    asked: dict[str, _Asked] = {}
    for section, text in _sections(facts):
        for skill_id, mention in _mentions(section, text):
            asked.setdefault(skill_id, _Asked(skill_id, len(asked))).mentions.append(mention)
    return list(asked.values())


def _sections(facts: JobFacts) -> list[tuple[Section, str]]:
    """A third of the jobs repeats the activities as competences, word for word: they count once."""
    copied = facts.activities.split() == facts.competences.split()
    named: Section = "activities" if find_skills(facts.competences[:MOST_CHARACTERS]) else "alone"
    sections: list[tuple[Section, str]] = [
        ("title", facts.title),
        ("competences", facts.competences),
        (named, "" if copied else facts.activities),
        ("remarks", facts.remarks),
    ]
    return [(section, text[:MOST_CHARACTERS]) for section, text in sections if text.strip()]


def _mentions(section: Section, text: str) -> Iterator[tuple[str, _Mention]]:
    """Skills and how each is named. Remarks are mostly of pay and place: there only outright words count."""
    found = find_skills(text)
    sentences = _Sentences(text, [match.start for match in found])
    for match, scope in _with_scopes(text, found):
        number, sentence, at = sentences.around(match.start)
        if scope == "off" or _is_degree(sentence, match.skill):
            continue
        headed: Strength | None = scope if scope in ("must", "nice") else None
        said = strength(sentence, at, at + match.end - match.start) or headed
        if said is None and section == "remarks":
            continue
        quote = _quote(text, match.start, match.end)
        if section == "title":
            told = match.skill in _TRADES or about_client(sentence, at)
            yield match.skill, _Mention(section, said, quote, told=told)
        else:
            asked = said is None and asks(sentence)
            told = about_client(sentence, at) or sentences.tell_of_work(number, headed=scope == "work")
            yield match.skill, _Mention(section, said, quote, asked, told and not asked)


def _with_scopes(text: str, found: list[SkillMatch]) -> Iterator[tuple[SkillMatch, Scope]]:
    matches = deque(found)
    for line in lines(text):
        while matches and matches[0].start <= line.start + len(line.text):
            yield matches.popleft(), line.scope


_SENTENCE_END = re.compile(r"[\n;•●▪·|]|[.!?](?=\s)")
_SENTENCE_LIMIT = 2_000  # a text without any pause is read in pieces
_MARKS = " \t\n-–—*.,:;>|•●▪·\uf0b7"


class _Sentences:
    """A text cut at line ends, bullets and full stops; `things` are the places of what it names."""

    def __init__(self, text: str, things: Sequence[int]) -> None:
        self.text, self.things = text, things
        bounds = [0, *(pause.end() for pause in _SENTENCE_END.finditer(text)), len(text)]
        self.starts = [at for start, end in pairwise(bounds) for at in range(start, end, _SENTENCE_LIMIT)]
        self.ends = [*self.starts[1:], len(text)]

    def around(self, place: int) -> tuple[int, str, int]:
        """Number and text of the sentence, and where in it the place is."""
        number = bisect_right(self.starts, place) - 1
        return number, self._at(number), place - self.starts[number]

    def tell_of_work(self, number: int, *, headed: bool) -> bool:
        """Whether that sentence, perhaps `headed` as work, tells of it.

        One that opens with a thing may be what is asked for, as a list of several is; a single one, as
        `análise de riscos`, tells of work where the sentences on both sides do.
        """
        if not self._opens_with_a_thing(number):
            return headed or tells_of_work(self._at(number))
        if self._things(number) > 1:
            return False
        beside = [other for other in (self._beside(number, -1), self._beside(number, 1)) if other is not None]
        return bool(beside) and all(self._plainly_works(other) for other in beside)

    def _plainly_works(self, number: int) -> bool:
        return not self._opens_with_a_thing(number) and tells_of_work(self._at(number))

    def _opens_with_a_thing(self, number: int) -> bool:
        if not self._things(number):
            return False
        first = bisect_left(self.things, self.starts[number])
        return not self.text[self.starts[number] : self.things[first]].strip(_MARKS)

    def _things(self, number: int) -> int:
        return bisect_left(self.things, self.ends[number]) - bisect_left(self.things, self.starts[number])

    def _at(self, number: int) -> str:
        return self.text[self.starts[number] : self.ends[number]]

    def _beside(self, number: int, step: int) -> int | None:
        """The next sentence in that direction that says something."""
        number += step
        while 0 <= number < len(self.starts):
            if self._at(number).strip(_MARKS):
                return number
            number += step
        return None


def _is_degree(sentence: str, identifier: str) -> bool:
    return skill(identifier).group in _FIELDS_OF_STUDY and bool(_DEGREES.search(fold_characters(sentence)))


def _without_umbrellas(asked: list[_Asked], musts: set[str]) -> list[_Asked]:
    implied = {other for must in musts for other in with_implied(must)[1:]}
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
