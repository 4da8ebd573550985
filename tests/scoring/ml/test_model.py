import lightgbm
import numpy as np
import pytest

from scoring.ml.calibrate import Calibrator
from scoring.ml.model import Head, Part

CALIBRATOR = Calibrator("sigmoid", np.array([0.7]), np.array([-0.2]))
OFFSET = -0.4
NAMES = ("pay", "rate", "skills", "level")  # union, in order of first use


def learned(columns, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(400, len(columns))).astype(np.float32)
    X[rng.random(X.shape) < 0.2] = np.nan
    y = (np.nan_to_num(X[:, 0]) - np.nan_to_num(X[:, -1]) + rng.normal(size=400) > 0).astype(float)
    params = {"objective": "binary", "verbosity": -1, "num_threads": 1, "seed": 0, "num_leaves": 7}
    return lightgbm.train(params, lightgbm.Dataset(X, y, feature_name=list(columns)), 15)


def part(name, columns, weight, *, about_job=False, seed=0):
    return Part(name, learned(columns, seed), columns, weight, about_job)


@pytest.fixture(scope="module")
def head():
    return Head(
        (
            part("job", ("pay", "rate"), 1.7, about_job=True),
            part("choice", ("skills", "pay", "level"), 0.3, seed=1),
            part("person", ("level", "rate", "skills"), 0.6, seed=2),
        ),
        OFFSET,
        CALIBRATOR,
    )


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(9)
    rows = rng.normal(size=(60, len(NAMES))).astype(np.float32)
    rows[rng.random(rows.shape) < 0.2] = np.nan
    return rows


def raw(part, rows):
    return part.booster.predict(rows[:, [NAMES.index(name) for name in part.columns]], raw_score=True)


def test_it_names_each_feature_of_each_part_once(head):
    assert head.feature_names == NAMES


def test_the_margin_is_the_weighted_sum_of_the_parts_whatever_the_order_of_their_columns(head, rows):
    expected = OFFSET + sum(one.weight * raw(one, rows) for one in head.parts)

    np.testing.assert_allclose(head.margin(rows), expected, rtol=0, atol=1e-12)
    assert len({one.columns for one in head.parts}) == 3


def test_the_probability_is_the_calibrated_margin(head, rows):
    expected = 1 / (1 + np.exp(-(0.7 * head.margin(rows) - 0.2)))

    np.testing.assert_allclose(head.probability(rows), expected, atol=1e-12)


def test_contributions_add_up_to_the_margin(head, rows):
    contributions = head.contributions(rows)

    assert contributions.shape == (60, len(NAMES) + 1)
    np.testing.assert_allclose(contributions.sum(axis=1), head.margin(rows), rtol=0, atol=1e-9)


def test_contributions_add_up_to_the_margin_when_the_job_is_read_from_elsewhere(head, rows):
    job = rows[7]

    added = head.contributions(rows, job=job).sum(axis=1)

    np.testing.assert_allclose(added, head.margin(rows, job=job), rtol=0, atol=1e-9)
    assert np.abs(added - head.margin(rows)).max() > 0.1


def test_contributions_are_those_of_the_parts_with_their_weights(head, rows):
    expected = np.zeros((len(rows), len(NAMES) + 1))
    expected[:, -1] = OFFSET
    for one in head.parts:
        at = [NAMES.index(name) for name in one.columns]
        found = one.booster.predict(rows[:, at], pred_contrib=True)
        for place, column in zip([*at, -1], found.T, strict=True):
            expected[:, place] += one.weight * column

    np.testing.assert_allclose(head.contributions(rows), expected, rtol=0, atol=1e-12)


def test_only_the_parts_about_the_job_read_the_jobs_row(head, rows):
    job = rows[3]

    of_job = head.margin(rows, job=job) - head.order(rows) - OFFSET

    np.testing.assert_allclose(of_job, 1.7 * raw(head.parts[0], job[None, :])[0], atol=1e-12)


def test_the_jobs_row_of_every_candidate_himself_changes_nothing(head, rows):
    for at in range(5):
        assert head.margin(rows[at], job=rows[at]) == head.margin(rows[at : at + 1])


def test_the_jobs_row_may_have_two_dimensions(head, rows):
    np.testing.assert_array_equal(head.margin(rows, job=rows[3:4]), head.margin(rows, job=rows[3]))


def test_the_order_leaves_out_what_is_about_the_job(head, rows):
    others = rows.copy()
    expected = sum(one.weight * raw(one, rows) for one in head.parts[1:])

    np.testing.assert_allclose(head.order(rows), expected, atol=1e-12)
    alone = Head(head.parts[:1], OFFSET, CALIBRATOR)
    np.testing.assert_array_equal(alone.order(others[:, :2]), np.zeros(len(rows)))


def test_the_order_is_that_of_the_margins_when_the_job_is_one(head, rows):
    by_margin = head.margin(rows, job=rows[0])

    np.testing.assert_allclose(np.diff(by_margin), np.diff(head.order(rows)), atol=1e-12)


def test_one_row_scores_as_it_does_among_many(head, rows):
    together = head.margin(rows)

    assert [head.margin(row)[0] for row in rows] == together.tolist()


def test_no_rows_are_fine(head, rows):
    assert head.probability(rows[:0]).shape == (0,)
    assert head.margin(rows[:0], job=rows[0]).shape == (0,)
    assert head.contributions(rows[:0]).shape == (0, 5)


@pytest.mark.parametrize("width", [3, 5])
def test_rows_of_another_width_are_refused(head, width):
    with pytest.raises(ValueError, match="4 features"):
        head.margin(np.zeros((2, width)))
    with pytest.raises(ValueError, match="4 features"):
        head.contributions(np.zeros((2, width)))
    with pytest.raises(ValueError, match="4 features"):
        head.margin(np.zeros((2, 4)), job=np.zeros(width))


def test_more_than_one_row_of_the_job_is_refused(head, rows):
    with pytest.raises(ValueError, match="one row"):
        head.margin(rows, job=rows[:2])
