import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from scoring.ml import cautions, splits
from scoring.ml.dataset import Dataset
from scoring.ml.features import FEATURES, JOB_ONLY_FEATURES, SYSTEM_B_FEATURES
from scoring.ml.recipes import ABLATIONS, RECIPES, UnknownFeature
from scoring.ml.thresholds import threshold_for_min_precision
from scoring.ml.train import STAGES, TrainConfig, train
from tests.scoring.ml.synthetic import (
    OF_JOB,
    OF_PERSON,
    PENEIRA,
    QUICK,
    WITHOUT_ACCEPT,
    changed,
    company,
    content,
    run,
    trained,
)


@pytest.fixture(scope="module")
def data():
    return trained()[0]


@pytest.fixture(scope="module")
def result():
    return trained()[1]


def said(result):
    return dict(zip(result.test.rows.tolist(), result.test.p.tolist(), strict=True))


def ids(result):
    return {warning.id for warning in result.warnings}


# What is learned


def test_it_learns_the_rule_that_made_the_outcomes(result):
    assert 0.75 < result.evaluation.roc_auc < 0.95
    assert set(list(result.importances)[:3]) == {OF_JOB[0], OF_PERSON[0], OF_PERSON[1]}
    assert sum(result.importances.values()) == pytest.approx(1)
    assert list(result.importances.values()) == sorted(result.importances.values(), reverse=True)
    assert not result.warnings


def test_a_persons_signal_orders_the_candidates_of_a_job(result):
    inside = result.evaluation.inside_jobs.figures["roc_auc"]

    assert inside.value > 0.65
    assert inside.low > 0.5


def test_outcomes_that_depend_on_the_job_alone_leave_no_order_inside_jobs():
    found = run(company(900, job=1.5, person=0.0, seed=4))

    inside = found.evaluation.inside_jobs.figures["roc_auc"]
    assert found.evaluation.roc_auc > 0.65
    assert inside.low <= 0.5 <= inside.high


def test_shuffled_outcomes_cannot_be_learned():
    overall, inside = [], []
    for seed in range(4):
        data = company(350, seed=seed)
        shuffled = changed(data, y=np.random.default_rng(seed).permutation(data.y))
        found = run(shuffled, bootstrap_resamples=2).evaluation
        overall.append(found.roc_auc)
        inside.append(found.inside_jobs.figures["roc_auc"].value)

    assert np.mean(overall) == pytest.approx(0.5, abs=0.05)
    assert np.mean(inside) == pytest.approx(0.5, abs=0.05)


def test_probabilities_come_true(result):
    assert result.test.p.mean() == pytest.approx(result.test.y.mean(), abs=0.05)
    assert result.validation.p.mean() == pytest.approx(result.validation.y.mean(), abs=0.05)


def test_job_and_person_are_parts_of_one_margin(result):
    (job, choice, person) = result.head.parts

    assert (job.name, choice.name, person.name) == ("job", "choice", "person")
    assert set(job.columns) == set(JOB_ONLY_FEATURES)
    assert set(choice.columns) == set(person.columns) == set(FEATURES)
    assert choice.weight == person.weight
    assert result.rounds.keys() == result.params.keys() == {"job", "choice", "person"}
    assert all(part.booster.num_trees() == result.rounds[part.name] for part in result.head.parts)


# Windows


def test_the_windows_follow_each_other_and_share_no_job(data, result):
    held_out = set(data.jobs[result.test.rows])

    assert [window.name for window in result.windows] == ["train", "calibration", "validation", "test"]
    for earlier, later in pairwise(result.windows):
        assert earlier.end < later.start
    assert sum(window.rows for window in result.windows) + result.dropped_rows == len(data)
    assert result.windows[-1].jobs == len(held_out)
    first = pd.Series(data.days).groupby(data.jobs).min()
    assert (first[list(held_out)] >= np.datetime64(result.windows[-1].start)).all()
    assert held_out.isdisjoint(data.jobs[result.validation.rows])


