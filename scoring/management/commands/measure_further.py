"""Measure a stored version on further windows and keep the figures in its card."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from scoring import checks, services, side_by_side
from scoring.management.versions import version_named
from scoring.models import ModelCheck, ModelVersion


class Command(BaseCommand):
    help = (
        "Learn a version's recipe from its stored rows again on earlier times, on folds of jobs and with "
        "parts left out; its page shows the figures. What serves is not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", metavar="VERSION", help="its number, such as 3 or v3")

    def handle(self, *args: Any, **options: Any) -> None:
        version = version_named(options["version"])
        check = self.measure(version, quiet=options["verbosity"] == 0)
        if check.error:
            raise CommandError(check.error)
        version.refresh_from_db()
        card = version.card
        told = {"recipe": version.recipe, "back_tests": card["backtests"], **card}
        for section in (*side_by_side.back_tests(told), *side_by_side.ablation(told)):
            self.stdout.write(section.plain())

    def measure(self, version: ModelVersion, *, quiet: bool) -> ModelCheck:
        """Run it here; when another process has it, watch that one."""
        services.reap_runs()
        check, _made = checks.new(version, ModelCheck.Kind.FURTHER)
        with tqdm(
            total=100,
            desc=str(version),
            bar_format="{desc}: {percentage:3.0f}% {postfix}",
            disable=quiet,
        ) as bar:
            checks.run(check, watch=lambda seen: _show(bar, seen))
            check.refresh_from_db()
            while not check.is_over:
                time.sleep(1)
                services.reap_runs()
                check.refresh_from_db()
                _show(bar, check)
        return check


def _show(bar: "tqdm[Any]", check: ModelCheck) -> None:
    bar.set_postfix_str(check.step, refresh=False)
    bar.update(max(0, check.percent - bar.n))
