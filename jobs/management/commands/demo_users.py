import secrets
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import Count

from candidates.viewing import GROUPS, Role
from jobs.models import Job, JobMember

NAMES = {
    "recruiter": Role.RECRUITER,
    "manager": Role.HIRING_MANAGER,
    "auditor": Role.AUDITOR,
    "integration": Role.INTEGRATION,
}
JOBS_OF_MANAGER = 2


class Command(BaseCommand):
    help = "Make one account for each role, with random passwords in a file; none that exists is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="where names and passwords are written, for the owner alone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        there = set(User.objects.filter(username__in=NAMES).values_list("username", flat=True))
        passwords = {name: secrets.token_urlsafe(12) for name in NAMES if name not in there}
        with transaction.atomic():
            for name, password in passwords.items():
                _make(name, password)
            _write(options["file"], passwords)
        self.stdout.write(f"made: {', '.join(passwords) or 'none, all are there'}")


def _make(name: str, password: str) -> None:
    group = next(group for group, role in GROUPS.items() if role == NAMES[name])
    user = User.objects.create_user(name, password=password)
    user.groups.add(Group.objects.get(name=group))
    if NAMES[name] == Role.HIRING_MANAGER:
        liveliest = Job.objects.open().annotate(people=Count("prospects")).order_by("-people", "-pk")
        for job in liveliest[:JOBS_OF_MANAGER]:
            JobMember.objects.create(job=job, user=user, part=JobMember.Part.HIRING_MANAGER)


def _write(file: Path, passwords: dict[str, str]) -> None:
    """Below what was written before: nobody else may read it."""
    if not passwords:
        return
    file.touch(mode=0o600)
    with file.open("a") as lines:
        lines.writelines(f"{name} {password}\n" for name, password in passwords.items())
