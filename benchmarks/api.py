"""``python -m benchmarks --only api``: predictions a second, by the whole stack, beside what is replaced.

Both services run at once with one worker each, and take turns: one is asked while the other waits, in rounds,
by the same load generator with the same bodies, so that whatever else the machine does troubles both alike.
Afterwards every answer must have been a 200 and have left its row, Peneira's also its row in the audit.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import api_services
from benchmarks.api_requests import batches, bodies
from benchmarks.api_services import Service
from benchmarks.load import Outcome, Plan, percentiles
from hiring_site import env

CONNECTIONS = 8
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))  # of a round
WARM_UP = 3.0
PATH, BATCH_PATH, REPLACED_PATH = "/api/v1/predict", "/api/v1/predict/batch", "/predict"
WANTED_RATIO = 4
BATCHES, READS = 20, 50
Say = Callable[..., None]


@dataclass
class Measured:
    """All rounds of one service."""

    service: Service
    a_second: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: int = 0

    def add(self, outcome: Outcome, processor_seconds: float) -> None:
        number = len(outcome.statuses)
        self.a_second.append(number / outcome.seconds)
        self.milliseconds += outcome.milliseconds
        self.processor.append(1000 * processor_seconds / number)
        self.answers += outcome.bodies
        self.refused += sum(status != 200 for status in outcome.statuses)

    @property
    def rate(self) -> float:
        return statistics.median(self.a_second)

    @property
    def p99(self) -> float:
        return next(percentiles(self.milliseconds, 99))

    def __str__(self) -> str:
        p50, p95, p99 = percentiles(self.milliseconds, 50, 95, 99)
        processor = statistics.median(self.processor)
        return (
            f"{self.rate:,.0f} requests/s (rounds {min(self.a_second):,.0f} to {max(self.a_second):,.0f}); "
            f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms; "
            f"{self.refused} of {len(self.answers):,} not 200; worker {processor:.2f} processor ms each"
        )


def measure(say: Say) -> None:
    """Prints a row for each service, for their ratio, for batches and for reading a ranking."""
    from candidates.integration import keys

    folder = env.var_dir()
    made = keys.create(
        "Benchmark", None, scopes=["predictions:write", "rankings:read"], by=None, per_minute=10**9
    )
    headers = {"x-api-key": made.secret}
    with _replaced_settings(folder) as settings, api_services.own(folder / "bench-peneira.log") as own:
        with api_services.replaced(folder / "bench-replaced.log", settings) as replaced:
            # By now its models are loaded beside: a worker that has just begun makes the first call wait
            say("api: first prediction of a worker", _first(own, headers), "some seconds after it began")
            _side_by_side(say, own, replaced, headers, settings)
        _batches(say, own, headers)
        _ranking(say, own, headers)
    keys.revoke(made.key, by=None)


def _first(own: Service, headers: dict[str, str]) -> float:
    return _loaded(_plan(own, headers, connections=1, seconds=0)).milliseconds[0] / 1000


# Side by side


def _side_by_side(
    say: Say, own: Service, replaced: Service, headers: dict[str, str], settings: dict[str, str]
) -> None:
    ours, theirs = Measured(own), Measured(replaced)
    plans = {
        PATH: (ours, headers),
        REPLACED_PATH: (theirs, {"x-api-key": settings["BASELINE_KEY"]}),
    }
    for path, (measured, sent) in plans.items():
        _loaded(_plan(measured.service, sent, path=path, seconds=WARM_UP))
    before = _stored_by_replaced(settings)
    for _round in range(ROUNDS):
        for path, (measured, sent) in plans.items():
            _round_of(measured, _plan(measured.service, sent, path=path, seconds=SECONDS))
    _check_own(ours)
    stored = _stored_by_replaced(settings) - before
    if stored != len(theirs.answers):
        raise SystemExit(f"the replaced service answered {len(theirs.answers)} and stored {stored}")
    load = "load average " + ", ".join(f"{one:.1f}" for one in os.getloadavg())
    say("api: replaced service", 1 / theirs.rate, f"{theirs}", peak=replaced.peak_mib)
    say("api: POST /api/v1/predict", 1 / ours.rate, f"{ours}; all stored and audited", peak=own.peak_mib)
    ratio = ours.rate / theirs.rate
    reached = ratio >= WANTED_RATIO and ours.p99 < theirs.p99
    verdict = "reached" if reached else "NOT REACHED"
    say(
        "api: how many times as many",
        None,
        f"{ratio:.2f} times; p99 {ours.p99:.1f} beside {theirs.p99:.1f} ms; wanted {WANTED_RATIO} times and "
        f"a lower p99: {verdict}; {load}",
    )


def _round_of(measured: Measured, plan: Plan) -> None:
    before = measured.service.processor_seconds
    outcome = _loaded(plan)
    measured.add(outcome, measured.service.processor_seconds - before)


def _plan(service: Service, headers: dict[str, str], **values: Any) -> Plan:
    settings: dict[str, Any] = {
        "port": service.port,
        "path": PATH,
        "method": "POST",
        "headers": headers,
        "bodies": bodies(_codes()),
        "connections": CONNECTIONS,
    }
    return Plan(**settings | values)


def _codes() -> list[int]:
    """Of people who are stored here, as far as they are numbers, as system B's are."""
    from candidates.models import Candidate

    codes = Candidate.objects.order_by("pk").values_list("code", flat=True)[:500]
    return [int(code) for code in codes if code.isdecimal()] or [31001]


