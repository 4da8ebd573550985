"""What an entry of the access log says, in words."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candidates import viewing
from candidates.models import AccessEvent

register = template.Library()

FIELDS = {
    "blind": gettext_lazy("blind review"),
    "blind_for_all": gettext_lazy("blind review of everybody"),
    "reveal_stage": gettext_lazy("reveal at"),
    "contact_stage": gettext_lazy("contact data for hiring managers from"),
}


@register.filter
def told(event: AccessEvent) -> list[str]:
    """Lines below the reason: how much was taken out, or what was changed from what to what."""
    details = event.details if isinstance(event.details, dict) else {}
    lines = _changes(details) if event.kind == AccessEvent.Kind.POLICY else _taken(details)
    return list(lines)


def _taken(details: dict[str, Any]) -> Iterator[str]:
    if isinstance(rows := details.get("rows"), int):
        yield ngettext("%(number)d row", "%(number)d rows", rows) % {"number": rows}
    if columns := details.get("columns"):
        yield _("columns: %(names)s") % {"names": ", ".join(map(str, columns))}
    if filters := details.get("filters"):  # what was typed may be a name: only that it was typed is told
        yield _("filtered by: %(names)s") % {"names": ", ".join(map(str, filters))}
    if details.get("without_names"):
        yield _("without names")


def _changes(details: dict[str, Any]) -> Iterator[str]:
    if "added" in details:
        yield _("added to the team: %(user)s") % {"user": details["added"]}
    if "removed" in details:
        yield _("removed from the team: %(user)s") % {"user": details["removed"]}
    for field, name in FIELDS.items():
        if field in details:
            before, after = map(_value, details[field])
            yield _("%(field)s: from %(before)s to %(after)s") % {
                "field": name,
                "before": before,
                "after": after,
            }


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return dict(viewing.stages).get(value, value or _("as the company says"))
