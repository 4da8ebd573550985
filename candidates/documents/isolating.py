"""Reading a file in a process of its own, which may die or hang without harm to the worker."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from candidates.documents.checking import Kind, Unreadable

MOST_ANSWERED = 4 * 1024 * 1024  # 200,000 characters and what was found in them, as JSON
BEYOND_CPU = 5  # seconds by the clock on top: a busy machine lets a process wait
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)


@dataclass(frozen=True)
class Limits:
    megabytes: int
    seconds: int
    pages: int

    @classmethod
    def set_here(cls) -> "Limits":
        return cls(
            megabytes=settings.DOCUMENT_MEGABYTES_OF_MEMORY,
            seconds=settings.DOCUMENT_SECONDS,
            pages=settings.DOCUMENT_PAGES,
        )


@dataclass(frozen=True)
class Read:
    kind: Kind
    text: str
    pages: int | None
    proposed: dict[str, Any]


def read_apart(data: bytes, *, limits: Limits | None = None) -> Read:
    """The text of a file and what it says. Raises ``Unreadable`` with the code of the reason."""
    limits = limits or Limits.set_here()
    try:
        ended = subprocess.run(
            _command(limits),
            input=data,
            capture_output=True,
            timeout=limits.seconds + BEYOND_CPU,
            cwd=settings.BASE_DIR,
            env=_bare_environment(),
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("timed_out") from error
    return _understood(ended)


def _command(limits: Limits) -> list[str]:
    asked = (limits.megabytes, limits.seconds, limits.pages)
    return [sys.executable, "-m", "candidates.documents.child", *map(str, asked)]


def _bare_environment() -> dict[str, str]:
    """No address of a database and no secret: a library that is taken over finds nothing to take."""
    kept = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | {"PYTHONNOUSERSITE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _understood(ended: "subprocess.CompletedProcess[bytes]") -> Read:
    if ended.returncode in OUT_OF_TIME:
        raise Unreadable("timed_out")
    if ended.returncode or len(ended.stdout) > MOST_ANSWERED:
        raise Unreadable("too_demanding" if b"MemoryError" in ended.stderr else "damaged")
    try:
        told = json.loads(ended.stdout)
    except ValueError as error:  # it died while it spoke
        raise Unreadable("damaged") from error
    if problem := told.get("problem"):
        raise Unreadable(str(problem))
    return Read(Kind(told["kind"]), told["text"], told["pages"], told["proposed"])
