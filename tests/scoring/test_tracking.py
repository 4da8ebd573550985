import logging
import socket
import time
from pathlib import Path

import pytest
from django.utils import timezone

from candidates.models import RunState
from scoring import registry, storage, tracking, training
from scoring.models import ModelVersion, TrainingRun
from tests.scoring.company import make_company
from tests.scoring.trained import make_trained_version

mlflow = pytest.importorskip("mlflow", reason="the optional extra requirements-mlflow.txt is not installed")

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings, tmp_path, monkeypatch):
    """MLflow's own store of runs, in a folder."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    settings.MLFLOW_TRACKING_URI = (tmp_path / "runs").as_uri()
    return mlflow.MlflowClient(tracking_uri=settings.MLFLOW_TRACKING_URI)


def make_version():
    run = TrainingRun.objects.create(
        recipe="peneira", label_policy="all", state=RunState.DONE, started_at=timezone.now()
    )
    return make_trained_version(
        training_run=run,
        state=ModelVersion.State.CHALLENGER,
        code_commit="c" * 40,
        data_fingerprint="d" * 64,
        accepting=True,
    )


def runs_of(client):
    experiment = client.get_experiment_by_name("peneira")
    return client.search_runs([experiment.experiment_id]) if experiment else []


def test_nothing_is_mirrored_without_the_setting(monkeypatch):
    monkeypatch.setattr(tracking, "_client", None)

    assert tracking.mirror(make_version()) is None


def test_a_version_is_mirrored_whole(server):
    version = make_version()

    identity = tracking.mirror(version)

    run = server.get_run(identity)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == f"v{version.number}"
    assert run.info.start_time == round(version.training_run.started_at.timestamp() * 1000)
    assert run.info.end_time >= run.info.start_time
    tags = run.data.tags
    assert (tags["peneira.version"], tags["peneira.recipe"]) == (str(version.number), "peneira")
    assert tags["peneira.sha256"] == version.sha256
    assert tags["mlflow.source.git.commit"] == "c" * 40
    assert run.data.params["policy"] == "all"
    assert run.data.params["config.seed"] == "42"
    assert run.data.params["params.person.num_leaves"] == "4"
    assert run.data.metrics["test.roc_auc"] == version.metrics["roc_auc"]
    assert (
        run.data.metrics["test.inside_jobs.figures.roc_auc.value"]
        == (version.metrics["inside_jobs"]["figures"]["roc_auc"]["value"])
    )
    assert run.data.metrics["test.accept.roc_auc"] == version.metrics["accept"]["roc_auc"]
    assert run.data.metrics["threshold"] == version.threshold


def test_the_files_are_those_that_are_stored(server, tmp_path):
    version = make_version()

    identity = tracking.mirror(version)

    folder = server.download_artifacts(identity, tracking.FILES, str(tmp_path))
    files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    assert files == storage.read_model(version.artifact_path)


def test_a_training_is_mirrored_when_it_has_ended(server):
    make_company()
    run, _ = training.new_run(recipe="prec80")

    version = training.run(run)

    (mirrored,) = runs_of(server)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert mirrored.data.tags["peneira.version"] == str(version.number)
    assert mirrored.data.tags["peneira.snapshot"] == version.snapshot.sha256
    assert mirrored.info.end_time == round(run.finished_at.timestamp() * 1000)


def test_a_training_whose_copy_fails_is_whole(settings, monkeypatch):
    def unreachable():
        raise ConnectionError

    make_company()
    settings.MLFLOW_TRACKING_URI = "http://mlflow.example.com"
    monkeypatch.setattr(tracking, "_client", unreachable)
    run, _ = training.new_run(recipe="prec80")

    assert training.run(run) is not None
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.DONE, "")


def test_runs_come_into_one_experiment(server, settings):
    settings.MLFLOW_EXPERIMENT = "hiring"
    tracking.mirror(make_version())
    tracking.mirror(make_version())

    experiment = server.get_experiment_by_name("hiring")
    assert len(server.search_runs([experiment.experiment_id])) == 2


def test_a_copy_that_breaks_off_is_marked_as_failed(server, monkeypatch, caplog):
    def broken(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tracking, "_log_files", broken)

    assert tracking.mirror(make_version()) is None
    assert [run.info.status for run in runs_of(server)] == ["FAILED"]
    assert "was not mirrored to MLflow: OSError" in caplog.text


def test_a_server_that_does_not_answer_fails_nothing_and_shows_no_password(settings, monkeypatch, caplog):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))  # bound and not listening: nobody can answer there
        port = listener.getsockname()[1]
        settings.MLFLOW_TRACKING_URI = f"http://user:very-secret@127.0.0.1:{port}"
        started = time.monotonic()

        assert tracking.mirror(make_version()) is None

    assert time.monotonic() - started < 20
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert any("was not mirrored to MLflow: MlflowException" in message for message in messages)
    assert "very-secret" not in caplog.text


def test_without_the_extra_it_says_what_to_install(settings, monkeypatch, caplog):
    settings.MLFLOW_TRACKING_URI = "http://mlflow.example.com"

    def missing():
        raise ModuleNotFoundError("No module named 'mlflow'")

    monkeypatch.setattr(tracking, "_client", missing)

    assert tracking.mirror(make_version()) is None
    assert "requirements-mlflow.txt" in caplog.text


def test_damaged_files_are_not_mirrored(server, caplog):
    version = make_version()
    ModelVersion.objects.filter(pk=version.pk).update(artifact_path="v0")
    version.refresh_from_db()
    registry.forget()

    assert tracking.mirror(version) is None
    assert runs_of(server) == []


def test_figures_are_named_by_what_they_are_of():
    version = ModelVersion(
        threshold=0.25,
        metrics={
            "n": 10,
            "roc_auc": None,
            "brier": float("nan"),
            "enough": True,
            "intervals": {"roc_auc": [0.5, 0.75]},
            "baselines": [{"name": "prevalence", "roc_auc": 0.5}],
            "slices": [
                {"by": "area", "value": "TI - C/C++ & ação", "roc_auc": 0.625},
                {"by": "jobs_with_one", "value": "", "roc_auc": 0.5},
            ],
        },
    )

    assert tracking.figures(version) == {
        "threshold": 0.25,
        "test.n": 10,
        "test.intervals.roc_auc.0": 0.5,
        "test.intervals.roc_auc.1": 0.75,
        "test.baselines.prevalence.roc_auc": 0.5,
        "test.slices.area TI - C_C__ _ ação.roc_auc": 0.625,
        "test.slices.jobs_with_one.roc_auc": 0.5,
    }
