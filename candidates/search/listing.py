"""What stands around a list of candidates: chips of filters in use, ways out of an empty list, its file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates import veiling, viewing
from candidates.models import Candidate, CandidateQuerySet
from candidates.search import facets, finding
from candidates.search.compiling import visible_names
from candidates.search.finding import Asked
from candidates.skills import skill

BATCH = 500
MOST_CHOSEN = 500


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the list without it."""

    label: str | Promise
    value: str | Promise
    url: str


def described(asked: Asked) -> list[tuple[str | Promise, list[str | Promise]]]:
    """The filters of a search in words."""
    found: list[tuple[str | Promise, list[str | Promise]]] = [
        (label, [facets.value_label(name, value) for value in getattr(asked, name)])
        for name, label in facets.LABELS.items()
        if getattr(asked, name)
    ]
    return found + ([(_("City or state"), [asked.place])] if asked.place else [])


def chips(data: QueryDict, asked: Asked) -> list[Chip]:
    found = [
        Chip(label, facets.value_label(name, value), _without(data, name, value))
        for name, label in facets.LABELS.items()
        for value in getattr(asked, name)
    ]
    if asked.place:
        found.append(Chip(_("City or state"), asked.place, _without(data, "place")))
    return found


def loosened(data: QueryDict, asked: Asked) -> list[Chip]:
    """The same search without one of its filters, or without its words."""
    found = chips(data, asked)
    if asked.text and found:
        found.append(Chip(_("Search"), asked.text, _without(data, "q")))
    return found


def _without(data: QueryDict, name: str, value: str | None = None) -> str:
    left = data.copy()
    left.setlist(name, [one for one in left.getlist(name) if value is not None and one != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"


# As a file

COLUMNS: dict[str, Any] = {
    "code": _("Code"),
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "headline": _("Headline"),
    "city": _("City"),
    "state": _("State"),
    "seniority": _("Seniority"),
    "education": _("Education"),
    "english": _("English"),
    "skills": _("Skills"),
    "jobs": _("Jobs"),
    "updated": _("Updated"),
}
TELLS_WHO = ("email", "phone")  # left out of a file without names


@dataclass(frozen=True)
class Table:
    people: list[int]  # in the order of the list
    keys: list[str]
    columns: list[Any]
    without_names: bool
    job_id: int

    @property
    def size(self) -> int:
        return len(self.people)

    def rows(self) -> Iterator[list[Any]]:
        """Loaded as objects, so that what the reader may not see is not in the file either."""
        for start in range(0, len(self.people), BATCH):
            batch = self.people[start : start + BATCH]
            known = Candidate.objects.for_list().in_bulk(batch)
            for key in batch:
                if key in known:
                    yield self._row(known[key])

    def _row(self, person: Any) -> list[Any]:
        hide = self.without_names and not person.hides_identity
        cells = {
            "code": veiling.token(person.pk, job_id=self.job_id) if hide else person.code,
            "name": veiling.pseudonym(person.pk, job_id=self.job_id) if hide else person.name,
            "email": person.email,
            "phone": person.phone,
            "headline": veiling.redacted(person.headline, _whole(person)) if hide else person.headline,
            "city": person.city,
            "state": person.state,
            "seniority": person.get_seniority_display() if person.seniority else "",
            "education": person.get_education_display() if person.education else "",
            "english": person.get_english_display() if person.english else "",
            "skills": ", ".join(skill(one).label for one in person.skills or ()),
            "jobs": person.prospect_count,
            "updated": person.updated_at.date(),
        }
        return [cells[key] for key in self.keys]


def _whole(person: Candidate) -> veiling.Person:
    return veiling.Person(person.pk, identity=True, job_id=0, name=person.name)


def table(asked: Asked, chosen: Sequence[str], *, without_names: bool) -> Table:
    viewer = viewing.current()
    keys = [key for key in COLUMNS if not (without_names and key in TELLS_WHO)]
    return Table(
        people=_chosen(chosen) if chosen else _found(asked),
        keys=keys,
        columns=[COLUMNS[key] for key in keys],
        without_names=without_names,
        job_id=viewer.job_shown if viewer else 0,
    )


def _found(asked: Asked) -> list[int]:
    with finding.quick_plans():
        search = finding.understand(asked)
        found = search.matches()
        total = found.values("pk")[: finding.EXACT + 1].count()
        ordered = finding.in_order(search, found, total=total)
        return list(ordered.keys[: ordered.listed])


def _chosen(codes: Sequence[str]) -> list[int]:
    codes = codes[:MOST_CHOSEN]
    tokens = [veiling.candidate_of(code) or 0 for code in codes if code.startswith(veiling.MARK)]
    wanted: CandidateQuerySet = Candidate.objects.filter(
        Q(pk__in=tokens) | visible_names() & Q(code__in=list(codes))
    )
    return list(wanted.order_by("pk").values_list("pk", flat=True))


def logged(asked: Asked, chosen: Sequence[str]) -> dict[str, Any]:
    """What the log keeps of a search: words may be somebody's name, so only that there were some."""
    if chosen:
        return {"selected": len(chosen)}
    kept = {name: list(getattr(asked, name)) for name in facets.LABELS}
    return kept | {"place": asked.place, "with_words": bool(asked.text), "sort": asked.sort}
