"""Predictions as plain answers, made without a serializer a row: a page holds hundreds of them.

``scoring.api.serializers`` says in the schema what they look like.
"""

import datetime
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from scoring import accounting
from scoring.evidence import evidence
from scoring.models import ModelVersion, Prediction, Ranking
from scoring.ranking import is_stale
from scoring.reason_table import ABOUT_THE_JOB, by_strength, group_names_in, has_account
from scoring.reasons import describe_in, requirement_text_in

logger = logging.getLogger(__name__)

Told = dict[str, Any]


def reasons(stored: Mapping[str, Any]) -> Told:
    """The strongest reasons and the account, in the reader's language."""
    with_account, language = has_account(stored), get_language()
    speak_for = [_reason(reason, language) for reason in stored.get("for", [])]
    speak_against = [_reason(reason, language) for reason in stored.get("against", [])]
    texts = {reason["group"]: reason["text"] for reason in (*speak_against, *speak_for)}
    return {
        "for": speak_for,
        "against": speak_against,
        "base": stored["base"] if with_account else None,
        "groups": _groups(stored, group_names_in(language) | texts) if with_account else [],
        "margin": stored["margin"] if with_account else None,
    }


def accounted(prediction: Prediction) -> Told:
    """The same of a prediction, whose account is reckoned now if it was stored without one. None when its
    version cannot be loaded any more."""
    from scoring.ml.artifact import ArtifactError

    try:
        return reasons(accounting.account_of(prediction))
    except ArtifactError as error:
        logger.error("the reasons of prediction %s: %s", prediction.pk, error.problem)
        return reasons(prediction.reasons)


def _reason(reason: Mapping[str, Any], language: str | None) -> Told:
    told = {
        "text": describe_in(language, reason),
        "group": reason["group"],
        "contribution": reason["contribution"],
    }
    if "params" in reason:
        told["params"] = reason["params"]
    return told


def _groups(stored: Mapping[str, Any], texts: Mapping[str, str]) -> list[Told]:
    """``texts``: of each group the sentence of the reason that is told of it, else its name."""
    return [
        {
            "text": texts.get(name) or gettext("Other facts"),
            "group": name,
            "contribution": value,
            "about_the_job": name in ABOUT_THE_JOB,
        }
        for name, value in by_strength(stored)
    ]


def requirements(stored: Sequence[Mapping[str, Any]]) -> list[Told]:
    """What the job asks and how it is met, in the reader's language."""
    language = get_language()
    return [
        {
            "text": requirement_text_in(language, one["kind"], one["value"]),
            "kind": one["kind"],
            "value": one["value"],
            "must": one["must"],
            "state": one["state"],
            "quote": one.get("quote", ""),
        }
        for one in stored
    ]


def ranked(prediction: Prediction, *, with_reasons: bool = True) -> Told:
    """A row of a ranking."""
    told: Told = {
        "prediction_id": str(prediction.pk),
        "candidate": prediction.candidate_code,
        "group": prediction.group,
        "rank": prediction.rank,
        "score": prediction.score,
        "accept_score": prediction.accept_score,
        "decision": prediction.decision,
    }
    if with_reasons:
        told["reasons"] = reasons(prediction.reasons)
    return told | {"requirements": requirements(prediction.requirements)}


def ranking(found: Ranking) -> Told:
    """A ranking without its rows."""
    return {
        "id": found.pk,
        "job": found.job.code,
        **of_version(found.model_version),
        "order": found.order,
        "stale": is_stale(found),
        "created_at": time(found.finished_at),
        "pool_size": found.pool_size,
        "not_rankable": found.not_rankable,
    }


def progress(found: Ranking) -> Told:
    """How far a ranking is, and what became of it."""
    return {
        "state": found.state,
        "step": found.step,
        "progress": found.progress,
        "error": found.error,
        "queued_at": time(found.queued_at),
    }


def time(moment: datetime.datetime | None) -> str | None:
    """With the zone of the site (RFC 3339)."""
    return None if moment is None else timezone.localtime(moment).isoformat()


def of_version(version: ModelVersion) -> Told:
    """What says which version answered, and how far it can be relied on."""
    return {
        "model_version": version.number,
        "recipe": version.recipe,
        "operating_mode": version.operating_mode,
        "threshold": version.threshold,
        "evidence": proof(version),
    }


def proof(version: ModelVersion) -> Told:
    """What the version's test window proved of its order inside a job."""
    found = evidence(version)
    return {
        "verdict": version.evidence,
        "jobs": found.jobs if found else 0,
        "pairs_right": found.pairs_right if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
    }


def scored(prediction: Prediction) -> Told:
    """What was found of one person, without what is said of the version, and without the reasons."""
    return {
        "prediction_id": str(prediction.pk),
        "candidate": prediction.candidate_code or None,
        "score": prediction.score,
        "accept_score": prediction.accept_score,
        "decision": prediction.decision,
        "needs_human_review": bool(prediction.review),
        "review_reason": prediction.review or None,
        "requirements": requirements(prediction.requirements),
    }
