import json
import logging

import numpy as np
import pytest
from kombu.exceptions import OperationalError

from candidates.models import RunState
from jobs.models import Job, JobStatus, Prospect
from scoring import checks, preview, ranking, services, tasks
from scoring.ml.compare import Answers
from scoring.models import ModelCheck, ModelVersion, Prediction
from tests.scoring.judged import BLIND, Learner, damage

pytestmark = pytest.mark.django_db

State = ModelVersion.State
Kind = ModelCheck.Kind


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(tasks.run_model_check, "delay", lambda pk: messages.append(pk))
    return messages


@pytest.fixture
def learner():
    made = Learner(jobs=60, candidates=120)
    Job.objects.update(status=JobStatus.OPEN)
    return made


def rank(job, version):
    made = ranking.new_ranking(job, champion=version)[0]
    ranking.run(made)
    made.refresh_from_db()
    assert made.state == RunState.DONE, made.error
    return made


def order_by_score(version):
    """As if the order inside a job were proven: its page then orders by the model."""
    ModelVersion.objects.filter(pk=version.pk).update(evidence="strong")
    version.refresh_from_db()
    return version


def places(ranked):
    rows = ranked.predictions.filter(group=Prediction.Group.PROSPECT)
    return {one.candidate_id: (one.rank, one.score) for one in rows}


# What is compared


def test_places_and_scores_are_those_of_the_ranking_page(learner):
    champion = order_by_score(learner.version(state=State.CHAMPION))
    version = order_by_score(learner.version(BLIND))
    job = learner.jobs[-1]
    before, after = places(rank(job, champion)), places(rank(job, version))

    found = preview.changes(version, champion)

    (one,) = found["jobs"]
    assert (one["job"], one["people"]) == (job.pk, len(before))
    assert one["moved"] > 0
    for move in [*one["up"], *one["down"]]:
        assert (move["before"], move["after"]) == (
            before[move["candidate"]][0],
            after[move["candidate"]][0],
        )
        assert move["score_before"] == pytest.approx(before[move["candidate"]][1], abs=1e-9)
        assert move["score_after"] == pytest.approx(after[move["candidate"]][1], abs=1e-9)
    assert all(move["after"] < move["before"] for move in one["up"])
    assert all(move["after"] > move["before"] for move in one["down"])
    moved = {pk for pk in before if before[pk][0] != after[pk][0]}
    assert moved == {move["candidate"] for move in [*one["up"], *one["down"]]}


def test_the_same_model_moves_nobody(learner):
    champion, version = learner.version(state=State.CHAMPION), learner.version()
    rank(learner.jobs[-1], champion)

    found = preview.changes(version, champion)

    assert (found["moved"], found["kendall"]) == (0, 1.0)
    assert found["jobs"][0]["up"] == ()
    json.dumps(found, allow_nan=False)


def test_only_the_open_jobs_that_were_ranked_last_are_looked_at(learner, monkeypatch):
    monkeypatch.setattr(preview, "JOBS", 2)
    champion, version = learner.version(state=State.CHAMPION), learner.version()
    first, second, closed, last = learner.jobs[-4:]
    for job in (second, first, second, closed, last):
        rank(job, champion)
    Job.objects.filter(pk=closed.pk).update(status=JobStatus.FILLED)

    found = preview.changes(version, champion)

    assert [one["job"] for one in found["jobs"]] == [last.pk, second.pk]


def test_without_a_ranked_open_job_there_is_nothing_to_see(learner):
    champion, version = learner.version(state=State.CHAMPION), learner.version()

    assert preview.changes(version, champion) | {"at": ""} == {
        "at": "",
        "jobs": [],
        "people": 0,
        "moved": 0,
        "kendall": None,
    }


def test_a_job_with_one_person_is_left_out(learner):
    champion, version = learner.version(state=State.CHAMPION), learner.version()
    job = learner.jobs[-1]
    rank(job, champion)
    keep = job.prospects.filter(candidate__is_stub=False).first()
    Prospect.objects.filter(job=job).exclude(pk=keep.pk).delete()

    assert preview.changes(version, champion)["jobs"] == []


def answers(raw):
    raw = np.array(raw, dtype=float)
    return Answers(raw, raw, 0.5)


def job_changes(before, after):
    rows = np.arange(len(before))
    return preview._job_changes(7, rows + 100, answers(before), answers(after), rows)


def test_who_moves_farthest_is_told_first_and_no_more_than_some():
    n = 30
    found = job_changes(np.arange(n)[::-1], np.roll(np.arange(n)[::-1], 1))

    assert found.moved == n
    (fallen,) = found.down
    assert (fallen.candidate, fallen.before, fallen.after) == (100, 1, n)
    assert [(move.before, move.after) for move in found.up] == [(at + 1, at) for at in range(1, 11)]


