"""People most like one person: by what they can do, never by who they are or where they live.

Skills count most, a rare one more than a common one; then professional level, area and languages, where the
person says something of them. Name, place, age, photo and what was decided of anybody before play no part.
Plain SQL and Python: a page asks this, so nothing of the learner is loaded.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.models import Candidate, Level, Profile, Seniority
from candidates.reading import LANGUAGE_ORDER
from candidates.services import EXTRACTOR
from candidates.skills import skill
from jobs.requirements.assessing import SENIORITY_RUNG

READ = 2_000  # profiles compared skill by skill; found by the rarest skills, through the index
COMPARED = 4  # times as many as asked for are compared in everything else
NAMED = 6  # shared skills that are named
SKILLS, LEVEL, AREAS, LANGUAGES = 0.7, 0.1, 0.1, 0.1  # how much each says of likeness

FIELDS = (
    *("code", "name", "headline", "city", "state", "is_stub", "updated_at"),
    *("seniority", "area_labels", "english", "spanish"),
)


@dataclass(frozen=True)
class Like:
    """Somebody, how like the person from 0 to 1, and why: ``shared`` skills by name, the rarest first."""

    candidate: Candidate
    likeness: float
    shared: list[str]
    also: list[str]

    @property
    def reasons(self) -> list[str]:
        """In words, the strongest first."""
        return [*([_shared_in_words(self.shared)] if self.shared else []), *self.also]


def most_like(
    candidate: Candidate, *, among: "QuerySet[Candidate] | None" = None, limit: int = 20
) -> list[Like]:
    """The people whom the viewer may see that are most like ``candidate``; nobody when no skill is known.

    ``among`` leaves out everybody else.
    """
    own = skills_of([candidate.pk]).get(candidate.pk, [])
    if not own:
        return []
    rarity = _Rarity.read(own)
    near = _near(candidate, own, rarity, among)
    alike = rarity.cosines(own, near)
    best = sorted(alike, key=lambda pk: (-alike[pk], pk))[: COMPARED * limit]
    people = Candidate.objects.filter(pk__in=best).only(*FIELDS)
    found = [_like(candidate, one, alike[one.pk], rarity.rarest_first(own, near[one.pk])) for one in people]
    found.sort(key=lambda like: (-like.likeness, like.candidate.pk))
    return found[:limit]


def skills_of(ids: Iterable[int]) -> dict[int, list[str]]:
    """The skills found in each person's current texts."""
    stored = Profile.objects.filter(extractor=EXTRACTOR, candidate__in=list(ids)).order_by("pk")
    return dict(stored.values_list("candidate_id", "skills"))


# Skills


@dataclass(frozen=True)
class _Rarity:
    """In which share of all profiles each skill is found."""

    shares: Mapping[str, float]
    least: float
    profiles: int

    @classmethod
    def read(cls, wanted: Sequence[str]) -> "_Rarity":
        """As the database's own statistics say; counted where it has none yet."""
        with connection.cursor() as cursor:
            cursor.execute(_STATISTICS)
            row = cursor.fetchone()
            if row is not None and row[0]:
                names, shares, rows = row
                return cls(dict(zip(names, shares, strict=False)), shares[len(names)], int(rows))
            cursor.execute(_COUNTED)
            counted = dict(cursor.fetchall())
        total = Profile.objects.count() or 1
        return cls({name: count / total for name, count in counted.items()}, 1 / total, total)

    def share(self, name: str) -> float:
        return max(self.shares.get(name, self.least), 1e-9)

    def weight(self, name: str) -> float:
        return math.log(1 + 1 / self.share(name))

    def rarest_first(self, own: Sequence[str], theirs: Sequence[str]) -> list[str]:
        return sorted(set(own) & set(theirs), key=lambda name: (self.share(name), name))

    def cosines(self, own: Sequence[str], others: Mapping[int, Sequence[str]]) -> dict[int, float]:
        """How alike each one's skills are, from 0 to 1; a skill's weight is what its rarity tells."""
        squares = _Squares(self)
        mine = {name: squares[name] for name in own}
        length = math.sqrt(sum(mine.values()))
        found = {}
        for pk, theirs in others.items():
            shared = sum([mine[name] for name in theirs if name in mine])
            whole = sum([squares[name] for name in theirs])
            found[pk] = shared / (length * math.sqrt(whole)) if shared else 0.0
        return found

    def telling(self, own: Sequence[str]) -> list[str]:
        """The rarest of the skills, as many as no more than READ profiles hold; at least one."""
        found: list[str] = []
        expected = 0.0
        for name in sorted(set(own), key=lambda name: (self.share(name), name)):
            expected += self.share(name) * self.profiles
            if found and expected > READ:
                break
            found.append(name)
        return found


