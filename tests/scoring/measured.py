"""Versions as training leaves them for the pages: figures, card, and the rows they were measured on."""

import io

import numpy as np

from scoring import holdout, storage
from scoring.models import ModelVersion
from tests.factories import make_candidate, make_job, make_version

OVERALL = {
    "n": 400,
    "positives": 32,
    "base_rate": 0.08,
    "roc_auc": 0.71,
    "average_precision": 0.2,
    "brier": 0.07,
    "expected_calibration_error": 0.012,
    "intervals": {"roc_auc": [0.66, 0.76], "average_precision": [0.15, 0.27], "brier": [0.06, 0.08]},
}
RELIABILITY = [
    {"low": 0.0, "high": 0.1, "n": 300, "mean_probability": 0.05, "hire_rate": 0.04},
    {"low": 0.1, "high": 0.6, "n": 100, "mean_probability": 0.25, "hire_rate": 0.2},
]
INSIDE = {
    "jobs": 39,
    "n": 300,
    "figures": {
        "roc_auc": {"value": 0.7, "low": 0.64, "high": 0.76, "random": 0.5, "by_application": 0.47},
        "hit_50": {"value": 0.9, "low": 0.8, "high": 1.0, "random": 0.85, "by_application": 0.84},
        "mrr": {"value": None, "low": None, "high": None, "random": None, "by_application": None},
    },
}
METRICS = {
    **OVERALL,
    "reliability": RELIABILITY,
    "at_threshold": {
        **{"threshold": 0.5, "true_positives": 2, "false_positives": 6, "false_negatives": 30},
        **{"true_negatives": 362, "precision": 0.25, "recall": 0.0625, "f1": 0.1},
    },
    "inside_jobs": INSIDE,
    "baselines": [
        {"name": "prevalence", "roc_auc": 0.5, "average_precision": 0.08, "brier": 0.075},
        {"name": "job_only", "roc_auc": 0.69, "average_precision": 0.18, "brier": 0.072},
        {"name": "a later rule", "roc_auc": 0.6, "average_precision": 0.1, "brier": 0.074},
    ],
    "slices": [
        {
            **{"by": "seniority", "value": "senior", "n": 200, "positives": 20, "roc_auc": 0.73},
            **{"average_precision": 0.22, "base_rate": 0.1, "inside_auc": 0.68, "inside_jobs": 21},
            "enough": True,
        },
        {"by": "year", "value": "2025", "n": 9, "positives": 1, "roc_auc": 0.99, "enough": False},
    ],
    "accept": OVERALL | {"n": 90, "positives": 61, "base_rate": 0.678, "roc_auc": 0.58},
}
CARD = {
    "intended_use": "Orders the candidates of a job.",
    "limits": ["A limit of the model."],
    "warnings": ["Only a few hires.", {"id": "Only %(n)s hires are left.", "params": {"n": 12}}],
    "windows": [
        {"name": "train", "start": "2024-01-01", "end": "2025-06-30", "rows": 900, "hires": 72, "jobs": 90},
        {"name": "test", "start": "2025-09-11", "end": "2026-10-31", "rows": 400, "hires": 32, "jobs": 54},
    ],
    "features": [
        {"name": "text_similarity", "importance": 0.3},
        {"name": "english_gap", "importance": 0.2},
        {"name": "client_hire_rate", "importance": 0.45},
        {"name": "a_feature_of_later", "importance": 0.05},
        {"name": "cv_sap", "importance": 0.0},
    ],
    "threshold": {
        **{"threshold": 0.5, "attainable": True, "min_precision": 0.8, "min_support": 1},
        **{"precision": 0.83, "precision_low": 0.61, "recall": 0.2, "support": 18},
    },
    "data": {
        **{"applications": 900, "candidates": 300, "jobs": 60, "left_out": 10},
        "by_year": {"2025": {"rows": 500, "hires": 40}},
    },
    "params": {"job": {"learning_rate": 0.03}, "choice": {"num_leaves": 7}},
    "libraries": {"python": "3.11.2", "lightgbm": "4.6.0"},
    "seed": 42,
    "calibration": "sigmoid",
}
VERDICT = {
    "passed": False,
    "champion": 2,
    "at": "2026-11-01T10:00:00+00:00",
    "rows": {"rows": 400, "used": 380, "hires": 30, "jobs": 50},
    "notes": [],
    "checks": [
        {"name": "f1", "passed": True, "challenger": 0.3, "champion": 0.31, "limit": 0.2945},
        {
            **{"name": "average_precision", "passed": False, "challenger": 0.2, "champion": 0.25},
            **{"low": -0.08, "high": -0.01, "limit": None},
        },
        {"name": "evidence", "passed": True, "challenger": "some", "champion": "none"},
        {"name": "fairness", "passed": None, "note": {"id": "Nobody told.", "params": {}}},
    ],
}


def make_measured_version(**values):
    """Figures and card alone; no files."""
    return make_version(**({"metrics": METRICS, "card": CARD, "evidence": "strong"} | values))


def scores(rows, *, seed=1):
    """(outcomes, probabilities) in which a high score is right more often than not."""
    chance = np.random.default_rng(seed)
    p = np.round(chance.beta(1, 6, rows), 4)
    return (chance.random(rows) < 0.02 + 0.9 * p).astype(float), p


def keep_rows(version, pairs, *, y, p, validation=True):
    """The version's files: the rows ``pairs`` (candidate, job) it was measured on."""
    from scoring.ml.artifact import digest

    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    arrays = {
        "holdout_candidate": np.array([pair[0] for pair in pairs], dtype=np.int64),
        "holdout_job": np.array([pair[1] for pair in pairs], dtype=np.int64),
        "holdout_y": y,
        "holdout_p": p,
        "holdout_raw": np.log(np.clip(p, 1e-6, 1 - 1e-6) / (1 - np.clip(p, 1e-6, 1 - 1e-6))),
    }
    if validation:
        arrays |= dict(zip(("validation_y", "validation_p"), scores(300, seed=9), strict=True))
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    files = {"arrays.npz": packed.getvalue(), "manifest.json": b'{"format_version": 2}'}
    storage.write_model(version.artifact_path, files)
    ModelVersion.objects.filter(pk=version.pk).update(sha256=digest(files))
    version.refresh_from_db()
    holdout.forget()
    return version


def make_version_with_rows(rows=200, *, seed=1, validation=True, **values):
    """A version and the rows it was measured on; nobody of them is stored."""
    y, p = scores(rows, seed=seed)
    pairs = [(100_000 + place, 500 + place // 5) for place in range(rows)]
    values.setdefault("threshold", 0.3)
    return keep_rows(make_measured_version(**values), pairs, y=y, p=p, validation=validation)


def make_version_to_review(rows=4, **values):
    """A version measured on stored people, the first with the highest score; and those people."""
    job = make_job()
    people = [make_candidate(name=f"Pessoa {place}") for place in range(rows)]
    p = [0.9 - 0.8 * place / max(rows - 1, 1) for place in range(rows)]
    y = [float(place == 0) for place in range(rows)]
    pairs = [(person.pk, job.pk) for person in people]
    return keep_rows(make_measured_version(**values), pairs, y=y, p=p), people, job
