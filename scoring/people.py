"""Candidates prepared for the learner: for one training, or the whole pool, kept for rankings.

The pool is prepared once and then brought up to date: in a process's memory, and in a file under
``MODELS_DIR/cache`` for the other processes. What it holds of people are numbers and hashed words.
"""

import logging
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from django.conf import settings

from scoring import company_history, datasets

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scoring.ml.artifact import Artifact
    from scoring.ml.blocks import CandidateBlock
    from scoring.ml.history import History
    from scoring.ml.text import TextModel
    from scoring.ml.topics import TopicModel

logger = logging.getLogger(__name__)

Progress = Callable[[float], None]
PREFIX = "text_"  # of the text model's arrays in an artifact
TOPICS_PREFIX = "topics_"  # of the topic model's, where the recipe learns from topics
WORTH_SAVING = 200  # people prepared anew; fewer are prepared again sooner than the file is written


# For a training


def text_model(pairs: "pd.DataFrame", jobs: "pd.DataFrame", *, progress: Progress) -> "TextModel":
    """Learn how common words are from the people and jobs of ``pairs`` alone, and from no later text."""
    from scoring.ml.blocks import candidate_texts, job_texts
    from scoring.ml.text import TextModel

    chunks = _chunks(pairs["candidate_id"].unique().tolist(), progress)
    people = (text for chunk in chunks for text in candidate_texts(chunk[chunk["has_profile"]]))
    return TextModel().fit(chain(people, job_texts(jobs.loc[jobs.index.isin(pairs["job_id"])])))


def prepare(ids: Collection[int], *, text: "TextModel", progress: Progress) -> "CandidateBlock":
    """The block of these candidates, read a chunk at a time."""
    from scoring.ml.blocks import CandidateBlock, prepare_candidates

    blocks = [prepare_candidates(chunk, text=text) for chunk in _chunks(ids, progress)]
    return CandidateBlock.concat(blocks or [prepare_candidates(datasets.candidates([]), text=text)])


def _chunks(ids: Collection[int], progress: Progress) -> "Iterator[pd.DataFrame]":
    read = 0
    for chunk in datasets.candidate_chunks(ids):
        yield chunk
        read += len(chunk)
        progress(read / len(ids))


def text_arrays(text: "TextModel") -> "dict[str, NDArray[Any]]":
    return {PREFIX + name: array for name, array in text.to_arrays().items()}


def topic_arrays(topics: "TopicModel | None") -> "dict[str, NDArray[Any]]":
    if topics is None:
        return {}
    return {TOPICS_PREFIX + name: array for name, array in topics.to_arrays().items()}


def text_of(model: "Artifact") -> "TextModel":
    """The text model that was stored with a model."""
    from scoring.ml.text import TextModel

    return TextModel.from_arrays(_stored(model, PREFIX))


def topics_of(model: "Artifact") -> "TopicModel | None":
    """The topic model that was stored with a model; None where its recipe learns from no topics."""
    from scoring.ml.topics import TopicModel

    arrays = _stored(model, TOPICS_PREFIX)
    return TopicModel.from_arrays(arrays) if arrays else None


def _stored(model: "Artifact", prefix: str) -> "dict[str, NDArray[Any]]":
    arrays = model.arrays.items()
    return {name.removeprefix(prefix): array for name, array in arrays if name.startswith(prefix)}


# For rankings


@dataclass(frozen=True)
class Pool:
    """All known candidates as one model sees them, and what happened to them until now."""

    generation: str
    text: "TextModel"
    topics: "TopicModel | None"
    stamps: "NDArray[np.int64]"  # of candidates.ids, in their order: (updated at, newest profile)
    candidates: "CandidateBlock"
    history: "History"


_lock = Lock()
_pools: dict[str, Pool] = {}


def pool(model: "Artifact", *, progress: Progress = lambda share: None) -> Pool:
    """Everybody known, up to date. The first call in a process reads the file or prepares everybody."""
    with _lock:
        generation = datasets.generation()
        found = _pools.get(model.sha256)
        if found is None or found.generation != generation:
            found = _up_to_date(model, found, generation, progress)
            _pools.clear()  # one model's pool at a time: it is the largest thing in a worker
            _pools[model.sha256] = found
        return found


def are_prepared(model: "Artifact") -> bool:
    """Whether everybody can be had in seconds: they are in memory, or in the file."""
    return model.sha256 in _pools or _file(model).exists()


def forget() -> None:
    """Empty this process's memory of people."""
    with _lock:
        _pools.clear()


def _up_to_date(model: "Artifact", old: Pool | None, generation: str, progress: Progress) -> Pool:
    text = old.text if old else text_of(model)
    stamps = datasets.candidate_stamps()
    block, changed = _refreshed(
        _saved(model) if old is None else (old.candidates, old.stamps), stamps, text, progress
    )
    table = _as_rows(stamps)
    if changed >= WORTH_SAVING or (changed and not _file(model).exists()):
        _save(model, block, table)
    topics = old.topics if old else topics_of(model)
    return Pool(generation, text, topics, table, block, company_history.history())


def _refreshed(
    known: "tuple[CandidateBlock, NDArray[np.int64]] | None",
    stamps: dict[int, tuple[int, int]],
    text: "TextModel",
    progress: Progress,
) -> "tuple[CandidateBlock, int]":
    """The block of the people in ``stamps`` and how many of them had to be prepared."""
    from scoring.ml.blocks import CandidateBlock

    if known is None:
        return prepare(list(stamps), text=text, progress=progress), len(stamps)
    block, before = known
    old = dict(zip(block.ids.tolist(), map(tuple, before.tolist()), strict=True))
    kept = [pk for pk, stamp in stamps.items() if old.get(pk) == stamp]
    changed = list(stamps.keys() - set(kept))
    if not changed and len(kept) == len(old):
        return block, 0
    parts = [block.subset(kept)] + ([prepare(changed, text=text, progress=progress)] if changed else [])
    return CandidateBlock.concat(parts), len(changed)


def _as_rows(stamps: dict[int, tuple[int, int]]) -> "NDArray[np.int64]":
    import numpy as np

    return np.array([stamps[pk] for pk in sorted(stamps)], dtype=np.int64).reshape(len(stamps), 2)


# The file


def _file(model: "Artifact") -> Path:
    return Path(settings.MODELS_DIR) / "cache" / f"people-{model.sha256[:16]}.npz"


def _saved(model: "Artifact") -> "tuple[CandidateBlock, NDArray[np.int64]] | None":
    import numpy as np

    from scoring.ml.blocks import CandidateBlock

    try:
        with np.load(_file(model), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return CandidateBlock.from_arrays(arrays), arrays["stamps"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        logger.warning("the saved pool cannot be read (%s) and is made again", type(error).__name__)
        return None


def _save(model: "Artifact", block: "CandidateBlock", stamps: "NDArray[np.int64]") -> None:
    """Written aside and renamed; the files of other models, which nobody will read again, go."""
    import numpy as np

    target = _file(model)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".people-", suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, stamps=stamps, **block.to_arrays())
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    for other in target.parent.glob("people-*.npz"):
        if other != target:
            other.unlink(missing_ok=True)
