"""A job's order of people whom somebody asks for: given ones, its prospects, the best of a part of the pool.

By the rules of the job's stored ranking: its numbers, and its order, which is that of the requirements met
where the version has no evidence for its own. Every row is stored as a prediction, in no ranking.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Candidate
from candidates.viewing import unrestricted
from jobs.models import Job
from scoring import announcing, at_hand, comparing, datasets, ordering, people, requirements_met, serving
from scoring.comparing import CODE_ALONE, NotRankable
from scoring.evidence import accept_is_shown, order_for
from scoring.models import Prediction, Ranking
from scoring.serving import Ask

if TYPE_CHECKING:
    from scoring.comparing import Scored

READ_AHEAD = 4  # times as many of the pool are read as shown, to order them by requirements
Group = Prediction.Group


@dataclass(frozen=True)
class Ranked:
    """``rows``: in order, those without data at the end; ``compared``: how many people were looked at."""

    order: str
    rows: list[Prediction]
    compared: int


@unrestricted()
def rank_these(job: Job, candidate_ids: Collection[int], ask: Ask) -> Ranked:
    """These candidates in one order, whether they stand in the job or not.

    Raises ``NotRankable`` and ``scoring.ml.artifact.ArtifactError``.
    """
    started = time.perf_counter()
    _refuse_stub(job)
    pool = at_hand.these_people(ask.model, candidate_ids)
    scored = comparing.compare(job, ask.model, pool, accept=accept_is_shown(ask.version))
    order = order_for(ask.version)
    known = set(scored.X.index.tolist())
    assessed = _assessed(job, candidate_ids, known)
    if order == Ranking.Order.REQUIREMENTS:
        by_place = {place: assessed[pk] for place, pk in enumerate(scored.X.index.tolist())}
        places = ordering.by_standing(_undecided(scored), by_place)
    else:
        places = scored.best()
    found = _Found(job, ask, scored, assessed)
    without = sorted(set(candidate_ids) - known)
    return Ranked(order, found.stored(places, without, started), len(assessed))


def rank_prospects(job: Job, ask: Ask) -> Ranked:
    """Whoever stands in the job, as the job's ranking orders them. Raises as ``rank_these`` does."""
    with unrestricted():
        ids = list(job.prospects.values_list("candidate_id", flat=True))
    return rank_these(job, ids, ask)


@unrestricted()
def rank_pool(job: Job, ask: Ask, *, among: Collection[int] | None, limit: int) -> Ranked:
    """The best of those who do not stand in the job; ``among`` narrows them. Raises as ``rank_these`` does.

    Everybody is compared, so the first call in a process takes longer: it reads all of them.
    """
    started = time.perf_counter()
    _refuse_stub(job)
    standing = set(job.prospects.values_list("candidate_id", flat=True))
    pool = _part(people.pool(ask.model), among, without=standing)
    scored = comparing.compare(job, ask.model, pool, accept=accept_is_shown(ask.version))
    order = order_for(ask.version)
    if order == Ranking.Order.REQUIREMENTS:
        requirements = list(job.requirements.in_force())
        places = scored.closest_of_pool(requirements, most=READ_AHEAD * limit)
    else:
        places = scored.best()[:limit]
    ids = scored.X.index[places].tolist()
    assessed = _assessed(job, ids, set(ids))
    if order == Ranking.Order.REQUIREMENTS:
        places = _meeting(scored, places, assessed)[:limit]
    found = _Found(job, ask, scored, assessed, everybody=among is None)
    return Ranked(order, found.stored(places, [], started), len(scored.X))


def _assessed(
    job: Job, ids: Collection[int], with_data: Collection[int]
) -> dict[int, requirements_met.Assessed]:
    return requirements_met.states(list(job.requirements.in_force()), ids, with_data=with_data)


def _refuse_stub(job: Job) -> None:
    if job.is_stub:
        raise NotRankable(_(CODE_ALONE))


def _part(pool: people.Pool, among: Collection[int] | None, *, without: Collection[int]) -> people.Pool:
    ids = pool.candidates.ids.tolist()
    wanted = [pk for pk in ids if pk not in without and (among is None or pk in among)]
    return replace(pool, candidates=pool.candidates.subset(wanted))


def _undecided(scored: "Scored") -> list[int]:
    """Places in the order in which equals stand: prospects as they applied, then the others by lot."""
    others = scored.X.index.to_numpy()[scored.prospects :]
    drawn = ordering.by_lot(int(scored.job.index[0]), others) + scored.prospects
    return [*range(scored.prospects), *drawn.tolist()]


def _meeting(scored: "Scored", places: Sequence[int], assessed: dict[int, list[dict[str, Any]]]) -> list[int]:
    """Of these places those who meet something, who meets most first."""
    by_place = {place: assessed[int(scored.X.index[place])] for place in places}
    meeting = [place for place in places if ordering.meets_something(by_place[place])]
    return ordering.by_standing(meeting, by_place)


@dataclass(frozen=True)
class _Found:
    """``assessed``: by candidate, how they meet the requirements."""

    job: Job
    ask: Ask
    scored: "Scored"
    assessed: dict[int, list[dict[str, Any]]]
    everybody: bool = False

    def stored(self, places: Sequence[int], without_data: Sequence[int], started: float) -> list[Prediction]:
        ids = [int(self.scored.X.index[place]) for place in places]
        people = datasets.candidates(ids) if self.ask.reasons else None
        values = serving.scored_values(self.ask, self.scored, places, people=people, everybody=self.everybody)
        standing = set(self.scored.X.index[: self.scored.prospects].tolist())
        rows = [
            self._row(pk, rank=rank, group=Group.PROSPECT if pk in standing else Group.POOL, **known)
            for rank, (pk, known) in enumerate(zip(ids, values, strict=True), start=1)
        ]
        rows += [
            self._row(pk, group=Group.NOT_RANKABLE, review=Prediction.Review.NO_PROFILE)
            for pk in without_data
        ]
        spent = 1000 * (time.perf_counter() - started) / max(1, len(rows))
        for row in rows:
            row.latency_ms = spent
        with transaction.atomic():
            stored = Prediction.objects.bulk_create(rows, batch_size=250)
            announcing.predicted(stored, version=self.ask.version)
        return stored

    def _row(self, pk: int, **values: Any) -> Prediction:
        about = {"candidate_id": pk, "candidate_code": self._codes[pk], "job": self.job}
        return serving.unsaved_row(self.ask, **about, requirements=self.assessed[pk], **values)

    @cached_property
    def _codes(self) -> dict[int, str]:
        return dict(Candidate.objects.filter(pk__in=list(self.assessed)).values_list("pk", "code"))
