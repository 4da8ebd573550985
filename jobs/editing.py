"""Jobs made and changed by people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from jobs import importing_derived
from jobs.models import Job, JobMember, JobStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CODE = "P-{number}"  # of jobs made here: no code of a source begins so


def create(job: Job, *, by: "User", code: str = "") -> Job:
    """Store a new job, by another system's ``code`` or by one of our own; who made it works on it."""
    with transaction.atomic():
        job.pk = _next_number()
        job.code = code or CODE.format(number=job.pk)
        job.requested_on = job.requested_on or timezone.localdate()
        # New to the database, though it has its key
        job.edited_at = job.status_set_at = timezone.now()
        job.save(force_insert=True)
        JobMember.objects.create(job=job, user=by)
        importing_derived.derive([job.pk])
    return job


class ChangedMeanwhile(Exception):
    """Somebody else saved the job since it was read."""


def stamp(job: Job) -> str:
    """Tells whether a job was edited since."""
    return job.edited_at.isoformat() if job.edited_at else ""


def save(job: Job, fields: Iterable[str], *, seen: str) -> Job:
    """Store ``fields`` as a person changed them: imports leave the job as it is from now on.

    Raises ``ChangedMeanwhile`` when it was edited since ``seen``; nothing is stored then.
    """
    with transaction.atomic():
        stored = Job.objects.select_for_update().only("edited_at").get(pk=job.pk)
        if stamp(stored) != seen:
            raise ChangedMeanwhile
        job.is_stub = False
        job.edited_at = job.updated_at = timezone.now()
        job.save(update_fields=[*fields, "is_stub", "edited_at", "updated_at"])
        importing_derived.derive([job.pk])
    return job


def set_status(job: Job, status: JobStatus, *, by_hand: bool = True) -> None:
    """``by_hand`` False gives the word back to the imports."""
    job.status, job.status_set_at = status, timezone.now() if by_hand else None
    job.updated_at = timezone.now()
    job.save(update_fields=["status", "status_set_at", "updated_at"])


def _next_number() -> int:
    """The next key of a job for which no source uses the code made of it."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('jobs_job', 'id'))")
            number = int(cursor.fetchone()[0])
            if not Job._base_manager.filter(code=CODE.format(number=number)).exists():
                return number
