import numpy as np
import pandas as pd
import pytest

from scoring.ml import schema
from tests.scoring.ml.frames import candidates, events, jobs, pairs


@pytest.mark.parametrize(
    "column", ["name", "sex", "birth_date", "age", "marital_status", "disability", "bairro", "cep", "address"]
)
def test_it_refuses_personal_columns_of_candidates(column):
    with pytest.raises(schema.SchemaError, match=f"{column}.*not accepted"):
        schema.check_candidates(candidates({}).assign(**{column: "x"}))


@pytest.mark.parametrize("column", ["recruiter", "requester", "analyst", "modality", "reserved_for_disabled"])
def test_it_refuses_people_and_late_columns_of_jobs(column):
    with pytest.raises(schema.SchemaError, match=f"{column}.*not accepted"):
        schema.check_jobs(jobs({}).assign(**{column: "x"}))


@pytest.mark.parametrize("column", list(schema.CANDIDATE_COLUMNS))
def test_it_names_a_missing_candidate_column(column):
    with pytest.raises(schema.SchemaError, match=f"candidates: column '{column}' is missing"):
        schema.check_candidates(candidates({}).drop(columns=column))


@pytest.mark.parametrize("column", list(schema.JOB_COLUMNS))
def test_it_names_a_missing_job_column(column):
    with pytest.raises(schema.SchemaError, match=f"jobs: column '{column}' is missing"):
        schema.check_jobs(jobs({}).drop(columns=column))


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("headline", None, "float"),
        ("cv_text", 3.5, "float"),
        ("skills", "java", "str"),
        ("skills", [7], "int inside its lists"),
        ("area_labels", ["Cozinha"], "closed set"),
        ("english", "Fluente", "closed set"),
        ("education", "bachelor", "closed set"),
        ("seniority", "guru", "closed set"),
        ("has_profile", None, "NoneType"),
        ("salary_monthly", "R$ 900", "expected numbers"),
        ("salary_monthly", np.inf, "infinite"),
    ],
)
def test_it_names_the_column_and_the_kind_of_a_bad_value(column, value, problem):
    frame = candidates({}, {})
    frame[column] = pd.Series([value, frame[column].iloc[1]], index=frame.index)
    with pytest.raises(schema.SchemaError, match=f"'{column}'.*{problem}"):
        schema.check_candidates(frame)


def test_its_errors_do_not_repeat_the_value():
    with pytest.raises(schema.SchemaError) as caught:
        schema.check_candidates(candidates({"seniority": "Maria da Silva"}))
    assert "Maria" not in str(caught.value)


@pytest.mark.parametrize("index", [[1, 1], ["a", "b"], [-1, 2], [1, 2**31]])
def test_it_refuses_an_index_that_is_no_set_of_ids(index):
    frame = candidates({}, {})
    frame.index = pd.Index(index)
    with pytest.raises(schema.SchemaError, match="candidate_id"):
        schema.check_candidates(frame)


def test_it_refuses_pairs_without_a_day():
    with pytest.raises(schema.SchemaError, match=r"as_of.*missing dates"):
        schema.check_pairs(pairs((1, 1, None)))


def test_it_refuses_dates_with_a_time_zone():
    frame = pairs((1, 1, "2022-01-01"))
    frame["as_of"] = frame["as_of"].dt.tz_localize("America/Sao_Paulo")
    with pytest.raises(schema.SchemaError, match=r"as_of.*time zone"):
        schema.check_pairs(frame)


def test_it_refuses_an_unknown_outcome():
    with pytest.raises(schema.SchemaError, match="outcome"):
        schema.check_events(events((1, 1, "2022-01-01", None, "Contratado")))


def test_it_reads_only_its_own_columns_of_pairs_and_events():
    assert list(schema.check_pairs(pairs((1, 1, "2022-01-01")).assign(label=1))) == list(schema.PAIR_COLUMNS)
    known = events((1, 1, "2022-01-01", None, "hired")).assign(recruiter="x")
    assert list(schema.check_events(known)) == list(schema.EVENT_COLUMNS)


def test_empty_frames_pass():
    assert len(schema.check_candidates(candidates())) == 0
    assert len(schema.check_jobs(jobs())) == 0
    assert len(schema.check_events(events())) == 0


def test_checking_changes_nothing():
    frame = candidates({"headline": "Analista"})
    before = frame.copy(deep=True)
    schema.check_candidates(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_education_rises_with_level_and_state():
    climb = [
        "secondary_complete",
        "technical_complete",
        "bachelor_incomplete",
        "bachelor_ongoing",
        "bachelor_complete",
        "postgraduate_complete",
        "master_complete",
        "doctorate_complete",
    ]
    values = schema.ordinals(climb, schema.EDUCATION_ORDINAL)
    assert (np.diff(values) > 0).all()


def test_languages_and_levels_follow_the_agreed_scale():
    levels = ["none", "basic", "technical", "intermediate", "advanced", "fluent"]
    assert schema.ordinals(levels, schema.LANGUAGE_ORDINAL).tolist() == [0, 1, 1, 2, 3, 4]
    assert (
        np.diff(schema.ordinals(["intern", "junior", "mid", "senior", "manager"], schema.SENIORITY_ORDINAL))
        > 0
    ).all()
    assert np.isnan(schema.ordinals(["", "other"], schema.SENIORITY_ORDINAL)).all()
