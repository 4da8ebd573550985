import io
import json

import numpy as np
import pytest
from kombu.exceptions import OperationalError

from candidates.models import RunState
from jobs.models import Job, JobStatus, Outcome, Prospect, Stage
from scoring import auditing_sources, gate, registry, services, snapshots, storage, tasks, training
from scoring.ml import cautions, leakage_lists
from scoring.ml.evidence import verdict_of_metrics
from scoring.ml.schema import SchemaError
from scoring.models import DatasetSnapshot, EvidenceVerdict, ModelVersion, Promotion, TrainingRun
from scoring.training import UnknownRecipe, request_training
from tests.at_once import at_once
from tests.factories import make_prospect
from tests.scoring.company import make_company
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(tasks.run_training, "delay", lambda pk: messages.append(pk))
    return messages


def queued(**values):
    return training.new_run(**values)[0]


# Asking


def test_a_request_makes_a_run_and_sends_it_when_the_transaction_is_through(
    recruiter, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run, made = request_training(by=recruiter)
        assert sent == []

    assert made
    assert sent == [run.pk]
    assert (run.recipe, run.label_policy, run.requested_by) == ("peneira", "all", recruiter)
    assert run.state == RunState.QUEUED


def test_a_second_click_meets_the_run_of_the_first(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, made = request_training()
        second, made_again = request_training()

    assert (made, made_again) == (True, False)
    assert first == second
    assert sent == [first.pk]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_down_does_not_stop_who_asks(monkeypatch, caplog):
    def refuse(pk):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.run_training, "delay", refuse)

    run, made = request_training()

    assert made
    assert run.state == RunState.QUEUED
    assert "connection refused" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_make_one_run(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.run_training, "delay", lambda pk: sent.append(pk))
    answers = []

    assert at_once(*[lambda: answers.append(request_training())] * 8) == []

    assert TrainingRun.objects.count() == 1
    assert len({run.pk for run, _ in answers}) == 1
    assert sorted(made for _, made in answers) == [False] * 7 + [True]
    assert len(sent) == 1


def test_another_recipe_is_another_run():
    assert queued() != queued(recipe="prec80")
    assert queued(recipe="prec80").label_policy == "systemB"


def test_a_run_that_is_over_is_in_nobody_s_way():
    queued().finish(error="no")

    assert request_training()[1]


def test_unknown_names_are_refused():
    with pytest.raises(UnknownRecipe):
        request_training(recipe="alchemy")
    with pytest.raises(ValueError, match="no label policy"):
        request_training(label_policy="mood")
    assert not TrainingRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(ValueError, match="whole number"):
        request_training(seed=seed)
    assert not TrainingRun.objects.exists()


# Running


def test_training_makes_a_version_that_serves():
    make_company()
    steps = []

    version = training.run(queued(), watch=lambda run: steps.append((run.progress, run.step)))

    run = TrainingRun.objects.get()
    assert (run.state, run.error, run.progress) == (RunState.DONE, "", 1.0)
    assert ModelVersion.objects.champion() == version == run.version
    assert registry.champion_artifact()[1].sha256 == version.sha256
    assert version.metrics["roc_auc"] > 0.6
    assert version.metrics["baselines"]
    assert set(version.feature_names) >= {"cv_sap"}
    assert len(version.data_fingerprint) == 64
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)
    assert training.STAGES["boosting"] in run.log
    assert run.heartbeat_at is not None
    assert run.details["seconds"][training.STAGES["boosting"]] > 0


def test_what_can_be_looked_up_later_is_stored_with_the_version(settings):
    settings.GIT_COMMIT = "c" * 40
    make_company(jobs=80)  # enough jobs in the test window to speak of evidence
    run = queued(seed=7)

    version = training.run(run)

    version.refresh_from_db()
    rows = snapshots.read_snapshot(version.snapshot).rows
    assert len(rows) == version.snapshot.rows == 640
    assert np.nansum(rows["y"]) == Prospect.objects.filter(outcome=Outcome.HIRED).count()
    assert version.evidence == verdict_of_metrics(version.metrics).verdict != EvidenceVerdict.NONE
    assert version.verdict["passed"]
    assert {check["name"] for check in version.verdict["checks"]} >= {"files", "figures", "fairness"}
    assert version.code_commit == settings.GIT_COMMIT
    manifest = registry.artifact(version).manifest
    assert manifest["config"]["seed"] == version.card["seed"] == 7
    assert manifest["extra"] == {
        "data_fingerprint": version.data_fingerprint,
        "training_run": run.pk,
        "snapshot": version.snapshot.sha256,
        "code_commit": version.code_commit,
    }


