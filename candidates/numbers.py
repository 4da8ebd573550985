"""Numbers in the reader's notation."""

from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language


def localized(value: float, decimals: int = 0, *, grouped: bool = False) -> str:
    """Rounded to so many decimals: Django's ``number_format`` alone cuts digits off, 55.7 would be “55”."""
    nearest = round(value, decimals) + 0.0  # nothing is no negative number
    return _written(get_language(), nearest, decimals, grouped)


@lru_cache(maxsize=4096)
def _written(_language: str | None, value: float, decimals: int, grouped: bool) -> str:
    """A page of a model writes hundreds of numbers, and most of them many times."""
    return str(number_format(value, decimals, force_grouping=grouped))
