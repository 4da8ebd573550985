"""Applicants: from the source's record to the row, and into the table."""

# ruff: noqa: S608  (statements are put together from names of tables and columns in this code only)

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter

from django.db import connection

from candidates import creating
from candidates import importing_values as values
from candidates.importing_records import Section, cut, open_record, raw_json, read_text
from candidates.importing_source import APPLICANTS, SourceRecord
from candidates.importing_staging import Staging, upsert
from candidates.models import Candidate

# Never in the raw record: protected attributes (Demographics holds them), CV texts (columns of their own)
PROTECTED = frozenset({"sexo", "data_nascimento", "estado_civil", "pcd"})
NOT_IN_RAW = PROTECTED | {"cv_pt", "cv_en"}


@dataclass(frozen=True, slots=True)
class Applicant:
    """One record of applicants.json, understood; the fields are the columns of the staging table."""

    code: str
    name: str
    email: str
    phone: str
    linkedin_url: str
    city: str
    state: str
    headline: str
    area_labels: list[str]
    technical_knowledge: str
    certifications: str
    other_certifications: str
    seniority: str
    education: str
    english: str
    spanish: str
    other_language: str
    salary_monthly: Decimal | None
    salary_hourly: Decimal | None
    salary_text: str
    cv_text: str
    cv_text_en: str
    source_created_at: datetime.datetime | None
    source_updated_at: datetime.datetime | None
    raw: str
    sex: str
    birth_date: datetime.date | None
    marital_status: str
    disability: str


DEMOGRAPHICS = ("sex", "birth_date", "marital_status", "disability")
FIELDS = tuple(field.name for field in fields(Applicant))
COLUMNS = tuple(name for name in FIELDS if name not in DEMOGRAPHICS)
EDITABLE = creating.FIELDS
_NOT_TEXT = ("area_labels", "salary_monthly", "salary_hourly")
SEARCHED = (
    "name",
    "headline",
    "technical_knowledge",
    "certifications",
    "other_certifications",
    "city",
    "state",
    "cv_text",
    "cv_text_en",
)


def read_applicant(record: SourceRecord, not_understood: Counter[str]) -> Applicant:
    """Raises BadRecord when it cannot be stored; otherwise everything that is missing is empty."""
    code, content = open_record(record, kind=APPLICANTS)
    basics = Section(content, "infos_basicas", not_understood)
    person = Section(content, "informacoes_pessoais", not_understood)
    work = Section(content, "informacoes_profissionais", not_understood)
    study = Section(content, "formacao_e_idiomas", not_understood)
    city, state = values.read_place(basics.line("local", limit=182))
    salary = _salary(work)
    return Applicant(
        code=code,
        name=basics.line("nome", limit=200) or person.line("nome", limit=200),
        email=basics.line("email", limit=254) or person.line("email", limit=254),
        phone=basics.line("telefone", limit=60) or person.line("telefone_celular", limit=60),
        linkedin_url=person.line("url_linkedin", limit=300),
        city=cut(city, 120),
        state=cut(state, 60),
        headline=_headline(basics.text("objetivo_profissional"), work.text("titulo_profissional")),
        area_labels=_areas(work, "area_atuacao"),
        technical_knowledge=work.text("conhecimentos_tecnicos"),
        certifications=work.text("certificacoes"),
        other_certifications=work.text("outras_certificacoes"),
        seniority=work.read("nivel_profissional", values.read_seniority),
        education=study.read("nivel_academico", values.read_education),
        english=study.read("nivel_ingles", values.read_level),
        spanish=study.read("nivel_espanhol", values.read_level),
        other_language=_without_dash(study.line("outro_idioma", limit=120)),
        salary_monthly=salary.monthly,
        salary_hourly=salary.hourly,
        salary_text=work.line("remuneracao", limit=200),
        cv_text=read_text(content.get("cv_pt"), "cv_pt"),
        cv_text_en=read_text(content.get("cv_en"), "cv_en"),
        source_created_at=basics.read("data_criacao", values.read_moment, blank=values.is_null_date),
        source_updated_at=basics.read("data_atualizacao", values.read_moment, blank=values.is_null_date),
        raw=raw_json(content, without=NOT_IN_RAW),
        sex=person.line("sexo", limit=20),
        birth_date=person.read("data_nascimento", values.read_date, blank=values.is_null_date),
        marital_status=person.line("estado_civil", limit=40),
        disability=person.line("pcd", limit=10),
    )


def _headline(objective: str, title: str) -> str:
    """The source has the same text in both; where they differ, both say what the person does."""
    texts = [" ".join(text.split()) for text in (objective, title)]
    return " / ".join(dict.fromkeys(text for text in texts if text))


def _areas(section: Section, key: str) -> list[str]:
    text = section.text(key)
    if not values.has_only_areas(text):
        section.note(key)
    return values.read_areas(text)


def _salary(work: Section) -> values.Salary:
    salary = values.read_salary(work.line("remuneracao", limit=200))
    if work.text("remuneracao") and salary == values.Salary():
        work.note("remuneracao")
    return salary


