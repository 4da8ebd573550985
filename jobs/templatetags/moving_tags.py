"""Where people can be moved and the reasons asked for, for any page that moves them."""

from typing import Any

from django import template

from jobs.models import RejectionReason, Stage, WithdrawalReason

register = template.Library()


@register.simple_tag
def stage_choices() -> list[tuple[str, Any]]:
    return Stage.choices


@register.inclusion_tag("jobs/_reason_dialog.html")
def reason_dialog() -> dict[str, Any]:
    """Asked by static/js/moving.js before somebody is rejected or withdraws."""
    return {"rejection": RejectionReason.choices, "withdrawal": WithdrawalReason.choices}
