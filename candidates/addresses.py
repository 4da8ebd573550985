"""Addresses that a page writes dozens of times: of people, jobs and predictions."""

from functools import cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.http import RFC3986_SUBDELIMS

SAFE = RFC3986_SUBDELIMS + "/~:@"  # as ``reverse`` leaves them
SAMPLE = "00000000-0000-0000-0000-000000000000"  # fits a code and a UUID


def address_of(name: str, key: str, value: str) -> str:
    """As ``reverse(name, kwargs={key: value})`` of an address whose only argument is a code or a UUID, but
    without refusing a value that the address does not take.

    ``reverse`` looks through all patterns of the name each time, and a list names a hundred.
    """
    before, after = _around(name, key, get_script_prefix())
    return f"{before}{quote(value, safe=SAFE)}{after}"


@cache
def _around(name: str, key: str, _prefix: str) -> tuple[str, str]:
    before, _sample, after = reverse(name, kwargs={key: SAMPLE}).rpartition(SAMPLE)
    return before, after
