"""Searches that tell their owner of new matches."""

import logging
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from candidates import notices, viewing
from candidates.models import Notification, SavedSearch, WatchedMatch
from candidates.search import finding

logger = logging.getLogger(__name__)

KIND = "watched_search"
ONE_NEW = gettext_noop("%(count)s new candidate matches “%(search)s”")
MANY_NEW = gettext_noop("%(count)s new candidates match “%(search)s”")
AT_MOST = finding.EXACT  # matches that are remembered: a search for everybody tells nothing


@dataclass(frozen=True)
class Checked:
    """``is_first``: whoever matches now is no news. ``is_too_wide``: more match than are remembered."""

    new: int
    is_first: bool = False
    is_too_wide: bool = False


def check(search: SavedSearch) -> Checked:
    """Look as the owner sees, remember whom it finds, tell the owner of those it had not found before."""
    with viewing.seen_by(viewing.as_user(search.owner)):
        found = _found(search)
    now = timezone.now()
    is_first, is_too_wide = search.checked_at is None, len(found) > AT_MOST
    known = set(search.matches.values_list("candidate_id", flat=True))
    new = [pk for pk in found[:AT_MOST] if pk not in known]
    WatchedMatch.objects.bulk_create(
        (
            WatchedMatch(search=search, candidate_id=pk, found_at=now, seen_at=now if is_first else None)
            for pk in new
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    SavedSearch.objects.filter(pk=search.pk).update(checked_at=now)
    search.checked_at = now
    if new and not is_first:
        _tell(search)
    return Checked(0 if is_first else len(new), is_first, is_too_wide)


def check_all() -> int:
    """Every watched search, each by itself: one that fails stops no other. How many new matches."""
    new = 0
    for search in SavedSearch.objects.filter(watched=True).select_related("owner").order_by("pk"):
        try:
            new += check(search).new
        except Exception as error:  # its words may be somebody's name: only what happened is logged
            logger.error("watched search %s failed with %s", search.pk, type(error).__name__)
    return new


def start(search: SavedSearch) -> Checked:
    """Whoever matches when the watch begins is no news."""
    search.matches.all().delete()
    search.checked_at = None
    return check(search)


def _found(search: SavedSearch) -> list[int]:
    """The latest first, should they be too many."""
    from candidates.forms import asked_in

    with finding.quick_plans():
        matches = finding.understand(asked_in(search.query)).matches()
        latest = finding.sorted_by(matches, "recent").values_list("pk", flat=True)
        return list(latest[: AT_MOST + 1])


def _tell(search: SavedSearch) -> None:
    """One notice for each search: with those of earlier runs that nobody has looked at yet."""
    url = reverse("candidates:search_open", args=[search.pk])
    unseen = search.matches.filter(seen_at=None).count()
    Notification.objects.filter(user=search.owner, kind=KIND, url=url, read_at=None).delete()
    notices.notify(
        search.owner,
        kind=KIND,
        message=ONE_NEW if unseen == 1 else MANY_NEW,
        params={"count": unseen, "search": search.name},
        url=url,
    )
