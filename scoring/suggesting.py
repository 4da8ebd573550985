"""Open jobs for one person, each served prediction stored against the person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from candidates import viewing
from candidates.models import Candidate
from jobs.models import Job, Prospect, Requirement
from scoring import announcing, datasets, registry
from scoring.evidence import order_for
from scoring.models import ModelVersion, Prediction, Ranking

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from scoring.matching import Match

SHOWN = 10
MOST = 50  # made for who asks for more than are shown
# Of the job and the version, long and not told
LONG = (
    *("job__activities", "job__competences", "job__remarks", "job__raw", "job__search_vector"),
    *("model_version__card", "model_version__verdict", "model_version__feature_names"),
)


@dataclass(frozen=True)
class Suggestions:
    """``predictions``: best first, each with its job; ``by_requirements``: in what order they stand."""

    version: ModelVersion | None
    predictions: list[Prediction]
    by_requirements: bool
    has_profile: bool


def suggest(candidate: Candidate, *, by: "User | None", limit: int = SHOWN) -> Suggestions:
    """The open jobs that fit ``candidate`` best and that the person does not stand in.

    What was told before is told again as long as nothing it rests on has changed, so that looking twice
    stores nothing twice. Of somebody without data, and without a model, nothing is told. A viewer who may not
    see every job is told of own jobs only. Raises ``registry.NoModel`` for a model that cannot be loaded.
    """
    version = ModelVersion.objects.champion()
    with viewing.unrestricted():
        person = Candidate.objects.get(pk=candidate.pk)
    if version is None or not person.has_profile:
        return Suggestions(version, [], False, person.has_profile)
    by_requirements = order_for(version) == Ranking.Order.REQUIREMENTS
    most = SHOWN if limit <= SHOWN else MOST
    fingerprint = _fingerprint(person, version, _own_jobs(), most)
    stored = _stored(person, version, fingerprint)
    if not stored:
        _make(person, version, fingerprint, by=by, by_requirements=by_requirements, most=most)
        stored = _stored(person, version, fingerprint)  # as this viewer may read it
    seen = Job.objects.in_bulk([one.job_id for one in stored if one.job_id])
    shown = [one for one in stored if one.job_id in seen][:limit]
    for one in shown:
        one.job = seen[one.job_id or 0]
    return Suggestions(version, shown, by_requirements, True)


def told_last(candidate: Candidate, *, limit: int = SHOWN) -> list[Prediction]:
    """What was told of the person last, best first, each with its job; nothing is made or stored."""
    told = Prediction.objects.filter(candidate=candidate, source=Prediction.Source.SUGGESTION)
    last = told.order_by("-created_at").only("correlation_id").first()
    if last is None:
        return []
    rows = told.filter(correlation_id=last.correlation_id).select_related("job", "model_version")
    return list(rows.defer("features", *LONG).order_by("rank")[:limit])


def is_out_of_date(told: Prediction) -> bool:
    """Whether the person, a job, an application or the version in use changed since that was told."""
    version = ModelVersion.objects.champion()
    if version is None or version.pk != told.model_version_id:
        return True
    with viewing.unrestricted():
        person = Candidate.objects.get(pk=told.candidate_id or 0)
    now = {_fingerprint(person, version, own, most) for own in (None, _own_jobs()) for most in (SHOWN, MOST)}
    return told.correlation_id not in now


def _own_jobs() -> frozenset[int] | None:
    """The jobs of a viewer who sees no others; None for whoever sees all."""
    viewer = viewing.current()
    return None if viewer is None or viewer.sees_all_rows else viewer.job_ids


def _fingerprint(person: Candidate, version: ModelVersion, own: frozenset[int] | None, most: int) -> str:
    with viewing.unrestricted():
        asked = Requirement.objects.order_by("-pk").values_list("pk", flat=True).first()
        parts = [person.pk, person.updated_at, version.pk, order_for(version), datasets.jobs_generation()]
    parts += [asked, "all" if own is None else sorted(own), *([most] if most != SHOWN else [])]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _stored(person: Candidate, version: ModelVersion, fingerprint: str) -> list[Prediction]:
    found = Prediction.objects.filter(
        candidate=person,
        model_version=version,
        source=Prediction.Source.SUGGESTION,
        correlation_id=fingerprint,
    )
    return list(found.defer("features").order_by("rank"))


def _make(
    person: Candidate,
    version: ModelVersion,
    fingerprint: str,
    *,
    by: "User | None",
    by_requirements: bool,
    most: int,
) -> None:
    from scoring.matching import best_jobs, person_frame

    _version, model = registry.champion_artifact(version.recipe)
    own = _own_jobs()
    with viewing.unrestricted():
        standing = set(Prospect.objects.filter(candidate=person).values_list("job_id", flat=True))
    found = best_jobs(
        model,
        person_frame(person),
        among=own,
        without=standing,
        by_requirements=by_requirements,
        limit=most,
    )
    about = {"candidate": person, "candidate_code": person.code, "group": Prediction.Group.POOL}
    rows = predictions(found, version, source=Prediction.Source.SUGGESTION, by=by, **about)
    for row in rows:
        row.correlation_id = fingerprint
    with transaction.atomic():
        Prediction.objects.bulk_create(rows)
        announcing.predicted(rows, version=version)


def predictions(
    matches: "Sequence[Match]",
    version: ModelVersion,
    *,
    source: Prediction.Source,
    by: "User | None",
    **about: Any,
) -> list[Prediction]:
    """The rows of what was found, in order, not stored yet."""
    return [
        Prediction(
            job_id=found.job_id,
            model_version=version,
            score=found.probability,
            decision=found.probability >= version.threshold,
            threshold=version.threshold,
            operating_mode=version.operating_mode,
            rank=rank,
            features=found.features,
            reasons=found.reasons,
            requirements=found.requirements,
            source=source,
            requested_by=by,
            **about,
        )
        for rank, found in enumerate(matches, start=1)
    ]
