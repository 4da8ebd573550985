from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml import splits

APPLICATIONS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 30)),  # day, job
    min_size=1,
    max_size=200,
)


def dates_of(days):
    return np.datetime64("2021-01-01") + np.array(days, dtype="timedelta64[D]")


@settings(max_examples=200, deadline=None)
@given(APPLICATIONS, st.floats(0.05, 0.3), st.floats(0.05, 0.3))
def test_no_job_is_on_two_sides_and_no_row_outside_the_time_of_its_window(rows, validation, test):
    days, jobs = map(np.array, zip(*rows, strict=True))
    try:
        split = splits.temporal_split(
            dates_of(days), jobs, validation_share=validation, test_share=test, calibration_share=0.1
        )
    except splits.TooLittleData:
        first = [days[jobs == job].min() for job in np.unique(jobs)]
        assert len(set(first)) < 4
        return

    seen = np.concatenate([*(window.rows for window in split), split.dropped])
    assert sorted(seen) == list(range(len(rows)))
    of_job = {}
    for window in split:
        assert len(window) > 0
        assert dates_of(days[window.rows]).min().item() == window.start
        assert dates_of(days[window.rows]).max().item() == window.end
        for job in jobs[window.rows]:
            assert of_job.setdefault(job, window.name) == window.name
    for earlier, later in zip(list(split), list(split)[1:], strict=False):
        assert earlier.end < later.start


@settings(max_examples=50, deadline=None)
@given(APPLICATIONS, st.randoms())
def test_the_windows_do_not_depend_on_the_order_of_the_rows(rows, random):
    shuffled = random.sample(rows, len(rows))
    try:
        one, other = (
            splits.temporal_split(dates_of([d for d, _ in r]), [j for _, j in r]) for r in (rows, shuffled)
        )
    except splits.TooLittleData:
        return

    assert [(w.start, w.end, len(w)) for w in one] == [(w.start, w.end, len(w)) for w in other]
    assert sorted(rows[i] for i in one.test.rows) == sorted(shuffled[i] for i in other.test.rows)


def test_a_job_is_in_the_window_of_its_first_application_and_what_comes_later_is_dropped():
    days = np.arange(100)
    jobs = days.copy()
    jobs[90] = 3  # a late application to an early job

    split = splits.temporal_split(dates_of(days), jobs)

    assert 3 in split.train.rows
    assert split.dropped.tolist() == [90]


def test_the_shares_are_met_when_days_are_fine_enough():
    split = splits.temporal_split(
        dates_of(np.arange(1000)),
        np.arange(1000),
        calibration_share=0.1,
        validation_share=0.15,
        test_share=0.25,
    )

    assert [len(window) for window in split] == [500, 100, 150, 250]
    assert split.train.start == date(2021, 1, 1)


def test_the_test_window_may_begin_on_a_day_whatever_its_share():
    split = splits.temporal_split(
        dates_of(np.arange(100)), np.arange(100), test_start=date(2021, 1, 1) + timedelta(days=60)
    )

    assert split.test.rows.tolist() == list(range(60, 100))
    shares = [len(window) / 60 for window in (split.train, split.calibration, split.validation)]
    assert shares == pytest.approx([0.5 / 0.8, 0.15 / 0.8, 0.15 / 0.8], abs=0.02)


def test_the_test_window_begins_with_the_first_job_on_or_after_that_day():
    days = np.array([0, 10, 20, 30, 40, 50, 55])
    jobs = np.array([0, 1, 2, 3, 4, 5, 3])  # the last is a late application to an early job

    split = splits.temporal_split(dates_of(days), jobs, test_start=date(2021, 1, 1) + timedelta(days=35))

    assert split.test.rows.tolist() == [4, 5]
    assert split.test.start == date(2021, 1, 1) + timedelta(days=40)
    assert split.dropped.tolist() == [6]


@pytest.mark.parametrize(("start", "sentence"), [(101, "nothing to test on"), (2, "different days")])
def test_a_day_that_leaves_nothing_on_one_side_is_refused(start, sentence):
    with pytest.raises(splits.TooLittleData, match=sentence):
        splits.temporal_split(
            dates_of(np.arange(100)), np.arange(100), test_start=date(2021, 1, 1) + timedelta(days=start)
        )


@settings(max_examples=100, deadline=None)
@given(APPLICATIONS, st.integers(0, 400))
def test_nothing_before_the_test_window_is_as_late_as_it(rows, start):
    days, jobs = map(np.array, zip(*rows, strict=True))
    first = date(2021, 1, 1) + timedelta(days=start)
    try:
        split = splits.temporal_split(dates_of(days), jobs, test_start=first)
    except splits.TooLittleData:
        return

    assert split.test.start >= first
    assert split.validation.end < split.test.start
    earlier = np.concatenate([window.rows for window in split][:3])
    assert set(jobs[earlier]).isdisjoint(jobs[split.test.rows])


def test_it_takes_pandas_columns_and_text_job_codes():
    frame = pd.DataFrame({"on": dates_of(np.arange(40)), "job": [f"J{i}" for i in range(40)]})

    assert len(splits.temporal_split(frame["on"], frame["job"]).test) == 8


def test_jobs_that_all_began_on_one_day_cannot_be_split_and_the_sentence_says_so():
    with pytest.raises(splits.TooLittleData, match=r"^The 3 applications belong to jobs .* 1 different day"):
        splits.temporal_split(dates_of([5, 5, 5]), [1, 2, 3])


def test_no_rows_at_all_are_too_little():
    with pytest.raises(splits.TooLittleData):
        splits.temporal_split(np.array([], dtype="datetime64[D]"), [])


@pytest.mark.parametrize("share", [0.0, -0.1, 0.9])
def test_shares_that_leave_nothing_are_refused(share):
    with pytest.raises(ValueError, match="shares"):
        splits.temporal_split(dates_of(np.arange(50)), np.arange(50), test_share=share)


def test_a_missing_date_is_refused():
    with pytest.raises(ValueError, match="application date"):
        splits.temporal_split(np.array(["2021-01-01", "NaT"], dtype="datetime64[D]"), [1, 2])


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match="3 dates"):
        splits.temporal_split(dates_of([1, 2, 3]), [1, 2])


@pytest.mark.parametrize(
    ("labels", "error", "sentence"),
    [
        ([], splits.TooLittleData, "nothing to learn"),
        ([0, 0], splits.NoHires, "None of the 2 applications"),
        ([1, 1, 1], splits.OneClassOnly, "All 3 applications"),
        ([0, 2], ValueError, "0, 1 or NaN"),
    ],
)
def test_labels_of_one_class_are_refused_by_name(labels, error, sentence):
    with pytest.raises(error, match=sentence):
        splits.check_classes(np.array(labels, dtype=float))


def test_a_window_with_too_few_hires_is_named_with_its_dates_and_counts():
    window = splits.Window("validation", np.arange(4), date(2021, 1, 1), date(2021, 2, 1))

    with pytest.raises(splits.TooLittleData) as caught:
        splits.check_window(window, np.array([1.0, 0, 0, 0]), needed=2)

    assert str(caught.value) == (
        "The validation window (2021-01-01 to 2021-02-01) has 1 hires and 3 other outcomes; "
        "it needs at least 2 of each. Import more outcomes and train again."
    )
    splits.check_window(window, np.array([1.0, 1, 0, 0]), needed=2)
