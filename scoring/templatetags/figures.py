"""Numbers as people read them, and as attributes want them."""

from typing import Any

from django import template

from candidates.numbers import localized

register = template.Library()

NOTHING = "–"


@register.filter
def percent(share: float | str | None, decimals: int = 0) -> str:
    """0.314 → “31 %” (“31,4 %” in Portuguese with one decimal); None → “–”."""
    if share is None or isinstance(share, str):  # empty text: what a template does not find
        return NOTHING
    return f"{localized(100 * share, decimals)} %"


@register.filter
def chance(share: float | None) -> str:
    """A probability: whole percents, one decimal under ten, and never a rounded 0 or 100."""
    if share is None:
        return NOTHING
    if share < 0.001:
        return f"< {localized(0.1, 1)} %"
    if share > 0.99:
        return "> 99 %"
    return percent(share, 1 if share < 0.0995 else 0)


@register.filter
def figure(value: float | str | None, decimals: int = 3) -> str:
    return NOTHING if value is None or isinstance(value, str) else localized(value, decimals)


@register.filter
def signed(difference: float | None, decimals: int = 3) -> str:
    """A difference with its sign, “+0.012” or “−0.012”."""
    if difference is None:
        return NOTHING
    sign = "−" if round(difference, decimals) < 0 else "+" if round(difference, decimals) > 0 else "±"
    return f"{sign}{localized(abs(difference), decimals)}"


@register.filter
def interval(found: Any, decimals: int = 2) -> str:
    """The ends of a ``scoring.figures.reading.Figure``: “0.58 – 0.68”; nothing without both."""
    if not getattr(found, "has_interval", False):
        return ""
    return f"{localized(found.low, decimals)} – {localized(found.high, decimals)}"


@register.filter
def attribute(value: float | None, scale: float = 1) -> str:
    """A number for an HTML or SVG attribute: always with a point, whatever the language."""
    return f"{(value or 0) * scale:.4f}".rstrip("0").rstrip(".") or "0"
