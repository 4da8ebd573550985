"""News for one person, shown in the page's corner and on the home page until it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext

from candidates.models import Candidate, Notification
from candidates.viewing import unrestricted

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KEPT = timedelta(days=90)
SHOWN = 50


@dataclass(frozen=True)
class Notice:
    """A notification in the reader's language; ``about`` as far as the reader may know who that is."""

    stored: Notification
    text: str
    about: Candidate | None

    @property
    def is_new(self) -> bool:
        return self.stored.read_at is None


def notify(
    user: "User",
    *,
    kind: str,
    message: str,
    params: Mapping[str, Any] | None = None,
    candidate: Candidate | None = None,
    url: str = "",
) -> Notification:
    """Tell ``user`` something. ``message`` is an English msgid with %(name)s, marked by gettext_noop.

    No parameter may be a person's name: whom it is about is ``candidate``, looked up when the notice is read.
    The same unread notice (kind, message, candidate, address) is renewed, not doubled.
    """
    same = Notification.objects.filter(user=user, kind=kind, message=message, url=url, read_at=None)
    same.filter(candidate=candidate).delete()
    return Notification.objects.create(
        user=user, kind=kind, message=message, params=dict(params or {}), candidate=candidate, url=url
    )


def notices(user: "User", *, limit: int = SHOWN) -> list[Notice]:
    """The newest first. Of a candidate whom the reader may not see, nothing is told."""
    stored = list(Notification.objects.filter(user=user)[:limit])
    # Through the manager, which leaves out and veils what this reader may not know
    about = Candidate.objects.for_mention().in_bulk({one.candidate_id for one in stored if one.candidate_id})
    return [
        Notice(one, _text(one), about.get(one.candidate_id or 0))
        for one in stored
        if one.candidate_id is None or one.candidate_id in about
    ]


def unread(user: "User") -> int:
    return Notification.objects.filter(user=user, read_at=None).count()


def mark_read(user: "User", pks: Sequence[int] | None = None) -> int:
    """All of a person's notices, or those with the given keys; how many were new."""
    new = Notification.objects.filter(user=user, read_at=None)
    return (new if pks is None else new.filter(pk__in=pks)).update(read_at=timezone.now())


def forget_old() -> int:
    """Read or not, after three months a notice is no news."""
    with unrestricted():
        return Notification.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _text(one: Notification) -> str:
    sentence = gettext(one.message)
    try:
        return str(sentence % one.params)
    except (KeyError, TypeError, ValueError):  # stored by an older version with other names
        return sentence
