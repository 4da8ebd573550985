"""Whom of the pool blind review hides: those on the newest ranking of an open blind job."""

from collections.abc import Iterable

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
    return (pk for pk in pool.values_list("candidate_id", flat=True) if pk is not None)


def register() -> None:
    viewing.identity_hidden_by.append(hidden)
