import dataclasses

import numpy as np
import pandas as pd
import pytest

from scoring.ml import splits
from scoring.ml.recipes import RECIPES, UnknownRecipe, recipe_named
from scoring.ml.train import STAGES, TrainConfig, train

QUICK = TrainConfig(max_rounds=60, bootstrap_resamples=50)
PENEIRA = RECIPES["peneira"]


def company(jobs=900, *, features=12, base=-2.5, seed=0):
    """Applications whose hires follow from the job (f0) and the candidate (f1, f2)."""
    rng = np.random.default_rng(seed)
    size = np.minimum(rng.geometric(0.25, jobs), 25)
    job = np.repeat(np.arange(jobs), size)
    X = rng.normal(size=(len(job), features)).astype(np.float32)
    X[:, 0] = rng.normal(size=jobs)[job]
    margin = base + 1.2 * X[:, 0] + 1.0 * X[:, 1] - 0.6 * X[:, 2]
    y = (rng.random(len(job)) < 1 / (1 + np.exp(-margin))).astype(float)
    X[rng.random(X.shape) < 0.1] = np.nan
    first = np.datetime64("2019-01-01") + np.sort(rng.integers(0, 1500, jobs))
    dates = first[job] + rng.geometric(0.2, len(job))
    return pd.DataFrame(X, columns=[f"f{i}" for i in range(features)]), y, job + 100, dates, margin


def run(data=None, *, recipe=PENEIRA, config=QUICK, **changed):
    X, y, job_ids, dates, _ = data or company()
    arguments = {"X": X, "y": y, "job_ids": job_ids, "dates": dates} | changed
    return train(arguments.pop("X"), arguments.pop("y"), **arguments, recipe=recipe, config=config)


@pytest.fixture(scope="module")
def result():
    return run()


def test_it_learns_the_rule_that_made_the_outcomes(result):
    margin = company()[4]

    assert result.evaluation.roc_auc > 0.75
    assert result.evaluation.roc_auc < 0.95
    assert result.evaluation.inside_jobs.figures["roc_auc"].low > 0.5
    assert set(list(result.importances)[:3]) == {"f0", "f1", "f2"}
    assert sum(result.importances.values()) == pytest.approx(1)
    assert np.corrcoef(result.test.raw, margin[result.test.rows])[0, 1] > 0.7


def test_shuffled_outcomes_cannot_be_learned():
    aucs = []
    for seed in range(6):
        X, y, job_ids, dates, margin = company(seed=seed)
        y = np.random.default_rng(seed).permutation(y)
        aucs.append(run((X, y, job_ids, dates, margin)).evaluation.roc_auc)

    assert np.mean(aucs) == pytest.approx(0.5, abs=0.03)


def test_outcomes_that_depend_on_the_job_alone_leave_no_order_inside_jobs():
    X, _, job_ids, dates, _ = company(jobs=1500)
    chance = 1 / (1 + np.exp(1.5 - 2 * X["f0"].groupby(job_ids).transform("mean").fillna(0)))
    y = (np.random.default_rng(3).random(len(X)) < chance).to_numpy(float)

    found = run((X, y, job_ids, dates, None)).evaluation.inside_jobs.figures["roc_auc"]

    assert found.low <= 0.5 <= found.high


def test_the_windows_follow_each_other_and_share_no_job(result):
    X, _, job_ids, dates, _ = company()
    names = [window.name for window in result.windows]
    held_out = set(job_ids[result.test.rows])

    assert names == ["train", "calibration", "validation", "test"]
    for earlier, later in zip(result.windows, result.windows[1:], strict=False):
        assert earlier.end < later.start
    assert sum(window.rows for window in result.windows) + result.dropped_rows == len(X)
    assert result.windows[-1].jobs == len(held_out)
    began_before = pd.Series(dates).groupby(job_ids).min() < np.datetime64(result.windows[-1].start)
    assert not began_before[list(held_out)].any()


