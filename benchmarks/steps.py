"""One measured step a process: ``python -m benchmarks.steps NAME …``; prints a JSON object a line."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hiring_site import env

KIB_A_MIB = 1024


def main() -> None:
    name, *arguments = sys.argv[1:]
    STEPS[name](*arguments)


def _say(name: str, seconds: float | None = None, note: str = "", *, peak: float | None = None) -> None:
    row: dict[str, Any] = {"name": name, "note": note, "peak_mib": peak or _own_peak_mib()}
    if seconds is not None:
        row["seconds"] = seconds
    print(json.dumps(row), flush=True)


def _own_peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiring_site.settings")
    import django

    django.setup()


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    started = time.perf_counter()
    yield lambda: time.perf_counter() - started


def _manage(*command: str) -> tuple[float, float, str]:
    """Seconds, peak MiB and output of a management command in a process of its own."""
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(env.BASE_DIR / "manage.py"), *command], stdout=subprocess.PIPE, text=True
    )
    output = process.stdout.read() if process.stdout else ""
    _pid, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"manage.py {command[0]} failed:\n{output}")
    return time.perf_counter() - before, usage.ru_maxrss / KIB_A_MIB, output


# The company


def generate(candidates: str, jobs: str, prospects: str, folder: str) -> None:
    path = Path(folder)
    if not (path / "complete").exists():
        sizes = (f"--candidates={candidates}", f"--jobs={jobs}", f"--prospects={prospects}")
        seconds, peak, _output = _manage("generate_company", *sizes, "--seed=7", "--force", str(path))
        (path / "complete").write_text(f"{seconds} {peak}")
    seconds, peak = map(float, (path / "complete").read_text().split())
    megabytes = sum(file.stat().st_size for file in path.glob("*.json")) / 1e6
    _say("generate_company", seconds, f"{candidates} candidates, {megabytes:.0f} MB in all", peak=peak)


def simple_load(folder: str) -> None:
    """What most programs do: json.load, objects, bulk_create; into an empty table that is rolled back."""
    _django()
    from django.core.management import call_command
    from django.db import transaction

    from candidates.models import Candidate

    call_command("migrate", verbosity=0)

    def load() -> int:
        with Path(folder, "applicants.json").open() as file:
            records = json.load(file)
        people = [
            Candidate(
                code=f"bench-{code}",
                name=record["infos_basicas"]["nome"],
                email=record["infos_basicas"]["email"],
                cv_text=record["cv_pt"],
                raw={key: value for key, value in record.items() if key != "cv_pt"},
            )
            for code, record in records.items()
        ]
        Candidate.objects.bulk_create(people, batch_size=2000)
        return len(people)

    with _timed() as seconds, transaction.atomic():
        count = load()
        spent = seconds()
        transaction.set_rollback(True)
    _say("simple load, applicants alone", spent, f"{count / spent:,.0f} rows/s; json.load, bulk_create")


def import_(folder: str) -> None:
    from django.core.management import call_command

    _django()
    call_command("flush", interactive=False, verbosity=0) if _may_flush() else None
    call_command("migrate", verbosity=0)
    _import_row("import_data, empty database", folder)


def _may_flush() -> bool:
    """Only ever the database of the measurement itself."""
    from django.db import connection

    inside = "bench" in env.var_dir().parts
    with connection.cursor() as cursor:
        cursor.execute("SET peneira.allow_truncate = 'on'")
        return inside and bool(connection.introspection.table_names(cursor))


def import_again(folder: str) -> None:
    _import_row("import_data, the same again", folder)


def _import_row(name: str, folder: str) -> None:
    files = {"applicants": "applicants.json", "jobs": "vagas.json", "prospects": "prospects.json"}
    seconds, peak, _output = _manage(
        "import_data", *(f"--{kind}={Path(folder, file)}" for kind, file in files.items())
    )
    _django()
    from candidates.models import ImportRun

    run = ImportRun.objects.latest("pk")
    rows = sum(kind.get("read", 0) for kind in run.counts.values() if isinstance(kind, dict))
    steps = run.counts.get("seconds") or {}
    parts = ", ".join(f"{step} {spent:.1f} s" for step, spent in steps.items())
    _say(name, seconds, f"{rows:,} records, {rows / seconds:,.0f}/s; {parts}", peak=peak)


# Learning


def features() -> None:
    _django()
    from scoring import datasets, people
    from scoring.ml.blocks import prepare_jobs
    from scoring.ml.features import build_features
    from scoring.ml.history import prepare_history

    with _timed() as seconds:
        pairs, jobs, events = datasets.pairs(), datasets.jobs(), datasets.events()
        _say("frames of pairs, jobs, events", seconds(), f"{len(pairs):,} pairs, {len(jobs):,} jobs")
    with _timed() as seconds:
        text = people.text_model(pairs, jobs, progress=lambda share: None)
        _say("text model", seconds())
    ids = list(datasets.candidate_stamps())
    with _timed() as seconds:
        block = people.prepare(ids, text=text, progress=lambda share: None)
        _say("prepare candidates", seconds(), f"{len(ids):,} people, {len(ids) / seconds():,.0f}/s")
    with _timed() as seconds:
        job_block = prepare_jobs(jobs, text=text)
        _say("prepare jobs", seconds())
    history = prepare_history(events, jobs=datasets.job_keys())
    known = pairs[pairs["candidate_id"].isin(ids)]
    with _timed() as seconds:
        frame = build_features(known, candidates=block, jobs=job_block, events=history)
        _say("build features", seconds(), f"{frame.shape[0]:,} pairs x {frame.shape[1]} features")


def train() -> None:
    _django()
    from scoring.ml.recipes import RECIPES
    from scoring.models import TrainingRun

    for recipe in RECIPES:
        seconds, peak, _output = _manage("train", "--recipe", recipe)
        run = TrainingRun.objects.latest("pk")
        spent = run.details.get("seconds", {})
        parts = ", ".join(f"{step.lower()} {100 * took / seconds:.0f} %" for step, took in spent.items())
        _say(f"train {recipe}, rows to judged version", seconds, f"of that {parts}", peak=peak)


def rank_cold_and_warm() -> None:
    _django()
    from jobs.models import Job
    from scoring import ranking

    jobs = list(Job.objects.filter(is_stub=False, prospects__isnull=False).distinct().order_by("-pk")[:12])

    def rank(job: Job) -> float:
        row, _made = ranking.new_ranking(job)
        assert row is not None
        with _timed() as seconds:
            ranking.run(row)
            spent = seconds()
        row.refresh_from_db()
        assert row.state == "done", row.error
        return spent

    _say("rank a job, cold process", rank(jobs[0]), "reads the saved pool or prepares it")
    warm = [rank(job) for job in jobs[1:]]
    _say("rank a job, warm: all stages", statistics.median(warm), "scores, reasons, rows stored")


# Pages


def _page(url: str, times: int = 15) -> tuple[float, int]:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get_or_create(username="bench", is_superuser=True)[0])
    sizes, spent = [], []
    for _ in range(times):
        with _timed() as seconds:
            response = client.get(url)
            spent.append(seconds())
        assert response.status_code == 200, (url, response.status_code)
        sizes.append(len(response.content))
    return statistics.median(spent), sizes[-1]


def _pages(rows: dict[str, str]) -> None:
    for name, url in rows.items():
        spent, size = _page(url)
        _say(name, spent, f"median of 15, {size / 1000:.0f} kB uncompressed")


def job_page() -> None:
    _django()
    from django.core.management import call_command
    from django.urls import reverse

    from scoring.models import Ranking

    call_command("collectstatic", interactive=False, verbosity=0)
    ranked = Ranking.objects.finished().select_related("job").latest("pk").job
    _pages(
        {
            "page: jobs": reverse("jobs:job_list"),
            "page: job": reverse("jobs:job_detail", args=[ranked.code]),
            "page: job's ranking": reverse("scoring:job_ranking", args=[ranked.code]),
        }
    )


def candidate_search() -> None:
    _django()
    from django.urls import reverse

    from candidates.models import Candidate

    people = reverse("candidates:candidate_list")
    someone = Candidate.objects.exclude(cv_text="").latest("pk")
    _pages(
        {
            "page: candidates": people,
            "page: candidates, search": f"{people}?q=java+spring+-php",
            "page: candidates, skill filter": f"{people}?skill=java",
            "page: candidate": reverse("candidates:candidate_detail", args=[someone.code]),
        }
    )


def search() -> None:
    from benchmarks import searching

    with searching.copied_database():
        _django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)  # the company may have been imported by an older release
        call_command("collectstatic", interactive=False, verbosity=0)
        with _timed() as seconds:
            people = searching.enlarge()
            _say("copy people, build search vectors", seconds(), f"{people:,} people")
        searching.measure(_say)


def predict_one() -> None:
    _django()
    from scoring.ml.features import SYSTEM_B_FEATURES
    from scoring.prediction import predict_features

    values = dict.fromkeys(SYSTEM_B_FEATURES, 1.0) | {"salario_valor": 4000.0}
    with _timed() as seconds:
        predict_features(values)
        _say("predict, first in a process", seconds(), "loads the model")
    spent = []
    for _ in range(200):
        with _timed() as seconds:
            predict_features(values)
            spent.append(seconds())
    worst = sorted(spent)[int(len(spent) * 0.99)]
    _say("predict and store one", statistics.median(spent), f"p99 {1000 * worst:.1f} ms")


def api() -> None:
    """Predictions through the whole stack, beside the service that they replace."""
    from benchmarks import api

    _django()
    api.measure(_say)


STEPS: dict[str, Callable[..., None]] = {
    "generate": generate,
    "simple_load": simple_load,
    "import": import_,
    "import_again": import_again,
    "features": features,
    "train": train,
    "rank_cold_and_warm": rank_cold_and_warm,
    "job_page": job_page,
    "candidate_search": candidate_search,
    "search": search,
    "predict_one": predict_one,
    "api": api,
}

if __name__ == "__main__":
    main()
