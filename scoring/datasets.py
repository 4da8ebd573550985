"""The only place where rows become frames (columns: scoring/ml/schema.py).

Frames hold what the learner may see and nothing else: no name, no protected attribute, nothing that is
filled in after an outcome. CV texts come a chunk at a time.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from candidates.integration import changes
from candidates.models import Candidate, Change, Education, Level, Profile, Seniority
from jobs.models import Job, Outcome, Prospect, Requirement
from jobs.pay import HOURS_A_MONTH

if TYPE_CHECKING:
    from decimal import Decimal

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

CHUNK = 2_000
# A stage set by hand in this program has no status of the source; these stand for it
STATUS_OF_OUTCOME = {
    Outcome.HIRED: "Contratado pela Decision",
    Outcome.REJECTED: "Não Aprovado pelo Cliente",
    Outcome.WITHDREW: "Desistiu",
    Outcome.IN_FLIGHT: "Prospect",
}

_DTYPES = {
    "has_profile": "bool",
    "sap": "bool",
    "salary_monthly": "float64",
    "requested_on": "datetime64[s]",
}
_CANDIDATE_TEXTS = (
    "email",
    "phone",
    "linkedin_url",
    "city",
    "state",
    "headline",
    "technical_knowledge",
    "certifications",
    "other_certifications",
    "cv_text",
)
# A person's own name is taken out of these before anybody else sees them
OWN_WORDS = ("headline", "technical_knowledge", "cv_text")
CANDIDATE_FIELDS = (
    "pk",
    "is_stub",
    "name",
    *_CANDIDATE_TEXTS,
    "cv_text_en",
    "area_labels",
    "english",
    "spanish",
    "other_language",
    "education",
    "seniority",
    "salary_monthly",
    "salary_hourly",
    "profile_skills",
    "profile_evidence",
)
JOB_FIELDS = (
    "pk",
    "title",
    "client",
    "requested_on",
    "city",
    "state",
    "seniority",
    "education",
    "english",
    "spanish",
    "area_labels",
    "contract_types",
    "sap",
    "activities",
    "competences",
    "priority",
    "origin",
    "salary_monthly",
)


def candidate_chunks(
    ids: Collection[int] | None = None, *, size: int = CHUNK, stubs: bool = True
) -> "Iterator[pd.DataFrame]":
    """Candidates frames of at most ``size`` rows, by id; all candidates when ``ids`` is None."""
    people = Candidate.objects.all() if stubs else Candidate.objects.known()
    rows = _with_skills(people).order_by("pk").values_list(*CANDIDATE_FIELDS, named=True)
    if ids is None:
        yield from map(candidates_frame, _batches(rows.iterator(chunk_size=size), size))
        return
    for some in _batches(sorted(ids), size):
        yield candidates_frame(rows.filter(pk__in=some))


def candidates(ids: Collection[int]) -> "pd.DataFrame":
    """The candidates frame of a few people, in one piece."""
    return next(candidate_chunks(ids, size=max(1, len(ids))), candidates_frame([]))


def jobs(ids: Collection[int] | None = None) -> "pd.DataFrame":
    """The jobs frame; stubs (jobs known only from prospects) are left out."""
    rows = Job.objects.filter(is_stub=False).order_by("pk")
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    skills = _required_skills(ids)
    named = rows.values_list(*JOB_FIELDS, named=True).iterator(chunk_size=CHUNK)
    return jobs_frame(named, skills)


def pairs(prospects: QuerySet[Prospect] | None = None) -> "pd.DataFrame":
    """Dated applications of jobs that are known: candidate_id, job_id, as_of, status.

    ``status`` is the source's own, or stands for the outcome when a person set it here.
    """
    import pandas as pd

    found = (Prospect.objects.all() if prospects is None else prospects).filter(
        applied_on__isnull=False, job__is_stub=False
    )
    rows = found.order_by("pk").values_list(
        "candidate_id", "job_id", "applied_on", "source_status", "outcome"
    )
    frame = pd.DataFrame.from_records(
        [
            (candidate, job, day, status or STATUS_OF_OUTCOME[Outcome(outcome)])
            for candidate, job, day, status, outcome in rows.iterator(chunk_size=CHUNK)
        ],
        columns=["candidate_id", "job_id", "as_of", "status"],
    )
    return _typed(frame, integers=("candidate_id", "job_id"), dates=("as_of",))


def job_youth(pairs: "pd.DataFrame") -> "tuple[NDArray[np.float64], NDArray[np.bool_]]":
    """Of each pair's job what `labels.label` asks: its age in days on the last day that the pairs tell of,
    counted from its first application, and whether it is open.

    Days that have not come yet are typing slips: they make no day the last.
    """
    import pandas as pd

    past = pairs["as_of"][pairs["as_of"] <= pd.Timestamp(timezone.localdate())]
    ages = past.max() - pairs.groupby("job_id")["as_of"].transform("min")
    still_open = set(Job.objects.open().values_list("pk", flat=True))
    return ages.dt.days.to_numpy(dtype="float64"), pairs["job_id"].isin(still_open).to_numpy(dtype=bool)


def events() -> "pd.DataFrame":
    """Every dated application: candidate_id, job_id, applied_on, decided_on (NaT: undecided), outcome."""
    import pandas as pd

    rows = (
        Prospect.objects.filter(applied_on__isnull=False)
        .order_by("pk")
        .values_list("candidate_id", "job_id", "applied_on", "updated_on", "outcome")
    )
    frame = pd.DataFrame.from_records(
        [
            (candidate, job, applied, None if outcome == Outcome.IN_FLIGHT else updated, outcome)
            for candidate, job, applied, updated, outcome in rows.iterator(chunk_size=CHUNK)
        ],
        columns=["candidate_id", "job_id", "applied_on", "decided_on", "outcome"],
    )
    return _typed(frame, integers=("candidate_id", "job_id"), dates=("applied_on", "decided_on"))


def no_events() -> "pd.DataFrame":
    """The events frame of a company where nothing happened."""
    import pandas as pd

    frame = pd.DataFrame([], columns=["candidate_id", "job_id", "applied_on", "decided_on", "outcome"])
    return _typed(frame, integers=("candidate_id", "job_id"), dates=("applied_on", "decided_on"))


def data_fingerprint(frames: "Iterable[pd.DataFrame]") -> str:
    """sha256 over the contents of the frames, in order: equal data, equal fingerprint."""
    import pandas as pd

    whole = hashlib.sha256()
    for frame in frames:
        whole.update("|".join(map(str, frame.columns)).encode())
        flat = frame.map(lambda value: tuple(value) if isinstance(value, list) else value)
        whole.update(pd.util.hash_pandas_object(flat, index=True).to_numpy().tobytes())
    return whole.hexdigest()


def job_keys() -> "pd.DataFrame":
    """Of every known job what its history is grouped by and its usual pay reckoned from."""
    names = ("client", "title", "contract_types", "area_labels", "requested_on", "seniority")
    rows = Job.objects.filter(is_stub=False).order_by("pk")
    named = rows.values("pk", *names, "salary_monthly").iterator(chunk_size=CHUNK)
    records = [
        row
        | {
            "job_id": row["pk"],
            "area_labels": _known_labels(row["area_labels"]),
            "seniority": _known(row["seniority"], Seniority),
            "salary_monthly": _reais(row["salary_monthly"]),
        }
        for row in named
    ]
    return _frame(records, (*names, "salary_monthly"), index="job_id")


def candidate_stamps() -> dict[int, tuple[int, int]]:
    """Of each known candidate what changes with the frame's row: time of change in µs, newest profile."""
    newest = dict(
        Profile.objects.filter(extractor="taxonomy").values_list("candidate_id").annotate(Max("pk"))
    )
    people = Candidate.objects.known().order_by("pk").values_list("pk", "updated_at")
    return {
        pk: (int(updated_at.timestamp() * 1_000_000), newest.get(pk, 0))
        for pk, updated_at in people.iterator(chunk_size=CHUNK)
    }