def test_the_test_window_is_reported_where_it_was_in_the_input(result):
    X, y, _, dates, _ = company()

    assert np.array_equal(y[result.test.rows], result.test.y)
    raw = result.booster.predict(X.to_numpy(np.float32)[result.test.rows], raw_score=True)
    assert np.array_equal(raw, result.test.raw)
    assert np.array_equal(result.calibrator.apply(raw), result.test.p)
    assert dates[result.test.rows].min() == np.datetime64(result.windows[-1].start)


def test_the_cut_is_chosen_on_validation_and_not_on_test():
    X, y, job_ids, dates, margin = company()
    first = run((X, y, job_ids, dates, margin))
    changed = y.copy()
    changed[first.test.rows] = 1 - changed[first.test.rows]

    second = run((X, changed, job_ids, dates, margin))

    assert second.threshold == first.threshold
    assert second.booster.model_to_string() == first.booster.model_to_string()
    assert second.evaluation.roc_auc == pytest.approx(1 - first.evaluation.roc_auc)


def test_one_seed_gives_one_model_and_another_seed_another(result):
    again, other = run(), run(config=dataclasses.replace(QUICK, seed=7))

    assert again.booster.model_to_string() == result.booster.model_to_string()
    assert np.array_equal(again.test.p, result.test.p)
    assert again.evaluation == result.evaluation
    assert other.booster.model_to_string() != result.booster.model_to_string()


def test_the_order_of_the_rows_does_not_matter(result):
    X, y, job_ids, dates, _ = company()
    order = np.random.default_rng(5).permutation(len(X))

    shuffled = run((X.iloc[order], y[order], job_ids[order], dates[order], None))

    assert shuffled.booster.model_to_string() == result.booster.model_to_string()
    assert shuffled.threshold == result.threshold
    assert set(order[shuffled.test.rows]) == set(result.test.rows)


def test_arguments_are_not_changed():
    X, y, job_ids, dates, _ = company()
    before = X.copy(), y.copy(), job_ids.copy(), dates.copy()
    run((X, y, job_ids, dates, None))

    pd.testing.assert_frame_equal(X, before[0])
    for now, then in zip((y, job_ids, dates), before[1:], strict=True):
        assert np.array_equal(now, then)


def test_rows_without_a_label_take_no_part(result):
    X, y, job_ids, dates, _ = company()
    more = pd.concat([X, X.iloc[:50] * 3])
    y_more = np.concatenate([y, np.full(50, np.nan)])

    found = run((more, y_more, np.append(job_ids, job_ids[:50]), np.append(dates, dates[:50]), None))

    assert found.booster.model_to_string() == result.booster.model_to_string()
    assert found.dropped_rows == result.dropped_rows + 50


def test_progress_never_falls_and_names_its_stage():
    told = []
    X, y, job_ids, dates, _ = company(jobs=400)
    train(
        X,
        y,
        job_ids=job_ids,
        dates=dates,
        recipe=PENEIRA,
        config=QUICK,
        progress=lambda share, stage: told.append((share, stage)),
    )

    shares, stages = zip(*told, strict=True)
    assert list(shares) == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(stages)) == list(STAGES)
    assert stages.count("boosting") > 3


def test_what_progress_raises_stops_the_run():
    class StoppedByAPerson(Exception):
        pass

    def stop(share, stage):
        if share > 0.1:
            raise StoppedByAPerson

    X, y, job_ids, dates, _ = company(jobs=400)
    with pytest.raises(StoppedByAPerson):
        train(X, y, job_ids=job_ids, dates=dates, recipe=PENEIRA, config=QUICK, progress=stop)


def test_a_small_company_gets_a_model_with_warnings():
    data = company(jobs=170, features=60, base=-2.9)
    assert len(data[0]) < 800
    assert data[1].sum() < 100

    found = run(data, config=TrainConfig(bootstrap_resamples=50))

    assert found.calibrator.method == "sigmoid"
    assert any("test window has only" in warning for warning in found.warnings)
    assert 0 < found.test.p.min() <= found.test.p.max() < 1


