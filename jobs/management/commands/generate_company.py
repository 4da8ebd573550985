from __future__ import annotations

import math
import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from jobs.generator.company import DEFAULT_HIRE_RATE, DEFAULT_UNTIL, Made, Plan, generate
from jobs.generator.rule import JOBS_ONLY, PERSON_AND_JOB, RULES


class Command(BaseCommand):
    help = (
        "Write applicants.json, vagas.json and prospects.json of an invented recruiting company into DIR. "
        "The same arguments give the same bytes. Hires follow a known rule: the best possible AUC is printed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path, help="where the three files go")
        _add_company(parser)
        _add_files(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        plan, directory = _plan(options), options["directory"]
        _prepare(plan, directory, truth=options["truth"], force=options["force"])
        with _Bars(quiet=options["verbosity"] == 0) as bars:
            made = generate(plan, directory, truth=options["truth"], progress=bars)
        self.stdout.write(_summary(made, directory))


def _add_company(parser: ArgumentParser) -> None:
    """What company it is: all that decides about the bytes."""
    parser.add_argument("--candidates", type=int, default=400, metavar="N", help="people in applicants.json")
    parser.add_argument(
        "--jobs", type=int, default=60, metavar="M", help="jobs; about one in 600 is not in vagas.json"
    )
    parser.add_argument(
        "--prospects", type=int, default=700, metavar="P", help="applications, at most 25 a job"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument(
        "--rule",
        choices=RULES,
        default=PERSON_AND_JOB,
        help=f"what hires follow; {JOBS_ONLY}: the job alone, nothing that can be read of a candidate, "
        "so that no order inside a job beats chance (%(default)s)",
    )
    parser.add_argument(
        "--hire-rate",
        type=float,
        default=DEFAULT_HIRE_RATE,
        metavar="RATE",
        help="share of prospects hired (%(default)s, as in real files; a small company needs about 0.09)",
    )
    parser.add_argument(
        "--until",
        type=_day,
        default=DEFAULT_UNTIL,
        metavar="YYYY-MM-DD",
        help="last day of the five years (%(default)s)",
    )


def _add_files(parser: ArgumentParser) -> None:
    parser.add_argument("--gzip", action="store_true", help="write .json.gz")
    parser.add_argument(
        "--truth",
        type=Path,
        metavar="FILE",
        help="also write the truth of every prospect (.csv, .csv.gz). Columns: job, candidate (codes); "
        "probability of a hire before chance is drawn; hired (1 or 0); settled (1: decided before the "
        "last day and applied 90 days before it: these count in the printed AUCs); on_the_day: the "
        "probability averaged over what nobody knows then, the final number of the job's prospects; "
        "accepts: of those who are wanted, the share that says yes",
    )
    parser.add_argument("--force", action="store_true", help="overwrite files that are there already")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day: write it like 2026-10-31.") from error


def _plan(options: dict[str, Any]) -> Plan:
    names = ("candidates", "jobs", "prospects", "seed", "hire_rate", "until", "gzip", "rule")
    try:
        return Plan(**{name: options[name] for name in names})
    except ValueError as error:
        raise CommandError(str(error)) from error


def _prepare(plan: Plan, directory: Path, *, truth: Path | None, force: bool) -> None:
    """Fails before the first second of work is spent."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{directory} cannot be used as a directory: {error.strerror}.") from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise CommandError(f"{directory} is not writable.")
    targets = plan.paths(directory) + ([truth] if truth else [])
    if truth and not truth.parent.is_dir():
        raise CommandError(f"{truth.parent}, the place for the truth file, is no directory.")
    there = [path.name for path in targets if path.exists()]
    if there and not force:
        raise CommandError(
            f"{directory} already holds {', '.join(there)}: choose another directory or add --force."
        )


class _Bars(AbstractContextManager["_Bars"]):
    """One progress bar after the other, on standard error."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar: tqdm[Any] | None = None
        self._what = ""
        self._open: Callable[..., tqdm[Any]] = lambda what, total: tqdm(
            desc=what, total=total, disable=True if quiet else None, leave=False
        )

    def __call__(self, what: str, more: int, total: int) -> None:
        if what != self._what:
            self.__exit__()
            self._what, self._bar = what, self._open(what, total)
        if self._bar is not None:
            self._bar.update(more)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def _summary(made: Made, directory: Path) -> str:
    lines = [
        f"Wrote {made.candidates:,} candidates, {made.jobs:,} jobs and {made.prospects:,} prospects "
        f"to {directory}: {made.megabytes:.1f} MB in {made.seconds:.1f} s.",
        f"Hired: {made.hires:,} ({_share(made.hire_rate)} of the prospects). "
        f"Cut off before their decision by the last day: {made.undecided_at_the_end:,}.",
        f"Best possible AUC: {_figure(made.best_auc)} overall, "
        f"{_figure(made.best_auc_inside_jobs)} inside jobs "
        f"(mean of {made.jobs_with_both:,} jobs with hires and others).",
        f"Best possible from what is known on the day of application: {_figure(made.best_auc_on_the_day)} "
        f"overall, {_figure(made.best_auc_inside_jobs)} inside jobs, where the order is the same: the final "
        "number of prospects, which nobody knows yet, is one for all.",
    ]
    return "\n".join(lines)


def _share(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.1%}"


def _figure(value: float) -> str:
    return "not defined" if math.isnan(value) else f"{value:.3f}"
