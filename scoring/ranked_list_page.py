"""Rows of the people on one page of a ranked list: a constant number of queries, whoever they are."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candidates.models import Candidate, Document, Note
from jobs.models import Job, Prospect
from scoring.models import Prediction
from scoring.opinions import NOBODY, Opinions, of_job
from scoring.ranked_list import RankedList
from scoring.ranked_list_entries import Entry, Group
from scoring.ranked_list_rows import Around, Contact, Row, words_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LISTED = ("code", "name", "headline", "city", "state", "is_stub", "seniority", "english", "spanish")
WISHES = ("salary_monthly", "salary_hourly")
STORED = ("rank", "score", "accept_score", "group", "reasons", "requirements", "ranking_id", "candidate_id")
STOOD = ("candidate_id", "stage", "outcome", "stage_since", "updated_on", "applied_on")


@dataclass(frozen=True)
class _Known:
    """What the rows of one page are made of, by candidate."""

    candidates: Mapping[int, Candidate]
    predictions: Mapping[uuid.UUID, Prediction]
    prospects: Mapping[int, Prospect]
    contacts: Mapping[int, Contact]
    other_jobs: Mapping[int, int]
    opinions: Mapping[int, Opinions]
    uploads: Mapping[int, Document]


def rows_of(
    found: RankedList, entries: Sequence[Entry], *, reader: "User | None", more: Sequence[str] = ()
) -> list[Row]:
    """``more``: fields of the candidates that are needed beside those of a list."""
    known = _known(found, entries, reader=reader, more=more)
    rate = found.ranking.model_version.metrics.get("base_rate") if found.ranking else None
    shown = (entry for entry in entries if entry.candidate_id in known.candidates)
    language = get_language()
    return [_row(entry, known, rate, language) for entry in shown]


def _row(entry: Entry, known: _Known, rate: float | None, language: str | None) -> Row:
    pk = entry.candidate_id
    candidate = known.candidates[pk]
    prediction = known.predictions.get(entry.prediction_id) if entry.prediction_id else None
    return Row(
        **vars(words_in(language, prediction, rate)),
        candidate=candidate,
        prediction=prediction,
        prospect=known.prospects.get(pk),
        place=entry.place,
        why=entry.why,
        around=Around(
            contact=known.contacts.get(pk),
            other_jobs=known.other_jobs.get(pk, 0),
            opinions=known.opinions.get(pk, NOBODY),
            no_data=_why_not(entry, candidate, known.uploads.get(pk)),
        ),
    )


def _why_not(entry: Entry, candidate: Candidate, upload: Document | None) -> str:
    """Why somebody has no place in the order."""
    if entry.group == Group.WAITING:
        return _("Came after the last ranking; the next one is about to place them.")
    if entry.group != Group.NO_DATA:
        return ""
    if upload is not None and upload.state == Document.State.FAILED:
        return _("A CV was uploaded, but could not be read.")
    if upload is not None and upload.state != Document.State.PARSED:
        return _("An uploaded CV is being read.")
    if candidate.is_stub:
        return _("Known by code alone: the record itself never came.")
    return _("No CV, headline, knowledge or education is on file.")


# Reading


def _known(
    found: RankedList, entries: Sequence[Entry], *, reader: "User | None", more: Sequence[str]
) -> _Known:
    job = found.job
    keys = [entry.candidate_id for entry in entries]
    people = Candidate.objects.only(*LISTED, *WISHES, *more).in_bulk(keys)
    stored = Prediction.objects.filter(
        pk__in=[entry.prediction_id for entry in entries if entry.prediction_id]
    )
    prospects = Prospect.objects.filter(job=job, candidate__in=keys).only(*STOOD)
    no_data = [entry.candidate_id for entry in entries if entry.group == Group.NO_DATA]
    return _Known(
        candidates=people,
        predictions={one.pk: one for one in stored.only(*STORED)} if found.ranking else {},
        prospects={one.candidate_id: one for one in prospects},
        contacts=_contacts(keys),
        other_jobs=_other_jobs(job, keys),
        opinions=of_job(job, reader=reader, candidates=keys) if reader and found.has_opinions else {},
        uploads=_uploads(no_data) if no_data else {},
    )


def _contacts(keys: Iterable[int]) -> dict[int, Contact]:
    notes = Note.objects.filter(candidate__in=keys, kind__in=Note.CONTACTS).order_by(
        "candidate", "-created_at"
    )
    newest = notes.distinct("candidate").values_list("candidate_id", "kind", "created_at")
    return {pk: Contact(str(Note.Kind(kind).label), timezone.localdate(at)) for pk, kind, at in newest}


def _other_jobs(job: Job, keys: Iterable[int]) -> dict[int, int]:
    """In how many other jobs that the reader may see the same people are."""
    rows = _elsewhere(job, keys).order_by()
    return dict(rows.values_list("candidate_id").annotate(Count("pk")))


def prospects_elsewhere(job: Job, candidate: Candidate) -> "QuerySet[Prospect]":
    """One of them in those jobs, the newest first."""
    rows = _elsewhere(job, [candidate.pk]).select_related("job")
    return rows.only("stage", "job__code", "job__title").order_by("-applied_on", "-pk")


def _elsewhere(job: Job, keys: Iterable[int]) -> "QuerySet[Prospect]":
    return Prospect.objects.filter(candidate__in=keys).exclude(job=job)


def _uploads(keys: Iterable[int]) -> dict[int, Document]:
    files: QuerySet[Any] = Document.objects.filter(candidate__in=keys, discarded_at=None)
    newest = files.order_by("candidate", "-pk").distinct("candidate").only("candidate_id", "state")
    return {one.candidate_id: one for one in newest}
