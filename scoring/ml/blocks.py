"""Candidates and jobs read once, as arrays that pairs are then drawn from.

A block is immutable, ordered by id, holds no text (words are hashed, see `text.py`), and goes to and from
plain arrays, so that a worker may keep it in an `.npz` file. Nothing in it depends on a date of asking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml import schema
from scoring.ml.areas import declared_areas, implied_areas
from scoring.ml.cv_facts import CvFacts, read_cv
from scoring.ml.job_keys import contract_types, job_history_keys, job_pay_facts
from scoring.ml.job_record import Keys
from scoring.ml.names import SYSTEM_B_FEATURES
from scoring.ml.protected import without_personal_phrases
from scoring.ml.ragged import Ragged, keys
from scoring.ml.system_b import system_b_features
from scoring.ml.text import TextModel, fold, size
from scoring.ml.usual_pay import PayFacts

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
LAYOUT: Final = 5  # raise it when the numbers of a block change their meaning: stored blocks are then refused
_CHUNK: Final = 2_000  # candidates folded at a time: their texts are never all held twice

STATES: Final[Mapping[str, str]] = {
    "ac": "acre", "al": "alagoas", "ap": "amapa", "am": "amazonas", "ba": "bahia", "ce": "ceara",
    "df": "distrito federal", "es": "espirito santo", "go": "goias", "ma": "maranhao", "mt": "mato grosso",
    "ms": "mato grosso do sul", "mg": "minas gerais", "pa": "para", "pb": "paraiba", "pr": "parana",
    "pe": "pernambuco", "pi": "piaui", "rj": "rio de janeiro", "rn": "rio grande do norte",
    "rs": "rio grande do sul", "ro": "rondonia", "rr": "roraima", "sc": "santa catarina", "sp": "sao paulo",
    "se": "sergipe", "to": "tocantins",
}  # fmt: skip
_SAP_AREA: Final = declared_areas(["TI - SAP"])
_CONTRACTS: Final = ("clt", "pj", "cooperative", "hunting", "intern", "open")


@dataclass(frozen=True, eq=False)
class _Block:
    """What both blocks share: lookup by id, a part, several in one, arrays."""

    ids: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: Ints) -> Ints:
        """Row of each id; `KeyError` with how many of them the block does not hold."""
        at = np.minimum(np.searchsorted(self.ids, ids), max(0, len(self.ids) - 1))
        unknown = int((self.ids[at] != ids).sum()) if len(self.ids) else len(ids)
        if unknown:
            raise KeyError(f"{unknown} of {len(ids)} ids are not in the {type(self).__name__}")
        return at.astype(np.int64)

    def subset(self, ids: Iterable[int]) -> Self:
        """A block of these ids alone, ordered by id."""
        rows = self.rows(np.unique(np.fromiter(ids, dtype=np.int64)))
        return self._each(lambda part: _take(part, rows))

    @classmethod
    def concat(cls, blocks: Sequence[Self]) -> Self:
        """One block of several made with the same text model and without a common id; `ValueError`
        otherwise.
        """
        ids = np.concatenate([block.ids for block in blocks])
        if len(np.unique(ids)) != len(ids):
            raise ValueError("blocks hold the same id twice")
        parts = {f.name: _join([getattr(block, f.name) for block in blocks]) for f in fields(cls)}
        order = np.argsort(ids)
        return cls(**{name: _take(part, order) for name, part in parts.items()})

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays, none of objects, for `numpy.savez`; `from_arrays` makes the same block of them."""
        arrays: dict[str, NDArray[Any]] = {"layout": np.array([LAYOUT], dtype=np.int32)}
        for field in fields(self):
            arrays |= _flat(field.name, getattr(self, field.name))
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The block that `to_arrays` wrote; raises `KeyError` or, for another layout, `ValueError`."""
        if arrays["layout"].tolist() != [LAYOUT]:
            raise ValueError(f"a stored {cls.__name__} has another layout than {LAYOUT}")
        return cls(**{field.name: _unflat(field.name, str(field.type), arrays) for field in fields(cls)})

    def _each(self, change: Callable[[Any], Any]) -> Self:
        return type(self)(**{f.name: change(getattr(self, f.name)) for f in fields(self)})


@dataclass(frozen=True, eq=False)
class CandidateBlock(_Block):
    """n candidates, ordered by id. Ordinals, numbers: float32, NaN unknown. Keys: 0 unknown. Areas: bits."""

    ids: Ints
    has_profile: NDArray[np.bool_]
    has_text: NDArray[np.bool_]  # a CV, headline or technical knowledge is there, so that skills can be known
    system_b: Floats  # n x 46
    seniority: Floats
    education: Floats
    english: Floats
    spanish: Floats
    salary: Floats  # BRL a month
    claimed_years: Floats
    cv_words: Floats
    sap: NDArray[np.bool_]
    city: Ints
    state: Ints
    areas: Ints
    headline_areas: Ints
    skills: Ragged  # keys
    named_skills: Ragged  # those that a text names outright
    spans: Ragged  # start, end, start, end, … in months, see cv_facts.work_spans
    text: sparse.csr_matrix
    headline: sparse.csr_matrix


@dataclass(frozen=True, eq=False)
class JobBlock(_Block):
    """m jobs, ordered by id. Ordinals, numbers: float32, NaN unknown. Keys: 0 unknown. Areas: bits."""

    ids: Ints
    requested_on: Ints  # days since 1970-01-01, the smallest int64 when unknown
    seniority: Floats
    education: Floats
    english: Floats
    spanish: Floats
    salary: Floats
    words: Floats
    priority: Floats  # 1 low, 2 medium, 3 high
    origin_new: Floats
    origin_replacement: Floats
    sap: NDArray[np.bool_]
    remote: NDArray[np.bool_]
    contracts: Floats  # m x 6, NaN when no type is given
    contract_key: Ints
    client_key: Ints
    title_key: Ints
    title_head_key: Ints  # its first word
    title_start_key: Ints  # its first two words
    title_words: Ragged  # keys
    city: Ints
    state: Ints
    areas: Ints
    must_skills: Ragged
    nice_skills: Ragged
    text: sparse.csr_matrix  # title, activities, competences
    title: sparse.csr_matrix

    def history_keys(self) -> Keys:
        """What the record of jobs like these is counted by."""
        return Keys(
            ids=self.ids,
            client=self.client_key,
            title=self.title_key,
            title_head=self.title_head_key,
            title_start=self.title_start_key,
            contract=self.contract_key,
            area=self.areas,
        )

    def pay_facts(self) -> PayFacts:
        """What the usual pay of jobs like these is reckoned from."""
        return PayFacts(self.requested_on, self.salary, self.seniority, self.title_words)


def prepare_candidates(frame: pd.DataFrame, *, text: TextModel) -> CandidateBlock:
    """A block of the candidates frame (`schema.CANDIDATE_COLUMNS`, index candidate_id).

    Facts that the profile leaves open (level, education, languages) are read from headline and CV. Stubs are
    in the block with everything unknown. Raises `schema.SchemaError`. Call it with a few thousand rows at a
    time and join with `CandidateBlock.concat` to keep memory flat.
    """
    checked = schema.check_candidates(frame).sort_index()
    parts = [
        _candidate_part(checked.iloc[at : at + _CHUNK], text) for at in range(0, max(1, len(checked)), _CHUNK)
    ]
    return parts[0] if len(parts) == 1 else CandidateBlock.concat(parts)


def candidate_texts(frame: pd.DataFrame) -> Iterable[str]:
    """What a text model compares jobs with, one text a candidate: headline, technical knowledge, CV; folded,
    without personal phrases.
    """
    columns = ("headline", "technical_knowledge", "cv_text")
    rows = zip(*(frame[name] for name in columns), strict=True)
    return ("\n".join(_own_words(text) for text in texts) for texts in rows)


def _own_words(text: str) -> str:
    return without_personal_phrases(fold(text))


def job_texts(frame: pd.DataFrame) -> Iterable[str]:
    """What a text model compares candidates with, one text a job: title, activities, competences (once if
    equal).
    """
    rows = zip(frame["title"], frame["activities"], frame["competences"], strict=True)
    return (
        "\n".join((title, activities, "" if competences.strip() == activities.strip() else competences))
        for title, activities, competences in rows
    )


def _candidate_part(frame: pd.DataFrame, text: TextModel) -> CandidateBlock:
    known = frame["has_profile"].to_numpy(dtype=bool)
    cvs = [_own_words(cv) for cv in frame["cv_text"]]
    headlines = [_own_words(headline) for headline in frame["headline"]]
    facts = [read_cv(cv, headline) for cv, headline in zip(cvs, headlines, strict=True)]
    said = {
        name: _field_or_cv(frame, facts, name) for name in ("seniority", "education", "english", "spanish")
    }
    knowledge = [_own_words(words) for words in frame["technical_knowledge"]]
    texts = ["\n".join(parts) for parts in zip(headlines, knowledge, cvs, strict=True)]
    sizes = [size(cv) for cv in cvs]
    system_b = system_b_features(frame, folded_cvs=cvs, cv_letters=[letters for _, letters in sizes])
    areas = np.array([declared_areas(labels) for labels in frame["area_labels"]], dtype=np.int64)
    implied = np.array([implied_areas(headline) for headline in headlines], dtype=np.int64)
    return CandidateBlock(
        ids=frame.index.to_numpy(dtype=np.int64),
        has_profile=known,
        has_text=known & np.array([bool(whole.strip()) for whole in texts], dtype=bool),
        system_b=system_b,
        **{
            name: _where(known, schema.ordinals(said[name], scale))
            for name, scale in (
                ("seniority", schema.SENIORITY_ORDINAL),
                ("education", schema.EDUCATION_ORDINAL),
                ("english", schema.LANGUAGE_ORDINAL),
                ("spanish", schema.LANGUAGE_ORDINAL),
            )
        },
        salary=system_b[:, SYSTEM_B_FEATURES.index("salario_valor")].copy(),
        claimed_years=_where(known, np.array([fact.claimed_years for fact in facts], dtype=np.float32)),
        cv_words=_positive(np.array([words for words, _ in sizes], dtype=np.float32)),
        sap=(system_b[:, SYSTEM_B_FEATURES.index("cv_sap")] == 1) | (((areas | implied) & _SAP_AREA) > 0),
        city=keys(frame["city"]),
        state=_state_keys(frame["state"]),
        areas=areas,
        headline_areas=implied,
        skills=Ragged.of([keys(skills).tolist() for skills in frame["skills"]]),
        named_skills=Ragged.of([keys(named).tolist() for named in _named(frame)]),
        spans=Ragged.of([[month for span in fact.spans for month in span] for fact in facts]),
        text=text.transform(texts),
        headline=text.transform(headlines),
    )


def _named(frame: pd.DataFrame) -> Iterable[list[str]]:
    for skills, implied in zip(frame["skills"], frame["implied_skills"], strict=True):
        yield [name for name in skills if name not in implied]


def _field_or_cv(frame: pd.DataFrame, facts: Sequence[CvFacts], name: str) -> list[str]:
    """The profile's own code; what the CV says where the profile says nothing (or "other")."""
    rows = zip(frame[name], facts, strict=True)
    return [code if code not in ("", "other") else getattr(fact, name) for code, fact in rows]


