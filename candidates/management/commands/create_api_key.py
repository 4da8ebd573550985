import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from candidates.integration import keys
from candidates.integration.scopes import SCOPES


class Command(BaseCommand):
    help = "Make a key of the API and print it: this once, for only its digest is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="which system uses it")
        parser.add_argument(
            "--user", help="user name of the account it acts as; else a new integration account"
        )
        parser.add_argument("--scope", action="append", default=[], dest="scopes", help=", ".join(SCOPES))
        parser.add_argument("--network", action="append", default=[], dest="networks", help="203.0.113.0/24")
        parser.add_argument("--days", type=int, help="until it expires; else never")
        parser.add_argument("--per-minute", type=int, help="requests a minute, other than the setting")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        try:
            new = keys.create(
                options["name"],
                _user(options["user"]),
                scopes=options["scopes"],
                networks=options["networks"],
                expires=None if days is None else timezone.now() + datetime.timedelta(days=days),
                per_minute=options["per_minute"],
                by=None,
            )
        except (ValidationError, OverflowError) as error:
            raise CommandError("; ".join(getattr(error, "messages", ["--days is too large."]))) from error
        self.stderr.write(f"Acts as {new.key.user.get_username()}. The key, shown this once:")
        self.stdout.write(new.secret)


def _user(name: str | None) -> Any:
    if name is None:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account {name!r}.")
    return user
