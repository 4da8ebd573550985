"""The highest and lowest predictions of a version's test window, for people to judge with the outcome."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from candidates.models import Candidate
from jobs.models import Job, Prospect
from scoring.holdout import Holdout, holdout
from scoring.models import ModelVersion, ReviewMark

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EACH = 24  # of the highest, and of the lowest
Pair = tuple[int, int]  # candidate, job


@dataclass(frozen=True)
class Case:
    """One prediction. ``candidate`` or ``job`` is None when no longer stored: then it cannot be marked."""

    pair: Pair
    probability: float
    hired: bool
    candidate: Candidate | None
    job: Job | None
    prospect: Prospect | None
    mark: ReviewMark | None
    others: Mapping[str, int]

    @property
    def key(self) -> str:
        return f"{self.pair[0]}-{self.pair[1]}"

    @property
    def can_be_marked(self) -> bool:
        return self.candidate is not None and self.job is not None


@dataclass(frozen=True)
class Review:
    version: ModelVersion
    highest: list[Case]
    lowest: list[Case]

    @property
    def cases(self) -> list[Case]:
        return [*self.highest, *self.lowest]

    @property
    def total(self) -> int:
        return sum(case.can_be_marked for case in self.cases)

    @property
    def marked(self) -> int:
        return sum(case.mark is not None for case in self.cases)

    @property
    def mine(self) -> Mapping[str, int]:
        """How many of each mark the person who looks has set."""
        return counted(case.mark.mark for case in self.cases if case.mark)

    @property
    def everybody(self) -> Mapping[str, int]:
        found = Counter(self.mine)
        for case in self.cases:
            found.update(case.others)
        return counted(found.elements())


class NotAmongThem(Exception):
    """The prediction is not one of those to review."""


def counted(marks: Iterable[str]) -> Mapping[str, int]:
    found = Counter(marks)
    return {mark: found[mark] for mark in ReviewMark.Mark.values}


def review(version: ModelVersion, *, by: "User") -> Review | None:
    """None when the version kept no rows to review."""
    rows = holdout(version)
    if rows is None:
        return None
    highest, lowest = chosen(rows)
    cases = _cases(version, rows, [*highest, *lowest], by=by)
    return Review(version, cases[: len(highest)], cases[len(highest) :])


def chosen(rows: Holdout, each: int = EACH) -> tuple[list[int], list[int]]:
    """Places of the highest predictions, the highest first, and of the lowest, the lowest first.

    Equal ones keep the order of the window; with few rows each has half of them.
    """
    import numpy as np

    each = min(each, (len(rows.test) + 1) // 2)
    order = np.argsort(-rows.test.p, kind="stable")
    return order[:each].tolist(), order[max(each, len(order) - each) :][::-1].tolist()


def set_mark(version: ModelVersion, pair: Pair, *, by: "User", mark: str, note: str = "") -> Case:
    """Store, change or (with "") take back one person's mark. Raises ``NotAmongThem``."""
    rows, place = _found(version, pair)
    whose: dict[str, Any] = {"version": version, "candidate_id": pair[0], "job_id": pair[1], "by": by}
    if not mark:
        ReviewMark.objects.filter(**whose).delete()
    elif _is_stored(pair):
        ReviewMark.objects.update_or_create(**whose, defaults={"mark": mark, "note": note})
    else:
        raise NotAmongThem
    return _cases(version, rows, [place], by=by)[0]


def set_note(version: ModelVersion, pair: Pair, *, by: "User", note: str) -> Case:
    """Write the note of the mark this person gave already; without one nothing is stored.

    Raises ``NotAmongThem``.
    """
    rows, place = _found(version, pair)
    ReviewMark.objects.filter(version=version, candidate_id=pair[0], job_id=pair[1], by=by).update(note=note)
    case = _cases(version, rows, [place], by=by)[0]
    if not case.can_be_marked:
        raise NotAmongThem
    return case


def _found(version: ModelVersion, pair: Pair) -> tuple[Holdout, int]:
    rows = holdout(version)
    place = None if rows is None else _place(rows, pair)
    if rows is None or place is None:
        raise NotAmongThem
    return rows, place


def _place(rows: Holdout, pair: Pair) -> int | None:
    return next((place for places in chosen(rows) for place in places if _pair(rows, place) == pair), None)


def _is_stored(pair: Pair) -> bool:
    return Candidate.objects.filter(pk=pair[0]).exists() and Job.objects.filter(pk=pair[1]).exists()


def _pair(rows: Holdout, place: int) -> Pair:
    return int(rows.candidates[place]), int(rows.jobs[place])


def _cases(version: ModelVersion, rows: Holdout, places: Sequence[int], *, by: "User") -> list[Case]:
    pairs = [_pair(rows, place) for place in places]
    people = Candidate.objects.only("code", "name", "headline", "is_stub").in_bulk(
        {pair[0] for pair in pairs}
    )
    jobs = Job.objects.only("code", "title", "is_stub").in_bulk({pair[1] for pair in pairs})
    prospects, marks = _prospects(pairs), _marks(version, pairs)
    return [
        Case(
            pair=pair,
            probability=float(rows.test.p[place]),
            hired=bool(rows.test.y[place] == 1),
            candidate=people.get(pair[0]),
            job=jobs.get(pair[1]),
            prospect=prospects.get(pair),
            mark=next((mark for mark in marks.get(pair, []) if mark.by_id == by.pk), None),
            others=Counter(mark.mark for mark in marks.get(pair, []) if mark.by_id != by.pk),
        )
        for pair, place in zip(pairs, places, strict=True)
    ]


def _prospects(pairs: Sequence[Pair]) -> Mapping[Pair, Prospect]:
    wanted = Prospect.objects.filter(_any_of(pairs)).only("candidate_id", "job_id", "stage", "applied_on")
    return {(prospect.candidate_id, prospect.job_id): prospect for prospect in wanted}


def _marks(version: ModelVersion, pairs: Sequence[Pair]) -> Mapping[Pair, list[ReviewMark]]:
    found: dict[Pair, list[ReviewMark]] = {}
    for mark in ReviewMark.objects.filter(_any_of(pairs), version=version).order_by("pk"):
        found.setdefault((mark.candidate_id, mark.job_id), []).append(mark)
    return found


def _any_of(pairs: Sequence[Pair]) -> Q:
    wanted = Q(pk__in=[])
    for candidate, job in pairs:
        wanted |= Q(candidate_id=candidate, job_id=job)
    return wanted
