"""Delivers what is due to webhooks, without a queue: what the workers do every few seconds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from candidates.integration import delivering


class Command(BaseCommand):
    help = "Sends every event that is due to the webhooks that wait for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--purge", action="store_true", help="also remove events older than PENEIRA_WEBHOOK_DAYS"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        attempts = sum(delivering.deliver_to(webhook) for webhook in delivering.waiting())
        self.stdout.write(f"Attempts: {attempts}")
        if options["purge"]:
            self.stdout.write(f"Events removed: {delivering.purge()}")
