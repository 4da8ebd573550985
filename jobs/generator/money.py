"""Brazilian notations of money, as people type them."""

from __future__ import annotations

import random

from jobs.generator.grammar import pick

HOURS_A_MONTH = 168


def brazilian(value: int) -> str:
    """2500 -> 2.500,00"""
    return f"{value:,}".replace(",", ".") + ",00"


def spoken_wish(value: int, rng: random.Random) -> str:
    """A wish of so many reais a month, as said in a CV or in a recruiter's remark."""
    return pick(
        rng,
        (
            f"r$ {brazilian(value)}",
            f"r$ {value}",
            f"r$ {value / 1000:g}k".replace(".", ","),
            f"{brazilian(value)}",
        ),
    )


_PLAIN = (
    "{v}",
    "{v}",
    "{v},00",
    "{b}",
    "{b}",
    "{b}",
    "R$ {b}",
    "R${b}",
    "R${b}",
    "R$ {b}",
    "R${v},00",
    "{d}",
    "R${d}",
)
_ODD = (
    "R$ {d}.00 mensal",
    "mensal / {v}",
    "{v},00 por mês",
    "{v} por mes",
    "{h} por hora",
    "{h},00 por hora",
    "R$ {h},00/h",
    "Atual, {b}",
    "Fixo+Comissão=R$ {b},",
    "R$ {b} CLT/mês",
    "{d} - PJ / {c} COOP",
    "híbrido - CLT + PJ",
    "a combinar",
)


def written_wish(value: int, rng: random.Random) -> str:
    """The field `remuneracao`: a plain amount, or a notation that an import must understand or refuse."""
    notation = pick(rng, _ODD) if rng.random() < 0.13 else pick(rng, _PLAIN)
    dotted = f"{value:,}".replace(",", ".")
    more = f"{int(value * 1.1) // 100 * 100:,}".replace(",", ".")
    return notation.format(
        v=value, b=brazilian(value), d=dotted, c=more, h=max(8, round(value / HOURS_A_MONTH))
    )
