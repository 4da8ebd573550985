"""Who answers a search, in what order, and how many they are.

Exact up to a limit and quick above it: of more than 10,000 matches the number is not counted out, and of more
than 2,000 the best are looked for among those whose skills, headline or name say what was asked.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchRank
from django.db import connection, models, transaction
from django.db.models import Case, F, FloatField, Func, Q, Value, When
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Cast

from candidates import viewing
from candidates.models import Candidate, CandidateQuerySet, Tagging
from candidates.search import standing
from candidates.search.among import among
from candidates.search.compiling import (
    MISSPELLED,
    Compiled,
    TsQuery,
    accept_likeness,
    compile_,
    condition,
    plain,
    quoted,
    similar_name,
    visible_names,
)
from candidates.search.compiling import look_up as look_up_words
from candidates.search.indexing import PLACE, SKILL
from candidates.search.parsing import Parsed, Term, parse

AnyCandidates = TypeVar("AnyCandidates", bound=CandidateQuerySet)

EXACT = 10_000  # counted out
EXACT_PHRASES = 2_000  # the same for a phrase: the index only knows its words, so whole vectors are read
RANKED = 2_000  # ordered by how well they match; of more, the strongest


@dataclass(frozen=True)
class Asked:
    """The words of the box and the filters beside it. Of several values of a filter one is enough, but of
    skills and tags, of which a person has many, all are wanted."""

    text: str = ""
    skill: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    seniority: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    education: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()  # in any open job
    place: str = ""
    sort: str = ""
    job: str = ""


@dataclass(frozen=True)
class JobOrder:
    """An order that an app above knows: candidates by ``place``, where they are ``ranked`` for a job."""

    job_id: int
    code: str
    title: str
    is_ranked: bool  # otherwise the job has no ranking yet
    ranked: Q
    place: BaseExpression  # the smallest first
    rank: BaseExpression  # as it is shown


@dataclass(frozen=True)
class JobChoice:
    code: str
    title: str


# What apps above register (AppConfig.ready): the order of the job with that code, None where there is no such
# job for the reader; and jobs to choose from
orderings: list[Callable[[str], JobOrder | None]] = []
job_choices: list[Callable[[], list[JobChoice]]] = []


def choices() -> list[JobChoice]:
    return [choice for offer in job_choices for choice in offer()]


def job_order(code: str) -> JobOrder | None:
    """The best there is of the job with that code, if the reader may see it."""
    return next((found for order in orderings if code and (found := order(code))), None)


VALUES = ("state", "city", "seniority", "english", "education")  # a column each: one of the values is enough
RECORDS = {
    "cv": ~Q(cv_text=""),
    "no_cv": Q(cv_text="", is_stub=False),
    "stub": Q(is_stub=True),
}


@dataclass(frozen=True)
class Search:
    """What was asked, understood; conditions are made for who looks now."""

    asked: Asked
    parsed: Parsed
    compiled: Compiled | None
    filters: dict[str, Q] = field(default_factory=dict)

    def matches(self, *, without: str = "") -> CandidateQuerySet:
        """Everybody who answers, in no order; ``without`` one filter: what else it could be."""
        found = Candidate.objects.order_by()
        if self.compiled is not None:
            found = found.filter(self.compiled.wanted or Q(pk__in=[]))
        return self._filtered(found, without)

    def similar_names(self) -> CandidateQuerySet:
        """For words that nothing was found for: perhaps a name, and misspelled."""
        accept_likeness(MISSPELLED)
        found = Candidate.objects.order_by()
        return self._filtered(found.filter(visible_names(), similar_name(self.asked.text)), "")

    def _filtered(self, found: CandidateQuerySet, without: str) -> CandidateQuerySet:
        for name, wanted in self.filters.items():
            if name != without:
                found = found.filter(wanted)
        return found

    @property
    def counts_to(self) -> int:
        return min(EXACT, EXACT_PHRASES) if self.has_phrase else EXACT

    @property
    def has_phrase(self) -> bool:
        return any(len(term.text.split()) > 1 for term in self.parsed.terms)

    @property
    def reads_vectors(self) -> bool:
        """Whether people are put in order by their search vectors, and not by names alone."""
        return bool(self.compiled and self.compiled.rank)

    @property
    def finds_again_dearly(self) -> bool:
        """Whether it is dear to find the same people a second time: by texts or names that are read."""
        return self.has_phrase or bool(self.compiled and self.compiled.names)

    @property
    def is_of_words(self) -> bool:
        return self.compiled is not None

    @property
    def may_be_name(self) -> bool:
        """Whether plain words that nobody has may be a name: no skill, and one of more than two letters."""
        if self.compiled is None or self.compiled.skills or not self.parsed.is_plain:
            return False
        return any(sum(map(str.isalpha, term.text)) > 2 for term in self.parsed.terms)

    @cached_property
    def order(self) -> JobOrder | None:
        return job_order(self.asked.job)


def understand(asked: Asked) -> Search:
    parsed = parse(asked.text)
    compiled = compile_(parsed.root) if parsed.root else None
    return Search(asked, parsed, compiled, _filters(asked))


def _filters(asked: Asked) -> dict[str, Q]:
    found = {name: Q(**{f"{name}__in": getattr(asked, name)}) for name in VALUES if getattr(asked, name)}
    if asked.skill:
        marks = [quoted(SKILL + skill) for skill in asked.skill]
        found["skill"] = condition(" & ".join(marks))
    if asked.tag:
        found["tag"] = _with_tags(asked.tag)
    if asked.record:
        found["record"] = _any([RECORDS[name] for name in asked.record if name in RECORDS])
    if asked.stage:
        found["stage"] = standing.at(asked.stage)
    if asked.place:
        found["place"] = _in_place(asked.place)
    return found


def _any(parts: Sequence[Q]) -> Q:
    whole = Q(pk__in=[])
    for part in parts:
        whole |= part
    return whole


def _with_tags(names: Sequence[str]) -> Q:
    whole = Q()
    for name in names:
        whole &= Q(pk__in=Tagging.objects.filter(tag__name=name).values("candidate"))
    return whole


def _in_place(text: str) -> Q:
    """City or state, accents ignored; of several parts with commas all must be there. The last letters of a
    part may be missing: it is searched while somebody types."""
    terms = [Term(part.strip()) for part in text.split(",") if part.strip()]
    known = look_up_words(terms)
    marks = [quoted(PLACE + lexeme) + ":*" for term in terms for lexeme in known[term].lexemes]
    return condition(" & ".join(marks)) if marks else Q()


def with_keys(keys: Sequence[int]) -> Func:
    """As one literal: psycopg2 would write a list as so many values."""
    literal = Value(f"{{{','.join(map(str, keys))}}}")
    return among("pk", Cast(literal, ArrayField(models.BigIntegerField())))


# Order


_QUICK = "SET LOCAL enable_seqscan = off; SET LOCAL enable_memoize = off; SET LOCAL jit = off"


@contextmanager
def quick_plans() -> Iterator[None]:
    """Estimates do not know that reading search vectors is dear: without this, the planner reads all of them
    for common words, ten times slower than by the index. Nor that everybody is looked up once: what it keeps
    in case of a second time costs more than the looking up."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_QUICK)
        yield


