"""One way from frames to features, for training and for serving.

    text = TextModel().fit(chain(candidate_texts(candidates), job_texts(jobs)))
    people = prepare_candidates(candidates, text=text)
    work = prepare_jobs(jobs, text=text)
    X = build_features(pairs, candidates=people, jobs=work, events=events)

`FEATURES` is a closed list: no recruiter, requester or analyst, and nothing personal beyond what `schema`
accepts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from scoring.ml import schema
from scoring.ml.blocks import (
    CandidateBlock,
    JobBlock,
    candidate_texts,
    job_texts,
    prepare_candidates,
    prepare_jobs,
)
from scoring.ml.history import CANDIDATE_HISTORY, JOB_HISTORY, History, prepare_history
from scoring.ml.job_record import JOB_RECORD
from scoring.ml.names import SYSTEM_B_FEATURES, TOPIC_FEATURES
from scoring.ml.pair_features import (
    CANDIDATE_FEATURES,
    JOB_FEATURES,
    PAIR_FEATURES,
    candidate_features,
    job_features,
    pair_features,
)
from scoring.ml.text import TextModel
from scoring.ml.usual_pay import JOB_PAY, WISH_TO_PAY

if TYPE_CHECKING:
    from scoring.ml.topics import TopicModel

__all__ = [
    "FEATURES",
    "FEATURE_GROUPS",
    "JOB_ONLY_FEATURES",
    "SYSTEM_B_FEATURES",
    "TOPIC_FEATURES",
    "CandidateBlock",
    "History",
    "JobBlock",
    "TextModel",
    "build_features",
    "candidate_texts",
    "job_texts",
    "prepare_candidates",
    "prepare_history",
    "prepare_jobs",
]

FEATURES: Final[tuple[str, ...]] = (
    *SYSTEM_B_FEATURES,
    *CANDIDATE_FEATURES,
    *PAIR_FEATURES,
    *JOB_FEATURES,
    *CANDIDATE_HISTORY,
    *JOB_HISTORY,
    JOB_PAY,
    WISH_TO_PAY,
)

# The same for every candidate of a job on a day: they say whether a job gets filled, not who fits it.
JOB_ONLY_FEATURES: Final[tuple[str, ...]] = (*JOB_FEATURES, *JOB_HISTORY, JOB_PAY)


def _topics(text: str) -> tuple[str, ...]:
    return tuple(name for name in TOPIC_FEATURES if name.startswith(f"topic_{text}_"))


# What a recruiter calls each feature; every one of `FEATURES` and `TOPIC_FEATURES` is in exactly one group.
FEATURE_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "required_skills": (
        "must_skills_share",
        "must_skills_found",
        "must_skills_missing",
        "must_skills_named",
        "nice_skills_share",
        "nice_skills_found",
    ),
    "knowledge": (
        "skills_count",
        "cv_excel_avancado",
        "cv_kpi",
        "cv_controladoria",
        "cv_contabil",
        "cv_financeiro",
        "cv_administrativo",
        "cv_protheus",
        "cv_navision",
    ),
    "sap": ("sap_match", "cv_sap"),
    "text_match": ("text_similarity", "headline_text_similarity", *_topics("cv")),
    "title": (
        "title_similarity",
        "title_in_cv",
        "tem_objetivo",
        "titulo_admin",
        "titulo_ti",
        "titulo_dados_bi",
        "titulo_financeiro",
        *_topics("headline"),
    ),
    "area": ("area_overlap", "headline_area_overlap", "area_admin", "area_ti", "area_financeiro"),
    "experience": ("years_experience", "experience_gap"),
    "seniority": ("seniority_gap", "seniority_gap_abs", "candidate_seniority"),
    "education": (
        "education_gap",
        "candidate_education",
        "esc_pos",
        "esc_tecnologo",
        "esc_medio",
        "esc_superior_completo",
        "esc_superior_incompleto",
    ),
    "english": (
        "english_gap",
        "candidate_english",
        "ingl_nenhum",
        "ingl_basico",
        "ingl_intermediario",
        "ingl_avancado",
        "ingl_outro",
    ),
    "spanish": (
        "spanish_gap",
        "candidate_spanish",
        "esp_nenhum",
        "esp_basico",
        "esp_intermediario",
        "esp_avancado",
        "esp_outro",
    ),
    "other_language": ("outro_idioma_presente",),
    "salary": ("salary_ratio", WISH_TO_PAY, "salario_valor"),
    "location": ("same_city", "same_state", "tem_local"),
    "certifications": (
        "has_cert",
        "cert_mos_word",
        "cert_mos_excel",
        "cert_mos_outlook",
        "cert_mos_powerpoint",
        "cert_sap_fi",
    ),
    "contact": ("tem_email", "tem_telefone", "tem_linkedin", "email_corporativo"),
    "cv_length": ("cv_words", "cv_tamanho_maior_1500"),
    "history": CANDIDATE_HISTORY,
    "job_demand": (
        "job_earlier_applicants",
        "job_days_open",
        "job_priority",
        "job_origin_new",
        "job_origin_replacement",
    ),
    "job_record": JOB_RECORD,
    "job_profile": (
        *(
            name
            for name in JOB_FEATURES
            if name not in ("job_days_open", "job_priority", "job_origin_new", "job_origin_replacement")
        ),
        JOB_PAY,
        *_topics("job"),
        *_topics("title"),
    ),
}


def build_features(
    pairs: pd.DataFrame,
    *,
    candidates: CandidateBlock,
    jobs: JobBlock,
    events: pd.DataFrame | History,
    topics: TopicModel | None = None,
) -> pd.DataFrame:
    """(pairs, `FEATURES`) float32 in the order and with the index of `pairs`; NaN = unknown.

    With `topics`, which the blocks' own text model must have made, `TOPIC_FEATURES` follow.

    `pairs`: candidate_id, job_id, as_of (`schema.PAIR_COLUMNS`). Only events strictly before the day of
    `as_of` are used. Each row depends on its own pair, the two blocks' entries for it and the events, never
    on the other rows.

    The hire rates of client, title and contract count only events of jobs that `jobs` holds, and usual pay
    only their pay. Who ranks one job gives the whole company's jobs, or a `History` made by `prepare_history`
    with all of them: else these read NaN where the model learned numbers.

    Raises `schema.SchemaError`, and `KeyError` for an id that a block does not hold.
    """
    checked = schema.check_pairs(pairs)
    candidate_ids, job_ids = checked["candidate_id"].to_numpy(np.int64), checked["job_id"].to_numpy(np.int64)
    as_of = schema.days(checked["as_of"])
    crows, jrows = candidates.rows(candidate_ids), jobs.rows(job_ids)
    history = events if isinstance(events, History) else prepare_history(events, jobs=jobs)
    columns = (
        candidate_features(candidates, crows, as_of)
        | pair_features(candidates, crows, jobs, jrows, as_of)
        | job_features(jobs, jrows, as_of)
        | history.features(candidate_ids, job_ids, as_of)
        | history.pay.features(candidates.salary[crows], jobs.pay_facts(), jrows, as_of)
    )
    names = FEATURES if topics is None else (*FEATURES, *TOPIC_FEATURES)
    values = np.empty((len(pairs), len(names)), dtype=np.float32)
    values[:, : len(SYSTEM_B_FEATURES)] = candidates.system_b[crows]
    for at, name in enumerate(FEATURES[len(SYSTEM_B_FEATURES) :], start=len(SYSTEM_B_FEATURES)):
        values[:, at] = columns[name]
    if topics is not None:
        values[:, len(FEATURES) :] = topics.features(candidates, crows, jobs, jrows)
    return pd.DataFrame(values, columns=list(names), index=pairs.index, copy=False)
