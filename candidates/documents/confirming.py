"""Somebody looked at what was read from a file and said whose it is and what holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from candidates.creating import change_candidate, create_candidate
from candidates.documents import joining
from candidates.documents.storing import earlier
from candidates.duplicates import find_for
from candidates.duplicates.traits import traits
from candidates.models import Candidate, Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Document.State
MOST_SHARING = 5  # of each sign: a common name is no help


class AlreadyConfirmed(Exception):
    """Somebody else was quicker."""


class Update(models.TextChoices):
    """What becomes of the record of somebody who is here already."""

    MISSING = "missing", _("fill in what the record lacks")
    ALL = "all", _("overwrite the record with what stands here")
    NOTHING = "nothing", _("leave the record as it is")


@dataclass(frozen=True)
class Like:
    """Somebody whose file this may be; ``signs`` are of email, phone, name, cv, file."""

    candidate: Candidate
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Confirmed:
    candidate: Candidate
    is_new: bool
    joined: bool  # whether the person is a prospect of the job the file was uploaded for


def people_like(document: Document, fields: Mapping[str, Any]) -> list[Like]:
    """Whose file this may be, the likeliest first; nobody hidden, for a likeness would tell who it is.

    Also those who share one sign alone: too little to call two records one person, enough to have a look.
    """
    found = [Like(owner, ("file",)) for owner in owners_of_same_file(document)]
    found += [Like(one.candidate, tuple(one.signs)) for one in find_for(fields)]
    found += list(_sharing(fields))
    likes: dict[int, Like] = {}
    for like in found:
        known = likes.get(like.candidate.pk, like)
        signs = tuple(dict.fromkeys((*known.signs, *like.signs)))
        likes[like.candidate.pk] = Like(known.candidate, signs)
    return list(likes.values())


def _sharing(fields: Mapping[str, Any]) -> Iterator[Like]:
    """Those with the same e-mail address, phone number or whole name."""
    for sign in ("email", "phone", "name"):
        keys = traits({sign: fields.get(sign, "")}).keys
        # A name has two keys, one of its ends: only who has both is called the same
        found = (
            Candidate.objects.filter(fingerprint__keys__contains=keys) if keys else Candidate.objects.none()
        )
        for candidate in found.for_mention()[:MOST_SHARING]:
            if not candidate.hides_identity:
                yield Like(candidate, (sign,))


def owners_of_same_file(document: Document) -> list[Candidate]:
    ids = earlier(document).exclude(candidate=None).order_by().values("candidate")
    found = Candidate.objects.filter(pk__in=ids).for_mention()
    return [candidate for candidate in found if not candidate.hides_identity]


def confirm(
    document: Document,
    fields: Mapping[str, Any],
    *,
    by: "User",
    person: Candidate | None = None,
    update: Update = Update.MISSING,
    replace_text: bool = False,
) -> Confirmed:
    """The file becomes ``person``'s, or that of somebody new. Raises ``AlreadyConfirmed``."""
    with transaction.atomic():
        locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if not is_to_confirm(locked):
            raise AlreadyConfirmed
        if person is None:
            made = {**fields, "cv_text": locked.text}
            candidate = create_candidate(made, by=by, origin="upload")
        else:
            candidate = person
            changes = _changes(person, fields, update)
            lacks_text = not person.cv_text and update != Update.NOTHING
            if replace_text or lacks_text:
                changes["cv_text"] = locked.text
            change_candidate(person, changes, by=by)
        # What was proposed is answered; who wants to look again has the text
        Document.objects.filter(pk=locked.pk).update(candidate=candidate, proposed={})
        joined = joining.add(locked.job_code, candidate, by=by)
    return Confirmed(candidate, is_new=person is None, joined=joined)


def is_to_confirm(document: Document) -> bool:
    waiting = document.candidate_id is None or bool(document.proposed)
    return waiting and document.state == State.PARSED and document.discarded_at is None


def _changes(person: Candidate, fields: Mapping[str, Any], update: Update) -> dict[str, Any]:
    if update == Update.NOTHING:
        return {}
    given = {name: value for name, value in fields.items() if value}
    if update == Update.ALL:
        return given
    return {name: value for name, value in given.items() if not getattr(person, name)}


def to_confirm(**filters: Any) -> "models.QuerySet[Document]":
    """Files that were read and that nobody has said the person of; the oldest first."""
    found = Document.objects.filter(state=State.PARSED, candidate=None, discarded_at=None, **filters)
    return found.order_by("pk")