def jobs_generation() -> str:
    """Changes whenever a job or an application does."""
    applications = Prospect.objects.aggregate(Count("pk"), Max("updated_at"))
    vacancies = Job.objects.aggregate(Count("pk"), Max("updated_at"))
    return "|".join(map(str, [*applications.values(), *vacancies.values()]))


def generation() -> str:
    """Changes whenever a candidate, a profile, a job or an application does; one cheap query for each."""
    people = changes.newest(Change.Kind.CANDIDATE)  # as of a ranking's inputs: what they notice is read again
    profiles = Profile.objects.aggregate(Count("pk"), Max("pk"))
    applications = Prospect.objects.aggregate(Count("pk"), Max("updated_at"))
    vacancies = Job.objects.aggregate(Count("pk"), Max("updated_at"))
    parts = [people, *profiles.values(), *applications.values(), *vacancies.values()]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


# Rows


def _with_skills(people: QuerySet[Candidate]) -> QuerySet[Any]:
    newest = Profile.objects.filter(candidate=OuterRef("pk"), extractor="taxonomy").order_by("-pk")
    return people.annotate(
        profile_skills=Subquery(newest.values("skills")[:1]),
        profile_evidence=Subquery(newest.values("evidence")[:1]),
    )


def _candidate_row(row: Any) -> dict[str, Any]:
    values = row._asdict()
    values["cv_text"] = "\n".join(text for text in (row.cv_text, row.cv_text_en) if text)
    other = row.other_language.strip()
    return {
        "candidate_id": row.pk,
        "has_profile": Candidate(
            is_stub=row.is_stub,
            cv_text=row.cv_text,
            headline=row.headline,
            technical_knowledge=row.technical_knowledge,
            education=row.education,
        ).has_profile,
        **{name: values[name] for name in _CANDIDATE_TEXTS},
        **_without_own_name(values),
        "area_labels": _known_labels(row.area_labels),
        "english": _known(row.english, Level),
        "spanish": _known(row.spanish, Level),
        "other_language": "" if other == "-" else other,
        "education": _known(row.education, Education),
        "seniority": _known(row.seniority, Seniority),
        "salary_monthly": _wish(row.salary_monthly, row.salary_hourly),
        "skills": list(row.profile_skills or []),
        "implied_skills": [skill for skill, words in (row.profile_evidence or {}).items() if not words],
    }


