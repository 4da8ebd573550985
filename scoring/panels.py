"""What a ranking looks like to a recruiter: rows with their reasons in words, and the state of the work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from candidates import viewing
from candidates.models import RunState
from jobs.models import Job
from scoring import ranking as rankings
from scoring.evidence import Evidence, evidence
from scoring.models import EvidenceVerdict, ModelVersion, Prediction, Ranking
from scoring.ranked_list import RankedList, Section, ranked_list
from scoring.ranked_list_columns import COLUMNS, SORTED_BY, Layout, layout_of
from scoring.ranked_list_entries import Group
from scoring.ranked_list_forms import RankedListFilter
from scoring.ranked_list_page import rows_of
from scoring.ranked_list_rows import InWords, Row, band, words_of
from scoring.reason_table import Account, account

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = [
    "Detail",
    "Evidence",
    "Panel",
    "ShownSection",
    "band",
    "evidence",
    "job_panel",
    "prediction_detail",
]


JUDGED = {"score", "requirements", "reasons", "gaps", "accept"}  # columns of whoever was ranked
BY_SCORE = {"score", "reasons"}  # columns that say nothing where the score orders nobody
TAB_WORDS = {
    Group.APPLIED: pgettext_lazy("people", "Applied"),
    Group.POOL: _("From the pool"),
    Group.WAITING: _("Not ranked yet"),
    Group.NO_DATA: _("Not enough data"),
}


@dataclass(frozen=True)
class Head:
    """The heading of a column; ``query``: of the address in which the list stands in its order."""

    name: str
    words: Promise
    query: str = ""
    sorted: str = ""  # ascending, descending


@dataclass(frozen=True)
class Tab:
    """One group of the list, and how many of it the filters leave; "" is everybody."""

    group: str
    words: Promise
    count: int
    query: str
    current: bool


@dataclass(frozen=True)
class ShownSection:
    """Some of the people of one group; ``total`` counts those that are not shown too."""

    section: Section
    rows: list[Row]
    heads: list[Head]
    query: str  # of the address that shows the whole group

    @property
    def columns(self) -> list[str]:
        return [head.name for head in self.heads]

    @property
    def name(self) -> str:
        return self.section.group.value

    @property
    def total(self) -> int:
        return self.section.total

    @property
    def hidden(self) -> int:
        """How many a link to the whole group would add."""
        return 0 if self.section.page else self.section.hidden


@dataclass(frozen=True)
class Panel:
    """Everything a job's ranking shows. ``active``: the run under way; ``failed``: the newest, when it
    failed; ``ranking``: the one whose rows are shown."""

    job: Job
    champion: ModelVersion | None
    ranking: Ranking | None
    active: Ranking | None
    failed: Ranking | None
    stale: bool
    found: RankedList
    form: RankedListFilter
    layout: Layout
    sections: list[ShownSection]
    evidence: Evidence | None

    @property
    def by_requirements(self) -> bool:
        """Whether people stand in the order of the requirements they meet, not in that of the score."""
        return self.ranking is not None and self.ranking.order == Ranking.Order.REQUIREMENTS

    @property
    def shows_score(self) -> bool:
        return self.ranking is not None and not self.by_requirements

    @property
    def rows(self) -> list[Row]:
        return [one for section in self.sections for one in section.rows]

    @property
    def tabs(self) -> list[Tab]:
        """Groups that hold nobody at all are left out."""
        found = self.found
        groups = [Group(name) for name, count in found.counts.items() if count or name == found.wanted.group]
        everybody = Tab("", _("All"), found.total, found.wanted.of_group("").query(), not found.wanted.group)
        return [everybody, *(self._tab(group) for group in groups)]

    def _tab(self, group: Group) -> Tab:
        wanted = self.found.wanted
        query = wanted.of_group(group.value).query()
        return Tab(group.value, TAB_WORDS[group], self.found.counts[group], query, wanted.group == group)

    @property
    def column_choices(self) -> list[tuple[str, Promise, bool]]:
        """Columns that this list could show, and whether they were chosen."""
        known = [name for name in COLUMNS if name != "accept" or self.shows_accept]
        return [(name, COLUMNS[name], name in self.layout) for name in known]

    @cached_property
    def by_group(self) -> Mapping[str, ShownSection]:
        return {section.name: section for section in self.sections}

    @property
    def is_empty(self) -> bool:
        return not self.found.everybody

    @property
    def asks_nothing(self) -> bool:
        """Whether the job had no requirements when it was ranked."""
        return not any(one.must.total or one.nice.total for one in self.rows)

    @property
    def shows_accept(self) -> bool:
        return self.found.has_accept

    @property
    def misses_the_pool(self) -> bool:
        """Whether it must be said why nobody comes from the pool: only to who would see them."""
        viewer = viewing.current()
        sees_it = viewer is None or viewer.sees_all_rows
        looks = not self.found.wanted.group and not self.found.wanted.is_filtered
        return sees_it and looks and self.by_requirements and not self.found.counts[Group.POOL]

    @cached_property
    def was_learned_from(self) -> bool:
        """Whether the model may know this job's outcomes: then its order looks better than it is."""
        if self.ranking is None or self.job.requested_on is None:
            return False
        windows = cast(Any, self.ranking).windows or []  # added by rankings.of_job
        measured_from = next((entry["start"] for entry in windows if entry["name"] == "test"), None)
        return measured_from is not None and self.job.requested_on.isoformat() < measured_from

    @property
    def can_be_asked(self) -> bool:
        """Whether a new ranking can be asked for."""
        return self.champion is not None and self.active is None and not self.job.is_stub


