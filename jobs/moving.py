"""People move from stage to stage: the only way a stage changes by hand.

One transaction; the rows are locked in the order of their keys, so that two people who move the same
prospects wait for each other and never for ever. Every move is a row of an append-only history; what was made
with one click has one batch and is taken back together, by moves back.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import announcing
from jobs.models import (
    Job,
    Outcome,
    Prospect,
    RejectionReason,
    Stage,
    StageChange,
    WithdrawalReason,
)
from jobs.undoing import standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from candidates.models import Candidate

# What a stage says of the outcome; the statuses of the source say the same (jobs/importing_prospects.py)
OUTCOMES = {
    Stage.OFFER: Outcome.HIRED,
    Stage.HIRED: Outcome.HIRED,
    Stage.REJECTED: Outcome.REJECTED,
    Stage.WITHDRAWN: Outcome.WITHDREW,
}
REASON_LENGTH = 200
REASONS: dict[Stage, type[RejectionReason] | type[WithdrawalReason]] = {
    Stage.REJECTED: RejectionReason,
    Stage.WITHDRAWN: WithdrawalReason,
}


class ReasonMissing(ValueError):
    """Somebody is to be rejected, or withdrew, and no known reason was given; the text is for people."""


class CannotUndo(Exception):
    """A move that is not there or was followed by another; the text is for people.

    ``others``: how many of those moved together can be taken back without those who moved on.
    """

    def __init__(self, text: str, *, others: int = 0) -> None:
        super().__init__(text)
        self.others = others


@dataclass(frozen=True)
class Moved:
    """``unchanged`` stood there already; ``conflicts`` had been moved by somebody else meanwhile."""

    batch: uuid.UUID
    moved: list[Prospect] = field(default_factory=list)
    unchanged: list[Prospect] = field(default_factory=list)
    conflicts: list[Prospect] = field(default_factory=list)


def outcome_at(stage: str) -> Outcome:
    return OUTCOMES.get(Stage(stage), Outcome.IN_FLIGHT)


def move(
    prospects: Iterable[Prospect],
    *,
    to: Stage,
    by: "User",
    reason_code: str = "",
    reason: str = "",
    expected: Mapping[int, str] | None = None,
    source: str = "person",
    batch: uuid.UUID | None = None,
) -> Moved:
    """Move prospects to a stage.

    ``expected`` says where each was seen, by key: who stands elsewhere by now is a conflict, and stays.
    Raises ReasonMissing when somebody is rejected or withdraws without a reason.
    """
    to, expected = Stage(to), expected or {}
    like = _like(by, source, reason_code=known_reason(to, reason_code), reason=reason)
    result = Moved(batch or uuid.uuid4())
    with transaction.atomic():
        for prospect in _locked(prospect.pk for prospect in prospects):
            _sort_into(result, prospect, to=to, expected=expected.get(prospect.pk, prospect.stage))
        _record(result.moved, to=to, like=like, batch=result.batch)
    return result


def known_reason(to: Stage, code: str) -> str:
    """The reason's code as it is stored; "" where a stage needs none."""
    reasons = REASONS.get(to)
    if reasons is None:
        return ""
    if code not in reasons.values:
        raise ReasonMissing(
            _("Say why this person is rejected.")
            if to == Stage.REJECTED
            else _("Say why this person withdrew.")
        )
    return code


def add(
    job: Job,
    candidates: "Iterable[Candidate]",
    *,
    by: "User",
    to: Stage = Stage.SOURCED,
    reason_code: str = "",
    reason: str = "",
    source: str = "person",
    batch: uuid.UUID | None = None,
) -> Moved:
    """People of the pool become prospects of a job; who is one already stays at their stage."""
    to = Stage(to)
    like = _like(by, source, reason_code=known_reason(to, reason_code), reason=reason)
    result = Moved(batch or uuid.uuid4())
    values = _standing_at(to, timezone.now()) | {"recruiter": _name(by), "applied_on": timezone.localdate()}
    with transaction.atomic():
        for candidate in sorted(set(candidates), key=lambda one: one.pk):
            prospect, created = Prospect.objects.get_or_create(job=job, candidate=candidate, defaults=values)
            (result.moved if created else result.unchanged).append(prospect)
        _record(result.moved, to=to, like=like, batch=result.batch, added=True)
    return result


def bring(
    job: Job,
    candidates: "Iterable[Candidate]",
    *,
    to: Stage,
    by: "User",
    reason_code: str = "",
    reason: str = "",
    expected: Mapping[int, str] | None = None,
) -> Moved:
    """These people come to a stage of a job, with one click: prospects move, people of the pool are added.

    ``expected`` by the key of the candidate.
    """
    people, seen = list(candidates), expected or {}
    why: dict[str, Any] = {"reason_code": reason_code, "reason": reason}
    with transaction.atomic():
        standing = {one.candidate_id: one for one in Prospect.objects.filter(job=job, candidate__in=people)}
        asked = {one.pk: seen[pk] for pk, one in standing.items() if pk in seen}
        moved = move(standing.values(), to=to, by=by, expected=asked, **why)
        pool = [one for one in people if one.pk not in standing]
        added = add(job, pool, by=by, to=to, batch=moved.batch, **why)
    everybody = moved.moved + added.moved
    return Moved(moved.batch, everybody, moved.unchanged + added.unchanged, moved.conflicts)


