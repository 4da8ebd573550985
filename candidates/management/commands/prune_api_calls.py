import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from candidates.integration import calls


class Command(BaseCommand):
    help = "Remove calls of the API from before a day, for good: export what is still needed first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", required=True, help="2026-03-10: this day stays")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = datetime.date.fromisoformat(options["before"])
        except ValueError as error:
            raise CommandError("--before must be a day such as 2026-03-10.") from error
        earliest = timezone.localdate() - datetime.timedelta(days=calls.KEPT_DAYS)
        if day > earliest:
            raise CommandError(f"Calls are kept {calls.KEPT_DAYS} days: --before can be {earliest} at most.")
        self.stdout.write(f"{calls.prune(before=day):,} calls removed.")
