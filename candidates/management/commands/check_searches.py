from typing import Any

from django.core.management.base import BaseCommand

from candidates.search import watching


class Command(BaseCommand):
    help = "Look up every watched search and tell its owner of new matches."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{watching.check_all()} new matches.")
