import json
import time
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from scoring.ml import evaluate as ev
from scoring.ml.resampling import job_weights
from tests.scoring.ml.outcomes import many_jobs

ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 8), st.integers(0, 5)),  # label, score, job
    min_size=1,
    max_size=60,
)


def columns(rows):
    y, p, jobs = map(np.array, zip(*rows, strict=True))
    return y, p / 8, jobs


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_the_overall_figures_are_those_of_scikit_learn(rows):
    y, p, jobs = columns(rows)
    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.6, resamples=5)

    assert (found.n, found.positives) == (len(y), y.sum())
    assert found.brier == pytest.approx(np.mean((p - y) ** 2))
    assert found.roc_auc == (pytest.approx(metrics.roc_auc_score(y, p)) if 0 < y.sum() < len(y) else None)
    assert found.average_precision == (
        pytest.approx(metrics.average_precision_score(y, p)) if y.any() else None
    )
    for cut, figures in ((0.6, found.at_threshold), (0.5, found.at_half)):
        tn, fp, fn, tp = metrics.confusion_matrix(y, p >= cut, labels=[0, 1]).ravel()
        assert (figures.true_negatives, figures.false_positives) == (tn, fp)
        assert (figures.false_negatives, figures.true_positives) == (fn, tp)
        assert figures.precision == (pytest.approx(tp / (tp + fp)) if tp + fp else None)
        assert figures.recall == (pytest.approx(tp / (tp + fn)) if tp + fn else None)
        expected_f1 = metrics.f1_score(y, p >= cut, zero_division=0)
        assert figures.f1 == (pytest.approx(expected_f1) if tp + fp + fn else None)


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_it_is_json_without_nan_whatever_the_rows(rows):
    y, p, jobs = columns(rows)
    more = {
        "application_order": p[::-1],
        "job_only": p,
        "slice_by": {"year": jobs, "client": jobs.astype(str)},
    }

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, resamples=5, **more)

    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["n"] == len(rows)


def resampled(y, p, jobs, figure, *, resamples, seed):
    """The plain way: repeat the rows of each job as often as it was drawn."""
    weights = np.concatenate(list(job_weights(jobs.max() + 1, resamples=resamples, seed=seed)))
    drawn = [np.repeat(np.arange(len(y)), w[jobs].astype(int)) for w in weights]
    return np.quantile([figure(y[rows], p[rows]) for rows in drawn], (0.025, 0.975))


def test_intervals_of_overall_figures_are_those_of_rows_drawn_again_job_by_job():
    chance = np.random.default_rng(3)
    jobs = chance.permutation(np.repeat(np.arange(40), 5))
    p = np.round(chance.random(200), 1)  # ties
    y = (chance.random(200) < 0.1 + 0.5 * p).astype(float)

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, resamples=60, seed=7).intervals

    for name, figure in (
        ("roc_auc", metrics.roc_auc_score),
        ("average_precision", metrics.average_precision_score),
        ("brier", metrics.brier_score_loss),
    ):
        assert found[name] == pytest.approx(tuple(resampled(y, p, jobs, figure, resamples=60, seed=7))), name


def test_an_interval_over_jobs_is_wider_than_rows_would_make_it():
    y, scores, jobs = many_jobs(signal=0.0, jobs=60, size=20)
    y = (jobs % 4 == 0).astype(float)  # whole jobs are filled or not
    scores = scores + np.random.default_rng(5).normal(size=60)[jobs]

    by_job = ev.evaluate(y, scores, job_ids=jobs, threshold=0.5).intervals["roc_auc"]
    by_row = ev.evaluate(y, scores, job_ids=np.arange(len(y)), threshold=0.5).intervals["roc_auc"]

    assert by_job[1] - by_job[0] > 1.5 * (by_row[1] - by_row[0])


@pytest.mark.parametrize("jobs", [[1, 1, 1], [1, 2, 3]])
def test_overall_intervals_are_missing_where_they_cannot_be_known(jobs):
    found = ev.evaluate([1, 1, 1], [0.5, 0.6, 0.7], job_ids=jobs, threshold=0.5).intervals

    assert found["roc_auc"] is None
    assert (found["brier"] is None) == (len(set(jobs)) == 1)