def test_a_finished_run_is_a_challenger_until_the_gate_has_spoken(monkeypatch):
    make_company()
    old = make_trained_version(recipe="prec80")
    judge, found = gate.judge, []

    def looked_at(version, **values):
        stored = ModelVersion.objects.get(pk=version.pk)
        found.append((stored.state, stored.verdict, ModelVersion.objects.champion("prec80")))
        return judge(version, **values)

    monkeypatch.setattr(gate, "judge", looked_at)
    training.run(queued(recipe="prec80"))

    assert found == [(ModelVersion.State.CHALLENGER, {}, old)]


def test_a_version_that_the_gate_stops_waits_and_the_run_says_why():
    make_company()
    old = make_trained_version(recipe="prec80")
    damage(old)

    version = training.run(queued(recipe="prec80"))

    run = TrainingRun.objects.get()
    version.refresh_from_db()
    assert (run.state, run.error) == (RunState.DONE, "")
    assert version.state == ModelVersion.State.CHALLENGER
    assert not version.verdict["passed"]
    assert ModelVersion.objects.champion("prec80") == old
    assert not Promotion.objects.exists()
    assert "Not promoted; the gate says no: The version in use can be measured on the same rows" in run.log


def test_the_machine_promotes_in_nobody_s_name(recruiter):
    make_company()
    run = queued(recipe="prec80", by=recruiter)

    version = training.run(run)

    promotion = Promotion.objects.get()
    assert (promotion.version, promotion.by, promotion.overruled) == (version, None, False)
    assert promotion.reason == gate.PASSED
    assert promotion.verdict == version.verdict
    version.refresh_from_db()
    assert (version.promoted_by, version.promotion_reason) == (None, gate.PASSED)
    assert version.training_run.requested_by == recruiter
    assert f"In use since training run {run.pk}" in version.training_run.log


def test_who_is_still_waiting_in_a_young_job_is_neither_hired_nor_not():
    jobs = make_company()
    waiting = {"stage": Stage.SCREENING, "outcome": Outcome.IN_FLIGHT, "source_status": "Inscrito"}
    for job in (jobs[0], jobs[-2], jobs[-1]):
        job.prospects.update(**waiting)
    Job.objects.filter(pk=jobs[-2].pk).update(status=JobStatus.FILLED)

    version = training.run(queued(recipe="forest", label_policy="all"))

    rows = snapshots.read_snapshot(version.snapshot).rows
    known = rows[rows["known"]].set_index("job_id")["y"]
    assert known[jobs[-1].pk].isna().all()
    assert set(known[jobs[0].pk]) == set(known[jobs[-2].pk]) == {0.0}
    assert known.isna().sum() == len(known[jobs[-1].pk]) > 0
    assert version.card["data"]["left_out"] >= 8


def test_the_second_head_is_stored_when_enough_people_withdrew():
    make_company()
    rejected = Prospect.objects.filter(outcome=Outcome.REJECTED)
    some = list(rejected.values_list("pk", flat=True))[::2]
    rejected.filter(pk__in=some).update(outcome=Outcome.WITHDREW, source_status="Desistiu")

    version = training.run(queued())

    model = registry.artifact(version)
    assert model.accept is not None
    wanted = snapshots.read_snapshot(version.snapshot).rows["accept"]
    assert (wanted == 0).sum() == len(some)
    assert 0 < version.metrics["accept"]["positives"] < version.metrics["accept"]["n"] < wanted.notna().sum()
    assert cautions.NO_ACCEPT not in {warning["id"] for warning in version.card["warnings"]}


