"""What happened with a person, in one order of time, from the tables of every app.

Upper apps add theirs through ``sources`` when they start (AppConfig.ready). A source reads rows through their
managers, so that nobody reads what they may not see.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate, CandidateEdit, Document, Merge, Note, Tagging
from candidates.veiling import shown_with

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db import models

LIMIT = 200  # of one kind; nobody reads further back on a page


@dataclass(frozen=True)
class Event:
    """One line. ``at`` is a day where the source knows no time; ``text`` is a whole sentence."""

    at: datetime.datetime
    kind: str  # created, imported, application, stage, note, document, tag, prediction, merge, edited
    icon: str
    text: "str | Promise"
    detail: "str | Promise" = ""
    by: str = ""
    url: str = ""
    link: "str | Promise" = ""  # what the address leads to
    is_day: bool = field(default=False)


Source = Callable[[Candidate], Iterable[Event]]
sources: list[Source] = []


def events(candidate: Candidate) -> list[Event]:
    """The newest first."""
    own = (_record, _edits, _merges, _notes, _documents, _tags)
    found = [event for source in (*own, *sources) for event in source(candidate)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def at_noon(day: datetime.date) -> datetime.datetime:
    """A day without a time stands in the middle of the day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def named(user: "User | None") -> str:
    return (user.get_short_name() or user.get_username()) if user else ""


ORIGINS = {
    "import": _("Came in with an import"),
    "form": _("Added by form"),
    "upload": _("Added from an uploaded CV"),
    "api": _("Added by another system"),
}


def _record(candidate: Candidate) -> Iterator[Event]:
    if candidate.source_created_at:
        yield Event(candidate.source_created_at, "created", "person", _("Registered at the source"))
    if candidate.source_updated_at and candidate.source_updated_at != candidate.source_created_at:
        yield Event(candidate.source_updated_at, "edited", "refresh", _("Changed at the source"))
    origin = ORIGINS.get(candidate.origin, ORIGINS["import"])
    yield Event(candidate.created_at, "imported", "plus", origin)


def _edits(candidate: Candidate) -> Iterator[Event]:
    for edit in CandidateEdit.objects.filter(candidate=candidate).select_related("by")[:LIMIT]:
        yield Event(edit.at, "edited", "person", _("Edited here"), field_names(edit.fields), named(edit.by))


def field_names(fields: Iterable[str]) -> str:
    return ", ".join(map(field_name, fields))


def field_name(name: str) -> str:
    return str(cast("models.Field[Any, Any]", Candidate._meta.get_field(name)).verbose_name)


def _merges(candidate: Candidate) -> Iterator[Event]:
    for merge in (
        Merge.objects.filter(kept=candidate).select_related("by", "undone_by").defer("moved")[:LIMIT]
    ):
        by = named(merge.by)
        yield Event(merge.created_at, "merge", "people", _("Merged with another record"), by=by)
        if merge.undone_at:
            by = named(merge.undone_by)
            yield Event(merge.undone_at, "merge", "people", _("A merge was undone"), by=by)


def _notes(candidate: Candidate) -> Iterator[Event]:
    notes = Note.objects.filter(candidate=candidate).select_related("author")
    for note in notes[:LIMIT]:
        by, url = named(note.author), f"#note-{note.pk}"
        yield Event(note.created_at, "note", "file", note.get_kind_display().capitalize(), note.text, by, url)


def _documents(candidate: Candidate) -> Iterator[Event]:
    documents = Document.objects.filter(candidate=candidate, discarded_at=None)
    for document in documents.select_related("uploaded_by").defer("text", "proposed")[:LIMIT]:
        by = named(document.uploaded_by)
        yield Event(document.created_at, "document", "upload", _("Document uploaded"), document.name, by)


def _tags(candidate: Candidate) -> Iterator[Event]:
    tagged = Tagging.objects.filter(candidate=candidate).select_related("tag", "by")
    for one in tagged.order_by("-created_at")[:LIMIT]:
        yield Event(
            one.created_at, "tag", "mark", _("Tagged"), shown_with(candidate.pk, one.tag.name), named(one.by)
        )
