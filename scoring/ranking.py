"""A job's prospects in order, and the best of those who never applied to it."""

import datetime
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates.models import Candidate, RunState
from candidates.queueing import send_on_commit
from jobs.models import Job, JobStatus, Prospect
from scoring import datasets, explaining, people, registry
from scoring.models import ModelVersion, Prediction, Ranking
from scoring.training import trace

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from django.contrib.auth.models import User
    from numpy.typing import NDArray

    from scoring.ml.artifact import Artifact

logger = logging.getLogger(__name__)

POOL_SHOWN = 50
READING = gettext_noop("Reading candidates")
SCORING = gettext_noop("Comparing candidates with the job")
EXPLAINING = gettext_noop("Finding the reasons")
CODE_ALONE = gettext_noop("Only the code of this job is known: there is nothing to compare candidates with.")


class NotRankable(Exception):
    """The job cannot be ranked; the message says why."""


# Asking


def latest(job: Job) -> Ranking | None:
    """The newest finished ranking by the version in use; failing that, by any."""
    return latest_by(ModelVersion.objects.champion(), job)


def latest_by(champion: ModelVersion | None, job: Job) -> Ranking | None:
    """As ``latest``, for who knows the version in use."""
    done = Ranking.objects.finished().filter(job=job).select_related("model_version", "job").order_by("-pk")
    return done.filter(model_version=champion).first() or done.first()


def is_stale(ranking: Ranking) -> bool:
    """Whether the job, its prospects, anybody in the pool or the version in use changed since."""
    return differs(ranking, ModelVersion.objects.champion())


def differs(ranking: Ranking, champion: ModelVersion | None) -> bool:
    """As ``is_stale``, for who knows the version in use."""
    return champion is not None and ranking.inputs_hash != inputs_hash(ranking.job, champion)


def inputs_hash(job: Job, version: ModelVersion) -> str:
    """Changes with whatever a ranking of the job by ``version`` depends on; four cheap queries, no text."""
    asked = job.requirements.order_by("pk").values_list("kind", "value", "must")
    prospects = job.prospects.aggregate(Count("pk"), Max("updated_at"))
    people_ = Candidate.objects.aggregate(Count("pk"), Max("updated_at"))
    updated_at = Job.objects.filter(pk=job.pk).values_list("updated_at", flat=True).get()
    parts = [version.pk, updated_at, list(asked), *prospects.values(), *people_.values()]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


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
    while True:
        try:
            with transaction.atomic():
                return Ranking.objects.create(job=job, model_version=version, requested_by=by), True
        except IntegrityError:  # one_active_ranking_per_job_and_version
            active = Ranking.objects.active().filter(job=job, model_version=version).first()
            if active is not None:
                return active, False


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
        ranking.finish(error=str(error))
    except ArtifactError as error:
        logger.error("ranking %s: %s", ranking.pk, error.problem)
        ranking.finish(error=str(error))
    except Exception as error:
        logger.error("ranking %s failed: %s", ranking.pk, trace(error))
        ranking.finish(error=_("The ranking failed; the log of the worker says where."))
    except BaseException:
        ranking.finish(error=_("The ranking was stopped."))
        raise


def _rank_and_store(ranking: Ranking) -> None:
    started = time.monotonic()
    version, job = ranking.model_version, ranking.job
    fingerprint = inputs_hash(job, version)  # before reading: a change meanwhile makes the ranking stale
    ranking.report(0.05, READING)
    model = registry.artifact(version)
    pool = people.pool(model, progress=_heartbeat(ranking))
    ranking.report(0.65, SCORING)
    scored = _score(job, model, pool)
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
        ranking.save(update_fields=["inputs_hash", "pool_size", "not_rankable", "seconds"])
        ranking.finish()


def _heartbeat(ranking: Ranking) -> people.Progress:
    return lambda share: ranking.report(0.05 + 0.6 * share, READING)


# Scoring


@dataclass(frozen=True)
class Scored:
    """Everybody with data, prospects first: features (index: candidate id), probability, margin."""

    job: "pd.DataFrame"
    X: "pd.DataFrame"
    p: "NDArray[np.float64]"
    raw: "NDArray[np.float64]"
    prospects: int
    without_data: list[int]  # prospects of whom there is nothing to score

    def score(self, row: int) -> float:
        return float(self.p[row])

    def best_prospects(self) -> list[int]:
        """Places in ``X``, best first."""
        return self._ordered(0, self.prospects)

    def best_of_pool(self) -> list[int]:
        return self._ordered(self.prospects, len(self.X))[:POOL_SHOWN]

    def _ordered(self, start: int, end: int) -> list[int]:
        import numpy as np

        # Calibration ties many; the margin behind it orders them, and the id makes it the same every time
        part = slice(start, end)
        order = np.lexsort((self.X.index.to_numpy()[part], -self.raw[part], -self.p[part]))
        return (order + start).tolist()  # type: ignore[no-any-return]


