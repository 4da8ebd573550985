"""What becomes of a prospect: the status, when it was last touched, and the recruiter's remark."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date

from jobs.generator.catalogue import clients, skills, staff
from jobs.generator.grammar import Filler, Weighted, chance, expand, phrases, pick
from jobs.generator.money import HOURS_A_MONTH, brazilian
from jobs.generator.vacancy import Vacancy

HIRED = frozenset(
    {
        "Contratado pela Decision",  # the format's own word, whatever the company is called
        "Contratado como Hunting",
        "Aprovado",
        "Proposta Aceita",
        "Encaminhar Proposta",
        "Documentação PJ",
        "Documentação CLT",
        "Documentação Cooperado",
    }
)
RECRUITERS = 77
_HIRED_AS = Weighted(
    {
        "Contratado pela Decision": 2758,
        "Contratado como Hunting": 226,
        "Aprovado": 209,
        "Documentação PJ": 4,
        "Documentação CLT": 3,
        "Documentação Cooperado": 2,
        "Encaminhar Proposta": 2,
        "Proposta Aceita": 1,
    }
)
_WITHDREW_AS = Weighted({"Desistiu": 2349, "Desistiu da Contratação": 59})
_STILL_OPEN = Weighted(
    {
        "Encaminhado ao Requisitante": 45,
        "Prospect": 20,
        "Entrevista Técnica": 11,
        "Entrevista com Cliente": 12,
        "Em avaliação pelo RH": 8,
        "Inscrito": 4,
    }
)


@dataclass(frozen=True, slots=True)
class Course:
    """How prospects with a status fare: how many, remarks, days to the last change, pull of a good fit."""

    share: float
    comment: float
    median: float
    p90: float
    remark: str
    lean: float  # above 0: likelier for a good fit


_COURSES = {
    "Prospect": Course(20021, 0.0, 0, 0, "review", 0.0),
    "Encaminhado ao Requisitante": Course(16122, 0.33, 0, 1, "forwarded", 0.15),
    "Inscrito": Course(3980, 0.0, 0, 0, "review", -0.1),
    "Não Aprovado pelo Cliente": Course(3492, 0.79, 9, 39, "client_no", 0.1),
    "Desistiu": Course(0, 0.86, 5, 36, "withdrew", 0.0),
    "Não Aprovado pelo RH": Course(1765, 0.96, 0, 14, "hr_no", -0.5),
    "Não Aprovado pelo Requisitante": Course(765, 0.86, 6, 36, "requester_no", -0.3),
    "Entrevista Técnica": Course(579, 0.84, 6, 26, "interview", 0.3),
    "Sem interesse nesta vaga": Course(576, 0.91, 0, 7, "withdrew", 0.1),
    "Entrevista com Cliente": Course(469, 0.05, 5, 25, "interview", 0.3),
    "Em avaliação pelo RH": Course(375, 0.34, 0, 16, "review", 0.0),
    "Desistiu da Contratação": Course(0, 0.86, 16, 62, "withdrew", 0.0),
    "Recusado": Course(2, 0.0, 3, 3, "hr_no", -0.2),
    "Contratado pela Decision": Course(0, 0.24, 8, 34, "hired", 0.0),
    "Contratado como Hunting": Course(0, 0.49, 20, 47, "hired", 0.0),
    "Aprovado": Course(0, 0.53, 7, 40, "hired", 0.0),
    "Documentação PJ": Course(0, 0.6, 29, 60, "hired", 0.0),
    "Documentação CLT": Course(0, 0.6, 18, 40, "hired", 0.0),
    "Documentação Cooperado": Course(0, 0.6, 8, 20, "hired", 0.0),
    "Encaminhar Proposta": Course(0, 1.0, 4, 10, "hired", 0.0),
    "Proposta Aceita": Course(0, 1.0, 82, 90, "hired", 0.0),
}
_NOT_HIRED = [status for status, course in _COURSES.items() if course.share]
_MODALITY = Weighted({"Cooperado": 293, "PJ": 251, "CLT": 140, "CLT - Estratégico": 28, "Hunting": 25})


@dataclass(frozen=True, slots=True)
class Outcome:
    status: str
    applied: int  # ordinal days
    updated: int | None
    pending: bool  # the end of the timeline came before the decision

    @property
    def hired(self) -> bool:
        return self.status in HIRED


def outcome(
    *,
    hired: bool,
    withdrew: bool,
    fit: float,
    job: Vacancy,
    applied: int,
    last_day: int,
    rng: random.Random,
) -> Outcome:
    """Draws the status from the inverted question: hired or not, and whether somebody who was wanted said no,
    is already decided by the hidden rules.
    """
    status = _status(hired=hired, withdrew=withdrew, fit=fit, job=job, rng=rng)
    updated = applied + _days(_COURSES[status], rng)
    if updated > last_day:
        return Outcome(
            _STILL_OPEN.draw(rng), applied, min(last_day, applied + int(rng.random() * 4)), pending=True
        )
    silent = status == "Inscrito" and chance(rng, 0.98)
    return Outcome(status, applied, None if silent else updated, pending=False)


def _status(*, hired: bool, withdrew: bool, fit: float, job: Vacancy, rng: random.Random) -> str:
    if hired:
        return _hired_as(job, rng)
    return _WITHDREW_AS.draw(rng) if withdrew else _not_hired(fit, rng)


def _hired_as(job: Vacancy, rng: random.Random) -> str:
    if job.contract == "Hunting" and chance(rng, 0.5):
        return "Contratado como Hunting"
    return _HIRED_AS.draw(rng)


def _not_hired(fit: float, rng: random.Random) -> str:
    """A better fit goes further before it ends, or is turned away later."""
    inner = max(-2.0, min(2.0, fit + 1.1))
    weights = [_COURSES[status].share * math.exp(_COURSES[status].lean * inner) for status in _NOT_HIRED]
    return rng.choices(_NOT_HIRED, weights)[0]


def _days(course: Course, rng: random.Random) -> int:
    if course.p90 == 0:
        return 0
    spread = math.log((course.p90 + 1) / (course.median + 1)) / 1.2816
    return int((course.median + 1) * math.exp(rng.gauss(0.0, spread)) - 0.5)


def modality(rng: random.Random, *, any_hired: bool) -> str:
    """Filled in after a hire, nearly never else: the source's famous leak."""
    return _MODALITY.draw(rng) if chance(rng, 0.277 if any_hired else 0.0012) else ""