def undo(batch: uuid.UUID, *, by: "User", source: str = "person", others: bool = False) -> Moved:
    """Take back what was made with one click.

    Moves that were undone themselves do not stand in the way. Raises CannotUndo when somebody has really
    moved since; with ``others`` those stay (``conflicts``), and the others go back. Who was added goes back
    to the pool: the prospect of a moment ago is no part of anybody's history.
    """
    with transaction.atomic():
        made = {change.prospect_id: change for change in StageChange.objects.filter(batch=batch)}
        prospects = _locked(made)
        going, stay = _going_back(made, prospects, others=others)
        back = Moved(uuid.uuid4(), [one for one in going if made[one.pk].from_stage])
        for stage, some in _grouped(back.moved, made).items():
            for since, same in some.items():
                _record(
                    same,
                    to=stage,
                    like=_like(by, source, undoes=batch),
                    batch=back.batch,
                    since=since,
                    back=True,
                )
        _forget([one for one in going if not made[one.pk].from_stage], undoes=batch)
    return Moved(back.batch, going, conflicts=stay)


def _locked(keys: Iterable[int]) -> list[Prospect]:
    rows = Prospect.objects.filter(pk__in=list(keys)).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _sort_into(result: Moved, prospect: Prospect, *, to: Stage, expected: str) -> None:
    if prospect.stage == to:
        result.unchanged.append(prospect)
    elif prospect.stage != expected:
        result.conflicts.append(prospect)
    else:
        result.moved.append(prospect)


def _like(by: "User", source: str, **values: Any) -> dict[str, Any]:
    """What the changes of one click have in common."""
    values["reason"] = values.get("reason", "").strip()[:REASON_LENGTH]
    return {"changed_by": by, "source": source, **values}


def _standing_at(to: Stage, since: datetime | None) -> dict[str, Any]:
    """The fields of a prospect that comes to a stage; learning knows an outcome from its day on."""
    values = {"stage": to, "outcome": outcome_at(to), "stage_since": since}
    return values | ({"updated_on": timezone.localdate()} if to in OUTCOMES else {})


def _record(
    prospects: list[Prospect],
    *,
    to: Stage,
    like: dict[str, Any],
    batch: uuid.UUID,
    since: datetime | None = None,
    back: bool = False,
    added: bool = False,
) -> None:
    """The history of prospects that come to a stage together, and where they stand now.

    ``back``: they return to where they stood ``since`` then, which may not be known.
    """
    now = timezone.now()
    changes = StageChange.objects.bulk_create(
        StageChange(
            prospect=one,
            from_stage="" if added else one.stage,
            from_since=None if added else one.stage_since,
            to_stage=to,
            from_status=one.source_status,
            to_status=one.source_status,
            changed_at=now,
            batch=batch,
            **like,
        )
        for one in prospects
    )
    if added:
        announcing.added(changes)
        return
    values = _standing_at(to, since if back else now)
    Prospect.objects.filter(pk__in=[one.pk for one in prospects]).update(**values, updated_at=now)
    for one in prospects:
        for name, value in values.items():
            setattr(one, name, value)
    announcing.moved(changes)


def _going_back(
    made: Mapping[int, StageChange], prospects: list[Prospect], *, others: bool
) -> tuple[list[Prospect], list[Prospect]]:
    """Who goes back, and who stays because they moved on."""
    if not made or len(prospects) != len(made):
        raise CannotUndo(_("There is no such move, or it cannot be taken back any more."))
    found = standing(made)
    going = [one for one in prospects if one.pk in found.can and one.stage == made[one.pk].to_stage]
    stay = [one for one in prospects if one not in going and one.pk not in found.back]
    if not stay and not going:
        raise CannotUndo(_("This was taken back already."))
    if stay and not (others and going):
        raise CannotUndo(_moved_since(len(stay), len(going)), others=len(going))
    return going, stay


def _moved_since(stay: int, going: int) -> str:
    if not going:
        return _("Somebody was moved again since. Move them one by one.")
    text = ngettext(
        "%(stay)d of %(all)d has moved since. Put the others back?",
        "%(stay)d of %(all)d have moved since. Put the others back?",
        stay,
    )
    return text % {"stay": stay, "all": stay + going}


def _grouped(
    prospects: list[Prospect], made: Mapping[int, StageChange]
) -> dict[Stage, dict[datetime | None, list[Prospect]]]:
    """By where they stood before, and since when."""
    groups: dict[Stage, dict[datetime | None, list[Prospect]]] = {}
    for one in prospects:
        before = made[one.pk]
        groups.setdefault(Stage(before.from_stage), {}).setdefault(before.from_since, []).append(one)
    return groups


def _forget(prospects: list[Prospect], *, undoes: uuid.UUID) -> None:
    """Prospects whose whole history is that they were added; the database must be told to let rows go."""
    if not prospects:
        return
    announcing.removed(prospects, undoes=undoes)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL peneira.erasure = 'on'")
        try:
            Prospect.objects.filter(pk__in=[one.pk for one in prospects]).delete()
        except ProtectedError as error:  # another record of the person was merged into this one since
            raise CannotUndo(_("Somebody's records were merged since. Undo that first.")) from error
        cursor.execute("SET LOCAL peneira.erasure = 'off'")


def _name(by: "User") -> str:
    return (by.get_full_name() or by.get_username())[:120]
