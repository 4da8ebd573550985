"""A job's prospects in order, and the best of those who never applied to it."""

import hashlib
import logging
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import BitXor
from django.db import transaction
from django.db.models import Count, F, Func, IntegerField, Max, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates.integration import changes
from candidates.models import Candidate, Change, Profile, RunState
from candidates.queueing import send_on_commit
from candidates.viewing import unrestricted
from jobs.models import Job, Requirement
from scoring import announcing, datasets, explaining, ordering, people, registry
from scoring.comparing import CODE_ALONE, NotRankable, Scored, compare
from scoring.evidence import accept_is_shown, order_for
from scoring.models import ModelVersion, Prediction, Ranking
from scoring.training import trace

if TYPE_CHECKING:
    import pandas as pd
    from django.contrib.auth.models import User

    from scoring.ml.artifact import Artifact
    from scoring.models import RankingQuerySet

logger = logging.getLogger(__name__)

__all__ = [
    "Asked",
    "NotRankable",
    "asked_of",
    "differs",
    "in_use",
    "inputs_hash",
    "is_stale",
    "latest",
    "latest_by",
    "new_ranking",
    "of_job",
    "request_ranking",
    "run",
]

Asked = dict[str, Any]  # the kind and value of a requirement, and whether it is a must

POOL_SHOWN = 50
# Of the version and the job: a page that shows an order reads none of it
LONG = (
    *("model_version__card", "model_version__verdict", "model_version__feature_names"),
    *("job__activities", "job__competences", "job__remarks", "job__raw", "job__search_vector"),
)
POOL_READ = 4 * POOL_SHOWN  # of whom the texts are read to order them by requirements
READING = gettext_noop("Reading candidates")
SCORING = gettext_noop("Comparing candidates with the job")
EXPLAINING = gettext_noop("Finding the reasons")


# Asking


def latest(job: Job) -> Ranking | None:
    """The newest finished ranking by the version in use; failing that, by any."""
    return latest_by(in_use(), job)


def latest_by(champion: ModelVersion | None, job: Job) -> Ranking | None:
    """As ``latest``, for who knows the version in use."""
    done = of_job(job).finished()
    by_champion: Ranking | None = done.filter(model_version=champion).first()
    return by_champion or done.first()


def of_job(job: Job) -> "RankingQuerySet":
    """The newest first, each with its job and version, and with the days its version was tested on."""
    found = Ranking.objects.filter(job=job).select_related("model_version", "job").defer(*LONG)
    return found.annotate(windows=F("model_version__card__windows")).order_by("-pk")


def is_stale(ranking: Ranking) -> bool:
    """Whether the job, its prospects, anybody in the pool, the version in use or its evidence changed."""
    ranking.job.refresh_from_db(fields=["updated_at"])
    return differs(ranking, in_use(), asked_of(ranking.job))


def in_use() -> ModelVersion | None:
    """Without what is long and not asked for here."""
    return ModelVersion.objects.defer("card", "feature_names", "metrics", "verdict").champion()


def differs(ranking: Ranking, champion: ModelVersion | None, asked: list[Asked]) -> bool:
    """As ``is_stale``, for who knows the version in use and what is asked, and has just read the ranking with
    its job."""
    return champion is not None and ranking.inputs_hash != inputs_hash(ranking.job, champion, asked)


def asked_of(job: Job) -> list[Asked]:
    """The requirements in force."""
    return [dict(one) for one in job.requirements.in_force().values("kind", "value", "must")]


@unrestricted()
def inputs_hash(job: Job, version: ModelVersion, asked: list[Asked] | None = None) -> str:
    """Changes with whatever a ranking of the job by ``version`` depends on; four cheap queries, no text.

    ``job``: as just read, for when it changed is taken from it; ``asked``: its requirements, where known.
    Of prospects that is who they are and when they applied: where they stand moves nobody in the order.
    Skills are read after people were stored, and make a profile with a higher key.
    """
    given = asked_of(job) if asked is None else asked
    wanted = sorted((one["kind"], one["value"], one["must"]) for one in given)
    prospects = job.prospects.aggregate(Count("pk"), who=BitXor(_WHO_AND_WHEN))
    made_by = [version.pk, order_for(version).value]
    people = [changes.newest(Change.Kind.CANDIDATE), Profile.objects.aggregate(Max("pk"))["pk__max"]]
    parts = [*made_by, job.updated_at, wanted, *prospects.values(), *people]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


