"""Notes on people, and the colleagues they mention."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from candidates import viewing
from candidates.models import Candidate, Note
from candidates.notices import notify
from candidates.services import touch_search
from candidates.viewing import as_user, seen_by

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db import models

MENTIONED = gettext_noop("%(author)s mentioned you in a note.")
_MENTION = re.compile(r"(?<![\w@.])@([\w.+-]*[\w+-])")
KEPT = timedelta(days=30)  # a deleted note, so that it can be brought back


class NotYours(Exception):
    """A note of somebody else was to be changed."""


@dataclass(frozen=True)
class Piece:
    """Of a note's text; with a colleague, a mention."""

    text: str
    is_mention: bool = False


def write(
    candidate: Candidate, *, text: str, kind: str = Note.Kind.NOTE, job_code: str = "", by: "User"
) -> Note:
    with transaction.atomic():
        note = Note.objects.create(candidate=candidate, text=text, kind=kind, job_code=job_code, author=by)
        _mention(note, candidate, text)
        touch_search(candidate.pk)
    return note


def change(note: Note, *, text: str, kind: str, job_code: str, by: "User") -> Note:
    """Raises NotYours. Who is mentioned anew is told; nobody is told twice."""
    _check_own(note, by)
    with transaction.atomic():
        values = {"text": text, "kind": kind, "job_code": job_code, "edited_at": timezone.now()}
        Note.objects.filter(pk=note.pk).update(**values)
        _mention(note, note.candidate, text)
        touch_search(note.candidate_id)
    return note


def delete(note: Note, *, by: "User") -> None:
    """Out of sight at once, and kept a while so that it can be undone. Raises NotYours."""
    _set_deleted(note, by=by, deleted=True)


def restore(note: Note, *, by: "User") -> None:
    _set_deleted(note, by=by, deleted=False)


def _set_deleted(note: Note, *, by: "User", deleted: bool) -> None:
    _check_own(note, by)
    with transaction.atomic():
        Note.everyone.filter(pk=note.pk).update(deleted_at=timezone.now() if deleted else None)
        touch_search(note.candidate_id)


def forget_deleted() -> int:
    with viewing.unrestricted():
        return Note.everyone.filter(deleted_at__lt=timezone.now() - KEPT).delete()[0]


def is_own(note: Note, user: "User") -> bool:
    return note.author_id == user.pk


def _check_own(note: Note, user: "User") -> None:
    if not is_own(note, user):
        raise NotYours


# Mentions


def pieces(text: str, names: Iterable[str]) -> list[Piece]:
    """The text in order, with the mentions of these people apart."""
    known = {name.casefold() for name in names}
    found, end = [], 0
    for match in _MENTION.finditer(text):
        if match[1].casefold() in known:
            found += [Piece(text[end : match.start()]), Piece(match[0], is_mention=True)]
            end = match.end()
    return [piece for piece in (*found, Piece(text[end:])) if piece.text]


def colleagues(candidate: Candidate) -> "models.QuerySet[User]":
    """Who may be mentioned: whoever may see this person."""
    everybody = [name for name, role in viewing.GROUPS.items() if role in viewing.SEES_ALL_ROWS]
    # By the relation's name, for jobs are an upper app's
    managers = Q(groups__name__in=viewing.GROUPS, jobs__prospects__candidate=candidate)
    see = Q(is_superuser=True) | Q(groups__name__in=everybody) | managers
    return get_user_model().objects.filter(see, is_active=True).distinct().order_by("username")


def _mention(note: Note, candidate: Candidate, text: str) -> None:
    """Keeps whom the text names, and tells those who did not know. A name that nobody has stays text."""
    names = {match[1].casefold() for match in _MENTION.finditer(text)}
    known = list(colleagues(candidate).filter(_called(names))) if names else []
    before = set(note.mentions.values_list("pk", flat=True))
    note.mentions.set(known)
    author = note.author.get_full_name() or note.author.get_username()
    for user in known:
        if user.pk not in before and user != note.author:
            url = f"{candidate.get_absolute_url()}#note-{note.pk}"
            _tell(user, author=author, candidate=candidate, url=url)


def _called(names: Iterable[str]) -> Q:
    return Q(username__iregex=f"^({'|'.join(re.escape(name) for name in sorted(names))})$")


def _tell(user: "User", *, author: str, candidate: Candidate, url: str) -> None:
    # The address is made for the reader: whom blind review hides from them stands in it by a token
    with seen_by(as_user(user)):
        person = Candidate.objects.only("code").get(pk=candidate.pk)
        url = f"{person.get_absolute_url()}#{url.partition('#')[2]}"
    notify(user, kind="mention", message=MENTIONED, params={"author": author}, candidate=candidate, url=url)
