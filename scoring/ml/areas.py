"""The 26 closed areas as bits, declared by their labels or implied by the words of a headline or title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from scoring.ml.schema import AREA_LABELS
from scoring.ml.text import fold

_BIT: Final = {label: 1 << position for position, label in enumerate(AREA_LABELS)}

# Of a folded headline or title, whole words or beginnings of words.
_WORDS: Final = {
    "Administrativa": r"\badministra(?:tiv|cao|dor)|\bsecretari|\brecepcion|\bescritorio\b",
    "Comercial": r"\bcomercial\b|\bvendas?\b|\bvendedor|\bsales\b",
    "Financeira/Controladoria": (
        r"\bfinanc|\bcontab|\bcontador|\bcontrolad|\bfiscal\b"
        r"|\btesour|\bcontroller\b|\baccount(?:ing|ant)"
    ),
    "Gestão e Alocação de Recursos de TI": (
        r"\balocacao\b|\b(?:gestao|gerent[ea]) de t\.?i\b"
        r"|\b(?:it|service) manager\b"
    ),
    "Jurídica": r"\bjuridic|\badvogad|\blegal\b",
    "Marketing": r"\bmarketing\b|\bpublicidade\b",
    "Novos Negócios e Parcerias": r"\bnovos negocios\b|\bparcerias\b|\bbusiness development\b",
    "Qualidade Corporativa": r"\bqualidade corporativa\b|\bgestao da qualidade\b|\biso ?9001\b",
    "Recursos Humanos": (
        r"\brecursos humanos\b|\brh\b|\b(?:departamento|depto) pessoal\b"
        r"|\brecrutamento\b|\bhuman resources\b"
    ),
    "Relacionamento Técnico": r"\brelacionamento\b|\bpos[- ]vendas?\b",
    "TI - Arquitetura": r"\barquitet[oa]\b|\barquitetura\b|\barchitect",
    "TI - Banco de Dados": r"\bdados\b|\bdba\b|\bdatabase|\bdata\b|\bbi\b|\betl\b|\boracle\b|\bsql\b",
    "TI - Desenvolvimento/Design": r"\bdesign|\bfront[- ]?end\b",
    "TI - Desenvolvimento/Mobile": r"\bmobile\b|\bandroid\b|\bios\b|\bflutter\b|\bkotlin\b|\bswift\b",
    "TI - Desenvolvimento/Programação": (
        r"\bdesenvolved|\bprogramad|\bdeveloper|\bdesenvolvimento\b|\bjava\b|\bpython\b|\bphp\b|\bdotnet\b|\.net\b"
        r"|\bcobol\b|\babap\b|\bfull[- ]?stack\b|\bback[- ]?end\b|\bsoftware\b"
    ),
    "TI - Governança": r"\bgovernanca\b|\bitil\b|\bcobit\b|\bgovernance\b",
    "TI - Infraestrutura": (
        r"\binfra|\bredes\b|\bnetwork|\bservidores\b"
        r"|\bdevops\b|\bcloud\b|\bsysadmin\b|\blinux\b"
    ),
    "TI - Processos e Negócios": (
        r"\bprocessos?\b|\bnegocios\b|\bbusiness analyst\b"
        r"|\brequisitos\b|\bfuncional\b"
    ),
    "TI - Projetos": r"\bprojetos?\b|\bproject|\bscrum\b|\bproduct owner\b|\bagil|\bagile\b|\bpmo\b",
    "TI - Qualidade/Testes": r"\btestes?\b|\bqa\b|\bquality\b|\btester\b|\bqualidade de software\b",
    "TI - SAP": r"\bsap\b|\babap\b",
    "TI - Segurança da Informação": r"\bseguranca\b|\bcyber|\bsecurity\b",
    "TI - Sistemas e Ferramentas": r"\bsistemas?\b|\berp\b|\bsystems?\b",
    "TI - Suporte": r"\bsuporte\b|\bhelp ?desk\b|\bservice ?desk\b|\bsupport\b|\bfield\b",
    "TI - Telecom": r"\btelecom|\bvoip\b|\bfibra\b",
    "TI - UX": r"\bux\b|\bui\b|\bexperiencia do usuario\b|\bproduct designer\b",
}
_PATTERNS: Final = tuple((_BIT[label], re.compile(pattern)) for label, pattern in _WORDS.items())


def declared_areas(labels: Iterable[str]) -> int:
    """Bits of the labels (bit i = `schema.AREA_LABELS[i]`); labels must be of the closed set."""
    mask = 0
    for label in labels:
        mask |= _BIT[label]
    return mask


def implied_areas(text: str) -> int:
    """Bits of the areas that the words of a headline or title speak of; 0 when none."""
    return _implied(fold(text[:300]))


@lru_cache(maxsize=20_000)
def _implied(folded: str) -> int:
    mask = 0
    for bit, pattern in _PATTERNS:
        if pattern.search(folded):
            mask |= bit
    return mask
