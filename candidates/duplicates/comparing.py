"""Two records side by side, and which of them it is better to keep."""

from dataclasses import dataclass
from typing import Any

from candidates.candidate_forms import FIELDS
from candidates.editing import shown
from candidates.merging import is_blank
from candidates.models import Candidate
from candidates.timeline import field_name

LONG_TEXTS = ("cv_text", "cv_text_en", "technical_knowledge", "certifications", "other_certifications")


@dataclass(frozen=True)
class Row:
    """A field of both. ``takes_second``: what is proposed, where the first record stays."""

    name: str
    label: str
    first: str
    second: str
    differs: bool
    takes_second: bool

    @property
    def is_long(self) -> bool:
        return self.name in LONG_TEXTS


def rows(first: Candidate, second: Candidate) -> list[Row]:
    """The fields that either has."""
    return [
        Row(
            name=name,
            label=field_name(name),
            first=shown(first, name),
            second=shown(second, name),
            differs=getattr(first, name) != getattr(second, name),
            takes_second=is_blank(getattr(first, name)),
        )
        for name in FIELDS
        if not (is_blank(getattr(first, name)) and is_blank(getattr(second, name)))
    ]


def in_order(first: Candidate, second: Candidate) -> tuple[Candidate, Candidate]:
    """The one that it is better to keep comes first: a whole record, of more jobs, changed later."""
    one, other = sorted((first, second), key=_worth, reverse=True)
    return one, other


def _worth(candidate: Candidate) -> tuple[Any, ...]:
    changed = candidate.source_updated_at or candidate.updated_at
    return not candidate.is_stub, candidate.prospects.count(), changed, -candidate.pk
