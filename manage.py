#!/usr/bin/env python
"""Django's command line, with the servers it needs."""

import os
import signal
import sys

from hiring_site import env
from hiring_site.embedded import ServiceError

# Commands that touch neither database nor queue
WITHOUT_SERVICES = frozenset(
    {"help", "version", "generate_company", "makemessages", "compilemessages", "collectstatic", "spectacular"}
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiring_site.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        if command.lstrip("-") not in WITHOUT_SERVICES:
            # Asked to end, leave in order: the last one to go stops the embedded servers
            signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
            env.provide_services()
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except (ServiceError, env.BadEnvironment) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
