"""Numbers in the reader's notation."""

from django.utils.formats import number_format


def localized(value: float, decimals: int = 0, *, grouped: bool = False) -> str:
    """Rounded to so many decimals: Django's ``number_format`` alone cuts digits off, 55.7 would be “55”."""
    return str(number_format(round(value, decimals), decimals, force_grouping=grouped))
