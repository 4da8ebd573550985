from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from candidates import services
from candidates.models import Candidate


class Command(BaseCommand):
    help = "Build the search index of candidates where it is missing; with --all, of everybody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also where it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = None
        if options["all"]:
            ids = list(Candidate.everyone.order_by("pk").values_list("pk", flat=True))
        self.stdout.write(f"{services.refresh_search(ids):,} people indexed.")
