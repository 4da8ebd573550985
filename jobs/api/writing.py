"""Jobs made and changed by other systems, through the services of the pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from candidates.integration.bulk import Saved
from candidates.integration.words import Conflict
from jobs import editing
from jobs.api.job_serializers import JobCreateSerializer, checked
from jobs.forms import JobForm
from jobs.models import Job, JobStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class CodeTaken(Conflict):
    default_code = "code_taken"
    default_detail = _("There is a job with this code. Change it with PATCH, or send it to jobs/bulk.")


class ChangedMeanwhile(Conflict):
    default_code = "changed_meanwhile"
    default_detail = _("Somebody else saved this job just now. Read it again, then send the change.")


@transaction.atomic
def create(values: Mapping[str, Any], *, by: "User") -> Job:
    """Raises ValidationError and ``CodeTaken``."""
    job = checked(Job(), values).save(commit=False)
    try:
        with transaction.atomic():
            made = editing.create(job, by=by, code=values.get("code", ""))
    except IntegrityError as error:
        if "jobs_job_code" not in str(error):
            raise
        raise CodeTaken from None
    _set_status(made, values)
    return made


@transaction.atomic
def change(job: Job, values: Mapping[str, Any]) -> bool:
    """Writes what differs; whether anything did. Raises ValidationError and ``ChangedMeanwhile``."""
    seen, before = editing.stamp(job), {name: getattr(job, name) for name in JobForm.Meta.fields}
    job = checked(job, values).save(commit=False)
    fields = [name for name, value in before.items() if getattr(job, name) != value]
    if fields:
        try:
            editing.save(job, fields, seen=seen)
        except editing.ChangedMeanwhile:
            raise ChangedMeanwhile from None
    return _set_status(job, values) or bool(fields)


def _set_status(job: Job, values: Mapping[str, Any]) -> bool:
    wanted = values.get("status", job.status)
    if wanted == job.status:
        return False
    editing.set_status(job, JobStatus(wanted))
    return True


def upsert(values: Mapping[str, Any], *, by: "User") -> Saved:
    """A job by its code: made when there is none, else changed. Raises ValidationError."""
    job = Job.objects.select_for_update().filter(code=values["code"]).first()
    if job is not None:
        return Saved("updated" if change(job, values) else "unchanged", job.code)
    new = JobCreateSerializer(data=dict(values))
    new.is_valid(raise_exception=True)
    return Saved("created", create(new.validated_data, by=by).code)
