"""Tags: short words that a team puts on people."""

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from candidates.models import Candidate, Tag, Tagging
from candidates.services import touch_search

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST = 40
OFFERED = 100


class BadTag(ValueError):
    """The text is for people."""


def add(candidate: Candidate, name: str, *, by: "User") -> Tag:
    """A tag that is there in other capitals, or with other accents, is that tag."""
    name = " ".join(name.split()).lstrip("#")
    if not name:
        raise BadTag(_("Write the tag's name first."))
    if len(name) > LONGEST or not name.isprintable():
        raise BadTag(_("A tag is one to %(number)d characters on one line.") % {"number": LONGEST})
    with transaction.atomic():
        tag = _named(name) or _made(name)
        put_back(candidate, tag, by=by)
    return tag


def _named(name: str) -> Tag | None:
    return Tag.objects.filter(name__unaccent__iexact=name).first()


def _made(name: str) -> Tag:
    """Of two who make the same tag at once, the second waits and finds that of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('peneira: a new tag'))")
    return _named(name) or Tag.objects.create(name=name)


def put_back(candidate: Candidate, tag: Tag, *, by: "User") -> None:
    with transaction.atomic():
        Tagging.objects.get_or_create(candidate=candidate, tag=tag, defaults={"by": by})
        touch_search(candidate.pk)


def remove(candidate: Candidate, tag: Tag) -> None:
    with transaction.atomic():
        Tagging.objects.filter(candidate=candidate, tag=tag).delete()
        touch_search(candidate.pk)


def suggestions(candidate: Candidate) -> list[str]:
    """What is on others and not on this one, the most used first."""
    others = Tag.objects.exclude(taggings__candidate=candidate).annotate(used=Count("taggings"))
    return list(others.order_by("-used", "name").values_list("name", flat=True)[:OFFERED])
