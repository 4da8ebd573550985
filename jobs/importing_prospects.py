"""Prospects: a job's list of candidates with their statuses, and stubs for jobs and people not seen yet."""

# ruff: noqa: S608  (statements are put together from names of tables and columns in this code only)

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from operator import attrgetter

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_noop

from candidates import importing_values as values
from candidates.importing_records import (
    NOT_AN_OBJECT,
    BadRecord,
    Section,
    Tally,
    cut,
    open_record,
    printable_key,
    read_code,
    read_text,
)
from candidates.importing_source import PROSPECTS, SourceRecord
from candidates.importing_staging import Staging, differing, insert_missing, upsert
from candidates.models import Candidate
from jobs.merging import FURTHER
from jobs.models import Job, Outcome, Prospect, Stage

NO_STATUS = gettext_noop("The status is missing.")
UNKNOWN_STATUS = gettext_noop("The status is not one of the source's.")
NOT_A_LIST = gettext_noop("A list was expected here.")

# The closed set, whole labels only: "Aprovado" is also the end of "Não Aprovado …"
STATUSES: dict[str, tuple[Stage, Outcome]] = {
    "Prospect": (Stage.SOURCED, Outcome.IN_FLIGHT),
    "Inscrito": (Stage.APPLIED, Outcome.IN_FLIGHT),
    "Em avaliação pelo RH": (Stage.SCREENING, Outcome.IN_FLIGHT),
    "Encaminhado ao Requisitante": (Stage.SUBMITTED, Outcome.IN_FLIGHT),
    "Entrevista Técnica": (Stage.TECHNICAL_INTERVIEW, Outcome.IN_FLIGHT),
    "Entrevista com Cliente": (Stage.CLIENT_INTERVIEW, Outcome.IN_FLIGHT),
    "Aprovado": (Stage.OFFER, Outcome.HIRED),
    "Encaminhar Proposta": (Stage.OFFER, Outcome.HIRED),
    "Proposta Aceita": (Stage.OFFER, Outcome.HIRED),
    "Documentação PJ": (Stage.OFFER, Outcome.HIRED),
    "Documentação CLT": (Stage.OFFER, Outcome.HIRED),
    "Documentação Cooperado": (Stage.OFFER, Outcome.HIRED),
    "Contratado pela Decision": (Stage.HIRED, Outcome.HIRED),
    "Contratado como Hunting": (Stage.HIRED, Outcome.HIRED),
    "Não Aprovado pelo Cliente": (Stage.REJECTED, Outcome.REJECTED),
    "Não Aprovado pelo RH": (Stage.REJECTED, Outcome.REJECTED),
    "Não Aprovado pelo Requisitante": (Stage.REJECTED, Outcome.REJECTED),
    "Recusado": (Stage.REJECTED, Outcome.REJECTED),
    "Desistiu": (Stage.WITHDRAWN, Outcome.WITHDREW),
    "Desistiu da Contratação": (Stage.WITHDRAWN, Outcome.WITHDREW),
    "Sem interesse nesta vaga": (Stage.WITHDRAWN, Outcome.WITHDREW),
}
_STATUS_BY_FOLD = {values.fold(status): status for status in STATUSES}


@dataclass(frozen=True, slots=True)
class JobHeader:
    """What the prospects file says of a job itself."""

    code: str
    title: str
    modality: str


@dataclass(frozen=True, slots=True)
class Application:
    """One entry of a job's list, understood; the fields are the columns of the staging table."""

    job_code: str
    candidate_code: str
    candidate_name: str
    stage: str
    outcome: str
    source_status: str
    applied_on: datetime.date | None
    updated_on: datetime.date | None
    recruiter: str
    comment: str


HEADER_FIELDS = tuple(field.name for field in fields(JobHeader))
FIELDS = tuple(field.name for field in fields(Application))
COLUMNS = ("stage", "outcome", "source_status", "applied_on", "updated_on", "recruiter", "comment")


def read_header(record: SourceRecord) -> tuple[JobHeader, list[object]]:
    """The job and its entries, not read yet. Raises BadRecord."""
    code, content = open_record(record, kind=PROSPECTS)
    entries = content.get("prospects") or []
    if not isinstance(entries, list):
        raise BadRecord(NOT_A_LIST, "prospects")
    title, modality = (" ".join(read_text(content.get(key), key).split()) for key in ("titulo", "modalidade"))
    return JobHeader(code, cut(title, 300), cut(modality, 40)), entries


def read_applications(
    record: SourceRecord, job_code: str, entries: list[object], tally: Tally
) -> Iterator[Application]:
    """The good entries; broken ones are counted in ``tally``."""
    for number, entry in enumerate(entries, start=1):
        tally.read += 1
        try:
            yield read_application(job_code, entry, tally.not_understood)
        except BadRecord as error:
            tally.reject(f"{printable_key(record)}/{_printable_code(entry, number)}", error)


