"""The 46 candidate features of the replaced hiring model: its names, its order, its intended meaning.

Mended here: whole words instead of substrings ("administrativa" holds no "ti", "mobile" no "bi"), every
accent folded, `esc_tecnologo` and `esc_medio` fire, `has_cert` asks for text, `tem_linkedin` for an address,
an empty language is "nenhum" and not "outro", the salary arrives parsed instead of a hundred times too large,
and a CV is long by its words, whatever blanks, numbers and personal facts are between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.ml.names import SYSTEM_B_FEATURES
from scoring.ml.text import fold, size

FREE_MAIL: Final = frozenset(
    {
        "gmail.com",
        "hotmail.com",
        "yahoo.com",
        "outlook.com",
        "live.com",
        "icloud.com",
        "bol.com.br",
        "uol.com.br",
        "terra.com.br",
    }
)
_NOTHING: Final = frozenset({"", "-", "nan", "none", "null"})  # how the replaced pipelines spelt "missing"
_LONG_CV: Final = 1500  # characters

_LANGUAGE: Final[Mapping[str, str]] = {
    "": "nenhum",
    "none": "nenhum",
    "basic": "basico",
    "intermediate": "intermediario",
    "advanced": "avancado",
}  # anything else (fluent, technical) is "outro"

_TI: Final = r"\bt\.?i\b"
_AREA: Final = {
    "area_admin": re.compile(r"\badministrativa\b"),
    "area_ti": re.compile(_TI + r"|\btecnologia"),
    "area_financeiro": re.compile(r"\bfinanceir[oa]\b"),
}
_TITLE: Final = {
    "titulo_admin": re.compile(r"\badministr|\banalist"),
    "titulo_ti": re.compile(_TI),
    "titulo_dados_bi": re.compile(r"\bbi\b|\bdados\b"),
    "titulo_financeiro": re.compile(r"\bfinance"),
}
_CERTIFICATE: Final = {
    "cert_mos_word": re.compile(r"\b77-418\b"),
    "cert_mos_excel": re.compile(r"\b77-420\b"),
    "cert_mos_outlook": re.compile(r"\b77-423\b"),
    "cert_mos_powerpoint": re.compile(r"\b77-422\b"),
    "cert_sap_fi": re.compile(r"\bsap ?fi\b"),
}
# A literal that must be in the text comes first: looking for it is ten times cheaper than the pattern.
_CV: Final = {
    "cv_excel_avancado": ("excel", re.compile(r"\bexcel\s+avancado\b")),
    "cv_kpi": ("kpi", re.compile(r"\bkpi")),
    "cv_controladoria": ("controlador", re.compile(r"\bcontrolador")),
    "cv_contabil": ("contab", re.compile(r"\bcontab")),
    "cv_financeiro": ("financeir", re.compile(r"\bfinanceir")),
    "cv_administrativo": ("administr", re.compile(r"\badministr")),
    "cv_sap": ("sap", re.compile(r"\bsap\b")),
    "cv_protheus": ("protheus", re.compile(r"\bprotheus\b")),
    "cv_navision": ("navision", re.compile(r"\bnavision\b")),
}


def system_b_features(
    frame: pd.DataFrame,
    *,
    folded_cvs: Iterable[str] | None = None,
    cv_letters: Iterable[int] | None = None,
) -> NDArray[np.float32]:
    """(rows, 46) float32 of a checked candidates frame, in its row order.

    All 46 are NaN for a stub (`has_profile` false): nothing is known of a person that only a prospect
    mentions, and unknown is not zero. For everybody else flags are 0 or 1, and `salario_valor` is BRL a
    month, NaN when unknown. `folded_cvs` and `cv_letters` (see `text.size`) spare reading the CV texts a
    second time.
    """
    cvs = list(folded_cvs) if folded_cvs is not None else [fold(text) for text in frame["cv_text"]]
    letters = cv_letters if cv_letters is not None else (size(cv)[1] for cv in cvs)
    values = np.full((len(frame), len(SYSTEM_B_FEATURES)), np.nan, dtype=np.float32)
    names = list(frame.columns)
    records = zip(*(frame[name] for name in names), strict=True)
    for row, (record, folded, length) in enumerate(zip(records, cvs, letters, strict=True)):
        facts = dict(zip(names, record, strict=True))
        if facts["has_profile"]:
            features = _contact(facts) | _formal(facts) | _words(facts) | _cv(facts, folded, length)
            values[row] = [features.get(name, 0.0) for name in SYSTEM_B_FEATURES]
    return values


def _contact(facts: Mapping[str, str]) -> dict[str, float]:
    domain = facts["email"].rpartition("@")[2].strip().lower() if "@" in facts["email"] else ""
    return {
        "tem_email": _given(facts["email"]),
        "tem_telefone": float(any(character.isdigit() for character in facts["phone"])),
        "tem_linkedin": _given(facts["linkedin_url"]),
        "tem_local": max(_given(facts["city"]), _given(facts["state"])),
        "tem_objetivo": _given(facts["headline"]),
        "email_corporativo": float(bool(domain) and domain not in FREE_MAIL),
    }


def _formal(facts: Mapping[str, str]) -> dict[str, float]:
    salary = float(facts["salary_monthly"])
    return {
        "salario_valor": salary if salary > 0 else float("nan"),
        f"ingl_{_LANGUAGE.get(facts['english'], 'outro')}": 1.0,
        f"esp_{_LANGUAGE.get(facts['spanish'], 'outro')}": 1.0,
        "outro_idioma_presente": _given(facts["other_language"]),
    } | _schooling(facts["education"])


def _schooling(education: str) -> dict[str, float]:
    """As intended only these five: a course of study under way, a technical school, a master or a doctor is
    none.
    """
    level = education.partition("_")[0]
    flag = {
        "postgraduate": "esc_pos",
        "technologist": "esc_tecnologo",
        "secondary": "esc_medio",
    }.get(level) or {
        "bachelor_complete": "esc_superior_completo",
        "bachelor_incomplete": "esc_superior_incompleto",
    }.get(education)
    return {flag: 1.0} if flag else {}


def _words(facts: Mapping[str, str]) -> dict[str, float]:
    areas = fold("\n".join(facts["area_labels"]))
    headline = fold(facts["headline"])
    certificates = fold(facts["certifications"] + "\n" + facts["other_certifications"])
    found = {name: float(bool(pattern.search(areas))) for name, pattern in _AREA.items()}
    found |= {name: float(bool(pattern.search(headline))) for name, pattern in _TITLE.items()}
    found |= {name: float(bool(pattern.search(certificates))) for name, pattern in _CERTIFICATE.items()}
    found["has_cert"] = max(_given(facts["certifications"]), _given(facts["other_certifications"]))
    return found


def _cv(facts: Mapping[str, str], folded_cv: str, letters: int) -> dict[str, float]:
    text = folded_cv + "\n" + fold(facts["technical_knowledge"])
    found = {
        name: float(stem in text and bool(pattern.search(text))) for name, (stem, pattern) in _CV.items()
    }
    found["cv_tamanho_maior_1500"] = float(letters > _LONG_CV)
    return found


def _given(text: str) -> float:
    return float(text.strip().lower() not in _NOTHING)
