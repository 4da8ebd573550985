"""The account of a score that was stored without one: of the stored features, by that very version."""

import logging
import math
from typing import Any

from scoring import explaining, registry
from scoring.models import Prediction
from scoring.reason_table import has_account
from scoring.serving import JOB_ROW, row_of

logger = logging.getLogger(__name__)

SAME = 1e-6  # a score that differs by more was not made of these features


def account_of(prediction: Prediction) -> dict[str, Any]:
    """``prediction.reasons`` with the account of the score; what was stored when there was one, or no score.

    Reasons for and against are not found anew: their facts were those of another day. Empty, and said so in
    the log, when the score does not come out of the features. Raises ``scoring.ml.artifact.ArtifactError``.
    """
    stored: dict[str, Any] = prediction.reasons
    if has_account(stored) or prediction.score is None:
        return stored
    model = registry.artifact(prediction.model_version)
    row = row_of(model, prediction.features)
    job = row_of(model, prediction.features | stored.get(JOB_ROW, {}))
    margins = model.predict_raw(row, job=job)
    if not math.isclose(float(model.calibrator.apply(margins)[0]), prediction.score, abs_tol=SAME):
        logger.error("prediction %s: its features give another score", prediction.pk)
        return {}
    (account,) = explaining.accounts(model, model.contributions(row, job=job), margins=margins)
    return {"for": stored.get("for", []), "against": stored.get("against", [])} | account
