"""What webhooks hear of scores and models."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from candidates.integration import events
from candidates.models import EventKind, RunState
from scoring.models import ModelVersion, Prediction, Promotion, Ranking


def keep(prediction: Prediction, *, version: ModelVersion) -> Prediction:
    """Store one prediction and tell of it: in one transaction when anybody listens, else by one INSERT."""
    if not events.is_heard(EventKind.PREDICTION_CREATED):
        prediction.save(force_insert=True)
        return prediction
    with transaction.atomic():
        prediction.save(force_insert=True)
        predicted([prediction], version=version)
    return prediction


def predicted(predictions: Sequence[Prediction], *, version: ModelVersion) -> None:
    """These were stored for one request; one event for all. Within the transaction that stored them.

    Of one alone the event says what came out; of several only which they are: they can be read by their ids.
    """
    if predictions:
        events.emit(EventKind.PREDICTION_CREATED, lambda: _of_predictions(predictions, version))


def predicted_together(ids: Sequence[str], *, source: str, version: ModelVersion) -> None:
    """As ``predicted``, for many that were stored without an object for each."""
    if ids:
        events.emit(EventKind.PREDICTION_CREATED, lambda: _which(ids, source, version))


def _of_predictions(predictions: Sequence[Prediction], version: ModelVersion) -> dict[str, Any]:
    first, *others = predictions
    told = _which([str(one.pk) for one in predictions], first.source, version)
    return told if others else told | _outcome(first)


def _which(ids: Sequence[str], source: str, version: ModelVersion) -> dict[str, Any]:
    return {
        "predictions": list(ids),
        "count": len(ids),
        "source": str(source),
        "model": version.number,
        "operating_mode": str(version.operating_mode),
    }


def _outcome(one: Prediction) -> dict[str, Any]:
    return {
        # Whom the program does not know it does not name: what the caller sent may be anything
        "candidate": events.person(one.candidate_id),
        "job": one.job.code if one.job else None,
        "score": one.score,
        "decision": one.decision,
        "threshold": one.threshold,
        "review": one.review or None,
    }


def ranked(ranking: Ranking) -> None:
    """The ranking is done or failed; failing is told too, for somebody waits for it."""
    events.emit(EventKind.RANKING_FINISHED, lambda: _of_ranking(ranking))


def _of_ranking(ranking: Ranking) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ranking": ranking.pk,
        "job": ranking.job.code,
        "model": ranking.model_version.number,
        "state": str(ranking.state),
    }
    if ranking.state != RunState.DONE:
        return told
    return told | {
        "order": str(ranking.order),
        "compared": ranking.pool_size,
        "not_rankable": ranking.not_rankable,
    }


def promoted(promotion: Promotion, *, roll_back: bool) -> None:
    """Another version of a recipe serves from now on."""
    version, replaced = promotion.version, promotion.replaced
    told = {
        "model": version.number,
        "recipe": version.recipe,
        "replaced": replaced.number if replaced else None,
        "roll_back": roll_back,
        "overruled": promotion.overruled,
        "threshold": version.threshold,
        "operating_mode": str(version.operating_mode),
    }
    events.emit(EventKind.MODEL_PROMOTED, told)
