"""At which stages people stand in open jobs: told to ``candidates.search.standing``, which knows no jobs."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from candidates.search import standing
from candidates.search.among import among
from jobs.models import PIPELINE, Job, JobStatus, Prospect, ProspectQuerySet, Stage

NOBODY = "SELECT NULL::bigint AS candidate_id, '' AS stage WHERE false"


def _in_open_jobs() -> ProspectQuerySet:
    # As an array the few open jobs are looked up by their index; joined, all prospects would be read
    jobs = ArraySubquery(Job.objects.filter(status=JobStatus.OPEN).order_by().values("pk"))
    return Prospect.objects.filter(among("job", jobs)).order_by()


def people_at(stages: Sequence[str]) -> Q:
    return Q(pk__in=_in_open_jobs().filter(stage__in=stages).values("candidate"))


def rows() -> tuple[str, tuple[Any, ...]]:
    """Each prospect of an open job. They are looked up person by person: so the job is joined."""
    found = Prospect.objects.filter(job__status=JobStatus.OPEN).order_by().values("candidate_id", "stage")
    try:
        sql, values = found.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return NOBODY, ()
    return str(sql), tuple(values)


def register() -> None:
    to_add = [(stage.value, stage.label) for stage in PIPELINE]
    standing.known.append(standing.Standing(Stage.choices, to_add, people_at, rows))
