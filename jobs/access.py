"""Who may see which jobs and whom blind review hides: told to ``candidates.viewing``, which knows no jobs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from candidates import viewing
from candidates.models import ReviewPolicy
from candidates.viewing import Viewer
from jobs.models import PIPELINE, Job, JobMember, JobStatus, Prospect, stages_from


def own_jobs(viewer: Viewer) -> Iterable[int]:
    return JobMember.objects.filter(user_id=viewer.user.pk or 0).values_list("job_id", flat=True)


def reveal_stage(job: Job, policy: ReviewPolicy) -> str:
    """The stage from which the candidates of a job are shown under blind review."""
    return job.reveal_stage or policy.reveal_stage


@dataclass(frozen=True)
class BlindJob:
    pk: int
    reveal_stage: str
    is_open: bool


def blind_jobs(viewer: Viewer) -> list[BlindJob]:
    """Asked once for a request."""
    if "blind jobs" not in viewer.memory:
        rows = Job.objects.filter(blind=True).order_by().values_list("pk", "reveal_stage", "status")
        found = [BlindJob(pk, stage, status == JobStatus.OPEN) for pk, stage, status in rows]
        viewer.memory["blind jobs"] = found
    return list(viewer.memory["blind jobs"])


def open_blind_jobs(viewer: Viewer) -> list[int]:
    return [job.pk for job in blind_jobs(viewer) if job.is_open]


def _reached(jobs: Iterable[BlindJob], policy: ReviewPolicy) -> Q:
    """Prospects of these jobs at or past the stage that reveals them there."""
    found = Q(pk__in=())
    by_stage: dict[str, list[int]] = {}
    for job in jobs:
        by_stage.setdefault(job.reveal_stage or policy.reveal_stage, []).append(job.pk)
    for stage, keys in by_stage.items():
        found |= Q(job__in=keys, stage__in=stages_from(stage))
    return found


def hidden(viewer: Viewer) -> Iterable[int]:
    """Prospects of open blind jobs who have not come to the stage that reveals them."""
    jobs = [job for job in blind_jobs(viewer) if job.is_open]
    if not jobs:
        return ()
    waiting = Prospect.objects.filter(job__in=[job.pk for job in jobs])
    return waiting.exclude(_reached(jobs, viewer.policy)).values_list("candidate_id", flat=True)


def shown(viewer: Viewer) -> Iterable[int]:
    """Whoever reached the stage that reveals, in a job under blind review.

    Who sees all jobs then knows the person; a hiring manager only when it was in an own job.
    """
    if viewer.policy.blind_for_all:
        reached = _reached_in_any(viewer.policy)
    elif jobs := blind_jobs(viewer):
        reached = _reached(jobs, viewer.policy)
    else:
        return ()
    if not viewer.sees_all_rows:
        reached &= Q(job__in=viewer.job_ids)
    return Prospect.objects.filter(reached).values_list("candidate_id", flat=True)


def _reached_in_any(policy: ReviewPolicy) -> Q:
    """The same for every job, each with its own stage or the company's."""
    own = Job.objects.exclude(reveal_stage="").order_by().values_list("reveal_stage", flat=True).distinct()
    found = Q(job__reveal_stage="", stage__in=stages_from(policy.reveal_stage))
    for stage in own:
        found |= Q(job__reveal_stage=stage, stage__in=stages_from(stage))
    return found


def reachable(viewer: Viewer) -> Iterable[int]:
    """Prospects of a hiring manager's jobs at or past the stage from which contact data is shown."""
    stages = stages_from(viewer.policy.contact_stage)
    return Prospect.objects.filter(job__in=viewer.job_ids, stage__in=stages).values_list(
        "candidate_id", flat=True
    )


def register() -> None:
    viewing.stages[:] = [(stage.value, stage.label) for stage in PIPELINE]
    viewing.own_jobs_by.append(own_jobs)
    viewing.identity_hidden_by.append(hidden)
    viewing.identity_shown_by.append(shown)
    viewing.contact_shown_by.append(reachable)
