"""Whom of the pool blind review hides: those on the newest ranking of an open blind job, and those
of whom another system was told for it."""

from collections.abc import Iterable
from itertools import chain

from django.db.models import Max

from candidates import viewing
from candidates.viewing import Viewer
from jobs.access import open_blind_jobs
from scoring.models import Prediction, Ranking


def hidden(viewer: Viewer) -> Iterable[int]:
    if not (jobs := open_blind_jobs(viewer)):
        return ()
    blind = Ranking.objects.finished().filter(job__in=jobs)
    newest = blind.order_by().values("job").annotate(newest=Max("pk")).values("newest")
    pool = Prediction.objects.filter(ranking__in=newest, group=Prediction.Group.POOL)
    asked_for = Prediction.objects.filter(
        job__in=jobs, source=Prediction.Source.API, group=Prediction.Group.POOL
    )
    found = (rows.values_list("candidate_id", flat=True) for rows in (pool, asked_for))
    return (pk for pk in chain.from_iterable(found) if pk is not None)


def register() -> None:
    viewing.identity_hidden_by.append(hidden)
