"""Every page as a recruiter gets it: queries, milliseconds on the server, kilobytes sent.

``python -m benchmarks.pages --page docs/pages.md``. The database is the measurement's own (``make bench``
fills it: steps generate, import, train, rank_cold_and_warm), or that of ``PENEIRA_VAR``.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from hiring_site import env, web

TIMES = 15
LIMIT_MS, LIMIT_FIRST_KB, LIMIT_NEXT_KB = 100, 250, 40


class Measured(NamedTuple):
    name: str
    address: str
    queries: int
    milliseconds: float  # the median
    slowest: float
    kilobytes: float  # as sent, the page alone


def main() -> None:
    options = _parse()
    if "PENEIRA_VAR" not in os.environ:
        os.environ["PENEIRA_VAR"] = str(env.BASE_DIR / "var" / "bench")
    env.provide_services()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiring_site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    client, viewer = _recruiter()
    pages = list(_pages(viewer))
    for _name, address in pages:  # what is computed once a process is not the page's
        client.get(address)
    _work_off()
    web.settle()  # as a web worker does
    paces, spent = _rounds(client, pages)
    measured = [
        _measured(client, name, address, milliseconds)
        for (name, address), milliseconds in zip(pages, spent, strict=True)
    ]
    table = "\n".join(_lines(measured, _assets(client), paces))
    print(table)
    if options.page:
        Path(options.page).write_text(table + "\n")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", help="write the table to this file")
    return parser.parse_args()


def _recruiter() -> tuple[Any, Any]:
    """A signed-in recruiter who works on the three newest open jobs that were ranked."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from jobs.models import Job, JobMember

    user, _made = User.objects.get_or_create(username="bench-recruiter")
    user.groups.add(Group.objects.get(name="Recruiters"))
    for job in Job.objects.filter(rankings__state="done").distinct().order_by("-pk")[:3]:
        JobMember.objects.get_or_create(job=job, user=user)
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_ENCODING="gzip")  # as every browser
    client.force_login(user)
    return client, user


def _work_off() -> None:
    """The rankings that the pages asked for, as a worker does: no page is measured while it waits for one."""
    from scoring import ranking
    from scoring.models import Ranking

    for asked in Ranking.objects.active():
        ranking.run(asked)


def _pages(user: Any) -> Iterator[tuple[str, str]]:
    """Name and address of every page; the job is that with the most prospects of those ranked."""
    from django.db.models import Count
    from django.urls import reverse

    from candidates.models import Candidate
    from jobs.models import Job
    from scoring.models import ModelVersion, Prediction

    ranked = Job.objects.filter(rankings__state="done", is_stub=False)
    job = ranked.annotate(n=Count("prospects", distinct=True)).order_by("-n", "-pk")[0]
    person = Candidate.objects.filter(prospects__job=job, is_stub=False).exclude(cv_text="").order_by("pk")[0]
    some = list(Candidate.objects.filter(prospects__job=job, is_stub=False).order_by("pk")[:3])
    prediction = Prediction.objects.filter(ranking__job=job, candidate=person).latest("created_at")
    version = ModelVersion.objects.champion()
    assert version is not None
    people = reverse("candidates:candidate_list")

    def of_job(name: str) -> str:
        return reverse(name, args=[job.code])

    def of_person(name: str) -> str:
        return reverse(name, args=[person.code])

    yield "home", reverse("home")
    yield "news", reverse("notifications")
    yield "jobs", reverse("jobs:job_list")
    yield "a job", of_job("jobs:job_detail")
    yield "a job's ranking", of_job("scoring:job_ranking")
    yield "a job's board", of_job("jobs:board")
    yield "a job's requirements", of_job("jobs:requirements")
    yield "a job's team and blind review", of_job("jobs:access")
    yield "weights of a job", of_job("scoring:weights")
    yield "edit a job", of_job("jobs:job_edit")
    yield "create a job", reverse("jobs:job_new")
    yield "more like somebody", reverse("scoring:more_like", args=[job.code, person.code])
    yield "three candidates side by side", _with(of_job("scoring:compare"), "c", [one.code for one in some])
    yield "candidates", people
    yield "candidates, words", f"{people}?q=java+spring+-php"
    yield "candidates, a common word", f"{people}?q=desenvolvedor"
    yield "candidates, a name", f"{people}?q=nome:maria"
    yield "saved searches", reverse("candidates:searches")
    yield "a candidate", of_person("candidates:candidate_detail")
    yield "a candidate's prospects", of_person("jobs:candidate_prospects")
    yield "a candidate's predictions", of_person("scoring:candidate_predictions")
    yield "similar candidates", of_person("scoring:similar")
    yield "other jobs for somebody", of_person("scoring:other_jobs")
    yield "a candidate's documents", of_person("candidates:documents")
    yield "edit a candidate", of_person("candidates:candidate_edit")
    yield "create a candidate", reverse("candidates:candidate_new")
    yield "upload CVs", reverse("candidates:upload")
    yield "possible duplicates", reverse("candidates:duplicates")
    yield "a prediction", prediction.get_absolute_url()
    yield "try a candidate", reverse("scoring:try_candidate")
    yield "models", reverse("scoring:model_list")
    yield "a model", version.get_absolute_url()
    yield "drift", reverse("monitoring:drift")


