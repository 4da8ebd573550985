from collections.abc import Mapping
from typing import Any

from django import template

from scoring import reasons

register = template.Library()


@register.filter
def worded(requirement: Mapping[str, Any]) -> dict[str, Any]:
    """A stored requirement with its words, as _requirement.html wants it."""
    return {**requirement, "text": reasons.requirement_text(requirement)}


@register.filter
def reason_words(reason: Mapping[str, Any]) -> str:
    """A stored reason as a sentence."""
    return reasons.describe(reason)


@register.filter
def skill_name(identifier: str) -> str:
    return reasons.skill_label(identifier)
