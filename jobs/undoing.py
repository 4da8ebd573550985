"""Which changes of a history are in force, and which of one click's can still be taken back."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from jobs.models import StageChange

Undoes = tuple[int, uuid.UUID | None, uuid.UUID | None]  # key, batch, the batch that it takes back


@dataclass(frozen=True)
class Standing:
    """Prospects of one click: who can go back, who has really moved on since, who went back before."""

    can: set[int] = field(default_factory=set)
    moved_on: set[int] = field(default_factory=set)
    back: set[int] = field(default_factory=set)


def standing(made: Mapping[int, StageChange]) -> Standing:
    """``made``: the changes of a click, by prospect. One query."""
    found = Standing()
    changes = StageChange.objects.filter(prospect__in=made).order_by("prospect", "pk")
    rows = changes.values_list("prospect", "pk", "batch", "undoes")
    for prospect, own in groupby(rows, key=lambda row: row[0]):
        change = made[prospect]
        history = [(key, batch, undoes) for _prospect, key, batch, undoes in own if key >= change.pk]
        _sort(found, prospect, history)
    return found


def _sort(found: Standing, prospect: int, history: list[Undoes]) -> None:
    """``history`` from the change in question on."""
    first, *later = history
    kept = in_force(history)
    later_batches = {batch for _key, batch, _undoes in later}
    if first[0] not in kept:
        found.back.add(prospect)
    elif all(key not in kept or undoes in later_batches for key, _batch, undoes in later):
        found.can.add(prospect)
    else:
        found.moved_on.add(prospect)


def in_force(history: Iterable[Undoes]) -> Collection[int]:
    """The changes of one prospect that nothing in force takes back: an undo may be undone too."""
    kept, taken_back = set(), set()
    for key, batch, undoes in sorted(history, key=lambda row: row[0], reverse=True):
        if batch not in taken_back:
            kept.add(key)
            taken_back |= {undoes} if undoes else set()
    return kept