def test_agreement_is_one_for_the_same_and_minus_one_for_the_reversed_order():
    from scipy.stats import kendalltau

    assert job_changes([3, 2, 1], [9, 5, 1]).kendall == 1.0
    assert job_changes([3, 2, 1], [1, 5, 9]).kendall == -1.0
    a, b = np.random.default_rng(0).random((2, 15))
    assert job_changes(a, b).kendall == pytest.approx(kendalltau(a, b).statistic)


def test_the_share_that_stays_in_the_first_ten_needs_more_than_ten():
    assert job_changes(np.arange(10), np.arange(10)).kept is None
    assert job_changes(np.arange(12), np.arange(12)).kept == 1.0
    assert job_changes(np.arange(12), np.arange(12)[::-1]).kept == pytest.approx(0.8)


# As a row


def test_asking_twice_makes_one_check_and_sends_it_when_the_transaction_is_through(
    learner, recruiter, sent, django_capture_on_commit_callbacks
):
    version = learner.version()

    with django_capture_on_commit_callbacks(execute=True):
        first = checks.request(version, Kind.RANK_CHANGES, by=recruiter)
        assert checks.request(version, Kind.RANK_CHANGES) == first
        other = checks.request(version, Kind.VERDICT)

    assert sent == [first.pk, other.pk]
    assert first.requested_by == recruiter


def test_a_worker_stores_the_changes(learner):
    champion, version = learner.version(state=State.CHAMPION), learner.version(BLIND)
    rank(learner.jobs[-1], champion)
    check, _made = checks.new(version, Kind.RANK_CHANGES)

    tasks.run_model_check(check.pk)

    check.refresh_from_db()
    assert (check.state, check.error, check.progress) == (RunState.DONE, "", 1.0)
    assert check.champion == champion
    assert check.result["jobs"][0]["job"] == learner.jobs[-1].pk
    assert check.heartbeat_at is not None
    tasks.run_model_check(check.pk)  # delivered again
    assert ModelCheck.objects.get().finished_at == check.finished_at


def test_a_worker_judges_again(learner):
    learner.version(state=State.CHAMPION)
    version = learner.version()
    check, _made = checks.new(version, Kind.VERDICT)

    checks.run(check)

    version.refresh_from_db()
    assert version.verdict["passed"]
    check.refresh_from_db()
    assert check.state == RunState.DONE


def test_without_a_version_in_use_there_is_nothing_to_compare_with(learner):
    check, _made = checks.new(learner.version(), Kind.RANK_CHANGES)

    checks.run(check)

    check.refresh_from_db()
    assert (check.state, check.error) == (RunState.FAILED, checks.NOTHING_SERVES)


def test_damaged_files_end_the_check_with_a_sentence(learner):
    champion, version = learner.version(state=State.CHAMPION), learner.version()
    rank(learner.jobs[-1], champion)
    damage(version)
    check, _made = checks.new(version, Kind.RANK_CHANGES)

    checks.run(check)

    check.refresh_from_db()
    assert check.state == RunState.FAILED
    assert "not those that were saved" in check.error


def test_what_nobody_foresaw_is_logged_without_its_message(learner, monkeypatch, caplog):
    def explode(*args, **values):
        raise RuntimeError("Ana Prado")

    monkeypatch.setattr(preview, "changes", explode)
    learner.version(state=State.CHAMPION)
    check, _made = checks.new(learner.version(), Kind.RANK_CHANGES)

    with caplog.at_level(logging.ERROR):
        checks.run(check)

    check.refresh_from_db()
    assert check.error.startswith("The check failed")
    assert "Ana Prado" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_worker_that_died_fails_its_check_and_a_lost_message_is_sent_again(learner, sent):
    import datetime

    from django.utils import timezone

    version, long_ago = learner.version(), timezone.now() - datetime.timedelta(hours=1)
    dead, _made = checks.new(version, Kind.VERDICT)
    lost, _made = checks.new(version, Kind.RANK_CHANGES)
    ModelCheck.objects.filter(pk=dead.pk).update(state=RunState.RUNNING, heartbeat_at=long_ago)
    ModelCheck.objects.filter(pk=lost.pk).update(queued_at=long_ago)

    services.reap_runs()

    dead.refresh_from_db()
    assert dead.state == RunState.FAILED
    assert "stopped before it was done" in dead.error
    assert sent == [lost.pk]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_down_does_not_stop_who_asks(monkeypatch):
    def refuse(pk):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.run_model_check, "delay", refuse)

    check = checks.request(Learner(jobs=40).version(), Kind.VERDICT)

    assert check.state == RunState.QUEUED
