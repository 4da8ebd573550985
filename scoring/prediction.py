"""Answers to single requests: scored, stored, then given.

On a request's path there is one numpy row and LightGBM's Booster, no frame and no scikit-learn object. What a
score is made of costs many times the score itself: it is found when somebody asks, now or on reading
(``scoring.accounting``).
"""

import math
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Candidate
from scoring import announcing, explaining
from scoring.choosing import chosen
from scoring.models import ModelVersion, Prediction
from scoring.registry import NoModel, champion_artifact

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from scoring.ml.artifact import Artifact

__all__ = ["BadFeature", "NoModel", "answering_model", "predict_features", "score"]

SYSTEM_B_RECIPE = "prec80"

Features = Mapping[str, float | None]


class BadFeature(ValueError):
    """A feature's value is no number; the message names the feature, never its value."""


@dataclass(frozen=True)
class Scored:
    """``features``: those the model knows, as they were given. ``margin``: what the calibrator turned into
    the score."""

    features: dict[str, float | None]
    margin: float
    score: float


def predict_features(
    features: Features,
    *,
    candidate_code: str = "",
    by: "User | None" = None,
    correlation_id: str = "",
    reasons: bool = True,
    model: "str | int | None" = None,
) -> Prediction:
    """The stored prediction for a candidate described by system B's 46 features.

    Names the model does not know are passed over; those that are missing or None are unknown to it.
    Answered by the recipe that learned from these features alone, and without one by the main model, to
    which the job's features are then unknown, or by ``model``. Raises ``NoModel``, ``BadFeature``, and with
    a model named what ``answering_model`` raises.
    """
    started = time.perf_counter()
    version, artifact = answering_model(model)
    _refuse_what_is_no_number(features, artifact.feature_names)
    (scored,) = score(artifact, [features])
    candidate_id = Candidate.objects.coded(candidate_code).values_list("pk", flat=True).first()
    prediction = Prediction(
        id=uuid.uuid4(),
        candidate_id=candidate_id if candidate_code else None,
        candidate_code=candidate_code,
        model_version=version,
        score=scored.score,
        decision=scored.score >= version.threshold,
        threshold=version.threshold,
        operating_mode=version.operating_mode,
        features=scored.features,
        reasons=_account(artifact, scored) if reasons else {"margin": scored.margin},
        source=Prediction.Source.API,
        correlation_id=correlation_id,
        requested_by=by,
        latency_ms=1000 * (time.perf_counter() - started),
    )
    with transaction.atomic():
        prediction.save(force_insert=True)
        announcing.predicted([prediction], version=version)
    return prediction


def answering_model(wanted: "str | int | None" = None) -> "tuple[ModelVersion, Artifact]":
    """Which version answers system B's request: the one that is wanted (``choosing.chosen``), else the one
    that learned from these features. Raises ``NoModel``, and for one that is wanted ``UnknownModel`` and
    ``ArtifactError``."""
    if wanted is not None:
        return chosen(wanted)
    try:
        return champion_artifact(SYSTEM_B_RECIPE)
    except NoModel:
        return champion_artifact()


def score(artifact: "Artifact", people: Sequence[Features]) -> list[Scored]:
    """Of each the score, all in one call of the model. Values must be finite numbers or None."""
    import numpy as np

    if not people:
        return []
    names, every = artifact.feature_names, frozenset(artifact.feature_names)
    rows = np.array([_row(features, names) for features in people], dtype=np.float32)
    margins = artifact.predict_raw(rows)
    scores = artifact.calibrator.apply(margins)
    known = (_known(features, every) for features in people)
    return list(map(Scored, known, margins.tolist(), scores.tolist()))


def _row(features: Features, names: Sequence[str]) -> list[float | None]:
    """numpy reads None as NaN, which is unknown to LightGBM."""
    return list(map(features.get, names))


def _known(features: Features, names: frozenset[str]) -> dict[str, float | None]:
    if features.keys() <= names:
        return dict(features)
    return {name: value for name, value in features.items() if name in names}


def _refuse_what_is_no_number(features: Features, names: Sequence[str]) -> None:
    for name in names:
        value = features.get(name)
        if value is not None and not (isinstance(value, int | float) and math.isfinite(value)):
            raise BadFeature(_("The feature %(name)s must be a number or null.") % {"name": name})


def _account(artifact: "Artifact", scored: Scored) -> dict[str, Any]:
    import numpy as np

    row = np.array([_row(scored.features, artifact.feature_names)], dtype=np.float32)
    margins = np.array([scored.margin])
    (account,) = explaining.accounts(artifact, artifact.contributions(row), margins=margins)
    return {"for": [], "against": []} | account
