"""Who changed what a job asks for, and which change can still be undone.

A change can be undone while no later one depends on it, that is, touched the same requirement (of a level:
another of its kind) and still holds. A change and its undo together are as if neither had been. An undo is a
change too, so it can be undone itself.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from candidates.folding import fold_phrase
from jobs.models import SCALES, Job, Requirement, RequirementChange

# [kind, value, must, dismissed, quote, added_by]
Row = list[Any]
Key = tuple[str, ...]

SHOWN = 50
NAMED = 4
ONE_OF_EACH = (*SCALES, Requirement.Kind.ENGLISH, Requirement.Kind.SPANISH)


@dataclass(frozen=True)
class Entry:
    """``obstacle``: why it cannot be undone any more, for a person; empty when it can."""

    change: RequirementChange
    text: str
    is_undone: bool
    obstacle: str

    @property
    def may_be_undone(self) -> bool:
        return not self.is_undone and not self.obstacle


def rows_of(requirements: Iterable[Requirement]) -> list[Row]:
    return [
        [str(one.kind), one.value, one.must, one.dismissed, one.quote, one.added_by_id]
        for one in requirements
    ]


def changed(before: Iterable[Row], after: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that differ, as they were and as they are."""
    old, new = list(before), list(after)
    return [row for row in old if row not in new], [row for row in new if row not in old]


def entries(job: Job, rows: Collection[Requirement]) -> list[Entry]:
    """The newest first. Whoever is older than those shown is out of reach, not lost."""
    found = list(job.requirement_changes.select_related("by").order_by("-pk")[:SHOWN])
    undone, now = undone_of(found), rows_of(rows)
    return [
        Entry(
            change, text_of(change), is_undone=change.pk in undone, obstacle=obstacle_to(change, found, now)
        )
        for change in found
    ]


def undone_of(newest_first: Iterable[RequirementChange]) -> set[int]:
    """Those that do not hold any more; an undo that was undone itself undoes nothing."""
    undone: set[int] = set()
    for change in newest_first:
        if change.undoes_id and change.pk not in undone:
            undone.add(change.undoes_id)
    return undone


def obstacle_to(change: RequirementChange, newest_first: Sequence[RequirementChange], now: list[Row]) -> str:
    """Why undoing it would spoil what came later; empty when nothing stands in the way."""
    undone = undone_of(newest_first)
    if change.pk in undone:
        return _("This change is undone already.")
    for later in newest_first:
        if later.pk <= change.pk:
            break
        cancels = later.undoes_id is not None and later.undoes_id > change.pk
        if later.pk not in undone and not cancels and _keys(later) & _keys(change):
            return _("A later change depends on it: %(later)s. Undo that first.") % {"later": text_of(later)}
    if not _as_left(change, now) or _doubles_a_level(change, now):
        return _("The list is not as this change left it, so it cannot be undone any more.")
    return ""


def _keys(change: RequirementChange) -> set[Key]:
    return {_key(row) for row in (*change.before, *change.after)}


def _key(row: Row) -> Key:
    return (row[0],) if row[0] in ONE_OF_EACH else (row[0], fold_phrase(row[1]))


def _as_left(change: RequirementChange, now: list[Row]) -> bool:
    """An import may have proposed the list anew since everything was undone."""
    state = {(row[0], row[1]): row[2:4] for row in now}
    left = {(row[0], row[1]): row[2:4] for row in change.after}
    touched = [(row[0], row[1]) for row in (*change.before, *change.after)]
    return all(state.get(one) == left.get(one) for one in touched)


def _doubles_a_level(change: RequirementChange, now: list[Row]) -> bool:
    touched = {(row[0], row[1]) for row in (*change.before, *change.after)}
    others = {row[0] for row in now if (row[0], row[1]) not in touched and not row[3]}
    return any(row[0] in others and row[0] in ONE_OF_EACH and not row[3] for row in change.before)


def text_of(change: RequirementChange) -> str:
    """What was done, in the reader's language: “Java made required”."""
    what = RequirementChange.What(change.what).label % {"asked": _asked(change.named)}
    if change.undoes_id is None:
        return what
    return (_("Undone: %(change)s") if change.is_back else _("Done again: %(change)s")) % {"change": what}


def _asked(named: list[list[str]]) -> str:
    labels = [Requirement(kind=kind, value=value).label for kind, value in named]
    if len(labels) <= NAMED:
        return ", ".join(labels)
    return _("%(asked)s and %(more)d more") % {
        "asked": ", ".join(labels[:NAMED]),
        "more": len(labels) - NAMED,
    }


def is_edited(job: Job) -> bool:
    """Whether anything that people did to the list holds."""
    every = list(job.requirement_changes.only("undoes", "was_edited").order_by("-pk"))
    undone = undone_of(every)
    return bool(every) and (
        every[-1].was_edited or any(one.undoes_id is None and one.pk not in undone for one in every)
    )
