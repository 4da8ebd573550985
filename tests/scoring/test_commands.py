import datetime

import pytest
from django.core.management import CommandError, call_command

from candidates.models import RunState
from jobs.models import Job, JobStatus
from scoring import people, registry, training
from scoring.models import ModelVersion, Ranking, TrainingRun
from tests.factories import make_job, make_version
from tests.scoring.company import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_in_memory():
    registry.forget()
    people.forget()
    yield
    registry.forget()
    people.forget()


def test_train_trains_every_recipe_and_prints_its_figures(capsys):
    make_company()

    call_command("train")

    out = capsys.readouterr().out
    assert set(ModelVersion.objects.values_list("recipe", flat=True)) == {"peneira", "prec80"}
    for words in ("base rate", "ROC-AUC", "average precision", "AUC inside jobs", "95 % interval", "in use"):
        assert words in out


def test_train_of_one_recipe_takes_policy_and_seed(capsys):
    make_company()

    call_command("train", recipe="peneira", label_policy="decided", seed=7)

    run = TrainingRun.objects.get()
    assert (run.recipe, run.label_policy, run.seed, run.state) == ("peneira", "decided", 7, RunState.DONE)


def test_train_without_data_fails_with_the_sentence():
    with pytest.raises(CommandError, match="nothing to learn"):
        call_command("train")


def test_train_goes_on_when_only_the_second_recipe_cannot_be_learned(capsys):
    make_company(candidates=8, stubs=40, prospects_per_job=12)

    call_command("train")

    assert "prec80: not trained." in capsys.readouterr().out
    assert ModelVersion.objects.get().recipe == "peneira"


def test_train_takes_over_a_run_that_nobody_has_begun():
    make_company()
    queued, _ = training.new_run()

    call_command("train", recipe="peneira")

    assert TrainingRun.objects.get() == queued
    assert queued.version.state == ModelVersion.State.CHAMPION


def test_rank_jobs_needs_a_model():
    with pytest.raises(CommandError, match="train"):
        call_command("rank_jobs")


def test_rank_jobs_ranks_what_is_chosen_and_only_what_changed(capsys):
    jobs = make_company(jobs=40)
    call_command("train", recipe="peneira")
    Job.objects.exclude(pk__in=[job.pk for job in jobs[-3:]]).update(status=JobStatus.FILLED)

    call_command("rank_jobs", open=True, limit=2)
    assert set(Ranking.objects.values_list("job", flat=True)) == {jobs[-1].pk, jobs[-2].pk}

    call_command("rank_jobs", open=True)
    assert "Ranked 1 jobs; 2 were up to date, 0 failed." in capsys.readouterr().out

    call_command("rank_jobs", jobs[0].code, jobs[-1].code, again=True)
    assert Ranking.objects.filter(state=RunState.DONE).count() == 5
    assert Ranking.objects.filter(job=jobs[0]).exists()


def test_rank_jobs_says_that_some_failed():
    make_version(artifact_path="nowhere")
    make_job(requested_on=datetime.date(2026, 1, 5))

    with pytest.raises(CommandError, match="Some rankings failed"):
        call_command("rank_jobs")
    assert Ranking.objects.get().state == RunState.FAILED
