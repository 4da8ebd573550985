"""The stored preview of rank changes as its page shows it: people and jobs by name, as they are today."""

from dataclasses import dataclass
from typing import Any

from candidates.models import Candidate
from jobs.models import Job
from scoring import checks
from scoring.figures import reading
from scoring.figures.reading import Json
from scoring.models import EvidenceVerdict, ModelCheck, ModelVersion


@dataclass(frozen=True)
class Move:
    candidate: Candidate
    before: int
    after: int
    score_before: float | None
    score_after: float | None

    @property
    def places(self) -> int:
        return abs(self.before - self.after)


@dataclass(frozen=True)
class JobChanges:
    job: Job
    people: int
    moved: int
    kendall: float | None
    kept: float | None
    up: list[Move]
    down: list[Move]


@dataclass(frozen=True)
class Panel:
    """``check``: the newest preview; ``outdated``: it compares with another version than serves now;
    ``jobs``: None while there is no answer. ``unproven``: versions whose order inside a job is not shown."""

    check: ModelCheck | None
    outdated: bool
    jobs: list[JobChanges] | None
    people: int
    moved: int
    kendall: float | None
    unproven: list[ModelVersion]


def panel(version: ModelVersion, champion: ModelVersion | None) -> Panel:
    check = checks.latest(version, ModelCheck.Kind.RANK_CHANGES)
    result = reading.mapping(check.result) if check and check.is_over and not check.error else {}
    both = [version, *([champion] if champion and champion != version else [])]
    return Panel(
        check=check,
        outdated=bool(result) and check is not None and check.champion_id != (champion and champion.pk),
        jobs=_jobs(reading.mappings(result.get("jobs"))) if result else None,
        people=reading.count(result.get("people")),
        moved=reading.count(result.get("moved")),
        kendall=reading.number(result.get("kendall")),
        unproven=[one for one in both if one.evidence == EvidenceVerdict.NONE],
    )


def _jobs(stored: list[Json]) -> list[JobChanges]:
    """Whoever or whatever is gone since is left out."""
    moves = [move for job in stored for side in ("up", "down") for move in reading.mappings(job.get(side))]
    people = Candidate.objects.only("code", "name", "is_stub").in_bulk(
        {move.get("candidate") for move in moves}
    )
    jobs = Job.objects.only("code", "title", "client", "is_stub").in_bulk({job.get("job") for job in stored})
    return [_job(jobs[job["job"]], job, people) for job in stored if job.get("job") in jobs]


def _job(job: Job, stored: Json, people: dict[Any, Candidate]) -> JobChanges:
    return JobChanges(
        job=job,
        people=reading.count(stored.get("people")),
        moved=reading.count(stored.get("moved")),
        kendall=reading.number(stored.get("kendall")),
        kept=reading.number(stored.get("kept")),
        up=_moves(stored.get("up"), people),
        down=_moves(stored.get("down"), people),
    )


def _moves(stored: object, people: dict[Any, Candidate]) -> list[Move]:
    return [
        Move(
            people[move["candidate"]],
            reading.count(move.get("before")),
            reading.count(move.get("after")),
            reading.number(move.get("score_before")),
            reading.number(move.get("score_after")),
        )
        for move in reading.mappings(stored)
        if move.get("candidate") in people
    ]
