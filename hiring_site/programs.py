"""The long-running programs: started, watched, started again, stopped.

Each runs in a session of its own, so that Ctrl-C reaches the launcher alone and it can stop them in order.
Their output goes to ``var/logs``.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hiring_site import env
from hiring_site.embedded import ServiceError

STOP_SECONDS = 15
READY_SECONDS = 60
RESTARTS, RESTART_WINDOW = 3, 60  # programs started again, within so many seconds
WEB_OPTIONS = ("--config", "python:hiring_site.web")
WORKER_OPTIONS = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle")


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Running:
    program: Program
    process: subprocess.Popen[bytes]
    log: Path


def programs(host: str, port: int) -> list[Program]:
    """The long-running commands; docker-compose.yml starts the same ones."""
    celery = (sys.executable, "-m", "celery", "-A", "hiring_site")
    worker = (*celery, "worker")
    gunicorn = (sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}")
    schedule = str(env.var_dir() / "celerybeat-schedule")
    return [
        Program("web", (*gunicorn, *WEB_OPTIONS)),
        Program("worker", (*worker, "-Q", "default", "-c", "2", "-n", "default@%h", *WORKER_OPTIONS)),
        Program("ml-worker", (*worker, "-Q", "ml", "--pool", "solo", "-n", "ml@%h", *WORKER_OPTIONS)),
        Program("beat", (*celery, "beat", "-s", schedule, "--loglevel", "WARNING", "--pidfile=")),
    ]


def start(program: Program) -> Running:
    log = env.var_dir() / "logs" / f"{program.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=env.BASE_DIR,
            preexec_fn=_die_with_parent(),
        )
    return Running(program, process, log)


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux a program ends with the launcher, even if that is killed outright."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1

    def ask() -> None:
        libc.prctl(set_parent_death_signal, signal.SIGTERM)

    return ask


def wait_until_ready(running: Sequence[Running], host: str, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        fail_if_ended(running)
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.1)
    raise ServiceError(f"The web server did not answer within {READY_SECONDS} s; see {running[0].log}.")


def has_ended(one: Running) -> bool:
    return one.process.poll() is not None


def start_again(one: Running, restarts: list[float]) -> Running:
    """A program that dies once is started anew; one that keeps dying ends everything, with its last words."""
    restarts[:] = [*(then for then in restarts if then > time.monotonic() - RESTART_WINDOW), time.monotonic()]
    if len(restarts) > RESTARTS:
        fail_if_ended([one])
    print(f"  {one.program.name} ended by itself and is started again; see {one.log}", flush=True)
    return start(one.program)


def fail_if_ended(running: Sequence[Running]) -> None:
    for one in running:
        if has_ended(one):
            tail = "\n".join(one.log.read_text(errors="replace").splitlines()[-10:])
            raise ServiceError(f"{one.program.name} ended by itself. The end of {one.log}:\n{tail}")


def stop(running: Sequence[Running]) -> None:
    if running:
        print("\n  Stopping …", flush=True)
    for one in running:
        if one.process.poll() is None:
            one.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for one in running:
        try:
            one.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            # A worker in the middle of a long task: its row is marked by the reaper, and can be queued again
            with contextlib.suppress(ProcessLookupError):
                os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()