@pytest.mark.django_db(transaction=True)
def test_two_trainings_at_once_make_two_versions():
    make_company()
    runs = [queued(recipe="prec80"), queued(recipe="forest")]

    versions = trained_at_once(runs)

    assert sorted(version.number for version in versions) == [1, 2]
    assert {version.artifact_path for version in versions} == {"v1", "v2"}
    for version in versions:
        assert ModelVersion.objects.champion(version.recipe) == version
        assert registry.artifact(version).manifest["recipe"] == version.recipe


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_run_make_one_version():
    make_company()
    run = queued(recipe="prec80")

    versions = trained_at_once([TrainingRun.objects.get(pk=run.pk) for _ in range(2)])

    assert sorted(version is None for version in versions) == [False, True]
    assert ModelVersion.objects.count() == 1


def trained_at_once(runs):
    made = []
    assert at_once(*(lambda run=run: made.append(training.run(run)) for run in runs)) == []
    return made


def test_the_card_says_what_the_model_is_for_and_from_what_it_learned():
    make_company()

    card = training.run(queued()).card

    assert json.loads(json.dumps(card, allow_nan=False)) == card
    assert {window["name"] for window in card["windows"]} == {"train", "calibration", "validation", "test"}
    assert sum(year["rows"] for year in card["data"]["by_year"].values()) == 400
    assert any("latest version" in limit for limit in card["limits"])
    assert cautions.NO_ACCEPT in {warning["id"] for warning in card["warnings"]}  # nobody of them withdrew
    assert {"python", "lightgbm", "numpy"} <= set(card["libraries"])
    assert card["features"][0]["importance"] >= card["features"][-1]["importance"]
    stats = card["baseline"]["stats"]
    assert len(stats) == 47
    assert stats["tem_email"] == {"kind": "binary", "rate": 1.0, "missing": 0.0}
    assert stats["salario_valor"]["missing"] == 1.0
    assert 0 < card["baseline"]["rows"] < 400


def test_a_card_and_its_files_hold_no_personal_data():
    make_company()

    version = training.run(queued())

    text = json.dumps(version.card) + TrainingRun.objects.get().log
    files = storage.read_model(version.artifact_path)
    with np.load(io.BytesIO(files.pop("arrays.npz"))) as arrays:
        words = {name: arrays[name] for name in arrays.files if arrays[name].dtype.kind in "SU"}
    kept = str(words) + b"".join(files.values()).decode()
    snapshot = snapshots.read_snapshot(version.snapshot)
    rows = snapshot.rows.select_dtypes(exclude="number").to_csv()
    for name in ("Pessoa", "pessoa1@example.com", "Cliente Exemplo"):
        assert name not in text
        assert name not in kept
        assert name not in rows
    assert set(snapshot.X.dtypes.astype(str)) == {"float32"}


def test_equal_data_and_seed_give_an_equal_model():
    make_company()

    first, second = training.run(queued()), training.run(queued())

    assert first.data_fingerprint == second.data_fingerprint
    assert first.snapshot == second.snapshot
    model, again = (storage.read_model(version.artifact_path) for version in (first, second))
    boosters = [name for name in model if name.endswith(".txt")]
    assert boosters
    assert {name: model[name] for name in boosters} == {name: again[name] for name in boosters}
    assert ModelVersion.objects.champion() == second
    assert ModelVersion.objects.get(pk=first.pk).state == ModelVersion.State.RETIRED


def test_system_b_s_recipe_learns_from_people_with_a_profile_only():
    make_company(stubs=60)

    version = training.run(queued(recipe="prec80"))

    windows = version.card["windows"]
    stubs = Prospect.objects.filter(candidate__is_stub=True).count()
    assert stubs > 0
    assert sum(window["rows"] for window in windows) + version.card["data"]["left_out"] == 400
    assert version.card["data"]["left_out"] >= stubs
    assert len(version.feature_names) == 46


def test_a_run_delivered_twice_trains_once():
    make_company()
    run = queued(recipe="prec80")

    assert training.run(run) is not None
    assert training.run(TrainingRun.objects.get()) is None
    tasks.run_training(run.pk)

    assert ModelVersion.objects.count() == 1


def test_a_task_for_a_run_that_is_gone_does_nothing():
    tasks.run_training(12345)

    assert not ModelVersion.objects.exists()


# Failing


