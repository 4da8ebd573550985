"""What a candidate and a job have to do with each other, and what each is by itself, as of a day."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.blocks import CandidateBlock, JobBlock
from scoring.ml.ragged import Ragged, pair_dot, shared_counts
from scoring.ml.schema import AREA_LABELS

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Columns = dict[str, Floats]

CANDIDATE_FEATURES: Final = (
    "candidate_seniority",
    "candidate_education",
    "candidate_english",
    "candidate_spanish",
    "years_experience",
    "skills_count",
    "cv_words",
)
PAIR_FEATURES: Final = (
    "must_skills_share",
    "must_skills_found",
    "must_skills_missing",
    "must_skills_named",
    "nice_skills_share",
    "nice_skills_found",
    "text_similarity",
    "title_similarity",
    "headline_text_similarity",
    "title_in_cv",
    "seniority_gap",
    "seniority_gap_abs",
    "experience_gap",
    "education_gap",
    "english_gap",
    "spanish_gap",
    "salary_ratio",
    "same_city",
    "same_state",
    "area_overlap",
    "headline_area_overlap",
    "sap_match",
)
_AREA_GROUPS: Final = {
    "administrative": ("Administrativa",),
    "commercial": ("Comercial", "Marketing", "Novos Negócios e Parcerias", "Relacionamento Técnico"),
    "finance": ("Financeira/Controladoria",),
    "corporate": ("Jurídica", "Recursos Humanos", "Qualidade Corporativa"),
    "it_management": ("Gestão e Alocação de Recursos de TI", "TI - Governança"),
    "it_projects": ("TI - Projetos", "TI - Processos e Negócios"),
    "it_development": ("TI - Desenvolvimento/Programação", "TI - Desenvolvimento/Mobile"),
    "it_design": ("TI - Arquitetura", "TI - Desenvolvimento/Design", "TI - UX"),
    "it_data": ("TI - Banco de Dados",),
    "it_infrastructure": ("TI - Infraestrutura", "TI - Segurança da Informação", "TI - Telecom"),
    "it_quality": ("TI - Qualidade/Testes",),
    "it_sap": ("TI - SAP",),
    "it_support": ("TI - Suporte", "TI - Sistemas e Ferramentas"),
}
_AREA_MASKS: Final = {
    f"job_area_{group}": sum(1 << AREA_LABELS.index(label) for label in labels)
    for group, labels in _AREA_GROUPS.items()
}
_CONTRACT_FEATURES: Final = (
    "job_contract_clt",
    "job_contract_pj",
    "job_contract_cooperative",
    "job_contract_hunting",
    "job_contract_intern",
    "job_contract_open",
)
JOB_FEATURES: Final = (
    "job_seniority",
    "job_education",
    "job_english",
    "job_spanish",
    "job_sap",
    "job_remote",
    "job_must_skills",
    "job_nice_skills",
    "job_words",
    "job_priority",
    "job_origin_new",
    "job_origin_replacement",
    *_CONTRACT_FEATURES,
    *_AREA_MASKS,
    "job_days_open",
)
_LONGEST_OPEN: Final = 90  # days
# The level (schema.SENIORITY_ORDINAL) that people with so many years of work usually have
_USUAL_YEARS: Final = (0.0, 1.5, 4.5, 8.0, 15.0)
_LEVELS: Final = (1.0, 2.0, 3.0, 4.0, 4.5)


def candidate_features(block: CandidateBlock, rows: Ints, as_of: Ints) -> Columns:
    """`CANDIDATE_FEATURES` of the block's rows, float32; NaN what is unknown, everything for a stub."""
    skills = np.where(block.has_text[rows], block.skills.sizes[rows], np.nan)
    return {
        "candidate_seniority": block.seniority[rows],
        "candidate_education": block.education[rows],
        "candidate_english": block.english[rows],
        "candidate_spanish": block.spanish[rows],
        "years_experience": np.where(block.has_profile[rows], _years_worked(block, rows, as_of), np.nan),
        "skills_count": skills.astype(np.float32),
        "cv_words": np.where(block.has_profile[rows], block.cv_words[rows], np.nan),
    }


