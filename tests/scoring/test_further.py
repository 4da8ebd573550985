import json
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.models import RunState
from scoring import checks, divisions, further, services, snapshots, tasks
from scoring.figures.further import further as figures
from scoring.ml.recipes import ABLATIONS, RECIPES
from scoring.models import ModelCheck, ModelVersion
from tests.scoring.measured import CARD
from tests.scoring.trained import RECIPE, damage, data, make_trained_version

pytestmark = pytest.mark.django_db

FURTHER = ModelCheck.Kind.FURTHER
KEYS = {"backtests", "grouped", "ablation", "further_at"}


@pytest.fixture(autouse=True)
def small_recipe(monkeypatch):
    """Learned in a moment; its one part can be left alone."""
    monkeypatch.setitem(RECIPES, "peneira", RECIPE)
    monkeypatch.setattr(divisions, "ABLATIONS", {"peneira": RECIPE, "job alone": RECIPE})


@pytest.fixture
def version():
    return make_trained_version(snapshot=snapshots.write_snapshot(data()), card=CARD)


def asked(version):
    return checks.new(version, FURTHER)[0]


def silent(_share, _step):
    pass


def test_the_figures_go_into_the_card_and_leave_the_rest_of_it(version):
    check = asked(version)

    checks.run(check)

    check.refresh_from_db()
    assert (check.state, check.error, check.progress) == (RunState.DONE, "", 1.0)
    version.refresh_from_db()
    assert set(version.card) == set(CARD) | KEYS
    assert {name: version.card[name] for name in CARD} == CARD
    json.dumps(version.card, allow_nan=False)


def test_the_pages_read_what_it_wrote(version):
    checks.run(asked(version))
    version.refresh_from_db()

    shown = figures(version)

    assert [test.start < test.end for test in shown.back_tests] == [True] * 3
    assert [str(fold.name) for fold in shown.folds] == [
        *(f"fold {number}" for number in range(1, 6)),
        "all folds together",
    ]
    assert [str(part.name) for part in shown.ablation] == [
        "nothing left out",
        "only: whether the job gets filled",
    ]
    assert shown.folds[-1].n == len(data())
    for measured in (*shown.back_tests, *shown.folds, *shown.ablation):
        assert measured.problem == ""
        assert measured.n > measured.positives > 0
        assert 0.5 < measured.roc_auc.value < 1.0
        assert measured.roc_auc.has_interval
        assert measured.average_precision.value > measured.base_rate
        assert measured.inside_jobs > 0
        assert measured.inside.low <= measured.inside.value <= measured.inside.high
    assert shown.is_measured
    assert shown.measured_at <= timezone.now()


def test_with_nothing_left_out_it_finds_the_version_s_own_figures(version):
    found = further.measure(version, show=silent)

    (whole, _alone) = found["ablation"]
    assert whole["metrics"] == {name: version.metrics[name] for name in further.KEPT}


def test_it_learns_with_the_seed_and_settings_of_the_version(version, monkeypatch):
    from scoring.ml import train

    learn, used = train.train, []
    monkeypatch.setattr(
        train, "train", lambda *args, **values: used.append(values["config"]) or learn(*args, **values)
    )

    further.measure(version, show=silent)

    assert len(used) == 3 + 5 + 2
    assert {config.bootstrap_resamples for config in used} == {10}


def test_what_the_database_holds_now_changes_nothing(version, django_assert_num_queries):
    version = ModelVersion.objects.select_related("snapshot").get(pk=version.pk)

    with django_assert_num_queries(0):
        further.measure(version, show=silent)


def test_only_the_main_recipe_has_parts_to_leave_out(monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(RECIPES, "prec80", replace(RECIPE, name="prec80"))
    version = make_trained_version(snapshot=snapshots.write_snapshot(data()), recipe="prec80")

    found = further.measure(version, show=silent)

    assert found["ablation"] == []
    assert len(found["backtests"]) == 3


def test_progress_never_falls_and_tells_what_is_done(version):
    seen = []

    further.measure(version, show=lambda share, step: seen.append((share, step)))

    shares = [share for share, _step in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == pytest.approx(1.0)
    assert list(dict.fromkeys(step for _share, step in seen)) == [
        further.BACK_TESTS,
        further.FOLDS,
        further.PARTS,
    ]


def test_windows_that_cannot_be_learned_say_why():
    import numpy as np

    few = data().subset(np.arange(40))
    version = make_trained_version(snapshot=snapshots.write_snapshot(few))

    checks.run(asked(version))

    version.refresh_from_db()
    shown = figures(version)
    for measured in (*shown.back_tests, shown.folds[-1], *shown.ablation):
        assert measured.problem
        assert measured.roc_auc.value is None


def test_rows_of_one_day_allow_no_earlier_time():
    alike = data()
    one_day = type(alike)(alike.X, alike.rows.assign(as_of=alike.rows["as_of"].iloc[0]))
    version = make_trained_version(snapshot=snapshots.write_snapshot(one_day))

    (found,) = further.measure(version, show=silent)["backtests"]

    assert found["start"] == found["end"] == "2024-01-01"
    assert "different days" in found["problem"]


# Failures end in the row


def test_a_version_without_rows_says_so():
    check = asked(make_trained_version())

    checks.run(check)

    check.refresh_from_db()
    assert (check.state, check.error) == (RunState.FAILED, further.NO_SNAPSHOT)
    assert not KEYS & set(check.version.card)


def _alter_snapshot(version):
    path = configured.SNAPSHOTS_DIR / version.snapshot.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def _forget_recipe(version):
    ModelVersion.objects.filter(pk=version.pk).update(recipe="forgotten")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_alter_snapshot, "was altered"),
        (damage, "not those that were saved"),
        (_forget_recipe, "no recipe “forgotten”"),
    ],
)
def test_what_cannot_be_read_is_said(version, harm, words):
    harm(version)
    check = asked(ModelVersion.objects.get(pk=version.pk))

    checks.run(check)

    check.refresh_from_db()
    assert check.state == RunState.FAILED
    assert words in check.error


