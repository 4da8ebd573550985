"""Jobs (vagas): from the source's record to the row, and into the table."""

import datetime
from collections import Counter
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter

from django.db import connection

from candidates import importing_values as values
from candidates.importing_records import Section, open_record, raw_json
from candidates.importing_source import JOBS, SourceRecord
from candidates.importing_staging import Staging, differing, upsert
from jobs.models import Job
from jobs.pay import read_pay


@dataclass(frozen=True, slots=True)
class Vacancy:
    """One record of vagas.json, understood; the fields are the columns of the staging table."""

    code: str
    title: str
    client: str
    requested_on: datetime.date | None
    deadline_on: datetime.date | None
    country: str
    city: str
    state: str
    seniority: str
    education: str
    english: str
    spanish: str
    other_language: str
    area_labels: list[str]
    contract_types: list[str]
    sap: bool
    reserved_for_disabled: bool
    salary_monthly: Decimal | None
    priority: str
    origin: str
    purpose: str
    activities: str
    competences: str
    remarks: str
    raw: str


FIELDS = tuple(field.name for field in fields(Vacancy))
# What the search vector and the proposed requirements are made of; a change makes both anew
READ_FROM = (
    "title",
    "client",
    "city",
    "state",
    "seniority",
    "education",
    "english",
    "spanish",
    "activities",
    "competences",
    "remarks",
)


def read_job(record: SourceRecord, not_understood: Counter[str]) -> Vacancy:
    """Raises BadRecord when it cannot be stored; otherwise everything that is missing is empty."""
    code, content = open_record(record, kind=JOBS)
    basics = Section(content, "informacoes_basicas", not_understood)
    profile = Section(content, "perfil_vaga", not_understood)
    benefits = Section(content, "beneficios", not_understood)  # prices as free text
    areas = profile.text("areas_atuacao")
    if not values.has_only_areas(areas):
        profile.note("areas_atuacao")
    other_language = profile.line("outro_idioma", limit=120)
    remarks = _texts(profile, "demais_observacoes", "habilidades_comportamentais_necessarias")
    return Vacancy(
        code=code,
        title=basics.line("titulo_vaga", limit=300),
        client=basics.line("cliente", limit=200),
        # sic: the source misspells it
        requested_on=basics.read("data_requicisao", values.read_date, blank=values.is_null_date),
        deadline_on=basics.read(
            "limite_esperado_para_contratacao", values.read_date, blank=values.is_null_date
        ),
        country=profile.line("pais", limit=60),
        city=profile.line("cidade", limit=120),
        state=values.read_state(profile.line("estado", limit=60)),
        # sic: a key with a space in it
        seniority=profile.read("nivel profissional", values.read_seniority),
        education=profile.read("nivel_academico", values.read_education),
        english=profile.read("nivel_ingles", values.read_level),
        spanish=profile.read("nivel_espanhol", values.read_level),
        other_language="" if values.fold(other_language) in ("-", "nenhum") else other_language,
        area_labels=values.read_areas(areas),
        contract_types=values.read_contract_types(basics.text("tipo_contratacao")),
        sap=values.read_yes(basics.text("vaga_sap")),
        reserved_for_disabled=values.read_yes(profile.text("vaga_especifica_para_pcd")),
        salary_monthly=read_pay(benefits.text("valor_compra_1"), remarks),
        priority=basics.read("prioridade_vaga", _priority),
        origin=basics.read("origem_vaga", _origin),
        purpose=basics.line("objetivo_vaga", limit=40),
        activities=_prose(profile.text("principais_atividades")),
        competences=_prose(profile.text("competencia_tecnicas_e_comportamentais")),
        remarks=remarks,
        raw=raw_json(content),
    )


def _texts(profile: Section, *keys: str) -> str:
    return "\n\n".join(filter(None, (_prose(profile.text(key)) for key in keys)))


def _priority(text: str) -> str:
    return values.read_choice(text, values.PRIORITIES)


def _origin(text: str) -> str:
    return values.read_choice(text, values.ORIGINS)


def _prose(text: str) -> str:
    """Fields that must be filled at the source are filled with "."."""
    return text if text.strip(".-_ ") else ""


def staging() -> Staging:
    return Staging("staged_jobs", FIELDS, select=f"{', '.join(FIELDS)} FROM jobs_job")


row = attrgetter(*FIELDS)


def store() -> dict[str, int]:
    """Everything staged into jobs; inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM jobs_job j JOIN pg_temp.staged_jobs USING (code) WHERE j.is_stub"
        )
        completed = cursor.fetchone()[0]
    created, updated = upsert(
        Job,
        source="pg_temp.staged_jobs",
        key=["code"],
        columns=FIELDS,
        constants={"is_stub": False},
        updates={
            "search_vector": f"CASE WHEN t.is_stub OR {differing(READ_FROM)}"
            " THEN NULL ELSE t.search_vector END"
        },
        # What a person wrote of a job stays
        differs=f"t.edited_at IS NULL AND (t.is_stub OR {differing(FIELDS)})",
    )
    return {"created": created, "updated": updated, "completed": completed}
