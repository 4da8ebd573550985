"""Skills that a text names, found with the seed taxonomy in `taxonomy/`.

The text is folded character by character (lower case, no accents, separators as blanks), so that a place in
the folded text is the same place in the original. One Aho-Corasick pass then finds every alias of the
taxonomy; what does not stand as words of its own is dropped, and of overlapping finds the first and longest
stays.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import ahocorasick

from candidates.folding import fold, fold_characters, fold_phrase

TAXONOMY = Path(__file__).parent / "taxonomy"
SKILLS_FILE = TAXONOMY / "skills.csv"
DECOYS_FILE = TAXONOMY / "decoys.txt"

CONTEXT_REACH = 60  # characters on either side in which an ambiguous name looks for its context
_LETTER_BEFORE = re.compile(r"(?:^| )[a-z] $")
_LETTER_AFTER = re.compile(r" [a-z](?: |$)")
_DOMAIN = re.compile(r"\.(?:com|org|net|gov|edu|br)\b")


@dataclass(frozen=True)
class Skill:
    """`family` groups near substitutes (one relational database for another); "" has none.
    `implies` lists skills that nobody can have this one without, as `sql` for `plsql`."""

    id: str
    label: str
    group: str
    family: str = ""
    implies: tuple[str, ...] = ()


@dataclass(frozen=True)
class SkillMatch:
    skill: str
    start: int
    end: int


class _Alias(NamedTuple):
    length: int
    skill: str  # "" for a decoy: a phrase that takes its place and names no skill
    context: re.Pattern[str] | None


class _Find(NamedTuple):
    start: int
    length: int
    alias: _Alias


class _Taxonomy(NamedTuple):
    skills: dict[str, Skill]
    automaton: "ahocorasick.Automaton"


TAXONOMY_VERSION = hashlib.sha256(SKILLS_FILE.read_bytes() + DECOYS_FILE.read_bytes()).hexdigest()[:12]


def find_skills(text: str) -> list[SkillMatch]:
    """Every mention in order, never overlapping; `start` and `end` are places in the given text."""
    folded = fold(text)
    end, matches = 0, []
    for find in _finds(folded.text):
        if find.start < end or not _fits_context(find, folded.text):
            continue
        end = find.start + find.length
        if find.alias.skill:
            matches.append(SkillMatch(find.alias.skill, folded.place(find.start), folded.place(end - 1) + 1))
    return matches


def skill_ids(*texts: str) -> list[str]:
    """Ids of the skills named, each once, in order of first mention; implied ones after their cause."""
    found: dict[str, None] = {}
    for text in texts:
        for match in find_skills(text):
            found.update(dict.fromkeys(with_implied(match.skill)))
    return list(found)


@cache
def with_implied(identifier: str) -> tuple[str, ...]:
    """The skill, then all that it implies."""
    found: dict[str, None] = {identifier: None}
    for implied in skill(identifier).implies:
        found.update(dict.fromkeys(with_implied(implied)))
    return tuple(found)


def skill(identifier: str) -> Skill:
    """A skill by id. One that an older taxonomy had and this one lacks is shown by its id."""
    known = _taxonomy().skills.get(identifier)
    return known or Skill(identifier, identifier, "other")


def all_skills() -> list[Skill]:
    return list(_taxonomy().skills.values())


def _finds(folded: str) -> list[_Find]:
    """Aliases that stand as words of their own: by start, the longest first."""
    finds = []
    for last, alias in _taxonomy().automaton.iter(" " + folded):
        # The automaton saw one blank before the text and one before the alias: they cancel out.
        if _ends_a_word(folded, last, alias.length):
            finds.append(_Find(last - alias.length, alias.length, alias))
    finds.sort(key=lambda find: (find.start, -find.length))
    return finds


def _ends_a_word(folded: str, end: int, length: int) -> bool:
    following = folded[end : end + 1]
    if following == "" or following == " ":
        return True
    if following.isalnum() or following in "@_":
        return False
    if length <= 2:
        return following == "." and not folded[end + 1 : end + 2].isalnum()
    return not (following == "." and _DOMAIN.match(folded, end))


def _fits_context(find: _Find, folded: str) -> bool:
    context = find.alias.context
    if context is None:
        return True
    end = find.start + find.length
    before = folded[max(0, find.start - CONTEXT_REACH) : find.start]
    after = folded[end : end + CONTEXT_REACH]
    if find.length == 1 and _LETTER_BEFORE.search(before) and _LETTER_AFTER.match(after):
        return False  # a letter of a s p a c e d word
    return bool(context.search(before) or context.search(after))


@cache
def _taxonomy() -> _Taxonomy:
    skills: dict[str, Skill] = {}
    automaton = ahocorasick.Automaton()
    for row in _rows():
        skills[row["id"]] = _skill(row)
        for phrase, alias in _aliases(row):
            if phrase in automaton:
                raise ValueError(f"{SKILLS_FILE.name}: {phrase!r} names two skills")
            automaton.add_word(phrase, alias)
    for decoy in _decoys():
        automaton.add_word(" " + decoy, _Alias(len(decoy), "", None))
    automaton.make_automaton()
    return _Taxonomy(skills, automaton)


def _rows() -> Iterator[dict[str, str]]:
    with SKILLS_FILE.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _skill(row: dict[str, str]) -> Skill:
    implies = tuple(row["implies"].split("|")) if row["implies"] else ()
    return Skill(row["id"], row["label"], row["group"], row["family"], implies)


def _aliases(row: dict[str, str]) -> Iterator[tuple[str, _Alias]]:
    """Spellings as the automaton wants them; those marked `?` count only near a word of the context."""
    context = _context(row["context"])
    for spelling in row["aliases"].split("|"):
        phrase = fold_phrase(spelling.removeprefix("?"))
        ambiguous = spelling.startswith("?")
        if ambiguous and context is None:
            raise ValueError(f"{SKILLS_FILE.name}: {row['id']} has an ambiguous alias and no context")
        yield " " + phrase, _Alias(len(phrase), row["id"], context if ambiguous else None)


def _context(words: str) -> re.Pattern[str] | None:
    if not words:
        return None
    either = "|".join(re.escape(fold_phrase(word)) for word in words.split("|"))
    return re.compile(rf"(?<![a-z0-9])(?:{either})(?![a-z0-9])")


def _decoys() -> Iterator[str]:
    for line in DECOYS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield fold_characters(line)  # a comma stays two blanks, unlike in an alias