class _Squares(dict[str, float]):
    """Weights squared, each worked out once: a page compares thousands of lists."""

    def __init__(self, rarity: _Rarity) -> None:
        super().__init__()
        self._rarity = rarity

    def __missing__(self, name: str) -> float:
        self[name] = found = self._rarity.weight(name) ** 2
        return found


# Of an array column the last values of the frequencies are the least, the greatest and that of empty elements
_STATISTICS = """
    SELECT s.most_common_elems::text::text[], s.most_common_elem_freqs, greatest(c.reltuples, 1)
    FROM pg_stats s JOIN pg_class c ON c.relname = s.tablename
        AND c.relnamespace = s.schemaname::regnamespace
    WHERE s.schemaname = current_schema() AND s.tablename = 'candidates_profile' AND s.attname = 'skills'"""
_COUNTED = "SELECT unnest(skills) AS name, count(*) FROM candidates_profile GROUP BY name"


def _near(
    candidate: Candidate, own: Sequence[str], rarity: _Rarity, among: "QuerySet[Candidate] | None"
) -> dict[int, list[str]]:
    """People who share one of the person's rarest skills, with all of theirs; the newest of very many."""
    profiles = Profile.objects.filter(extractor=EXTRACTOR).exclude(candidate=candidate.pk)
    if among is None:
        profiles = profiles.filter(skills__overlap=rarity.telling(own))
    else:
        wanted = among.order_by().values("pk")
        profiles = profiles.filter(skills__overlap=list(own), candidate__in=wanted)
    return dict(profiles.order_by("-pk").values_list("candidate_id", "skills")[:READ])


# Everything


def _like(person: Candidate, other: Candidate, alike: float, shared: Sequence[str]) -> Like:
    parts = [
        part for part in (_level(person, other), _areas(person, other), _languages(person, other)) if part
    ]
    weights = SKILLS + sum(part.weight for part in parts)
    whole = (SKILLS * alike + sum(part.weight * part.alike for part in parts)) / weights
    labels = [skill(name).label for name in shared]
    return Like(other, round(whole, 4), labels, [words for part in parts for words in part.words])


@dataclass(frozen=True)
class _Part:
    weight: float
    alike: float
    words: list[str]


def _level(person: Candidate, other: Candidate) -> _Part | None:
    own, theirs = SENIORITY_RUNG.get(person.seniority), SENIORITY_RUNG.get(other.seniority)
    if own is None:
        return None
    alike = _closeness(own, theirs)
    if not alike:
        return _Part(LEVEL, 0.0, [])
    names = {"level": Seniority(other.seniority).label}
    text = _("Same professional level: %(level)s") if alike == 1 else _("One level apart: %(level)s")
    return _Part(LEVEL, alike, [text % names])


def _areas(person: Candidate, other: Candidate) -> _Part | None:
    if not person.area_labels:
        return None
    shared = [label for label in person.area_labels if label in other.area_labels]
    words = [_("Same area: %(areas)s") % {"areas": ", ".join(shared)}] if shared else []
    return _Part(AREAS, len(shared) / len(person.area_labels), words)


def _languages(person: Candidate, other: Candidate) -> _Part | None:
    """Only what goes beyond none at all is something to be alike in."""
    stated = [name for name in ("english", "spanish") if LANGUAGE_ORDER.get(getattr(person, name), 0) > 0]
    if not stated:
        return None
    pairs = {name: (getattr(person, name), getattr(other, name)) for name in stated}
    alike = {
        name: _closeness(LANGUAGE_ORDER[own], LANGUAGE_ORDER.get(theirs) if theirs else None)
        for name, (own, theirs) in pairs.items()
    }
    words = [_language_in_words(name, pairs[name][1]) for name in stated if alike[name]]
    return _Part(LANGUAGES, sum(alike.values()) / len(alike), words)


def _language_in_words(name: str, level: str) -> str:
    text = _("Similar English: %(level)s") if name == "english" else _("Similar Spanish: %(level)s")
    return text % {"level": Level(level).label}


def _closeness(own: int, theirs: int | None) -> float:
    """1 the same, a half one step apart; 0 further apart or not known."""
    if theirs is None:
        return 0.0
    return {0: 1.0, 1: 0.5}.get(abs(own - theirs), 0.0)


def _shared_in_words(labels: Sequence[str]) -> str:
    shown: dict[str, Any] = {"count": len(labels), "skills": ", ".join(labels[:NAMED])}
    if len(labels) > NAMED:
        return _("Shares %(count)d skills, among them %(skills)s") % shown
    return (
        ngettext("Shares %(count)d skill: %(skills)s", "Shares %(count)d skills: %(skills)s", len(labels))
        % shown
    )