def test_held_out_windows_are_reported_where_they_were_in_the_input(data, result):
    X = data.X[list(result.feature_names)].to_numpy()

    for held, window in ((result.validation, result.windows[2]), (result.test, result.windows[3])):
        np.testing.assert_array_equal(data.y[held.rows], held.y)
        assert data.days[held.rows].min() == np.datetime64(window.start)
        assert data.days[held.rows].max() == np.datetime64(window.end)
        assert (len(held.rows), int(held.y.sum())) == (window.rows, window.hires)
    np.testing.assert_array_equal(result.head.margin(X[result.test.rows]), result.test.raw)
    np.testing.assert_array_equal(result.head.order(X[result.test.rows]), result.test.order)
    np.testing.assert_array_equal(result.head.probability(X[result.test.rows]), result.test.p)


def test_the_test_window_changes_nothing_but_its_own_figures(data):
    first = run(data)
    y = data.y.copy()
    y[first.test.rows] = 1 - y[first.test.rows]

    second = run(changed(data, y=y))

    assert content(second.head) == content(first.head)
    assert second.threshold == first.threshold
    assert second.rounds == first.rounds
    assert said(second) == said(first)
    assert second.evaluation.roc_auc == pytest.approx(1 - first.evaluation.roc_auc)


def test_the_cut_is_the_best_of_the_validation_window(result):
    seen = result.validation

    assert result.threshold == threshold_for_min_precision(seen.y, seen.p, min_precision=0.8, min_support=5)
    assert result.evaluation.at_threshold.threshold == result.threshold.threshold


def test_the_test_window_may_begin_on_a_day(data):
    start = date(2022, 6, 1)

    found = run(data, test_start=start, max_rounds=10)

    in_test = data.days[found.test.rows]
    assert found.windows[-1].start >= start
    assert in_test.min() >= np.datetime64(start)
    assert found.windows[-2].end < found.windows[-1].start
    first = pd.Series(data.days).groupby(data.jobs).transform("min").to_numpy()
    assert len(in_test) == (first >= np.datetime64(start)).sum()


def test_a_day_after_the_last_job_is_refused(data):
    with pytest.raises(splits.TooLittleData, match="nothing to test on"):
        run(data, test_start=data.days.max().item() + timedelta(days=1))


# The same again


def test_one_seed_gives_one_model_and_another_seed_another(data, result):
    again, other = run(data, recipe=PENEIRA), run(data, seed=7)

    assert content(again.head) == content(result.head)
    assert content(again.accept.head) == content(result.accept.head)
    assert again.evaluation == result.evaluation
    assert again.importances == result.importances
    assert content(other.head) != content(result.head)


def test_the_order_of_the_rows_does_not_matter(data, result):
    order = np.random.default_rng(5).permutation(len(data))

    shuffled = run(data.subset(order), recipe=PENEIRA)

    assert content(shuffled.head) == content(result.head)
    assert content(shuffled.accept.head) == content(result.accept.head)
    assert shuffled.threshold == result.threshold
    assert set(order[shuffled.test.rows]) == set(result.test.rows)


def test_rows_that_differ_in_their_answer_alone_may_come_in_any_order(data):
    both = np.arange(len(data)).repeat(2)
    answers = data.rows["accept"].to_numpy()[both]
    answers[1::2] = 1 - answers[1::2]
    twice = changed(data.subset(both), accept=answers)

    one, other = (run(twice.subset(at), recipe=PENEIRA, max_rounds=10) for at in pairs_both_ways(len(both)))

    assert content(one.accept.head) == content(other.accept.head)


def pairs_both_ways(n):
    return np.arange(n), np.arange(n).reshape(-1, 2)[:, ::-1].ravel()


def test_arguments_are_not_changed():
    data, same = company(200), company(200)

    run(data, max_rounds=10)

    pd.testing.assert_frame_equal(data.X, same.X)
    pd.testing.assert_frame_equal(data.rows, same.rows)