def brute_force(y, scores):
    """Every order the ties allow, one by one, with the plainest definition of each figure."""
    orders = [o for o in permutations(range(len(y))) if all(np.diff(scores[list(o)]) <= 0)]
    found = []
    for order in orders:
        t = y[list(order)]
        first = int(np.flatnonzero(t)[0]) + 1
        pairs = [(i < j) for i in np.flatnonzero(t) for j in np.flatnonzero(1 - t)]
        row = {"roc_auc": np.mean(pairs), "hit_10": float(first <= 10), "mrr": 1 / first, "hit_50": 1.0}
        for k in (5, 10):
            gain = sum(g / np.log2(i + 2) for i, g in enumerate(t[:k]))
            row[f"ndcg_{k}"] = gain / sum(1 / np.log2(i + 2) for i in range(min(k, int(t.sum()))))
        for k in (1, 3, 5):
            row[f"precision_{k}"] = np.mean(t[:k])
        found.append(row)
    return {name: np.mean([row[name] for row in found]) for name in found[0]}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), min_size=2, max_size=6).filter(
        lambda rows: len({y for y, _ in rows}) == 2
    )
)
def test_inside_a_job_ties_and_chance_are_exact_expectations(rows):
    y, scores = (np.array(column, dtype=float) for column in zip(*rows, strict=True))

    figures = ev.inside_jobs(y, scores, job_ids=np.zeros(len(y))).figures

    expected, by_chance = brute_force(y, scores), brute_force(y, np.zeros(len(y)))
    assert {name: f.value for name, f in figures.items()} == pytest.approx(expected)
    assert {name: f.random for name, f in figures.items()} == pytest.approx(by_chance)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_many_jobs_at_once_are_the_mean_of_each_alone(rows):
    y, p, jobs = columns(rows)
    alone = [ev.inside_jobs(y[jobs == job], p[jobs == job], job_ids=jobs[jobs == job]) for job in set(jobs)]
    alone = [inside.figures for inside in alone if inside.jobs]

    together = ev.inside_jobs(y, p, job_ids=jobs, resamples=5)

    assert together.jobs == len(alone)
    for name, figure in together.figures.items():
        for side in ("value", "random"):
            expected = np.mean([getattr(f[name], side) for f in alone]) if alone else None
            assert getattr(figure, side) == (pytest.approx(expected) if alone else None)


def test_hit_50_and_a_group_of_equal_scores_around_the_fiftieth_place():
    y = np.zeros(80)
    y[[49, 50, 51]] = 1
    scores = np.where(np.arange(80) < 48, 1.0, 0.0)  # 32 share the places 49 to 80, 3 of them hired

    figures = ev.inside_jobs(y, scores, job_ids=np.zeros(80)).figures

    assert figures["hit_50"].value == pytest.approx(1 - (29 / 32) * (28 / 31))
    assert figures["hit_10"].value == 0


def test_the_order_of_application_is_measured_in_the_same_jobs():
    y = np.array([1, 0, 0, 0, 0, 1])
    jobs = np.array([1, 1, 1, 2, 2, 2])
    applied = np.array([1, 2, 3, 7, 7, 7])  # in job 2 nobody knows who was first

    found = ev.evaluate(y, np.full(6, 0.2), job_ids=jobs, threshold=0.5, application_order=applied)

    inside = found.inside_jobs.figures
    assert inside["roc_auc"].by_application == pytest.approx((1.0 + 0.5) / 2)
    assert inside["precision_1"].by_application == pytest.approx((1.0 + 1 / 3) / 2)
    assert inside["roc_auc"].value == inside["roc_auc"].random == 0.5
    order = next(b for b in found.baselines if b.name == "application_order")
    assert order.roc_auc == pytest.approx(metrics.roc_auc_score(y, -applied))
    assert (order.brier, order.inside_auc) == (None, pytest.approx(0.75))