def rejected(outcome):
    return {"outcome": outcome, "source_status": ""}


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda: None, "nothing to learn"),
        (lambda: make_prospect(outcome=Outcome.REJECTED), "None of the 1 applications ended in a hire"),
        (lambda: make_prospect(outcome=Outcome.HIRED), "All 1 applications ended in a hire"),
        (lambda: make_company(jobs=6), "needs at least"),
    ],
)
def test_data_that_cannot_be_learned_from_ends_in_one_sentence(prepare, sentence):
    old = make_trained_version()
    prepare()

    assert training.run(queued()) is None

    run = TrainingRun.objects.get()
    assert run.state == RunState.FAILED
    assert sentence in run.error
    assert "\n" not in run.error
    assert ModelVersion.objects.champion() == old


def test_a_crash_is_told_without_what_may_be_personal(monkeypatch, caplog):
    make_company(jobs=6)
    old = make_trained_version()

    def crash(*args, **kwargs):
        raise SchemaError("candidates", "cv_text", "holds Maria da Silva")

    monkeypatch.setattr("scoring.datasets.events", crash)
    training.run(queued())

    run = TrainingRun.objects.get()
    assert run.state == RunState.FAILED
    assert "Maria" not in run.error + run.log + caplog.text
    assert "SchemaError at test_training.py" in caplog.text
    assert ModelVersion.objects.champion() == old


def leaks(jobs, monkeypatch):
    """A field that was filled in after the outcome, and a learner that reads it."""
    filled = [job.pk for job in jobs if job.prospects.filter(outcome=Outcome.HIRED).exists()]
    Job.objects.filter(pk__in=filled[::2]).update(modality="PJ")
    monkeypatch.setattr(leakage_lists, "KNOWN", {})
    read = auditing_sources.FIELDS_READ | {"prospects.modalidade": ("jobs.modality",)}
    monkeypatch.setattr("scoring.auditing.FIELDS_READ", read)


def test_a_run_whose_audit_finds_a_leak_names_the_field_and_stores_nothing(monkeypatch, settings):
    leaks(make_company(jobs=120), monkeypatch)
    old = make_trained_version()
    before = files_in(settings.MODELS_DIR)

    assert training.run(queued()) is None

    run = TrainingRun.objects.get()
    assert run.state == RunState.FAILED
    assert "“prospects.modalidade”" in run.error
    assert "\n" not in run.error
    assert ModelVersion.objects.get() == ModelVersion.objects.champion() == old
    assert not DatasetSnapshot.objects.exists()
    assert files_in(settings.MODELS_DIR) == before
    assert files_in(settings.SNAPSHOTS_DIR) == []


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def given_up_at(step, run):
    """A watcher: a reaper takes the run for dead when it begins ``step``."""

    def give_up(seen):
        if seen.step == step:
            TrainingRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, error="given up")

    return give_up


def test_a_run_that_was_given_up_meanwhile_stores_no_version(settings):
    make_company()
    run = queued(recipe="prec80")

    assert training.run(run, watch=given_up_at(training.SAVING, run)) is None

    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "given up")
    assert not ModelVersion.objects.exists()
    assert files_in(settings.MODELS_DIR) == []
    # A snapshot may stay: the next run on the same rows finds it by its content
    assert DatasetSnapshot.objects.count() == len(files_in(settings.SNAPSHOTS_DIR)) == 1


def test_a_run_that_was_given_up_while_the_gate_looked_promotes_nothing(monkeypatch):
    make_company()
    run, judge = queued(recipe="prec80"), gate.judge

    def judged_too_late(version, **values):
        TrainingRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, error="given up")
        return judge(version, **values)

    monkeypatch.setattr(gate, "judge", judged_too_late)

    assert training.run(run) is None

    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "given up")
    assert run.version.state == ModelVersion.State.CHALLENGER
    assert run.version.verdict["passed"]


def test_a_stopped_run_says_so():
    make_company(jobs=6)

    def stop(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.run(queued(), watch=stop)

    assert TrainingRun.objects.get().error == "The training was stopped."


def test_a_running_training_names_its_worker():
    make_company(jobs=6)
    run = queued()

    training.run(run)

    run.refresh_from_db()
    assert run.details["worker"] == services.worker_identity()
