from collections.abc import Sequence
from urllib.parse import urlsplit

from django import template

from candidates import skills

register = template.Library()


@register.filter
def skill_label(identifier: str) -> str:
    return skills.skill(identifier).label


@register.filter
def beyond(values: Sequence[object] | None, number: int) -> int:
    """How many values there are after the first ``number``."""
    return max(0, len(values or ()) - number)


@register.filter
def web_address(text: str) -> str:
    """A link that may be followed, or "": what people wrote may be no address, or a script."""
    address = text.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    looks_right = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    return address if looks_right and not any(sign.isspace() for sign in address) else ""
