"""Keeps one fingerprint a record, made anew when what it was made from has changed."""

# ruff: noqa: S608  (statements are put together from names of tables and columns in this code only)

from collections.abc import Sequence

from django.db import connection, transaction

from candidates.duplicates.traits import Traits, emails, name_words, phones, traits
from candidates.integration.locking import still_there
from candidates.models import Candidate, Fingerprint

VERSION = "2"  # another one makes all fingerprints anew
BATCH = 1000
COMPARED = ("name", "email", "phone", "cv_text")

_HASH = f"md5('{VERSION}' || concat_ws(E'\\x1f', {', '.join(f'c.{name}' for name in COMPARED)}))"
_STALE = f"""
    SELECT c.id FROM candidates_candidate c LEFT JOIN candidates_fingerprint f ON f.candidate_id = c.id
    WHERE (%s OR c.id = ANY(%s::bigint[])) AND f.source_hash IS DISTINCT FROM {_HASH} ORDER BY c.id"""
_READ = f"SELECT c.id, {_HASH}, {', '.join(f'c.{name}' for name in COMPARED)}"


def refresh(ids: Sequence[int] | None = None) -> list[int]:
    """Whose fingerprint had to be made anew; with ``ids`` only these people are looked at."""
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [ids is None, list(ids or [])])
        stale = [pk for (pk,) in cursor.fetchall()]
    for start in range(0, len(stale), BATCH):
        _make(stale[start : start + BATCH])
    return stale


def _make(ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{_READ} FROM candidates_candidate c WHERE c.id = ANY(%s)", [ids])
        rows = cursor.fetchall()
    made = []
    for pk, source_hash, *values in rows:
        found = traits(dict(zip(COMPARED, values, strict=True)))
        sketch = list(found.sketch) if found.sketch else None
        made.append(Fingerprint(candidate_id=pk, source_hash=source_hash, keys=found.keys, sketch=sketch))
    with transaction.atomic():
        there = still_there(ids)
        Fingerprint.objects.bulk_create(
            [one for one in made if one.candidate_id in there],
            update_conflicts=True,
            unique_fields=["candidate"],
            update_fields=["source_hash", "keys", "sketch"],
        )


def stored_traits(ids: Sequence[int]) -> dict[int, Traits]:
    """Of people with a fingerprint, without reading their CVs again; read for everybody, shown to nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT c.id, c.name, c.email, c.phone, f.sketch FROM {Candidate._meta.db_table} c
            JOIN {Fingerprint._meta.db_table} f ON f.candidate_id = c.id WHERE c.id = ANY(%s)""",
            [list(ids)],
        )
        return {
            pk: Traits(name_words(name), emails(email), phones(phone), tuple(sketch) if sketch else None)
            for pk, name, email, phone, sketch in cursor.fetchall()
        }
