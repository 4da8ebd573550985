"""Make a version again from its snapshot, and prove that it says the same."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from scoring.management.versions import version_named
from scoring.models import ModelVersion
from scoring.reproducing import NotReproducible, Reproduction, reproduce


class Command(BaseCommand):
    help = "Train a stored version again in memory and compare its predictions; exits with 1 if they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", metavar="VERSION", help="its number, such as 3 or v3")
        parser.add_argument("--json", action="store_true", help="print figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        version = version_named(options["version"])
        try:
            found = _with_progress(version)
        except NotReproducible as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_words(found))
        if not found.is_equal:
            raise CommandError(found.why())


def _with_progress(version: ModelVersion) -> Reproduction:
    with tqdm(total=100, desc=str(version), unit="%", bar_format="{desc}: {percentage:3.0f}%") as bar:
        return reproduce(version, progress=lambda share, stage: _show(bar, share))


def _show(bar: "tqdm[Any]", share: float) -> None:
    bar.update(round(100 * share) - bar.n)


def _words(found: Reproduction) -> str:
    lines = [
        f"Model v{found.version} ({found.recipe}), snapshot {found.snapshot[:12]}, {found.rows} rows, "
        f"{found.seconds} s",
        *(
            f"  {head.head:<7} largest difference of probabilities {_difference(head.probability)}, "
            f"of margins {_difference(head.margin)}"
            for head in found.heads
        ),
        *(
            f"  {change.what}: {change.then or 'not known'} then, {change.now or 'not known'} now"
            for change in found.changed
        ),
    ]
    return "\n".join([*lines, *([found.why()] if found.is_equal else [])])


def _difference(value: float | None) -> str:
    return "not comparable: only one of the two models has this head" if value is None else f"{value:.3g}"
