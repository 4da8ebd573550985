"""Requirements of many people as chips: as ``_requirement.html``, and many times as fast as a template."""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
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
    return _words(stage, get_language())


@cache
def _words(stage: str, _language: str | None) -> str:
    return str(Stage(stage).label)


@register.simple_tag
def requirement_chips(asked: Iterable[Mapping[str, Any]]) -> SafeString:
    """Each requirement with its state as icon and word, and the quote behind it."""
    language = get_language()
    return format_html_join("", "{}", ((_chip(one, language),) for one in asked))


def _chip(one: Mapping[str, Any], language: str | None) -> SafeString:
    if not one["quote"]:
        return _plain(one["state"], one["text"], language)
    sign = _sign(one["state"], language)
    return format_html(QUOTED, state=one["state"], sign=sign, text=one["text"], quote=one["quote"])


@lru_cache(maxsize=2048)
def _plain(state: str, text: str, language: str | None) -> SafeString:
    """The same for everybody on a list of whom nothing is known."""
    return format_html(PLAIN, state=state, sign=_sign(state, language), text=text)


@cache
def _sign(state: str, _language: str | None) -> SafeString:
    """Icon and word of a state, in the language of the page."""
    return render_to_string("_requirement_state.html", {"requirement": {"state": state}})
