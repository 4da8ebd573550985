"""Searches kept under a name: one's own and those that others share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from candidates.models import SavedSearch, WatchedMatch
from candidates.requests import signed_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from candidates.search.results import Results

NEW_FOR = timedelta(hours=12)  # after the search was opened, its new matches are still marked
SALT = "candidates.saved-search"
RESTORED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class OpenSearch:
    """The kept search that a list belongs to, with the keys of those in it who are new."""

    search: SavedSearch
    is_own: bool
    new: frozenset[int]


def visible_searches(user: "User") -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def listed(user: "User") -> list[SavedSearch]:
    """One's own first, each with the number of new matches."""
    unseen = Count("matches", filter=Q(matches__seen_at=None))
    found = visible_searches(user).annotate(unseen=unseen).order_by("name")
    return sorted(found, key=lambda search: search.owner_id != user.pk)


def open_searches(request: HttpRequest, found: "Results") -> OpenSearch | None:
    """What `?saved=12` names, if the reader may see it."""
    number = request.GET.get("saved", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    search = visible_searches(signed_in(request)).filter(pk=int(number)).first()
    if search is None:
        return None
    is_own = search.owner_id == request.user.pk
    keys = [row.candidate.pk for row in found.rows] if is_own else []
    return OpenSearch(search, is_own, frozenset(_new(search, keys)))


def _new(search: SavedSearch, keys: Iterable[int]) -> Iterable[int]:
    """Not those who were there at the start: they were seen when they were found."""
    recent = Q(seen_at=None) | Q(seen_at__gt=timezone.now() - NEW_FOR)
    found = search.matches.filter(recent, candidate__in=keys).exclude(seen_at=F("found_at"))
    return found.values_list("candidate_id", flat=True)


def mark_seen(search: SavedSearch) -> int:
    return WatchedMatch.objects.filter(search=search, seen_at=None).update(seen_at=timezone.now())


# Deleted, and back again


def packed(search: SavedSearch) -> str:
    """All that is needed to make it again, for its owner alone."""
    kept: dict[str, Any] = {
        "owner": search.owner_id,
        "name": search.name,
        "query": search.query,
        "shared": search.shared,
        "watched": search.watched,
    }
    return signing.dumps(kept, salt=SALT, compress=True)


def restore(text: str, user: "User") -> SavedSearch | None:
    """None when it is somebody else's, too old, or made again already."""
    try:
        kept = signing.loads(text, salt=SALT, max_age=RESTORED_WITHIN)
    except signing.BadSignature:
        return None
    if kept.pop("owner") != user.pk or SavedSearch.objects.filter(owner=user, name=kept["name"]).exists():
        return None
    return SavedSearch.objects.create(owner=user, **kept)
