"""What is derived from candidates after an import: skills in Profile rows, and the search index.

Both look for rows that lack it and work in batches, so that an interrupted run is taken up by the next one.
"""

# ruff: noqa: S608  (statements are put together from names of tables and columns in this code only)

import json
from collections.abc import Callable, Iterator, Sequence

from django.db import connection, transaction
from django.utils import timezone

from candidates.importing_staging import LOCK, copy_in, copy_line
from candidates.integration.locking import still_there
from candidates.models import Candidate, Profile
from candidates.quoting import UNSHOWABLE
from candidates.search import indexing

EXTRACTOR = "taxonomy"
BATCH = 500
QUOTE_REACH = 30  # characters kept on either side of a skill as its evidence

Report = Callable[[int, int], None]  # done, of how many


def current_profile(candidate: Candidate) -> Profile | None:
    """What was last read from the candidate's texts."""
    return candidate.profiles.filter(extractor=EXTRACTOR).order_by("-pk").first()


def refresh_profiles(ids: Sequence[int] | None = None, *, report: Report | None = None) -> int:
    """Find the skills of candidates whose texts, or the taxonomy, changed; how many were read anew.

    With ``ids`` only these people are looked at. Of this extractor a candidate has one profile, the current.
    """
    from candidates.skills import TAXONOMY_VERSION

    stale = _stale_profiles(TAXONOMY_VERSION, ids)
    for done, some in _batches(stale):
        with transaction.atomic():
            hold_import_lock()
            _read_skills(some, TAXONOMY_VERSION)
        if report:
            report(done, len(stale))
    return len(stale)


def refresh_search(ids: Sequence[int] | None = None, *, report: Report | None = None) -> int:
    """Build the search vectors of these people, or those that imports have emptied; how many."""
    wanted = indexing.missing() if ids is None else list(ids)
    for done, some in _batches(wanted):
        with transaction.atomic():
            hold_import_lock()
            indexing.fill(some)
        if report:
            report(done, len(wanted))
    return len(wanted)


def touch_search(candidate_id: int) -> None:
    """Something of this person changed (a note, a tag, a field): they are found by it at once."""
    indexing.fill([candidate_id])


def hold_import_lock() -> None:
    """One import at a time changes rows; waits until the other's transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _batches(ids: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    for start in range(0, len(ids), BATCH):
        some = list(ids[start : start + BATCH])
        yield start + len(some), some


# Skills

_SOURCE_HASH = r"""
    encode(sha256(convert_to(concat_ws(E'\x1f', c.headline, c.technical_knowledge, c.cv_text, c.cv_text_en),
        'UTF8')), 'hex')"""


def _stale_profiles(version: str, ids: Sequence[int] | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT c.id FROM candidates_candidate c
            LEFT JOIN candidates_profile p ON p.candidate_id = c.id AND p.extractor = %s AND p.version = %s
            WHERE NOT c.is_stub AND (%s OR c.id = ANY(%s::bigint[]))
                AND p.source_hash IS DISTINCT FROM {_SOURCE_HASH}
            ORDER BY c.id""",
            [EXTRACTOR, version, ids is None, list(ids or [])],
        )
        return list(dict.fromkeys(pk for (pk,) in cursor.fetchall()))


def _read_skills(ids: list[int], version: str) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, {_SOURCE_HASH}, c.headline, c.technical_knowledge, c.cv_text, c.cv_text_en"
            " FROM candidates_candidate c WHERE c.id = ANY(%s) ORDER BY c.id",
            [ids],
        )
        lines = {}
        for pk, source_hash, *texts in cursor.fetchall():
            evidence = _evidence(texts)
            quoted = json.dumps(evidence, ensure_ascii=False)
            lines[pk] = copy_line((pk, EXTRACTOR, version, source_hash, list(evidence), quoted, now))
        there = still_there(ids)
        cursor.execute(
            "DELETE FROM candidates_profile WHERE extractor = %s AND candidate_id = ANY(%s)", [EXTRACTOR, ids]
        )
    columns = ("candidate_id", "extractor", "version", "source_hash", "skills", "evidence", "created_at")
    copy_in("candidates_profile", columns, [line for pk, line in lines.items() if pk in there])
    with connection.cursor() as cursor:  # people are searched by their skills
        cursor.execute(
            "UPDATE candidates_candidate SET search_vector = NULL"
            " WHERE id = ANY(%s) AND search_vector IS NOT NULL",
            [ids],
        )


def _evidence(texts: Sequence[str]) -> dict[str, str]:
    """Skills in the order of their first mention, each with the words around it; without words, one that no
    text names but another skill implies."""
    from candidates.skills import find_skills, with_implied

    evidence: dict[str, str] = {}
    for text in texts:
        for match in find_skills(text) if text else ():
            named, *implied = with_implied(match.skill)
            if not evidence.get(named):
                evidence[named] = _quote(text, match.start, match.end)
            for other in implied:
                evidence.setdefault(other, "")
    return evidence


def _quote(text: str, start: int, end: int) -> str:
    first, last = max(0, start - QUOTE_REACH), min(len(text), end + QUOTE_REACH)
    words = " ".join(text[first:last].translate(UNSHOWABLE).split())
    return f"{'…' if first else ''}{words}{'…' if last < len(text) else ''}"
