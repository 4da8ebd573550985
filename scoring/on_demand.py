"""Scores that somebody asks for by name: a person in a job, stored or described, answered at once.

The numbers are those of the job's ranking: the same features, as of the same days, by the same version. Of
somebody of whom nothing is known no number is told; the row says why a person has to look.
"""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from candidates.models import Candidate
from candidates.skills import skill_ids
from candidates.viewing import unrestricted
from jobs.models import Job, Requirement
from scoring import announcing, at_hand, company_history, comparing, datasets, explaining, serving, unsaved
from scoring.evidence import accept_is_shown
from scoring.models import Prediction
from scoring.serving import Ask

if TYPE_CHECKING:
    import pandas as pd

    from scoring.comparing import Scored

Review = Prediction.Review


class UnknownFeatures(ValueError):
    """Names that the version does not know; ``names`` has them."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@unrestricted()
def smart(job: Job, ask: Ask, *, candidate: Candidate | None, code: str = "") -> Prediction:
    """The stored prediction of a candidate in a job, with everything known of both.

    None for a candidate who is not known under ``code``; an unsaved one for somebody described in the
    request, of whose texts nothing is kept. Raises ``scoring.ml.artifact.ArtifactError``.
    """
    started = time.perf_counter()
    is_stored = candidate is not None and candidate.pk is not None
    values: dict[str, Any] = {
        "job": job,
        "candidate_id": candidate.pk if candidate else None,
        "candidate_code": candidate.code if candidate and is_stored else code,
    }
    requirements = list(job.requirements.in_force())
    if candidate is None:
        return _stored_unscored(ask, Review.UNKNOWN_CANDIDATE, started, **values)
    frame = _frame_of(candidate)
    review = _review(frame, known_job=not job.is_stub)
    if review:
        return _stored_unscored(ask, review, started, **values)
    pool = at_hand.pool_of(ask.model, frame, events=company_history.history())
    scored = comparing.compare(job, ask.model, pool, accept=accept_is_shown(ask.version))
    return _stored_scored(ask, scored, frame, requirements, started, quotes=is_stored, **values)


@unrestricted()
def described(person: Candidate, job: Job, requirements: Sequence[Requirement], ask: Ask) -> Prediction:
    """The stored prediction of a person and a job that are both described, not stored: of the company's
    history nothing enters. ``requirements``: what the job asks, unsaved.
    """
    started = time.perf_counter()
    frame = _frame_of(person)
    review = _review(frame, known_job=any((job.title, job.activities, job.competences)))
    if review:
        return _stored_unscored(ask, review, started)
    of_job = unsaved.job(job, requirements)
    pool = at_hand.pool_of(ask.model, frame, events=company_history.no_history(of_job))
    scored = comparing.compare_with(
        of_job, ask.model, pool, applied={}, day=timezone.localdate(), accept=accept_is_shown(ask.version)
    )
    return _stored_scored(ask, scored, frame, requirements, started, quotes=False)


def of_features(features: Mapping[str, float | None], ask: Ask) -> Prediction:
    """The stored prediction of features given by the names of the version; missing ones are unknown to it.

    Raises ``UnknownFeatures``.
    """
    started = time.perf_counter()
    names = ask.model.feature_names
    if unknown := [name for name in features if name not in names]:
        raise UnknownFeatures(unknown)
    row = serving.row_of(ask.model, features)
    margins = ask.model.predict_raw(row)
    reasons: dict[str, Any] = {"margin": float(margins[0])}
    if ask.reasons:
        (account,) = explaining.accounts(ask.model, ask.model.contributions(row), margins=margins)
        reasons = {"for": [], "against": []} | account
    score = float(ask.model.calibrator.apply(margins)[0])
    return _stored(ask, started, score=score, features=dict(features), reasons=reasons)


def _frame_of(person: Candidate) -> "pd.DataFrame":
    if person.pk:
        return datasets.candidates([person.pk])
    texts = (person.headline, person.technical_knowledge, person.cv_text, person.cv_text_en)
    return unsaved.person(person, skill_ids(*texts))


def _review(frame: "pd.DataFrame", *, known_job: bool) -> str:
    if not bool(frame["has_profile"].iloc[0]):
        return Review.NO_PROFILE
    return "" if known_job else Review.NO_JOB_DATA


def _stored_unscored(ask: Ask, review: str, started: float, **about: Any) -> Prediction:
    return _stored(ask, started, review=review, **about)


def _stored_scored(
    ask: Ask,
    scored: "Scored",
    frame: "pd.DataFrame",
    requirements: Sequence[Requirement],
    started: float,
    *,
    quotes: bool,
    **about: Any,
) -> Prediction:
    (values,) = serving.scored_values(ask, scored, [0], people=frame)
    assessed = explaining.assess_requirements(requirements, frame.iloc[0])
    if not quotes:
        assessed = serving.without_quotes(assessed)
    return _stored(ask, started, **about, **values, requirements=assessed)


def _stored(ask: Ask, started: float, **values: Any) -> Prediction:
    row = serving.unsaved_row(ask, **values, latency_ms=1000 * (time.perf_counter() - started))
    with transaction.atomic():
        row.save(force_insert=True)
        announcing.predicted([row], version=ask.version)
    return row
