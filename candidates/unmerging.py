"""Takes a merge back: every row that moved returns, every field gets what stood there before."""

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates import viewing
from candidates.merging import (
    STAMPS,
    TABLES,
    CannotMerge,
    CannotUndo,
    Table,
    derive,
    movers,
    restored,
    stored,
    tell,
    wait_for_no_import,
)
from candidates.models import Candidate, DuplicatePair, Merge
from candidates.timeline import field_names

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)


def undo(merge: Merge, *, by: "User") -> Merge:
    """Two records again. Raises CannotUndo when what came later makes it impossible; then nothing changed.

    What was written about the person since the merge stays with the record that was kept.
    """
    with viewing.unrestricted(), transaction.atomic():
        try:
            wait_for_no_import()
        except CannotMerge as busy:
            raise CannotUndo(str(busy)) from busy
        merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        kept, absorbed = _two(merge)
        _give_back_fields(kept, merge.moved["fields"])
        absorbed.merged_into = None
        absorbed.save(update_fields=["merged_into"])
        Candidate.everyone.filter(pk__in=merge.moved["absorbed"], merged_into=kept).update(
            merged_into=absorbed
        )
        for mover in movers:
            if mover.name in merge.moved["upper"]:
                mover.move_back(merge.moved["upper"][mover.name], kept, absorbed, by=by)
        for table in TABLES:
            _move_rows_back(table, merge.moved["rows"].get(table.name, []), kept, absorbed)
        _reopen(merge.moved["pair"])
        merge.undone_at, merge.undone_by = timezone.now(), by
        merge.save(update_fields=["undone_at", "undone_by"])
        derive(kept, absorbed)
        tell(merge, undone=True)
    logger.info("the merge of candidate %s into %s was undone by user %s", absorbed.pk, kept.pk, by.pk)
    return merge


def _two(merge: Merge) -> tuple[Candidate, Candidate]:
    ids = [merge.kept_id, merge.absorbed_id]
    rows = Candidate.everyone.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    people = {person.pk: person for person in rows}
    kept, absorbed = people[merge.kept_id], people[merge.absorbed_id]
    if merge.undone_at is not None:
        raise CannotUndo(_("This merge was undone already."))
    if kept.merged_into_id or absorbed.merged_into_id != kept.pk:
        raise CannotUndo(_("The person was merged again since. Undo the later merge first."))
    return kept, absorbed


def _give_back_fields(kept: Candidate, fields: dict[str, list[Any]]) -> None:
    chosen = [name for name in fields if name not in STAMPS]
    changed = [name for name in chosen if stored(getattr(kept, name)) != fields[name][1]]
    if changed:
        raise CannotUndo(
            _("The merge cannot be undone: somebody edited what it had filled in (%(fields)s).")
            % {"fields": field_names(changed)}
        )
    written = {name: restored(Candidate, name, fields[name][0]) for name in chosen}
    # Fields edited since the merge stay edited; what only the merge stamped goes back
    if stored(kept.updated_at) == fields["updated_at"][1]:
        written |= {name: restored(Candidate, name, fields[name][0]) for name in STAMPS}
    else:
        since = set(kept.edited_fields) - set(fields["edited_fields"][1])
        written["edited_fields"] = sorted({*fields["edited_fields"][0], *since})
        written["updated_at"] = timezone.now()
    for name, value in written.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(written))


def _move_rows_back(table: Table, keys: list[Any], kept: Candidate, absorbed: Candidate) -> None:
    table.manager.filter(pk__in=keys, candidate=kept).update(candidate=absorbed)


def _reopen(pair: dict[str, Any] | None) -> None:
    if pair is not None:
        before = {"state": pair["state"], "decided_by": pair["decided_by"]}
        DuplicatePair.objects.filter(pk=pair["pk"]).update(**before)
