"""How many answer, and what they have: counted among the first of many, so that it is quick for everybody."""

# ruff: noqa: S608  (statements are put together from names in this code and from compiled querysets)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.models import CandidateQuerySet, Education, Level, Seniority
from candidates.search import standing
from candidates.search.finding import VALUES, Search
from candidates.skills import skill

SAMPLE = 1_000  # matches whose values are counted
SHOWN = {"skill": 12, "city": 8, "state": 8, "tag": 10}  # values; others show all

Counts = dict[str, dict[str, int]]

LABELS: dict[str, Promise] = {
    "skill": _("Skill"),
    "state": _("State"),
    "city": _("City"),
    "seniority": _("Seniority"),
    "english": _("English"),
    "education": _("Education"),
    "tag": _("Tag"),
    "stage": _("Stage in an open job"),
    "record": _("Record"),
}
RECORD_LABELS: dict[str, Promise] = {
    "cv": _("with CV"),
    "no_cv": _("without CV"),
    "stub": _("known only from jobs"),
}
_NAMES: dict[str, Mapping[str, Any]] = {
    "seniority": dict(Seniority.choices),
    "english": dict(Level.choices),
    "education": dict(Education.choices),
    "record": RECORD_LABELS,
}


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str | Promise
    count: int
    is_on: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str | Promise
    values: list[FacetValue]

    @property
    def is_used(self) -> bool:
        return any(value.is_on for value in self.values)


@dataclass(frozen=True)
class Counted:
    """``total``: beyond a limit it is not counted out. ``is_sample``: values of the first 1,000 only."""

    total: int
    has_more: bool
    counts: Counts
    keys: list[int] | None = None  # of those counted, where finding them again is dear

    @property
    def is_sample(self) -> bool:
        return self.total > SAMPLE


def value_label(facet: str, value: str) -> str | Promise:
    if facet == "skill":
        return skill(value).label
    label: str | Promise = _names(facet).get(value, value)
    return label


def _names(facet: str) -> Mapping[str, str | Promise]:
    """The values of a filter that has an order of its own, in that order."""
    return dict(standing.stages()) if facet == "stage" else _NAMES.get(facet, {})


def count(search: Search, found: CandidateQuerySet) -> Counted:
    """One statement for the number of ``found`` and for all values, one more for each filter that is used
    and of which another value could be chosen."""
    keys = ["keys"] if search.finds_again_dearly else []
    counts = _counts(found, [*_ALL, *keys], limit=search.counts_to + 1)
    total = counts.pop("total", {}).get("", 0)
    known = next(iter(counts.pop("keys", {"": 0})), "")
    for name in search.filters:
        if name in (*VALUES, "record", "stage"):
            others = _counts(search.matches(without=name), [name], limit=SAMPLE)
            counts[name] = others.get(name, {})
    has_more = total > search.counts_to
    of_keys = [int(key) for key in known.split(",") if key] if keys else None
    return Counted(min(total, search.counts_to), has_more, counts, of_keys)


def facets(search: Search, counted: Counted) -> list[Facet]:
    """Values with their numbers: those used first, then the most frequent; without any, no filter."""
    made = (_facet(search, name, counted.counts.get(name, {})) for name in LABELS)
    return [facet for facet in made if facet.values]


def _facet(search: Search, name: str, counts: Mapping[str, int]) -> Facet:
    used: Sequence[str] = getattr(search.asked, name)
    order = _order(name, counts)
    values = [*used, *(value for value in order if value and value not in used)][: _most(name, used)]
    return Facet(
        name,
        LABELS[name],
        [
            FacetValue(value, value_label(name, value), counts.get(value, 0), value in used)
            for value in values
        ],
    )


def _most(name: str, used: Sequence[str]) -> int | None:
    return SHOWN[name] + len(used) if name in SHOWN else None


def _order(name: str, counts: Mapping[str, int]) -> list[str]:
    """Levels in their own order, all else by number."""
    if names := _names(name):
        return [value for value in names if value in counts]
    return sorted(counts, key=lambda value: (-counts[value], value))


# Statements: each gives rows of (filter, value, number)

_RECORD = "CASE WHEN is_stub THEN 'stub' WHEN has_cv THEN 'cv' ELSE 'no_cv' END"
_STATEMENTS = {
    "total": "SELECT 'total', '', count(*) FROM hits",
    **{name: f"SELECT '{name}', {name}, count(*) FROM sample GROUP BY 2" for name in VALUES},
    "record": f"SELECT 'record', {_RECORD}, count(*) FROM sample GROUP BY 2",
    # OFFSET 0 keeps the planner from reading all profiles at once, which it takes for cheaper than 1,000
    "skill": """(SELECT 'skill', skill, count(*)
        FROM sample, LATERAL (SELECT unnest(p.skills) AS skill FROM candidates_profile p
            WHERE p.candidate_id = sample.id AND p.extractor = 'taxonomy' OFFSET 0) own
        GROUP BY 2 ORDER BY 3 DESC LIMIT 40)""",
    "tag": """SELECT 'tag', t.name, count(*)
        FROM sample JOIN candidates_tagging g ON g.candidate_id = sample.id
            JOIN candidates_tag t ON t.id = g.tag_id
        GROUP BY 2""",
    # As of skills; joined, the prospects of all open jobs would be read
    "stage": """SELECT 'stage', own.stage, count(DISTINCT sample.id)
        FROM sample, LATERAL (SELECT s.stage FROM standing s WHERE s.candidate_id = sample.id OFFSET 0) own
        GROUP BY 2""",
}
_ALL = list(_STATEMENTS)
_STATEMENTS["keys"] = "SELECT 'keys', coalesce(string_agg(id::text, ','), ''), 0 FROM hits"


def _counts(found: CandidateQuerySet, names: Sequence[str], *, limit: int) -> Counts:
    rows = found.annotate(has_cv=~Q(cv_text="")).values("id", "is_stub", "has_cv", *VALUES)
    try:
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return {}
    standing_sql, standing_params = standing.rows()
    statement = f"""WITH hits AS MATERIALIZED ({sql} LIMIT {limit}),
        sample AS MATERIALIZED (SELECT * FROM hits LIMIT {SAMPLE}),
        standing (candidate_id, stage) AS NOT MATERIALIZED ({standing_sql})
        {" UNION ALL ".join(_STATEMENTS[name] for name in names)}"""
    counts: Counts = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, (*params, *standing_params))
        for name, value, number in cursor.fetchall():
            counts.setdefault(name, {})[value] = number
    return counts
