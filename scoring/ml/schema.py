"""Column names, kinds, closed codes and ordinals of the four frames that the learner reads.

Every `check_*` function returns the accepted columns in a fixed order, leaves its argument as it is, and
raises `SchemaError` naming the column and the *kind* of the offending value, never the value: a value may be
personal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SENIORITY_ORDINAL: Final[Mapping[str, float]] = {
    "apprentice": 0.0,
    "intern": 0.5,
    "trainee": 1.0,
    "auxiliary": 1.0,
    "assistant": 1.5,
    "technician": 1.5,
    "junior": 2.0,
    "analyst": 3.0,
    "mid": 3.0,
    "senior": 4.0,
    "specialist": 4.5,
    "lead": 5.0,
    "supervisor": 5.0,
    "coordinator": 5.5,
    "manager": 6.0,
}
SENIORITIES: Final = frozenset({"", "other", *SENIORITY_ORDINAL})

LANGUAGE_ORDINAL: Final[Mapping[str, float]] = {
    "none": 0.0,
    "basic": 1.0,
    "technical": 1.0,
    "intermediate": 2.0,
    "advanced": 3.0,
    "fluent": 4.0,
}
LANGUAGE_LEVELS: Final = frozenset({"", *LANGUAGE_ORDINAL})

_EDUCATION_LEVEL: Final[Mapping[str, float]] = {
    "primary": 1.0,
    "secondary": 2.0,
    "technical": 3.0,
    "technologist": 4.0,
    "bachelor": 4.5,
    "postgraduate": 5.5,
    "master": 6.5,
    "doctorate": 7.5,
}
_EDUCATION_STATE: Final[Mapping[str, float]] = {"incomplete": -0.5, "ongoing": -0.25, "complete": 0.0}
EDUCATION_ORDINAL: Final[Mapping[str, float]] = {
    f"{level}_{state}": base + step
    for level, base in _EDUCATION_LEVEL.items()
    for state, step in _EDUCATION_STATE.items()
}
EDUCATIONS: Final = frozenset({"", *EDUCATION_ORDINAL})

OUTCOMES: Final = ("in_flight", "hired", "rejected", "withdrew")

AREA_LABELS: Final = (
    "Administrativa",
    "Comercial",
    "Financeira/Controladoria",
    "Gestão e Alocação de Recursos de TI",
    "Jurídica",
    "Marketing",
    "Novos Negócios e Parcerias",
    "Qualidade Corporativa",
    "Recursos Humanos",
    "Relacionamento Técnico",
    "TI - Arquitetura",
    "TI - Banco de Dados",
    "TI - Desenvolvimento/Design",
    "TI - Desenvolvimento/Mobile",
    "TI - Desenvolvimento/Programação",
    "TI - Governança",
    "TI - Infraestrutura",
    "TI - Processos e Negócios",
    "TI - Projetos",
    "TI - Qualidade/Testes",
    "TI - SAP",
    "TI - Segurança da Informação",
    "TI - Sistemas e Ferramentas",
    "TI - Suporte",
    "TI - Telecom",
    "TI - UX",
)

LARGEST_ID: Final = 2**31 - 1


class SchemaError(ValueError):
    """A frame that the learner refuses."""

    def __init__(self, frame: str, column: str, problem: str) -> None:
        super().__init__(f"{frame}: column {column!r} {problem}")
        self.frame, self.column, self.problem = frame, column, problem


# A kind looks at one column and says what is wrong with it ("" when nothing is).
Kind = Callable[["pd.Series[Any]"], str]


def _foreign_types(values: Iterable[object], accepted: tuple[type, ...]) -> str:
    kinds = sorted({type(value).__name__ for value in values if not isinstance(value, accepted)})
    return f"holds {', '.join(kinds)}" if kinds else ""


def _text(column: pd.Series[Any]) -> str:
    problem = _foreign_types(column.to_numpy(dtype=object), (str,))
    return f"{problem}, expected text ('' when unknown)" if problem else ""


def _text_list(column: pd.Series[Any]) -> str:
    rows = column.to_numpy(dtype=object)
    problem = _foreign_types(rows, (list, tuple))
    if problem:
        return f"{problem}, expected a list of text"
    problem = _foreign_types((item for row in rows for item in row), (str,))
    return f"{problem} inside its lists, expected text" if problem else ""


def _boolean(column: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(column.dtype) and not column.isna().any():
        return ""
    problem = _foreign_types(column.to_numpy(dtype=object), (bool, np.bool_))
    return f"{problem}, expected true or false" if problem else ""


def _number(column: pd.Series[Any]) -> str:
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return f"holds {column.dtype}, expected numbers (NaN when unknown)"
    return "holds an infinite number" if np.isinf(column.to_numpy(dtype=float, na_value=np.nan)).any() else ""


def _date(column: pd.Series[Any]) -> str:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return "holds dates with a time zone, expected dates without"
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        return f"holds {column.dtype}, expected datetime64 (NaT when unknown)"
    return ""


def _known_date(column: pd.Series[Any]) -> str:
    return _date(column) or ("holds missing dates" if column.isna().any() else "")


def _identifier(column: pd.Series[Any]) -> str:
    if not pd.api.types.is_integer_dtype(column.dtype):
        return f"holds {column.dtype}, expected integers"
    values = column.to_numpy()
    outside = len(values) > 0 and (values.min() < 0 or values.max() > LARGEST_ID)
    return f"holds integers outside 0..{LARGEST_ID}" if outside else ""


def _code(accepted: frozenset[str]) -> Kind:
    def kind(column: pd.Series[Any]) -> str:
        outside = int((~column.isin(list(accepted))).sum())
        return _text(column) or (f"holds {outside} codes outside its closed set" if outside else "")

    return kind


def _code_list(accepted: frozenset[str]) -> Kind:
    def kind(column: pd.Series[Any]) -> str:
        problem = _text_list(column)
        if problem:
            return problem
        outside = sum(not accepted.issuperset(row) for row in column.to_numpy(dtype=object))
        return f"holds {outside} lists with a label outside its closed set" if outside else ""

    return kind


_AREAS: Final = _code_list(frozenset(AREA_LABELS))

CANDIDATE_COLUMNS: Final[Mapping[str, Kind]] = {
    "has_profile": _boolean,
    "email": _text,
    "phone": _text,
    "linkedin_url": _text,
    "city": _text,
    "state": _text,
    "headline": _text,
    "area_labels": _AREAS,
    "technical_knowledge": _text,
    "certifications": _text,
    "other_certifications": _text,
    "cv_text": _text,
    "english": _code(LANGUAGE_LEVELS),
    "spanish": _code(LANGUAGE_LEVELS),
    "other_language": _text,
    "education": _code(EDUCATIONS),
    "seniority": _code(SENIORITIES),
    "salary_monthly": _number,
    "skills": _text_list,
    "implied_skills": _text_list,  # those of `skills` that no text names: others cannot be had without them
}

JOB_COLUMNS: Final[Mapping[str, Kind]] = {
    "title": _text,
    "client": _text,
    "requested_on": _date,
    "city": _text,
    "state": _text,
    "seniority": _code(SENIORITIES),
    "education": _code(EDUCATIONS),
    "english": _code(LANGUAGE_LEVELS),
    "spanish": _code(LANGUAGE_LEVELS),
    "area_labels": _AREAS,
    "contract_types": _text_list,
    "sap": _boolean,
    "activities": _text,
    "competences": _text,
    "priority": _text,
    "origin": _text,
    "must_skills": _text_list,
    "nice_skills": _text_list,
    "salary_monthly": _number,
}

PAIR_COLUMNS: Final[Mapping[str, Kind]] = {
    "candidate_id": _identifier,
    "job_id": _identifier,
    "as_of": _known_date,
}

EVENT_COLUMNS: Final[Mapping[str, Kind]] = {
    "candidate_id": _identifier,
    "job_id": _identifier,
    "applied_on": _known_date,
    "decided_on": _date,
    "outcome": _code(frozenset(OUTCOMES)),
}


def check_candidates(frame: pd.DataFrame) -> pd.DataFrame:
    """The candidates frame with its columns in order; any other (name, sex, age, …) is refused."""
    _check_index("candidates", frame, "candidate_id")
    _refuse_others("candidates", frame, CANDIDATE_COLUMNS)
    return _checked("candidates", frame, CANDIDATE_COLUMNS)


def check_jobs(frame: pd.DataFrame) -> pd.DataFrame:
    """The jobs frame with its columns in order; any other (recruiter, requester, …) is refused."""
    _check_index("jobs", frame, "job_id")
    _refuse_others("jobs", frame, JOB_COLUMNS)
    return _checked("jobs", frame, JOB_COLUMNS)


def check_pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """The three columns of the pairs frame; others may be there and are not read."""
    return _checked("pairs", frame, PAIR_COLUMNS)


def check_events(frame: pd.DataFrame) -> pd.DataFrame:
    """The five columns of the events frame; others may be there and are not read."""
    return _checked("events", frame, EVENT_COLUMNS)


def _check_index(name: str, frame: pd.DataFrame, index: str) -> None:
    problem = _identifier(frame.index.to_series()) if len(frame) else ""
    if not problem and not frame.index.is_unique:
        problem = "holds the same id twice"
    if problem:
        raise SchemaError(name, index, problem)


def _refuse_others(name: str, frame: pd.DataFrame, columns: Mapping[str, Kind]) -> None:
    for column in frame.columns:
        if column not in columns:
            raise SchemaError(name, str(column), "is not accepted")


def _checked(name: str, frame: pd.DataFrame, columns: Mapping[str, Kind]) -> pd.DataFrame:
    for column, kind in columns.items():
        if column not in frame.columns:
            raise SchemaError(name, column, "is missing")
        problem = kind(frame[column]) if len(frame) else ""
        if problem:
            raise SchemaError(name, column, problem)
    return frame[list(columns)]


def ordinals(codes: Iterable[str], scale: Mapping[str, float]) -> NDArray[np.float32]:
    """float32 ordinals of `codes` on `scale`; NaN for a code that is not on it ('' and 'other')."""
    return np.array([scale.get(code, np.nan) for code in codes], dtype=np.float32)


def days(column: pd.Series[Any]) -> NDArray[np.int64]:
    """Whole days since 1970-01-01 of a checked date column; the smallest int64 for NaT."""
    return column.to_numpy(dtype="datetime64[D]").astype(np.int64)