def _years_worked(block: CandidateBlock, rows: Ints, as_of: Ints) -> Floats:
    """Years inside the CV's positions before the month of asking; else what the CV claims; else NaN.

    Positions that began after the day of asking, which a later CV may tell of, add nothing.
    """
    spans = block.spans.take(rows)
    owners = spans.owners()[::2]
    today = (as_of.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12)[owners]
    starts, ends = np.minimum(spans.values[::2], today), np.minimum(spans.values[1::2], today)
    months = np.bincount(owners, weights=ends - starts, minlength=len(rows))
    return np.where(spans.sizes > 0, months / 12, block.claimed_years[rows]).astype(np.float32)


def pair_features(
    candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints, as_of: Ints
) -> Columns:
    """`PAIR_FEATURES` of row `crows[i]` with row `jrows[i]`, float32; NaN where either side is unknown."""
    columns = (
        _skills(candidates, crows, jobs, jrows)
        | _texts(candidates, crows, jobs, jrows)
        | _gaps(candidates, crows, jobs, jrows)
        | _experience(candidates, crows, jobs, jrows, as_of)
        | _places(candidates, crows, jobs, jrows)
        | _areas(candidates, crows, jobs, jrows)
    )
    known = candidates.has_profile[crows]
    return {name: np.where(known, values, np.nan).astype(np.float32) for name, values in columns.items()}


def _skills(candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints) -> Columns:
    must, must_found = _found(candidates, candidates.skills, crows, jobs.must_skills, jrows)
    _, must_named = _found(candidates, candidates.named_skills, crows, jobs.must_skills, jrows)
    nice, nice_found = _found(candidates, candidates.skills, crows, jobs.nice_skills, jrows)
    return {
        "must_skills_share": must_found / must,
        "must_skills_found": must_found,
        "must_skills_missing": must - must_found,
        "must_skills_named": must_named / must,
        "nice_skills_share": nice_found / nice,
        "nice_skills_found": nice_found,
    }


def _found(
    candidates: CandidateBlock, held: Ragged, crows: Ints, asked: Ragged, jrows: Ints
) -> tuple[Floats, Floats]:
    """How many skills are asked for and how many of them held; NaN when none is asked or nothing can be
    known.
    """
    number = asked.sizes[jrows].astype(np.float32)
    knowable = candidates.has_text[crows] & (number > 0)
    found = shared_counts(held, crows, asked, jrows)
    return np.where(knowable, number, np.float32(np.nan)), np.where(knowable, found, np.float32(np.nan))


def _texts(candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints) -> Columns:
    indicator = sparse.csr_matrix(
        (np.ones_like(candidates.text.data), candidates.text.indices, candidates.text.indptr),
        shape=candidates.text.shape,
    )
    readable = candidates.has_text[crows]
    return {
        # Squares of a unit row sum to one: the share of the job's words, by weight, that the CV holds. Not
        # the cosine, which falls when a CV names one more thing: no skill added may look like a worse match.
        "text_similarity": _share(indicator, crows, jobs.text, jrows, readable),
        "title_similarity": _similarity(candidates.headline, crows, jobs.title, jrows),
        "headline_text_similarity": _similarity(candidates.headline, crows, jobs.text, jrows),
        "title_in_cv": _share(indicator, crows, jobs.title, jrows, readable),
    }


def _share(
    held: sparse.csr_matrix, crows: Ints, asked: sparse.csr_matrix, jrows: Ints, readable: NDArray[np.bool_]
) -> Floats:
    """The share of the asked words, by weight, that are held; none for a text of other words alone, NaN when
    nothing is asked or there is no text.
    """
    known = readable & (np.diff(asked.indptr)[jrows] > 0)
    return np.where(known, pair_dot(held, crows, asked.power(2), jrows), np.float32(np.nan))


