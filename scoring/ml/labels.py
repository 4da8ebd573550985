"""What counts as a hire: named outcome policies over the closed set of source statuses.

Every policy compares whole statuses. "Aprovado" is part of "Não Aprovado pelo Cliente" and a substring test
would call a refusal a hire.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HIRED = frozenset(
    {
        "Contratado pela Decision",
        "Contratado como Hunting",
        "Aprovado",
        "Proposta Aceita",
        "Encaminhar Proposta",
        "Documentação PJ",
        "Documentação CLT",
        "Documentação Cooperado",
    }
)
REJECTED = frozenset(
    {"Não Aprovado pelo Cliente", "Não Aprovado pelo RH", "Não Aprovado pelo Requisitante", "Recusado"}
)
# Negative for *hired*, not for *fit*: the candidate said no.
WITHDREW = frozenset({"Desistiu", "Desistiu da Contratação", "Sem interesse nesta vaga"})
IN_FLIGHT = frozenset(
    {
        "Prospect",
        "Inscrito",
        "Encaminhado ao Requisitante",
        "Entrevista Técnica",
        "Entrevista com Cliente",
        "Em avaliação pelo RH",
    }
)
STATUSES = HIRED | REJECTED | WITHDREW | IN_FLIGHT

_SYSTEM_B_HIRED = HIRED - {"Documentação PJ", "Documentação CLT", "Documentação Cooperado"}
_SYSTEM_C_MATCH = _SYSTEM_B_HIRED - {"Contratado como Hunting"}


class UnknownPolicy(ValueError):
    """The name is not one of `POLICIES`."""


@dataclass(frozen=True)
class LabelPolicy:
    """`positive` statuses become 1, `negative` ones 0; a status in neither drops its row."""

    name: str
    positive: frozenset[str]
    negative: frozenset[str]


POLICIES: Mapping[str, LabelPolicy] = {
    policy.name: policy
    for policy in (
        LabelPolicy("decided", HIRED, REJECTED | WITHDREW),
        LabelPolicy("all", HIRED, STATUSES - HIRED),
        LabelPolicy("systemB", _SYSTEM_B_HIRED, REJECTED | WITHDREW),
        LabelPolicy("systemC", _SYSTEM_C_MATCH, STATUSES - _SYSTEM_C_MATCH),
    )
}


def label(statuses: Iterable[str], policy: str) -> NDArray[np.float64]:
    """One label per status, in order: 1.0 hire, 0.0 no hire, NaN = the row takes no part in training.

    Statuses are compared whole, after trimming blanks and composing accents. A status outside the 21 of the
    source format gets NaN under every policy, also under `all`: nothing is known about what it means
    (`unknown_statuses` lists them). Raises `UnknownPolicy`.
    """
    chosen = policy_named(policy)
    values = dict.fromkeys(chosen.negative, 0.0) | dict.fromkeys(chosen.positive, 1.0)
    return np.array([values.get(_canonical(status), np.nan) for status in statuses], dtype=np.float64)


def policy_named(name: str) -> LabelPolicy:
    """The policy of that name; raises `UnknownPolicy` with the names that exist."""
    try:
        return POLICIES[name]
    except KeyError:
        known = ", ".join(POLICIES)
        raise UnknownPolicy(f"There is no label policy “{name}”. Choose one of: {known}.") from None


def unknown_statuses(statuses: Iterable[str]) -> frozenset[str]:
    """The statuses, as written, that are outside the closed set of the source format."""
    return frozenset(status for status in statuses if _canonical(status) not in STATUSES)


def _canonical(status: str) -> str:
    return unicodedata.normalize("NFC", status).strip() if isinstance(status, str) else ""
