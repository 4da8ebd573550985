"""Print the measured quality of the versions in use as Markdown."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.models import ModelVersion
from scoring.reporting import markdown


class Command(BaseCommand):
    help = "Print the measured quality of the versions in use, or of one version, as Markdown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--number", type=int, help="one version only")

    def handle(self, *args: Any, **options: Any) -> None:
        versions = ModelVersion.objects.order_by("recipe")
        if options["number"]:
            versions = versions.filter(number=options["number"])
        else:
            versions = versions.filter(state=ModelVersion.State.CHAMPION)
        if not versions:
            raise CommandError("There is no such version. `manage.py train` makes one.")
        self.stdout.write("\n".join(markdown(version) for version in versions))
