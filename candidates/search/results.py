"""A page of what a search found, with all that stands beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.models import Candidate
from candidates.search import facets, finding
from candidates.search.finding import Asked, Ordered, Search
from candidates.search.naming import skills_like
from candidates.search.parsing import Field
from candidates.search.snippets import Piece, snippets
from candidates.skills import skill

if TYPE_CHECKING:
    OfKeys = Paginator[Any]
else:
    OfKeys = Paginator

PAGE_SIZE = 25
CHIPS = 6  # skills in a row


@dataclass(frozen=True)
class Row:
    candidate: Candidate
    skills: list[tuple[str, bool]]  # label, and whether it was asked for
    more_skills: int
    snippet: list[Piece]
    rank: int | None  # in the chosen job's ranking


@dataclass(frozen=True)
class Suggestion:
    """A search that may find what this one did not."""

    label: str
    text: str  # of the search box


@dataclass(frozen=True)
class Results:
    search: Search
    page: "Page[Any]"
    rows: list[Row]
    total: int
    has_more: bool
    ordered: Ordered
    facets: list[facets.Facet]
    is_sample: bool
    is_by_likeness: bool  # nothing was found; these have names like what was typed
    remarks: list[str]

    @property
    def sort(self) -> str:
        return self.ordered.sort

    @property
    def ranked_at_most(self) -> int:
        return self.ordered.listed


class _KnownCount(OfKeys):
    def __init__(self, keys: Any, *, count: int) -> None:
        super().__init__(keys, PAGE_SIZE)
        self.count = count


def look_up(asked: Asked, *, page: str | None = None) -> Results:
    with finding.quick_plans():
        search = finding.understand(asked)
        found = search.matches()
        counted = facets.count(search, found)
        is_by_likeness = not counted.total and search.may_be_name
        if is_by_likeness:
            found = search.similar_names()
            counted = facets.count(search, found)
            keys = finding.by_likeness(found, asked.text).values_list("pk", flat=True)
            ordered = Ordered(keys, min(counted.total, finding.EXACT), "likeness")
        else:
            if counted.keys is not None and not counted.has_more:
                found = Candidate.objects.filter(finding.with_keys(counted.keys))
            ordered = finding.in_order(
                search, found, total=counted.total, has_more=counted.has_more, first=counted.keys
            )
        shown = _KnownCount(ordered.keys, count=ordered.listed).get_page(page)
        rows = list(_rows(search, list(shown)))
    return Results(
        search=search,
        page=shown,
        rows=rows,
        total=counted.total,
        has_more=counted.has_more,
        ordered=ordered,
        facets=facets.facets(search, counted),
        is_sample=counted.is_sample,
        is_by_likeness=is_by_likeness and counted.total > 0,
        remarks=[*search.parsed.problems, *_ignored(search), *_unknown_skills(search)],
    )


def _rows(search: Search, keys: list[int]) -> Iterator[Row]:
    """What a row shows is looked up for this page alone, however far down it is."""
    known = Candidate.objects.for_list()
    if search.is_of_words:
        known = known.defer(None).defer("raw", "search_vector")
    if search.order:
        known = known.annotate(job_rank=search.order.rank)
    people = known.in_bulk(keys)
    found = [people[key] for key in keys if key in people]
    marked = snippets(found, search.compiled.shown) if search.compiled else {}
    wanted = (*search.asked.skill, *(search.compiled.skills if search.compiled else ()))
    for person in found:
        own = getattr(person, "skills", None) or []
        first = [one for one in wanted if one in own]
        chips = [*dict.fromkeys(first), *(one for one in own if one not in first)]
        yield Row(
            candidate=person,
            skills=[(skill(one).label, one in first) for one in chips[:CHIPS]],
            more_skills=max(0, len(chips) - CHIPS),
            snippet=marked.get(person.pk, []),
            rank=getattr(person, "job_rank", None),
        )


# What is said about a search


def _ignored(search: Search) -> Iterable[str]:
    words = search.compiled.ignored if search.compiled else ()
    if words:
        params = {"words": ", ".join(f"“{word}”" for word in words)}
        yield (
            ngettext(
                "%(words)s is too common to be searched and was left out.",
                "%(words)s are too common to be searched and were left out.",
                len(words),
            )
            % params
        )


def _unknown_skills(search: Search) -> Iterable[str]:
    from candidates.search.compiling import skill_of

    for term in search.parsed.terms:
        if term.field == Field.SKILL and not skill_of(term):
            params = {"word": term.text}
            yield _("“%(word)s” is no skill of the list; its words were looked for in the texts.") % params


def suggestions(results: Results) -> list[Suggestion]:
    """For a search that found nobody: skills that are spelled much alike."""
    found: list[Suggestion] = []
    for term in results.search.parsed.terms:
        for other in skills_like(term.text) if len(term.text) > 2 else ():
            label = skill(other).label
            if label.casefold() != term.text.casefold():
                asked = _("Did you mean the skill %(skill)s?") % {"skill": label}
                found.append(Suggestion(asked, f'skill:"{label}"'))
    return found[:3]
