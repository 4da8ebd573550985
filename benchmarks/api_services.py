"""The two services that are measured side by side, each started as it would be run, with one worker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hiring_site import env, programs

READY_SECONDS = 120


@dataclass(frozen=True)
class Service:
    """A running service; ``worker``: the id of the process that answers."""

    name: str
    port: int
    worker: int

    @property
    def peak_mib(self) -> float:
        return int(self._status("VmHWM")) / 1024

    @property
    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _status(self, name: str) -> str:
        lines = Path(f"/proc/{self.worker}/status").read_text().splitlines()
        return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def own(log: Path) -> Iterator[Service]:
    """Peneira as ``make run`` serves it, with one worker."""
    command = [sys.executable, "-m", "gunicorn", *programs.WEB_OPTIONS, "--workers=1"]
    with _running("peneira", command, "--bind=127.0.0.1:{port}", "/health/live", log) as service:
        yield service


@contextmanager
def replaced(log: Path, settings: Mapping[str, str]) -> Iterator[Service]:
    options = ["--workers=1", "--loop=uvloop", "--http=httptools", "--no-access-log", "--log-level=warning"]
    command = [sys.executable, "-m", "uvicorn", "benchmarks.replaced_service.service:app", *options]
    with _running("replaced", command, "--port={port}", "/health", log, settings) as service:
        yield service


@contextmanager
def _running(
    name: str,
    command: list[str],
    address: str,
    health: str,
    log: Path,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Service]:
    port = _free_port()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, address.format(port=port)],
            cwd=env.BASE_DIR,
            env=os.environ | dict(settings or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}{health}", log)
        yield Service(name, port, _worker_of(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer; see {log}")


def _worker_of(process: int) -> int:
    """gunicorn answers in a child, uvicorn with one worker by itself."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(children[0]) if children else process