def name_order() -> tuple[Any, ...]:
    """Stubs last; those whose name the reader may not know stand after all others, in no order of names."""
    viewer = viewing.current()
    if viewer is None or not viewer.hides_anybody:
        return ("is_stub", "name", "pk")
    name = Case(When(viewer.hidden, then=Value(None)), default=F("name"), output_field=models.CharField())
    shown = Cast(name, models.CharField())  # where everybody is hidden it is a constant, which orders nothing
    return ("is_stub", shown.asc(nulls_last=True), "pk")


def sorted_by(found: CandidateQuerySet, sort: str) -> CandidateQuerySet:
    if sort == "name":
        return found.order_by(*name_order())
    if sort == "created":
        return found.order_by(F("source_created_at").desc(nulls_last=True), "-pk")
    return found.order_by("is_stub", "-updated_at", "-pk")


@dataclass(frozen=True)
class Ordered:
    """``keys`` in order; ``listed``: how many of them can be paged through; ``sort``: the order it is."""

    keys: Any
    listed: int
    sort: str
    is_strongest: bool = False  # of many, only the strongest are listed


def in_order(
    search: Search,
    found: CandidateQuerySet,
    *,
    total: int,
    has_more: bool = False,
    first: list[int] | None = None,
) -> Ordered:
    """``total``: how many ``found`` holds, or more; ``first``: keys of so many, where they are known."""
    sort = search.asked.sort
    order = search.order if not sort and search.order and search.order.is_ranked else None
    if not sort or (sort == "relevance" and not search.is_of_words):
        sort = "relevance" if search.is_of_words else "recent"
    if order is None and sort != "relevance":
        keys = sorted_by(found, sort).values_list("pk", flat=True)
        return Ordered(keys, _pageable(found, total, has_more=has_more), sort)
    most = RANKED if order or search.reads_vectors else EXACT
    if total < most:
        total = _pageable(found, total, has_more=has_more)
        has_more = total == EXACT
    too_many = total > most or (has_more and total == most)
    if too_many:
        found = Candidate.objects.filter(with_keys(_strongest(search, found, order, most, first)))
    ranked = _ranked(search, found, order)
    listed = min(total, most)
    return Ordered(ranked.values_list("pk", flat=True), listed, "job" if order else "relevance", too_many)


