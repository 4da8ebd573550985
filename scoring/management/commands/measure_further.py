"""Measure a stored version on further windows and keep the figures in its card."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring import checks, services, side_by_side
from scoring.management.running import run_here
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
        services.reap_runs()
        check, _made = checks.new(version, ModelCheck.Kind.FURTHER)
        run_here(check, lambda watch: checks.run(check, watch=watch), title=str(version), quiet=quiet)
        return check
