"""How deliveries are shown."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime

from candidates.integration.webhooks import problem_in_words

register = template.Library()


@register.filter
def answered(attempt: Mapping[str, Any]) -> str:
    """What came back: "503 – it answered that it did not take it", "no connection"."""
    words = problem_in_words(attempt["problem"]) if attempt["problem"] else ""
    return " – ".join(part for part in (str(attempt["status"] or ""), words) if part)


@register.filter
def moment(stored: str) -> datetime | None:
    return parse_datetime(stored)


@register.filter
def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
