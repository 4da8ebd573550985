import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring.cards import CAUTIONS
from scoring.ml import cautions
from scoring.ml.boosting import Fit
from scoring.ml.calibrate import Calibrator
from scoring.ml.combining import Plan
from scoring.ml.learning import HeldOut, Learned
from scoring.ml.model import Head
from scoring.ml.thresholds import Threshold
from scoring.ml.train import AcceptResult, WindowSummary
from tests.scoring.ml.synthetic import PENEIRA, WITHOUT_ACCEPT

NAMES = ("train", "calibration", "validation", "test")
DAY = date(2024, 1, 1)
CUT = Threshold(
    threshold=0.4,
    attainable=True,
    min_precision=0.8,
    min_support=5,
    precision=0.314,
    precision_low=0.2,
    recall=0.5,
    support=23,
    true_positives=7,
    positives=14,
    lowest_precision_above=None,
)


def learned(parts=PENEIRA.parts, *, slope=1.0):
    head = Head((), 0.0, Calibrator("sigmoid", np.array([slope]), np.array([0.0])))
    return Learned(Plan(tuple(Fit(part, (), 1, 1) for part in parts)), head, head)


def held_out(y=(0, 0, 1, 1), raw=(0.1, 0.2, 0.3, 0.4)):
    scores = np.array(raw)
    return HeldOut(np.arange(len(raw)), scores, scores, scores, np.array(y, dtype=float))


def windows(*hires):
    return tuple(WindowSummary(name, DAY, DAY, 900, n, 90) for name, n in zip(NAMES, hires, strict=True))


def said(recipe=WITHOUT_ACCEPT, **changes):
    state = {
        "found": learned(),
        "validation": held_out(),
        "threshold": CUT,
        "windows": windows(50, 50, 50, 50),
        "accept": None,
    } | changes
    return cautions.of(recipe, state.pop("found"), **state)


def everything():
    """All that can be said at once."""
    return said(
        PENEIRA,
        found=learned((PENEIRA.parts[0], PENEIRA.parts[2]), slope=0.0),
        validation=held_out(raw=(0.4, 0.1, 0.2, 0.3)),
        threshold=replace(CUT, attainable=False),
        windows=windows(12, 49, 3, 4),
    )


def test_a_good_model_is_not_warned_of():
    assert said() == ()


@pytest.mark.parametrize("at", range(4))
def test_few_hires_in_a_window_are_told_with_their_number(at):
    few = windows(*(49 if number == at else 50 for number in range(4)))

    (message,) = said(windows=few)

    assert message.id == cautions.FEW_HIRES_IN[NAMES[at]]
    assert "only 49 hires" in message.text()


def test_a_cut_that_is_not_reached_is_told_in_percent():
    (message,) = said(threshold=replace(CUT, attainable=False))

    assert message.text() == (
        "No cut reaches a precision of 80 % on the validation window; the nearest has 31 % over "
        "23 applications."
    )


def test_a_cut_without_any_row_behind_it_reached_nothing():
    (message,) = said(threshold=replace(CUT, attainable=False, precision=None, support=0))

    assert message.params == {"wanted": 80, "reached": 0, "support": 0}


def test_one_probability_for_all_is_told():
    (message,) = said(found=learned(slope=0.0))

    assert message.id == cautions.ONE_PROBABILITY


@pytest.mark.parametrize(("raw", "warned"), [((0.4, 0.1, 0.2, 0.3), True), ((0.3, 0.1, 0.2, 0.4), False)])
def test_a_model_that_hardly_beats_chance_is_told_with_its_figure(raw, warned):
    found = [message.text() for message in said(validation=held_out(raw=raw))]

    assert found == ["On the validation window the model hardly beats chance (ROC-AUC 0.50)."] * warned


def test_a_validation_window_of_one_class_says_nothing_of_chance():
    assert said(validation=held_out(y=(0, 0, 0, 0))) == ()


def test_a_part_that_was_left_out_is_told_where_the_recipe_has_it():
    without = learned((PENEIRA.parts[0], PENEIRA.parts[2]))

    (message,) = said(found=without)

    assert message.id == cautions.NO_CHOICE
    assert said(replace(WITHOUT_ACCEPT, parts=(PENEIRA.parts[0], PENEIRA.parts[2])), found=without) == ()


def test_a_second_head_that_could_not_be_learned_is_told_where_the_recipe_has_one():
    (message,) = said(PENEIRA)

    assert message.id == cautions.NO_ACCEPT
    there = AcceptResult(learned().head, None, ())
    assert said(PENEIRA, accept=there) == ()


def test_every_caution_is_said_in_the_order_of_the_list_and_each_can_be_formatted():
    found = everything()

    assert {message.id for message in found} == set(cautions.EVERY)
    for message in found:
        gaps = set(re.findall(r"%\((\w+)\)s", message.id))
        assert gaps == set(message.params)
        assert "%(" not in message.text()
        assert json.loads(json.dumps(message.to_json())) == message.to_json()


def test_every_caution_is_marked_for_translation():
    assert CAUTIONS == cautions.EVERY
