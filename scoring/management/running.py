"""Long work of a command, with a bar that shows how far it is."""

import time
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from candidates.models import Run
from scoring import services


def run_here(run: Run, work: Callable[[Callable[[Any], None]], object], *, title: str, quiet: bool) -> None:
    """``work`` does it, telling the watcher it is given; when another process has it, that one is watched."""
    with tqdm(total=100, desc=title, bar_format="{desc}: {percentage:3.0f}% {postfix}", disable=quiet) as bar:
        work(lambda seen: _show(bar, seen))
        run.refresh_from_db()
        while not run.is_over:
            time.sleep(1)
            services.reap_runs()
            run.refresh_from_db()
            _show(bar, run)


def _show(bar: "tqdm[Any]", run: Run) -> None:
    bar.set_postfix_str(run.step, refresh=False)
    bar.update(max(0, run.percent - bar.n))
