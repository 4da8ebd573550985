"""Two records of one person become one, and can become two again.

What belongs to the absorbed record moves to the one that stays: the keys of all rows that moved, and what
stood in a field before, are kept with the merge, so that undoing it restores these. What the database lets
nobody change (predictions, feedback, who looked) stays with the absorbed record and is found through
``merged_into``. Tables of upper apps are moved by what they register in ``movers``.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.db import OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates import creating, viewing
from candidates.importing_staging import LOCK
from candidates.integration import events
from candidates.models import (
    Candidate,
    Demographics,
    Document,
    DuplicatePair,
    EventKind,
    Merge,
    Note,
    Notification,
    Tagging,
    WatchedMatch,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)


class CannotMerge(Exception):
    """The text is for people."""


class CannotUndo(Exception):
    """Something that came later stands in the way; the text is for people."""


class Mover(Protocol):
    """How an upper app's rows follow; both run inside the merge's transaction."""

    name: str

    def move(self, kept: Candidate, absorbed: Candidate, *, by: "User") -> dict[str, Any]:
        """What was done, as JSON, for ``move_back``."""

    def move_back(self, did: dict[str, Any], kept: Candidate, absorbed: Candidate, *, by: "User") -> None:
        """Raises ``CannotUndo``, and then nothing is undone."""


movers: list[Mover] = []  # told by upper apps when they start (AppConfig.ready)


@dataclass(frozen=True)
class Table:
    """Rows that hang on a candidate; ``once``: of what a candidate has only one."""

    manager: "models.Manager[Any]"
    once: str = ""

    @property
    def name(self) -> str:
        return str(self.manager.model._meta.label_lower)


TABLES = (
    Table(Note.everyone),
    Table(Tagging.objects, once="tag_id"),
    Table(Document.objects),
    Table(Notification.objects),
    Table(WatchedMatch.objects, once="search_id"),
    Table(Demographics.objects, once="candidate_id"),
)
# Set by a merge beside the fields that a person chooses
STAMPS = ("is_stub", "edited_at", "edited_fields", "updated_at")


def merge(
    kept: Candidate, absorbed: Candidate, *, take: Mapping[str, bool] | None = None, by: "User"
) -> Merge:
    """``take`` names fields and whether the absorbed record's value is taken; else blank ones are filled.

    Raises CannotMerge.
    """
    with viewing.unrestricted(), transaction.atomic():
        wait_for_no_import()
        kept, absorbed = _locked(kept.pk, absorbed.pk)
        moved = {
            "fields": _fill(kept, absorbed, take or {}),
            "rows": {table.name: _move_rows(table, kept, absorbed) for table in TABLES},
            "upper": {mover.name: mover.move(kept, absorbed, by=by) for mover in movers},
            "absorbed": _follow(kept, absorbed),
            "pair": _decide(kept, absorbed, by=by),
        }
        absorbed.merged_into = kept
        absorbed.save(update_fields=["merged_into"])
        done = Merge.objects.create(kept=kept, absorbed=absorbed, by=by, moved=moved)
        derive(kept)
        tell(done, undone=False)
    logger.info("candidate %s was merged into %s by user %s", absorbed.pk, kept.pk, by.pk)
    return done


def tell(merge: Merge, *, undone: bool) -> None:
    """Other systems hold both codes: they hear which of the two goes on, or that both do again."""
    kept, absorbed = events.person(merge.kept_id), events.person(merge.absorbed_id)
    events.emit(EventKind.CANDIDATE_MERGED, {"kept": kept, "absorbed": absorbed, "undone": undone})


def records_of(candidate: Candidate) -> list[int]:
    """The person's record and those that went into it: what may not be changed still hangs on these."""
    absorbed = Candidate.everyone.filter(merged_into=candidate).order_by("pk")
    return [candidate.pk, *absorbed.values_list("pk", flat=True)]


