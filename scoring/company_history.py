"""What happened in the whole company until now, sorted for looking up, kept once in a process.

Every model reads the same, and so do rankings, scores on demand and recommended jobs.
"""

from threading import Lock
from typing import TYPE_CHECKING

from candidates.viewing import unrestricted
from scoring import datasets

if TYPE_CHECKING:
    import pandas as pd

    from scoring.ml.history import History

_lock = Lock()
_kept: "tuple[str, History] | None" = None


@unrestricted()
def history() -> "History":
    """Up to date. The first call after a change of a job or an application takes a second or two, the others
    two queries."""
    from scoring.ml.history import prepare_history

    global _kept
    with _lock:
        generation = datasets.jobs_generation()
        if _kept is None or _kept[0] != generation:
            _kept = generation, prepare_history(datasets.events(), jobs=datasets.job_keys())
        return _kept[1]


def no_history(job: "pd.DataFrame") -> "History":
    """Of a company where nothing ever happened: for who says everything in the request."""
    from scoring.ml.history import prepare_history

    return prepare_history(datasets.no_events(), jobs=job)


def forget() -> None:
    """Empty this process's memory of what happened."""
    global _kept
    with _lock:
        _kept = None