def test_hit_10_counts_only_the_first_ten():
    y = np.zeros(25)
    y[12] = 1
    scores = -np.arange(25.0)

    figures = ev.inside_jobs(y, scores, job_ids=np.zeros(25)).figures

    assert figures["hit_10"].value == 0
    assert figures["hit_10"].random == pytest.approx(10 / 25)
    assert figures["mrr"].value == pytest.approx(1 / 13)


def test_only_jobs_with_both_outcomes_are_looked_into_and_each_counts_once():
    y = np.array([1, 0, 1, 1, 0, 0, 0, 0, 1])
    jobs = np.array([7, 7, 8, 8, 9, 9, 3, 3, 3])
    scores = np.array([0.9, 0.1, 0.5, 0.6, 0.4, 0.3, 0.9, 0.8, 0.7])

    inside = ev.inside_jobs(y, scores, job_ids=jobs)

    assert (inside.jobs, inside.n) == (2, 5)
    assert inside.figures["roc_auc"].value == pytest.approx((1.0 + 0.0) / 2)
    assert inside.figures["roc_auc"].random == 0.5


def test_without_such_jobs_the_figures_are_undefined():
    inside = ev.inside_jobs([1, 0], [0.5, 0.6], job_ids=[1, 2])

    assert (inside.jobs, inside.n) == (0, 0)
    assert set(inside.figures.values()) == {ev.InsideFigure(None, None, None, None)}


def test_one_job_gives_a_value_but_no_interval():
    figure = ev.inside_jobs([1, 0], [0.9, 0.6], job_ids=[1, 1]).figures["roc_auc"]

    assert (figure.value, figure.low, figure.high) == (1.0, None, None)


def test_the_interval_holds_chance_when_there_is_no_signal_and_excludes_it_when_there_is():
    y, scores, jobs = many_jobs(signal=0.0)
    nothing = ev.inside_jobs(y, scores, job_ids=jobs).figures
    y, scores, jobs = many_jobs(signal=1.5)
    something = ev.inside_jobs(y, scores, job_ids=jobs).figures

    for name in nothing:
        assert nothing[name].low - 1e-9 <= nothing[name].random <= nothing[name].high + 1e-9, name
    for name in ("roc_auc", "ndcg_5", "precision_1", "mrr"):
        assert something[name].low > something[name].random
        assert something[name].low < something[name].value < something[name].high


def test_the_interval_of_jobs_without_signal_covers_chance_about_19_times_in_20():
    covered = 0
    for seed in range(100):
        y, scores, jobs = many_jobs(signal=0.0, jobs=80, seed=seed)
        figure = ev.inside_jobs(y, scores, job_ids=jobs, resamples=300).figures["roc_auc"]
        covered += figure.low <= 0.5 <= figure.high

    assert 88 <= covered <= 100


def test_the_order_may_be_finer_than_the_probabilities():
    y, raw, jobs = many_jobs(signal=1.0)
    p = np.full(len(y), y.mean())

    coarse = ev.evaluate(y, p, job_ids=jobs, threshold=0.5)
    fine = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, order=raw)

    assert coarse.roc_auc == 0.5
    assert coarse.inside_jobs.figures["roc_auc"].value == 0.5
    assert fine.roc_auc > 0.6
    assert fine.inside_jobs.figures["roc_auc"].value > 0.6
    assert fine.brier == coarse.brier


def test_people_of_one_job_may_be_ranked_by_other_scores():
    y, score, jobs = many_jobs(signal=1.0)
    p = np.full(len(y), y.mean())

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, order=-score, inside_order=score)

    assert found.roc_auc < 0.5
    assert found.inside_jobs == ev.inside_jobs(y, score, job_ids=jobs)


