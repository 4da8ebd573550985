from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.requirements import CandidateFacts, assess_all
from scoring import ordering


@dataclass(frozen=True)
class Asked:
    kind: str
    value: str
    must: bool = True


def assessed(must="", nice=""):
    """One letter a requirement: m met, p partly, n not met, ? no data."""
    states = {"m": "met", "p": "partly", "n": "not_met", "?": "no_data"}
    return [{"must": True, "state": states[letter]} for letter in must] + [
        {"must": False, "state": states[letter]} for letter in nice
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (assessed("mm", "nn"), assessed("mn", "mm")),
        (assessed("mn", "mn"), assessed("mn", "nn")),
        (assessed("mn", "mn"), assessed("mp", "nn")),
        (assessed("mp", "nn"), assessed("mn", "nn")),
        (assessed("mp", "nn"), assessed("mn", "pp")),
        (assessed("mn", "pn"), assessed("mn", "nn")),
        (assessed("", "m"), assessed("", "p")),
    ],
)
def test_required_things_come_before_nice_ones_and_met_before_partly(better, worse):
    assert ordering.by_standing([0, 1], {0: worse, 1: better}) == [1, 0]


def test_nothing_known_stands_like_not_met():
    assert ordering.by_standing([0, 1], {0: assessed("n?"), 1: assessed("??")}) == [0, 1]


states = st.text("mpn?", max_size=4)


@given(st.lists(st.tuples(states, states), max_size=8))
def test_equals_stay_as_they_came_and_nobody_is_lost(people):
    rows = list(range(len(people)))
    known = {row: assessed(*people[row]) for row in rows}

    ordered = ordering.by_standing(rows, known)

    assert sorted(ordered) == rows
    places = [(*(-share for share in ordering.standing(known[row])), row) for row in ordered]
    assert places == sorted(places)


def test_without_requirements_everybody_keeps_their_place():
    assert ordering.by_standing([3, 1, 2], {row: [] for row in (1, 2, 3)}) == [3, 1, 2]


def test_a_lot_is_drawn_once_for_each_job_and_favours_nobody():
    ids = np.arange(1000, dtype=np.int64)
    drawn, again, other = (ordering.by_lot(job, ids) for job in (7, 7, 8))

    assert drawn.tolist() == again.tolist()
    assert drawn.tolist() != other.tolist()
    assert sorted(drawn.tolist()) == ids.tolist()
    firsts = np.array([ordering.by_lot(job, ids)[0] for job in range(60)])
    assert 350 < firsts.mean() < 650  # the earliest known are not always drawn first


def test_a_lot_does_not_depend_on_who_else_is_there():
    everybody, some = np.arange(100, dtype=np.int64), np.arange(0, 100, 3, dtype=np.int64)
    whole = everybody[ordering.by_lot(7, everybody)]
    part = some[ordering.by_lot(7, some)]
    assert [pk for pk in whole.tolist() if pk % 3 == 0] == part.tolist()


FEATURES = ["must_skills_found", "nice_skills_found", "candidate_english", "candidate_seniority"]


def features(*rows):
    return pd.DataFrame(rows, columns=FEATURES, dtype="float32")


def closest(X, asked, most=10):
    return ordering.likely_closest(X, asked, among=np.arange(len(X)), most=most)


def test_those_who_seem_to_meet_most_are_found_by_their_features():
    asked = [Asked("skill", "java"), Asked("skill", "sql"), Asked("english", "advanced")]
    unknown = float("nan")
    X = features(
        [1, 0, 3, 4],  # 2 met
        [2, 0, 3, 4],  # 3 met
        [2, 0, unknown, 4],  # 2 met
        [unknown, unknown, unknown, unknown],
        [0, 0, 2, 4],
    )
    assert closest(X, asked) == [1, 0, 2]
    assert closest(X, asked, most=1) == [1]


def test_nice_things_decide_among_equals():
    asked = [Asked("skill", "java"), Asked("skill", "docker", must=False)]
    assert closest(features([1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0]), asked) == [1, 0, 2]


def test_only_those_asked_about_are_found_in_the_order_given():
    X = features(*[[1, 0, 0, 0]] * 4)
    among = np.array([3, 1], dtype=np.int64)
    assert ordering.likely_closest(X, [Asked("skill", "java")], among=among, most=9) == [3, 1]


def test_without_requirements_nobody_seems_to_meet_any():
    assert closest(features([1, 1, 4, 4]), []) == []


@pytest.mark.parametrize("english", ["", "none", "basic", "intermediate", "advanced", "fluent"])
@pytest.mark.parametrize("asked", ["basic", "intermediate", "advanced", "fluent"])
def test_what_seems_met_by_features_is_met_when_read(english, asked):
    from scoring.ml.schema import LANGUAGE_ORDINAL

    requirement = Asked("english", asked)
    (read,) = assess_all([requirement], CandidateFacts(english=english))
    seems = closest(features([0, 0, LANGUAGE_ORDINAL.get(english, float("nan")), 0]), [requirement])
    assert bool(seems) == (read.state == "met")
