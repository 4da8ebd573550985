"""What a prediction that somebody asks for becomes: a row with the fields of ``Prediction``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scoring import explaining
from scoring.comparing import Scored, rows_of
from scoring.models import ModelVersion, Prediction

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from django.contrib.auth.models import User
    from numpy.typing import NDArray

    from scoring.ml.artifact import Artifact

JOB_ROW = "job"  # in the reasons of a row without an account: what the parts about the job read


@dataclass(frozen=True)
class Ask:
    """Which version is asked, by whom and under which id, and whether the reasons are found now.

    Reasons that nobody asks for are found when they are read (``scoring.accounting``): they take a hundred
    times as long as the score.
    """

    version: ModelVersion
    model: "Artifact"
    by: "User | None" = None
    correlation_id: str = ""
    reasons: bool = False


def unsaved_row(ask: Ask, **values: Any) -> Prediction:
    """The row of one answer, not stored yet; without a score unless ``values`` have one."""
    score = values.get("score")
    return Prediction(
        **{
            "model_version": ask.version,
            "threshold": ask.version.threshold,
            "operating_mode": ask.version.operating_mode,
            "decision": None if score is None else score >= ask.version.threshold,
            "source": Prediction.Source.API,
            "correlation_id": ask.correlation_id,
            "requested_by": ask.by,
        }
        | values
    )


def scored_values(
    ask: Ask,
    scored: Scored,
    places: Sequence[int],
    *,
    people: "pd.DataFrame | None" = None,
    everybody: bool = False,
) -> list[dict[str, Any]]:
    """Score, chance of accepting, features and reasons of the people at these places of ``scored``.

    ``people``: the candidates frame of these at least, where reasons are asked for; ``everybody``: see
    ``explaining.explain``.
    """
    features = known_features(scored.X.iloc[list(places)])
    if ask.reasons and people is not None:
        reasons = list(explaining.explain(ask.model, scored, places, people=people, everybody=everybody))
    else:
        reasons = _to_be_found(ask.model, scored, places)
    return [
        {
            "score": float(scored.p[place]),
            "accept_score": None if scored.accept is None else float(scored.accept[place]),
            "features": known,
            "reasons": why,
        }
        for place, known, why in zip(places, features, reasons, strict=True)
    ]


def known_features(X: "pd.DataFrame") -> list[dict[str, Any]]:
    """Of each row its features by name, None for unknown."""
    names = [str(name) for name in X.columns]
    return [_by_name(names, row) for row in X.to_numpy(dtype="float64").tolist()]


def _by_name(names: Sequence[str], row: Sequence[float]) -> dict[str, Any]:
    return {name: None if value != value else value for name, value in zip(names, row, strict=True)}


def row_of(model: "Artifact", features: Mapping[str, float | None]) -> "NDArray[np.float32]":
    """One row of the model's features, in its order; NaN for those that are missing or None."""
    import numpy as np

    values = (features.get(name) for name in model.feature_names)
    return np.array([[np.nan if value is None else value for value in values]], dtype=np.float32)


def _to_be_found(model: "Artifact", scored: Scored, places: Sequence[int]) -> list[dict[str, Any]]:
    """What finding the reasons later needs beside the features."""
    if not places:
        return []
    own = rows_of(model.head, scored.X.iloc[list(places)])
    (job,) = rows_of(model.head, scored.the_job)
    about_job = {name for part in model.head.parts if part.about_job for name in part.columns}
    at = [(place, name) for place, name in enumerate(model.feature_names) if name in about_job]
    return [
        {"margin": float(scored.raw[place]), JOB_ROW: _differing(row, job, at)}
        for place, row in zip(places, own, strict=True)
    ]


def _differing(
    own: "NDArray[np.float32]", job: "NDArray[np.float32]", at: Sequence[tuple[int, str]]
) -> Mapping[str, float | None]:
    """The features in which the job as of its day is another than as of the person's."""
    read = ((name, float(own[place]), float(job[place])) for place, name in at)
    return {
        name: None if wanted != wanted else wanted
        for name, mine, wanted in read
        if mine != wanted and not (mine != mine and wanted != wanted)
    }


def without_quotes(assessed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Behind somebody who is not stored stands nobody whose erasure would find what is quoted of them."""
    return [{**requirement, "quote": ""} for requirement in assessed]
