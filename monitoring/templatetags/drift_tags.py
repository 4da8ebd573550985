from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from candidates.numbers import localized
from monitoring.labels import feature_label as label_of
from monitoring.models import DriftAlert

register = template.Library()

# Across in per cent, so that letters keep their size on a phone; down in pixels: an SVG by itself is 150 high
LEFT, HEIGHT, TOP, BOTTOM = 8.0, 150, 18, 22
HOURS = 24
MONEY = "salario_valor"


@dataclass(frozen=True)
class Column:
    hour: int
    count: int
    x: float
    y: float
    width: float
    height: float
    label_x: float
    has_label: bool


@register.filter
def feature_label(name: str) -> str | Promise:
    return label_of(name)


@register.inclusion_tag("monitoring/_hourly_chart.html")
def hourly_chart(hourly: Sequence[dict[str, Any]], label: str) -> dict[str, Any]:
    """Columns of predictions by hour of the day; an hour that is not in ``hourly`` had none."""
    counts = {int(row["hour"]): int(row["count"]) for row in hourly}
    highest = max(counts.values(), default=0)
    top = round_up(highest)
    return {
        "label": label,
        "columns": [_column(hour, counts.get(hour, 0), top) for hour in range(HOURS)],
        "lines": [
            {"value": value, "y": _y(value, top)} for value in ((0, top) if top < 2 else (0, top // 2, top))
        ],
        "hours_y": HEIGHT - 6,
    }


def round_up(number: int) -> int:
    """The next number with an even half and few digits: the top of an axis."""
    step = 2
    while step * 10 < number:
        step *= 10
    return max(2, -(-number // step) * step)


def _y(value: int, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)


def _column(hour: int, count: int, top: int) -> Column:
    slot = (100 - LEFT) / HOURS
    x, y = LEFT + hour * slot, _y(count, top)
    return Column(
        hour=hour,
        count=count,
        x=round(x + slot / 10, 2),
        y=y,
        width=round(slot * 0.8, 2),
        height=round(HEIGHT - BOTTOM - y, 1),
        label_x=round(x + slot / 2, 2),
        has_label=hour % 3 == 0,
    )


@register.filter
def what_moved(alert: DriftAlert) -> str:
    """One sentence: what is different that day from what the model learned from."""
    if alert.kind == DriftAlert.Kind.MISSING:
        return _("No prediction of the day has a value, though the model learned from one.")
    up = (alert.current or 0) > (alert.baseline or 0)
    if alert.kind == DriftAlert.Kind.RATE:
        return _("Seen far more often than learned.") if up else _("Seen far less often than learned.")
    return _("Far higher than learned.") if up else _("Far lower than learned.")


@register.filter
def amount(alert: DriftAlert, field: str) -> str:
    """``baseline``, ``current``, ``distance`` or ``limit`` of an alert with its unit."""
    value = getattr(alert, field)
    if value is None:
        return "–"
    if field == "limit":
        return _plain(value if alert.kind == DriftAlert.Kind.MEAN else 100 * value)
    if field == "distance":
        return _distance(alert, value)
    if alert.kind == DriftAlert.Kind.MISSING:
        return _("%(share)s missing") % {"share": _percent(value)}
    if alert.kind == DriftAlert.Kind.RATE:
        return _percent(value)
    return f"R$ {localized(value, grouped=True)}" if alert.feature == MONEY else localized(value, 3)


def _distance(alert: DriftAlert, value: float) -> str:
    if alert.kind == DriftAlert.Kind.MEAN:
        return _("%(number)s standard deviations") % {"number": localized(value, 1)}
    return _("%(number)s points") % {"number": _plain(100 * value)}


def _percent(share: float) -> str:
    return f"{localized(100 * share)} %"


def _plain(number: float) -> str:
    return localized(number)
