import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve

from scoring.ml import thresholds

# Few distinct scores, so that ties are the rule.
SCORED = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 12)), min_size=1, max_size=80)


def split_pairs(pairs):
    y, s = zip(*pairs, strict=True)
    return np.array(y), np.array(s) / 12


def precision_and_support(y, scores, cut):
    chosen = scores >= cut
    return (y[chosen].mean() if chosen.any() else None), int(chosen.sum())


@settings(max_examples=300, deadline=None)
@given(SCORED, st.floats(0.05, 1.0), st.integers(1, 10))
def test_it_is_the_smallest_cut_that_keeps_the_promise_or_says_there_is_none(pairs, wanted, support):
    y, scores = split_pairs(pairs)

    found = thresholds.threshold_for_min_precision(y, scores, min_precision=wanted, min_support=support)

    keeps = [
        cut
        for cut in np.unique(scores)
        if precision_and_support(y, scores, cut)[0] >= wanted and (scores >= cut).sum() >= support
    ]
    assert found.attainable is bool(keeps)
    if keeps:
        assert found.threshold == min(keeps)
        assert found.precision >= wanted
        assert found.support >= support


@settings(max_examples=300, deadline=None)
@given(SCORED, st.floats(0.05, 1.0))
def test_the_figures_it_reports_are_those_of_its_cut(pairs, wanted):
    y, scores = split_pairs(pairs)

    found = thresholds.threshold_for_min_precision(y, scores, min_precision=wanted)

    precision, support = precision_and_support(y, scores, found.threshold)
    assert (found.precision, found.support) == (pytest.approx(precision), support)
    assert found.positives == y.sum()
    assert found.recall == (pytest.approx(y[scores >= found.threshold].sum() / y.sum()) if y.any() else None)
    assert 0 <= found.precision_low <= found.precision
    json.dumps(found.to_json(), allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(SCORED, st.floats(0.05, 0.9), st.floats(0.0, 0.1))
def test_a_higher_promise_never_lowers_the_cut(pairs, wanted, more):
    y, scores = split_pairs(pairs)
    lower = thresholds.threshold_for_min_precision(y, scores, min_precision=wanted)
    higher = thresholds.threshold_for_min_precision(y, scores, min_precision=wanted + more)

    if higher.attainable:
        assert lower.attainable
        assert lower.threshold <= higher.threshold


@settings(max_examples=200, deadline=None)
@given(SCORED)
def test_without_a_promise_kept_it_takes_the_best_precision_there_is(pairs):
    y, scores = split_pairs(pairs)
    found = thresholds.threshold_for_min_precision(y, scores, min_precision=1.0)

    if not found.attainable and y.any():
        best = max(precision_and_support(y, scores, cut)[0] for cut in np.unique(scores))
        assert found.precision == pytest.approx(best)


@settings(max_examples=200, deadline=None)
@given(SCORED)
def test_the_curve_is_that_of_the_literature(pairs):
    y, scores = split_pairs(pairs)
    if not y.any():
        return
    precision, recall, cuts = precision_recall_curve(y, scores)

    curve = thresholds.precision_recall_curve(y, scores)

    np.testing.assert_allclose(curve.threshold, cuts)
    np.testing.assert_allclose(curve.precision, precision[:-1])
    np.testing.assert_allclose(curve.recall, recall[:-1])


def test_a_dip_of_precision_above_the_cut_is_told():
    #   precision from the top: 0/1, 1/2, 2/3, 3/4, 4/5
    found = thresholds.threshold_for_min_precision([0, 1, 1, 1, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])

    assert (found.threshold, found.attainable, found.precision) == (0.5, True, 0.8)
    assert found.lowest_precision_above == 0.0


def test_rows_with_one_score_are_never_taken_apart():
    found = thresholds.threshold_for_min_precision([1, 0, 0], [0.7, 0.7, 0.1])

    assert (found.attainable, found.threshold, found.precision, found.support) == (False, 0.7, 0.5, 2)


def test_one_lucky_row_is_no_promise_when_support_is_demanded():
    y, scores = [1, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.5]

    assert thresholds.threshold_for_min_precision(y, scores).attainable
    demanding = thresholds.threshold_for_min_precision(y, scores, min_support=3)
    assert (demanding.attainable, demanding.support) == (False, 3)


def test_fewer_rows_than_the_demanded_support_attain_nothing():
    found = thresholds.threshold_for_min_precision([1, 1], [0.9, 0.8], min_support=5)

    assert (found.attainable, found.threshold) == (False, 0.9)


def test_without_hires_the_strictest_cut_is_taken():
    found = thresholds.threshold_for_min_precision([0, 0, 0], [0.1, 0.9, 0.5])

    assert (found.attainable, found.threshold, found.precision, found.recall) == (False, 0.9, 0.0, None)


def test_no_rows_give_one_half_and_no_promise():
    found = thresholds.threshold_for_min_precision([], [])

    assert (found.attainable, found.threshold, found.precision, found.support) == (False, 0.5, None, 0)


def test_the_wilson_bound_is_the_published_one():
    assert thresholds.wilson_low(81, 263) == pytest.approx(0.2553, abs=1e-4)  # Newcombe 1998, table I
    assert thresholds.wilson_low(0, 0) is None
    assert thresholds.wilson_low(0, 10) == 0.0


@pytest.mark.parametrize(
    ("y", "scores", "wanted"),
    [([1, 0], [0.1, np.nan], 0.8), ([1, 2], [0.1, 0.2], 0.8), ([1], [0.1, 0.2], 0.8), ([1], [0.1], 0.0)],
)
def test_wrong_input_is_refused(y, scores, wanted):
    with pytest.raises(ValueError, match=r"must be|must hold"):
        thresholds.threshold_for_min_precision(y, scores, min_precision=wanted)
