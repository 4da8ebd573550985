import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml import compare as cp
from scoring.ml import evaluate as ev


def answers(p, raw=None, threshold=0.5):
    p = np.asarray(p, dtype=float)
    return cp.Answers(p, p if raw is None else np.asarray(raw, dtype=float), threshold)


def company(seed=0, jobs=200, each=6):
    """Labels, job ids, and what is known of each row, for models to be made of."""
    chance = np.random.default_rng(seed)
    n = jobs * each
    fit = chance.normal(size=n)
    y = (chance.random(n) < 1 / (1 + np.exp(-(fit - 2)))).astype(float)
    return y, np.repeat(np.arange(jobs), each), fit, chance


def probability(margin):
    return 1 / (1 + np.exp(-margin))


def by_hand(y, jobs, side, figure, *, resamples, seed):
    """The same bootstrap, a draw at a time, with rows really repeated."""
    found = []
    for weights in cp.draw_jobs(jobs.max() + 1, resamples=resamples, seed=seed):
        rows = np.concatenate(
            [np.tile(np.flatnonzero(jobs == job), int(times)) for job, times in enumerate(weights)]
        ).astype(int)
        found.append(figure(y[rows], side.p[rows], side.raw[rows]))
    return np.array([np.nan if value is None else value for value in found], dtype=float)


