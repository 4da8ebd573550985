"""The hidden rule: who is hired, and why. All that is written here is known to a perfect reader of the files.

    logit = intercept + job part + person part + noise,   hired ~ Bernoulli(sigmoid(logit))

The person part counts only what the files tell: of somebody whose CV is missing nothing can be read, so such
people stand at a fixed mark. The best possible ranker therefore exists in principle, and its AUC is that of
`true_probability` against the drawn outcomes. Sex, age, marital status, disability and name play no part.

Of a company of `JOBS_ONLY` the person part is nought for everybody: nothing that can be read of a candidate
has to do with a hire, and no order inside a job is better than any other.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from jobs.generator.catalogue import clients
from jobs.generator.grammar import stream
from jobs.generator.vacancy import LANGUAGE_NEED, RUBBER_STAMP_CLIENT, Vacancy

PERSON_AND_JOB, JOBS_ONLY = "person-and-job", "jobs-only"
RULES = (PERSON_AND_JOB, JOBS_ONLY)
NOISE = 0.45  # standard deviation of what nobody can know, on the logit scale
# Gauss-Hermite nodes and weights for the mean over a standard normal (7 points).
_NODES = (-3.750439717725742, -2.3667594107345415, -1.1544053947399682, 0.0)
_WEIGHTS = (0.000548268855972218, 0.030757123967586497, 0.24012317860501267, 0.45714285714285713)

SKILL_SHARE = 4.0
STEP_BELOW, STEP_ABOVE = -0.75, -0.25
ENGLISH_STEP, SPANISH_STEP, EDUCATION_STEP = -0.5, -0.2, -0.45
OVER_BUDGET, SAME_CITY = -2.2, 0.4
UNREAD = -0.9  # where those stand whose CV cannot be read

_CONTRACT = {
    "CLT Full": 0.55,
    "Cooperado": 0.6,
    "CLT Cotas": 0.75,
    "": 0.4,
    "PJ/Autônomo": -0.4,
    "Hunting": -0.3,
}
_AREA = {
    "Administrativa": 0.75,
    "Financeira/Controladoria": 0.45,
    "TI - Suporte": 0.35,
    "TI - Desenvolvimento/Programação": 0.15,
    "TI - SAP": -0.2,
    "TI - Projetos": -0.45,
}
_YEAR = (0.65, 0.15, -0.2, -0.35, 0.2)  # by fifth of the timeline: the market turns


@dataclass(frozen=True, slots=True)
class Reading:
    """What the files tell about a person, compactly."""

    known: bool  # in the applicants file
    readable: bool  # with a CV to read
    has_levels: bool
    skill_mask: int
    rung: int
    english: int
    spanish: int
    education_rank: int
    place: int
    wish: int  # 0 when not stated


def skill_share(reading: Reading, job: Vacancy) -> float:
    return (reading.skill_mask & job.must_mask).bit_count() / len(job.must)


def person_part(reading: Reading, job: Vacancy) -> float:
    total = 0.0
    if reading.readable:
        gap = reading.rung - job.rung
        total += SKILL_SHARE * (skill_share(reading, job) - 0.55)
        total += STEP_BELOW * min(3, -gap) if gap < 0 else STEP_ABOVE * min(3, gap)
        total += SAME_CITY * (reading.place == job.place)
    else:
        total += UNREAD
    if reading.readable or reading.has_levels:
        total += ENGLISH_STEP * max(0, LANGUAGE_NEED[job.english] - reading.english)
        total += SPANISH_STEP * max(0, LANGUAGE_NEED[job.spanish] - reading.spanish)
        total += EDUCATION_STEP * min(2, max(0, job.education_rank - reading.education_rank))
    if reading.known and reading.wish:
        total += OVER_BUDGET * min(1.0, max(0.0, reading.wish / job.budget - 1.0))
    return total


@cache
def _client_effects(seed: int) -> tuple[float, ...]:
    rng = stream(seed, "client effects")
    effects = [rng.gauss(0.0, 0.5) for _ in clients()]
    effects[RUBBER_STAMP_CLIENT] = 1.5
    return tuple(effects)


def job_part(seed: int, job: Vacancy, *, prospects: int, era: int) -> float:
    total = _client_effects(seed)[job.client] + _YEAR[era] + _AREA.get(job.areas[0], 0.0)
    kinds = job.contract.split(", ")
    total += sum(_CONTRACT.get(kind, 0.0) for kind in kinds) / len(kinds)
    total += 0.4 if job.origin == "Substituição" else 0.0
    return total + size_part(prospects)


def size_part(prospects: int) -> float:
    """A job with one prospect is mostly a formality; many prospects share one post."""
    return 1.9 if prospects == 1 else -0.35 * math.log(prospects / 3)


# Of those who are wanted: who says yes

ACCEPTS, ACCEPT_PAY, ACCEPT_CITY = 0.1, -2.5, 0.7
_PAY_REACH = 0.6  # a wish further from the budget than that changes nothing more


def accept_logit(reading: Reading, job: Vacancy) -> float:
    """The second rule: who is wanted says yes the rather for more than was wished, and at home."""
    total = ACCEPTS
    if reading.known and reading.wish:
        total += ACCEPT_PAY * max(-_PAY_REACH, min(_PAY_REACH, reading.wish / job.budget - 1.0))
    return total + ACCEPT_CITY * (reading.readable and reading.place == job.place)


def withdraws_when_wanted(hire: float, accept: float) -> float:
    """The chance that somebody is wanted and says no, whose chance of a hire is `hire`.

    Of those wanted the share `accept` is hired: wanted = hire / accept. Who is hired for nearly certain
    cannot be wanted more often than always, and so says yes at least as often as `hire`.
    """
    return min(1.0 - hire, hire * (1.0 - accept) / accept)


def sigmoid(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit)) if logit > -700 else 0.0


def true_probability(logit: float) -> float:
    """The chance of a hire before the noise is drawn: the mean of the sigmoid over the noise."""
    return _mean_over_noise(sigmoid, logit)


def true_acceptance(logit: float, accept: float) -> float:
    """The share of hires among those hired and those who said no when wanted, before the noise is drawn."""
    hired = true_probability(logit)
    no = _mean_over_noise(lambda drawn: withdraws_when_wanted(sigmoid(drawn), accept), logit)
    return hired / (hired + no)


def _mean_over_noise(of: Callable[[float], float], logit: float) -> float:
    total = _WEIGHTS[3] * of(logit)
    for node, weight in zip(_NODES[:3], _WEIGHTS[:3], strict=True):
        total += weight * (of(logit + NOISE * node) + of(logit - NOISE * node))
    return total


def intercept_for(logits: array[float], *, hire_rate: float) -> float:
    """The intercept that makes the mean true probability the wanted share of hires."""
    low, high = -15.0, 15.0
    for _ in range(26):
        middle = (low + high) / 2
        mean = sum(true_probability(middle + logit) for logit in logits) / max(1, len(logits))
        low, high = (middle, high) if mean < hire_rate else (low, middle)
    return (low + high) / 2