def merges_into(candidate: Candidate) -> list[Merge]:
    """What went into this record and can be taken back, the latest first."""
    merges = Merge.objects.filter(kept=candidate, undone_at=None).select_related("by", "absorbed")
    return list(merges.only("created_at", "by__username", "by__first_name", "absorbed__code", "kept"))


def wait_for_no_import() -> None:
    """An import that is being stored would bring back what the merge moves."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [creating.LOCK_WAIT])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError as error:
        raise CannotMerge(_("An import is being stored right now. Try again in a minute.")) from error


def _locked(kept: int, absorbed: int) -> tuple[Candidate, Candidate]:
    rows = Candidate.everyone.filter(pk__in=[kept, absorbed]).order_by("pk").select_for_update(of=("self",))
    people = {person.pk: person for person in rows}
    if kept == absorbed or len(people) < 2:
        raise CannotMerge(_("These are not two records."))
    if any(person.merged_into_id for person in people.values()):
        raise CannotMerge(_("One of the two was merged meanwhile. Open the person again."))
    return people[kept], people[absorbed]


# Fields


def is_blank(value: Any) -> bool:
    return value is None or value == [] or not str(value).strip()


def _fill(kept: Candidate, absorbed: Candidate, take: Mapping[str, bool]) -> dict[str, Any]:
    """The kept record gets the values chosen; {field: [before, after]}."""
    taken = [name for name in sorted(creating.FIELDS) if _takes(kept, absorbed, name, take)]
    fields = (*taken, *STAMPS)
    before = {name: stored(getattr(kept, name)) for name in fields}
    for name in taken:
        setattr(kept, name, getattr(absorbed, name))
    kept.is_stub = kept.is_stub and absorbed.is_stub
    kept.edited_fields = sorted({*kept.edited_fields, *taken})
    kept.updated_at = timezone.now()
    kept.edited_at = kept.updated_at if taken else kept.edited_at
    kept.save(update_fields=fields)
    return {name: [before[name], stored(getattr(kept, name))] for name in fields}


def _takes(kept: Candidate, absorbed: Candidate, name: str, take: Mapping[str, bool]) -> bool:
    own, other = getattr(kept, name), getattr(absorbed, name)
    return own != other and take.get(name, is_blank(own) and not is_blank(other))


def stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def restored(model: type[models.Model], name: str, value: Any) -> Any:
    """What ``stored`` was made of."""
    return cast("models.Field[Any, Any]", model._meta.get_field(name)).to_python(value)


# Rows


def _move_rows(table: Table, kept: Candidate, absorbed: Candidate) -> list[Any]:
    rows = table.manager.filter(candidate=absorbed)
    if table.once == "candidate_id":
        rows = rows.none() if table.manager.filter(candidate=kept).exists() else rows
    elif table.once:
        held = table.manager.filter(candidate=kept).values(table.once)
        rows = rows.exclude(**{f"{table.once}__in": held})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    table.manager.filter(pk__in=keys).update(candidate=kept)
    return keys


def _follow(kept: Candidate, absorbed: Candidate) -> list[int]:
    """Whoever went into the absorbed record goes on with it: an old code is found in one step."""
    earlier = Candidate.everyone.filter(merged_into=absorbed)
    keys = list(earlier.order_by("pk").values_list("pk", flat=True))
    Candidate.everyone.filter(pk__in=keys).update(merged_into=kept)
    return keys


def _decide(kept: Candidate, absorbed: Candidate, *, by: "User") -> dict[str, Any] | None:
    first, second = sorted((kept.pk, absorbed.pk))
    pair = DuplicatePair.objects.filter(first=first, second=second).first()
    if pair is None:
        return None
    before = {"pk": pair.pk, "state": pair.state, "decided_by": pair.decided_by_id}
    pair.state, pair.decided_by = DuplicatePair.State.MERGED, by
    pair.save(update_fields=["state", "decided_by"])
    return before


def derive(*people: Candidate) -> None:
    for person in people:
        creating.refresh(person)
