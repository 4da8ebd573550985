from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from candidates.documents import filing


class Command(BaseCommand):
    help = "Remove stored CV files that no row knows any more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        if not dry_run:
            self.stdout.write(f"{filing.remove_strays()} removed.")
            return
        found = list(filing.strays())
        self.stdout.write("\n".join([*found, f"{len(found)} would be removed."]))
