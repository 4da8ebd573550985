from typing import Any

from django.core.management.base import BaseCommand

from candidates.documents import expiring


class Command(BaseCommand):
    help = "Delete uploaded files that nobody confirmed in time, and tell uploaders of those that come next."

    def handle(self, *args: Any, **options: Any) -> None:
        done = expiring.expire()
        self.stdout.write(f"{done.deleted} deleted, {done.warned} announced.")
