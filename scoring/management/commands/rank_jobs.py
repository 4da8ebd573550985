"""Rank jobs here and now, as the pages would ask for one by one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F, QuerySet
from tqdm import tqdm

from candidates.models import RunState
from jobs.models import Job
from scoring import ranking, services
from scoring.models import ModelVersion


class Command(BaseCommand):
    help = "Rank the prospects and the pool for each job whose ranking is missing or stale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="jobs; all of them otherwise")
        parser.add_argument("--open", action="store_true", help="open jobs only")
        parser.add_argument("--limit", type=int, help="at most so many, newest first")
        parser.add_argument("--again", action="store_true", help="also those whose ranking still holds")

    def handle(self, *args: Any, **options: Any) -> None:
        if ModelVersion.objects.champion() is None:
            raise CommandError("No model is in use yet. Run `manage.py train` first.")
        services.reap_runs()
        jobs = list(chosen(options)[: options["limit"]])
        done = failed = current = 0
        for job in tqdm(jobs, unit="job", disable=not jobs):
            if not options["again"] and holds(job):
                current += 1
                continue
            row, _made = ranking.new_ranking(job)
            if row is None:
                break
            ranking.run(row)
            row.refresh_from_db()
            done, failed = done + (row.state == RunState.DONE), failed + (row.state == RunState.FAILED)
        self.stdout.write(f"Ranked {done} jobs; {current} were up to date, {failed} failed.")
        if failed:
            raise CommandError("Some rankings failed; their rows say why.")


def chosen(options: dict[str, Any]) -> QuerySet[Job]:
    jobs = Job.objects.open() if options["open"] else Job.objects.all()
    newest_first = jobs.order_by(F("requested_on").desc(nulls_last=True), "-pk")
    if options["codes"]:
        return newest_first.filter(code__in=options["codes"])
    return newest_first.filter(is_stub=False)


def holds(job: Job) -> bool:
    latest = ranking.latest(job)
    return latest is not None and not ranking.is_stale(latest)
