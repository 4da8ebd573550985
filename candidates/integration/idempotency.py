"""A write that is sent twice is done once: the answer is kept for a day under the caller's Idempotency-Key.

The first request stores its answer in the transaction of what it wrote. The second waits at the unique index
until the first has ended: two that arrive at once get one answer, and a crash leaves neither row nor answer.
"""

import datetime
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import LockNotAvailable
from rest_framework.exceptions import APIException

from candidates.models import IdempotentAnswer

KEPT: Final = datetime.timedelta(hours=24)
SECONDS_TO_WAIT: Final = 10
WELL_FORMED: Final = re.compile(r"[\x21-\x7e]{1,255}")
# Not an answer to what was asked, but to when or by whom: it may come out otherwise the next time
NOT_KEPT: Final = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}
)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False

    @property
    def is_kept(self) -> bool:
        return self.status < HTTPStatus.INTERNAL_SERVER_ERROR and self.status not in NOT_KEPT


class BadKey(APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_code = "invalid_idempotency_key"
    default_detail = _("Idempotency-Key must have 1 to 255 printable ASCII characters, without spaces.")


class KeyReused(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "idempotency_key_reused"
    default_detail = _(
        "This Idempotency-Key came with another request in the last 24 hours. A new request needs a new key."
    )


class StillAnswering(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "idempotency_in_progress"
    default_detail = _("The first request with this Idempotency-Key is still being answered. Send it again.")

    def __init__(self) -> None:
        super().__init__()
        self.wait = 1


class _NotKept(Exception):
    """Takes back what was written under a key whose answer is not kept."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def fingerprint(*parts: bytes) -> str:
    """sha256 over the parts, each with its length, so that none can pass for the next."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def answered_once(caller: str, key: str, same: str, produce: Callable[[], Answer]) -> Answer:
    """The answer of ``produce``, or the one that this caller's ``key`` has been given within a day.

    ``same`` is the fingerprint of the request. ``produce`` runs in a transaction that also keeps its answer;
    refusals by the server (500 and above), by identity and by rate are not kept, and take back what was
    written. Raises ``BadKey``, ``KeyReused``, ``StillAnswering`` and what ``produce`` raises.
    """
    if not WELL_FORMED.fullmatch(key):
        raise BadKey
    try:
        with transaction.atomic():
            _forget_the_old(caller, key)
            row = _claim(caller, key, same)
            if row is None:
                return _given(caller, key, same)
            answer = produce()
            if not answer.is_kept:
                raise _NotKept(answer)
            _keep(row, answer)
            return answer
    except _NotKept as refused:
        return refused.answer


def _forget_the_old(caller: str, key: str) -> None:
    old = IdempotentAnswer.objects.filter(caller=caller, key=key, created_at__lt=timezone.now() - KEPT)
    old.delete()


def _claim(caller: str, key: str, same: str) -> int | None:
    """The id of a new row; None when there is one already. Waits for one that is being written."""
    statement = """
        INSERT INTO candidates_idempotentanswer (caller, key, fingerprint, headers, body, created_at)
        VALUES (%s, %s, %s, '{}', '', %s) ON CONFLICT (caller, key) DO NOTHING RETURNING id
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{SECONDS_TO_WAIT}s"])
        try:
            cursor.execute(statement, [caller, key, same, timezone.now()])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise StillAnswering from None
            raise
        found = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    return None if found is None else int(found[0])


def _given(caller: str, key: str, same: str) -> Answer:
    row = IdempotentAnswer.objects.get(caller=caller, key=key)
    if row.fingerprint != same:
        raise KeyReused
    return Answer(row.status or HTTPStatus.OK, bytes(row.body), row.headers, replayed=True)


def _keep(row: int, answer: Answer) -> None:
    IdempotentAnswer.objects.filter(pk=row).update(
        status=answer.status, headers=dict(answer.headers), body=answer.body
    )


def purge() -> int:
    """Remove the answers that are no longer given again; how many there were."""
    return IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