_WHO_AND_WHEN = Func(
    Concat("candidate_id", Value("|"), "applied_on", output_field=TextField()),
    function="hashtext",
    output_field=IntegerField(),
)


def request_ranking(
    job: Job, *, by: "User | None" = None, champion: ModelVersion | None = None
) -> Ranking | None:
    """Queue a ranking of ``job`` by the version in use, or find the one that is under way.

    None when no model is in use. ``champion`` saves asking for that version again. Raises ``NotRankable``.
    """
    from scoring.tasks import run_ranking

    if job.is_stub:
        raise NotRankable(_(CODE_ALONE))
    ranking, made = new_ranking(job, by=by, champion=champion)
    if ranking is not None and made:
        send_on_commit(run_ranking, ranking.pk)
    return ranking


def new_ranking(
    job: Job, *, by: "User | None" = None, champion: ModelVersion | None = None
) -> tuple[Ranking | None, bool]:
    """The row alone, for who runs it at once; the bool says whether it is new."""
    version = champion or ModelVersion.objects.champion()
    if version is None:
        return None, False
    return Ranking.objects.create_or_active(
        "one_active_ranking_per_job_and_version",
        Ranking.objects.filter(job=job, model_version=version),
        job=job,
        model_version=version,
        requested_by=by,
    )


# Running


def run(ranking: Ranking) -> None:
    """Rank, explain and store; a failure ends in the row as one sentence."""
    if not Ranking.objects.claim(ranking.pk):
        return
    ranking.refresh_from_db()
    from scoring.ml.artifact import ArtifactError

    try:
        _rank_and_store(ranking)
    except NotRankable as error:
        _fail(ranking, str(error))
    except ArtifactError as error:
        logger.error("ranking %s: %s", ranking.pk, error.problem)
        _fail(ranking, str(error))
    except Exception as error:
        logger.error("ranking %s failed: %s", ranking.pk, trace(error))
        _fail(ranking, _("The ranking failed; the log of the worker says where."))
    except BaseException:
        _fail(ranking, _("The ranking was stopped."))
        raise


@transaction.atomic
def _fail(ranking: Ranking, error: str) -> None:
    ranking.finish(error=error)
    announcing.ranked(ranking)


def _rank_and_store(ranking: Ranking) -> None:
    started = time.monotonic()
    version, job = ranking.model_version, ranking.job
    fingerprint = inputs_hash(job, version)  # before reading: a change meanwhile makes the ranking stale
    ranking.order = order_for(version)
    ranking.report(0.05, READING)
    model = registry.artifact(version)
    pool = people.pool(model, progress=_heartbeat(ranking))
    ranking.report(0.65, SCORING)
    scored = compare(job, model, pool, accept=accept_is_shown(version))
    ranking.report(0.8, EXPLAINING)
    predictions = _predictions(ranking, model, scored)
    with transaction.atomic():
        # A reaper may have given the run up: then nothing of it may appear
        if Ranking.objects.select_for_update().get(pk=ranking.pk).state != RunState.RUNNING:
            return
        Prediction.objects.bulk_create(predictions, batch_size=200)
        ranking.inputs_hash, ranking.pool_size = fingerprint, len(scored.X)
        ranking.not_rankable = len(scored.without_data)
        ranking.seconds = time.monotonic() - started
        ranking.save(update_fields=["inputs_hash", "order", "pool_size", "not_rankable", "seconds"])
        ranking.finish()
        announcing.ranked(ranking)


def _heartbeat(ranking: Ranking) -> people.Progress:
    return lambda share: ranking.report(0.05 + 0.6 * share, READING)


# What is shown


@dataclass(frozen=True)
class Read:
    """People whose texts were read: rows of the candidates frame, and how they meet each requirement."""

    people: "pd.DataFrame"
    assessed: Mapping[int, list[dict[str, Any]]]


