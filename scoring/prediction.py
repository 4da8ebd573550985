"""Answers to single requests: scored, stored, then given.

On a request's path there is one numpy row and LightGBM's Booster, no frame and no scikit-learn object.
"""

import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from candidates.models import Candidate
from scoring import announcing, explaining
from scoring.models import ModelVersion, Prediction
from scoring.registry import NoModel, champion_artifact

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from scoring.ml.artifact import Artifact

__all__ = ["BadFeature", "NoModel", "predict_features"]

SYSTEM_B_RECIPE = "prec80"


class BadFeature(ValueError):
    """A feature's value is no number; the message names the feature, never its value."""


def predict_features(
    features: Mapping[str, float | None],
    *,
    candidate_code: str = "",
    by: "User | None" = None,
    correlation_id: str = "",
) -> Prediction:
    """The stored prediction for a candidate described by system B's 46 features.

    Names the model does not know are passed over; those that are missing or None are unknown to it.
    Answered by the recipe that learned from these features alone, and without one by the main model, to
    which the job's features are then unknown. Raises ``NoModel`` and ``BadFeature``.
    """
    started = time.perf_counter()
    version, artifact = answering_model()
    known = {name: features[name] for name in artifact.feature_names if name in features}
    row = [_row(known, artifact.feature_names)]
    margins = artifact.predict_raw(row)
    score = float(artifact.calibrator.apply(margins)[0])
    (account,) = explaining.accounts(artifact, artifact.contributions(row), margins=margins)
    candidate_id = Candidate.objects.coded(candidate_code).values_list("pk", flat=True).first()
    answer = Prediction(
        candidate_id=candidate_id if candidate_code else None,
        candidate_code=candidate_code,
        model_version=version,
        score=score,
        decision=score >= version.threshold,
        threshold=version.threshold,
        operating_mode=version.operating_mode,
        features=known,
        reasons={"for": [], "against": []} | account,
        source=Prediction.Source.API,
        correlation_id=correlation_id,
        requested_by=by,
        latency_ms=1000 * (time.perf_counter() - started),
    )
    return announcing.keep(answer, version=version)


def answering_model() -> "tuple[ModelVersion, Artifact]":
    try:
        return champion_artifact(SYSTEM_B_RECIPE)
    except NoModel:
        return champion_artifact()


def _row(features: Mapping[str, float | None], names: Sequence[str]) -> list[float]:
    return [_number(name, features.get(name)) for name in names]


def _number(name: str, value: object) -> float:
    if value is None:
        return math.nan
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise BadFeature(_("The feature %(name)s must be a number or null.") % {"name": name})
    return float(value)
