"""Bring what is read from stored texts up to date: ``manage.py refresh``, after each program update."""

from typing import Any

from django.core.management.base import BaseCommand

from jobs import services


class Command(BaseCommand):
    help = (
        "Reads stored CVs and jobs again where the program now reads them differently: skills, requirements "
        "nobody edited, the search index, the status of jobs. What is up to date stays untouched."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, number in services.refresh().items():
            self.stdout.write(f"{name:>12}{number:>12,}")