def _predictions(ranking: Ranking, model: "Artifact", scored: Scored) -> list[Prediction]:
    """The rows to store: prospects in order, the best of the pool, prospects without data."""
    requirements = list(ranking.job.requirements.in_force())
    by_requirements = ranking.order == Ranking.Order.REQUIREMENTS
    pool = (
        scored.closest_of_pool(requirements, most=POOL_READ)
        if by_requirements
        else scored.best_of_pool()[:POOL_SHOWN]
    )
    ids = scored.X.index.to_numpy()
    read = _read([*ids[[*range(scored.prospects), *pool]].tolist(), *scored.without_data], requirements)
    if by_requirements:
        prospects, pool = _by_requirements(scored, pool, read)
    else:
        prospects = scored.best_prospects()
    places = [*_ranked(Prediction.Group.PROSPECT, prospects), *_ranked(Prediction.Group.POOL, pool)]
    explained = _explained(ranking, model, scored, places, read)
    return [*map(_maker(ranking, read), chain(explained, map(_without_data, scored.without_data)))]


def _read(ids: Sequence[int], requirements: Sequence[Requirement]) -> Read:
    people = datasets.candidates(ids)
    return Read(
        people, {pk: explaining.assess_requirements(requirements, people.loc[pk]) for pk in people.index}
    )


def _by_requirements(scored: Scored, pool: Sequence[int], read: Read) -> tuple[list[int], list[int]]:
    """Places in ``scored.X`` of the prospects and of those of the pool to show, who meets most first."""
    ids = scored.X.index.to_numpy()
    assessed = {row: read.assessed[ids[row]] for row in (*range(scored.prospects), *pool)}
    meeting = [row for row in pool if ordering.meets_something(assessed[row])]
    return (
        ordering.by_standing(range(scored.prospects), assessed),
        ordering.by_standing(meeting, assessed)[:POOL_SHOWN],
    )


def _ranked(group: str, rows: Sequence[int]) -> list[tuple[str, int, int]]:
    return [(group, rank, row) for rank, row in enumerate(rows, start=1)]


def _explained(
    ranking: Ranking, model: "Artifact", scored: Scored, places: list[tuple[str, int, int]], read: Read
) -> Iterator[dict[str, Any]]:
    """What is stored of each person with data, by the fields of a Prediction."""
    rows = [row for _group, _rank, row in places]
    X = scored.X.iloc[rows]
    reasons = explaining.explain(model, scored, rows, people=read.people)
    for (group, rank, row), (pk, features), why in zip(places, _known_features(X), reasons, strict=True):
        threshold = ranking.model_version.threshold
        yield {"candidate_id": pk, "group": group, "rank": rank, "features": features, "reasons": why} | {
            "score": float(scored.p[row]),
            "accept_score": None if scored.accept is None else float(scored.accept[row]),
            "decision": bool(scored.p[row] >= threshold),
        }


def _known_features(X: "pd.DataFrame") -> list[tuple[int, dict[Hashable, Any]]]:
    """Candidate id and its features, None for unknown."""
    import numpy as np

    known = X.astype("float64").astype(object).where(X.notna().to_numpy(), None).to_dict("records")
    return list(zip(np.asarray(X.index).tolist(), known, strict=True))


def _without_data(candidate_id: int) -> dict[str, Any]:
    return {"candidate_id": candidate_id, "group": Prediction.Group.NOT_RANKABLE, "score": None}


def _maker(ranking: Ranking, read: Read) -> Callable[[dict[str, Any]], Prediction]:
    """Makes the row of one candidate; what all rows of the ranking share is filled in."""
    version = ranking.model_version
    codes = dict(Candidate.objects.filter(pk__in=list(read.assessed)).values_list("pk", "code"))

    def make(values: dict[str, Any]) -> Prediction:
        return Prediction(
            candidate_code=codes[values["candidate_id"]],
            job=ranking.job,
            model_version=version,
            ranking=ranking,
            threshold=version.threshold,
            operating_mode=version.operating_mode,
            requirements=read.assessed[values["candidate_id"]],
            source=Prediction.Source.RANKING,
            requested_by_id=ranking.requested_by_id,
            **values,
        )

    return make
