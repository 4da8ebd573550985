"""What somebody wants to see of a ranked list: for the list, its export and its neighbours."""

from dataclasses import dataclass, fields, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict


@dataclass(frozen=True)
class Wanted:
    """Filters and order, cleaned; empty: no such filter."""

    q: str = ""
    group: str = ""  # of ranked_list.Group
    stage: str = ""  # a stage, or "active": still in the race
    skill: tuple[str, ...] = ()  # ids; all of them
    place: str = ""
    english: str = ""  # at least
    spanish: str = ""
    seniority: str = ""
    band: str = ""  # at least this many times the average, as text
    met: str = ""  # "all", or "kind:value" of one requirement
    opinion: str = ""  # of Feedback.Verdict, or "none"
    sort: str = ""
    page: int = 1

    @property
    def asks_candidates(self) -> bool:
        """Whether the candidates themselves must be looked at to know who is wanted."""
        return bool(self.q or self.skill or self.place or self.english or self.spanish or self.seniority)

    @property
    def is_filtered(self) -> bool:
        return bool(self.asks_candidates or self.stage or self.band or self.met or self.opinion)

    def of_group(self, group: str) -> Self:
        return replace(self, group=group, page=1)

    def query(self, **more: str) -> str:
        """For an address: what is set, without the page; ``more`` goes before."""
        return urlencode({**more, **self.parameters()}, doseq=True)

    def pairs(self) -> list[tuple[str, list[str]]]:
        """For the fields of a form."""
        listed = self.parameters().items()
        return [(name, value if isinstance(value, list) else [value]) for name, value in listed]

    def parameters(self) -> dict[str, str | list[str]]:
        values = {entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name != "page"}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value
        }


def without_empty(data: QueryDict, *, but: tuple[str, ...] = ()) -> str:
    """A query string without the filters that were left empty, fit to be sent to a colleague."""
    kept = [(name, value) for name, values in data.lists() for value in values if value and name not in but]
    return urlencode(kept)