def test_an_unforeseen_failure_leaves_earlier_figures(version, monkeypatch):
    ModelVersion.objects.filter(pk=version.pk).update(card={"backtests": ["earlier"]})
    monkeypatch.setattr(divisions, "grouped", lambda *args, **values: 1 / 0)
    check = asked(version)

    checks.run(check)

    check.refresh_from_db()
    assert check.state == RunState.FAILED
    assert "log of the worker" in check.error
    version.refresh_from_db()
    assert version.card == {"backtests": ["earlier"]}


def test_a_stop_ends_in_the_row(version):
    check = asked(version)

    def stop(_check):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checks.run(check, watch=stop)

    check.refresh_from_db()
    assert (check.state, check.error) == (RunState.FAILED, "The check was stopped.")


def test_a_check_that_was_given_up_stops_and_stores_nothing(version, monkeypatch):
    monkeypatch.setattr(checks, "SECONDS_BETWEEN_REPORTS", 0.0)
    check, seen = asked(version), []

    def give_up(running):
        seen.append(running.progress)
        if len(seen) == 3:
            ModelCheck.objects.filter(pk=running.pk).update(state=RunState.FAILED, error="Given up.")

    checks.run(check, watch=give_up)

    assert len(seen) == 3
    check.refresh_from_db()
    assert (check.state, check.error) == (RunState.FAILED, "Given up.")
    version.refresh_from_db()
    assert version.card == CARD


def test_a_check_given_up_at_the_very_end_stores_nothing(version, monkeypatch):
    measure = further.measure

    def slow(*args, **values):
        found = measure(*args, **values)
        ModelCheck.objects.update(state=RunState.FAILED, error="Given up.")
        return found

    monkeypatch.setattr(further, "measure", slow)
    check = asked(version)

    checks.run(check)

    check.refresh_from_db()
    assert check.error == "Given up."
    version.refresh_from_db()
    assert version.card == CARD


# Queue


def test_it_is_sent_once_to_the_queue_of_trainings(version, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(tasks.run_further_check, "delay", sent.append)
    monkeypatch.setattr(tasks.run_model_check, "delay", lambda pk: pytest.fail("the wrong queue"))

    with django_capture_on_commit_callbacks(execute=True):
        first = checks.request(version, FURTHER)
        assert checks.request(version, FURTHER) == first

    assert sent == [first.pk]
    assert configured.CELERY_TASK_ROUTES[tasks.run_further_check.name] == {"queue": "ml"}


def test_delivered_twice_it_runs_once(version, monkeypatch):
    measure, calls = further.measure, []
    monkeypatch.setattr(
        further, "measure", lambda *args, **values: calls.append(1) or measure(*args, **values)
    )
    check = asked(version)

    tasks.run_further_check(check.pk)
    tasks.run_further_check(check.pk)

    check.refresh_from_db()
    assert check.state == RunState.DONE
    assert len(calls) == 1


def test_lost_messages_are_sent_again_and_lost_workers_given_up(version, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.run_further_check, "delay", sent.append)
    monkeypatch.setattr(tasks.run_model_check, "delay", lambda pk: pytest.fail("the wrong queue"))
    check = asked(version)

    services.reap_runs(now=timezone.now() + timedelta(minutes=6))
    assert sent == [check.pk]

    assert ModelCheck.objects.claim(check.pk)
    services.reap_runs(now=timezone.now() + timedelta(minutes=30))
    check.refresh_from_db()
    assert (check.state, check.error) == (
        RunState.FAILED,
        "The worker stopped before it was done. Start it again.",
    )


# Command


def test_the_command_prints_the_tables_and_keeps_them(version, capsys):
    call_command("measure_further", f"v{version.number}", verbosity=0)

    said = capsys.readouterr().out
    for words in (
        "Back-tests of peneira",
        "the optimistic figure",
        "all folds together",
        "left out",
        "job alone",
    ):
        assert words in said
    version.refresh_from_db()
    assert set(version.card) >= KEYS
    assert ModelCheck.objects.get().state == RunState.DONE


def test_the_command_shows_a_bar(version, capsys):
    call_command("measure_further", str(version.number))

    assert f"v{version.number}: " in capsys.readouterr().err


def test_the_command_fails_with_the_reason():
    version = make_trained_version()

    with pytest.raises(CommandError, match="were not kept"):
        call_command("measure_further", str(version.number), verbosity=0)


@pytest.mark.parametrize("name", ["7", "latest", ""])
def test_the_command_knows_no_other_version(name):
    with pytest.raises(CommandError, match="There is no model version"):
        call_command("measure_further", name, verbosity=0)


def test_the_real_recipe_has_words_for_each_part_left_out():
    from scoring.figures import words

    assert set(ABLATIONS) == set(words.ABLATION)
