"""A ranked list as a table for other programs: whom the filters leave, or whom somebody selected."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.exporting import log_export, table_response
from candidates.viewing import Viewer
from jobs.models import Job
from scoring.models import Ranking
from scoring.ranked_list import RankedList
from scoring.ranked_list_entries import Entry
from scoring.ranked_list_page import rows_of
from scoring.ranked_list_rows import Row

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 100  # rows read at once
CONTACTS = ("email", "phone")


@dataclass(frozen=True)
class Column:
    name: str
    words: "Promise | str"
    cell: Callable[[Entry, Row], Any]


def _candidate(name: str) -> Callable[[Entry, Row], Any]:
    return lambda entry, row: getattr(row.candidate, name)


def _level(name: str) -> Callable[[Entry, Row], Any]:
    return lambda entry, row: getattr(row.candidate, f"get_{name}_display")()


def _lines(lines: Sequence[str]) -> str:
    return "; ".join(lines)


def _prospect(name: str) -> Callable[[Entry, Row], Any]:
    return lambda entry, row: getattr(row.prospect, name) if row.prospect else None


COLUMNS: tuple[Column, ...] = (
    Column("rank", _("Rank"), lambda entry, row: entry.place),
    Column("group", _("Group"), lambda entry, row: entry.group.label),
    Column("code", _("Code"), _candidate("code")),
    Column("name", _("Name"), lambda entry, row: str(row.candidate)),
    Column("email", _("E-mail"), _candidate("email")),
    Column("phone", _("Phone"), _candidate("phone")),
    Column("city", _("City"), _candidate("city")),
    Column("state", _("State"), _candidate("state")),
    Column("seniority", _("Seniority"), _level("seniority")),
    Column("english", _("English"), _level("english")),
    Column("spanish", _("Spanish"), _level("spanish")),
    Column(
        "stage", _("Stage"), lambda entry, row: row.prospect.get_stage_display() if row.prospect else None
    ),
    Column("days", _("Days in the stage"), lambda entry, row: row.days),
    Column("applied", _("Applied on"), _prospect("applied_on")),
    Column("score", _("Score"), lambda entry, row: entry.score),
    Column(
        "band", _("Compared with the average"), lambda entry, row: str(row.band.words) if row.band else ""
    ),
    Column("accept", _("Likely to accept"), lambda entry, row: entry.accept),
    Column("must_met", _("Required, met"), lambda entry, row: row.must.met if row.must.total else None),
    Column("must", _("Required"), lambda entry, row: row.must.total or None),
    Column("nice_met", _("Nice to have, met"), lambda entry, row: row.nice.met if row.nice.total else None),
    Column("nice", _("Nice to have"), lambda entry, row: row.nice.total or None),
    Column("gaps", _("Gaps"), lambda entry, row: _lines([one["text"] for one in row.gaps])),
    Column("for", _("Speaks for"), lambda entry, row: _lines(row.speaks_for)),
    Column("against", _("Speaks against"), lambda entry, row: _lines(row.speaks_against)),
    Column(
        "contact", _("Last contact"), lambda entry, row: row.around.contact.on if row.around.contact else None
    ),
    Column("others", _("Other jobs"), lambda entry, row: row.around.other_jobs),
    Column("feedback", _("Feedback"), lambda entry, row: _verdict(row)),
    Column("no_data", _("Why there is no rank"), lambda entry, row: row.around.no_data),
)
# As on the page: where the score orders nobody, it and its reasons leave no list
BY_SCORE = {"score", "band", "accept", "for", "against"}


def _verdict(row: Row) -> str:
    said = row.around.opinions
    if said.divided:
        return str(_("divided"))
    given = said.own or (said.others[0] if said.others else None)
    return given.get_verdict_display() if said.verdict and given else ""


@dataclass(frozen=True)
class Asked:
    """``kind``: csv or xlsx; ``chosen``: codes of those selected, None for the whole list."""

    kind: str = "csv"
    without_names: bool = False
    contacts: bool = False
    chosen: Collection[int] | None = None


def names_stay_out(job: Job, viewer: Viewer) -> bool:
    """Blind review leaves no choice: a file outlives the stage at which somebody is shown again."""
    return job.blind or viewer.policy.blind_for_all


def export(found: RankedList, asked: Asked, *, viewer: Viewer, user: "User") -> HttpResponseBase:
    """The file; logged before the first row is read."""
    entries = [entry for entry in found.in_view if asked.chosen is None or entry.candidate_id in asked.chosen]
    without_names = asked.without_names or names_stay_out(found.job, viewer)
    contacts = asked.contacts and not without_names and viewer.may_change
    columns = _columns(found.ranking, contacts=contacts, adjusted=found.adjusted)
    log_export(
        user,
        what="ranking",
        rows=len(entries),
        columns=[column.name for column in columns],
        filters=_logged(found, asked),
        without_names=without_names,
        kind=asked.kind,
        job_code=found.job.code,
    )
    cells = _cells(found, entries, columns, without_names=without_names, user=user)
    headings = [column.words for column in columns]
    return table_response(asked.kind, name=f"ranking-{found.job.code}", columns=headings, rows=cells)


def _logged(found: RankedList, asked: Asked) -> Mapping[str, Any]:
    """The filters, and whether a selection was made; what was searched for may be a name and stays out."""
    filters = found.wanted.parameters()
    searched = {"q": "…"} if "q" in filters else {}
    selected = {} if asked.chosen is None else {"selected": True}
    return filters | searched | selected


def _columns(ranking: Ranking | None, *, contacts: bool, adjusted: bool) -> list[Column]:
    left_out = set() if contacts else set(CONTACTS)
    if ranking is None or ranking.order == Ranking.Order.REQUIREMENTS:
        left_out |= BY_SCORE
    columns = [column for column in COLUMNS if column.name not in left_out]
    if adjusted:
        columns.insert(1, Column("ranked", _("Rank by the model"), lambda entry, row: entry.rank))
    return columns


def _cells(
    found: RankedList,
    entries: Sequence[Entry],
    columns: Sequence[Column],
    *,
    without_names: bool,
    user: "User",
) -> Iterator[list[Any]]:
    more = CONTACTS if any(column.name in CONTACTS for column in columns) else ()
    by_person = {entry.candidate_id: entry for entry in entries}
    for start in range(0, len(entries), CHUNK):
        for row in rows_of(found, entries[start : start + CHUNK], reader=user, more=more):
            entry = by_person[row.candidate.pk]
            cells = {column.name: column.cell(entry, row) for column in columns}
            yield list((cells | _pseudonymous(found.job, row) if without_names else cells).values())


def _pseudonymous(job: Job, row: Row) -> dict[str, str]:
    """In place of name and code; the same as on the pages of the job under blind review."""
    pk = row.candidate.pk
    return {"code": veiling.token(pk, job_id=job.pk), "name": veiling.pseudonym(pk, job_id=job.pk)}