def _loaded(plan: Plan) -> Outcome:
    """The outcome of the plan, carried out by a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        plan_file, outcome_file = Path(folder, "plan"), Path(folder, "outcome")
        plan_file.write_text(json.dumps(asdict(plan)))
        subprocess.run([sys.executable, "-m", "benchmarks.load", plan_file, outcome_file], check=True)
        return Outcome(**json.loads(outcome_file.read_text()))


def _check_own(ours: Measured) -> None:
    """Raises SystemExit when an answer left no prediction or no row in the audit."""
    from candidates.models import ApiCall
    from scoring.models import Prediction

    told = [json.loads(answer) for answer in ours.answers]
    ids = {one["prediction_id"] for one in told if "prediction_id" in one}
    stored = Prediction.objects.filter(pk__in=ids).count()
    seen = {one["correlation_id"] for one in told}
    audited = ApiCall.objects.filter(correlation_id__in=seen, status=200).count()
    if not stored == audited == len(told):
        raise SystemExit(f"of {len(told)} answers {stored} are stored and {audited} in the audit")


# What is replaced


@contextmanager
def _replaced_settings(folder: Path) -> Iterator[dict[str, str]]:
    """Its model, learned once, and its database beside Peneira's on the same server."""
    from django.db import connection
    from psycopg2.extensions import make_dsn

    from scoring.models import ModelVersion

    version = ModelVersion.objects.champion("prec80")
    if version is None:
        raise SystemExit("train a version of prec80 first: `python -m benchmarks --only train`")
    artefact = folder / f"replaced-{version.sha256[:12]}.joblib"
    if not artefact.exists():
        subprocess.run([sys.executable, "-m", "benchmarks.replaced_service.learning", artefact], check=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS peneira_replaced WITH (FORCE)")
        cursor.execute("CREATE DATABASE peneira_replaced")
    yield {
        "MODEL_ARTIFACT": str(artefact),
        "BASELINE_DATABASE": make_dsn(os.environ["DATABASE_URL"], dbname="peneira_replaced"),
        "BASELINE_KEY": "benchmark",
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE peneira_replaced WITH (FORCE)")


def _stored_by_replaced(settings: dict[str, str]) -> int:
    import psycopg2

    connection = psycopg2.connect(settings["BASELINE_DATABASE"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM inference_log")
            (found,) = cursor.fetchone() or (0,)
            return int(found)
    finally:
        connection.close()


# Alone


def _batches(say: Say, own: Service, headers: dict[str, str]) -> None:
    many = batches(_codes())
    plan = _plan(own, headers, path=BATCH_PATH, bodies=many, connections=1, seconds=0.0)
    spent, processor = [], own.processor_seconds
    for _one in range(BATCHES):
        outcome = _loaded(plan)
        if outcome.statuses != [200]:
            raise SystemExit(f"predict/batch answered {outcome.statuses}: {outcome.bodies[0][:300]}")
        spent += outcome.milliseconds
    server = _server_milliseconds(BATCH_PATH)
    each = 1000 * (own.processor_seconds - processor) / BATCHES
    say(
        "api: predict/batch of 1,000",
        statistics.median(spent) / 1000,
        f"server {statistics.median(server):.0f} ms, slowest {max(server):.0f}, of {len(server)}; "
        f"worker {each:.0f} processor ms; wanted 150",
        peak=own.peak_mib,
    )


def _server_milliseconds(route: str) -> list[float]:
    """What the audit says the last calls of this route took."""
    from candidates.models import ApiCall

    rows = ApiCall.objects.filter(route=route, status=200).order_by("-pk")[:BATCHES]
    return [row.milliseconds for row in rows if row.milliseconds is not None]


def _ranking(say: Say, own: Service, headers: dict[str, str]) -> None:
    from scoring.models import Ranking

    ranked = Ranking.objects.finished().select_related("job").order_by("-pk").first()
    if ranked is None:
        say("api: reading a ranking", None, "nobody has been ranked yet: --only rank_cold_and_warm")
        return
    path = f"/api/v1/jobs/{ranked.job.code}/ranking"
    plan = _plan(own, headers, path=path, method="GET", bodies=[""], connections=1, seconds=0.0)
    processor = own.processor_seconds
    outcomes = [_loaded(plan) for _one in range(READS)]
    each = 1000 * (own.processor_seconds - processor) / READS
    if any(outcome.statuses != [200] for outcome in outcomes):
        raise SystemExit(f"{path} answered {outcomes[0].statuses}: {outcomes[0].bodies[0][:300]}")
    spent = [outcome.milliseconds[0] for outcome in outcomes]
    p50, p99 = percentiles(spent, 50, 99)
    size = len(outcomes[0].bodies[0]) / 1000
    note = f"p99 {p99:.0f} ms; {size:.0f} kB; worker {each:.0f} processor ms; wanted 50"
    say("api: reading a ranking", p50 / 1000, note, peak=own.peak_mib)
