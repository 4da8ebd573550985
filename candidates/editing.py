"""Two people edit one person: the second is told what the first changed, and nothing is lost unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from candidates.candidate_forms import FIELDS
from candidates.models import Candidate, CandidateEdit
from candidates.quoting import UNSHOWABLE
from candidates.timeline import field_names, named

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Conflict:
    """``told`` says who changed what; ``theirs`` is what now stands where the writer wrote something else."""

    told: list[str]
    theirs: dict[str, str]


def stamp(candidate: Candidate) -> str:
    """What a form remembers of the moment it was filled."""
    return candidate.updated_at.isoformat()


def conflict(candidate: Candidate, *, seen: str, written: Mapping[str, Any], by: "User") -> Conflict | None:
    """What happened to ``candidate`` since ``seen``, when it differs from what is written now."""
    since = _moment(seen)
    if since is not None and candidate.updated_at <= since:
        return None
    theirs = {
        name: shown(candidate, name)
        for name in FIELDS
        if name in written and getattr(candidate, name) != written[name]
    }
    return Conflict(_told(candidate, since, by), theirs) if theirs else None


def shown(candidate: Candidate, name: str) -> str:
    """A field as a person reads it."""
    display = getattr(candidate, f"get_{name}_display", None)
    value = display() if display else getattr(candidate, name)
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value).translate(UNSHOWABLE)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


def _told(candidate: Candidate, since: datetime | None, by: "User") -> list[str]:
    edits = CandidateEdit.objects.filter(candidate=candidate).select_related("by")
    newer = list(edits.filter(at__gt=since) if since else edits[:1])
    told = [
        (
            _("You changed, in another window: %(fields)s.")
            if edit.by_id == by.pk
            else _("%(who)s changed: %(fields)s.")
        )
        % {"who": named(edit.by), "fields": field_names(edit.fields)}
        for edit in newer
    ]
    return told or [_("An import or a merge changed this person.")]
