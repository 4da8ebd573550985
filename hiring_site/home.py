"""What one person wants to know first: own jobs, what changed, who was found, how far to trust the model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from candidates.models import Candidate, Document, ImportRun, SavedSearch
from candidates.notices import Notice, notices
from candidates.viewing import Role, Viewer
from jobs.models import Job, JobMember, Prospect, Stage, StageChange
from monitoring.models import DriftReport
from scoring.evidence import Evidence, evidence
from scoring.models import ModelVersion, Promotion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

JOBS_SHOWN = 8
EVENTS_SHOWN = 12
NOTICES_SHOWN = 5
RECENT = timedelta(days=7)
JOB_FIELDS = ("code", "title", "client", "city", "state", "status", "requested_on", "blind")
MOVE_FIELDS = (
    *("to_stage", "changed_at", "changed_by__username", "changed_by__first_name"),
    *("prospect__job__code", "prospect__job__title"),
)


@dataclass(frozen=True)
class OpenJob:
    job: Job
    stages: list[tuple[Stage, int]]
    recent: int  # prospects of the last days

    @property
    def people(self) -> int:
        return sum(count for _stage, count in self.stages)


@dataclass(frozen=True)
class Moves:
    """Stage changes of one job that one person made to one stage on one day."""

    job: Job
    by: "User | None"
    to: str
    count: int
    at: datetime

    @property
    def stage(self) -> Stage:
        return Stage(self.to)


@dataclass(frozen=True)
class Home:
    jobs: list[OpenJob]
    mine: bool  # whether these are the person's own jobs, or the newest of all
    moves: list[Moves]
    searches: Sequence[SavedSearch]  # with ``found``: new matches
    waiting: int  # uploaded CVs to confirm
    news: list[Notice]
    champion: ModelVersion | None
    evidence: Evidence | None
    promotion: Promotion | None
    drift: DriftReport | None  # with ``alert_count``
    importing: ImportRun | None
    is_empty: bool = field(default=False)  # nothing was brought in yet


def home(user: "User", viewer: Viewer) -> Home:
    """All of it in a fixed number of queries; managers leave out what this person may not see."""
    jobs, mine = _jobs(user, viewer)
    champion = ModelVersion.objects.champion()
    return Home(
        jobs=_with_people(jobs),
        mine=mine,
        moves=_moves(user, jobs),
        searches=_searches(user),
        waiting=_waiting(user),
        news=notices(user, limit=NOTICES_SHOWN),
        champion=champion,
        evidence=evidence(champion) if champion else None,
        promotion=Promotion.objects.filter(version=champion).first() if champion else None,
        drift=_drift(champion),
        importing=ImportRun.objects.active().first() if user.is_staff else None,
        is_empty=not jobs and viewer.sees_all_rows and not Candidate.objects.exists(),
    )


def _jobs(user: "User", viewer: Viewer) -> tuple[list[Job], bool]:
    newest = Job.objects.open().filter(is_stub=False).only(*JOB_FIELDS).order_by("-requested_on", "-pk")
    own = list(newest.filter(Exists(JobMember.objects.filter(job=OuterRef("pk"), user=user)))[:JOBS_SHOWN])
    if own or viewer.role == Role.HIRING_MANAGER:
        return own, True
    return list(newest[:JOBS_SHOWN]), False


def _with_people(jobs: Sequence[Job]) -> list[OpenJob]:
    standing = Prospect.objects.filter(job__in=jobs).order_by()
    counted: dict[int, dict[str, int]] = {}
    for job, stage, count in standing.values_list("job", "stage").annotate(n=Count("pk")):
        counted.setdefault(job, {})[stage] = count
    since = timezone.localdate() - RECENT
    recent = dict(standing.filter(applied_on__gte=since).values_list("job").annotate(n=Count("pk")))
    return [
        OpenJob(
            job,
            [(stage, counted[job.pk][stage]) for stage in Stage if stage in counted.get(job.pk, {})],
            recent.get(job.pk, 0),
        )
        for job in jobs
    ]


def _moves(user: "User", jobs: Sequence[Job]) -> list[Moves]:
    """What others did in these jobs, several moves at once as one line."""
    recent = (
        StageChange.objects.filter(
            prospect__job__in=jobs, source="person", changed_at__gte=timezone.now() - RECENT
        )
        .exclude(changed_by=user)
        .select_related("changed_by", "prospect__job")
        .only(*MOVE_FIELDS)
        .order_by("-pk")[: 20 * EVENTS_SHOWN]
    )
    found: dict[tuple[object, ...], list[StageChange]] = {}
    for change in recent:
        day = timezone.localtime(change.changed_at).date()
        key = (change.prospect.job_id, change.changed_by_id, change.to_stage, day)
        found.setdefault(key, []).append(change)
    return [
        Moves(some[0].prospect.job, some[0].changed_by, some[0].to_stage, len(some), some[0].changed_at)
        for some in list(found.values())[:EVENTS_SHOWN]
    ]


def _searches(user: "User") -> Sequence[SavedSearch]:
    """Watched searches, those with news first."""
    new = Count("matches", filter=Q(matches__seen_at=None) & Q(matches__isnull=False))
    own = SavedSearch.objects.filter(owner=user, watched=True)
    return list(own.annotate(found=new).order_by("-found", "name"))


def _waiting(user: "User") -> int:
    """CVs this person uploaded whose fields nobody has confirmed."""
    own = Document.objects.filter(uploaded_by=user, candidate=None, discarded_at=None)
    return own.filter(state=Document.State.PARSED).count()


def _drift(champion: ModelVersion | None) -> DriftReport | None:
    if champion is None:
        return None
    reports = DriftReport.objects.filter(model_version=champion).annotate(alert_count=Count("alerts"))
    return reports.order_by("-day").first()
