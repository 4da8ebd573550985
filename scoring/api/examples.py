"""Examples of the schema and the documentation; the candidates in them do not exist."""

from typing import Any

EVIDENCE: dict[str, Any] = {"verdict": "some", "jobs": 39, "pairs_right": 0.58, "low": 0.52, "high": 0.64}
FEATURES: dict[str, Any] = {
    "tem_email": 1,
    "tem_telefone": True,
    "salario_valor": 5500.0,
    "ingl_avancado": 1,
    "esc_superior_completo": 1,
    "cv_sap": 1,
    "cv_tamanho_maior_1500": None,
}
PREDICT: dict[str, Any] = {"codigo_profissional": 31001, "features": FEATURES}
PREDICTED: dict[str, Any] = {
    "probabilidade_contratacao": 0.209,
    "aprovado_pelo_modelo": False,
    "threshold": 0.496,
    "operating_mode": "prec80",
    "codigo_profissional": 31001,
    "prediction_id": "6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10",
    "model_version": 4,
    "correlation_id": "0b1d6d3c8e7a4f0f9c5f0a2b7c1d9e34",
    "evidence": EVIDENCE,
}
PREDICT_BATCH: dict[str, Any] = {
    "items": [PREDICT, {"codigo_profissional": 31002, "features": {"cv_sap": 1}}]
}
PREDICTED_BATCH: dict[str, Any] = {
    "results": [
        {
            "index": 0,
            "status": "scored",
            "errors": [],
            "probabilidade_contratacao": 0.209,
            "aprovado_pelo_modelo": False,
            "threshold": 0.496,
            "operating_mode": "prec80",
            "codigo_profissional": 31001,
            "prediction_id": "6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10",
        },
        {
            "index": 1,
            "status": "failed",
            "errors": [
                {
                    "field": "features.cv_sap",
                    "code": "invalid",
                    "detail": "Must be a number, true, false or null; this is text.",
                    "got": "text",
                }
            ],
            "probabilidade_contratacao": None,
            "aprovado_pelo_modelo": None,
            "threshold": None,
            "operating_mode": None,
            "codigo_profissional": None,
            "prediction_id": None,
        },
    ],
    "counts": {"scored": 1, "failed": 1},
    "model_version": 4,
    "correlation_id": "0b1d6d3c8e7a4f0f9c5f0a2b7c1d9e34",
    "evidence": EVIDENCE,
}
VERSION: dict[str, Any] = {
    "operating_mode": "prec80",
    "threshold": 0.496,
    "feature_columns": ["tem_email", "tem_telefone", "…"],
    "metadata": {"python": "3.11.7", "lightgbm": "4.6.0", "created_at": "2026-03-10T12:00:00Z"},
    "artifact_path": "v4",
    "model_version": 4,
    "version": "0.1.0",
    "commit": "",
}
MODEL: dict[str, Any] = {
    "number": 4,
    "recipe": "peneira",
    "label_policy": "all",
    "state": "champion",
    "operating_mode": "prec80",
    "threshold": 0.496,
    "threshold_attainable": True,
    "metrics": {"roc_auc": 0.79, "average_precision": 0.27},
    "evidence": EVIDENCE,
    "data_fingerprint": "9f2c…",
    "sha256": "4b1d…",
    "code_commit": "",
    "training_run": 7,
    "created_at": "2026-03-10T12:00:00Z",
    "promoted_at": "2026-03-10T12:00:01Z",
    "promotion_reason": "Newest version; its figures on the test window can be read.",
}
PROMOTION: dict[str, Any] = {
    "id": 3,
    "model_version": 4,
    "recipe": "peneira",
    "replaced": 2,
    "reason": "Newest version; its figures on the test window can be read.",
    "overruled": False,
    "created_at": "2026-03-10T12:00:01Z",
}
MODEL_READ: dict[str, Any] = MODEL | {
    "features": ["cv_sap", "salario_valor", "must_skills_share"],
    "verdict": {"passed": True, "champion": 2, "checks": []},
    "fairness": {"rows": 10293, "flagged": 0, "judged": True, "blocks": []},
    "card": {"libraries": {"python": "3.11.7", "lightgbm": "4.6.0"}},
    "snapshot": "4b1d…",
    "promotions": [PROMOTION],
}
RUN: dict[str, Any] = {
    "id": 7,
    "recipe": "peneira",
    "label_policy": "all",
    "state": "running",
    "step": "Reading candidates",
    "progress": 0.35,
    "error": "",
    "queued_at": "2026-03-10T11:59:00Z",
    "started_at": "2026-03-10T11:59:01Z",
    "finished_at": None,
    "model": None,
    "url": "https://peneira.example/api/v1/training-runs/7",
}
SKILLS = "Has all required skills: Java, SQL"
RANKED: dict[str, Any] = {
    "prediction_id": "6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10",
    "candidate": "31001",
    "group": "prospect",
    "rank": 1,
    "score": 0.61,
    "accept_score": 0.82,
    "decision": True,
    "reasons": {
        "for": [
            {
                "text": SKILLS,
                "group": "required_skills",
                "contribution": 0.83,
                "params": {"met": ["java", "sql"], "missing": [], "nice_met": [], "nice_total": 0},
            }
        ],
        "against": [],
        "base": -2.1,
        "groups": [
            {"text": SKILLS, "group": "required_skills", "contribution": 0.83, "about_the_job": False},
            {
                "text": "What kind of job it is",
                "group": "job_profile",
                "contribution": 0.25,
                "about_the_job": True,
            },
        ],
        "margin": -1.02,
    },
    "requirements": [
        {
            "text": "Java",
            "kind": "skill",
            "value": "java",
            "must": True,
            "state": "met",
            "quote": "desenvolvedor java",
        }
    ],
}
RANKING: dict[str, Any] = {
    "id": 12,
    "job": "5185",
    "model_version": 4,
    "recipe": "peneira",
    "operating_mode": "prec80",
    "threshold": 0.496,
    "evidence": EVIDENCE,
    "order": "model",
    "stale": False,
    "created_at": "2026-03-10T12:00:00Z",
    "pool_size": 400,
    "not_rankable": 3,
    "rows": [RANKED],
}
RANKING_READ: dict[str, Any] = RANKING | {
    "state": "done",
    "step": "",
    "progress": 1.0,
    "error": "",
    "queued_at": "2026-03-10T11:59:40Z",
}
LISTED_RANKING: dict[str, Any] = {
    "id": 12,
    "job": "5185",
    "model_version": 4,
    "recipe": "peneira",
    "order": "model",
    "state": "done",
    "error": "",
    "pool_size": 400,
    "not_rankable": 3,
    "seconds": 1.8,
    "queued_at": "2026-03-10T11:59:40Z",
    "created_at": "2026-03-10T12:00:00Z",
}
PREDICTION: dict[str, Any] = RANKED | {
    "job": "5185",
    "ranking": 12,
    "order": "model",
    "model_version": 4,
    "recipe": "peneira",
    "operating_mode": "prec80",
    "threshold": 0.496,
    "evidence": EVIDENCE,
    "needs_human_review": False,
    "review_reason": None,
    "origin": "ranking",
    "created_at": "2026-03-10T12:00:00Z",
    "correlation_id": "",
}
LISTED_PREDICTION: dict[str, Any] = {
    name: value for name, value in PREDICTION.items() if name not in ("reasons", "requirements")
}
PENDING: dict[str, Any] = {"id": 12, "job": "5185", "state": "queued", "step": "", "progress": 0.0}
