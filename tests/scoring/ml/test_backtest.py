import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from scoring.ml.backtest import back_tests, grouped_folds
from scoring.ml.dataset import make_dataset
from scoring.ml.evaluate import evaluate
from scoring.ml.recipes import PartRecipe, Recipe
from scoring.ml.splits import TooLittleData
from scoring.ml.train import TrainConfig, train

FIRST = np.datetime64("2021-01-01")
CONFIG = TrainConfig(bootstrap_resamples=20, seed=3)


def company(jobs=200, size=5, signal=2.0, seed=0):
    """A job a day; each has its applications on that day and the two after."""
    chance = np.random.default_rng(seed)
    n = jobs * size
    job = np.repeat(np.arange(jobs), size)
    score = chance.normal(size=n)
    y = (chance.random(n) < 1 / (1 + np.exp(2 - signal * score))).astype(float)
    y[:3] = np.nan
    days = FIRST + job + chance.integers(0, 3, n)
    return make_dataset(
        pd.DataFrame({"score": score, "constant": 1.0}, dtype="float32"),
        y=y,
        job_id=job + 1000,
        as_of=days,
        area=np.where(job % 2, "it", "").astype(object),
    )


class Learner:
    """Learns one sign from the rows before the test window and remembers what it was given."""

    def __init__(self):
        self.calls = []

    def __call__(self, data, config):
        first = pd.Series(data.days).groupby(data.jobs).transform("min").to_numpy()
        start = np.datetime64(config.test_start)
        test, before = np.flatnonzero(first >= start), np.flatnonzero(data.days < start)
        self.calls.append((data, config, before, test))
        score = data.X["score"].to_numpy(dtype=float)
        sign = np.sign(np.corrcoef(score[before], data.y[before])[0, 1])
        raw = sign * score[test]
        p = np.round(1 / (1 + np.exp(2 - 2 * raw)), 1)
        held = SimpleNamespace(rows=test, raw=raw, order=raw, p=p, y=data.y[test])
        found = evaluate(held.y, p, job_ids=data.jobs[test], threshold=0.5, order=raw, resamples=20)
        return SimpleNamespace(evaluation=found, test=held, threshold=SimpleNamespace(threshold=0.5))


def test_each_back_test_learns_from_everything_before_and_is_tested_on_the_next_stretch():
    learner = Learner()
    data = company()

    found = back_tests(data, learn=learner, config=CONFIG, stretches=3, stretch=0.2)

    assert [round((test.end - test.start).days, -1) for test in found] == [40, 40, 40]
    assert found[-1].end == data.days.max().item()
    tested = [set(rows.jobs[test]) for rows, _, _, test in learner.calls]
    assert [len(jobs) for jobs in tested] == [40, 40, 40]
    assert max(tested[0]) < min(tested[1])
    assert max(tested[1]) < min(tested[2])
    for test, (rows, config, before, _) in zip(found, learner.calls, strict=True):
        assert config.test_start == test.start
        assert config.test_share == pytest.approx(np.mean(rows.days >= np.datetime64(test.start)), abs=0.01)
        assert rows.days.max() <= np.datetime64(test.end)
        assert len(before) == np.sum(data.days[3:] < np.datetime64(test.start))
        assert not np.isnan(rows.y).any()
        assert test.evaluation.inside_jobs.figures["roc_auc"].value > 0.7


def test_a_stretch_that_cannot_be_learned_says_why_and_the_others_go_on():
    learner = Learner()

    def learn(data, config):
        if len(data) < 700:
            raise TooLittleData("Only a few.")
        return learner(data, config)

    found = back_tests(company(), learn=learn, config=CONFIG, stretches=3, stretch=0.2)

    assert [(test.problem, test.evaluation is None) for test in found] == [
        ("Only a few.", True),
        ("", False),
        ("", False),
    ]


def test_back_tests_report_how_far_they_are():
    shares = []

    back_tests(company(), learn=Learner(), config=CONFIG, progress=shares.append)

    assert shares == pytest.approx([1 / 3, 2 / 3, 1])


@pytest.mark.parametrize(("stretches", "stretch"), [(5, 0.2), (0, 0.1), (3, -0.1)])
def test_stretches_that_leave_nothing_to_learn_from_are_refused(stretches, stretch):
    with pytest.raises(ValueError, match="leave nothing"):
        back_tests(company(), learn=Learner(), config=CONFIG, stretches=stretches, stretch=stretch)


@pytest.mark.parametrize("jobs", [1, 2])
def test_too_few_days_are_said(jobs):
    with pytest.raises(TooLittleData, match="different days"):
        back_tests(company(jobs=jobs), learn=Learner(), config=CONFIG)


