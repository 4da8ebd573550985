import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from scoring.ml import calibrate
from scoring.ml.evaluate import reliability_bins

SAMPLES = st.lists(st.tuples(st.integers(0, 1), st.floats(-30, 30)), min_size=4, max_size=80).filter(
    lambda rows: len({y for y, _ in rows}) == 2
)


def outcomes(n, *, slope=1.0, offset=-2.0, seed=0):
    rng = np.random.default_rng(seed)
    raw = rng.normal(size=n) * 2
    return (rng.random(n) < 1 / (1 + np.exp(-(slope * raw + offset)))).astype(float), raw


@settings(max_examples=150, deadline=None)
@given(SAMPLES, st.sampled_from(calibrate.METHODS), st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=50))
def test_a_probability_never_falls_when_the_margin_rises(rows, method, margins):
    y, raw = map(np.array, zip(*rows, strict=True))

    p = calibrate.fit_calibrator(y, raw, method=method).apply(np.sort(margins))

    assert np.all(np.diff(p) >= -1e-15)
    assert np.all((p >= 0) & (p <= 1))


@settings(max_examples=100, deadline=None)
@given(SAMPLES, st.sampled_from(calibrate.METHODS))
def test_arrays_bring_back_the_same_calibrator(rows, method):
    y, raw = map(np.array, zip(*rows, strict=True))
    fitted = calibrate.fit_calibrator(y, raw, method=method)

    again = calibrate.Calibrator.from_arrays(fitted.to_arrays())

    assert again.method == method
    assert np.array_equal(again.apply(raw), fitted.apply(raw))


def test_isotonic_is_that_of_scikit_learn_kept_off_0_and_1():
    y, raw = outcomes(3000)
    reference = IsotonicRegression(y_min=1 / 3002, y_max=3001 / 3002, out_of_bounds="clip").fit(raw, y)
    grid = np.linspace(-12, 12, 999)

    p = calibrate.fit_calibrator(y, raw, method="isotonic").apply(grid)

    np.testing.assert_allclose(p, reference.predict(grid), atol=1e-12)
    assert 0 < p.min() < p.max() < 1


def test_the_sigmoid_is_a_logistic_regression_on_platts_targets():
    y, raw = outcomes(500, slope=0.7)
    hires, others = y.sum(), (1 - y).sum()
    target = np.where(y == 1, (hires + 1) / (hires + 2), 1 / (others + 2))
    reference = LogisticRegression(C=1e12, tol=1e-12, max_iter=1000).fit(
        np.concatenate([raw, raw])[:, None],
        np.repeat([1, 0], len(raw)),
        sample_weight=np.concatenate([target, 1 - target]),
    )

    fitted = calibrate.fit_calibrator(y, raw, method="sigmoid")

    assert fitted.x[0] == pytest.approx(reference.coef_[0, 0], rel=1e-4)
    assert fitted.y[0] == pytest.approx(reference.intercept_[0], rel=1e-4)


def test_a_sigmoid_finds_the_rule_that_made_the_outcomes():
    y, raw = outcomes(50_000, slope=0.6, offset=-1.5)

    fitted = calibrate.fit_calibrator(y, raw, method="sigmoid")

    assert fitted.x[0] == pytest.approx(0.6, abs=0.03)
    assert fitted.y[0] == pytest.approx(-1.5, abs=0.05)


@pytest.mark.parametrize("method", calibrate.METHODS)
def test_promises_match_outcomes_on_rows_it_never_saw(method):
    y, raw = outcomes(20_000, slope=0.5)
    fitted = calibrate.fit_calibrator(y[:10_000], raw[:10_000], method=method)

    bins = reliability_bins(y[10_000:], fitted.apply(raw[10_000:]))

    assert max(abs(bin_.mean_probability - bin_.hire_rate) for bin_ in bins) < 0.05


def test_an_order_that_is_backwards_is_not_turned_round():
    y, raw = outcomes(1000)

    fitted = calibrate.fit_calibrator(y, -raw, method="sigmoid")

    assert fitted.x[0] == 0
    assert fitted.apply([-5.0, 5.0]) == pytest.approx([y.mean()] * 2, abs=0.01)


def test_margins_that_separate_perfectly_or_not_at_all_still_give_numbers():
    y = np.array([0.0] * 20 + [1.0] * 20)
    for raw in (y * 100 - 50, np.zeros(40), y * 1e-9):
        for method in calibrate.METHODS:
            p = calibrate.fit_calibrator(y, raw, method=method).apply(raw)
            assert np.isfinite(p).all()
            assert 0 < p.min() <= p.max() < 1


def test_few_hires_get_the_sigmoid():
    y, raw = outcomes(800)
    assert y.sum() < calibrate.MIN_HIRES_FOR_ISOTONIC

    assert calibrate.fit_calibrator(y, raw).method == "sigmoid"


def test_many_hires_and_a_bent_truth_get_isotonic():
    rng = np.random.default_rng(0)
    raw = rng.uniform(-3, 3, 8000)
    y = (rng.random(8000) < np.where(np.abs(raw) < 1.5, 0.1, np.where(raw > 0, 0.9, 0.02))).astype(float)

    assert calibrate.fit_calibrator(y, raw, groups=np.arange(8000) // 4).method == "isotonic"


def test_many_hires_and_a_smooth_truth_get_the_sigmoid():
    y, raw = outcomes(2500)
    assert y.sum() >= calibrate.MIN_HIRES_FOR_ISOTONIC

    assert calibrate.fit_calibrator(y, raw).method == "sigmoid"


def test_one_class_or_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="both classes"):
        calibrate.fit_calibrator([0, 0], [1.0, 2.0])
    with pytest.raises(ValueError, match="equally many"):
        calibrate.fit_calibrator([0, 1], [1.0])


def test_arrays_of_something_else_are_refused():
    arrays = calibrate.fit_calibrator([0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0], method="isotonic").to_arrays()

    with pytest.raises(ValueError, match="not describe"):
        calibrate.Calibrator.from_arrays(arrays | {"calibrator_method": np.array("beta")})
    with pytest.raises(ValueError, match="not describe"):
        calibrate.Calibrator.from_arrays(arrays | {"calibrator_x": np.array([])})
    with pytest.raises(KeyError):
        calibrate.Calibrator.from_arrays({})
