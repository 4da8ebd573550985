"""How gunicorn serves: ``gunicorn --config python:hiring_site.web``, whoever starts it."""

import gc
import logging
import threading
from typing import Any

NEW_OBJECTS = 20_000  # after which garbage is looked for: a large answer makes some 5,000, and lets them go

logger = logging.getLogger(__name__)

wsgi_app = "hiring_site.wsgi"
workers = 2
threads = 8
timeout = 60
limit_request_line = 8190  # the longest there is: filters and cursors stand in addresses
keepalive = 30  # seconds: a new connection costs another system more than its prediction
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Load the models beside the first requests, so that none of them waits for LightGBM and files.

    After the fork: LightGBM hangs in a process that used threads and then forked.
    """
    threading.Thread(target=_begin, name="warm-up", daemon=True).start()


def _begin() -> None:
    _warm_up()
    settle()


def settle() -> None:
    """What is there now stays: else every few calls one waits while all of it is searched for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def _warm_up() -> None:
    from django.db import DatabaseError, connection

    from scoring.warming import warm_up

    try:
        warm_up()
    except DatabaseError as error:  # tables or server are not there yet: the first call loads them
        logger.warning("no model was loaded beforehand: %s", type(error).__name__)
    finally:
        connection.close()
