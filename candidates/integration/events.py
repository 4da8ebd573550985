"""What happened here, for webhooks to tell: kept in the transaction in which it did, sent once that holds.

Services call ``emit`` or ``emit_each``. Nobody is named in an event: who it is about is ``person(key)``, and
``told`` puts in its place what the reader may know, the code or the token of blind review.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import monotonic
from typing import Any, Final

from django.db import connection, transaction

from candidates import veiling, viewing
from candidates.models import Candidate, Delivery, Event, EventKind, Webhook
from candidates.viewing import Viewer

logger = logging.getLogger(__name__)

Data = Mapping[str, Any]

PERSON: Final = "~person"  # the key of a person's place in stored data; no payload has it
GONE: Final = "code"  # beside it: the code of somebody whose row is removed
AT_ONCE = 1000  # rows of one INSERT
SPACING = 1.0  # seconds between two messages for one webhook, of one process
EXPIRES = 600.0  # seconds: the sweep has long done what such a message asks for

_sent: dict[uuid.UUID, float] = {}  # when the last message for a webhook comes, on this process's clock


def person(candidate_id: int | None, *, gone: str = "") -> dict[str, Any] | None:
    """The place of somebody in an event's data. ``gone``: the code, when the row is being removed."""
    if candidate_id is None:
        return None
    return {PERSON: candidate_id, GONE: gone} if gone else {PERSON: candidate_id}


def emit(kind: EventKind, data: Data | Callable[[], Data]) -> None:
    """Tell of one event. Called where it happened, inside its transaction.

    When no webhook listens that is one query, and ``data`` is not asked for when it is a function.
    """
    emit_each(kind, lambda: [data() if callable(data) else data])


def emit_each(kind: EventKind, data: Callable[[], Iterable[Data]]) -> None:
    """As ``emit``, for what happened at once: each of ``data`` is an event of its own."""
    listening = _listening(kind)
    if not listening:
        return
    with transaction.atomic():
        events = [Event(kind=kind, data=dict(one)) for one in data()]
        _keep(events, listening)


def is_heard(kind: EventKind) -> bool:
    """Whether any webhook listens: where a transaction for nobody would cost too much."""
    return bool(_listening(kind))


def _listening(kind: EventKind) -> list[uuid.UUID]:
    """Each prediction asks this: as plain SQL it takes a tenth of what making a queryset takes."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTENING, [[kind.value]])
        return [pk for (pk,) in cursor.fetchall()]


_LISTENING = "SELECT id FROM candidates_webhook WHERE disabled_at IS NULL AND events @> %s::varchar[]"


def emit_to(webhook: Webhook, kind: EventKind, data: Data) -> Delivery:
    """One event for one webhook, whether or not it listens: a test."""
    with transaction.atomic():
        (delivery,) = _keep([Event(kind=kind, data=dict(data))], [webhook.pk])
    return delivery


def _keep(events: Sequence[Event], webhooks: Sequence[uuid.UUID]) -> list[Delivery]:
    Event.objects.bulk_create(events, batch_size=AT_ONCE)
    rows = [Delivery(webhook_id=webhook, event=event) for event in events for webhook in webhooks]
    kept = Delivery.objects.bulk_create(rows, batch_size=AT_ONCE)
    for webhook in webhooks if events else ():
        kick(webhook)
    return kept


def kick(webhook: uuid.UUID) -> None:
    """Let a worker deliver what is due, after the commit; a queue that is down leaves it to the sweep."""
    # A function, because Django logs its name, which a partial has none of
    transaction.on_commit(lambda: _send(webhook), robust=True)


def _send(webhook: uuid.UUID) -> None:
    """One message for what happens within a second: a thousand people in one request need no thousand."""
    from candidates.tasks import deliver_to_webhook

    now, last = monotonic(), _sent.get(webhook, -SPACING)
    if last > now:
        return  # one is under way that comes later than this
    wait = 0.0 if now - last >= SPACING else SPACING
    _sent[webhook] = now + wait
    deliver_to_webhook.apply_async(args=(str(webhook),), countdown=wait, expires=wait + EXPIRES)


# What is told


def told(event: Event, viewer: Viewer) -> dict[str, Any]:
    """The event's data as ``viewer`` may read it."""
    keys = {place[PERSON] for place in _places(event.data)}
    with viewing.unrestricted():
        codes = dict(Candidate.everyone.filter(pk__in=keys).values_list("pk", "code")) if keys else {}
    found: dict[str, Any] = _filled(event.data, codes, viewer)
    return found


def _places(value: Any) -> Iterator[dict[str, Any]]:
    """Every person in the data."""
    if isinstance(value, dict):
        if PERSON in value:
            yield value
        else:
            for inner in value.values():
                yield from _places(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _places(inner)


def _filled(value: Any, codes: Mapping[int, str], viewer: Viewer) -> Any:
    if isinstance(value, list):
        return [_filled(inner, codes, viewer) for inner in value]
    if not isinstance(value, dict):
        return value
    if PERSON not in value:
        return {name: _filled(inner, codes, viewer) for name, inner in value.items()}
    key = value[PERSON]
    if viewer.hides_identity(key):
        return veiling.token(key)
    return codes.get(key, value.get(GONE))
