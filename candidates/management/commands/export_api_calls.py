import csv
import datetime
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F
from django.utils import timezone

from candidates.integration import calls
from candidates.models import ApiCall

# Column -> where it comes from
COLUMNS = {
    "id": "pk",
    "time": "at",
    "key": "key__prefix",
    "user": "user__username",
    "on_behalf_of": "on_behalf_of__username",
    "method": "method",
    "address": "route",
    "status": "status",
    "problem": "problem",
    "rows": "rows",
    "network": "network",
    "correlation_id": "correlation_id",
    "milliseconds": "milliseconds",
}


class Command(BaseCommand):
    help = "Write the calls of the API of one day as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", required=True, help="2026-03-10, in the site's time zone")
        parser.add_argument("--output", type=Path, help="a file; else the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = datetime.date.fromisoformat(options["day"])
        except ValueError as error:
            raise CommandError("--day must be a day such as 2026-03-10.") from error
        output: Path | None = options["output"]
        with output.open("w", newline="", encoding="utf-8") if output else nullcontext(sys.stdout) as file:
            written = _write(file, day)
        self.stderr.write(f"{written:,} calls.")


def _write(file: IO[str], day: datetime.date) -> int:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    rows = calls.of_day(ApiCall.objects.all(), day).order_by("pk")
    found = rows.values_list(*(F(source) for source in COLUMNS.values())).iterator(chunk_size=5000)
    written = 0
    for written, row in enumerate(found, start=1):  # noqa: B007  the last number is how many
        writer.writerow(
            timezone.localtime(cell).isoformat() if isinstance(cell, datetime.datetime) else cell
            for cell in row
        )
    return written