def read_application(job_code: str, entry: object, not_understood: Counter[str]) -> Application:
    if not isinstance(entry, dict):
        raise BadRecord(NOT_AN_OBJECT, "prospects")
    code = read_code(entry.get("codigo"))
    fields = Section({"prospects": entry}, "prospects", not_understood)
    status = _read_status(fields.text("situacao_candidado", "situacao_candidato"))  # sic
    stage, outcome = STATUSES[status]
    return Application(
        job_code=job_code,
        candidate_code=code,
        candidate_name=fields.line("nome", limit=200),
        stage=stage.value,
        outcome=outcome.value,
        source_status=status,
        applied_on=fields.read("data_candidatura", values.read_date, blank=values.is_null_date),
        updated_on=fields.read("ultima_atualizacao", values.read_date, blank=values.is_null_date),
        recruiter=fields.line("recrutador", limit=120),
        comment=fields.text("comentario"),
    )


def _read_status(text: str) -> str:
    status = _STATUS_BY_FOLD.get(values.fold(text))
    if status is None:
        raise BadRecord(UNKNOWN_STATUS if text else NO_STATUS, "situacao_candidado")
    return status


def _printable_code(entry: object, number: int) -> str:
    try:
        return read_code(entry.get("codigo") if isinstance(entry, dict) else None)
    except BadRecord:
        return f"#{number}"


# Into the database


def staging_of_headers() -> Staging:
    columns = ", ".join(HEADER_FIELDS)
    return Staging("staged_headers", HEADER_FIELDS, select=f"{columns} FROM jobs_job")


def staging() -> Staging:
    columns = ", ".join(f"p.{name}" for name in COLUMNS)
    return Staging(
        "staged_prospects",
        FIELDS,
        select=f"j.code AS job_code, c.code AS candidate_code, c.name AS candidate_name, {columns}"
        " FROM jobs_prospect p, jobs_job j, candidates_candidate c",
    )


header_row = attrgetter(*HEADER_FIELDS)
row = attrgetter(*FIELDS)


def store(*, run: int) -> dict[str, int]:
    """Everything staged into prospects, with stubs and stage changes; inside the caller's transaction."""
    resolved = _resolve_merged()
    stub_jobs = insert_missing(
        Job,
        query="SELECT s.code, s.title, s.modality FROM pg_temp.staged_headers s"
        " WHERE NOT EXISTS (SELECT FROM jobs_job j WHERE j.code = s.code)",
        columns=HEADER_FIELDS,
        constants={"is_stub": True},
    )
    stub_candidates = insert_missing(
        Candidate,
        query="SELECT DISTINCT ON (s.candidate_code) s.candidate_code AS code, s.candidate_name AS name"
        " FROM pg_temp.staged_prospects s"
        " WHERE NOT EXISTS (SELECT FROM candidates_candidate c WHERE c.code = s.candidate_code)"
        " ORDER BY s.candidate_code, s.position DESC",
        columns=["code", "name"],
        constants={"is_stub": True},
    )
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE_JOBS)
        jobs_updated = cursor.rowcount
        cursor.execute(_UPDATE_STUB_NAMES)
        cursor.execute(_LOCK)  # in the order in which people lock whom they move
        cursor.execute(_STAGE_CHANGES, [f"import {run}"])
        stage_changes = cursor.rowcount
    created, updated = _upsert()
    return {
        "created": created,
        "updated": updated,
        "stubs": stub_jobs + stub_candidates,
        "stub_jobs": stub_jobs,
        "stub_candidates": stub_candidates,
        "jobs_updated": jobs_updated,
        "stage_changes": stage_changes,
        "resolved": resolved,
    }


