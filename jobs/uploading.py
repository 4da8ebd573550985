"""CVs uploaded for a job: told to ``candidates.documents``, which knows no jobs."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from candidates.documents import joining
from candidates.models import Candidate
from jobs.models import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class UploadsForJobs:
    def title(self, code: str) -> str | None:
        job = Job.objects.filter(code=code).only("title", "code").first()
        return (job.title or job.code) if job else None

    def url(self, code: str) -> str:
        return reverse("jobs:job_detail", kwargs={"code": code})

    def add(self, code: str, candidate: Candidate, *, by: "User") -> bool:
        from jobs import moving

        job = Job.objects.filter(code=code).first()
        if job is None:
            return False
        with transaction.atomic():
            moving.add(job, [candidate], by=by)
        return True

    def blind_codes(self) -> Any:
        return Job._base_manager.filter(blind=True).order_by().values("code")


def register() -> None:
    joining.register(UploadsForJobs())