def _similarity(left: sparse.csr_matrix, lrows: Ints, right: sparse.csr_matrix, rrows: Ints) -> Floats:
    both = (np.diff(left.indptr)[lrows] > 0) & (np.diff(right.indptr)[rrows] > 0)
    return np.where(both, pair_dot(left, lrows, right, rrows), np.float32(np.nan))


def _gaps(candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints) -> Columns:
    seniority = candidates.seniority[crows] - jobs.seniority[jrows]
    return {
        "seniority_gap": seniority,
        "seniority_gap_abs": np.abs(seniority),
        "education_gap": candidates.education[crows] - jobs.education[jrows],
        "english_gap": candidates.english[crows] - jobs.english[jrows],
        "spanish_gap": candidates.spanish[crows] - jobs.spanish[jrows],
        "salary_ratio": candidates.salary[crows] / jobs.salary[jrows],
    }


def _experience(candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints, as_of: Ints) -> Columns:
    """How far the years worked lie from those that people of the asked level usually have, in levels: the
    level is not stated in every CV, the years are in most.
    """
    years = _years_worked(candidates, crows, as_of)
    level = np.interp(years, _USUAL_YEARS, _LEVELS)
    return {"experience_gap": (level - jobs.seniority[jrows]).astype(np.float32)}


def _places(candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints) -> Columns:
    state = _equal(candidates.state[crows], jobs.state[jrows])
    city = _equal(candidates.city[crows], jobs.city[jrows])
    return {
        # Two towns of one name in two states are two.
        "same_city": np.where(state == 0, np.where(np.isnan(city), np.float32(np.nan), np.float32(0)), city),
        "same_state": state,
    }


def _equal(left: Ints, right: Ints) -> Floats:
    return np.where((left == 0) | (right == 0), np.nan, left == right).astype(np.float32)


def _areas(candidates: CandidateBlock, crows: Ints, jobs: JobBlock, jrows: Ints) -> Columns:
    asked = jobs.areas[jrows]
    sap = np.where(jobs.sap[jrows], candidates.sap[crows], np.nan)
    return {
        "area_overlap": _covered(asked, candidates.areas[crows]),
        "headline_area_overlap": _covered(asked, candidates.headline_areas[crows]),
        "sap_match": sap.astype(np.float32),
    }


def _covered(asked: Ints, offered: Ints) -> Floats:
    """Share of the asked areas that are offered; NaN when either side names none."""
    number = np.bitwise_count(asked).astype(np.float32)
    unknown = (asked == 0) | (offered == 0)
    return np.where(unknown, np.float32(np.nan), np.bitwise_count(asked & offered) / np.maximum(number, 1))


def job_features(block: JobBlock, rows: Ints, as_of: Ints) -> Columns:
    """`JOB_FEATURES` of the block's rows, float32; days open clipped to 0..90, NaN when the request has no
    date.
    """
    asked = block.requested_on[rows]
    dated = asked > np.iinfo(np.int64).min
    days_open = np.clip(as_of - np.where(dated, asked, as_of), 0, _LONGEST_OPEN)
    areas = block.areas[rows]
    return {
        "job_seniority": block.seniority[rows],
        "job_education": block.education[rows],
        "job_english": block.english[rows],
        "job_spanish": block.spanish[rows],
        "job_sap": block.sap[rows].astype(np.float32),
        "job_remote": block.remote[rows].astype(np.float32),
        "job_must_skills": block.must_skills.sizes[rows].astype(np.float32),
        "job_nice_skills": block.nice_skills.sizes[rows].astype(np.float32),
        "job_words": block.words[rows],
        "job_priority": block.priority[rows],
        "job_origin_new": block.origin_new[rows],
        "job_origin_replacement": block.origin_replacement[rows],
        **{name: block.contracts[rows, at] for at, name in enumerate(_CONTRACT_FEATURES)},
        **{
            name: np.where(areas == 0, np.nan, (areas & mask) > 0).astype(np.float32)
            for name, mask in _AREA_MASKS.items()
        },
        "job_days_open": np.where(dated, days_open, np.nan).astype(np.float32),
    }