def _resolve_merged() -> int:
    """Entries under the code of a record that was merged are those of the person who was kept; how many.

    Of two entries of one person in one job the further counts, as it did when they were joined; but not one
    that says what it said then, where people have gone on from the other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESOLVE)
        resolved = int(cursor.rowcount)
        if resolved:
            cursor.execute(_KEEP_FURTHER, [list(FURTHER)])
    return resolved


def _upsert() -> tuple[int, int]:
    # A stage that a person set here stays until the source itself moves on; so does the day of that move
    follows = f"t.{_SOURCE_MOVED}"
    return upsert(
        Prospect,
        source=f"({_WITH_IDS}) AS found",
        key=["job_id", "candidate_id"],
        columns=["job_id", "candidate_id", *COLUMNS, "stage_since"],
        updates={
            "stage": f"CASE WHEN {follows} THEN EXCLUDED.stage ELSE t.stage END",
            "outcome": f"CASE WHEN {follows} THEN EXCLUDED.outcome ELSE t.outcome END",
            # Put together when two prospects were joined; undoing that must find what it left
            **{
                name: f"CASE WHEN {_JOINED} AND NOT {follows} THEN t.{name} ELSE EXCLUDED.{name} END"
                for name in _PUT_TOGETHER
            },
            "updated_on": f"CASE WHEN {follows} OR NOT {_MOVED_HERE} THEN EXCLUDED.updated_on"
            " ELSE t.updated_on END",
            "stage_since": f"CASE WHEN {follows} AND t.stage <> EXCLUDED.stage THEN"
            " coalesce(greatest(t.stage_since, EXCLUDED.stage_since), statement_timestamp())"
            " ELSE t.stage_since END",
        },
        differs="t.source_status IS DISTINCT FROM EXCLUDED.source_status"
        f" OR (({differing(_PUT_TOGETHER)}) AND NOT {_JOINED})"
        f" OR (t.updated_on IS DISTINCT FROM EXCLUDED.updated_on AND NOT {_MOVED_HERE})",
    )


_RESOLVE = """
    UPDATE pg_temp.staged_prospects s SET candidate_code = kept.code
    FROM candidates_candidate old JOIN candidates_candidate kept ON kept.id = old.merged_into_id
    WHERE old.code = s.candidate_code"""
_KEEP_FURTHER = """
    DELETE FROM pg_temp.staged_prospects WHERE position IN (
        SELECT position FROM (
            SELECT s.position, row_number() OVER (PARTITION BY s.job_code, s.candidate_code
                ORDER BY p.source_status IS DISTINCT FROM s.source_status AND EXISTS (
                    SELECT FROM jobs_prospect o
                    WHERE o.joined_into_id = p.id AND o.source_status = s.source_status
                ), array_position(%s, s.stage::text) DESC,
                p.source_status IS NOT DISTINCT FROM s.source_status DESC, s.position DESC) AS nth
            FROM pg_temp.staged_prospects s
            LEFT JOIN jobs_job j ON j.code = s.job_code
            LEFT JOIN candidates_candidate c ON c.code = s.candidate_code
            LEFT JOIN jobs_prospect p ON (p.job_id, p.candidate_id) = (j.id, c.id)
        ) AS numbered WHERE nth > 1)"""
_PUT_TOGETHER = ("applied_on", "recruiter", "comment")
_JOINED = "EXISTS (SELECT FROM jobs_prospect o WHERE o.joined_into_id = t.id)"
# Without a status there a prospect was made here: the first word of the source moves nobody either
_SOURCE_MOVED = "source_status NOT IN ('', EXCLUDED.source_status)"
_MOVED_HERE = """(coalesce((SELECT c.source FROM jobs_stagechange c WHERE c.prospect_id = t.id
    ORDER BY c.id DESC LIMIT 1), 'import') <> 'import')"""
_WITH_IDS = f"""
    SELECT j.id AS job_id, c.id AS candidate_id, {", ".join(f"s.{name}" for name in COLUMNS)},
        coalesce(s.updated_on, s.applied_on)::timestamp AT TIME ZONE '{settings.TIME_ZONE}' AS stage_since
    FROM pg_temp.staged_prospects s JOIN jobs_job j ON j.code = s.job_code
    JOIN candidates_candidate c ON c.code = s.candidate_code"""
_UPDATE_JOBS = """
    UPDATE jobs_job j SET modality = s.modality, updated_at = statement_timestamp(),
        title = CASE WHEN j.is_stub THEN s.title ELSE j.title END,
        search_vector = CASE WHEN j.is_stub AND j.title <> s.title THEN NULL ELSE j.search_vector END
    FROM pg_temp.staged_headers s
    WHERE j.code = s.code AND (j.modality <> s.modality OR (j.is_stub AND j.title <> s.title))"""
_UPDATE_STUB_NAMES = """
    UPDATE candidates_candidate c
    SET name = s.candidate_name, search_vector = NULL, updated_at = statement_timestamp()
    FROM (SELECT DISTINCT ON (candidate_code) candidate_code, candidate_name FROM pg_temp.staged_prospects
          ORDER BY candidate_code, position DESC) s
    WHERE c.code = s.candidate_code AND c.is_stub AND c.name <> s.candidate_name"""
_STAGED = """
    FROM pg_temp.staged_prospects s JOIN jobs_job j ON j.code = s.job_code
    JOIN candidates_candidate c ON c.code = s.candidate_code
    JOIN jobs_prospect p ON (p.job_id, p.candidate_id) = (j.id, c.id)"""
_LOCK = f"SELECT p.id {_STAGED} ORDER BY p.id FOR NO KEY UPDATE OF p"
_STAGE_CHANGES = f"""
    INSERT INTO jobs_stagechange
        (prospect_id, from_stage, to_stage, from_status, to_status, from_since, source, reason)
    SELECT p.id, p.stage, s.stage, p.source_status, s.source_status, p.stage_since, 'import', %s
    {_STAGED} WHERE p.source_status NOT IN ('', s.source_status)"""
