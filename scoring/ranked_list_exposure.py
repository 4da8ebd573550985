"""What was on whose screen: kept, so that how much people leant on an order can be shown later."""

from typing import TYPE_CHECKING

from scoring.models import Exposure
from scoring.ranked_list import PAGE_SIZE, RankedList, Section
from scoring.ranked_list_entries import Group

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def record(found: RankedList, *, user: "User") -> None:
    """One row for a page that was shown: who was on it, and as the how manieth of their group."""
    if found.ranking is None:
        return
    if shown := _on_screen(found):
        adjusted = found.adjusted
        Exposure.objects.create(ranking=found.ranking, user=user, shown=shown, adjusted=adjusted)


def _on_screen(found: RankedList) -> list[list[int]]:
    return [
        [entry.candidate_id, place]
        for section in found.sections
        if section.group in (Group.APPLIED, Group.POOL)
        for place, entry in enumerate(section.entries, start=_first_place(section))
    ]


def _first_place(section: Section) -> int:
    return 1 + PAGE_SIZE * (section.page.number - 1) if section.page else 1