def _without_dash(text: str) -> str:
    return "" if text == "-" else text


# Into the database


def staging() -> Staging:
    columns = [f"c.{name}" for name in COLUMNS] + [f"d.{name}" for name in DEMOGRAPHICS]
    return Staging(
        "staged_applicants",
        FIELDS,
        select=f"{', '.join(columns)} FROM candidates_candidate c, candidates_demographics d",
    )


row = attrgetter(*FIELDS)


def store() -> dict[str, int]:
    """Everything staged into candidates and their demographics; inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM candidates_candidate c"
            " JOIN pg_temp.staged_applicants USING (code) WHERE c.is_stub"
        )
        completed = cursor.fetchone()[0]
        cursor.execute(_COUNT_EDITED)
        edited_here = cursor.fetchone()[0]
        created, updated = upsert(
            Candidate,
            source="pg_temp.staged_applicants",
            key=["code"],
            columns=COLUMNS,
            constants={"is_stub": False},
            updates={
                **{name: _unless_edited(name) for name in EDITABLE},
                "search_vector": f"CASE WHEN {_changing(SEARCHED)} THEN NULL ELSE t.search_vector END",
            },
            differs=f"t.is_stub OR {_changing(COLUMNS)} OR t.code IN ({_CHANGED_DEMOGRAPHICS})",
        )
        cursor.execute(_REMOVE_DEMOGRAPHICS)
        cursor.execute(_STORE_DEMOGRAPHICS)
        cursor.execute(_FILL_KEPT)
    return {"created": created, "updated": updated, "completed": completed, "edited_here": edited_here}


# What a person wrote here stays (Candidate.edited_fields); the source's word goes on in all other fields


def _unless_edited(name: str) -> str:
    return f"CASE WHEN '{name}' = ANY(t.edited_fields) THEN t.{name} ELSE EXCLUDED.{name} END"


def _changing(columns: Iterable[str]) -> str:
    """As ``differing``, but for what was edited here."""
    columns = list(columns)
    old = ", ".join(f"t.{name}" for name in columns)
    new = ", ".join(_unless_edited(name) if name in EDITABLE else f"EXCLUDED.{name}" for name in columns)
    return f"({old}) IS DISTINCT FROM ({new})"


_COUNT_EDITED = """
    SELECT count(*) FROM candidates_candidate t JOIN pg_temp.staged_applicants s USING (code)
    WHERE t.edited_fields <> '{}'"""


# News under the code of a merged record: it fills what the person who was kept has empty, and no more
_TEXTS = tuple(name for name in COLUMNS if name in EDITABLE and name not in _NOT_TEXT)


def _is_open(name: str) -> str:
    """Whether the news may go there: nobody emptied the field by hand."""
    return f"(kept.{name} = '' AND old.{name} <> '' AND NOT '{name}' = ANY(kept.edited_fields))"


_FILLED = (f"{name} = CASE WHEN {_is_open(name)} THEN old.{name} ELSE kept.{name} END" for name in _TEXTS)
_FILL_KEPT = f"""
    UPDATE candidates_candidate kept
    SET search_vector = NULL, updated_at = statement_timestamp(), {", ".join(_FILLED)}
    FROM candidates_candidate old JOIN pg_temp.staged_applicants s USING (code)
    WHERE old.merged_into_id = kept.id AND ({" OR ".join(map(_is_open, _TEXTS))})"""
_NONE_KNOWN = "(s.sex, s.marital_status, s.disability) = ('', '', '') AND s.birth_date IS NULL"
_CHANGED_DEMOGRAPHICS = """
    SELECT s.code FROM pg_temp.staged_applicants s JOIN candidates_candidate c USING (code)
    LEFT JOIN candidates_demographics d ON d.candidate_id = c.id
    WHERE (coalesce(d.sex, ''), d.birth_date, coalesce(d.marital_status, ''), coalesce(d.disability, ''))
        IS DISTINCT FROM (s.sex, s.birth_date, s.marital_status, s.disability)"""
_REMOVE_DEMOGRAPHICS = f"""
    DELETE FROM candidates_demographics d USING candidates_candidate c, pg_temp.staged_applicants s
    WHERE d.candidate_id = c.id AND c.code = s.code AND {_NONE_KNOWN}"""
_STORE_DEMOGRAPHICS = f"""
    INSERT INTO candidates_demographics AS t (candidate_id, sex, birth_date, marital_status, disability)
    SELECT c.id, s.sex, s.birth_date, s.marital_status, s.disability
    FROM pg_temp.staged_applicants s JOIN candidates_candidate c USING (code) WHERE NOT ({_NONE_KNOWN})
    ON CONFLICT (candidate_id) DO UPDATE SET sex = EXCLUDED.sex, birth_date = EXCLUDED.birth_date,
        marital_status = EXCLUDED.marital_status, disability = EXCLUDED.disability
    WHERE (t.sex, t.birth_date, t.marital_status, t.disability)
        IS DISTINCT FROM (EXCLUDED.sex, EXCLUDED.birth_date, EXCLUDED.marital_status, EXCLUDED.disability)"""
