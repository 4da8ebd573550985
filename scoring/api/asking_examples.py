"""Examples of scores on demand; the people in them do not exist."""

from typing import Any

from scoring.api.examples import EVIDENCE, RANKED

REQUIREMENTS = RANKED["requirements"]
_VERSION: dict[str, Any] = {
    "correlation_id": "0b1d6d3c8e7a4f0f9c5f0a2b7c1d9e34",
    "model_version": 4,
    "recipe": "peneira",
    "operating_mode": "prec80",
    "threshold": 0.496,
    "evidence": EVIDENCE,
}
FULL: dict[str, Any] = {
    "candidate": {
        "headline": "Desenvolvedora Java",
        "cv_text": "Cinco anos com Java, Spring e SQL. Inglês avançado.",
        "seniority": "senior",
        "english": "advanced",
        "salary_monthly": "9500.00",
    },
    "job": {
        "title": "Desenvolvedor Java Sênior",
        "activities": "Desenvolver serviços em Java e SQL.",
        "seniority": "senior",
        "requirements": [
            {"kind": "skill", "value": "Java", "must": True},
            {"kind": "english", "value": "intermediate", "must": False},
        ],
    },
    "reasons": True,
}
BY_FEATURES: dict[str, Any] = {
    "features": {"cv_sap": 1, "salario_valor": 5500.0, "must_skills_share": 0.75},
    "model": 4,
}
SMART: dict[str, Any] = {"job": "5185", "candidate": "31001", "model": "champion", "reasons": False}
ANSWER: dict[str, Any] = {
    "prediction_id": "6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10",
    "candidate": "31001",
    "score": 0.61,
    "accept_score": None,
    "decision": True,
    "needs_human_review": False,
    "review_reason": None,
    "requirements": REQUIREMENTS,
    "job": "5185",
    **_VERSION,
}
OF_DESCRIBED: dict[str, Any] = ANSWER | {
    "candidate": None,
    "job": None,
    "requirements": [one | {"quote": ""} for one in REQUIREMENTS],
    "reasons": RANKED["reasons"],
}
NEEDS_REVIEW: dict[str, Any] = ANSWER | {
    "candidate": "99999",
    "score": None,
    "decision": None,
    "needs_human_review": True,
    "review_reason": "unknown_candidate",
    "requirements": [],
}
RANK: dict[str, Any] = {"job": "5185", "candidates": ["31001", "31002", "99999"]}
RANK_PROSPECTS: dict[str, Any] = {"job": "5185", "prospects": True, "reasons": True}
RANK_POOL: dict[str, Any] = {
    "job": "5185",
    "pool": {"filters": {"skill": ["java"], "state": ["São Paulo"]}, "limit": 20},
}
RANKED_ROWS: dict[str, Any] = {
    "job": "5185",
    **_VERSION,
    "order": "model",
    "compared": 2,
    "unknown": ["99999"],
    "results": [
        {
            "prediction_id": "6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10",
            "candidate": "31001",
            "score": 0.61,
            "accept_score": None,
            "decision": True,
            "needs_human_review": False,
            "review_reason": None,
            "requirements": [one | {"quote": ""} for one in REQUIREMENTS],
            "group": "prospect",
            "rank": 1,
        },
        {
            "prediction_id": "0f0c3a52-7b53-4d2c-8a55-3f3f3a1f8a11",
            "candidate": "31002",
            "score": None,
            "accept_score": None,
            "decision": None,
            "needs_human_review": True,
            "review_reason": "no_profile",
            "requirements": [],
            "group": "not_rankable",
            "rank": None,
        },
    ],
}
RECOMMENDATIONS: dict[str, Any] = {
    "candidate": "31001",
    "correlation_id": "0b1d6d3c8e7a4f0f9c5f0a2b7c1d9e34",
    "made_at": "2026-03-10T12:00:00Z",
    "stale": False,
    "needs_human_review": False,
    "review_reason": None,
    "model_version": 4,
    "recipe": "peneira",
    "operating_mode": "prec80",
    "threshold": 0.496,
    "evidence": EVIDENCE,
    "order": "model",
    "results": [
        {
            "prediction_id": "6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10",
            "job": "5185",
            "title": "Desenvolvedor Java Sênior",
            "rank": 1,
            "score": 0.61,
            "decision": True,
            "requirements": REQUIREMENTS,
        }
    ],
}