def prepare_jobs(frame: pd.DataFrame, *, text: TextModel) -> JobBlock:
    """A block of the jobs frame (`schema.JOB_COLUMNS`, index job_id). Raises `schema.SchemaError`."""
    frame = schema.check_jobs(frame).sort_index()
    texts = [fold(whole) for whole in job_texts(frame)]
    titles = [fold(title) for title in frame["title"]]
    grouped, paid = job_history_keys(frame), job_pay_facts(frame)
    areas = grouped.area
    contracts = [contract_types(types) for types in frame["contract_types"]]
    words = np.array([len(whole.split()) for whole in texts], dtype=np.float32)
    return JobBlock(
        ids=frame.index.to_numpy(dtype=np.int64),
        requested_on=paid.requested_on,
        seniority=paid.level,
        education=schema.ordinals(frame["education"], schema.EDUCATION_ORDINAL),
        english=schema.ordinals(frame["english"], schema.LANGUAGE_ORDINAL),
        spanish=schema.ordinals(frame["spanish"], schema.LANGUAGE_ORDINAL),
        salary=paid.pay,
        words=words,
        priority=schema.ordinals(frame["priority"], {"low": 1.0, "medium": 2.0, "high": 3.0}),
        origin_new=schema.ordinals(frame["origin"], {"new": 1.0, "replacement": 0.0}),
        origin_replacement=schema.ordinals(frame["origin"], {"new": 0.0, "replacement": 1.0}),
        sap=frame["sap"].to_numpy(dtype=bool) | ((areas & _SAP_AREA) > 0),
        remote=np.array([_speaks_of_remote(whole) for whole in texts], dtype=bool),
        contracts=_contract_flags(contracts),
        contract_key=grouped.contract,
        client_key=grouped.client,
        title_key=grouped.title,
        title_head_key=grouped.title_head,
        title_start_key=grouped.title_start,
        title_words=paid.words,
        city=keys(frame["city"]),
        state=_state_keys(frame["state"]),
        areas=areas,
        must_skills=Ragged.of([sorted(set(keys(skills).tolist())) for skills in frame["must_skills"]]),
        nice_skills=Ragged.of([sorted(set(keys(skills).tolist())) for skills in frame["nice_skills"]]),
        text=text.transform(texts),
        title=text.transform(titles),
    )


