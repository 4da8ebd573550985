"""Runs that were left behind: a worker that died, a message that was lost."""

import os
import socket
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.models import RunQuerySet, RunState
from scoring import announcing, tasks
from scoring.models import ModelCheck, Ranking, TrainingRun

FURTHER = ModelCheck.Kind.FURTHER
# Every step of a run reports more often than this, also on a busy machine
SILENT_FOR = timedelta(minutes=10)
QUEUED_FOR = timedelta(minutes=5)


def reap_runs(*, now: datetime | None = None) -> None:
    """Mark runs whose worker is gone as failed, and send those that nobody took to the queue again."""
    now = now or timezone.now()
    for run in TrainingRun.objects.filter(state=RunState.RUNNING):
        if is_abandoned(run, now=now):
            _fail(TrainingRun.objects.all(), run.pk)
    for ranking in Ranking.objects.filter(state=RunState.RUNNING, heartbeat_at__lt=now - SILENT_FOR):
        _fail(Ranking.objects.all(), ranking.pk)
    for check in ModelCheck.objects.filter(state=RunState.RUNNING, heartbeat_at__lt=now - SILENT_FOR):
        _fail(ModelCheck.objects.all(), check.pk)
    _queue_again(TrainingRun.objects.all(), tasks.run_training, now)
    _queue_again(Ranking.objects.all(), tasks.run_ranking, now)
    _queue_again(ModelCheck.objects.exclude(kind=FURTHER), tasks.run_model_check, now)
    _queue_again(ModelCheck.objects.filter(kind=FURTHER), tasks.run_further_check, now)


def worker_identity() -> dict[str, Any]:
    """Who runs: lets a reaper on the same machine see at once that the process is gone."""
    return {"host": socket.gethostname(), "pid": os.getpid()}


def is_abandoned(run: TrainingRun, *, now: datetime | None = None) -> bool:
    """Whether a running training has no worker any more."""
    silent_since = run.heartbeat_at or run.started_at or run.queued_at
    if silent_since < (now or timezone.now()) - SILENT_FOR:
        return True
    worker = run.details.get("worker", {})
    return worker.get("host") == socket.gethostname() and not _is_alive(worker["pid"])


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@transaction.atomic
def _fail(rows: RunQuerySet[Any], pk: int) -> None:
    # Conditional: the run may have ended between the look and now
    failed = rows.filter(pk=pk, state=RunState.RUNNING).update(
        state=RunState.FAILED,
        error=_("The worker stopped before it was done. Start it again."),
        finished_at=timezone.now(),
    )
    if failed and rows.model is Ranking:
        announcing.ranked(Ranking.objects.get(pk=pk))


def _queue_again(rows: RunQuerySet[Any], task: Any, now: datetime) -> None:
    """A second message does no harm, the claim lets one through; heartbeat_at keeps them rare."""
    waiting = rows.filter(state=RunState.QUEUED).annotate(sent_at=Coalesce("heartbeat_at", "queued_at"))
    for run in waiting.filter(sent_at__lt=now - QUEUED_FOR):
        rows.filter(pk=run.pk, state=RunState.QUEUED).update(heartbeat_at=now)
        task.delay(run.pk)
