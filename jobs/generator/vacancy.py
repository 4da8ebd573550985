"""What a job is and asks for: the facts that its texts tell and the hidden rule reads."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from jobs.generator.catalogue import Profession, clients, draw_numbered, professions
from jobs.generator.grammar import Weighted, chance, pick, stream
from jobs.generator.person import EDUCATION_RANK, JUNIOR, MANAGER, MID, SENIOR, SPECIALIST, pay
from jobs.generator.world import World

RUBBER_STAMP_CLIENT = 0  # hires nearly whoever is sent; technicians in the field

_LEVELS = {
    JUNIOR: Weighted(
        {"Júnior": 30, "Assistente": 9, "Analista": 58, "Auxiliar": 2, "Aprendiz": 0.6, "Trainee": 0.4}
    ),
    MID: Weighted({"Analista": 62, "Pleno": 38}),
    SENIOR: Weighted({"Sênior": 93, "Analista": 7}),
    SPECIALIST: Weighted({"Especialista": 66, "Líder": 11, "Sênior": 23}),
    MANAGER: Weighted({"Gerente": 66, "Coordenador": 18, "Supervisor": 16}),
}
# What a label asks for. "Analista" says little: it is read as the middle of the ladder.
LEVEL_RUNG = {
    "Aprendiz": JUNIOR,
    "Trainee": JUNIOR,
    "Auxiliar": JUNIOR,
    "Assistente": JUNIOR,
    "Júnior": JUNIOR,
    "Analista": MID,
    "Pleno": MID,
    "Sênior": SENIOR,
    "Especialista": SPECIALIST,
    "Líder": SPECIALIST,
    "Coordenador": SPECIALIST,
    "Supervisor": SPECIALIST,
    "Gerente": MANAGER,
}
_RUNGS = {"business": (52, 30, 13, 3, 2), "infra": (38, 34, 25, 2, 1), "sap": (5, 27, 62, 5, 1)}
_RUNGS_USUAL = (12, 38, 44, 4, 2)
JOB_ENGLISH = ("Nenhum", "Básico", "Intermediário", "Avançado", "Fluente", "Técnico")
LANGUAGE_NEED = {
    "": 0,
    "Nenhum": 0,
    "Básico": 1,
    "Técnico": 1,
    "Intermediário": 2,
    "Avançado": 3,
    "Fluente": 4,
}
_SPANISH = Weighted(
    {"Nenhum": 51, "Básico": 36, "": 6, "Avançado": 3, "Intermediário": 2.5, "Fluente": 1.2, "Técnico": 0.3}
)
_EDUCATION = Weighted(
    {
        "Ensino Superior Completo": 800,
        "Ensino Médio Completo": 60,
        "Ensino Técnico Completo": 50,
        "Ensino Superior Cursando": 38,
        "Ensino Superior Incompleto": 14,
        "Pós Graduação Completo": 6,
        "Pós Graduação Cursando": 1,
        "Mestrado Completo": 0.4,
    }
)
_EDUCATION_MODEST = Weighted(
    {
        "Ensino Superior Completo": 30,
        "Ensino Médio Completo": 40,
        "Ensino Técnico Completo": 18,
        "Ensino Superior Cursando": 9,
        "Ensino Médio Incompleto": 1,
        "Ensino Fundamental Completo": 0.5,
        "Ensino Técnico Cursando": 0.5,
    }
)
_CONTRACTS = Weighted(
    {
        "PJ/Autônomo": 330,
        "CLT Full": 210,
        "CLT Full, PJ/Autônomo": 205,
        "Hunting": 90,
        "Cooperado": 70,
        "": 46,
        "CLT Cotas": 28,
        "PJ/Autônomo, Cooperado": 12,
        "PJ/Autônomo, CLT Cotas": 3,
        "CLT Full, CLT Cotas, PJ/Autônomo": 3,
        "CLT Full, CLT Cotas, Cooperado, PJ/Autônomo": 2,
        "CLT Cotas, Cooperado, Estagiário, PJ/Autônomo, Hunting": 2,
        "Estagiário": 1,
        "Candidato poderá escolher": 2,
    }
)


_BROAD_LABELS = (
    "TI - Projetos",
    "TI - Projetos",
    "TI - Projetos",
    "Gestão e Alocação de Recursos de TI",
    "TI - Sistemas e Ferramentas",
)


@dataclass(frozen=True, slots=True)
class Vacancy:
    index: int
    requested: date
    profession: int
    level: str  # label of "nivel profissional"
    must: tuple[int, ...]
    nice: tuple[int, ...]
    english: str
    spanish: str
    education: str
    place: int
    client: int
    contract: str
    budget: int  # reais a month
    origin: str
    areas: tuple[str, ...]  # labels it is filed under, the first counts
    writes_english: bool

    @property
    def work(self) -> Profession:
        return professions()[self.profession]

    @property
    def rung(self) -> int:
        return LEVEL_RUNG[self.level]

    @property
    def must_mask(self) -> int:
        mask = 0
        for skill in self.must:
            mask |= 1 << skill
        return mask

    @property
    def education_rank(self) -> int:
        return EDUCATION_RANK[self.education]


def client_of(seed: int, index: int) -> int:
    """The client alone: known before the job is drawn, because the sizes of jobs depend on it."""
    rng = stream(seed, "client", index)
    roll = rng.random()
    for client, upto in enumerate((0.075, 0.22, 0.315, 0.41, 0.48)):
        if roll < upto:
            return client
    return min(len(clients()) - 1, 5 + int(rng.expovariate(1 / 22)))


def vacancy(world: World, index: int, *, requested: date) -> Vacancy:
    rng = world.stream("vacancy", index)
    client = client_of(world.seed, index)
    profession = _profession(world, rng, client)
    rung = 1 + rng.choices(range(5), _RUNGS.get(profession.family, _RUNGS_USUAL))[0]
    if profession.id in {"project_manager", "service_manager"}:
        rung = max(rung, MID)
    must, nice = _asked(rng, profession)
    level = _LEVELS[rung].draw(rng)
    modest = profession.family in {"business", "infra"} and rung <= MID
    return Vacancy(
        index=index,
        requested=requested,
        profession=profession.number,
        level=level,
        must=must,
        nice=nice,
        english=_english(rng, profession, rung),
        spanish=_SPANISH.draw(rng),
        education=(_EDUCATION_MODEST if modest and chance(rng, 0.55) else _EDUCATION).draw(rng),
        place=draw_numbered(rng, "places_jobs"),
        client=client,
        contract=_contract(rng, profession),
        budget=int(pay(profession, rung) * rng.lognormvariate(0.04, 0.18) / 100) * 100,
        origin=rng.choices(("Nova Posição", "", "Substituição"), (61, 36, 3))[0],
        areas=_areas(rng, profession),
        writes_english=chance(rng, 0.13),
    )


def _profession(world: World, rng: random.Random, client: int) -> Profession:
    if client == RUBBER_STAMP_CLIENT:
        return next(p for p in professions() if p.id == "support")
    drawn = world.draw_trade(rng)
    if drawn.family == "business" and chance(
        rng, 0.45
    ):  # an IT company: fewer office jobs than applicants for them
        drawn = world.draw_trade(rng)
    return drawn


def _asked(rng: random.Random, profession: Profession) -> tuple[tuple[int, ...], tuple[int, ...]]:
    count = rng.choices((2, 3, 4, 5, 6), (12, 28, 30, 20, 10))[0]
    first = [s for i, s in enumerate(profession.core) if rng.random() < 0.8 - 0.05 * i]
    others = list(profession.extra)
    rng.shuffle(others)
    pool = first[: max(2, count - 1)] + others
    must = pool[:count]
    return tuple(must), tuple(pool[count : count + 1 + int(rng.random() * 4)])


def _english(rng: random.Random, profession: Profession, rung: int) -> str:
    weights = (45, 30, 9, 10, 5, 1) if profession.family in {"business", "infra"} else (20, 34, 11, 21, 12, 2)
    if rung == JUNIOR:
        weights = (48, 34, 8, 6, 3, 1)
    return rng.choices(JOB_ENGLISH, weights)[0]


def _contract(rng: random.Random, profession: Profession) -> str:
    """A comma list in whatever order somebody ticked the boxes."""
    if profession.family == "business" and chance(rng, 0.5):
        return pick(rng, ("CLT Full", "CLT Full", "CLT Full", "CLT Cotas", "Cooperado"))
    kinds = _CONTRACTS.draw(rng).split(", ")
    rng.shuffle(kinds)
    return ", ".join(kinds)


def _areas(rng: random.Random, profession: Profession) -> tuple[str, ...]:
    """Recruiters file many of the IT jobs under broad labels, and some under two."""
    label = profession.area
    if label.startswith("TI") and label != "TI - SAP" and chance(rng, 0.4):
        label = pick(rng, _BROAD_LABELS)
    labels = [label]
    if chance(rng, 0.05):
        labels.append(pick(rng, professions()).area)
    return tuple(dict.fromkeys(labels))