def test_a_precision_that_cannot_be_reached_is_a_state_and_a_warning():
    found = run(config=dataclasses.replace(QUICK, min_precision=1.0, min_support=100))

    assert not found.threshold.attainable
    assert found.threshold.support >= 100
    assert any(warning.startswith("No cut reaches a precision of 100%") for warning in found.warnings)


def test_features_that_say_nothing_give_everybody_the_base_rate():
    X, y, job_ids, dates, _ = company()

    found = run((X * 0, y, job_ids, dates, None))

    assert len(np.unique(found.test.p)) == 1
    assert found.test.p[0] == pytest.approx(y.mean(), abs=0.05)
    assert any("hardly beats chance" in warning for warning in found.warnings)


def test_prec80_learns_from_the_46_features_of_system_b_alone():
    from scoring.ml.features import SYSTEM_B_FEATURES

    X, y, job_ids, dates, margin = company()
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(
        rng.integers(0, 2, size=(len(X), 46)).astype(np.float32), columns=list(SYSTEM_B_FEATURES)
    )
    wide["cv_sap"] = X["f1"].to_numpy()
    wide["salario_valor"] = np.nan
    wide["not_system_b"] = y.astype(np.float32)  # would give everything away

    found = run((wide, y, job_ids, dates, margin), recipe=recipe_named("prec80"))

    assert found.feature_names == tuple(SYSTEM_B_FEATURES)
    assert len(found.feature_names) == 46
    assert 0.55 < found.evaluation.roc_auc < 0.9


def test_balanced_weights_raise_every_margin_and_calibration_takes_that_back(result):
    balanced = run(recipe=dataclasses.replace(PENEIRA, balanced=True))

    raised = balanced.test.raw.mean() - result.test.raw.mean()
    assert 0.5 < raised < 3  # towards the log of the odds against a hire
    assert balanced.test.p.mean() == pytest.approx(balanced.test.y.mean(), abs=0.04)


@pytest.mark.parametrize(
    ("outcome", "error", "sentence"),
    [
        (np.nan, splits.TooLittleData, "No application has an outcome"),
        (0.0, splits.NoHires, "None of the"),
        (1.0, splits.OneClassOnly, "ended in a hire"),
    ],
)
def test_outcomes_of_one_kind_are_refused_in_a_sentence(outcome, error, sentence):
    X, y, job_ids, dates, _ = company(jobs=100)

    with pytest.raises(error, match=sentence) as caught:
        run((X, np.full(len(y), outcome), job_ids, dates, None))

    assert isinstance(caught.value, splits.TrainingDataError)
    assert str(caught.value).endswith((".", "learn."))


def test_too_few_hires_are_refused_with_the_window_and_its_counts():
    X, _, job_ids, dates, _ = company(jobs=100)
    few = np.zeros(len(X))
    few[::60] = 1

    with pytest.raises(splits.TooLittleData, match=r"The \w+ window \(\d{4}-\d\d-\d\d to .* has \d+ hires"):
        run((X, few, job_ids, dates, None))


def test_a_handful_of_rows_is_refused():
    X, _, job_ids, dates, _ = company(jobs=100)

    with pytest.raises(splits.TooLittleData):
        run((X[:3], np.array([1.0, 0.0, 0.0]), job_ids[:3], dates[:3], None))


def test_wrong_input_is_refused():
    X, y, job_ids, dates, _ = company(jobs=100)

    with pytest.raises(ValueError, match="rows"):
        run((X, y[:-1], job_ids, dates, None))
    with pytest.raises(ValueError, match="finite"):
        run((X.assign(f0=np.inf), y, job_ids, dates, None))
    with pytest.raises(ValueError, match="features that are not there: tem_email"):
        run((X, y, job_ids, dates, None), recipe=RECIPES["prec80"])


def test_an_unknown_recipe_is_refused_with_the_names_there_are():
    with pytest.raises(UnknownRecipe, match=r"“magic”.*peneira, prec80"):
        recipe_named("magic")
