"""What changed, in the order in which it became visible (the triggers of migration 0011 note it).

A number taken while a transaction is open becomes visible after higher ones, and whoever pulls by it would
pass the row by. So changes are noted without a number, and whoever pulls numbers those that are committed:
one pull at a time, so that a higher number is never visible before a lower one. A row that is being changed
at that moment is left out: it is numbered, in its new state, by a later pull.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max

from candidates.models import Change

AT_ONCE = 20_000  # numbered by one pull; an import notes more, and later pulls number these


def number(kind: str) -> bool:
    """Number what is committed and has no number yet; whether there may be more of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"peneira: changes of {kind}"])
        cursor.execute(
            # By an array: joined, the planner may look through all changes for each of them
            """UPDATE candidates_change SET seq = nextval('candidates_change_number')
            WHERE id = ANY (ARRAY(
                SELECT id FROM candidates_change WHERE seq IS NULL AND kind = %s
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ))""",
            [kind, AT_ONCE],
        )
        return bool(cursor.rowcount == AT_ONCE)


def number_all(kind: str) -> None:
    while number(kind):
        pass


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read within is as of one moment: changes, and the rows that they are of.

    Inside another transaction (of a test) it is as of the moments at which it is read.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def after(kind: str, seq: int, *, limit: int) -> list[Change]:
    """The next changes after that number."""
    return list(Change.objects.filter(kind=kind, seq__gt=seq).order_by("seq")[:limit])


def last(kind: str) -> int:
    """The highest number so far; 0 when there is none."""
    return Change.objects.filter(kind=kind).aggregate(last=Max("seq"))["last"] or 0


def newest(kind: str) -> str:
    """Differs whenever a change was committed meanwhile, also one that began long before: the highest number,
    after all were numbered. What somebody is changing just now stays without: how much that is, and when it
    was last changed, belongs to the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [kind, kind])
        waiting, found = cursor.fetchone()
    if waiting is None:
        return str(found or 0)
    number_all(kind)
    left = Change.objects.filter(kind=kind, seq=None).aggregate(rows=Count("pk"), at=Max("at"))
    return f"{last(kind)}, {left['rows']} of {left['at']}" if left["rows"] else str(last(kind))


# In an order, for else the planner, which takes a waiting row to be easily found, reads all to find none
_NEWEST = """SELECT
    (SELECT id FROM candidates_change WHERE kind = %s AND seq IS NULL ORDER BY id LIMIT 1),
    (SELECT max(seq) FROM candidates_change WHERE kind = %s)"""


def highest() -> int:
    """The highest number ever given out in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM candidates_change_number")
        return int(cursor.fetchone()[0])


def epoch() -> str:
    """What tells this database from every other, also from an earlier one that was restored from a dump:
    there the same numbers stand for other changes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'candidates_change'::regclass::oid::bigint, oid::bigint FROM pg_database"
            " WHERE datname = current_database()"
        )
        parts = [*cursor.fetchone(), *_cluster()]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _cluster() -> tuple[int, ...]:
    """The cluster and its timeline, which a failover changes; nothing where this may not be read."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_identifier, timeline_id FROM pg_control_system(), pg_control_checkpoint()"
            )
            return tuple(cursor.fetchone())
    except DatabaseError:
        return ()
