"""What a ranking looks like to a recruiter: rows with their reasons in words, and the state of the work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.models import RunState
from jobs.models import Job, Prospect
from scoring import ranking as rankings
from scoring import reasons
from scoring.evidence import Evidence, evidence
from scoring.models import EvidenceVerdict, ModelVersion, Prediction, Ranking
from scoring.reason_table import Account, account

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = ["Detail", "Evidence", "Panel", "band", "evidence", "job_panel", "prediction_detail", "row"]

POOL_FIRST = 10
PROSPECTS_FIRST = 25
# Chance of a hire compared with the average application: from this ratio on, in these words
BANDS: tuple[tuple[float, str, Promise], ...] = (
    (3.0, "badge-good", _("far above average")),
    (1.5, "badge-leaf", _("above average")),
    (0.67, "", _("about average")),
    (0.0, "badge-warn", _("below average")),
)
PERSON = tuple(
    f"candidate__{name}" for name in ("code", "name", "headline", "city", "state", "is_stub", "updated_at")
)
SHOWN = (
    *("rank", "score", "accept_score", "group", "reasons", "requirements"),
    *("candidate_code", "ranking_id", "candidate_id"),
    *PERSON,
)


@dataclass(frozen=True)
class Band:
    style: str
    words: Promise


@dataclass(frozen=True)
class Gates:
    """The requirements of one sort, each with its words, its state and the quote behind it."""

    asked: list[dict[str, Any]]

    @property
    def met(self) -> int:
        return sum(requirement["state"] == "met" for requirement in self.asked)

    @property
    def total(self) -> int:
        return len(self.asked)

    @property
    def lacking(self) -> list[dict[str, Any]]:
        """Known to be met partly or not at all: what a recruiter looks at first."""
        return [requirement for requirement in self.asked if requirement["state"] in ("partly", "not_met")]

    @property
    def others(self) -> list[dict[str, Any]]:
        return [requirement for requirement in self.asked if requirement not in self.lacking]


@dataclass(frozen=True)
class Row:
    """One person as the list and the page of the prediction show them."""

    prediction: Prediction
    prospect: Prospect | None
    band: Band | None
    must: Gates
    nice: Gates
    speaks_for: list[str]
    speaks_against: list[str]


@dataclass(frozen=True)
class Group:
    """Some of the people of one group; ``total`` counts those that are not shown too."""

    rows: list[Row]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Unranked:
    """Prospects in order of application; ``total`` counts those that are not shown too."""

    prospects: list[Prospect]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.prospects)


@dataclass(frozen=True)
class Panel:
    """Everything a job's ranking shows. ``active``: the run under way; ``failed``: the newest, when it
    failed; ``ranking``: the one whose rows are shown; ``unranked``: the prospects while there is none."""

    job: Job
    champion: ModelVersion | None
    ranking: Ranking | None
    active: Ranking | None
    failed: Ranking | None
    stale: bool
    applied: Group
    pool: Group
    without_data: Group
    unranked: Unranked | None
    top_score: float
    evidence: Evidence | None

    @property
    def by_requirements(self) -> bool:
        """Whether people stand in the order of the requirements they meet, not in that of the score."""
        return self.ranking is not None and self.ranking.order == Ranking.Order.REQUIREMENTS

    @property
    def is_empty(self) -> bool:
        return not (self.applied.total or self.pool.total or self.without_data.total)

    @property
    def asks_nothing(self) -> bool:
        """Whether the job had no requirements when it was ranked."""
        rows = (*self.applied.rows, *self.pool.rows, *self.without_data.rows)
        return not any(row.must.total or row.nice.total for row in rows)

    @property
    def shows_accept(self) -> bool:
        rows = (*self.applied.rows, *self.pool.rows)
        return any(row.prediction.accept_score is not None for row in rows)

    @property
    def was_learned_from(self) -> bool:
        """Whether the model may know this job's outcomes: then its order looks better than it is."""
        if self.ranking is None or self.job.requested_on is None:
            return False
        windows = self.ranking.model_version.card.get("windows", [])
        measured_from = next((row["start"] for row in windows if row["name"] == "test"), None)
        return measured_from is not None and self.job.requested_on.isoformat() < measured_from

    @property
    def can_be_asked(self) -> bool:
        """Whether a new ranking can be asked for."""
        return self.champion is not None and self.active is None and not self.job.is_stub