FIGURES = {
    "f1": lambda y, p, raw: ev.figures_at_cut(y, p, threshold=0.4).f1,
    "average_precision": lambda y, p, raw: ev.average_precision(y, raw),
    "brier": lambda y, p, raw: float(np.mean((p - y) ** 2)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_draw_gives_what_the_evaluation_gives_on_the_repeated_rows(name):
    y, jobs, fit, _ = company(jobs=25, each=4)
    sides = [answers(probability(np.round(fit, 1) - shift), threshold=0.4) for shift in (1.0, 2.0)]

    found = cp.compare(y, job_ids=jobs, challenger=sides[0], champion=sides[1], resamples=40, seed=3)

    one, other = (by_hand(y, jobs, side, FIGURES[name], resamples=40, seed=3) for side in sides)
    low, high = np.nanquantile(one - other, (0.025, 0.975))
    difference = getattr(found, name)
    assert (difference.low, difference.high) == (pytest.approx(low), pytest.approx(high))


def test_the_figures_are_those_of_the_evaluation():
    y, jobs, fit, _ = company()
    side = answers(probability(fit - 2), raw=fit, threshold=0.3)

    found = cp.compare(y, job_ids=jobs, challenger=side, champion=side, resamples=20)
    whole = ev.evaluate(y, side.p, job_ids=jobs, threshold=0.3, order=side.raw, resamples=20)

    assert found.f1.challenger == whole.at_threshold.f1
    assert found.average_precision.challenger == whole.average_precision
    assert found.brier.challenger == pytest.approx(whole.brier)
    assert found.calibration_error.challenger == pytest.approx(whole.expected_calibration_error)
    assert found.inside_auc.challenger == pytest.approx(whole.inside_jobs.figures["roc_auc"].value)
    assert found.inside[0].jobs == whole.inside_jobs.jobs
    assert found.marked[0] == whole.at_threshold.true_positives + whole.at_threshold.false_positives


def test_a_model_is_not_worse_than_itself():
    y, jobs, fit, _ = company()
    side = answers(probability(fit - 2))

    found = cp.compare(y, job_ids=jobs, challenger=side, champion=side)

    for name in ("f1", "average_precision", "brier", "calibration_error", "inside_auc"):
        difference = getattr(found, name)
        assert (difference.low, difference.high, difference.is_worse) == (0.0, 0.0, False), name


def test_a_model_that_knows_nothing_is_worse_in_order_and_a_boastful_one_in_calibration():
    y, jobs, fit, chance = company()
    good = answers(probability(fit - 2))
    blind = answers(probability(chance.normal(size=len(y)) - 2))
    boastful = answers(probability(2 * fit + 1), raw=fit)

    lost = cp.compare(y, job_ids=jobs, challenger=blind, champion=good)
    loud = cp.compare(y, job_ids=jobs, challenger=boastful, champion=good)
    won = cp.compare(y, job_ids=jobs, challenger=good, champion=blind)

    assert (lost.average_precision.is_worse, lost.inside_auc.is_worse) == (True, True)
    assert (loud.average_precision.is_worse, loud.inside_auc.is_worse) == (False, False)
    assert (loud.brier.is_worse, loud.calibration_error.is_worse) == (True, True)
    assert won.average_precision.is_worse is False
    assert won.average_precision.low > 0


def test_a_difference_within_the_noise_is_not_worse():
    """Two coins: about one pair in forty may be called worse, and far from each."""
    called = 0
    for seed in range(60):
        y, jobs, fit, chance = company(seed=seed, jobs=60)
        coins = [answers(probability(fit + chance.normal(size=len(y)) - 2)) for _ in range(2)]
        found = cp.compare(y, job_ids=jobs, challenger=coins[0], champion=coins[1], resamples=200)
        called += bool(found.average_precision.is_worse)
    assert called <= 6


def test_the_margin_orders_where_probabilities_tie():
    y, jobs, fit, _ = company()
    flat = np.full(len(y), y.mean())

    found = cp.compare(y, job_ids=jobs, challenger=answers(flat, raw=fit), champion=answers(flat))

    assert found.inside_auc.challenger > 0.6
    assert found.inside_auc.champion == pytest.approx(0.5)


def test_people_of_one_job_may_be_ordered_by_something_else_than_the_margin():
    y, jobs, fit, _ = company()
    plain = answers(probability(fit - 2))
    reversed_inside = cp.Answers(plain.p, plain.raw, plain.threshold, order=-fit)

    found = cp.compare(y, job_ids=jobs, challenger=reversed_inside, champion=plain)

    assert found.inside_auc.challenger == pytest.approx(1 - found.inside_auc.champion)
    assert found.inside_auc.is_worse
    assert found.average_precision.challenger == found.average_precision.champion


def test_cuts_that_reach_nobody_are_told_by_their_counts():
    y, jobs, fit, _ = company()
    side = answers(probability(fit - 4), threshold=0.999)

    found = cp.compare(y, job_ids=jobs, challenger=side, champion=side, resamples=20)

    assert found.marked == (0, 0)
    assert (found.f1.challenger, found.f1.champion) == (0.0, 0.0)


def test_as_many_rows_as_were_hired_are_marked_where_cuts_cannot_be_compared():
    y = np.array([1, 1, 0, 0, 0, 1, 0, 0.0])
    jobs = np.arange(8) // 2
    sharp = answers([0.9, 0.8, 0.1, 0.1, 0.1, 0.7, 0.1, 0.1], threshold=0.95)
    flat = answers(np.full(8, 0.5), threshold=0.0)
    edge = answers([0.9, 0.1, 0.4, 0.4, 0.4, 0.4, 0.1, 0.1])

    found = cp.compare(y, job_ids=jobs, challenger=sharp, champion=flat, resamples=50)
    ties = cp.compare(y, job_ids=jobs, challenger=edge, champion=flat, resamples=50)

    assert found.f1_at_hires.challenger == 1.0
    assert found.f1_at_hires.champion == pytest.approx(3 / 8)
    assert found.f1.challenger < found.f1.champion
    assert ties.f1_at_hires.challenger == pytest.approx((1 + 2 / 4) / 3)


def test_without_a_hire_order_cannot_be_told():
    jobs = np.arange(40) // 4
    side = answers(np.linspace(0.1, 0.6, 40), threshold=0.9)

    found = cp.compare(np.zeros(40), job_ids=jobs, challenger=side, champion=side, resamples=20)

    assert found.f1.challenger is None
    assert found.average_precision.is_worse is None
    assert found.inside_auc.is_worse is None
    assert found.brier.is_worse is False


@pytest.mark.parametrize("n", [0, 4])
def test_from_one_job_or_none_there_is_no_interval(n):
    y = np.arange(n) % 2
    side = answers(np.linspace(0.2, 0.7, n))

    found = cp.compare(y, job_ids=np.zeros(n), challenger=side, champion=side)

    assert found.jobs == (1 if n else 0)
    assert found.brier.is_worse is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40))
def test_the_auc_of_each_job_is_the_evaluation_s(rows):
    y, raw, jobs = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    jobs = jobs.astype(int)

    found = cp.job_aucs(y, raw, jobs=jobs)

    for job in range(jobs.max() + 1):
        expected = ev.roc_auc(y[jobs == job], raw[jobs == job])
        assert found[job] == pytest.approx(np.nan if expected is None else expected, nan_ok=True)


@pytest.mark.parametrize(
    ("y", "p", "jobs"),
    [
        ([0, 1], [0.1], [1, 1]),
        ([0, 2], [0.1, 0.2], [1, 1]),
        ([0, 1], [0.1, np.nan], [1, 1]),
        ([0, 1], [0, 1], [1]),
    ],
)
def test_wrong_input_is_refused(y, p, jobs):
    with pytest.raises(ValueError, match=r"must be|there are"):
        cp.compare(y, job_ids=jobs, challenger=answers(p), champion=answers(p))


def test_ten_thousand_rows_are_compared_in_seconds():
    y, jobs, fit, _ = company(jobs=2500, each=4)
    started = time.monotonic()

    cp.compare(y, job_ids=jobs, challenger=answers(probability(fit)), champion=answers(probability(-fit)))

    assert time.monotonic() - started < 30