def recruiter(rng: random.Random) -> str:
    return staff(RECRUITERS, "recruiters")[min(RECRUITERS - 1, int(rng.expovariate(1 / 16)))]


def comment(made: Outcome, job: Vacancy, *, sex: str, wish: int, rng: random.Random) -> str:
    """At most 255 characters, mostly none; tells the outcome, as in the source."""
    course = _COURSES[made.status]
    if not chance(rng, course.comment):
        return ""
    when = date.fromordinal((made.updated or made.applied) + 3 + int(rng.random() * 14))
    slots: dict[str, Filler] = {
        "date": pick(rng, (f"{when:%d/%m/%Y}", f"{when:%d/%m/%y}", f"{when:%d/%m}")),
        "money": pick(
            rng,
            (
                f"R$ {brazilian(wish)}",
                f"R$ {max(12, wish // HOURS_A_MONTH)},00/h",
                f"{wish / 1000:g}k",
                f"R${wish}",
            ),
        ),
        "contract": pick(rng, ("CLT", "PJ", "CLT Full", "Cooperado", "PJ")),
        "client": pick(rng, clients()),
        "skill": lambda: skills()[pick(rng, job.must)].spellings[0],
        "english": "avançado",
        "o": "a" if sex == "Feminino" else "o",
    }
    return expand(pick(rng, phrases("comments", course.remark, "text")), rng, slots)[:255]
