"""How deliveries are shown."""

import json
from datetime import datetime
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime

from candidates.integration.webhooks import in_words

register = template.Library()


register.filter("answered", in_words)


@register.filter
def moment(stored: str) -> datetime | None:
    return parse_datetime(stored)


@register.filter
def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