def _contract_flags(contracts: Sequence[Sequence[str]]) -> Floats:
    rows = [[float(kind in types) if types else np.nan for kind in _CONTRACTS] for types in contracts]
    return np.array(rows, dtype=np.float32).reshape(len(contracts), len(_CONTRACTS))


def _speaks_of_remote(folded: str) -> bool:
    return any(
        sign in folded for sign in ("remoto", "remota", "home office", "home-office", "homeoffice", "remote")
    )


def _state_keys(states: Iterable[str]) -> Ints:
    return keys(STATES.get(fold(state).strip(), state) for state in states)


def _where(known: NDArray[np.bool_], values: Floats) -> Floats:
    return np.where(known, values, np.float32(np.nan))


def _positive(values: Floats) -> Floats:
    return _where(values > 0, values)


# ---- parts of a block: an array, a Ragged or a sparse matrix ----


def _take(part: Any, rows: Ints) -> Any:
    return part.take(rows) if isinstance(part, Ragged) else part[rows]


def _join(parts: Sequence[Any]) -> Any:
    if isinstance(parts[0], Ragged):
        sizes = np.concatenate([part.sizes for part in parts])
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Ragged(starts, np.concatenate([part.values for part in parts]))
    if sparse.issparse(parts[0]):
        return sparse.vstack(parts, format="csr")
    return np.concatenate(parts)


def _flat(name: str, part: Any) -> dict[str, NDArray[Any]]:
    if isinstance(part, Ragged):
        return {f"{name}.starts": part.starts, f"{name}.values": part.values}
    if sparse.issparse(part):
        shape = np.array(part.shape, dtype=np.int64)
        return {
            f"{name}.data": part.data,
            f"{name}.indices": part.indices,
            f"{name}.indptr": part.indptr,
            f"{name}.shape": shape,
        }
    return {name: part}


def _unflat(name: str, kind: str, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if kind == "Ragged":
        return Ragged(arrays[f"{name}.starts"], arrays[f"{name}.values"])
    if kind == "sparse.csr_matrix":
        parts = (arrays[f"{name}.data"], arrays[f"{name}.indices"], arrays[f"{name}.indptr"])
        return sparse.csr_matrix(parts, shape=tuple(arrays[f"{name}.shape"].tolist()))
    return arrays[name]