def _with(address: str, name: str, values: list[str]) -> str:
    return f"{address}?" + "&".join(f"{name}={value}" for value in values)


def _rounds(client: Any, pages: list[tuple[str, str]]) -> tuple[list[float], list[list[float]]]:
    """One page after the other, and all again: a shared machine is slow for seconds, and no page shall have
    these to itself. How long a loop takes that is always the same, and each page, in ms by round."""
    paces: list[float] = []
    spent: list[list[float]] = [[] for _page in pages]
    for _ in range(TIMES):
        paces.append(_timed(lambda: sum(range(1_000_000))))
        for (_name, address), times in zip(pages, spent, strict=True):
            times.append(_timed(partial(_fetch, client, address)))
    return paces, spent


def _fetch(client: Any, address: str) -> bytes:
    body: bytes = client.get(address).getvalue()
    return body


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _measured(client: Any, name: str, address: str, milliseconds: list[float]) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200, (name, address, response.status_code)
    sent = len(response.getvalue()) / 1000
    return Measured(name, address, len(asked), statistics.median(milliseconds), max(milliseconds), sent)


def _assets(client: Any) -> float:
    """Kilobytes of style, script, icons and fonts of a first visit, as they are sent."""
    import re

    from django.conf import settings

    html = client.get("/", HTTP_ACCEPT_ENCODING="identity").content.decode()
    named = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    total = 0.0
    for name in named:
        path = Path(settings.STATIC_ROOT) / name
        packed = [path.with_name(path.name + ending) for ending in (".br", ".gz")]
        total += min(file.stat().st_size for file in (path, *packed) if file.is_file()) / 1000
    return total


def _lines(measured: list[Measured], assets: float, paces: list[float]) -> Iterator[str]:
    from candidates.models import Candidate
    from jobs.models import Prospect

    people, prospects = Candidate.objects.count(), Prospect.objects.count()
    yield "# Every page: queries, milliseconds, kilobytes"
    yield ""
    yield (
        f"Printed by `python -m benchmarks.pages` on {date.today().isoformat()} with {people:,} candidates "
        f"and {prospects:,} prospects; median and slowest of {TIMES} rounds over all pages, on the server, "
        "one process, warm, two shared cores, compressing included. Kilobytes as they are sent (gzip)."
    )
    yield ""
    yield (
        f"While it ran, one and the same loop took {min(paces):.0f} to {max(paces):.0f} ms, in the median "
        f"{statistics.median(paces):.0f}: so much the speed of the machine itself differs."
    )
    yield ""
    yield (
        f"A first visit also loads {assets:.0f} KB of style, script, icons and fonts, kept by the browser. "
        f"Limits: {LIMIT_MS} ms, {LIMIT_FIRST_KB} KB on the first visit, {LIMIT_NEXT_KB} KB later."
    )
    yield ""
    yield "| page | queries | ms | slowest | KB | |"
    yield "|---|---:|---:|---:|---:|---|"
    for row in measured:
        over = [
            *(["slow"] if row.milliseconds > LIMIT_MS else []),
            *(["heavy"] if row.kilobytes > LIMIT_NEXT_KB else []),
        ]
        figures = f"{row.queries} | {row.milliseconds:.0f} | {row.slowest:.0f} | {row.kilobytes:.1f}"
        yield f"| {row.name} | {figures} | {', '.join(over)} |"


if __name__ == "__main__":
    main()
