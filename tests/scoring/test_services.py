import datetime
import os
import subprocess
import sys

import pytest
from django.utils import timezone

from candidates.models import RunState
from scoring import services, tasks
from scoring.models import Ranking, TrainingRun
from tests.factories import make_job, make_version

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def ago(**spans):
    return NOW - datetime.timedelta(**spans)


@pytest.fixture
def sent(monkeypatch):
    messages = []
    for task in (tasks.run_training, tasks.run_ranking):
        monkeypatch.setattr(task, "delay", lambda pk, name=task.__name__: messages.append((name, pk)))
    return messages


def make_running(**values):
    return TrainingRun.objects.create(**({"state": RunState.RUNNING, "heartbeat_at": NOW} | values))


def ended_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_run_that_lives_is_left_alone(sent):
    run = make_running(details={"worker": services.worker_identity()})

    services.reap_runs(now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert sent == []


def test_a_run_that_fell_silent_is_failed_with_a_sentence(sent):
    run = make_running(heartbeat_at=ago(minutes=11))
    ranking = Ranking.objects.create(
        job=make_job(), model_version=make_version(), state=RunState.RUNNING, heartbeat_at=ago(minutes=11)
    )

    services.reap_runs(now=NOW)

    for row in (run, ranking):
        row.refresh_from_db()
        assert row.state == RunState.FAILED
        assert row.error == "The worker stopped before it was done. Start it again."
        assert row.finished_at is not None
    assert sent == []


def test_a_run_whose_process_is_gone_need_not_be_waited_for(sent):
    worker = services.worker_identity() | {"pid": ended_process()}
    run = make_running(details={"worker": worker})

    services.reap_runs(now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_a_process_of_another_machine_is_judged_by_its_silence_alone(sent):
    run = make_running(details={"worker": {"host": "another machine", "pid": ended_process()}})

    services.reap_runs(now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_a_run_that_nobody_took_is_sent_again_but_not_every_minute(sent):
    run = TrainingRun.objects.create(queued_at=ago(minutes=6))
    ranking = Ranking.objects.create(job=make_job(), model_version=make_version(), queued_at=ago(minutes=6))
    TrainingRun.objects.create(recipe="prec80", queued_at=ago(minutes=1))

    services.reap_runs(now=NOW)
    services.reap_runs(now=NOW + datetime.timedelta(minutes=1))

    assert sent == [("run_training", run.pk), ("run_ranking", ranking.pk)]


def test_the_own_process_is_alive():
    run = make_running(details={"worker": services.worker_identity()})
    assert services.is_abandoned(run, now=NOW) is False
    assert services.worker_identity()["pid"] == os.getpid()
