"""Jobs as one model sees them, kept in the process's memory: what one person is compared with.

The counterpart of ``scoring.people``, which keeps everybody for the ranking of one job.
"""

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from candidates.viewing import unrestricted
from jobs.models import Job
from scoring import company_history, datasets, people

if TYPE_CHECKING:
    import pandas as pd

    from scoring.ml.artifact import Artifact
    from scoring.ml.blocks import JobBlock
    from scoring.ml.history import History
    from scoring.ml.text import TextModel
    from scoring.ml.topics import TopicModel


@dataclass(frozen=True, eq=False)
class Openings:
    """``frame`` and ``jobs``: the open jobs; ``history``: of the whole company, until now."""

    generation: str
    text: "TextModel"
    topics: "TopicModel | None"
    frame: "pd.DataFrame"
    jobs: "JobBlock"
    history: "History"


_lock = Lock()
_kept: "dict[str, Openings]" = {}


def openings(model: "Artifact") -> Openings:
    """The open jobs, up to date. The first call in a process takes seconds, the next ones nothing."""
    with _lock, unrestricted():
        generation = datasets.jobs_generation()
        found = _kept.get(model.sha256)
        if found is None or found.generation != generation:
            found = _prepared(model, found, generation)
            _kept.clear()
            _kept[model.sha256] = found
        return found


def with_jobs(model: "Artifact", job_ids: list[int]) -> Openings:
    """As ``openings``, of just these jobs, open or not."""
    from scoring.ml.blocks import prepare_jobs

    known = openings(model)
    missing = [pk for pk in job_ids if pk not in known.frame.index]
    if not missing:
        return known
    with unrestricted():
        frame = datasets.jobs(job_ids)
    jobs = prepare_jobs(frame, text=known.text)
    return Openings(known.generation, known.text, known.topics, frame, jobs, known.history)


def forget() -> None:
    """Empty this process's memory of jobs."""
    with _lock:
        _kept.clear()


def _prepared(model: "Artifact", old: Openings | None, generation: str) -> Openings:
    from scoring.ml.blocks import prepare_jobs

    text = old.text if old else people.text_of(model)
    open_jobs = Job.objects.open().filter(is_stub=False).values_list("pk", flat=True)
    frame = datasets.jobs(list(open_jobs))
    return Openings(
        generation=generation,
        text=text,
        topics=old.topics if old else people.topics_of(model),
        frame=frame,
        jobs=prepare_jobs(frame, text=text),
        history=company_history.history(),
    )
