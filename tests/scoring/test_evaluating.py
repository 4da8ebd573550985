import csv
import datetime
import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Candidate
from jobs.models import Job, Prospect
from scoring import training
from scoring.evaluating import Asked, NotItsTruth, measure, read_truth
from scoring.ml.recipes import ABLATIONS
from scoring.models import ModelVersion, TrainingRun
from tests.scoring.company import make_company

pytestmark = pytest.mark.django_db


def watch(_what):
    return lambda _share, _step: None


def one(recipe="peneira", **asked):
    return measure(Asked(recipes=(recipe,), **asked), watch)["models"][0]


def write_truth(path, *, probability, columns=("job", "candidate", "probability", "on_the_day")):
    with gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w") as sink:
        rows = csv.writer(sink)
        rows.writerow(columns)
        for prospect in Prospect.objects.select_related("job", "candidate"):
            chance = probability(prospect)
            rows.writerow([prospect.job.code, prospect.candidate.code, chance, chance / 2][: len(columns)])
    return path


@pytest.mark.slow
def test_it_measures_what_training_would_and_stores_nothing():
    make_company()

    found = one()

    assert (ModelVersion.objects.count(), TrainingRun.objects.count()) == (0, 0)
    version = training.run(training.new_run()[0])
    assert found["metrics"] == {key: version.metrics[key] for key in found["metrics"]}
    assert found["threshold"] == version.card["threshold"]
    assert found["evidence"]["verdict"] == version.evidence


@pytest.mark.slow
def test_what_it_measured_is_json():
    make_company()

    found = measure(Asked(recipes=("peneira",), back_tests=True, grouped=True, ablation=True), watch)

    again = json.loads(json.dumps(found, allow_nan=False))
    (model,) = again["models"]
    assert len(model["back_tests"]) == 3
    assert model["grouped"]["metrics"] is not None or model["grouped"]["problem"]
    assert [part["recipe"] for part in model["ablation"]] == list(ABLATIONS)
    same = model["ablation"][0]
    assert same["metrics"]["roc_auc"] == pytest.approx(model["metrics"]["roc_auc"])


def test_every_step_is_shown():
    make_company()
    seen = {}

    measure(
        Asked(recipes=("peneira",), back_tests=True),
        lambda what: lambda share, _step: seen.setdefault(what, []).append(share),
    )

    assert list(seen) == ["peneira", "peneira, back-tests"]
    for shares in seen.values():
        assert shares == sorted(shares)
        assert shares[-1] > 0.8


def test_a_recipe_that_cannot_be_trained_says_why():
    found = one()

    assert found["problem"].startswith("No application")
    assert "metrics" not in found


def test_the_hidden_rule_is_measured_on_the_tested_rows(tmp_path):
    make_company()
    hired = {p.pk for p in Prospect.objects.filter(outcome="hired")}
    path = write_truth(tmp_path / "truth.csv.gz", probability=lambda p: 0.9 if p.pk in hired else 0.1)

    found = one(truth=read_truth(path))

    rule = found["rule"]
    assert (rule["metrics"]["n"], rule["metrics"]["positives"]) == (
        found["metrics"]["n"],
        found["metrics"]["positives"],
    )
    assert rule["metrics"]["roc_auc"] == 1.0
    assert rule["share"]["roc_auc"] == pytest.approx(found["metrics"]["roc_auc"])
    above = (found["metrics"]["roc_auc"] - 0.5) / 0.5
    assert rule["share"]["roc_auc_above_chance"] == pytest.approx(above)
    inside = found["metrics"]["inside_jobs"]["figures"]["roc_auc"]["value"]
    assert rule["share"]["inside_auc"] == pytest.approx(inside)
    assert found["rule_on_the_day"]["metrics"]["roc_auc"] == 1.0
    assert found["rule_on_the_day"]["metrics"]["brier"] > rule["metrics"]["brier"]


def test_nothing_is_reached_of_a_rule_that_is_chance(tmp_path):
    make_company()
    path = write_truth(
        tmp_path / "truth.csv", probability=lambda _: 0.3, columns=("job", "candidate", "probability")
    )

    found = one(truth=read_truth(path))

    assert set(found["rule"]["share"].values()) == {None}
    assert "rule_on_the_day" not in found


def test_the_truth_of_another_company_is_refused(tmp_path):
    make_company()
    path = write_truth(tmp_path / "truth.csv", probability=lambda _: 0.3)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:-40]))

    with pytest.raises(NotItsTruth, match=r"lacks \d+ of the"):
        one(truth=read_truth(path))


def test_a_file_that_is_no_truth_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")

    with pytest.raises(NotItsTruth, match="columns"):
        read_truth(path)


def test_the_truth_of_what_is_not_stored_is_passed_over(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("job,candidate,probability\n1,2,0.5\n")

    assert read_truth(path) == {"rule": {}}
    assert not Candidate.objects.exists()
    assert not Job.objects.exists()


def test_the_command_prints_one_table_and_writes_json(tmp_path, capsys):
    make_company()
    target = tmp_path / "figures.json"

    call_command("evaluate", "--recipe=peneira", f"--json={target}", "--backtests", verbosity=0)

    said = capsys.readouterr().out
    (model,) = json.loads(target.read_text())["models"]
    line = next(line for line in said.splitlines() if line.strip().startswith("peneira"))
    assert f"{model['metrics']['roc_auc']:.3f}" in line
    assert f"{model['metrics']['inside_jobs']['figures']['roc_auc']['value']:.3f}" in line
    for baseline in ("base rate for everybody", "model of the job alone", "earlier applications first"):
        assert f"baseline: {baseline}" in said
    assert "Back-tests of peneira" in said


def test_one_policy_may_serve_all_recipes():
    make_company()

    assert one("prec80", policy="all")["policy"] == "all"
    assert one("prec80")["policy"] == "systemB"


def test_the_command_fails_when_nothing_could_be_trained():
    with pytest.raises(CommandError, match="No recipe"):
        call_command("evaluate", "--recipe=peneira", verbosity=0)


def test_a_place_that_is_not_there_is_said_before_the_work(tmp_path):
    with pytest.raises(CommandError, match="no directory"):
        call_command("evaluate", f"--json={tmp_path / 'nowhere' / 'figures.json'}", verbosity=0)


def test_a_truth_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="nothing"):
        call_command("evaluate", f"--truth={tmp_path / 'nothing.csv'}", verbosity=0)


def test_the_first_day_of_the_test_window_can_be_said():
    make_company()
    usual = next(window for window in one("prec80")["windows"] if window["name"] == "test")
    later = datetime.date.fromisoformat(usual["start"]) + datetime.timedelta(days=15)

    moved = next(window for window in one("prec80", test_start=later)["windows"] if window["name"] == "test")

    assert usual["start"] < later.isoformat() <= moved["start"]
    assert moved["rows"] < usual["rows"]