def job_panel(job: Job, *, by: "User | None" = None, whole: bool = False) -> Panel:
    """The newest ranking of ``job``; asks for a new one when there is none or what it drew on has changed.

    A ranking that failed is not asked for again by itself, and none of a job of which only the code is
    known. ``whole`` shows everybody.
    """
    champion = ModelVersion.objects.champion()
    shown = rankings.latest_by(champion, job)
    newest = Ranking.objects.filter(job=job).select_related("model_version").first()
    failed = newest if newest is not None and newest.state == RunState.FAILED and not job.is_stub else None
    stale = shown is not None and rankings.differs(shown, champion)
    active = newest if newest is not None and not newest.is_over else None
    wanted = champion is not None and not job.is_stub and (shown is None or stale)
    if wanted and active is None and failed is None:
        active = rankings.request_ranking(job, by=by, champion=champion)
    groups = _groups(shown, whole=whole)
    return Panel(
        job=job,
        champion=champion,
        ranking=shown,
        active=active,
        failed=failed,
        stale=stale,
        applied=groups[Prediction.Group.PROSPECT],
        pool=groups[Prediction.Group.POOL],
        without_data=groups[Prediction.Group.NOT_RANKABLE],
        unranked=None if shown else _unranked(job, whole=whole),
        top_score=_top_score(groups),
        evidence=evidence(shown.model_version) if shown else None,
    )


def band(score: float | None, base_rate: float | None) -> Band | None:
    if score is None or not base_rate:
        return None
    _from, style, words = next(entry for entry in BANDS if score / base_rate >= entry[0])
    return Band(style, words)


@dataclass(frozen=True)
class Detail:
    """One prediction with all that explains it; ``account``: None where none was stored."""

    row: Row
    account: Account | None
    evidence: Evidence | None

    @property
    def version(self) -> ModelVersion:
        return self.row.prediction.model_version

    @property
    def is_unproven(self) -> bool:
        """Whether the model's order inside a job was not shown to beat chance."""
        return self.version.evidence == EvidenceVerdict.NONE


def prediction_detail(prediction: Prediction) -> Detail:
    version = prediction.model_version
    return Detail(
        row=row(prediction, None, version.metrics.get("base_rate")),
        account=account(prediction.reasons),
        evidence=evidence(version),
    )


# Rows


def _groups(ranking: Ranking | None, *, whole: bool) -> Mapping[str, Group]:
    people = _people(ranking) if ranking else {}
    prospects = _prospects(ranking) if ranking else {}
    base_rate = ranking.model_version.metrics.get("base_rate") if ranking else None
    limits = {Prediction.Group.PROSPECT: PROSPECTS_FIRST, Prediction.Group.POOL: POOL_FIRST}
    groups = {}
    for group in Prediction.Group:
        found = people.get(group, [])
        shown = found if whole else found[: limits.get(group, PROSPECTS_FIRST)]
        rows = [row(one, prospects.get(one.candidate_id or 0), base_rate) for one in shown]
        groups[group.value] = Group(rows, len(found))
    return groups


def _people(ranking: Ranking) -> Mapping[str, list[Prediction]]:
    found: dict[str, list[Prediction]] = {}
    stored = Prediction.objects.filter(ranking=ranking).select_related("candidate").only(*SHOWN)
    for one in stored.order_by("rank", "candidate_code"):
        found.setdefault(one.group, []).append(one)
    return found


def _prospects(ranking: Ranking) -> Mapping[int, Prospect]:
    stored = Prospect.objects.filter(job=ranking.job_id).defer("comment", "recruiter")
    return {prospect.candidate_id: prospect for prospect in stored}


def _unranked(job: Job, *, whole: bool) -> Unranked:
    found = list(job.prospects.in_order_of_application()[: None if whole else PROSPECTS_FIRST])
    cut = not whole and len(found) == PROSPECTS_FIRST
    return Unranked(found, job.prospects.count() if cut else len(found))


def row(prediction: Prediction, prospect: Prospect | None, base_rate: float | None) -> Row:
    return Row(
        prediction=prediction,
        prospect=prospect,
        band=band(prediction.score, base_rate),
        must=_gates(prediction, must=True),
        nice=_gates(prediction, must=False),
        speaks_for=_sentences(prediction, "for"),
        speaks_against=_sentences(prediction, "against"),
    )


def _gates(prediction: Prediction, *, must: bool) -> Gates:
    asked = (requirement for requirement in prediction.requirements if requirement["must"] is must)
    return Gates([requirement | {"text": reasons.requirement_text(requirement)} for requirement in asked])


def _sentences(prediction: Prediction, side: str) -> list[str]:
    return [reasons.describe(reason) for reason in prediction.reasons.get(side, [])]


def _top_score(groups: Mapping[str, Group]) -> float:
    return max(_scores(groups), default=1.0) or 1.0


def _scores(groups: Mapping[str, Group]) -> Iterator[float]:
    for group in groups.values():
        yield from (row.prediction.score for row in group.rows if row.prediction.score is not None)
