"""Everybody of a ranked list as a few numbers: enough to filter, order and count them."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models import Job, Prospect
from scoring.models import Prediction, Ranking
from scoring.reordering import Marks, Placed, order_of

if TYPE_CHECKING:
    from candidates.viewing import Viewer

FAR = 10**9


class Group(models.TextChoices):
    """The parts of a list, in their order on the page."""

    APPLIED = "applied", _("applied")
    POOL = "pool", _("from the pool")
    WAITING = "waiting", _("not ranked yet")
    NO_DATA = "no_data", _("not enough data")


GROUP_OF = {
    Prediction.Group.PROSPECT.value: Group.APPLIED,
    Prediction.Group.POOL.value: Group.POOL,
    Prediction.Group.NOT_RANKABLE.value: Group.NO_DATA,
}


@dataclass(frozen=True)
class Standing:
    """A prospect of the job, as far as filters and orders read it."""

    pk: int
    stage: str
    outcome: str
    stage_since: datetime.datetime | None
    updated_on: datetime.date | None
    applied_on: datetime.date | None


@dataclass(frozen=True)
class Entry:
    """One person of the list. ``rank``: as the ranking says; ``place``: as feedback and weights say."""

    candidate_id: int
    group: Group
    prediction_id: uuid.UUID | None = None
    rank: int | None = None
    score: float | None = None
    accept: float | None = None
    standing: Standing | None = None
    place: int | None = None
    why: str = ""

    @property
    def stage(self) -> str:
        return self.standing.stage if self.standing else ""


def entries_of(job: Job, ranking: Ranking | None) -> list[Entry]:
    """The groups one after the other; who became a prospect since the ranking waits for the next one."""
    standing = _standing(job)
    ranked = [] if ranking is None else _ranked(ranking, standing)
    known = {entry.candidate_id for entry in ranked}
    waiting = [
        Entry(candidate_id, Group.WAITING, standing=one)
        for candidate_id, one in standing.items()
        if candidate_id not in known
    ]
    in_order = {group: place for place, group in enumerate(Group)}
    return sorted([*ranked, *waiting], key=lambda entry: in_order[entry.group])


def _standing(job: Job) -> dict[int, Standing]:
    """In order of application, those without a date last."""
    names = ("pk", "stage", "outcome", "stage_since", "updated_on", "applied_on")
    rows = Prospect.objects.filter(job=job, candidate__merged_into=None)
    in_order = rows.order_by(models.F("applied_on").asc(nulls_last=True), "pk")
    return {pk: Standing(*values) for pk, *values in in_order.values_list("candidate_id", *names)}


def _ranked(ranking: Ranking, standing: Mapping[int, Standing]) -> list[Entry]:
    names = ("candidate_id", "group", "pk", "rank", "score", "accept_score")
    stored = Prediction.objects.filter(ranking=ranking, candidate__merged_into=None)
    in_order = stored.order_by(models.F("rank").asc(nulls_last=True), "candidate_code")
    return [
        Entry(pk, GROUP_OF[group], prediction_id, rank, score, accept, standing.get(pk), rank)
        for pk, group, prediction_id, rank, score, accept in in_order.values_list(*names)
    ]


def placed(
    entries: list[Entry], ranking: Ranking | None, viewer: "Viewer | None", marks: Marks
) -> tuple[list[Entry], bool]:
    """The order that feedback and weights give; as the ranking says where nobody said anything."""
    changed = order_of(ranking, viewer=viewer, marks=marks) if ranking is not None else None
    if not changed:
        return entries, False
    return [entry for group in Group for entry in _replaced(entries, group, changed)], True


def _replaced(entries: Iterable[Entry], group: Group, changed: Mapping[int, Placed]) -> list[Entry]:
    """One group in its new order, numbered anew; who has no rank keeps having none."""
    own = [entry for entry in entries if entry.group == group]
    if group not in (Group.APPLIED, Group.POOL):
        return own
    places = {pk: one.position for pk, one in changed.items()}
    own.sort(key=lambda entry: places.get(entry.candidate_id, entry.rank or FAR))
    words = {pk: one.words for pk, one in changed.items()}
    return [
        replace(entry, place=place, why=words.get(entry.candidate_id, ""))
        for place, entry in enumerate(own, start=1)
    ]
