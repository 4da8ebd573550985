import hashlib

import numpy as np
import pandas as pd
import pytest

from scoring.ml.dataset import ROW_COLUMNS, Dataset, client_key, make_dataset

X = pd.DataFrame({"a": [1.0, 2.0, np.nan], "b": [4.0, 5.0, 6.0]}, index=[7, 8, 9])
GIVEN = {"y": [1, 0, np.nan], "job_id": [5, 5, 6], "as_of": ["2024-01-01", "2024-01-02", "2024-01-03"]}


def test_what_is_left_out_is_unknown():
    data = make_dataset(X, **GIVEN)

    assert list(data.rows) == list(ROW_COLUMNS)
    assert data.rows.dtypes.astype(str).to_dict() == ROW_COLUMNS
    assert np.isnan(data.rows["accept"]).all()
    assert (data.rows[["area", "seniority", "client"]] == "").all(axis=None)
    assert data.rows["known"].all()


def test_both_sides_are_numbered_anew():
    data = make_dataset(X, **GIVEN)

    assert list(data.X.index) == list(data.rows.index) == [0, 1, 2]
    assert list(X.index) == [7, 8, 9]


def test_labels_jobs_and_days_are_arrays():
    data = make_dataset(X, **GIVEN)

    np.testing.assert_array_equal(data.y, [1, 0, np.nan])
    assert data.jobs.tolist() == [5, 5, 6]
    assert data.days.dtype == "datetime64[D]"
    assert str(data.days[1]) == "2024-01-02"
    assert len(data) == 3


def test_a_time_of_day_is_no_part_of_the_day():
    data = make_dataset(X, **GIVEN | {"as_of": ["2024-01-01T23:59:59"] * 3})

    assert set(data.days.astype(str)) == {"2024-01-01"}


def test_a_subset_has_the_rows_in_the_order_asked_for():
    part = make_dataset(X, **GIVEN, candidate_id=[30, 31, 32]).subset([2, 0])

    assert part.rows["candidate_id"].tolist() == [32, 30]
    assert part.X["b"].tolist() == [6.0, 4.0]
    assert list(part.X.index) == list(part.rows.index) == [0, 1]


def test_no_rows_are_a_subset_too():
    assert len(make_dataset(X, **GIVEN).subset(np.array([], dtype=int))) == 0


def test_sides_of_other_lengths_are_refused():
    rows = make_dataset(X, **GIVEN).rows

    with pytest.raises(ValueError, match="2 rows of features, 3 of outcomes"):
        Dataset(X[:2], rows)


def test_a_missing_row_column_is_refused_by_name():
    rows = make_dataset(X, **GIVEN).rows

    with pytest.raises(ValueError, match="missing from the rows: known, client"):
        Dataset(X, rows.drop(columns=["client", "known"]))


def test_a_column_of_the_person_is_refused():
    with pytest.raises(ValueError, match="no columns of a dataset: name, sex"):
        make_dataset(X, **GIVEN, sex=["f", "m", "f"], name=["a", "b", "c"])


@pytest.mark.parametrize("missing", ["y", "job_id", "as_of"])
def test_what_cannot_be_unknown_must_be_given(missing):
    with pytest.raises(ValueError, match=missing):
        make_dataset(X, **{name: values for name, values in GIVEN.items() if name != missing})


def test_a_clients_key_is_one_for_all_ways_to_write_him_and_holds_no_name():
    keys = {client_key(name) for name in ("São João Ltda", " sao joao LTDA ", "SÃO JOÃO LTDA")}

    assert keys == {hashlib.sha256(b"sao joao ltda").hexdigest()[:12]}
    assert client_key("Sao Joao SA") not in keys


@pytest.mark.parametrize("name", ["", "   ", "\u0301"])
def test_no_client_has_no_key(name):
    assert client_key(name) == ""


def test_values_for_fewer_rows_are_refused_and_not_filled_up():
    with pytest.raises(ValueError, match="3 rows of features, but another number of: accept, y"):
        make_dataset(X, **GIVEN | {"y": [1, 0]}, accept=[1.0] * 4)
