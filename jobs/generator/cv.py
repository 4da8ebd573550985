"""The text of a CV, as the source keeps it: lower case, in Portuguese (a few in English), and untidy."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from jobs.generator.catalogue import Skill, invented_company, invented_word, places, skills
from jobs.generator.cv_history import schooling, stays
from jobs.generator.cv_style import Style, choose_style, untidy
from jobs.generator.grammar import Deck, Filler, chance, expand, phrases, pick
from jobs.generator.money import spoken_wish
from jobs.generator.person import JUNIOR, LANGUAGE_LEVELS, Person

BRIEF = 850  # wanted characters below which there are no sections
_LEVEL_PT = ("", "júnior", "pleno", "sênior", "especialista", "gerente")
_LEVEL_EN = ("", "junior", "mid-level", "senior", "specialist", "manager")
_LANGUAGE_EN = ("none", "basic", "intermediate", "advanced", "fluent")
_EDUCATION_EN = {
    "Ensino Fundamental": "elementary school",
    "Ensino Médio": "high school",
    "Ensino Técnico": "technical course",
    "Ensino Superior": "bachelor's degree",
    "Pós Graduação": "postgraduate degree",
    "Mestrado": "master's degree",
    "Doutorado": "doctorate",
}
_STATE_EN = {"Completo": "", "Cursando": "in progress", "Incompleto": "incomplete"}


def write_cv(someone: Person, rng: random.Random, *, until: date) -> str:
    """The whole text. Every skill of the person is in it, apart from the hidden ones."""
    if someone.attached_only:
        return pick(rng, ("em anexo\n", "em anexo", "segue em anexo\n", "cv em anexo"))
    return CvWriter(someone, rng, until=until).text()


class CvWriter:
    def __init__(self, someone: Person, rng: random.Random, *, until: date) -> None:
        self.person = someone
        self.rng = rng
        self.until = until
        self.style: Style = choose_style(rng)
        self.english = someone.writes_english
        hidden = set(someone.hidden_skills)
        self.skills: list[Skill] = [skills()[number] for number in someone.skills if number not in hidden]
        self.unsaid = list(self.skills)
        rng.shuffle(self.unsaid)
        self.length = min(58_000, int(rng.lognormvariate(7.82, 0.9)))
        self.titles = self._options("title", someone.work.id) if self.english else someone.work.titles
        self.title = pick(rng, self.titles)
        trade = [] if self.english else [*someone.work.did, *self._options("family", someone.work.family)]
        self.office = Deck(rng, self._options("generic", "did"))
        self.trade = Deck(rng, trade) if trade else self.office
        self.slots = self._slots()

    def text(self) -> str:
        if self.length < BRIEF:
            return untidy("\n".join(self._brief()).lower(), self.style, self.rng)
        sections = self._order()
        blocks = []
        for name in sections:
            lines = getattr(self, f"_{name}")()
            if lines:
                blocks.append(self._headed(name, lines))
        if self.unsaid:
            blocks.insert(self.rng.randrange(len(blocks) + 1), self._headed("skills", self._skill_lists()))
        return untidy("\n".join(line for block in blocks for line in block).lower(), self.style, self.rng)

    def _brief(self) -> list[str]:
        """Somebody in a hurry: a few sentences and what one knows."""
        return [
            *self._summary(),
            *(self._skill_lists() if self.unsaid else []),
            *(self._school() if chance(self.rng, 0.6) else []),
        ]

    def _order(self) -> list[str]:
        rng = self.rng
        head = [
            name
            for name, share in (("personal", 0.5), ("goal", 0.4), ("summary", 0.68))
            if chance(rng, share)
        ]
        middle = ["school", "languages"] + (["courses"] if chance(rng, 0.5) else [])
        middle += ["skills"] if chance(rng, 0.55) else []
        rng.shuffle(middle)
        tail = [n for n, p in (("certificates", 0.22), ("soft", 0.25), ("extra", 0.45)) if chance(rng, p)]
        work = ["work"] + (["projects"] if self.person.work.family == "sap" and chance(rng, 0.5) else [])
        if self.length < 700:
            return (
                head[-1:]
                + pick(rng, (["work"], ["skills", "work"], ["work", "languages"]))
                + middle[:1]
                + ["school"]
            )
        first = chance(rng, 0.45)
        return (
            head + (work + middle if first else middle + work) + tail
            if chance(rng, 0.8)
            else tail[:1] + work + middle
        )

    def _headed(self, name: str, lines: list[str]) -> list[str]:
        options = self._options("headings", name)
        if name == "personal" and chance(self.rng, 0.5):
            return [*lines, *self.style.gap(self.rng)]
        return [self.style.heading(pick(self.rng, options)), *lines, *self.style.gap(self.rng)]

    # What is said of the person

    def _slots(self) -> dict[str, Filler]:
        rng, someone = self.rng, self.person
        segments = phrases("world", "text", "segment_en" if self.english else "segment")
        return {
            "title": self.title,
            "years": str(max(1, someone.years)),
            "field": lambda: pick(rng, self._options("field", someone.work.family)),
            "level": (_LEVEL_EN if self.english else _LEVEL_PT)[someone.rung],
            "o": "a" if someone.sex == "Feminino" else "o",
            "segment": lambda: pick(rng, segments),
            "system": lambda: pick(rng, phrases("world", "text", "system")),
            "volume": lambda: pick(rng, phrases("world", "text", "volume_en" if self.english else "volume")),
            "pct": lambda: pick(rng, phrases("world", "text", "pct")),
            "count": lambda: pick(rng, phrases("world", "text", "count")),
            "city": places()[someone.place].city.lower(),
            "education": self._education_phrase(),
            "languages": self._language_phrase(),
            "wish": spoken_wish(someone.wish, rng) if someone.states_wish else "a combinar",
            "word": lambda: invented_word(rng),
            "family": lambda: pick(rng, phrases("world", "people", "family")),
            "initial": self._reference,
            "year": lambda: str(self.until.year - int(rng.random() * max(3, someone.years))),
            "skill": lambda: self._named(pick(rng, self.skills)) if self.skills else self.title,
        }

    def _reference(self) -> str:
        return f"{pick(self.rng, phrases('world', 'people', 'family'))} ({pick(self.rng, ('gestor', 'rh'))})"

    def _options(self, *keys: str) -> list[str]:
        return phrases("cv_en" if self.english else "cv_pt", *keys)

    def _say(self, template: str, **slots: Filler) -> str:
        return expand(template, self.rng, {**self.slots, **slots} if slots else self.slots)

    def _named(self, skill: Skill) -> str:
        """Speaks of a skill, so that it need not be listed at the end."""
        if skill in self.unsaid:
            self.unsaid.remove(skill)
        return skill.spelled(self.rng, english=self.english)

    def _education_phrase(self) -> str:
        if not self.english:
            return self.person.education.lower().replace(
                "pós graduação", pick(self.rng, ("pós graduação", "pós-graduação"))
            )
        degree, _, state = self.person.education.rpartition(" ")
        return f"{_EDUCATION_EN[degree]} {_STATE_EN[state]}".strip()

    def _language_phrase(self) -> str:
        levels = _LANGUAGE_EN if self.english else [level.lower() for level in LANGUAGE_LEVELS]
        names = ("english", "spanish") if self.english else ("inglês", "espanhol")
        joint = pick(self.rng, (" ", " - ", ": "))
        parts = [
            f"{name}{joint}{levels[level]}"
            for name, level in zip(names, (self.person.english, self.person.spanish), strict=True)
            if level or chance(self.rng, 0.15)
        ]
        return ", ".join(parts) or ("portuguese" if self.english else "português nativo")

    # Sections

    def _personal(self) -> list[str]:
        rng, someone, place = self.rng, self.person, places()[self.person.place]
        age = (self.until - someone.born).days // 365
        lines = [someone.name] if chance(rng, 0.6) else []
        if chance(rng, 0.4) and not self.english:
            civil = pick(rng, ("solteir", "casad", "divorciad")) + ("a" if someone.sex == "Feminino" else "o")
            lines.append(f"brasileir{civil[-1]}, {civil}, {age} anos")
        lines.append(
            pick(rng, (f"{place.city} - {place.state}", f"{place.city}", f"{place.city}/{place.state}"))
        )
        if chance(rng, 0.5):
            label = pick(rng, ("tel:", "celular:", "telefone", "whatsapp:", ""))
            lines.append(f"{label} ({place.area_code}) 9xxxx-xxxx")
        if chance(rng, 0.4):
            lines.append(
                f"{pick(rng, ('e-mail:', 'email', ''))} {someone.name.split()[-1]}{someone.index}@example.com"
            )
        return lines

    def _goal(self) -> list[str]:
        level = self.slots["level"] if chance(self.rng, 0.4) else ""
        return [f"{self.title} {level}".strip()]

    def _summary(self) -> list[str]:
        count = 1 + int(self.rng.random() * (1 + min(6, self.length // 500)))
        said = [self._say(pick(self.rng, self._options("summary", "open")))]
        said += [self._say(pick(self.rng, self._options("summary", "more"))) for _ in range(count)]
        said += [self._skill_sentence() for _ in range(count // 2)]
        if chance(self.rng, 0.5):
            return [". ".join(said) + "."]
        return [self.style.item(line) for line in said]

    def _work(self) -> list[str]:
        lines: list[str] = []
        target = self.length * 0.72
        for number, stay in enumerate(stays(self.person, self.rng, until=self.until)):
            lines += self._stay(
                stay.company, stay.period(self.style, english=self.english), first=number == 0
            )
            if sum(map(len, lines)) > target and number:
                break
        while sum(map(len, lines)) < target * 0.85:
            lines.append(self.style.item(self._deed()))
        return lines

    def _stay(self, company: str, period: str, *, first: bool) -> list[str]:
        rng = self.rng
        role = self.title if first or chance(rng, 0.3) else pick(rng, self.titles)
        level = f" {self.slots['level']}" if first and chance(rng, 0.45) else ""
        lines = self.style.job_head(company, f"{role}{level}", period, rng)
        share = max(2, min(14, self.length // 520))
        if chance(rng, 0.2):
            lines.append(
                self._say(pick(rng, self._options("generic", "employer")), company=invented_company(rng))
            )
        deeds = [self._deed() for _ in range(1 + int(rng.random() * share))]
        lines += self._paragraph(deeds) if self.style.prose else [self.style.item(deed) for deed in deeds]
        if chance(rng, 0.12):
            lines.append(self._say(pick(rng, self._options("generic", "reason"))))
        return lines + self.style.gap(rng, often=False)

    def _paragraph(self, deeds: list[str]) -> list[str]:
        opening = self._say(pick(self.rng, self._options("generic", "prose")))
        return [
            opening + pick(self.rng, (" ", ": ", ", ")) + pick(self.rng, (", ", "; ", ". ")).join(deeds) + "."
        ]

    def _deed(self) -> str:
        """Something done at work: a sentence about skills, of the trade, or of any office; some say more."""
        roll = self.rng.random()
        if roll < 0.4 and self.skills:
            return self._skill_sentence()
        if roll > 0.85:
            return self._say(self.office.draw())
        said = self._say(self.trade.draw())
        if not chance(self.rng, 0.36):
            return said
        few = self.rng.sample(self.skills, min(2, len(self.skills)))
        tail = self._say(pick(self.rng, self._options("generic", "tail")), skills=lambda: self._joined(few))
        return said + ("" if tail.startswith(",") else " ") + tail

    def _skill_sentence(self) -> str:
        if not self.skills:
            return self.title
        lead = self.unsaid[-1] if self.unsaid else pick(self.rng, self.skills)
        same = [skill for skill in self.unsaid if skill.kind == lead.kind and skill is not lead]
        group = [lead, *same[: int(self.rng.random() * 3)]]
        return self._say(
            pick(self.rng, self._options("skill_sentence", lead.kind)), skills=self._joined(group)
        )

    def _joined(self, group: Sequence[Skill]) -> str:
        names = [self._named(skill) for skill in group]
        if len(names) < 2:
            return names[0]
        last = " and " if self.english else " e "
        return ", ".join(names[:-1]) + (last if chance(self.rng, 0.7) else ", ") + names[-1]

    def _projects(self) -> list[str]:
        rng, lines = self.rng, []
        for _ in range(1 + int(rng.random() * min(9, 1 + self.length // 900))):
            modules = rng.sample(self.skills, min(len(self.skills), 1 + int(rng.random() * 3)))
            names = ", ".join(self._named(skill) for skill in modules)
            year = self.slots["year"]
            when = year() if callable(year) else year
            first, then = pick(rng, ("-", "–", "|", "")), pick(rng, ("-", "/", ":"))
            lines.append(f"{when} {first} {invented_company(rng)} {then} {names}")
            if chance(rng, 0.5):
                lines.append(self.style.item(self._deed()))
        return lines

    def _school(self) -> list[str]:
        place = places()[self.person.place].city.lower()
        return schooling(
            self.person, self.style, self.rng, until=self.until, city=place, phrase=self._education_phrase()
        )

    def _languages(self) -> list[str]:
        said = self._language_phrase()
        return said.split(", ") if chance(self.rng, 0.6) else [said]

    def _skills(self) -> list[str]:
        return self._skill_lists()

    def _skill_lists(self) -> list[str]:
        rng = self.rng
        left = self.unsaid or rng.sample(self.skills, min(len(self.skills), 6))
        left = list(left)
        if chance(rng, 0.35):
            return [
                self.style.item(
                    self._say(pick(rng, self._options("skill_list", "level")), skill=self._named(s))
                )
                for s in left
            ]
        if chance(rng, 0.3):
            return [self.style.item(self._named(skill)) for skill in left]
        size = 3 + int(rng.random() * 9)
        joint = pick(rng, (", ", "; ", " | ", " / ", ", ", " - "))
        lines = []
        for at in range(0, len(left), size):
            names = joint.join(self._named(skill) for skill in left[at : at + size])
            lines.append(self._say(pick(rng, self._options("skill_list", "head")), skills=names))
        return lines

    def _courses(self) -> list[str]:
        rng, count = self.rng, 1 + int(self.rng.random() * min(12, 2 + self.length // 500))
        lines = []
        for _ in range(count):
            kind = "name" if self.skills and chance(rng, 0.65) else "plain"
            line = self._say(pick(rng, self._options("courses", kind)))
            if chance(rng, 0.6):
                place = self._say(pick(rng, self._options("courses", "place")))
                line += f" {pick(rng, ('-', '–', '/', ','))} {place}"
            lines.append(self.style.item(line))
        return lines

    def _certificates(self) -> list[str]:
        if not self.skills or (self.person.rung == JUNIOR and chance(self.rng, 0.6)):
            return []
        options = self._options("certificates", "name")
        return [
            self.style.item(self._say(pick(self.rng, options))) for _ in range(1 + int(self.rng.random() * 3))
        ]

    def _soft(self) -> list[str]:
        words = self.rng.sample(self._options("generic", "soft"), 3 + int(self.rng.random() * 4))
        return [", ".join(words)] if chance(self.rng, 0.5) else [self.style.item(word) for word in words]

    def _extra(self) -> list[str]:
        lines = [
            self._say(pick(self.rng, self._options("extra", "line")))
            for _ in range(1 + int(self.rng.random() * 3))
        ]
        if self.person.states_wish and chance(self.rng, 0.3):
            label = "salary expectation" if self.english else "pretensão salarial"
            lines.append(f"{label}: {spoken_wish(self.person.wish, self.rng)}")
        return [self.style.item(line) for line in lines]
