"""People whom somebody here adds or corrects, beside those that imports bring."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from candidates import duplicates, services
from candidates.integration import events
from candidates.models import Candidate, CandidateEdit, EventKind
from candidates.queueing import send_on_commit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

PREFIX = "C-"  # no code of a source begins with it: these people were not at the source
# What a person may write of a candidate. Protected attributes have no column here, and "raw" is the source's
FIELDS = frozenset(
    {"name", "email", "phone", "linkedin_url", "city", "state", "headline", "area_labels"}
    | {"technical_knowledge", "certifications", "other_certifications", "seniority", "education"}
    | {"english", "spanish", "other_language", "salary_monthly", "salary_hourly", "salary_text"}
    | {"cv_text", "cv_text_en"}
)
# Somebody who saves a form does not wait for an import that runs for minutes: a worker does
LOCK_WAIT = "1500ms"


def new_code() -> str:
    """A code that nobody has: "C-1042". Two who ask at once get two."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('candidates_candidate', 'id'))")
            code = f"{PREFIX}{cursor.fetchone()[0]}"
        if not Candidate.everyone.filter(code=code).exists():
            return code


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Look for somebody alike, then add: the second of two clicks finds whom the first added."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('peneira: somebody new'))")
        yield


def create_candidate(
    fields: Mapping[str, Any], *, by: "User", origin: str, code: str = "", refreshed: bool = True
) -> Candidate:
    """Somebody new, with a code of this system, to be found and ranked at once.

    ``origin`` is "form", "upload" or "api". An import never overwrites such a person: no source has the code.
    Another system may give its own ``code``; then a source that has it, too, leaves ``fields`` alone. Without
    ``refreshed`` the caller sees to ``refresh_later``.
    """
    _refuse_others(fields)
    edited = sorted(fields) if code else []
    with transaction.atomic():
        candidate = Candidate(
            code=code or new_code(),
            origin=origin,
            edited_at=timezone.now(),
            edited_fields=edited,
            **fields,
        )
        candidate.save(force_insert=True)
        if refreshed:
            refresh(candidate)
        told = {"candidate": events.person(candidate.pk), "origin": origin}
        events.emit(EventKind.CANDIDATE_CREATED, told)
    logger.info("candidate %s came by %s of user %s", candidate.pk, origin, by.pk)
    return candidate


def change_candidate(
    candidate: Candidate, fields: Mapping[str, Any], *, by: "User", refreshed: bool = True
) -> list[str]:
    """Write what differs, and return the names of these fields.

    The next import leaves it alone. Without ``refreshed`` the caller sees to ``refresh_later``. Raises
    ``veiling.HiddenFields`` when the reader was not meant to know what is overwritten.
    """
    _refuse_others(fields)
    changed = [name for name, value in fields.items() if getattr(candidate, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(candidate, name, fields[name])
    candidate.is_stub = False
    candidate.edited_fields = sorted({*candidate.edited_fields, *changed})
    candidate.edited_at = candidate.updated_at = timezone.now()
    with transaction.atomic():
        candidate.save(update_fields=[*changed, "is_stub", "edited_at", "edited_fields", "updated_at"])
        CandidateEdit.objects.create(candidate=candidate, by=by, fields=changed, at=candidate.updated_at)
        if refreshed:
            refresh(candidate)
        told = {"candidate": events.person(candidate.pk), "fields": changed}
        events.emit(EventKind.CANDIDATE_UPDATED, told)
    logger.info("candidate %s was changed by user %s", candidate.pk, by.pk)
    return changed


def refresh(candidate: Candidate) -> None:
    """Read skills and index the words anew; while an import holds the lock, a worker does it afterwards."""
    from candidates.tasks import refresh_candidate

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
            refresh_now(candidate.pk)
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError:
        send_on_commit(refresh_candidate, candidate.pk)


def refresh_later(keys: Sequence[int]) -> None:
    """The same for many, by a worker: whoever sends a thousand people does not wait for all their skills."""
    from candidates.tasks import refresh_candidates

    # What a lost message leaves is found by the sweep for people without a search vector
    Candidate.everyone.filter(pk__in=keys).update(search_vector=None)
    send_on_commit(refresh_candidates, list(keys))


def refresh_now(pk: int) -> None:
    services.refresh_profiles([pk])
    services.touch_search(pk)
    duplicates.look_for([pk])


def refresh_many(keys: Sequence[int]) -> None:
    services.refresh_profiles(keys)
    services.refresh_search(keys)
    duplicates.look_for(keys)


def _refuse_others(fields: Mapping[str, Any]) -> None:
    if others := set(fields) - FIELDS:
        raise ValueError(f"not for people to write: {', '.join(sorted(others))}")
