"""Skills, professions, places and names, read once from the phrase files, with stable numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Any

from jobs.generator.grammar import PHRASES, phrase_file, phrases, pick


@dataclass(frozen=True, slots=True)
class Skill:
    id: str
    number: int
    kind: str
    spellings: tuple[str, ...]
    english: str  # "" when it is called the same

    def spelled(self, rng: random.Random, *, english: bool = False) -> str:
        """Mostly the usual spelling."""
        if english and self.english:
            return self.english
        return self.spellings[0] if rng.random() < 0.62 else pick(rng, self.spellings)


@dataclass(frozen=True, slots=True)
class Profession:
    id: str
    number: int
    family: str
    area: str
    weight: int
    base: int
    titles: tuple[str, ...]
    core: tuple[int, ...]
    extra: tuple[int, ...]
    did: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    state: str
    area_code: str
    people: int
    jobs: int


@cache
def skills() -> tuple[Skill, ...]:
    found: list[Skill] = []
    names = phrase_file("spelling")["english"]
    for kind, table in phrase_file("skills").items():
        for skill_id, spellings in table.items():
            english = names.get(skill_id, "")
            found.append(Skill(skill_id, len(found), kind, tuple(spellings.split("|")), english))
    return tuple(found)


@cache
def professions() -> tuple[Profession, ...]:
    number_of = {skill.id: skill.number for skill in skills()}
    tables: dict[str, Any] = {}
    for path in sorted(PHRASES.glob("professions_*.toml")):
        tables |= phrase_file(path.stem)
    return tuple(_profession(key, i, table, number_of) for i, (key, table) in enumerate(tables.items()))


def _profession(key: str, number: int, table: dict[str, Any], number_of: dict[str, int]) -> Profession:
    return Profession(
        id=key,
        number=number,
        family=table["family"],
        area=table["area"],
        weight=table["weight"],
        base=table["base"],
        titles=tuple(table["title"]),
        core=tuple(number_of[skill] for skill in table["core"]),
        extra=tuple(number_of[skill] for skill in table["extra"]),
        did=tuple(table["did"]),
    )


@cache
def places() -> tuple[Place, ...]:
    rows = (line.split("|") for line in phrase_file("world")["places"]["list"])
    return tuple(Place(city, state, code, int(people), int(jobs)) for city, state, code, people, jobs in rows)


@cache
def cumulative(of: str) -> tuple[float, ...]:
    """Running totals for weighted draws: places_people or places_jobs."""
    weights = {
        "places_people": [p.people for p in places()],
        "places_jobs": [p.jobs for p in places()],
    }[of]
    totals, total = [], 0.0
    for weight in weights:
        total += weight
        totals.append(total)
    return tuple(totals)


def draw_numbered(rng: random.Random, of: str) -> int:
    totals = cumulative(of)
    return rng.choices(range(len(totals)), cum_weights=totals)[0]


def invented_word(rng: random.Random) -> str:
    return pick(rng, phrases("world", "words", "stem")) + pick(rng, phrases("world", "words", "tail"))


def invented_company(rng: random.Random) -> str:
    return invented_word(rng) + pick(rng, phrases("world", "words", "kind"))


@cache
def clients() -> tuple[str, ...]:
    """112 client names; the first is the client that hires nearly whoever is sent. Some contain commas."""
    names = phrases("world", "words", "client")
    rng = random.Random("clients")
    frames = ("{a}-{b}", "{a} Ltda", "{a}, {b} e {c}", "Grupo {a}", "{a} S.A.", "{a} {b}", "{a}, {b} & {c}")
    found = ["Paineira-Cedro"]
    while len(found) < 112:
        a, b, c = rng.sample(names, 3)
        name = pick(rng, frames).format(a=a, b=b, c=c)
        if name not in found:
            found.append(name)
    return tuple(found)


@cache
def staff(size: int, purpose: str) -> tuple[str, ...]:
    """Names of the company's recruiters, or of its clients' requesters."""
    rng = random.Random(f"staff/{purpose}")
    found: list[str] = []
    while len(found) < size:
        name = invented_name(rng)[0]
        if name not in found:
            found.append(name)
    return tuple(found)


def invented_name(rng: random.Random) -> tuple[str, str]:
    """A person's name as the source writes it, now and then with a title, and the sex it suggests."""
    people = phrase_file("world")["people"]
    female = rng.random() < 0.47
    given = pick(rng, people["female" if female else "male"])
    middle = (
        " " + pick(rng, people["middle_female" if female else "middle_male"]) if rng.random() < 0.3 else ""
    )
    last = pick(rng, people["family"]) + (" " + pick(rng, people["family"]) if rng.random() < 0.35 else "")
    name = " ".join(part if part == "de" else part.capitalize() for part in f"{given}{middle} {last}".split())
    if rng.random() < 0.12:
        name = pick(rng, people["title_female" if female else "title_male"]) + " " + name
    return name, "Feminino" if female else "Masculino"
