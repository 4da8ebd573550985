"""Somebody who is not stored, described in a form or by a pasted record: what a model says, at once."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.importing import read_applicant
from candidates.importing_records import BadRecord
from candidates.importing_source import SourceRecord
from candidates.models import Candidate, Education, Level, Seniority
from jobs.models import Job
from scoring import announcing, registry
from scoring.models import ModelVersion, Prediction
from scoring.suggesting import predictions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_CHARACTERS = 200_000
SHOWN = 5
TEXTS = ("headline", "technical_knowledge", "certifications", "cv_text", "cv_text_en", "city", "state")
CODES = {"seniority": Seniority, "education": Education, "english": Level, "spanish": Level}
OTHERS = ("name", "email", "phone", "linkedin_url", "other_certifications", "other_language")
SECTIONS = ("infos_basicas", "informacoes_pessoais", "informacoes_profissionais", "formacao_e_idiomas")


class NotUnderstood(ValueError):
    """The pasted record cannot be read; the message says where and what would be right, and quotes none."""


@dataclass(frozen=True)
class Trial:
    version: ModelVersion
    skills: list[str]
    predictions: list[Prediction]  # stored, each with its job; the quotes are shown and not kept
    has_profile: bool


def person_of_json(text: str) -> Candidate:
    """An unsaved candidate from a record of the source (its sections) or from our own field names.

    Raises ``NotUnderstood``.
    """
    try:
        record = storable(json.loads(text))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise NotUnderstood(_not_json(line)) from None
    if not isinstance(record, dict) or not record:
        raise NotUnderstood(_("One object with the fields of a candidate was expected: { … }."))
    return of_source(record) if is_of_source(record) else _of_fields(record)


def is_of_source(record: Mapping[str, Any]) -> bool:
    """Whether this is a record of the source, with its sections."""
    return any(isinstance(record.get(section), dict) for section in SECTIONS) or "cv_pt" in record


def storable(record: Any) -> Any:
    """With a question mark in the place of half a character, as an import puts it."""
    return json.loads(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace"))


def _not_json(line: int | None) -> str:
    if line is None:
        return _("This is not JSON, or it is nested too deeply.")
    return _("This is not JSON: look at line %(line)s.") % {"line": line}


def of_source(record: Mapping[str, Any]) -> Candidate:
    """An unsaved candidate from a record of the source. Raises ``NotUnderstood``."""
    content = {"infos_basicas": {}} | {
        key: value for key, value in record.items() if key not in ("codigo_profissional", "id")
    }
    try:
        read = read_applicant(SourceRecord(key="0", number=1, content=content), Counter())
    except BadRecord as error:
        where = f" ({error.field})" if error.field else ""
        raise NotUnderstood(_(error.reason) + where) from None
    names = (*TEXTS, *CODES, *OTHERS, "area_labels", "salary_monthly", "salary_hourly")
    return Candidate(**{name: getattr(read, name) for name in names})


def _of_fields(record: Mapping[str, Any]) -> Candidate:
    known = (*TEXTS, *CODES, *OTHERS)
    unknown = [str(name)[:40] for name in record if name not in known]
    if len(unknown) == len(record):
        raise NotUnderstood(
            _("None of the fields is known. These are: %(names)s, or the sections of the source's records.")
            % {"names": ", ".join(known)}
        )
    for name in known:
        if not isinstance(record.get(name, ""), str | None):
            raise NotUnderstood(_("The field %(name)s must be a text.") % {"name": name})
    for name, choices in CODES.items():
        if (record.get(name) or "") not in choices.values:
            raise NotUnderstood(
                _("The field %(name)s must be one of: %(codes)s.")
                % {"name": name, "codes": ", ".join(filter(None, choices.values))}
            )
    return Candidate(**{name: (record.get(name) or "") for name in known})


def try_out(
    person: Candidate,
    version: ModelVersion,
    *,
    job: Job | None,
    by: "User",
    among: frozenset[int] | None = None,
) -> Trial:
    """What ``version`` says of ``person``: in ``job``, or in the open jobs that fit best.

    ``among``: the jobs that ``by`` may see; None: all. Raises ``scoring.ml.artifact.ArtifactError``.
    """
    from candidates.skills import skill_ids
    from scoring.matching import best_jobs, match, person_frame

    texts = (person.headline, person.technical_knowledge, person.cv_text, person.cv_text_en)
    skills = skill_ids(*texts)
    frame = person_frame(person, skills=skills)
    model = registry.artifact(version)
    found = match(model, frame, [job.pk]) if job else best_jobs(model, frame, among=among, limit=SHOWN)
    rows = predictions(found, version, source=Prediction.Source.TRIAL, by=by)
    _store(rows, version)
    seen = Job.objects.in_bulk([row.job_id for row in rows if row.job_id])
    for row in rows:
        row.job = seen.get(row.job_id or 0)
    return Trial(version, skills, rows, person.has_profile)


def _store(rows: Sequence[Prediction], version: ModelVersion) -> None:
    """Nobody stored stands behind these rows, so no erasure would find what they quote: it is not kept."""
    shown = [row.requirements for row in rows]
    for row in rows:
        row.requirements = [asked | {"quote": ""} for asked in row.requirements]
    with transaction.atomic():
        Prediction.objects.bulk_create(rows)
        announcing.predicted(rows, version=version)
    for row, requirements in zip(rows, shown, strict=True):
        row.requirements = requirements
