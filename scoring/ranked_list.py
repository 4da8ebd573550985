"""The people of one job in the order of the list: ranked, from the pool, and those who cannot be ranked.

Everybody is read once as a few numbers (``ranked_list_entries``), filtered and ordered; only those on the
page become rows, with what the page says of them. So a list of 550 people costs what its page costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from candidates import viewing
from jobs.models import Job
from scoring.models import Ranking
from scoring.ranked_list_entries import Entry, Group, entries_of, placed
from scoring.ranked_list_filters import matching, ordered
from scoring.ranked_list_wanted import Wanted
from scoring.reordering import marks_of

# Of each group, while all are shown; what a page shows is what it costs
FIRST = {Group.APPLIED: 20, Group.POOL: 5, Group.WAITING: 10, Group.NO_DATA: 10}
PAGE_SIZE = 30


@dataclass(frozen=True)
class Section:
    """One group: those on the page, and how many the filters leave."""

    group: Group
    entries: Sequence[Entry]
    total: int
    page: "Page[Any] | None" = None

    @property
    def hidden(self) -> int:
        return self.total - len(self.entries)


@dataclass(frozen=True)
class RankedList:
    """``entries``: everybody whom the filters leave, in order; ``everybody``: how many there are without."""

    job: Job
    ranking: Ranking | None
    wanted: Wanted
    entries: Sequence[Entry]
    everybody: int
    adjusted: bool = False
    top_score: float = 1.0  # of everybody: bars run to it
    has_opinions: bool = True  # whether anybody said anything of anybody

    @property
    def total(self) -> int:
        return len(self.entries)

    @cached_property
    def has_accept(self) -> bool:
        """Whether the version told how likely people are to accept."""
        return any(entry.accept is not None for entry in self.entries)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of each group the filters leave, whatever group is shown."""
        found = dict.fromkeys(Group.values, 0)
        for entry in self.entries:
            found[entry.group] += 1
        return found

    @cached_property
    def in_view(self) -> list[Entry]:
        """Those of the group that is looked at, in the order of the list."""
        return [entry for entry in self.entries if self.wanted.group in ("", entry.group)]

    @cached_property
    def sections(self) -> list[Section]:
        if self.wanted.group:
            page = Paginator(self.in_view, PAGE_SIZE).get_page(self.wanted.page)
            return [Section(Group(self.wanted.group), list(page), len(self.in_view), page)]
        return [self._first(group) for group in Group]

    def _first(self, group: Group) -> Section:
        found = [entry for entry in self.entries if entry.group == group]
        return Section(group, found[: FIRST[group]], len(found))

    @property
    def shown(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]


def ranked_list(job: Job, ranking: Ranking | None, wanted: Wanted) -> RankedList:
    """Everybody of the job's ranking and all its prospects, as far as the viewer may see them."""
    viewer = viewing.current()
    marks = marks_of(job.pk)
    everybody, adjusted = placed(entries_of(job, ranking), ranking, viewer, marks)
    found = matching(everybody, wanted, ranking=ranking, viewer=viewer, marks=marks)
    in_order = ordered(found, wanted, ranking=ranking, viewer=viewer)
    top = max((entry.score for entry in everybody if entry.score is not None), default=1.0)
    return RankedList(job, ranking, wanted, in_order, len(everybody), adjusted, top or 1.0, marks.said)


def neighbours(found: RankedList, candidate_id: int) -> tuple[Entry | None, int | None, Entry | None]:
    """Who stands before and after somebody in the list, and at which place of it; None outside of it."""
    in_view = found.in_view
    at = next((at for at, entry in enumerate(in_view) if entry.candidate_id == candidate_id), None)
    if at is None:
        return None, None, None
    after = in_view[at + 1] if at + 1 < len(in_view) else None
    return (in_view[at - 1] if at else None), at + 1, after
