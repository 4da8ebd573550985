"""Opinions in words."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from candidates.numbers import localized
from scoring.models import Feedback
from scoring.reason_table import GROUPS

register = template.Library()


@register.filter
def reasons_in_words(one: Feedback) -> str:
    """“skills, salary wish: would need a year”."""
    named = ", ".join(str(Feedback.Reason(reason).label) for reason in one.reasons)
    if named and one.note:
        return _("%(reasons)s: %(note)s") % {"reasons": named, "note": one.note}
    return named or one.note


@register.filter
def reason_choices(_one: Feedback) -> list[tuple[str, str]]:
    return [(reason.value, str(reason.label)) for reason in Feedback.Reason]


@register.filter
def who_says(one: Feedback) -> str:
    """“Ana: not fit (skills)”."""
    known = {
        "who": one.by.get_short_name() or one.by.get_username(),
        "verdict": Feedback.Verdict(one.verdict).label,
        "reasons": ", ".join(str(Feedback.Reason(reason).label) for reason in one.reasons),
    }
    text = _("%(who)s: %(verdict)s (%(reasons)s)") if one.reasons else _("%(who)s: %(verdict)s")
    return text % known


@register.filter
def weights_in_words(weights: Mapping[str, float]) -> str:
    """“English × 2, Salary wish × 0”."""
    if not weights:
        return _("every reason as the model says")
    named = ((str(GROUPS.get(name, _("Other facts"))), factor) for name, factor in weights.items())
    return ", ".join(f"{label} × {localized(factor, 2)}" for label, factor in named)