def _score(job: Job, model: "Artifact", pool: people.Pool) -> Scored:
    from scoring.ml.features import build_features, prepare_jobs

    frame = datasets.jobs([job.pk])
    if frame.empty:
        raise NotRankable(_(CODE_ALONE))
    applied = _applied_on(job)
    with_data = set(pool.candidates.ids[pool.candidates.has_profile].tolist())
    prospects = sorted(applied.keys() & with_data)
    others = sorted(with_data - applied.keys())
    pairs = _pairs(job, prospects + others, applied)
    X = build_features(
        pairs,
        candidates=pool.candidates,
        jobs=prepare_jobs(frame, text=pool.text),
        events=pool.history,
    ).set_axis(pairs["candidate_id"])
    raw = model.predict_raw(X.to_numpy()[:, model.columns_in(list(X.columns))])
    return Scored(
        job=frame,
        X=X,
        p=model.calibrator.apply(raw),
        raw=raw,
        prospects=len(prospects),
        without_data=sorted(applied.keys() - with_data),
    )


def _applied_on(job: Job) -> dict[int, datetime.date]:
    """The day as of which each prospect is judged: that of the application."""
    today = timezone.localdate()
    rows = Prospect.objects.filter(job=job).values_list("candidate_id", "applied_on")
    return {candidate: day or job.requested_on or today for candidate, day in rows}


def _pairs(job: Job, candidate_ids: Sequence[int], applied: dict[int, datetime.date]) -> "pd.DataFrame":
    import pandas as pd

    day = _day_of_pool(job, applied)
    return pd.DataFrame(
        {
            "candidate_id": pd.Series(candidate_ids, dtype="int64"),
            "job_id": pd.Series(job.pk, index=range(len(candidate_ids)), dtype="int64"),
            "as_of": pd.to_datetime(
                pd.Series([applied.get(pk, day) for pk in candidate_ids], dtype="object")
            ),
        }
    ).astype({"as_of": "datetime64[s]"})


def _day_of_pool(job: Job, applied: dict[int, datetime.date]) -> datetime.date:
    """People who never applied are judged as of today; for a job that is over, as of its last application."""
    today = timezone.localdate()
    if job.status == JobStatus.OPEN:
        return today
    return min(today, max(applied.values(), default=job.requested_on or today))


# What is shown


def _predictions(ranking: Ranking, model: "Artifact", scored: Scored) -> list[Prediction]:
    """The rows to store: prospects in order, the best of the pool, prospects without data."""
    places = [
        *_ranked(Prediction.Group.PROSPECT, scored.best_prospects()),
        *_ranked(Prediction.Group.POOL, scored.best_of_pool()),
    ]
    X = scored.X.iloc[[row for _group, _rank, row in places]]
    shown = datasets.candidates([*X.index.tolist(), *scored.without_data])
    reasons = explaining.explain(
        model,
        X,
        people=shown,
        job=scored.job.iloc[0],
        pool_similarity=scored.X["text_similarity"].to_numpy(),
    )
    make = _maker(ranking, shown)
    found = [
        make(candidate_id, group=group, rank=rank, score=scored.score(row), features=features, reasons=why)
        for (group, rank, row), (candidate_id, features), why in zip(
            places, _known_features(X), reasons, strict=True
        )
    ]
    return found + [make(pk, group=Prediction.Group.NOT_RANKABLE) for pk in scored.without_data]


def _ranked(group: str, rows: Sequence[int]) -> list[tuple[str, int, int]]:
    return [(group, rank, row) for rank, row in enumerate(rows, start=1)]


def _known_features(X: "pd.DataFrame") -> list[tuple[int, dict[str, float | None]]]:
    """Candidate id and its features, None for unknown."""
    import numpy as np

    known = X.astype("float64").astype(object).where(X.notna().to_numpy(), None).to_dict("records")
    return list(zip(np.asarray(X.index).tolist(), known, strict=True))  # type: ignore[arg-type]


def _maker(ranking: Ranking, people: "pd.DataFrame") -> Callable[..., Prediction]:
    """Makes the row of one candidate; what all rows of the ranking share is filled in."""
    version, requirements = ranking.model_version, list(ranking.job.requirements.all())
    codes = dict(Candidate.objects.filter(pk__in=people.index.tolist()).values_list("pk", "code"))

    def make(candidate_id: int, *, score: float | None = None, **values: Any) -> Prediction:
        return Prediction(
            candidate_id=candidate_id,
            candidate_code=codes[candidate_id],
            job=ranking.job,
            model_version=version,
            ranking=ranking,
            score=score,
            decision=None if score is None else score >= version.threshold,
            threshold=version.threshold,
            operating_mode=version.operating_mode,
            requirements=explaining.assess_requirements(requirements, people.loc[candidate_id]),
            source=Prediction.Source.RANKING,
            requested_by_id=ranking.requested_by_id,
            **values,
        )

    return make