def test_reliability_bins_hold_all_rows_and_keep_equal_probabilities_together():
    p = np.repeat([0.01, 0.02, 0.03, 0.9], [500, 300, 199, 1])
    y = np.zeros(1000)
    y[:5] = 1

    bins = ev.reliability_bins(y, p)

    assert sum(bin_.n for bin_ in bins) == 1000
    assert [bin_.low for bin_ in bins] == [0.01, 0.02, 0.03, 0.9]
    assert bins[0].hire_rate == pytest.approx(0.01)
    assert bins[0].mean_probability == pytest.approx(0.01)


def test_the_calibration_error_is_the_weighted_distance():
    y = np.repeat([1, 0, 1, 0], [30, 70, 80, 20])
    p = np.repeat([0.3, 0.7], [100, 100])

    found = ev.evaluate(y, p, job_ids=np.arange(200), threshold=0.5)

    assert found.expected_calibration_error == pytest.approx(0.5 * 0.0 + 0.5 * 0.1)


def test_baselines_know_no_candidate():
    y, scores, jobs = many_jobs(signal=1.0)
    y = np.where(jobs < 150, 0, y)  # half of the jobs are never filled
    p = np.where(jobs < 150, 0.05, 0.3) + scores / 100

    found = {b.name: b for b in ev.evaluate(y, p, job_ids=jobs, threshold=0.5, prevalence=0.1).baselines}

    assert found["prevalence"].roc_auc == 0.5
    assert found["prevalence"].brier == pytest.approx(np.mean((0.1 - y) ** 2))
    assert found["prevalence"].average_precision == pytest.approx(y.mean())
    assert 0.5 < found["job_mean"].roc_auc <= found["job_outcome"].roc_auc < 1


def test_a_model_of_the_job_alone_is_a_baseline_when_there_is_one():
    y, _scores, jobs = many_jobs(signal=1.0)
    y = np.where(jobs < 150, 0, y)
    of_job = np.where(jobs < 150, 0.02, 0.3)

    def found(job_only):
        measured = ev.evaluate(y, 0.1 + 0 * y, job_ids=jobs, threshold=0.5, job_only=job_only)
        return {b.name: b for b in measured.baselines}

    assert "job_only" not in found(None)
    assert found(of_job)["job_only"].roc_auc == pytest.approx(metrics.roc_auc_score(y, of_job))
    assert found(of_job)["job_only"].brier == pytest.approx(np.mean((of_job - y) ** 2))
    assert found(of_job)["job_only"].inside_auc == 0.5
    assert found(of_job * 10)["job_only"].brier is None  # an order, not probabilities


def test_ten_thousand_rows_are_measured_in_a_moment():
    chance = np.random.default_rng(0)
    score = chance.normal(size=10_000)
    y = (chance.random(10_000) < 1 / (1 + np.exp(3 - score))).astype(float)
    began = time.process_time()

    ev.evaluate(y, 1 / (1 + np.exp(-score)), job_ids=chance.integers(0, 2300, 10_000), threshold=0.5)

    assert time.process_time() - began < 3


def test_no_rows_leave_every_figure_undefined():
    found = ev.evaluate([], [], job_ids=[], threshold=0.5)

    assert (found.n, found.base_rate, found.roc_auc, found.brier) == (0, None, None, None)
    assert found.expected_calibration_error is None


@pytest.mark.parametrize(
    ("y", "p", "jobs"),
    [
        ([1, 0], [0.5], [1, 1]),
        ([1, 0], [0.5, np.nan], [1, 1]),
        ([1, 3], [0.5, 0.5], [1, 1]),
        ([1], [0.5], [1, 2]),
    ],
)
def test_wrong_input_is_refused(y, p, jobs):
    with pytest.raises(ValueError, match=r"must"):
        ev.evaluate(y, p, job_ids=jobs, threshold=0.5)


@pytest.mark.parametrize("name", ["order", "inside_order", "application_order", "job_only"])
@pytest.mark.parametrize("values", [[0.1], [0.1, np.nan]])
def test_other_columns_of_a_wrong_length_or_not_finite_are_refused(name, values):
    with pytest.raises(ValueError, match=rf"{name} must"):
        ev.evaluate([1, 0], [0.5, 0.4], job_ids=[1, 1], threshold=0.5, **{name: values})
