"""Who a person is: the facts that the CV tells, the record repeats in part, and the hidden rule reads."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jobs.generator.catalogue import (
    Profession,
    draw_numbered,
    invented_name,
    places,
    professions,
)
from jobs.generator.grammar import Weighted, chance, pick
from jobs.generator.world import World

# Rungs of the ladder, the same for people and for jobs.
JUNIOR, MID, SENIOR, SPECIALIST, MANAGER = 1, 2, 3, 4, 5
LANGUAGE_LEVELS = ("Nenhum", "Básico", "Intermediário", "Avançado", "Fluente")

# Rank of each label of nivel_academico: what a gap is measured on.
EDUCATION_RANK = {
    "Ensino Fundamental Completo": 0,
    "Ensino Médio Incompleto": 0,
    "Ensino Médio Completo": 1,
    "Ensino Técnico Incompleto": 1,
    "Ensino Técnico Cursando": 1,
    "Ensino Técnico Completo": 2,
    "Ensino Superior Incompleto": 2,
    "Ensino Superior Cursando": 2,
    "Ensino Superior Completo": 3,
    "Pós Graduação Incompleto": 3,
    "Pós Graduação Cursando": 3,
    "Pós Graduação Completo": 4,
    "Mestrado Cursando": 4,
    "Mestrado Completo": 5,
    "Doutorado Cursando": 5,
}
_EDUCATION_BUSINESS_JUNIOR = Weighted(
    {
        "Ensino Fundamental Completo": 1,
        "Ensino Médio Incompleto": 1,
        "Ensino Médio Completo": 24,
        "Ensino Técnico Incompleto": 2,
        "Ensino Técnico Cursando": 4,
        "Ensino Técnico Completo": 14,
        "Ensino Superior Incompleto": 13,
        "Ensino Superior Cursando": 24,
        "Ensino Superior Completo": 20,
    }
)
_EDUCATION_USUAL = Weighted(
    {
        "Ensino Médio Completo": 2,
        "Ensino Técnico Completo": 5,
        "Ensino Superior Incompleto": 7,
        "Ensino Superior Cursando": 8,
        "Ensino Superior Completo": 48,
        "Pós Graduação Incompleto": 2,
        "Pós Graduação Cursando": 5,
        "Pós Graduação Completo": 19,
        "Mestrado Cursando": 1,
        "Mestrado Completo": 2.5,
        "Doutorado Cursando": 0.5,
    }
)
_RUNG_BY_FAMILY = {
    "dev": (18, 36, 36, 8, 2),
    "design": (22, 42, 30, 5, 1),
    "qa": (24, 40, 30, 5, 1),
    "sap": (7, 23, 50, 15, 5),
    "data": (20, 38, 33, 7, 2),
    "infra": (36, 36, 22, 4, 2),
    "management": (7, 28, 42, 12, 11),
    "business": (44, 32, 17, 3, 4),
}
_PAY = {JUNIOR: 0.55, MID: 1.0, SENIOR: 1.5, SPECIALIST: 1.85, MANAGER: 2.1}
_YEARS = {JUNIOR: (0, 3), MID: (3, 7), SENIOR: (6, 17), SPECIALIST: (10, 24), MANAGER: (11, 28)}
_ENGLISH = {
    "dev": (20, 30, 27, 15, 8),
    "design": (20, 28, 27, 16, 9),
    "qa": (24, 34, 25, 12, 5),
    "sap": (12, 28, 27, 20, 13),
    "data": (14, 26, 28, 20, 12),
    "infra": (33, 38, 18, 7, 4),
    "management": (12, 22, 26, 24, 16),
    "business": (42, 32, 15, 7, 4),
}


@dataclass(frozen=True, slots=True)
class Person:
    index: int
    profile_of: int  # whose profile and CV these are: another index when somebody registered twice
    name: str
    sex: str
    born: date
    profession: int
    rung: int
    years: int
    skills: tuple[int, ...]
    hidden_skills: tuple[int, ...]  # true, but the CV forgets to mention them
    english: int
    spanish: int
    education: str
    place: int
    wish: int  # reais a month
    states_wish: bool
    has_cv: bool
    attached_only: bool  # the CV field says just "em anexo"
    writes_english: bool
    has_levels: bool  # structured levels are filled in

    @property
    def readable(self) -> bool:
        """Whether the file tells what the person can do."""
        return self.has_cv and not self.attached_only

    @property
    def skill_mask(self) -> int:
        mask = 0
        for skill in self.skills:
            mask |= 1 << skill
        return mask

    @property
    def work(self) -> Profession:
        return professions()[self.profession]


def person(world: World, index: int) -> Person:
    rng = world.stream("person", index)
    twice = index > 60 and chance(rng, 0.007)
    source = index - 1 - int(rng.random() * 60) if twice else index
    made = _profile(world, source)
    return replace(made, index=index) if twice else made


def _profile(world: World, index: int) -> Person:
    rng, until = world.stream("profile", index), world.timeline.until
    name, sex = invented_name(rng)
    profession = world.draw_trade(rng)
    rung = 1 + rng.choices(range(5), _RUNG_BY_FAMILY[profession.family])[0]
    low, high = _YEARS[rung]
    years = low + int(rng.random() * (high - low + 1))
    skills = _skills(rng, profession, rung)
    presence = rng.random()
    has_cv = rng.random() < 0.684
    return Person(
        index=index,
        profile_of=index,
        name=name,
        sex=sex if rng.random() < 0.95 else pick(rng, ("Feminino", "Masculino")),
        born=until - timedelta(days=int((20 + years + abs(rng.gauss(0, 6))) * 365.25)),
        profession=profession.number,
        rung=rung,
        years=years,
        skills=skills,
        hidden_skills=tuple(skill for skill in skills if rng.random() < 0.03),
        english=rng.choices(range(5), _ENGLISH[profession.family])[0],
        spanish=rng.choices(range(5), (58, 25, 10, 4, 3))[0],
        education=_education(rng, profession, rung),
        place=draw_numbered(rng, "places_people"),
        wish=int(profession.base * _PAY[rung] * rng.lognormvariate(0.0, 0.24) / 50) * 50,
        states_wish=rng.random() < 0.5,
        has_cv=has_cv,
        attached_only=has_cv and rng.random() < 0.006,
        writes_english=rng.random() < 0.05,
        has_levels=presence < 0.16,
    )


def _skills(rng: random.Random, profession: Profession, rung: int) -> tuple[int, ...]:
    """Beginners know the first tools of the trade; depth, and taste, add the others."""
    taste = rng.random() * 0.5
    known = [
        s for i, s in enumerate(profession.core) if rng.random() < 0.5 + 0.1 * rung + taste * 0.3 - 0.035 * i
    ]
    share = min(0.8, 0.1 + 0.07 * rung + taste * 0.7)
    known += [s for s in profession.extra if rng.random() < share]
    if rng.random() < 0.35:  # a former trade leaves its traces
        known += [s for s in pick(rng, professions()).core if rng.random() < 0.35]
    if not known:
        known = [profession.core[0]]
    return tuple(dict.fromkeys(known))


def _education(rng: random.Random, profession: Profession, rung: int) -> str:
    modest = profession.family in {"business", "infra"} and rung <= MID
    return (_EDUCATION_BUSINESS_JUNIOR if modest and chance(rng, 0.75) else _EDUCATION_USUAL).draw(rng)


def pay(profession: Profession, rung: int) -> float:
    """The usual pay of the trade at that rung, in reais a month."""
    return profession.base * _PAY[rung]


def lives_in(someone: Person) -> str:
    return places()[someone.place].city
