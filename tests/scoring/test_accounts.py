"""The account of a score: for every recipe, exactly what the model that gave the score says of it."""

import datetime
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.explaining import accounts
from scoring.ml import artifact
from scoring.ml.dataset import Dataset
from scoring.ml.features import FEATURE_GROUPS, FEATURES
from scoring.ml.names import TOPIC_FEATURES
from scoring.ml.recipes import RECIPES, recipe_named
from scoring.ml.train import TrainConfig, train
from scoring.reason_table import ABOUT_THE_JOB, account

ROWS = 900
NAMES = (*FEATURES, *TOPIC_FEATURES)
WHEN = datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)


@cache
def data():
    """Random numbers with holes; who has more of the required skills is hired, and accepts, more often."""
    chance = np.random.default_rng(3)
    values = chance.integers(0, 4, (ROWS, len(NAMES))).astype("float32")
    values[chance.random(values.shape) < 0.1] = np.nan
    X = pd.DataFrame(values, columns=list(NAMES))
    skilled = np.nan_to_num(X["must_skills_share"].to_numpy())
    likely = skilled + np.nan_to_num(X["client_hire_rate"].to_numpy())
    accepts = (chance.random(ROWS) < 0.2 + 0.2 * skilled).astype(float)
    job = np.arange(ROWS) // 6
    rows = pd.DataFrame(
        {
            "candidate_id": np.arange(ROWS),
            "job_id": job,
            "as_of": (np.datetime64("2024-01-01") + job).astype("datetime64[s]"),
            "y": (chance.random(ROWS) < 0.05 + 0.1 * likely).astype(float),
            "accept": np.where(chance.random(ROWS) < 0.4, accepts, np.nan),
            "known": True,
            "area": "",
            "seniority": "",
            "client": "",
        }
    )
    return Dataset(X, rows)


@cache
def model(recipe):
    """Trained, written and read again, as one that serves."""
    config = TrainConfig(bootstrap_resamples=5, max_rounds=12)
    result = train(data(), recipe=recipe_named(recipe), config=config)
    files = artifact.pack(result, data(), created_at=WHEN, policy="all")
    return artifact.unpack(files, name="v1")


def told(model, rows, job=None):
    margins = model.predict_raw(rows, job=job)
    return accounts(model, model.contributions(rows, job=job), margins=margins), margins


def columns(model, X):
    return X.to_numpy()[:, model.columns_in(list(NAMES))]


values = st.none() | st.floats(-50, 5000, width=32)


@pytest.mark.parametrize("recipe", sorted(RECIPES))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(chosen=st.data())
def test_base_and_groups_add_up_to_the_margin_of_any_row(recipe, chosen):
    made = model(recipe)
    row = columns(made, data().X)[chosen.draw(st.integers(0, ROWS - 1))].copy()
    for at in chosen.draw(st.lists(st.integers(0, len(row) - 1), max_size=8)):
        given_ = chosen.draw(values)
        row[at] = np.nan if given_ is None else given_

    ((found,), (margin,)) = told(made, row[np.newaxis])

    assert found["margin"] == margin
    assert abs(found["base"] + sum(found["groups"].values()) - margin) < 1e-6
    assert made.calibrator.apply([found["margin"]])[0] == made.predict(row[np.newaxis])[0]


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_it_adds_up_for_many_rows_of_one_job_too(recipe):
    made = model(recipe)
    rows = columns(made, data().X)

    found, margins = told(made, rows, job=rows[:1])

    sums = np.array([one["base"] + sum(one["groups"].values()) for one in found])
    assert np.abs(sums - margins).max() < 1e-6
    assert len({round(margin, 9) for margin in margins.tolist()}) > 5
    assert {name for one in found for name in one["groups"]} <= set(FEATURE_GROUPS)


def test_the_main_recipe_has_several_parts_and_a_second_head():
    made = model("peneira")
    assert len(made.head.parts) > 1
    assert made.accept is not None


def test_what_the_part_about_the_job_says_is_the_same_for_everybody():
    made = model("peneira")
    rows = columns(made, data().X)[:50]
    (job_part,) = (part for part in made.head.parts if part.about_job)
    alone = type(made.head)((job_part,), 0.0, made.calibrator)
    at = [made.feature_names.index(name) for name in alone.feature_names]

    contributions = alone.contributions(rows[:, at], job=rows[:1, at])

    assert np.ptp(contributions, axis=0).max() == 0


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_the_table_adds_up_as_shown(recipe):
    made = model(recipe)
    found, _margins = told(made, columns(made, data().X)[:200])
    for one in found:
        shown = account({"for": [], "against": []} | one)
        parts = [shown.base, *(line.value for line in shown.lines)]
        assert round(sum(parts), 2) == shown.margin


def test_groups_about_the_job_are_in_the_account():
    found, _margins = told(model("peneira"), columns(model("peneira"), data().X)[:20])
    assert all(ABOUT_THE_JOB & one["groups"].keys() for one in found)
