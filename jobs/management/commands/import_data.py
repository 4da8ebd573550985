"""Import source files: ``manage.py import_data --applicants F --jobs F --prospects F``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from candidates.importing_source import KINDS
from candidates.models import ImportRun, RunState
from jobs import services

SHOWN_REJECTIONS = 20
COLUMNS = ("read", "created", "updated", "unchanged", "rejected", "duplicates", "stubs")


class Command(BaseCommand):
    help = (
        "Imports candidates, jobs and prospects from files of the source format (.json, .json.gz, .zip "
        "with one file, JSON Lines). What is there and equal stays untouched: importing twice does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for kind in KINDS:
            parser.add_argument(f"--{kind}", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        files = {kind: Path(options[kind]) for kind in KINDS if options[kind]}
        if not files:
            raise CommandError("Name at least one file: --applicants, --jobs or --prospects.")
        run = services.make_import(files)
        with tqdm(
            total=100, unit="%", disable=None, bar_format="{desc:<28} {percentage:3.0f}% |{bar}|"
        ) as bar:
            services.run_import(run, on_progress=lambda progress, step: _show(bar, progress, step))
        self._print_result(run)

    def _print_result(self, run: ImportRun) -> None:
        if run.state != RunState.DONE:
            raise CommandError(run.error)
        self.stdout.write("".join(f"{name:>12}" for name in ("", *COLUMNS)))
        for kind in KINDS:
            if counts := run.counts.get(kind):
                self.stdout.write(
                    "".join([f"{kind:>12}", *(f"{counts.get(name, 0):>12,}" for name in COLUMNS)])
                )
        self._print_rejections(run)
        seconds = ", ".join(f"{name} {value:g}" for name, value in run.counts["seconds"].items())
        self.stdout.write(f"Seconds: {seconds}")

    def _print_rejections(self, run: ImportRun) -> None:
        for record in run.rejected.all()[:SHOWN_REJECTIONS]:
            place = " ".join(filter(None, (record.kind, record.key, record.field)))
            self.stdout.write(f"{place}: {record.reason}")
        if (more := run.rejected.count() - SHOWN_REJECTIONS) > 0:
            self.stdout.write(f"… and {more:,} more, listed with import {run.pk}")


def _show(bar: "tqdm[Any]", progress: float, step: str) -> None:
    bar.set_description_str(step, refresh=False)
    bar.update(int(100 * progress) - bar.n)
