"""The years of a life: employers and schools, with dates that follow one another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jobs.generator.catalogue import invented_company, invented_word
from jobs.generator.cv_style import Style, month_written
from jobs.generator.grammar import chance, expand, phrases, pick
from jobs.generator.person import Person

_NOW = ("atual", "até o momento", "atualmente", "presente", "até a presente data", "o momento", "hoje")
_NOW_EN = ("present", "current", "now", "to date")


@dataclass(frozen=True, slots=True)
class Stay:
    company: str
    start: int  # months since year 0
    end: int | None  # None: still there
    joint: str
    now: int

    def period(self, style: Style, *, english: bool) -> str:
        first = month_written(self.start // 12, self.start % 12 + 1, style, english=english)
        if self.end is None:
            words = _NOW_EN if english else _NOW
            return f"{first}{self.joint}{words[self.now % len(words)]}"
        last = month_written(self.end // 12, self.end % 12 + 1, style, english=english)
        months = self.end - self.start
        length = (
            f" ({months // 12} anos e {months % 12} meses)" if style.dates == "span" and months > 11 else ""
        )
        return f"{first}{self.joint}{last}{length}"


def stays(someone: Person, rng: random.Random, *, until: date) -> Iterator[Stay]:
    """Employers, the latest first, back through all the years of work."""
    joint = pick(rng, (" - ", " – ", " a ", " até ", "-", " à "))
    if someone.writes_english:
        joint = pick(rng, (" - ", " to ", " – "))
    end = until.year * 12 + until.month - 1 - int(rng.random() * 40)  # the CV may be some years old
    first = end - max(10, someone.years * 12)
    current = chance(rng, 0.55)
    while end > first:
        start = max(first, end - (5 + int(rng.expovariate(1 / 26))))
        yield Stay(invented_company(rng), start, None if current else end, joint, rng.randrange(12))
        current = False
        end = start - int(rng.random() * 5)


def schooling(
    someone: Person, style: Style, rng: random.Random, *, until: date, city: str, phrase: str
) -> list[str]:
    """Where and what the person studied; always names the level of education itself."""
    degree, _, state = someone.education.rpartition(" ")
    course = course_of(someone, rng)
    ended = until.year - someone.years - int(rng.random() * 4)
    tail = pick(rng, (f" - {ended}", f" ({ended - 4} - {ended})", f", {ended}", f" | conclusão {ended}", ""))
    if state != "Completo":
        tail = pick(
            rng, (f" - {state.lower()}", f" (previsão {until.year + 2})" if state == "Cursando" else "", "")
        )
    if someone.writes_english:
        lines = [f"{phrase} - {course}{tail if state == 'Completo' else ''}"]
    else:
        lines = [pick(rng, (f"{phrase} - {course}", f"{course} ({phrase})", f"{phrase} em {course}")) + tail]
    if degree in {"Ensino Médio", "Ensino Fundamental"}:
        lines = [f"{phrase}{tail}"]
    if chance(rng, 0.8):
        lines.append(_school_name(degree, rng, city))
    if (
        degree in {"Pós Graduação", "Mestrado", "Doutorado"}
        and not someone.writes_english
        and chance(rng, 0.85)
    ):
        lines.append(
            f"graduação em {pick(rng, _courses(someone))} - {_school_name('Ensino Superior', rng, city)}"
        )
    return [style.item(line) if chance(rng, 0.6) else line for line in lines]


def course_of(someone: Person, rng: random.Random) -> str:
    if someone.education.startswith("Ensino Técnico"):
        return pick(rng, phrases("world", "courses", "technical"))
    if someone.education.startswith(("Pós", "Mestrado", "Doutorado")):
        return pick(rng, phrases("world", "courses", "specialist"))
    return pick(rng, _courses(someone))


def _courses(someone: Person) -> list[str]:
    return phrases("world", "courses", someone.work.family)


def _school_name(degree: str, rng: random.Random, city: str) -> str:
    kind = {"Ensino Técnico": "technical", "Ensino Médio": "basic", "Ensino Fundamental": "basic"}.get(
        degree, "name"
    )
    family = phrases("world", "people", "family")
    return expand(
        pick(rng, phrases("world", "schools", kind)),
        rng,
        {"word": lambda: invented_word(rng), "city": city, "family": lambda: pick(rng, family)},
    )
