"""What counts as a hire: named outcome policies over the closed set of source statuses.

Every policy compares whole statuses. "Aprovado" is part of "Não Aprovado pelo Cliente" and a substring test
would call a refusal a hire.

Withdrawals (`WITHDREW`) are 0 under every policy: negative for *hired*, not for *fit*. Whether somebody who
is wanted says yes is another question with labels of its own: `accept_label`.

Under `all` and `systemC` a prospect that nobody decided on counts as not hired, but only once its job had the
time to decide: see `young`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

# Wanted, and then said no. "Sem interesse nesta vaga" is said on the first call (the median is the day of the
# application, nine of ten within a week), before anybody wanted the person: it tells nothing of an offer.
WITHDREW_WHEN_WANTED = WITHDREW - {"Sem interesse nesta vaga"}
# Days after a job's first application within which 95 % of its decisions were made (of its hires: 74); the
# median is 12. From the 10,551 dated decisions of the real files.
YOUNG_DAYS = 75

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


def label(
    statuses: Iterable[str],
    policy: str,
    *,
    job_ages: Sequence[float] | NDArray[Any] | None = None,
    job_open: Sequence[bool] | NDArray[Any] | None = None,
) -> NDArray[np.float64]:
    """One label per status, in order: 1.0 hire, 0.0 no hire, NaN = the row takes no part in training.

    Statuses are compared whole, after trimming blanks and composing accents. A status outside the 21 of the
    source format gets NaN under every policy, also under `all`: nothing is known about what it means
    (`unknown_statuses` lists them).

    `job_ages` (days, see `young`) and `job_open`, one of each per status: where a policy calls a prospect in
    flight a failure, it gets NaN instead while its job is young. Without `job_ages` no job is young; without
    `job_open` every job counts as open. Raises `UnknownPolicy`, and `ValueError` for another number of ages.
    """
    chosen = policy_named(policy)
    statuses = [_canonical(status) for status in statuses]
    values = dict.fromkeys(chosen.negative, 0.0) | dict.fromkeys(chosen.positive, 1.0)
    labels = np.array([values.get(status, np.nan) for status in statuses], dtype=np.float64)
    if job_ages is None:
        return labels
    in_flight = np.array([status in IN_FLIGHT for status in statuses], dtype=bool)
    may_decide = young(job_ages, np.ones(len(labels)) if job_open is None else job_open)
    if may_decide.shape != labels.shape:
        raise ValueError(f"{len(labels)} statuses, but {len(may_decide)} ages of jobs")
    return np.where(in_flight & may_decide, np.nan, labels)


def young(
    job_ages: Sequence[float] | NDArray[Any], job_open: Sequence[bool] | NDArray[Any]
) -> NDArray[np.bool_]:
    """Whether a job may still decide: open, and its first application less than `YOUNG_DAYS` days old.

    `job_ages`: days from the job's first application to the last day that the data tells of, one per row; an
    unknown age (NaN) is not young. Raises `ValueError` when the two are not of one length.
    """
    ages, still_open = np.asarray(job_ages, dtype=np.float64), np.asarray(job_open, dtype=bool)
    if ages.shape != still_open.shape:
        raise ValueError(f"{len(ages)} ages of jobs, but {len(still_open)} times open or not")
    return still_open & (ages < YOUNG_DAYS)


def accept_label(statuses: Iterable[str]) -> NDArray[np.float64]:
    """One label per status for *likely to accept*: 1.0 accepted (hired), 0.0 withdrew after being wanted
    (`WITHDREW_WHEN_WANTED`), NaN for everybody of whom nobody can know.

    The source does not date an offer: some who withdrew did so before one was made.
    """
    values = dict.fromkeys(HIRED, 1.0) | dict.fromkeys(WITHDREW_WHEN_WANTED, 0.0)
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
