"""Jinja2 for the parts of pages that are drawn many times: rows of lists and the fields of forms.

Django's own templates draw the rest. A row of a list takes a fifth of the time here (``docs/decisions.md``).
"""

from typing import Any

from django.template.defaultfilters import capfirst, date, truncatechars, urlencode
from jinja2 import Environment

from scoring.templatetags.figures import attribute, chance
from scoring.templatetags.ranked_list import requirement_chips, stage_words


def environment(**options: Any) -> Environment:
    """With the filters of our templates; escapes what is not marked as safe."""
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701  Django sets autoescape
    filters = (attribute, capfirst, chance, date, stage_words, truncatechars, urlencode)
    made.filters |= {one.__name__: one for one in filters}
    made.globals["requirement_chips"] = requirement_chips
    return made
