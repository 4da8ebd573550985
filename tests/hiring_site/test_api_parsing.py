import io
import json
from types import SimpleNamespace

import pytest
from rest_framework.exceptions import ParseError

from hiring_site.api_parsing import JsonParser, TooLarge


def parsed(body, *, takes_repeats):
    context = {"view": SimpleNamespace(takes_repeats=takes_repeats)}
    return JsonParser().parse(io.BytesIO(body), parser_context=context)


def outcome(body, *, takes_repeats):
    try:
        return repr(parsed(body, takes_repeats=takes_repeats))
    except ParseError as error:
        return str(error.detail)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": [1, -0, -0.0, 1.5e3, 0.1e-400, true, null, "S\xc3\xa3o \\ud83d\\ude42"]}',
        b"NaN",
        b"[-Infinity, 1e400]",
        b"[9223372036854775808, 18446744073709551615, 18446744073709551616, -9223372036854775809]",
        b"1" * 30,
        b"[0.1234567890123456789012]",
        b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'"\\ud800"',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        b"{} x",
        b'{"a": 1,\n}',
        b'"a\tb"',
        b"",
    ],
)
def test_a_body_is_read_alike_whether_fields_may_be_there_twice_or_not(body):
    assert outcome(body, takes_repeats=True) == outcome(body, takes_repeats=False)


def test_of_two_fields_the_last_counts_where_both_are_taken():
    body = b'{"a": 1, "b": {"c": 2, "c": 3}, "a": 4}'
    assert parsed(body, takes_repeats=True) == {"a": 4, "b": {"c": 3}}
    with pytest.raises(ParseError):
        parsed(body, takes_repeats=False)


@pytest.mark.parametrize("takes_repeats", [True, False])
def test_what_is_too_large_is_not_read(settings, takes_repeats):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert parsed(b'"12345678"', takes_repeats=takes_repeats) == "12345678"
    with pytest.raises(TooLarge):
        parsed(b'"123456789"', takes_repeats=takes_repeats)


def test_every_digit_makes_a_long_number():
    for digit in "123456789":
        number = int(digit * 19 + "0")
        assert parsed(json.dumps(number * 10).encode(), takes_repeats=True) == number * 10
