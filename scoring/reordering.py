"""The order in which a job's list is shown, after what people said of it; what is stored never changes.

Three things may move somebody, each told beside the rank that the ranking gave (docs/workbench.md):

1. *Weights* of the job: contributions of a group of reasons counted by its factor; only where scores order.
2. *Opinions*: who is marked as fit comes first, who is marked as not fit last, as people stand otherwise.
3. *Likeness* to those marked, by the skills found and the requirements met (Rocchio's relevance feedback): at
   most MOST_PLACES places, and never past somebody who meets more of what is required, or, where the list is
   in the order of requirements, past anybody who does not meet exactly as much.

Those who applied and those of the pool are ordered apart, as they are shown.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, JSONField
from django.db.models.fields.json import KeyTransform
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.viewing import Viewer, seen_by, unrestricted
from scoring import ordering
from scoring.like import skills_of
from scoring.models import Feedback, JobWeights, Prediction, Ranking

MOST_PLACES = 5  # that likeness moves anybody
AWAY = 0.5  # how much those marked as not fit count beside those marked as fit
FAINT = 0.1  # likeness below this moves nobody
ASKED = 1.5  # how much a requirement says beside a skill that half of the list has
# Only these reasons say something of what a person can do; a salary wish tells nothing of others
ABOUT_SKILLS = frozenset(
    {
        Feedback.Reason.SKILLS,
        Feedback.Reason.EXPERIENCE,
        Feedback.Reason.SENIORITY,
        Feedback.Reason.LANGUAGE,
        Feedback.Reason.SECTOR,
    }
)

WHY: Mapping[str, "Promise | str"] = {
    "fit": _("marked as fit"),
    "not_fit": _("marked as not fit"),
    "like_fit": _("like people marked as fit"),
    "like_not_fit": _("like people marked as not fit"),
    "weights": _("this job's weights"),
    "others": _("because others moved"),
    "": "",
}


@dataclass(frozen=True)
class Placed:
    """Where somebody is shown in the own group. ``original``: the stored rank; ``moved``: places up (above
    0) or down; ``why``: a key of WHY."""

    position: int
    original: int
    moved: int
    why: str

    @property
    def words(self) -> str:
        return str(WHY[self.why])


@dataclass(frozen=True)
class Standing:
    """One ranked person as stored. ``contributions`` is None where the prediction has no account."""

    candidate_id: int
    rank: int
    margin: float
    contributions: Mapping[str, float] | None
    requirements: Sequence[Mapping[str, Any]]


Groups = Mapping[str, Sequence[Standing]]  # by Prediction.Group, each in the stored order
Weights = Mapping[str, float]


def order_of(
    ranking: Ranking, *, viewer: Viewer | None = None, marks: "Marks | None" = None
) -> dict[int, Placed] | None:
    """Where each ranked person stands now, by candidate; None when nothing changes the stored order.

    Everybody sees the same order; ``viewer`` leaves out people whom that person may not see. ``marks``: those
    of the job, for who has asked for them.
    """
    marks = marks_of(ranking.job_id) if marks is None else marks
    weights = weights_of(ranking.job_id)
    if not marks and not _counts(ranking, weights):
        return None
    placed = placed_by(ranking, standings(ranking), marks=marks, weights=weights)
    if all(not one.why for one in placed.values()):
        return None
    if viewer is None or viewer.sees_all_rows:
        return placed
    with seen_by(viewer):
        seen = set(Prediction.objects.filter(ranking=ranking).values_list("candidate_id", flat=True))
    return {pk: one for pk, one in placed.items() if pk in seen}


@unrestricted()
def weights_of(job_id: int) -> dict[str, float]:
    """The factors of the job that are in use; empty as the model says."""
    newest = JobWeights.objects.filter(job=job_id).values_list("weights", flat=True).first()
    return {name: float(factor) for name, factor in (newest or {}).items() if factor != 1}


# What people said


@dataclass(frozen=True)
class Marks:
    """Who is marked how, by all who said something; ``tells``: those whose marks say something of others.

    ``said``: whether anybody thinks anything, also where opinions balance and nobody is marked.
    """

    verdicts: Mapping[int, str]
    tells: frozenset[int]
    said: bool

    def __bool__(self) -> bool:
        return bool(self.verdicts)


@unrestricted()
def marks_of(job_id: int) -> Marks:
    """The newest opinion of each person counts once; where opinions balance, nobody is moved."""
    said: dict[int, list[str]] = {}
    tells: set[int] = set()
    newest = Feedback.objects.newest().filter(job=job_id)
    for candidate, verdict, reasons in newest.values_list("of_whom", "verdict", "reasons"):
        if verdict == Feedback.Verdict.NONE:
            continue
        said.setdefault(candidate, []).append(verdict)
        if not reasons or ABOUT_SKILLS & set(reasons):
            tells.add(candidate)
    verdicts = {pk: judged for pk, given in said.items() if (judged := together(given))}
    return Marks(verdicts, frozenset(tells & verdicts.keys()), bool(said))


def together(verdicts: Iterable[str]) -> str:
    """What most say; empty where as many say the one as the other."""
    counts = Counter(verdicts)
    fit, not_fit = counts[Feedback.Verdict.FIT], counts[Feedback.Verdict.NOT_FIT]
    if fit == not_fit:
        return ""
    return Feedback.Verdict.FIT.value if fit > not_fit else Feedback.Verdict.NOT_FIT.value


# What is stored


@unrestricted()
def standings(ranking: Ranking) -> Groups:
    """The ranked people without their quotes and sentences, which are long."""
    rows: Any = (  # expressions have no types
        Prediction.objects.filter(ranking=ranking, rank__isnull=False, candidate__isnull=False)
        .annotate(
            margin=KeyTransform("margin", "reasons"),
            contributions=KeyTransform("groups", "reasons"),
            states=_Each("requirements", path="$[*].state"),
            musts=_Each("requirements", path="$[*].must"),
        )
        .order_by("rank", "pk")
        .values_list("group", "candidate_id", "rank", "margin", "contributions", "states", "musts")
    )
    groups: dict[str, list[Standing]] = {}
    for group, candidate, rank, margin, contributions, states, musts in rows:
        asked = [{"state": state, "must": must} for state, must in zip(states, musts, strict=True)]
        one = Standing(candidate, rank, float(margin or 0), contributions, asked)
        groups.setdefault(group, []).append(one)
    return groups


class _Each(Func):
    """The values at ``path`` of a JSON list, as a list."""

    function = "jsonb_path_query_array"
    template = "%(function)s(%(expressions)s, '%(path)s')"
    output_field = JSONField()


def _counts(ranking: Ranking, weights: Weights) -> bool:
    """Weights say nothing where people stand in the order of requirements."""
    return bool(weights) and ranking.order == Ranking.Order.MODEL


# Putting in order


def placed_by(
    ranking: Ranking,
    groups: Groups,
    *,
    marks: Marks,
    weights: Weights,
    likeness: Mapping[int, float] | None = None,
) -> dict[int, Placed]:
    """Everybody's place by these opinions and weights, whatever is saved. ``likeness``: to those marked, by
    who knows it."""
    likeness = likeness_to(groups, marks) if likeness is None else likeness
    weighed = weights if _counts(ranking, weights) else {}
    gates = ordering.standing if ranking.order == Ranking.Order.REQUIREMENTS else _required
    placed: dict[int, Placed] = {}
    for people in groups.values():
        placed |= _place(
            people, marks, likeness, weighed, {one.rank: gates(one.requirements) for one in people}
        )
    return placed


def _required(requirements: Sequence[Mapping[str, Any]]) -> tuple[float, ...]:
    return ordering.standing(requirements)[:1]


Gates = Mapping[int, tuple[float, ...]]  # what is met, by the stored rank: more is greater


def _place(
    people: Sequence[Standing], marks: Marks, likeness: Mapping[int, float], weights: Weights, gates: Gates
) -> dict[int, Placed]:
    weighed = by_weights(people, weights)
    fit = [one for one in weighed if marks.verdicts.get(one.candidate_id) == Feedback.Verdict.FIT]
    last = [one for one in weighed if marks.verdicts.get(one.candidate_id) == Feedback.Verdict.NOT_FIT]
    others = [one for one in weighed if one.candidate_id not in marks.verdicts]
    moved = _moved_by_likeness(others, likeness, gates)
    steps = _Steps(
        weighed={one.rank: place for place, one in enumerate(weighed, start=1)},
        steps={one.rank: others.index(one) - place for place, one in enumerate(moved)},
    )
    return {
        one.candidate_id: Placed(
            place, one.rank, one.rank - place, steps.why(one, place, marks.verdicts, likeness)
        )
        for place, one in enumerate([*fit, *moved, *last], start=1)
    }


def by_weights(people: Sequence[Standing], weights: Weights) -> list[Standing]:
    """Best first, each group of reasons counted by its factor; as stored where somebody has no account."""
    if not weights or any(one.contributions is None for one in people):
        return list(people)
    return sorted(people, key=lambda one: (-_weighed(one, weights), one.rank))


def _weighed(one: Standing, weights: Weights) -> float:
    contributions = one.contributions or {}
    return one.margin + sum((factor - 1) * contributions.get(name, 0.0) for name, factor in weights.items())


def _moved_by_likeness(
    people: Sequence[Standing], likeness: Mapping[int, float], gates: Gates
) -> list[Standing]:
    """A stable insertion: everybody passes those before, one after the other, while likeness outweighs the
    distance and the person passed does not meet more. Nobody passes, or is passed by, more than MOST_PLACES.
    """
    wish = {
        one.rank: place - (MOST_PLACES + 1) / 2 * likeness.get(one.candidate_id, 0.0)
        for place, one in enumerate(people)
    }
    found: list[Standing] = []
    for one in people:
        place = len(found)
        while place and _passes(one, found[place - 1], wish, gates):
            place -= 1
        found.insert(place, one)
    return found


def _passes(one: Standing, before: Standing, wish: Mapping[int, float], gates: Gates) -> bool:
    return wish[one.rank] < wish[before.rank] and gates[one.rank] >= gates[before.rank]


@dataclass(frozen=True)
class _Steps:
    """By stored rank: the place after weights alone, and how far up likeness then moved."""

    weighed: Mapping[int, int]
    steps: Mapping[int, int]

    def why(
        self, one: Standing, place: int, verdicts: Mapping[int, str], likeness: Mapping[int, float]
    ) -> str:
        if one.candidate_id in verdicts:
            return verdicts[one.candidate_id]
        step, alike = self.steps[one.rank], likeness.get(one.candidate_id, 0.0)
        causes = {
            "weights": one.rank - self.weighed[one.rank],
            "like_fit": step if step > 0 and alike > 0 else 0,
            "like_not_fit": step if step < 0 and alike < 0 else 0,
        }
        return _cause(causes, moved=one.rank - place)


def _cause(causes: Mapping[str, int], *, moved: int) -> str:
    """What moved somebody most in the direction in which the place changed."""
    along = {why: abs(places) for why, places in causes.items() if places * moved > 0}
    if along:
        return max(along, key=lambda why: along[why])
    return "others" if moved else ""


# Likeness to those marked

Vector = Mapping[str, float]


def likeness_to(groups: Groups, marks: Marks) -> dict[int, float]:
    """Of everybody not marked, from -0.5 (like those not fit) to 1 (like those who fit); faint ones left out.

    What everybody of the list has in common says nothing: all are seen from the middle of the list.
    Whoever nothing is known of is like nobody.
    """
    people = [one for group in groups.values() for one in group]
    if not any(one.candidate_id in marks.tells for one in people):
        return {}
    vectors = {pk: vector for pk, vector in _vectors(people).items() if vector}
    middle = _Seen(_mean(list(vectors.values())))
    sides = [
        middle.away([vectors[pk] for pk in marks.tells if pk in vectors and marks.verdicts[pk] == verdict])
        for verdict in (Feedback.Verdict.FIT, Feedback.Verdict.NOT_FIT)
    ]
    alike = {
        pk: _between(*(middle.cosine(vector, side) for side in sides))
        for pk, vector in vectors.items()
        if pk not in marks.verdicts
    }
    return {pk: one for pk, one in alike.items() if abs(one) >= FAINT}


def _between(fit: float, not_fit: float) -> float:
    """Only what somebody has in common counts: who is unlike those that fit is not like those that do not."""
    return max(0.0, fit) - AWAY * max(0.0, not_fit)


def _vectors(people: Sequence[Standing]) -> dict[int, Vector]:
    skills = skills_of(one.candidate_id for one in people)
    counts = Counter(name for names in skills.values() for name in set(names))
    weight = {name: math.log2(len(people) / count) for name, count in counts.items()}
    return {
        one.candidate_id: {name: weight[name] for name in skills.get(one.candidate_id, []) if weight[name]}
        | _asked(one)
        for one in people
    }


def _asked(one: Standing) -> dict[str, float]:
    worth = {"met": ASKED, "partly": ASKED / 2}
    states = enumerate(asked["state"] for asked in one.requirements)
    return {f"asked {place}": worth[state] for place, state in states if state in worth}


def _mean(vectors: Sequence[Vector]) -> Vector:
    total: Counter[str] = Counter()
    for vector in vectors:
        total.update(vector)
    return {name: value / len(vectors) for name, value in total.items()}


def _product(one: Vector, other: Vector) -> float:
    return sum([value * other[name] for name, value in one.items() if name in other])


class _Seen:
    """Vectors as seen from a middle, which has most of all names: nobody's is written out from there."""

    def __init__(self, middle: Vector) -> None:
        self.middle, self.square = middle, _product(middle, middle)

    def away(self, vectors: Sequence[Vector]) -> Vector:
        """Where their mean lies; nowhere without any."""
        mean = _mean(vectors)
        return {name: mean.get(name, 0.0) - value for name, value in self.middle.items()} if mean else {}

    def cosine(self, vector: Vector, target: Vector) -> float:
        length = self.square + _product(vector, vector) - 2 * _product(vector, self.middle)
        far = _product(target, target)
        if length <= 0 or not far:
            return 0.0
        between = _product(vector, target) - _product(self.middle, target)
        return between / math.sqrt(length * far)