def test_rows_without_a_label_take_no_part(data, result):
    more = Dataset(
        pd.concat([data.X, data.X[:50] * 3], ignore_index=True),
        pd.concat([data.rows, data.rows[:50].assign(y=np.nan)], ignore_index=True),
    )

    found = run(more)

    assert content(found.head) == content(result.head)
    assert found.dropped_rows == result.dropped_rows + 50


def test_features_beside_the_recipes_are_not_read(data, result):
    wide = Dataset(data.X.assign(secret=data.y.astype(np.float32)), data.rows)

    found = run(wide, recipe=RECIPES["prec80"], max_rounds=10)

    assert found.feature_names == tuple(SYSTEM_B_FEATURES)
    assert len(found.feature_names) == 46


# The second head


def test_it_learns_who_is_likely_to_accept(data, result):
    accept = result.accept

    assert accept.evaluation.roc_auc > 0.7
    assert [window.name for window in accept.windows] == [window.name for window in result.windows]
    answered = data.rows["accept"].notna().to_numpy()
    assert accept.windows[-1].rows == answered[result.test.rows].sum() < len(result.test.rows)
    assert (
        accept.windows[-1].hires
        == data.rows["accept"].to_numpy()[result.test.rows[answered[result.test.rows]]].sum()
    )
    for window, whole in zip(accept.windows, result.windows, strict=True):
        assert whole.start <= window.start <= window.end <= whole.end


def test_the_second_head_never_changes_the_first(data, result):
    without = run(data)

    assert without.accept is None
    assert content(without.head) == content(result.head)
    assert without.threshold == result.threshold
    assert without.evaluation == result.evaluation
    assert "accept" not in without.metrics()
    assert result.metrics()["accept"]["roc_auc"] == result.accept.evaluation.roc_auc


def test_answers_of_the_test_window_do_not_teach_the_second_head(data, result):
    answers = data.rows["accept"].to_numpy().copy()
    answers[result.test.rows] = 1 - answers[result.test.rows]

    found = run(changed(data, accept=answers), recipe=PENEIRA)

    assert content(found.accept.head) == content(result.accept.head)
    assert found.accept.evaluation.roc_auc == pytest.approx(1 - result.accept.evaluation.roc_auc)


def test_too_few_answers_are_a_state_and_a_warning(data, result):
    answers = data.rows["accept"].to_numpy().copy()
    refused = result.validation.rows[answers[result.validation.rows] == 0]
    answers[refused[9:]] = np.nan  # one less than it takes

    found = run(changed(data, accept=answers), recipe=PENEIRA)

    assert found.accept is None
    assert cautions.NO_ACCEPT in ids(found)
    assert content(found.head) == content(result.head)
    assert cautions.NO_ACCEPT not in ids(run(changed(data, accept=answers), max_rounds=10))


# Little to learn from


def test_a_small_company_gets_a_model_with_warnings():
    data = company(130, base=-2.4)
    assert data.y.sum() < 150

    found = run(data, recipe=PENEIRA)

    assert found.head.calibrator.method == "sigmoid"
    assert cautions.FEW_HIRES_IN["test"] in ids(found)
    assert 0 < found.test.p.min() <= found.test.p.max() < 1
    assert all(isinstance(warning.text(), str) for warning in found.warnings)


def test_too_few_jobs_with_both_outcomes_leave_the_choice_out(data):
    by_job = data.rows.groupby("job_id")["y"].transform("max")
    kept = np.isin(data.jobs, np.unique(data.jobs)[::20])

    found = run(changed(data, y=data.rows["y"].where(kept, by_job)))

    assert [part.name for part in found.head.parts] == ["job", "person"]
    assert cautions.NO_CHOICE in ids(found)
    assert found.rounds.keys() == {"job", "person"}


def test_a_precision_that_cannot_be_reached_is_a_state_and_a_warning(data):
    found = run(data, min_precision=1.0, min_support=100)

    assert not found.threshold.attainable
    assert found.threshold.support >= 100
    (caution,) = (warning for warning in found.warnings if warning.id == cautions.CUT_NOT_REACHED)
    assert caution.text().startswith("No cut reaches a precision of 100 % on the validation window; ")
    assert caution.params["support"] == found.threshold.support


