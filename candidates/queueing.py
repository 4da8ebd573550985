"""Work goes to the queue once its row can be read there."""

from typing import Any

from django.db import transaction


def send_on_commit(task: Any, pk: int | list[int]) -> None:
    """Send ``task`` the key of its row, or those of its rows, after the commit.

    A queue that is down is logged and stops nothing: the row waits for the reaper to send it again.
    """

    def send() -> None:  # a function, because Django logs its name, which a partial has none of
        task.delay(pk)

    transaction.on_commit(send, robust=True)
