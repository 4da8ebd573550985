"""What the schema shows of reports; the figures are invented."""

from typing import Any

DRIFT: dict[str, Any] = {
    "id": 41,
    "day": "2026-03-09",
    "model_version": 3,
    "recipe": "prec80",
    "predictions": 412,
    "mean_score": 0.231,
    "enough": True,
    "minimum": 30,
    "alert_count": 1,
    "created_at": "2026-03-10T02:30:04-03:00",
}
ALERT = {
    "feature": "cv_sap",
    "kind": "rate",
    "baseline": 0.12,
    "current": 0.31,
    "distance": 0.19,
    "limit": 0.15,
}
DRIFT_WHOLE = DRIFT | {
    "alerts": [ALERT],
    "hourly": [{"hour": 9, "count": 57, "mean_score": 0.244}],
}
FAIRNESS: dict[str, Any] = {
    "model_version": 3,
    "recipe": "peneira",
    "state": "champion",
    "judged_at": "2026-03-01T04:12:09+00:00",
    "rows": 5120,
    "rules": {"limit": 0.8, "minimum": 30, "significance": 0.05},
    "judged": True,
    "flagged": 0,
}
BLOCK = {
    "attribute": "sex",
    "measure": "first_ten",
    "n": 4810,
    "unknown": 310,
    "reference": "female",
    "categories": [
        {
            "name": "male",
            "n": 2655,
            "hits": 690,
            "rate": 0.26,
            "ratio": 0.96,
            "low": 0.88,
            "high": 1.05,
            "p_value": 0.38,
            "enough": True,
            "flagged": False,
            "certain": False,
        }
    ],
}
FAIRNESS_WHOLE = FAIRNESS | {"blocks": [BLOCK]}
