"""What webhooks hear of prospects: who came to a job, who was moved, who was taken out again."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from candidates import viewing
from candidates.integration import events
from candidates.models import EventKind
from jobs.models import Job, Prospect, StageChange


def added(changes: Sequence[StageChange]) -> None:
    """These prospects are new; ``changes`` is the first of each."""

    def told() -> Iterator[dict[str, Any]]:
        for change, about in _about(changes):
            yield about | {"stage": change.to_stage} | _how(change)

    if changes:
        events.emit_each(EventKind.PROSPECT_CREATED, told)


def moved(changes: Sequence[StageChange]) -> None:
    """One event for each; also for moves back, which say what they take back."""

    def told() -> Iterator[dict[str, Any]]:
        for change, about in _about(changes):
            stages = {"from": change.from_stage or None, "to": change.to_stage}
            yield about | stages | {"reason_code": change.reason_code or None} | _how(change)

    if changes:
        events.emit_each(EventKind.PROSPECT_MOVED, told)


def removed(prospects: Sequence[Prospect], *, undoes: uuid.UUID) -> None:
    """Adding them was taken back: the prospects are no more. Before their rows go."""

    def told() -> Iterator[dict[str, Any]]:
        codes = _codes(prospects)
        for one in prospects:
            yield _person(one, codes) | {"undoes": str(undoes)}

    if prospects:
        events.emit_each(EventKind.PROSPECT_REMOVED, told)


def _about(changes: Sequence[StageChange]) -> Iterator[tuple[StageChange, dict[str, Any]]]:
    codes = _codes(change.prospect for change in changes)
    for change in changes:
        yield change, _person(change.prospect, codes)


def _person(prospect: Prospect, codes: dict[int, str]) -> dict[str, Any]:
    candidate = events.person(prospect.candidate_id)
    return {"prospect": prospect.pk, "job": codes[prospect.job_id], "candidate": candidate}


def _how(change: StageChange) -> dict[str, Any]:
    """By which way, with whom together, and what it takes back."""
    return {
        "source": change.source,
        "batch": str(change.batch) if change.batch else None,
        "undoes": str(change.undoes) if change.undoes else None,
    }


@viewing.unrestricted()
def _codes(prospects: Iterable[Prospect]) -> dict[int, str]:
    wanted = {one.job_id for one in prospects}
    return dict(Job.objects.filter(pk__in=wanted).values_list("pk", "code"))
