"""The rows of a ranked list, and requirements of people as chips: as ``_requirement.html``, but quicker."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from jobs.models import Stage

register = template.Library()

PLAIN = '<li class="chip chip-{state}">{sign}{text}</li>'
QUOTED = (
    '<li><details><summary class="chip chip-{state}">{sign}{text}</summary>'
    '<blockquote class="quote">“{quote}”</blockquote></details></li>'
)


@register.filter
def stage_words(stage: str) -> str:
    """As ``get_stage_display``, which makes all stages anew for each of many rows."""
    return str(Stage(stage).label)


# What all rows share
SHARED = (
    *("panel", "request", "words", "phrases", "labels", "icons", "token", "top_score", "may_comment"),
    *("move_url", "feedback_url", "like_url", "list_path", "person_query"),
)


@register.simple_tag(takes_context=True)
def ranked_rows(context: Context, section: Any) -> SafeString:
    """The people of a ``scoring.panels.ShownSection``: the rows of its table, or its cards."""
    here = context.flatten()
    template = "ranked_cards" if here["panel"].layout.is_cards else "ranked_rows"
    shared = {name: here[name] for name in SHARED}

    def opinion_form(said: Any, candidate: Any) -> SafeString:
        """Of whom somebody has said something; ``said``: a ``scoring.opinions.Opinions``."""
        return render_to_string("scoring/_feedback.html", {**here, "opinion": said, "candidate": candidate})

    drawn = get_template(f"scoring/{template}.html", using="jinja2")
    rows = drawn.render({**shared, "section": section, "opinion_form": opinion_form})
    return mark_safe(rows)  # noqa: S308  the engine has escaped it


@register.simple_tag
def requirement_chips(asked: Iterable[Mapping[str, Any]]) -> SafeString:
    """Each requirement with its state as icon and word, and the quote behind it."""
    return format_html_join("", "{}", ((_chip(one),) for one in asked))


def _chip(one: Mapping[str, Any]) -> SafeString:
    form = QUOTED if one["quote"] else PLAIN
    sign = _sign(one["state"], get_language())
    return format_html(form, state=one["state"], sign=sign, text=one["text"], quote=one["quote"])


@cache
def _sign(state: str, _language: str | None) -> SafeString:
    """Icon and word of a state, in the language of the page."""
    return render_to_string("_requirement_state.html", {"requirement": {"state": state}})
