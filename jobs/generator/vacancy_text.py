"""How a requisition is worded: title, activities, competences, remarks, and the untidy money fields."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import Any

from jobs.generator.catalogue import clients, places, skills, staff
from jobs.generator.grammar import Deck, Filler, chance, expand, phrase_file, phrases, pick
from jobs.generator.money import HOURS_A_MONTH, brazilian
from jobs.generator.vacancy import RUBBER_STAMP_CLIENT, Vacancy

TITLE_LIMIT = 254
_TITLE_LEVEL = {
    "Júnior": "junior",
    "Aprendiz": "junior",
    "Trainee": "junior",
    "Auxiliar": "assistant",
    "Assistente": "assistant",
    "Analista": "mid",
    "Pleno": "mid",
    "Sênior": "senior",
    "Especialista": "specialist",
    "Líder": "lead",
    "Coordenador": "specialist",
    "Supervisor": "specialist",
    "Gerente": "manager",
}
_PERSONAL_TALE = (
    "[startup",
    "[prefeitura",
    "[consultoria",
    "[escritório",
    "[iniciação",
    "[carteira",
    "[superação",
    "[fábrica",
)
_LOWER_KINDS = frozenset({"topic"})


@cache
def _acronyms() -> frozenset[str]:
    return frozenset(phrases("spelling", "acronyms"))


def shown(number: int, rng: random.Random, *, english: bool = False) -> str:
    """A skill as a requester types it."""
    skill = skills()[number]
    name = skill.spelled(rng, english=english)
    if own := phrase_file("spelling")["own"].get(name):
        return str(own)
    if skill.kind in _LOWER_KINDS and len(name) > 5:
        return name if chance(rng, 0.6) else name.capitalize()
    roll = rng.random()
    if roll < 0.12:
        return name
    return " ".join(word.upper() if word in _acronyms() else word.capitalize() for word in name.split(" "))


_REMARKS = (
    ("place", 0.8),
    ("time", 0.65),
    ("other", 0.5),
    ("place", 0.2),
    ("time", 0.25),
    ("other", 0.35),
    ("other", 0.2),
)


def _spellings(budget: int) -> tuple[str, ...]:
    return (f"R$ {brazilian(budget)}", f"{budget / 1000:g}k".replace(".", ","), f"R$ {budget}")


class VacancyWriter:
    def __init__(self, job: Vacancy, rng: random.Random) -> None:
        self.job, self.rng = job, rng
        self.phrases: dict[str, Any] = phrase_file("vacancy")
        self.slots: dict[str, Filler] = self._of_job() | self._of_any_job()

    def _of_job(self) -> dict[str, Filler]:
        """What is true of this job."""
        job, rng = self.job, self.rng
        return {
            "title": pick(rng, job.work.titles),
            "lvl": lambda: pick(rng, self.phrases["title"][_TITLE_LEVEL[job.level]]),
            "year": str(job.requested.year),
            "month": f"{job.requested.month % 12 + 1:02d}",
            "skill": lambda: shown(job.must[0], rng),
            "skill2": lambda: shown(job.must[1], rng),
            "city": places()[job.place].city,
            "years": str(max(1, job.rung * 2 - int(rng.random() * 2))),
            "money": lambda: pick(rng, _spellings(job.budget)),
            "hour": str(max(10, job.budget // HOURS_A_MONTH)),
            "rate": str(max(14, int(job.budget / HOURS_A_MONTH * 1.45) // 5 * 5)),
            "monthly": brazilian(job.budget),
            "english": job.english.lower(),
            "spanish": job.spanish.lower(),
            "education": job.education.lower(),
            "must": lambda: self._joined(job.must),
            "nice": lambda: self._joined(job.nice),
            "must_lines": lambda: self._lines(job.must),
            "nice_lines": lambda: self._lines(job.nice),
            "graded": self._graded,
        }

    def _of_any_job(self) -> dict[str, Filler]:
        """What could be said of any other as well, drawn anew each time."""
        rng, world = self.rng, phrase_file("world")
        return {
            "number": lambda: str(
                rng.randrange(300, 12_000_000) if chance(rng, 0.4) else rng.randrange(100, 3000)
            ),
            "modality": lambda: pick(rng, self.phrases["title"]["modality"]),
            "client": lambda: pick(rng, clients()),
            "system": lambda: pick(rng, world["text"]["system"]),
            "segment": lambda: pick(rng, world["text"]["segment"]),
            "segment_en": lambda: pick(rng, world["text"]["segment_en"]),
            "count": lambda: str(rng.randrange(1, 5)),
            "months": lambda: pick(rng, ("3", "4", "6", "6", "8", "10", "12", "12", "24")),
            "day": lambda: f"{1 + int(rng.random() * 28):02d}",
            "district": lambda: pick(rng, world["places"]["district"]),
            "manager": lambda: pick(rng, staff(311, "requesters")),
        }

    def say(self, template: str) -> str:
        return expand(template, self.rng, self.slots)

    def title(self) -> str:
        rng, frames = self.rng, self.phrases["title"]
        if self.job.client == RUBBER_STAMP_CLIENT and chance(rng, 0.6):
            return self.say(pick(rng, frames["rubber"]))
        text = self.say(frames["long"] if chance(rng, 0.02) else pick(rng, frames["frame"]))
        text = " ".join(text.replace(" -  ", " - ").rstrip(" -").split())
        roll = rng.random()
        if roll < 0.22:
            return text.upper()[:TITLE_LIMIT]
        return (_initials(text) if roll < 0.8 else text[:1].upper() + text[1:])[:TITLE_LIMIT]

    def texts(self) -> tuple[str, str]:
        """Activities and competences; in a third of the jobs somebody pasted the same text twice."""
        rng = self.rng
        asked = self._asked()
        if chance(rng, 0.35):
            whole = asked if chance(rng, 0.55) else f"{self._activities()}\n{asked}"
            return whole, whole
        if chance(rng, 0.004):
            return ".", asked
        if chance(rng, 0.03):
            return asked, self.say(pick(rng, self.phrases["activities"]["soft"]))
        return self._activities(), asked

    def _activities(self) -> str:
        rng, job, table = self.rng, self.job, self.phrases["activities"]
        count = max(1, min(60, int(rng.lognormvariate(1.5, 0.95))))
        intro = self.say(table["intro_en" if job.writes_english else "intro"][0])
        deck = Deck(rng, table["en"] if job.writes_english else [*table["pt"], *self._trade()])
        lines = list(dict.fromkeys(self.say(deck.draw()) for _ in range(count)))
        if chance(rng, 0.35):
            return _sentence(f"{intro} {'; '.join(lines)}.".strip())
        mark = pick(rng, ("", "- ", "• ", "· ", "* "))
        return "\n".join(([_sentence(intro)] if intro else []) + [mark + _sentence(line) for line in lines])

    def _trade(self) -> list[str]:
        """What people of the trade do, without what only a person would tell of himself."""
        boasts = ("{volume}", "{pct}", "{count}")
        return [
            d
            for d in self.job.work.did
            if not d.startswith(_PERSONAL_TALE) and not any(b in d for b in boasts)
        ]

    def _asked(self) -> str:
        rng, job, table = self.rng, self.job, self.phrases["text"]
        if job.writes_english:
            return _sentence(self.say(pick(rng, table["style_english"])))
        style = rng.choices(
            ("style_list", "style_sentence", "style_vendor", "style_short"), (38, 40, 10, 12)
        )[0]
        parts = [_sentence(self.say(pick(rng, table[style])))]
        activities = self.phrases["activities"]
        for key, share in (("level_line", 0.22), ("education_line", 0.2), ("soft", 0.25)):
            if chance(rng, share):
                parts.append(_sentence(self.say(pick(rng, activities[key]))))
        if job.english not in {"Nenhum", "Técnico"} and chance(rng, 0.4):
            parts.append(_sentence(self.say(pick(rng, activities["english_line"]))))
        if job.spanish in {"Intermediário", "Avançado", "Fluente"} and chance(rng, 0.5):
            parts.append(_sentence(self.say(pick(rng, activities["spanish_line"]))))
        if chance(rng, 0.3):
            parts.insert(int(rng.random() * 2), self._activities())
        return pick(rng, ("\n", "\n", "\n\n", ". ")).join(parts).replace("..", ".")

    def _joined(self, numbers: Sequence[int]) -> str:
        names = [shown(number, self.rng, english=self.job.writes_english) for number in numbers]
        if len(names) == 1:
            return names[0]
        last = " and " if self.job.writes_english else " e "
        return ", ".join(names[:-1]) + (last if chance(self.rng, 0.7) else ", ") + names[-1]

    def _lines(self, numbers: Sequence[int]) -> str:
        mark = pick(self.rng, ("- ", "• ", "· ", "* ", ""))
        before = (
            ("experiência em ", "conhecimento em ", "vivência com ", "", "", "")
            if not self.job.writes_english
            else ("",)
        )
        return "\n".join(
            mark
            + _sentence(pick(self.rng, before) + shown(number, self.rng, english=self.job.writes_english))
            for number in numbers
        )

    def _graded(self) -> str:
        grades = ("P2 - Intermediate", "P3 - Advanced", "P3 - Advanced", "P4 - Expert")
        asked = [f"{shown(n, self.rng)} ({pick(self.rng, grades)})" for n in self.job.must]
        asked += [f"{shown(n, self.rng)} (P1 - Beginner)" for n in self.job.nice]
        return " | ".join(f"{at} - {text}" for at, text in enumerate(asked, 1))

    def remarks(self) -> str:
        rng, table = self.rng, self.phrases["remarks"]
        if chance(rng, 0.28):
            return ""
        said = [self.say(pick(rng, table[key])) for key, share in _REMARKS if chance(rng, share)]
        if chance(rng, 0.14):
            hourly = "PJ" in self.job.contract
            said.append(self.say(pick(rng, table["budget_hour" if hourly else "budget_clt"])))
        return pick(rng, (" ", " ", ". ", " / ")).join(map(_sentence, said)) or "."

    def sale(self) -> str:
        return self.say(pick(self.rng, self.phrases["benefits"]["sale"]))

    def purchase(self) -> str:
        return self.say(pick(self.rng, self.phrases["benefits"]["buy"]))


def _sentence(text: str) -> str:
    """Capital first letter, of every line."""
    return "\n".join(line[:1].upper() + line[1:] for line in text.split("\n"))


def _initials(text: str) -> str:
    small = {"de", "da", "do", "e", "em", "com", "para", "no", "-"}
    words = []
    for word in text.split(" "):
        words.append(
            word.upper()
            if word.lower() in _acronyms()
            else word
            if word in small or not word.islower()
            else word.capitalize()
        )
    return " ".join(words)