def _wish(monthly: "Decimal | None", hourly: "Decimal | None") -> float:
    """BRL a month of the 168 hours that a job's pay is reckoned with; NaN when nothing is asked for."""
    if monthly is not None:
        return float(monthly)
    return float("nan") if hourly is None else float(hourly) * HOURS_A_MONTH


def _without_own_name(values: dict[str, Any]) -> dict[str, str]:
    """The person's own texts: to the learner a name is nothing but a hint at sex, age and origin."""
    from scoring.ml.own_name import without_name

    return {column: without_name(values[column], values["name"]) for column in OWN_WORDS}


def _job_row(row: Any, skills: dict[tuple[int, bool], list[str]]) -> dict[str, Any]:
    values: dict[str, Any] = row._asdict()
    values["job_id"] = values.pop("pk")
    return values | {
        "area_labels": _known_labels(row.area_labels),
        "seniority": _known(row.seniority, Seniority),
        "education": _known(row.education, Education),
        "english": _known(row.english, Level),
        "spanish": _known(row.spanish, Level),
        "must_skills": skills.get((row.pk, True), []),
        "nice_skills": skills.get((row.pk, False), []),
        "salary_monthly": _reais(row.salary_monthly),
    }


def _reais(amount: "Decimal | None") -> float:
    return float("nan") if amount is None else float(amount)


def _required_skills(ids: Collection[int] | None) -> dict[tuple[int, bool], list[str]]:
    asked = Requirement.objects.in_force().filter(kind=Requirement.Kind.SKILL).order_by("pk")
    if ids is not None:
        asked = asked.filter(job__in=ids)
    found: dict[tuple[int, bool], list[str]] = {}
    for job, must, value in asked.values_list("job_id", "must", "value").iterator(chunk_size=CHUNK):
        found.setdefault((job, must), []).append(value)
    return found


def _known(code: str, choices: Any) -> str:
    """A code outside its closed set, from whatever wrote it, is unknown to the learner."""
    return code if code in choices.values else ""


def _known_labels(labels: Sequence[str]) -> list[str]:
    from scoring.ml.schema import AREA_LABELS

    return [label for label in labels if label in AREA_LABELS]


# Frames


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def candidates_frame(rows: Iterable[Any]) -> "pd.DataFrame":
    """The candidates frame of rows that have ``CANDIDATE_FIELDS``."""
    from scoring.ml.schema import CANDIDATE_COLUMNS

    return _frame([_candidate_row(row) for row in rows], CANDIDATE_COLUMNS, index="candidate_id")


def jobs_frame(rows: Iterable[Any], skills: dict[tuple[int, bool], list[str]]) -> "pd.DataFrame":
    """The jobs frame of rows that have ``JOB_FIELDS``; ``skills`` by job and whether they are required."""
    from scoring.ml.schema import JOB_COLUMNS

    return _frame([_job_row(row, skills) for row in rows], JOB_COLUMNS, index="job_id")


def _frame(records: Sequence[dict[str, Any]], columns: Iterable[str], *, index: str) -> "pd.DataFrame":
    """Text in object columns, so that it stays Python text."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            name: pd.Series([record[name] for record in records], dtype=_DTYPES.get(name, "object"))
            for name in columns
        }
    )
    frame.index = pd.Index([record[index] for record in records], dtype="int64", name=index)
    return frame


def _typed(frame: "pd.DataFrame", *, integers: Sequence[str], dates: Sequence[str]) -> "pd.DataFrame":
    import pandas as pd

    for name in integers:
        frame[name] = frame[name].astype("int64")
    for name in dates:
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame
