from dataclasses import replace

import lightgbm
import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize_scalar

from scoring.ml import boosting
from scoring.ml.boosting import Fit, Learnable, best_rounds, boosted, mixed_jobs, plain_params, raw_scores
from scoring.ml.recipes.base import PartRecipe

PLAIN = {"learning_rate": 0.3, "num_leaves": 4, "min_data_in_leaf": 1, "lambda_l2": 0.0}
BINARY = PartRecipe("part", tuple, PLAIN)
CONDITIONAL = replace(BINARY, objective="conditional")

SIZES = np.array([3, 4, 2, 5])
HIRES = np.array([0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0], dtype=float)  # one to three a job


def learnable(X, y, jobs):
    X = np.asarray(X, dtype=np.float32)
    days = np.datetime64("2024-01-01") + np.arange(len(y))
    names = tuple(f"f{i}" for i in range(X.shape[1]))
    return Learnable(names, X, np.asarray(y, dtype=float), np.asarray(jobs), days, np.arange(len(y)))


def fit(part=CONDITIONAL, columns=("f0",), **more):
    return Fit(part, columns, **{"seed": 3, "num_threads": 1} | more)


def company(jobs=120, size=6, *, seed=0):
    """f0: the person's, tells; f1: the person's, tells nothing; f2: the job's, tells of the job."""
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(jobs), size)
    X = rng.normal(size=(len(code), 3))
    X[:, 2] = rng.normal(size=jobs)[code]
    y = rng.random(len(code)) < 1 / (1 + np.exp(1.5 - X[:, 0] - X[:, 2]))
    return learnable(X, y, code)


def every(data):
    return np.arange(len(data.y))


class Labels:
    def __init__(self, y):
        self.get_label = lambda: y


def by_hand(scores, y=HIRES, sizes=SIZES):
    """Minus the log-likelihood: of each hire, his share of exp(score) among all of the job."""
    start, loss = 0, 0.0
    for size in sizes:
        job = slice(start, start + size)
        for score, hired in zip(scores[job], y[job], strict=True):
            loss -= hired * np.log(np.exp(score) / np.exp(scores[job]).sum())
        start += size
    return loss


# The conditional objective


@pytest.fixture
def scores():
    return np.random.default_rng(1).normal(size=len(HIRES)) * 2


def test_the_conditional_loss_is_that_of_a_logit_written_by_hand(scores):
    name, loss, higher_is_better = boosting._conditional_loss(SIZES)(scores, Labels(HIRES))

    assert loss == pytest.approx(by_hand(scores) / HIRES.sum(), abs=1e-12)
    assert not higher_is_better
    assert name == "conditional_loss"


def test_the_conditional_gradient_is_the_slope_of_the_loss(scores):
    gradient, _ = boosting._conditional(SIZES)(scores, Labels(HIRES))

    np.testing.assert_allclose(gradient, approx_fprime(scores, by_hand, 1e-7), atol=1e-5)


def test_the_conditional_hessian_is_the_slope_of_the_gradient(scores):
    objective = boosting._conditional(SIZES)
    _, hessian = objective(scores, Labels(HIRES))

    for at in range(len(scores)):
        step = np.where(np.arange(len(scores)) == at, 1e-6, 0)
        ahead, behind = (objective(scores + sign * step, Labels(HIRES))[0][at] for sign in (1, -1))
        assert hessian[at] == pytest.approx((ahead - behind) / 2e-6, abs=1e-5)


def test_the_pull_of_a_job_on_its_candidates_adds_up_to_nothing(scores):
    gradient, _ = boosting._conditional(SIZES)(scores, Labels(HIRES))

    assert np.add.reduceat(gradient, [0, 3, 7, 9]) == pytest.approx(np.zeros(4), abs=1e-12)


def test_scores_that_differ_by_hundreds_break_nothing():
    far = np.array([900.0, -900.0, 0.0] + [0.0] * 11)

    gradient, hessian = boosting._conditional(SIZES)(far, Labels(HIRES))

    assert np.isfinite(gradient).all()
    assert (hessian > 0).all()
    assert np.isfinite(boosting._conditional_loss(SIZES)(far, Labels(HIRES))[1])


def test_boosting_finds_the_coefficient_of_a_conditional_logit():
    rng = np.random.default_rng(4)
    x = rng.integers(0, 2, size=(80, 5)).astype(float)
    hired = np.array([rng.choice(5, p=np.exp(1.1 * row) / np.exp(1.1 * row).sum()) for row in x])
    y = np.eye(5)[hired].ravel()
    data = learnable(x.reshape(-1, 1), y, np.repeat(np.arange(80), 5))

    booster = boosted(data, every(data), fit(), rounds=200)

    no, yes = booster.predict(np.array([[0.0], [1.0]]), raw_score=True)
    sizes = np.full(80, 5)
    exact = minimize_scalar(lambda slope: by_hand(slope * x.ravel(), y, sizes)).x
    assert yes - no == pytest.approx(exact, abs=0.01)


def test_two_hires_of_a_job_count_twice():
    scores = np.array([1.0, 0.0, -1.0])

    one = boosting._conditional_loss(np.array([3]))(scores, Labels(np.array([1.0, 0, 0])))[1]
    other = boosting._conditional_loss(np.array([3]))(scores, Labels(np.array([0, 1.0, 0])))[1]
    both, _ = boosting._conditional(np.array([3]))(scores, Labels(np.array([1.0, 1.0, 0])))

    each = [
        boosting._conditional(np.array([3]))(scores, Labels(np.array(y)))[0]
        for y in ([1.0, 0, 0], [0, 1.0, 0])
    ]
    np.testing.assert_allclose(both, sum(each), atol=1e-12)
    assert by_hand(scores, np.array([1.0, 1.0, 0]), [3]) == pytest.approx(one + other)


def test_nothing_of_the_job_explains_who_was_taken():
    data = company()
    job_alone = fit(columns=("f2",))

    scores = raw_scores(data, every(data), boosted(data, every(data), job_alone, rounds=50), job_alone)

    assert np.ptp(scores) < 1e-3
    with_log_loss = replace(job_alone, part=BINARY)
    tells = raw_scores(data, every(data), boosted(data, every(data), with_log_loss, rounds=50), with_log_loss)
    assert np.ptp(tells) > 1


def test_trees_of_one_split_never_split_by_the_job():
    data = company()
    stumps = fit(replace(CONDITIONAL, params=PLAIN | {"num_leaves": 2}), ("f0", "f1", "f2"))

    booster = boosted(data, every(data), stumps, rounds=50)

    gain = dict(zip(booster.feature_name(), booster.feature_importance("gain"), strict=True))
    assert gain["f0"] > 100 * max(gain["f2"], 1e-9)


def test_jobs_with_one_outcome_teach_nothing_of_the_choice():
    data = company()
    rows, _ = mixed_jobs(data, every(data))
    assert 0 < len(rows) < len(data.y)

    all_of_them = boosted(data, every(data), fit(columns=data.names), rounds=20)
    mixed = boosted(data, np.sort(rows), fit(columns=data.names), rounds=20)

    assert all_of_them.model_to_string() == mixed.model_to_string()


@pytest.mark.parametrize(("rare", "can"), [(0, False), (10, True), (9, False), (51, False), (50, True)])
def test_a_feature_must_part_the_rows_in_two_leaves(rare, can):
    X = np.zeros((60, 2))
    X[:rare, 1] = np.nan
    data = learnable(X, np.arange(60) % 2, np.arange(60) // 6)
    part = fit(replace(CONDITIONAL, params=PLAIN | {"min_data_in_leaf": 100}), data.names)

    assert boosting.can_split(data, every(data), part) == can
    if can:
        assert boosted(data, every(data), part, rounds=2).num_trees() > 0
    else:
        with pytest.raises(lightgbm.basic.LightGBMError, match="num_features"):
            boosted(data, every(data), part, rounds=2)


def test_mixed_jobs_come_job_by_job_with_their_sizes():
    y = [0, 1, 1, 0, 0, 1, 0, 1]
    data = learnable(np.zeros((8, 1)), y, [2, 0, 2, 0, 1, 3, 1, 2])

    rows, sizes = mixed_jobs(data, every(data))

    assert data.jobs[rows].tolist() == [0, 0, 2, 2, 2]
    assert sizes.tolist() == [2, 3]
    assert len(mixed_jobs(data, np.array([1, 4, 5]))[0]) == 0


# How many rounds


def halves(data):
    return np.flatnonzero(data.jobs % 2 == 0), np.flatnonzero(data.jobs % 2 == 1)


@pytest.mark.parametrize("part", [BINARY, CONDITIONAL])
def test_it_stops_when_later_rows_gain_nothing(part):
    data = company()
    noise = replace(part, max_rounds=400, early_stopping_rounds=20)

    rounds = best_rounds(data, *halves(data), fit(noise, data.names))

    assert boosting.MIN_ROUNDS <= rounds < 100


def test_a_fixed_number_of_rounds_is_not_searched_for():
    data = company(jobs=4)
    part = replace(BINARY, fixed_rounds=200)

    assert best_rounds(data, *halves(data), fit(part)) == 200
    assert best_rounds(data, *halves(data), fit(part, max_rounds=60)) == 60


@pytest.mark.parametrize("part", [BINARY, CONDITIONAL])
def test_no_more_rounds_than_the_run_allows(part):
    data = company()

    assert best_rounds(data, *halves(data), fit(part, data.names, max_rounds=7)) == 7


def test_too_few_jobs_to_stop_by_give_a_plain_number_of_rounds():
    data = company()
    learn, watch = halves(data)
    few = watch[np.isin(data.jobs[watch], np.unique(data.jobs[mixed_jobs(data, watch)[0]])[:9])]

    assert best_rounds(data, learn, few, fit(columns=data.names)) == boosting.ROUNDS_WITHOUT_STOPPING
    assert best_rounds(data, learn, few, fit(columns=data.names, max_rounds=30)) == 30


def test_what_the_job_explains_is_known_when_stopping():
    data = company(jobs=300)
    slow = PLAIN | {"learning_rate": 0.05}
    part = fit(replace(BINARY, params=slow, after_job=True, max_rounds=200), ("f2",))
    explained = data.X[:, 2].astype(float) - 1.5

    without = best_rounds(data, *halves(data), part)
    with_it = best_rounds(data, *halves(data), part, after_job=explained)

    assert with_it == boosting.MIN_ROUNDS
    assert without > with_it


def test_it_tells_of_rounds_done():
    data, told = company(), []

    best_rounds(
        data, *halves(data), fit(BINARY, data.names, max_rounds=40), after_round=lambda *at: told.append(at)
    )

    assert told[:2] == [(0, 40), (10, 40)]


# One booster


def test_it_learns_what_is_left_after_the_job():
    data = company(jobs=400)
    explained = data.X[:, 2].astype(float) - 1.5
    part = fit(replace(BINARY, after_job=True, params=PLAIN | {"num_leaves": 2}), data.names)

    booster = boosted(data, every(data), part, rounds=20, after_job=explained)

    gain = dict(zip(booster.feature_name(), booster.feature_importance("gain"), strict=True))
    assert gain["f0"] > 10 * gain["f2"]
    assert abs(raw_scores(data, every(data), booster, part).mean()) < 0.3  # its own share, no base rate


def test_a_part_that_does_not_come_after_the_job_ignores_it():
    data = company()

    one, other = (
        boosted(data, every(data), fit(BINARY, data.names), rounds=5, after_job=said)
        for said in (None, np.full(len(data.y), 2.0))
    )

    assert one.model_to_string() == other.model_to_string()


def test_balanced_hires_weigh_as_much_as_all_the_others():
    data = company()
    assert data.y.mean() < 0.4
    balanced = fit(replace(BINARY, balanced=True), data.names)

    scores = raw_scores(data, every(data), boosted(data, every(data), balanced, rounds=5), balanced)

    odds = data.y.mean() / (1 - data.y.mean())
    assert boosting._hire_weight(data.y) == pytest.approx(1 / odds)
    weight = np.where(data.y == 1, 1 / odds, 1.0)
    assert np.average(1 / (1 + np.exp(-scores)), weights=weight) == pytest.approx(0.5, abs=0.02)


def test_a_monotone_feature_never_lowers_the_score():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 2))
    data = learnable(X, rng.random(600) < 1 / (1 + np.exp(2 * X[:, 0])), np.arange(600) // 6)
    part = replace(CONDITIONAL, monotone={"f0": 1, "elsewhere": -1})

    booster = boosted(data, every(data), fit(part, data.names), rounds=30)

    grid = np.column_stack([np.linspace(-3, 3, 50), np.zeros(50)])
    assert (np.diff(booster.predict(grid, raw_score=True)) >= 0).all()
    free = boosted(data, every(data), fit(columns=data.names), rounds=30)
    assert (np.diff(free.predict(grid, raw_score=True)) < 0).any()


def test_a_booster_is_what_its_text_says():
    data = company()
    booster = boosted(data, every(data), fit(BINARY, data.names), rounds=20)

    again = lightgbm.Booster(model_str=booster.model_to_string())

    np.testing.assert_array_equal(
        again.predict(data.X, raw_score=True), booster.predict(data.X, raw_score=True)
    )


def test_columns_are_found_by_their_names():
    data = company()
    part = fit(BINARY, ("f2", "f0"))

    booster = boosted(data, every(data), part, rounds=5)

    assert booster.feature_name() == ["f2", "f0"]
    expected = booster.predict(data.X[:, [2, 0]], raw_score=True)
    np.testing.assert_array_equal(raw_scores(data, every(data), booster, part), expected)


@pytest.mark.parametrize(("rows", "leaf", "leaves"), [(400, 10, 4), (2000, 50, 20), (40_000, 100, 31)])
def test_few_rows_are_learned_by_small_trees(rows, leaf, leaves):
    part = replace(BINARY, params=PLAIN | {"min_data_in_leaf": 100, "num_leaves": 31})

    params = plain_params(fit(part), rows=rows)

    assert (params["min_data_in_leaf"], params["num_leaves"]) == (leaf, leaves)
    assert params["deterministic"]
    assert "monotone_constraints" not in params
