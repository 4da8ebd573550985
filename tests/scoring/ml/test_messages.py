import json

import pytest

from scoring.ml.messages import Message


def test_the_gaps_of_a_sentence_are_filled():
    message = Message("%(share)s %% of %(rows)s rows.", {"share": 80, "rows": 5})

    assert message.text() == "80 % of 5 rows."


def test_a_sentence_without_gaps_stands_for_itself():
    assert Message("Nothing to say.").text() == "Nothing to say."
    assert Message("Half is 50 %%.").text() == "Half is 50 %."


def test_a_gap_that_nobody_fills_is_an_error():
    with pytest.raises(KeyError, match="rows"):
        Message("%(rows)s rows.").text()


def test_it_comes_back_from_json():
    message = Message("%(rows)s rows.", {"rows": 5})

    assert Message(**json.loads(json.dumps(message.to_json()))) == message
