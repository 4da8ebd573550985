"""What is told of a model beside its figures: card, baseline, where its code stood."""

import subprocess
from collections.abc import Sequence
from importlib.metadata import version as library_version
from platform import python_version
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_noop

from scoring.ml.names import SYSTEM_B_NUMBERS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scoring.ml.dataset import Dataset
    from scoring.ml.train import TrainResult

NUMERIC = SYSTEM_B_NUMBERS | {"score"}  # all others of system B's features are 0 or 1
LIBRARIES = ("lightgbm", "numpy", "scipy", "pandas", "scikit-learn", "django")

INTENDED_USE = gettext_noop(
    "Orders the candidates of a job for a recruiter, who decides. It says how likely a hire was for such a "
    "candidate in such a job in the past; it does not say who is able."
)
LIMITS = (
    gettext_noop("The CV text is the latest version a person sent, possibly later than the application."),
    gettext_noop(
        "Most of what the model knows is which jobs get filled. How well it orders the candidates of one job "
        "is the figure inside jobs; compare it with random order."
    ),
    gettext_noop(
        "Past outcomes hold the habits of those who decided. Sex, age, marital status and disability are "
        "never read, but may shine through other facts."
    ),
    gettext_noop(
        "Nobody without a CV, headline, knowledge or education is scored: no data is not a low score."
    ),
)

# What scoring.ml.cautions may say, for the language files; the learner knows nothing of languages
CAUTIONS = (
    gettext_noop("The rows it learned from hold only %(hires)s hires; its figures can be chance."),
    gettext_noop("The calibration window has only %(hires)s hires; its figures can be chance."),
    gettext_noop("The validation window has only %(hires)s hires; its figures can be chance."),
    gettext_noop("The test window has only %(hires)s hires; its figures can be chance."),
    gettext_noop(
        "No cut reaches a precision of %(wanted)s %% on the validation window; the nearest has %(reached)s "
        "%% over %(support)s applications."
    ),
    gettext_noop("Hires scored no higher on the calibration window: everybody gets one probability."),
    gettext_noop("On the validation window the model hardly beats chance (ROC-AUC %(auc)s)."),
    gettext_noop("Too few jobs have both a hire and somebody else to learn who is taken inside a job."),
    gettext_noop("Too few people were wanted and withdrew: nothing is said of who is likely to accept."),
)


def model_card(
    result: "TrainResult",
    data: "Dataset",
    *,
    policy: str,
    baseline: dict[str, Any],
    unknown_statuses: Sequence[str],
) -> dict[str, Any]:
    """Plain JSON; sentences are message ids of the interface's language files."""
    return {
        "recipe": result.recipe,
        "label_policy": policy,
        "intended_use": INTENDED_USE,
        "limits": list(LIMITS),
        "warnings": [warning.to_json() for warning in result.warnings],
        "data": {
            "applications": len(data),
            "left_out": result.dropped_rows,
            "candidates": int(data.rows["candidate_id"].nunique()),
            "jobs": int(data.rows["job_id"].nunique()),
            "by_year": _by_year(data),
            "unknown_statuses": sorted(unknown_statuses),
        },
        "windows": [window.to_json() for window in result.windows],
        "parts": _parts(result),
        "features": [{"name": name, "importance": share} for name, share in result.importances.items()],
        "params": result.params,
        "rounds": result.rounds,
        "calibration": result.head.calibrator.method,
        "threshold": result.threshold.to_json(),
        "seed": result.config.seed,
        "libraries": {"python": python_version()} | {name: library_version(name) for name in LIBRARIES},
        "baseline": baseline,
    }


def _parts(result: "TrainResult") -> list[dict[str, Any]]:
    return [
        {
            "name": part.name,
            "weight": part.weight,
            "about_job": part.about_job,
            "features": len(part.columns),
            "trees": part.booster.num_trees(),
        }
        for part in result.head.parts
    ]


def _by_year(data: "Dataset") -> dict[str, dict[str, int]]:
    import numpy as np

    years, truth = data.rows["as_of"].dt.year.to_numpy(), data.y
    found = {}
    for year in sorted(set(years.tolist())):
        of_year = truth[(years == year) & ~np.isnan(truth)]
        found[str(year)] = {"rows": len(of_year), "hires": int(of_year.sum())}
    return found


def drift_baseline(features: "pd.DataFrame", scores: "NDArray[np.float64]") -> dict[str, Any]:
    """What monitoring compares served predictions with: ``{"stats": {name: figures}, "rows": n}``.

    One entry for each of system B's features over the training rows, unknown values apart, and "score" over
    the scores of the test window. Figures are ``kind`` "binary" with ``rate``, or "numeric" with ``mean`` and
    ``std``, and the share ``missing``; None where every value is unknown.
    """
    import pandas as pd

    from scoring.ml.features import SYSTEM_B_FEATURES

    stats = {name: _baseline(features[name]) for name in SYSTEM_B_FEATURES}
    stats["score"] = _baseline(pd.Series(scores, name="score"))
    return {"stats": stats, "rows": len(features)}


def _baseline(column: "pd.Series[float]") -> dict[str, Any]:
    known = column.dropna().astype("float64")
    missing = 1 - len(known) / len(column) if len(column) else 0.0
    if column.name not in NUMERIC:
        rate = float(known.mean()) if len(known) else None
        return {"kind": "binary", "rate": rate, "missing": missing}
    return {
        "kind": "numeric",
        "mean": float(known.mean()) if len(known) else None,
        "std": float(known.std(ddof=0)) if len(known) else None,
        "missing": missing,
    }


def code_commit() -> str:
    """The commit of the running code: as the image was told, else of the checkout; "" when neither knows."""
    if settings.GIT_COMMIT:
        return str(settings.GIT_COMMIT)
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