def test_every_row_is_scored_once_by_a_fold_that_has_not_seen_its_job():
    learner, data = Learner(), company()

    found = grouped_folds(data, learn=learner, config=CONFIG, folds=4)

    labelled = np.flatnonzero(~np.isnan(data.y))
    assert sorted(np.concatenate([test for *_, test in learner.calls])) == list(range(len(labelled)))
    for rows, _, before, test in learner.calls:
        assert len(before) + len(test) == len(labelled)
        assert not set(rows.jobs[before]) & set(rows.jobs[test])
        assert list(rows.jobs) == list(data.jobs[labelled])
    assert found.evaluation.n == len(labelled)
    assert [fold.n for fold in found.folds] == [len(test) for *_, test in learner.calls]


def test_folds_mix_the_years():
    learner, data = Learner(), company(jobs=1000)

    found = grouped_folds(data, learn=learner, config=CONFIG, folds=4)

    for rows, _, _, test in learner.calls:
        of_test = np.isin(data.jobs, rows.jobs[test])
        assert data.days[of_test].min() < FIRST + 30
        assert data.days[of_test].max() > FIRST + 970
    years = {slice_.value: slice_.n for slice_ in found.evaluation.slices if slice_.by == "year"}
    assert set(years) == {"2021", "2022", "2023"}  # the real ones
    assert {s.value for s in found.evaluation.slices if s.by == "area"} == {"", "it"}


def test_pooled_rows_are_ordered_by_probability_and_inside_jobs_by_the_model():
    learner, data = Learner(), company()

    found = grouped_folds(data, learn=learner, config=CONFIG, folds=4).evaluation

    y, score, jobs = data.y[3:], data.X["score"].to_numpy()[3:], data.jobs[3:]
    alone = evaluate(y, np.full(len(y), 0.1), job_ids=jobs, threshold=0.5, order=score, resamples=20, seed=3)
    assert found.inside_jobs.figures["roc_auc"].value == alone.inside_jobs.figures["roc_auc"].value
    assert found.roc_auc == pytest.approx(alone.roc_auc)


def test_equal_seeds_draw_equal_folds():
    def drawn(seed):
        learner = Learner()
        config = TrainConfig(bootstrap_resamples=5, seed=seed)
        grouped_folds(company(), learn=learner, config=config, folds=4)
        return [list(test) for *_, test in learner.calls]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_fold_that_cannot_be_learned_leaves_no_pooled_figures():
    def learn(data, config):
        raise TooLittleData("Only a few.")

    found = grouped_folds(company(), learn=learn, config=CONFIG)

    assert (found.folds, found.evaluation, found.problem) == ((), None, "Only a few.")


@pytest.mark.parametrize(("folds", "error"), [(1, ValueError), (201, TooLittleData)])
def test_a_number_of_folds_that_cannot_be_is_refused(folds, error):
    with pytest.raises(error):
        grouped_folds(company(), learn=Learner(), config=CONFIG, folds=folds)


def test_results_are_json_with_their_verdict():
    data = company(signal=0.0)
    tests = back_tests(data, learn=Learner(), config=CONFIG)
    folds = grouped_folds(data, learn=Learner(), config=CONFIG, folds=3)

    stretch = json.loads(json.dumps(tests[0].to_json(), allow_nan=False))
    pooled = json.loads(json.dumps(folds.to_json(), allow_nan=False))

    assert date.fromisoformat(stretch["start"]) == tests[0].start
    assert stretch["metrics"]["n"] == tests[0].evaluation.n
    assert stretch["evidence"]["verdict"] == "none"
    assert len(pooled["folds"]) == 3
    assert pooled["metrics"]["n"] == len(data) - 3


def test_the_real_training_serves_both_ways_of_dividing_rows():
    data = company(jobs=300, size=6)
    part = PartRecipe(
        name="all", columns=tuple, params={"learning_rate": 0.2, "num_leaves": 4, "min_data_in_leaf": 20}
    )
    recipe = Recipe(name="small", parts=(replace(part, max_rounds=15),), policy="all")

    def learn(rows, config):
        return train(rows, recipe=recipe, config=config)

    tests = back_tests(data, learn=learn, config=CONFIG)
    folds = grouped_folds(data, learn=learn, config=CONFIG, folds=3)

    assert [test.problem for test in tests] == ["", "", ""]
    assert all(0.1 < test.evaluation.n / len(data) < 0.2 for test in tests)
    assert all(test.evaluation.roc_auc > 0.75 for test in tests)
    assert folds.problem == ""
    assert folds.evaluation.n == sum(fold.n for fold in folds.folds) == len(data) - 3
    assert folds.evaluation.roc_auc > 0.75
