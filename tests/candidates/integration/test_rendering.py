import dataclasses
import datetime
import decimal
import enum
import json
import uuid

import pytest
from django.utils.functional import lazystr
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer

from candidates.integration.rendering import QuickJsonRenderer
from candidates.models import Level

PK = uuid.UUID(int=7)


class Number(enum.IntEnum):
    SEVEN = 7


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [1, -1.5, 0.1, True, None, "", "São “Paulo” 🙂 </script> \x00 \x7f"],
        {"lines": "a\u2028b\u2029c", "\u2028": 1},
        {"moment": datetime.datetime(2026, 11, 21, 12, 0, 0, 5, tzinfo=datetime.UTC)},
        {"local": datetime.datetime(2026, 11, 21, 12), "day": datetime.date(2026, 1, 2)},
        {"span": datetime.timedelta(days=1), "money": decimal.Decimal("1.50"), "id": PK},
        {"lazy": lazystr("text"), "label": Level.BASIC.label, "choice": Level.BASIC, "number": Number.SEVEN},
        {"detail": ErrorDetail("wrong", code="x"), "tuple": (1, 2), "set": {1}},
        {1: "a", None: "b"},
        {"huge": 10**30, "largest": 2**64 - 1, "smallest": -(2**63)},
    ],
)
def test_an_answer_is_what_the_framework_writes(data):
    assert QuickJsonRenderer().render(data) == JSONRenderer().render(data)


def test_floats_come_back_the_same():
    numbers = [1e-05, 1e-7, 1e16, 1e22, 5e-324, 1.7976931348623157e308, -0.0, 0.1 + 0.2]
    assert repr(json.loads(QuickJsonRenderer().render(numbers))) == repr(numbers)


def test_an_indent_is_kept():
    asked = "application/json; indent=2"
    assert QuickJsonRenderer().render({"a": [1]}, asked) == JSONRenderer().render({"a": [1]}, asked)


@pytest.mark.parametrize(
    "data", ["\ud800", dataclasses.make_dataclass("Some", ["x"])(1), float, {10**30: float("nan")}]
)
def test_what_the_framework_refuses_is_refused(data):
    for renderer in (JSONRenderer(), QuickJsonRenderer()):
        with pytest.raises((TypeError, ValueError)):
            renderer.render(data)
