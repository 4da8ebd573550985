import datetime

import pytest
from django.core.management import CommandError, call_command

from candidates.models import RunState
from jobs.models import Job, JobStatus
from scoring import training
from scoring.management.commands.train import figures
from scoring.ml.recipes import RECIPES
from scoring.models import ModelVersion, Ranking, TrainingRun
from tests.factories import make_job, make_version
from tests.scoring.company import make_company
from tests.scoring.measured import CARD, METRICS, make_measured_version
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db


def test_train_trains_every_recipe_and_prints_its_figures(capsys):
    make_company()

    call_command("train")

    out = capsys.readouterr().out
    assert set(ModelVersion.objects.values_list("recipe", flat=True)) == set(RECIPES)
    for words in ("base rate", "ROC-AUC", "average precision", "Brier score", "AUC inside jobs"):
        assert out.count(f"  {words}  ") == len(RECIPES)
    for version in ModelVersion.objects.all():
        assert f"Model {version} ({version.recipe}, {version.label_policy}), in use" in out
        assert f"{version.get_evidence_display()} that it beats chance" in out
    assert out.count("passed; it is in use now") == len(RECIPES)


@pytest.mark.parametrize(
    ("later", "reached", "words"),
    [
        (0.9, True, "reached on the validation window and on the test window; on"),
        (0.25, True, "reached on the validation window, NOT on the test window; on"),
        (None, True, "on the test window nobody is above it"),
        (0.9, False, "NOT reached by any cut"),
    ],
)
def test_train_calls_a_cut_reached_only_if_it_was_later_too(later, reached, words):
    metrics = METRICS | {"at_threshold": {"precision": later, "recall": 0.1}}
    card = CARD | {"warnings": []}
    version = make_measured_version(metrics=metrics, card=card, threshold_attainable=reached)
    assert words in figures(version)


def test_train_tells_its_notes_in_sentences(capsys):
    make_company()

    call_command("train", recipe="prec80")

    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  note: ")]
    stored = ModelVersion.objects.get().card["warnings"]
    few = next(warning for warning in stored if "test window" in warning["id"])
    assert len(notes) == len(stored)
    assert f"  note: The test window has only {few['params']['hires']} hires; " in "\n".join(notes)
    assert not any(sign in "".join(notes) for sign in ("{", "%("))


def test_train_tells_in_words_why_a_version_does_not_serve(capsys):
    make_company()
    damage(make_trained_version(recipe="prec80"))

    call_command("train", recipe="prec80")

    out = capsys.readouterr().out
    assert "(prec80, systemB), challenger" in out
    assert "not passed, the version waits for a person" in out
    assert "    The version in use can be measured on the same rows – " in out


def test_train_of_one_recipe_takes_policy_and_seed(capsys):
    make_company()

    call_command("train", recipe="prec80", label_policy="decided", seed=7)

    run = TrainingRun.objects.get()
    assert (run.recipe, run.label_policy, run.seed, run.state) == ("prec80", "decided", 7, RunState.DONE)
    assert run.version.card["seed"] == 7


def test_train_without_data_fails_with_the_sentence():
    with pytest.raises(CommandError, match="nothing to learn"):
        call_command("train")


def test_train_goes_on_when_only_another_recipe_cannot_be_learned(capsys):
    make_company(candidates=8, stubs=40, prospects_per_job=12)

    call_command("train")

    assert "prec80: not trained." in capsys.readouterr().out
    assert set(ModelVersion.objects.values_list("recipe", flat=True)) == set(RECIPES) - {"prec80"}
    assert TrainingRun.objects.filter(state=RunState.FAILED).get().recipe == "prec80"


def test_train_takes_over_a_run_that_nobody_has_begun():
    make_company()
    queued, _ = training.new_run(recipe="prec80")

    call_command("train", recipe="prec80")

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
