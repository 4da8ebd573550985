"""The rows a version was measured on, with what it said of each: kept in its artifact, read without LightGBM.

Serving never needs them; review, comparison and the precision–recall page do.
"""

import io
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from scoring import storage
from scoring.models import ModelVersion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Arrays = Mapping[str, NDArray[Any]]

logger = logging.getLogger(__name__)

ARRAYS = "arrays.npz"
ROWS = ("holdout_candidate", "holdout_job", "holdout_y", "holdout_p")
OPTIONAL = {"raw": "holdout_raw", "order": "holdout_order"}
VALIDATION = ("validation_y", "validation_p")
KEPT = 4  # versions a process holds: two of a comparison, and two for whoever else looks

_lock = Lock()
_read: "OrderedDict[str, Holdout | None]" = OrderedDict()


@dataclass(frozen=True, eq=False)
class Outcomes:
    """``y``: n outcomes, 1 hired, 0 not; ``p``: n calibrated probabilities."""

    y: "Floats"
    p: "Floats"
    raw: "Floats | None" = None  # the margins behind p
    order: "Floats | None" = None  # what people of one job are ordered by, when it is something else

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True, eq=False)
class Holdout:
    """The test window's rows in the order of training, and the validation window's outcomes.

    ``candidates``, ``jobs``: n primary keys of the time of training; the rows may be gone since.
    """

    candidates: "NDArray[np.int64]"
    jobs: "NDArray[np.int64]"
    test: Outcomes
    validation: Outcomes | None


def holdout(version: ModelVersion) -> Holdout | None:
    """None when the version kept no such rows, or its files are not those that were saved."""
    with _lock:
        if version.sha256 in _read:
            _read.move_to_end(version.sha256)
            return _read[version.sha256]
    found, may_be_kept = _from_storage(version)
    if may_be_kept:
        with _lock:
            _read[version.sha256] = found
            while len(_read) > KEPT:
                _read.popitem(last=False)
    return found


def forget() -> None:
    """Empty this process's memory (tests)."""
    with _lock:
        _read.clear()


def _from_storage(version: ModelVersion) -> tuple[Holdout | None, bool]:
    """The bool: whether the answer will be the same the next time; damaged files may be restored."""
    from scoring.ml.artifact import ArtifactError

    try:
        files = storage.read_model(version.artifact_path)
    except ArtifactError as error:
        logger.warning("the rows of model v%s cannot be read: %s", version.number, error.problem)
        return None, False
    from scoring.ml.artifact import digest

    if digest(files) != version.sha256 or ARRAYS not in files:
        logger.warning("the rows of model v%s cannot be read: other files than saved", version.number)
        return None, False
    return _unpacked(files[ARRAYS]), True


def _unpacked(content: bytes) -> Holdout | None:
    import numpy as np

    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        wanted = (*ROWS, *OPTIONAL.values(), *VALIDATION)
        arrays = {name: stored[name] for name in wanted if name in stored.files}
    if not set(ROWS) <= set(arrays):
        return None
    return Holdout(
        candidates=arrays["holdout_candidate"].astype(np.int64),
        jobs=arrays["holdout_job"].astype(np.int64),
        test=_outcomes(arrays, "holdout_y", "holdout_p", **OPTIONAL),
        validation=_outcomes(arrays, *VALIDATION) if set(VALIDATION) <= set(arrays) else None,
    )


def _outcomes(arrays: "Arrays", y: str, p: str, **optional: str) -> Outcomes:
    import numpy as np

    more = {name: arrays[key].astype(np.float64) for name, key in optional.items() if key in arrays}
    return Outcomes(arrays[y].astype(np.float64), arrays[p].astype(np.float64), **more)
