"""What is derived from jobs after an import: requirements, search index, status."""

# ruff: noqa: S608  (statements are put together from names of tables and columns in this code only)

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from candidates.importing_records import cut
from candidates.importing_staging import copy_in, copy_line
from candidates.models import SEARCH_CONFIG
from candidates.services import Report, hold_import_lock
from jobs.models import Job

BATCH = 500
INACTIVE_AFTER_DAYS = 90

FACTS = ("title", "activities", "competences", "remarks", "seniority", "education", "english", "spanish")


def refresh_jobs(*, report: Report | None = None) -> int:
    """Propose requirements and build the search vector of jobs that are new or changed; how many.

    An import empties the vector of a job whose texts changed: that is the mark, so that an interrupted run is
    taken up by the next one. Requirements of such a job are proposed anew, unless people keep the
    list.
    """
    pending = list(Job.objects.filter(search_vector__isnull=True).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pending), BATCH):
        some = pending[start : start + BATCH]
        with transaction.atomic():
            hold_import_lock()
            derive(some)
        if report:
            report(start + len(some), len(pending))
    return len(pending)


def derive(ids: list[int]) -> None:
    """Requirements and search vector of these jobs; inside the caller's transaction."""
    _propose_requirements(ids)
    with connection.cursor() as cursor:
        cursor.execute(_FILL_SEARCH, [ids])


def _propose_requirements(ids: list[int]) -> None:
    # Held until the end, so that nobody begins to edit a list that is about to be made anew
    unedited = Job.objects.filter(pk__in=ids, requirements_edited_at=None).order_by("pk").select_for_update()
    jobs = list(unedited.values("pk", "is_stub", *FACTS))
    ids = [job["pk"] for job in jobs]
    lines = [line for job in jobs if not job["is_stub"] for line in _requirement_lines(job)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs_requirement WHERE job_id = ANY(%s)", [ids])
    copy_in("jobs_requirement", ("job_id", "kind", "value", "must", "quote"), lines)


def _requirement_lines(job: dict[str, Any]) -> Iterable[bytes]:
    from jobs.requirements import JobFacts, propose_requirements

    facts = JobFacts(**{name: job[name] for name in FACTS})
    drafts = {(draft.kind, draft.value[:80]): draft for draft in reversed(propose_requirements(facts))}
    for (kind, value), draft in reversed(drafts.items()):
        yield copy_line((job["pk"], kind, value, draft.must, cut(draft.quote, 400)))


_FILL_SEARCH = f"""
    UPDATE jobs_job SET search_vector =
        setweight(to_tsvector('{SEARCH_CONFIG}', title), 'A') ||
        setweight(to_tsvector('{SEARCH_CONFIG}', client || ' ' || left(competences, 50000)), 'B') ||
        setweight(to_tsvector('{SEARCH_CONFIG}', city || ' ' || state), 'C') ||
        setweight(to_tsvector('{SEARCH_CONFIG}', left(activities, 50000) || ' ' || left(remarks, 50000)), 'D')
    WHERE id = ANY(%s)"""


def refresh_statuses() -> int:
    """Filled: somebody was hired. Inactive: no application in the 90 days up to the newest one of all jobs.

    A job without applications is judged by the day it was requested; what a person said of a job stays. How
    many jobs changed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        hold_import_lock()
        # Days that have not come yet are typing slips of the source and would make every job inactive
        # Else the planner may still think the tables empty, and pair each job with each application
        cursor.execute("ANALYZE jobs_job (id), jobs_prospect (job_id, applied_on)")
        cursor.execute(_STATUSES, {"today": timezone.localdate(), "days": INACTIVE_AFTER_DAYS})
        return int(cursor.rowcount)


_STATUSES = """
    WITH newest AS (
        SELECT coalesce((SELECT max(applied_on) FROM jobs_prospect WHERE applied_on <= %(today)s),
                        (SELECT max(requested_on) FROM jobs_job WHERE requested_on <= %(today)s)) AS day
    ), activity AS (
        SELECT j.id, bool_or(p.outcome = 'hired') AS hired,
            coalesce(max(p.applied_on), j.requested_on) AS last
        FROM jobs_job j LEFT JOIN jobs_prospect p ON p.job_id = j.id GROUP BY j.id
    ), judged AS (
        SELECT id, CASE WHEN hired THEN 'filled' WHEN newest.day IS NULL THEN 'open'
            WHEN last IS NULL OR last < newest.day - %(days)s THEN 'inactive' ELSE 'open' END AS status
        FROM activity, newest
    )
    UPDATE jobs_job j SET status = judged.status FROM judged
    WHERE j.id = judged.id AND j.status <> judged.status AND j.status_set_at IS NULL"""
