"""What if a reason counted more, or less, in the order of one job: seen before it is saved, and saved as a
new row. A score stays the model's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from jobs.models import Job
from scoring.models import JobWeights, Prediction, Ranking
from scoring.reason_table import ABOUT_THE_JOB, GROUPS
from scoring.reordering import Groups, Standing, Weights, likeness_to, marks_of, placed_by, weights_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LEAST, MOST, STEP = 0.0, 2.0, 0.25
MOVERS_SHOWN = 20
FAINT = 0.005  # a reason that tells people apart less than this is not offered
PERSON = ("code", "name", "headline", "city", "state", "is_stub")


@dataclass(frozen=True)
class Weighable:
    """A group of reasons of this ranking. ``share``: of all that tells these people apart; ``factor``: as
    asked; ``saved``: as in use."""

    name: str
    label: "Promise | str"
    share: float
    factor: float = 1.0
    saved: float = 1.0


@dataclass(frozen=True)
class Mover:
    """``old`` and ``new`` places in the shown order of the own group."""

    candidate: Candidate
    group: str
    old: int
    new: int

    @property
    def up(self) -> int:
        """Places up; below 0 down."""
        return self.old - self.new

    @property
    def down(self) -> int:
        return self.new - self.old


@dataclass(frozen=True)
class Agreement:
    """How alike the two orders of a group are: Kendall's tau, 1 the same, -1 turned round."""

    group: str
    label: "Promise | str"
    people: int
    moved: int
    tau: float


@dataclass(frozen=True)
class Preview:
    movers: list[Mover]
    moved: int
    agreements: list[Agreement]


# What can be weighed


def weighable(
    groups: Groups, *, asked: Weights | None = None, saved: Weights | None = None
) -> list[Weighable]:
    """The groups that tell these people apart, the strongest first; none when no account is stored."""
    people = [one.contributions for group in groups.values() for one in group if one.contributions]
    names = {name for own in people for name in own} - ABOUT_THE_JOB
    spreads = {name: _spread([own.get(name, 0.0) for own in people]) for name in names}
    whole = sum(spreads.values())
    found = [
        Weighable(
            name,
            GROUPS.get(name, _("Other facts")),
            spread / whole,
            (asked or {}).get(name, 1.0),
            (saved or {}).get(name, 1.0),
        )
        for name, spread in spreads.items()
        if spread and (spread / whole >= FAINT or name in (saved or {}))
    ]
    return sorted(found, key=lambda one: (-one.share, one.name))


def _spread(contributions: Sequence[float]) -> float:
    """What is the same for everybody tells nobody apart."""
    middle = sum(contributions) / len(contributions)
    return sum(abs(one - middle) for one in contributions) / len(contributions)


def save(job: Job, weights: Weights, *, by: "User") -> JobWeights | None:
    """From now on these factors hold for the job; none of them: as the model says. None: they held before."""
    changed = {name: factor for name, factor in sorted(weights.items()) if factor != 1}
    if changed == weights_of(job.pk):
        return None
    return JobWeights.objects.create(job=job, weights=changed, by=by)


# Who moves


def preview(ranking: Ranking, groups: Groups, weights: Weights) -> Preview:
    """Today's order of the list, opinions included, beside the one with these weights."""
    marks, saved = marks_of(ranking.job_id), weights_of(ranking.job_id)
    likeness = likeness_to(groups, marks)
    old = placed_by(ranking, groups, marks=marks, weights=saved, likeness=likeness)
    new = placed_by(ranking, groups, marks=marks, weights=weights, likeness=likeness)
    places = {pk: (old[pk].position, new[pk].position) for pk in old}
    moved = [pk for pk, (before, after) in places.items() if before != after]
    moved.sort(key=lambda pk: (-abs(places[pk][0] - places[pk][1]), places[pk][1], pk))
    return Preview(
        movers=_movers(moved[:MOVERS_SHOWN], places, groups),
        moved=len(moved),
        agreements=[_agreement(group, people, places) for group, people in groups.items()],
    )


Places = Mapping[int, tuple[int, int]]


def _movers(ids: Sequence[int], places: Places, groups: Groups) -> list[Mover]:
    group_of = {one.candidate_id: group for group, people in groups.items() for one in people}
    people = Candidate.objects.filter(pk__in=ids).only(*PERSON).in_bulk()
    return [Mover(people[pk], group_of[pk], *places[pk]) for pk in ids if pk in people]


def _agreement(group: str, people: Sequence[Standing], places: Places) -> Agreement:
    own = sorted(places[one.candidate_id] for one in people)
    return Agreement(
        group,
        Prediction.Group(group).label,
        len(own),
        sum(before != after for before, after in own),
        kendall([after for _before, after in own]),
    )


def kendall(order: Sequence[int]) -> float:
    """Tau of ``order`` with the ascending one; 1 where there is nothing to order."""
    pairs = len(order) * (len(order) - 1) / 2
    return 1 - 2 * _inversions(list(order))[0] / pairs if pairs else 1.0


def _inversions(order: list[int]) -> tuple[int, list[int]]:
    """How many pairs stand the wrong way round, and the order put right (merge sort)."""
    if len(order) < 2:
        return 0, order
    half = len(order) // 2
    (left_count, left), (right_count, right) = _inversions(order[:half]), _inversions(order[half:])
    crossing, merged, at = 0, [], 0
    for value in right:
        while at < len(left) and left[at] < value:
            merged.append(left[at])
            at += 1
        crossing += len(left) - at
        merged.append(value)
    return left_count + right_count + crossing, merged + left[at:]
