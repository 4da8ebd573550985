"""Prospects follow when two records of one person are merged, and return when it is undone."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from candidates import merging
from candidates.merging import CannotUndo
from candidates.models import Candidate
from jobs import announcing
from jobs.models import PIPELINE, Prospect, Stage, StageChange

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SOURCE = "merge"  # of the stage changes that joining two prospects makes
# Who left is further than who only came in, and not as far as who is still being looked at
_LEFT = (Stage.WITHDRAWN, Stage.REJECTED)
_ORDER = (*PIPELINE[:2], *_LEFT, *PIPELINE[2:])
FURTHER = {stage.value: number for number, stage in enumerate(_ORDER)}
# What the prospect that stays takes from the one that was further
TAKEN = ("stage", "outcome", "source_status", "updated_on", "stage_since")


class ProspectMover:
    """Two prospects of one job are joined: one row stays, the other keeps its history and points to it."""

    name = "jobs"

    def move(self, kept: Candidate, absorbed: Candidate, *, by: "User") -> dict[str, Any]:
        own = {one.job_id: one for one in Prospect.objects.filter(candidate=kept)}
        moved, joined = [], []
        for one in Prospect.objects.filter(candidate=absorbed).order_by("pk"):
            if one.job_id in own:
                joined.append(_join(one, own[one.job_id], by=by))
            else:
                moved.append(one.pk)
        Prospect.objects.filter(pk__in=moved).update(candidate=kept)
        return {"moved": moved, "joined": joined}

    def move_back(self, did: dict[str, Any], kept: Candidate, absorbed: Candidate, *, by: "User") -> None:
        for joined in did["joined"]:
            _part(joined, by=by)
        Prospect.objects.filter(pk__in=did["moved"], candidate=kept).update(candidate=absorbed)


def _join(one: Prospect, into: Prospect, *, by: "User") -> dict[str, Any]:
    """``one`` goes into the other, which gets the further stage; the earlier day of applying counts."""
    earlier = list(Prospect._base_manager.filter(joined_into=one).values_list("pk", flat=True))
    Prospect._base_manager.filter(pk__in=[one.pk, *earlier]).update(joined_into=into)
    new = {name: getattr(one, name) for name in TAKEN} if _is_further(one, into) else {}
    if days := [day for day in (one.applied_on, into.applied_on) if day]:
        new["applied_on"] = min(days)
    for name in ("recruiter", "comment"):
        new[name] = getattr(into, name) or getattr(one, name)
    new["updated_at"] = timezone.now()
    before = {name: _stored(getattr(into, name)) for name in new}
    batch = _write(into, new, by=by)
    after = {name: _stored(value) for name, value in new.items()}
    joined = {"joined": one.pk, "into": into.pk, "before": before, "after": after}
    return joined | {"earlier": earlier, "batch": str(batch) if batch else ""}


def _is_further(one: Prospect, other: Prospect) -> bool:
    return FURTHER[one.stage] > FURTHER[other.stage]


def _write(
    prospect: Prospect, values: dict[str, Any], *, by: "User", undoes: uuid.UUID | None = None
) -> uuid.UUID | None:
    """The new values, and a line in the history when they change the stage."""
    batch = uuid.uuid4() if values.get("stage", prospect.stage) != prospect.stage else None
    if batch:
        change = StageChange.objects.create(
            prospect=prospect,
            from_stage=prospect.stage,
            from_since=prospect.stage_since,
            to_stage=values["stage"],
            from_status=prospect.source_status,
            to_status=values["source_status"],
            changed_by=by,
            source=SOURCE,
            batch=batch,
            undoes=undoes,
        )
        announcing.moved([change])
    Prospect.objects.filter(pk=prospect.pk).update(**values)
    for name, value in values.items():
        setattr(prospect, name, value)
    return batch


def _part(did: dict[str, Any], *, by: "User") -> None:
    into = Prospect.objects.select_for_update(of=("self",)).select_related("job").get(pk=did["into"])
    changed = [name for name in did["after"] if name != "updated_at" and not _is_as(into, name, did["after"])]
    if changed:
        raise CannotUndo(
            _("The merge cannot be undone: the person was moved or edited in “%(job)s” since.")
            % {"job": str(into.job)}
        )
    values = {name: merging.restored(Prospect, name, value) for name, value in did["before"].items()}
    if not _is_as(into, "updated_at", did["after"]):
        values["updated_at"] = timezone.now()
    _write(into, values, by=by, undoes=uuid.UUID(did["batch"]) if did["batch"] else None)
    Prospect._base_manager.filter(pk__in=did["earlier"]).update(joined_into=did["joined"])
    Prospect._base_manager.filter(pk=did["joined"]).update(joined_into=None)


def _is_as(prospect: Prospect, name: str, values: dict[str, Any]) -> bool:
    return bool(_stored(getattr(prospect, name)) == values[name])


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def register() -> None:
    merging.movers.append(ProspectMover())
