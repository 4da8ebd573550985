"""Who would move up and who down on open jobs, if another version served."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone

from jobs.models import JobStatus, Prospect
from scoring import answers, registry
from scoring.models import ModelVersion, Ranking

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scoring.ml.compare import Answers

JOBS = 20
MOVES = 10  # told of each job in each direction
FIRST = 10
Progress = answers.Progress


@dataclass(frozen=True)
class Move:
    """One person's place and score with the version in use and with the other one."""

    candidate: int
    before: int
    after: int
    score_before: float
    score_after: float


@dataclass(frozen=True)
class JobChanges:
    """``kendall``: agreement of the two orders, 1 the same and -1 reversed, None when one says nothing.
    ``kept``: share of the first ten who stay there, None in jobs with ten people or fewer. ``moved``: how
    many change places; ``up`` and ``down``: those who move farthest."""

    job: int
    people: int
    kendall: float | None
    kept: float | None
    moved: int
    up: tuple[Move, ...]
    down: tuple[Move, ...]


def changes(
    version: ModelVersion, champion: ModelVersion, *, progress: Progress = lambda share: None
) -> dict[str, Any]:
    """The rank changes of the jobs that recruiters looked at last; plain JSON with keys, no names.

    At most ``JOBS`` open jobs with a ranking; prospects with data only, judged as of their application.
    Raises ``scoring.ml.artifact.ArtifactError`` and ``answers.NoAnswers`` when a version cannot be asked.
    """
    import numpy as np

    rows = _prospects(_jobs())
    found: list[JobChanges] = []
    if len(rows):
        events = answers.history()
        before, known = _asked(champion, rows, events, lambda share: progress(share / 2))
        after, _known = _asked(version, rows, events, lambda share: progress(0.5 + share / 2))
        for job in dict.fromkeys(rows.jobs[known].tolist()):
            of_job = np.flatnonzero((rows.jobs == job) & known)
            if len(of_job) > 1:
                found.append(_job_changes(job, rows.candidates[of_job], before, after, of_job))
    jobs = [asdict(one) for one in found]
    return {"at": timezone.now().isoformat(), "jobs": jobs, **_summary(found)}


def _jobs() -> list[int]:
    """The open jobs whose rankings are newest."""
    ranked = Ranking.objects.finished().filter(job__status=JobStatus.OPEN, job__is_stub=False)
    newest = ranked.order_by().values_list("job_id").annotate(newest=Max("pk")).order_by("-newest")
    return [job for job, _newest in newest[:JOBS]]


def _prospects(jobs: Sequence[int]) -> answers.Rows:
    """Their applications, job by job in that order, each as of its day."""
    import numpy as np

    today = timezone.localdate()
    stored = Prospect.objects.filter(job__in=jobs).order_by("candidate_id")
    rows = [
        (candidate, job, applied or requested or today)
        for candidate, job, applied, requested in stored.values_list(
            "candidate_id", "job_id", "applied_on", "job__requested_on"
        )
    ]
    place = {job: at for at, job in enumerate(jobs)}
    rows.sort(key=lambda row: place[row[1]])
    return answers.Rows(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype="datetime64[D]"),
    )


def _asked(
    version: ModelVersion, rows: answers.Rows, events: Any, progress: Progress
) -> "tuple[Answers, NDArray[np.bool_]]":
    """Open jobs are judged as of today, as their ranking is (scoring.comparing)."""
    model, today = registry.artifact(version), timezone.localdate()
    return answers.answers(model, rows, events=events, job_day=today, progress=progress)


# One job


def _job_changes(
    job: int,
    candidates: "NDArray[np.int64]",
    before: "Answers",
    after: "Answers",
    rows: "NDArray[np.intp]",
) -> JobChanges:
    ranks = [_ranks(candidates, side, rows) for side in (before, after)]
    moves = [
        Move(candidate, int(was), int(becomes), float(score_was), float(score_becomes))
        for candidate, was, becomes, score_was, score_becomes in zip(
            candidates.tolist(), *ranks, before.p[rows], after.p[rows], strict=True
        )
    ]
    up = sorted((m for m in moves if m.after < m.before), key=lambda m: (m.after - m.before, m.after))
    down = sorted((m for m in moves if m.after > m.before), key=lambda m: (m.before - m.after, m.before))
    return JobChanges(
        job=job,
        people=len(moves),
        kendall=_kendall(*ranks),
        kept=_kept(moves),
        moved=len(up) + len(down),
        up=tuple(up[:MOVES]),
        down=tuple(down[:MOVES]),
    )


def _ranks(candidates: "NDArray[np.int64]", side: "Answers", rows: "NDArray[np.intp]") -> "NDArray[np.int64]":
    """Places from 1 in the order of the ranking page, equals by id."""
    import numpy as np

    order = np.lexsort((candidates, -side.inside[rows]))
    ranks = np.empty(len(rows), dtype=np.int64)
    ranks[order] = np.arange(1, len(rows) + 1)
    return ranks


def _kendall(before: "NDArray[np.int64]", after: "NDArray[np.int64]") -> float:
    """Kendall's tau of two orders without ties (1938)."""
    import numpy as np

    signs = np.sign(np.subtract.outer(before, before)) * np.sign(np.subtract.outer(after, after))
    n = len(before)
    return float(signs.sum() / (n * (n - 1)))


def _kept(moves: Sequence[Move]) -> float | None:
    if len(moves) <= FIRST:
        return None
    return sum(move.before <= FIRST and move.after <= FIRST for move in moves) / FIRST


def _summary(found: Sequence[JobChanges]) -> Mapping[str, Any]:
    people = sum(one.people for one in found)
    weighted = sum((one.kendall or 0.0) * one.people for one in found)
    return {
        "people": people,
        "moved": sum(one.moved for one in found),
        "kendall": weighted / people if people else None,
    }
