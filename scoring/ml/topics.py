"""What texts are about, in a few numbers: latent semantic analysis of the hashed TF-IDF rows.

Four texts are projected, each by itself: the candidate's CV (with headline and technical knowledge), the
job's text, the candidate's headline and the job's title. A projection is learned by truncated singular value
decomposition (Deerwester et al. 1990) of the training rows' texts alone. Personal terms are no terms
(`text.PERSONAL_TERMS`), hence in no topic; the state holds numbers and no word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.blocks import CandidateBlock, JobBlock
from scoring.ml.names import TOPIC_COUNTS, TOPIC_FEATURES

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_FORMAT: Final = 1
_SEED: Final = 42
# The commonest terms of each text's training rows, and in how many of them a term must occur. So many keep
# the whole state at 0.6 MB of float32: 2 x 30 x 2,000 and 2 x 15 x 600 weights and the columns' numbers.
_MOST_TERMS: Final = {"cv": 2_000, "job": 2_000, "headline": 600, "title": 600}
_MIN_TEXTS: Final = 5
_POWER_ITERATIONS: Final = 4  # Halko, Martinsson and Tropp 2011: enough for spectra that fall slowly


@dataclass(frozen=True, eq=False)
class Projection:
    """`columns`: int32, ascending, the terms that count; `components`: float32, topics x those terms.

    Fewer topics than asked for (few texts, few terms) are filled up with zeros.
    """

    columns: NDArray[np.int32]
    components: Floats

    @classmethod
    def fit(cls, texts: sparse.csr_matrix, *, topics: int, most_terms: int) -> Self:
        """Learn from n rows of TF-IDF; equal rows in equal order give an equal projection."""
        frequency = np.bincount(texts.indices, minlength=texts.shape[1])
        columns = np.flatnonzero(frequency >= _MIN_TEXTS)
        if len(columns) > most_terms:
            columns = np.sort(columns[np.argsort(-frequency[columns], kind="stable")[:most_terms]])
        components = np.zeros((topics, len(columns)), dtype=np.float32)
        found = _right_singular_vectors(texts[:, columns], topics)
        components[: len(found)] = found
        return cls(columns.astype(np.int32), components)

    def transform(self, texts: sparse.csr_matrix) -> Floats:
        """float32, rows x topics; NaN throughout a row without text, zero for a text of unknown terms."""
        values = np.asarray(texts[:, self.columns] @ self.components.T, dtype=np.float32)
        values[np.diff(texts.indptr) == 0] = np.nan
        return values


def _right_singular_vectors(texts: sparse.csr_matrix, topics: int) -> Floats:
    """The `topics` strongest, or as many as there are; the largest weight of each is positive, so that the
    sign, which the decomposition leaves open, is always the same.
    """
    count = min(topics, texts.shape[0], texts.shape[1])
    if count == 0:
        return np.zeros((0, texts.shape[1]), dtype=np.float32)
    from sklearn.utils.extmath import randomized_svd  # slow to import, and only learning needs it

    _, strength, vectors = randomized_svd(
        texts.astype(np.float64),
        count,
        n_iter=_POWER_ITERATIONS,
        power_iteration_normalizer="QR",
        random_state=_SEED,
        flip_sign=False,
    )
    vectors = vectors[strength > 1e-9 * max(strength[0], 1.0)]  # beyond the rank there is only rounding
    largest = vectors[np.arange(len(vectors)), np.abs(vectors).argmax(axis=1)]
    signed: Floats = (vectors * np.sign(largest)[:, None]).astype(np.float32)
    return signed


class TopicModel:
    """Topics of the four texts; made for one text model, whose columns its own refer to.

    `fit` learns, `features` answers; `columns` are the names of what it answers.
    """

    columns: Final[tuple[str, ...]] = TOPIC_FEATURES

    def __init__(self) -> None:
        self.projections_: dict[str, Projection] = {}
        self.terms_ = 0  # of the text model

    def fit(
        self,
        candidates: CandidateBlock,
        jobs: JobBlock,
        *,
        candidate_ids: Iterable[int],
        job_ids: Iterable[int],
        texts: Iterable[str] = TOPIC_COUNTS,
    ) -> Self:
        """Learn from the texts of these candidates and jobs alone: those of the training rows.

        `texts`: which of the four ("cv", "job", "headline", "title"); topics of the others are NaN.

        Each text counts once, however often its id is named and in whatever order. Raises KeyError for an
        id that a block does not hold, ValueError when the blocks were made with two text models.
        """
        crows = candidates.rows(_distinct(candidate_ids))
        jrows = jobs.rows(_distinct(job_ids))
        self.terms_ = _terms(candidates, jobs)
        learned_from = {
            "cv": candidates.text[crows],
            "job": jobs.text[jrows],
            "headline": candidates.headline[crows],
            "title": jobs.title[jrows],
        }
        self.projections_ = {
            name: Projection.fit(learned_from[name], topics=TOPIC_COUNTS[name], most_terms=_MOST_TERMS[name])
            for name in sorted(set(texts))
        }
        return self

    def features(self, candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints) -> Floats:
        """`TOPIC_FEATURES` of row `crows[i]` of the candidates with row `jrows[i]` of the jobs, float32.

        NaN for a side without text and for a candidate without a profile. Each text is projected once,
        however many pairs it is in. Raises ValueError for blocks of another text model, or before `fit`.
        """
        if not self.projections_ or _terms(candidates, jobs) != self.terms_:
            raise ValueError("the topics were learned with another text model than the blocks")
        unknown = ~candidates.has_profile[crows]
        cv, headline = (
            self._of_each(name, texts, crows)
            for name, texts in (("cv", candidates.text), ("headline", candidates.headline))
        )
        cv[unknown], headline[unknown] = np.nan, np.nan
        job, title = self._of_each("job", jobs.text, jrows), self._of_each("title", jobs.title, jrows)
        return np.hstack([cv, job, headline, title])  # the order of TOPIC_COUNTS

    def _of_each(self, name: str, texts: sparse.csr_matrix, rows: Ints) -> Floats:
        if name not in self.projections_:
            return np.full((len(rows), TOPIC_COUNTS[name]), np.nan, dtype=np.float32)
        distinct, place = np.unique(rows, return_inverse=True)
        return self.projections_[name].transform(texts[distinct])[place]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The learned state as plain arrays (no object, hence no pickle)."""
        arrays: dict[str, NDArray[Any]] = {"format": np.array([_FORMAT, self.terms_], dtype=np.int32)}
        for name, projection in self.projections_.items():
            arrays |= {f"{name}_columns": projection.columns, f"{name}_components": projection.components}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TopicModel:
        """The model that `to_arrays` wrote; ValueError when the arrays are none."""
        parts = set(arrays)
        names = [name for name in TOPIC_COUNTS if {f"{name}_columns", f"{name}_components"} & parts]
        names = names or list(TOPIC_COUNTS)
        missing = {f"{name}_{part}" for name in names for part in ("columns", "components")}
        missing = (missing | {"format"}) - set(arrays)
        if missing:
            raise ValueError(f"the topic model lacks {', '.join(sorted(missing))}")
        written = np.asarray(arrays["format"]).tolist()
        if len(written) != 2 or written[0] != _FORMAT:
            raise ValueError("the topic model has an unknown format")
        model = cls()
        model.terms_ = int(written[1])
        model.projections_ = {name: _projection(name, arrays, model.terms_) for name in names}
        return model


def _projection(name: str, arrays: Mapping[str, NDArray[Any]], terms: int) -> Projection:
    columns, components = np.asarray(arrays[f"{name}_columns"]), np.asarray(arrays[f"{name}_components"])
    ascending = columns.ndim == 1 and bool((np.diff(columns) > 0).all())
    inside = ascending and (len(columns) == 0 or (columns[0] >= 0 and columns[-1] < terms))
    if not inside or components.shape != (TOPIC_COUNTS[name], len(columns)):
        raise ValueError(f"the topic model's columns and components of {name} do not fit together")
    return Projection(columns.astype(np.int32), components.astype(np.float32))


def _distinct(ids: Iterable[int]) -> Ints:
    return np.unique(np.fromiter(ids, dtype=np.int64))


def _terms(candidates: CandidateBlock, jobs: JobBlock) -> int:
    widths = {part.shape[1] for part in (candidates.text, candidates.headline, jobs.text, jobs.title)}
    if len(widths) != 1:
        raise ValueError("the blocks of candidates and jobs were made with two text models")
    return int(widths.pop())
