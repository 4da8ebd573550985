"""Two who lock the same rows crosswise: the database lets one go on and stops the other, who tries again.
And people who must not be removed while something is written about them.
"""

import random
import time
from collections.abc import Callable, Collection
from typing import Final, TypeVar

from django.db import OperationalError, connection
from psycopg2.errors import DeadlockDetected, SerializationFailure

TRIES: Final = 5
LONGEST_PAUSE: Final = 0.2  # seconds; each waits another while, so that they do not meet again

Made = TypeVar("Made")


def was_crosswise(error: BaseException) -> bool:
    """Whether the database stopped a transaction for another's sake: nothing was wrong with it."""
    return isinstance(error, OperationalError) and isinstance(
        error.__cause__, DeadlockDetected | SerializationFailure
    )


def try_again(work: Callable[[], Made]) -> Made:
    """What ``work``, a transaction or a savepoint, makes; tried up to ``TRIES`` times when it was stopped."""
    for left in reversed(range(TRIES)):
        try:
            return work()
        except OperationalError as error:
            if not (left and was_crosswise(error)) or connection.needs_rollback:
                raise
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311  no secret
    raise AssertionError  # the last try returns or raises


def still_there(people: Collection[int]) -> set[int]:
    """Those of these people who were not removed meanwhile; nobody removes them while the transaction lasts.

    What took long to find out about somebody is written for these alone.
    """
    statement = "SELECT id FROM candidates_candidate WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(people)])
        return {pk for (pk,) in cursor.fetchall()}
