from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from scoring.ml.dataset import make_dataset
from scoring.ml.learning import Windows, held_out, job_alone, learn, learnable, plan_of
from scoring.ml.recipes.peneira import JOB
from scoring.ml.splits import OneClassOnly
from tests.scoring.ml.synthetic import OF_JOB, OF_PERSON, WITHOUT_ACCEPT, changed, company, content

NAMES = (*OF_JOB, *OF_PERSON)
CUTS = (150, 200, 250)  # the first jobs of the later windows


def quiet(share):
    return None


@pytest.fixture(scope="module")
def data():
    return learnable(company(jobs=300), NAMES)


def window(data, which):
    return np.flatnonzero(np.searchsorted(CUTS, data.jobs, side="right") == which)


def windows(data):
    """By jobs, one after the other, as their first days are."""
    parts = [window(data, which) for which in range(4)]
    return Windows(*parts, before_test=np.sort(np.concatenate(parts[:3])))


def plan(recipe=WITHOUT_ACCEPT, rounds=25, **changes):
    parts = tuple(replace(part, columns=lambda _, own=part: columns(own), **changes) for part in recipe.parts)
    return plan_of(replace(recipe, parts=parts), NAMES, seed=1, num_threads=1, max_rounds=rounds)


def columns(part):
    return OF_JOB if part.about_job else NAMES


def learned(data, *, how=None, **changes):
    return learn(replace(data, **changes), windows(data), how or plan(), calibration="auto", step=quiet)


@pytest.fixture(scope="module")
def found(data):
    return learned(data)


def upside_down(data, which):
    y = data.y.copy()
    y[window(data, which)] = 1 - y[window(data, which)]
    return y


# Rows in an order of their own


def test_rows_are_in_one_order_however_they_come():
    data = company(jobs=60)
    shuffled = np.random.default_rng(1).permutation(len(data))

    one, other = learnable(data, NAMES), learnable(data.subset(shuffled), NAMES)

    np.testing.assert_array_equal(one.X, other.X)
    np.testing.assert_array_equal(one.y, other.y)
    np.testing.assert_array_equal(one.jobs, other.jobs)
    np.testing.assert_array_equal(one.position, shuffled[other.position])
    assert all(earlier <= later for earlier, later in pairwise(one.days))


def test_zeros_of_either_sign_and_unknowns_of_any_bits_are_one():
    odd = np.frombuffer(np.array([0x7FC00001], dtype=np.uint32).tobytes(), dtype=np.float32)[0]
    one = pd.DataFrame({"a": np.array([0.0, np.nan, 1.0], dtype=np.float32), "b": np.float32([3, 1, 2])})
    other = pd.DataFrame({"a": np.array([-0.0, odd, 1.0], dtype=np.float32), "b": np.float32([3, 1, 2])})
    rows = {"y": [0, 0, 1], "job_id": [4, 4, 4], "as_of": ["2024-01-01"] * 3}

    orders = [learnable(make_dataset(X, **rows), ("a", "b")).position.tolist() for X in (one, other)]

    assert orders[0] == orders[1]


def test_positions_lead_back_to_the_rows():
    data = company(jobs=60)
    labelled = changed(data, y=data.rows["y"].where(np.arange(len(data)) % 3 > 0))

    rows = learnable(labelled, NAMES)

    assert len(rows.y) == int((np.arange(len(data)) % 3 > 0).sum())
    np.testing.assert_array_equal(labelled.y[rows.position], rows.y)
    np.testing.assert_array_equal(data.X[list(NAMES)].to_numpy()[rows.position], rows.X)
    np.testing.assert_array_equal(data.days[rows.position], rows.days)


def test_features_that_are_not_asked_for_are_not_read():
    data = company(jobs=60)
    with_more = replace(data, X=data.X.assign(secret=np.inf))

    assert learnable(with_more, NAMES).X.shape[1] == len(NAMES)
    with pytest.raises(ValueError, match="finite or NaN"):
        learnable(with_more, (*NAMES, "secret"))


def test_labels_of_one_class_are_refused():
    with pytest.raises(OneClassOnly):
        learnable(changed(company(jobs=20), y=1.0), NAMES)


def test_another_label_may_be_learned():
    data = company(jobs=60)

    rows = learnable(data, NAMES, label="accept")

    assert len(rows.y) == data.rows["accept"].notna().sum()


# Windows


def test_the_parts_about_the_job_are_learned_first():
    shuffled = replace(WITHOUT_ACCEPT, parts=WITHOUT_ACCEPT.parts[::-1])

    assert [fit.part.name for fit in plan(shuffled).fits] == ["job", "person", "choice"]


def test_the_test_window_teaches_nothing(data, found):
    other = learned(data, y=upside_down(data, 3))

    assert content(other.head) == content(found.head)
    assert content(other.before_last) == content(found.before_last)


def test_the_validation_window_teaches_rounds_and_the_last_learning_alone(data):
    fixed = plan(fixed_rounds=20)

    one, other = (learned(data, how=fixed, y=y) for y in (data.y, upside_down(data, 2)))

    assert content(other.before_last) == content(one.before_last)
    assert content(other.head) != content(one.head)


def test_the_validation_window_says_when_to_stop(data, found):
    other = learned(data, y=upside_down(data, 2))

    assert sum(other.plan.rounds) < sum(found.plan.rounds)


def test_the_features_of_later_windows_teach_nothing_before(data, found):
    X = data.X.copy()
    X[window(data, 3)] = 9.0
    other = learned(data, X=X)

    assert content(other.head) == content(found.head)


def test_the_calibration_window_weighs_and_teaches_the_second_learning(data, found):
    other = learned(data, y=upside_down(data, 1))

    assert [part.weight for part in other.head.parts] != [part.weight for part in found.head.parts]
    assert content(other.before_last) != content(found.before_last)


def test_the_last_learning_reads_all_rows_before_the_test_window(data, found):
    for which in range(3):
        y = data.y.copy()
        y[window(data, which)[:40]] = 1 - y[window(data, which)[:40]]
        other = learned(data, y=y)
        assert content(other.head)[0] != content(found.head)[0]


def test_both_heads_have_the_same_weights_and_calibrator(found):
    assert [p.weight for p in found.head.parts] == [p.weight for p in found.before_last.parts]
    assert found.head.calibrator is found.before_last.calibrator


def test_what_is_held_out_is_what_the_head_says(data, found):
    rows = window(data, 3)
    X = data.X[rows][:, data.columns(found.head.feature_names)]

    test = held_out(data, rows, found.head)

    np.testing.assert_array_equal(test.rows, data.position[rows])
    np.testing.assert_array_equal(test.raw, found.head.margin(X))
    np.testing.assert_array_equal(test.order, found.head.order(X))
    np.testing.assert_array_equal(test.p, found.head.probability(X))
    np.testing.assert_array_equal(test.y, data.y[rows])


def test_labels_that_are_held_out_are_a_copy(data, found):
    test = held_out(data, window(data, 3), found.head)
    test.y[:] = 7

    assert data.y.max() == 1


def test_what_the_job_alone_says_reads_nothing_of_the_person(data):
    fit = plan().fits[0]
    assert fit.part.name == JOB.name
    X = data.X.copy()
    X[:, data.columns(OF_PERSON)] = 0

    said, again = (job_alone(replace(data, X=features), windows(data), fit) for features in (data.X, X))

    np.testing.assert_array_equal(said, again)
    assert len(said) == len(window(data, 3))
    assert ((said > 0) & (said < 1)).all()
    corrupt = replace(data, y=upside_down(data, 3))
    np.testing.assert_array_equal(said, job_alone(corrupt, windows(data), fit))