def _pageable(found: CandidateQuerySet, total: int, *, has_more: bool) -> int:
    """How many can be paged through; of a phrase, which is not counted out as far, it is counted now."""
    return found.values("pk")[:EXACT].count() if has_more and total < EXACT else min(total, EXACT)


def _strongest(
    search: Search, found: CandidateQuerySet, order: JobOrder | None, most: int, first: list[int] | None
) -> list[int]:
    """Keys of as many as are ranked: those with a place in the job's order or a strong match first."""
    keys: dict[int, None] = {}
    groups = [found.filter(order.ranked)] if order else []
    compiled = search.compiled
    if compiled and compiled.strong is not None and compiled.strong != compiled.wanted:
        groups.append(found.filter(compiled.strong))
    for group in groups:
        if len(keys) < most:
            keys.update(dict.fromkeys(group.values_list("pk", flat=True)[:most]))
    if len(keys) < most:
        others = first if first is not None else found.values_list("pk", flat=True)
        keys.update(dict.fromkeys(others[:most]))
    return list(keys)[:most]


def _ranked(search: Search, found: AnyCandidates, order: JobOrder | None) -> AnyCandidates:
    by: list[Any] = []
    if order:
        found = found.annotate(job_place=order.place)
        by.append(F("job_place").asc(nulls_last=True))
    if search.compiled and search.compiled.rank:
        found = found.annotate(search_rank=_rank(search.compiled))
        by.append("-search_rank")
    if search.compiled and search.compiled.names:
        found = found.annotate(likeness=_likeness(search.compiled.names))
        by.append("-likeness")
    return found.order_by(*by, "is_stub", "-updated_at", "-pk")


def _rank(compiled: Compiled) -> BaseExpression:
    rank = SearchRank(F("search_vector"), TsQuery(compiled.rank))
    blind = (
        SearchRank(F("search_vector"), TsQuery(compiled.blind_rank)) if compiled.blind_rank else Value(0.0)
    )
    return _of_name(rank, blind)


def _of_name(value: BaseExpression, blind: BaseExpression) -> BaseExpression:
    """That a name was asked for must not move up somebody whose name is hidden."""
    viewer = viewing.current()
    if viewer is None or not viewer.hides_anybody:
        return value
    return Cast(Case(When(viewer.hidden, then=blind), default=value, output_field=FloatField()), FloatField())


def _likeness(text: str) -> BaseExpression:
    """Of a name to the words of ``text``, each for itself: 0 to 1. Taken together, a surname that is the very
    same would count for more than first name and surname that are almost."""
    name = plain(F("name"))
    words = text.split() or [text]
    alike = [
        Func(plain(Value(word)), name, function="word_similarity", output_field=FloatField())
        for word in words
    ]
    whole = sum(alike[1:], start=alike[0]) / float(len(words))
    return _of_name(whole, Value(0.0))


def by_likeness(found: CandidateQuerySet, text: str) -> CandidateQuerySet:
    """Names that are most like ``text`` first."""
    return found.annotate(likeness=_likeness(text)).order_by("-likeness", "is_stub", "-pk")


def matching(found: AnyCandidates, text: str) -> AnyCandidates:
    """Those of ``found`` who answer ``text``, best first."""
    search = understand(Asked(text))
    if search.compiled is None or search.compiled.wanted is None:
        return found.none() if search.compiled else found
    return _ranked(search, found.filter(search.compiled.wanted), None)
