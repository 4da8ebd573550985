"""Who may see which jobs and whom blind review hides: told to ``candidates.viewing``, which knows no jobs."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from candidates import viewing
from candidates.models import ReviewPolicy
from candidates.viewing import Viewer
from jobs.models import Job, JobMember, JobStatus, Prospect, Stage, stages_from

LEFT = (Stage.REJECTED, Stage.WITHDRAWN)


def own_jobs(viewer: Viewer) -> Iterable[int]:
    return JobMember.objects.filter(user_id=viewer.user.pk or 0).values_list("job_id", flat=True)


def reveal_stage(job: Job, policy: ReviewPolicy) -> str:
    return job.reveal_stage or policy.reveal_stage


def _reached(policy: ReviewPolicy) -> Q:
    """Prospects at or past the stage that reveals them in their job."""
    own = Job.objects.exclude(reveal_stage="").order_by().values_list("reveal_stage", flat=True).distinct()
    stages = [(Q(job__reveal_stage=""), policy.reveal_stage)]
    stages += [(Q(job__reveal_stage=stage), stage) for stage in own]
    return reduce(or_, (of & Q(stage__in=stages_from(stage)) for of, stage in stages))


def hidden(viewer: Viewer) -> Iterable[int]:
    """Prospects of open blind jobs who have not come to the stage that reveals them."""
    if not Job.objects.filter(blind=True).exists():
        return ()
    waiting = Prospect.objects.filter(job__blind=True, job__status=JobStatus.OPEN)
    return waiting.exclude(_reached(viewer.policy)).values_list("candidate_id", flat=True)


def shown(viewer: Viewer) -> Iterable[int]:
    """Whoever reached the stage that reveals, in a job under blind review."""
    if viewer.policy.blind_for_all:
        found = Prospect.objects.filter(_reached(viewer.policy))
    elif Job.objects.filter(blind=True).exists():
        found = Prospect.objects.filter(_reached(viewer.policy), job__blind=True)
    else:
        return ()
    return found.values_list("candidate_id", flat=True)


def reachable(viewer: Viewer) -> Iterable[int]:
    """Prospects of a hiring manager's jobs at or past the stage from which contact data is shown."""
    stages = stages_from(viewer.policy.contact_stage)
    return Prospect.objects.filter(job__in=viewer.job_ids, stage__in=stages).values_list(
        "candidate_id", flat=True
    )


def register() -> None:
    viewing.own_jobs_by.append(own_jobs)
    viewing.identity_hidden_by.append(hidden)
    viewing.identity_shown_by.append(shown)
    viewing.contact_shown_by.append(reachable)