def job_panel(
    job: Job, *, by: "User | None" = None, data: QueryDict | Mapping[str, Any] | None = None
) -> Panel:
    """The newest ranking of ``job``; asks for a new one when there is none or what it drew on has changed.

    A ranking that failed is not asked for again by itself, and none of a job of which only the code is
    known. ``data``: filters, order and page, as an address says them.
    """
    newest = rankings.of_job(job).first()
    champion = _in_use(newest)
    if newest is not None and newest.state == RunState.DONE and newest.model_version == champion:
        shown: Ranking | None = newest
    else:
        shown = rankings.latest_by(champion, job)
    failed = newest if newest is not None and newest.state == RunState.FAILED and not job.is_stub else None
    asked = rankings.asked_of(job)
    stale = shown is not None and rankings.differs(shown, champion, asked)
    active = newest if newest is not None and not newest.is_over else None
    wanted = champion is not None and not job.is_stub and (shown is None or stale)
    if wanted and active is None and failed is None:
        active = rankings.request_ranking(job, by=by, champion=champion)
    form, found = wanted_list(job, shown, data, asked=asked)
    layout = layout_of(by or AnonymousUser())
    return Panel(
        job=job,
        champion=champion,
        ranking=shown,
        active=active,
        failed=failed,
        stale=stale,
        found=found,
        form=form,
        layout=layout,
        sections=_sections(found, layout, by),
        evidence=evidence(shown.model_version) if shown else None,
    )


def _in_use(newest: Ranking | None) -> ModelVersion | None:
    """Mostly the version that made the newest ranking, and so read with it."""
    if newest is not None and newest.model_version.is_in_use:
        return newest.model_version
    return rankings.in_use()


def wanted_list(
    job: Job,
    ranking: Ranking | None,
    data: QueryDict | Mapping[str, Any] | None,
    *,
    asked: list[rankings.Asked],
) -> tuple[RankedListFilter, RankedList]:
    """The list as an address says it; wrong filters are left out, and said by the form. ``asked``: the
    job's requirements."""
    form = RankedListFilter(data or {}, asked=asked, ranking=ranking)
    return form, ranked_list(job, ranking, form.wanted())


def _sections(found: RankedList, layout: Layout, reader: "User | None") -> list[ShownSection]:
    """The rows of all groups are read together, so that each group costs no queries of its own."""
    rows = {one.candidate.pk: one for one in rows_of(found, found.shown, reader=reader)}
    heads = {name: _head(found, name) for name in layout.columns}
    return [
        ShownSection(
            section=section,
            rows=[rows[entry.candidate_id] for entry in section.entries if entry.candidate_id in rows],
            heads=[heads[name] for name in _columns(found, layout, section.group)],
            query=found.wanted.of_group(section.group.value).query(),
        )
        for section in found.sections
    ]


def _columns(found: RankedList, layout: Layout, group: Group) -> list[str]:
    """The chosen columns, without those that this group has nothing for."""
    left_out: set[str] = set()
    if group in (Group.WAITING, Group.NO_DATA) or found.ranking is None:
        left_out |= JUDGED
    elif found.ranking.order == Ranking.Order.REQUIREMENTS:
        left_out |= BY_SCORE
    if not found.has_accept:
        left_out.add("accept")
    return [name for name in layout.columns if name not in left_out]


def _head(found: RankedList, name: str) -> Head:
    sort = SORTED_BY.get(name, "")
    if not sort:
        return Head(name, COLUMNS[name])
    is_sorted = "descending" if found.wanted.sort == sort else ""
    return Head(name, COLUMNS[name], replace(found.wanted, sort=sort, page=1).query(), is_sorted)


@dataclass(frozen=True)
class Detail:
    """One prediction with all that explains it; ``account``: None where none was stored."""

    prediction: Prediction
    words: InWords
    account: Account | None
    evidence: Evidence | None

    @property
    def version(self) -> ModelVersion:
        return self.prediction.model_version

    @property
    def is_unproven(self) -> bool:
        """Whether the model's order inside a job was not shown to beat chance."""
        return self.version.evidence == EvidenceVerdict.NONE


def prediction_detail(prediction: Prediction) -> Detail:
    version = prediction.model_version
    return Detail(
        prediction=prediction,
        words=words_of(prediction, version.metrics.get("base_rate")),
        account=account(prediction.reasons),
        evidence=evidence(version),
    )