def test_features_that_say_nothing_give_everybody_the_base_rate(data):
    found = run(Dataset(data.X.fillna(0) * 0, data.rows))

    assert len(np.unique(found.test.p)) == 1
    assert found.test.p[0] == pytest.approx(data.y.mean(), abs=0.06)
    assert {cautions.HARDLY_BETTER_THAN_CHANCE, cautions.ONE_PROBABILITY} <= ids(found)
    assert set(found.importances.values()) == {0.0}


@pytest.mark.parametrize("recipe", ABLATIONS.values(), ids=list(ABLATIONS))
def test_an_ablation_can_be_trained(recipe):
    found = run(company(250), recipe=recipe, max_rounds=15, bootstrap_resamples=2)

    assert [part.name for part in found.head.parts] == [part.name for part in recipe.parts]
    if len({part.about_job for part in recipe.parts}) == 1:
        assert sum(part.weight for part in found.head.parts) == pytest.approx(1)
    if recipe.name == "job alone":
        for figure in found.evaluation.inside_jobs.figures.values():
            assert figure.value == pytest.approx(figure.random)  # ties, whatever order the rows came in
    else:
        assert found.evaluation.roc_auc > 0.6


# What is refused


@pytest.mark.parametrize(
    ("outcome", "error", "sentence"),
    [
        (np.nan, splits.TooLittleData, "No application has an outcome"),
        (0.0, splits.NoHires, "None of the"),
        (1.0, splits.OneClassOnly, "ended in a hire"),
    ],
)
def test_outcomes_of_one_kind_are_refused_in_a_sentence(outcome, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        run(changed(company(100), y=outcome))

    assert isinstance(caught.value, splits.TrainingDataError)
    assert str(caught.value).endswith((".", "learn."))


def test_too_few_hires_are_refused_with_the_window_and_its_counts():
    data = company(100)

    with pytest.raises(splits.TooLittleData, match=r"The \w+ window \(\d{4}-\d\d-\d\d to .* has \d+ hires"):
        run(changed(data, y=(np.arange(len(data)) % 60 == 0).astype(float)))


def test_a_handful_of_rows_is_refused():
    few = company(100).subset([0, 1, 2])

    with pytest.raises(splits.TooLittleData):
        run(changed(few, y=[1.0, 0.0, 0.0]))


def test_infinite_features_are_refused():
    data = company(100)

    with pytest.raises(ValueError, match="finite"):
        run(Dataset(data.X.assign(cv_words=np.inf), data.rows))


def test_a_recipe_that_asks_for_what_is_not_there_is_refused_before_anything_is_read():
    data = company(100)

    with pytest.raises(UnknownFeature, match="text_similarity"):
        run(
            changed(Dataset(data.X.drop(columns="text_similarity"), data.rows), y=np.nan),
            recipe=without_similarity(),
        )


def without_similarity():
    (job, *others) = PENEIRA.parts
    return replace(
        PENEIRA, parts=(job, *(replace(p, columns=lambda available: ("text_similarity",)) for p in others))
    )


# Progress and settings


def test_progress_never_falls_and_names_its_stage():
    told = []

    train(company(250), recipe=PENEIRA, config=QUICK, progress=lambda *at: told.append(at))

    shares, stages = zip(*told, strict=True)
    assert list(shares) == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(stages)) == list(STAGES)
    assert stages.count("boosting") > 10


def test_what_progress_raises_stops_the_run():
    class StoppedByAPerson(Exception):
        pass

    def stop(share, stage):
        if share > 0.1:
            raise StoppedByAPerson

    with pytest.raises(StoppedByAPerson):
        train(company(200), recipe=WITHOUT_ACCEPT, config=QUICK, progress=stop)


@pytest.mark.parametrize("start", [None, date(2024, 2, 29)])
def test_settings_survive_json(start):
    config = TrainConfig(seed=9, min_precision=0.7, test_start=start, max_rounds=3)

    assert TrainConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
    assert TrainConfig.from_json(config.to_json() | {"of_another_version": 1}) == config
