"""Events on their way to webhooks: at least once, each by one worker at a time, again until it arrives.

The rows are the truth; messages of the queue only say that there is something to do. A worker claims a
delivery by conditional UPDATE for as long as an attempt may take; then what a killed one had is free again.
"""

import json
import logging
import random
import uuid
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from candidates import viewing
from candidates.integration import addresses, events, sending, signing, webhooks
from candidates.integration.sending import Outcome
from candidates.models import Delivery, EventKind, Webhook

logger = logging.getLogger(__name__)

State = Delivery.State

LEASE = timedelta(seconds=90)  # longer than any attempt: ten seconds, and what the resolver takes before
PARALLEL = 2  # deliveries of one webhook at once: a slow receiver may not take every worker
BUDGET = 20.0  # seconds of one task, after which others have their turn
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
# After the first attempt, the second, …: with the last one three days have gone by
DELAYS: Final = (
    *(5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR),
    *(24 * HOUR, 26 * HOUR),
)
JITTER = 0.2  # at most so much later, so that what failed together is not tried together
LONGEST_WAIT = 24 * HOUR  # that a receiver may ask for
SHORTEST_HOLD, LONGEST_HOLD = 5 * SECOND, 15 * MINUTE
HOLD_SHARE = 0.25  # of the time it has been failing, a receiver is left alone
FAILING_FOR = timedelta(days=3)


# Which are due


def due(now: datetime) -> QuerySet[Delivery]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    not_held = Q(webhook__held_until=None) | Q(webhook__held_until__lte=now)
    # A test is sent while the webhook is disabled, too: that is when one wants to know
    open_ = Q(webhook__disabled_at=None) & not_held | Q(event__kind=EventKind.TEST)
    return Delivery.objects.filter(free & open_, state=State.PENDING, next_at__lte=now)


def claim(webhook: uuid.UUID) -> Delivery | None:
    """The next due delivery, for this worker alone until its lease ends; None when nothing is to be done."""
    while True:
        now = timezone.now()
        under_way = Delivery.objects.filter(webhook=webhook, state=State.PENDING, claimed_until__gte=now)
        if under_way.count() >= PARALLEL:
            return None  # whoever has these goes on with the rest
        waiting = due(now).filter(webhook=webhook).order_by("next_at", "pk").values_list("pk", flat=True)
        pk = waiting.first()
        if pk is None:
            return None
        still_free = Delivery.objects.filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now), pk=pk, state=State.PENDING
        )
        if still_free.update(claimed_until=now + LEASE):
            return Delivery.objects.select_related("event", "webhook__user").get(pk=pk)


def deliver_to(webhook: uuid.UUID | str) -> int:
    """Deliver what is due for one webhook, the longest due first; how many attempts were made."""
    key, until, attempts = uuid.UUID(str(webhook)), monotonic() + BUDGET, 0
    while monotonic() < until:
        delivery = claim(key)
        if delivery is None:
            return attempts
        attempt(delivery)
        attempts += 1
    events.kick(key)
    return attempts


def waiting() -> list[uuid.UUID]:
    """The webhooks that something is due for."""
    return list(due(timezone.now()).order_by().values_list("webhook", flat=True).distinct())


def sweep() -> None:
    """Let workers deliver what is due: retries, and what a lost message or a killed worker left."""
    for webhook in waiting():
        events.kick(webhook)


def purge() -> int:
    """Remove events that are older than ``WEBHOOK_DAYS``, with their deliveries; how many events."""
    before = timezone.now() - timedelta(days=settings.WEBHOOK_DAYS)
    with transaction.atomic(), connection.cursor() as cursor:  # without loading what may be millions of rows
        cursor.execute(
            "DELETE FROM candidates_delivery USING candidates_event"
            " WHERE event_id = candidates_event.id AND candidates_event.created_at < %s",
            [before],
        )
        cursor.execute("DELETE FROM candidates_event WHERE created_at < %s", [before])
        return int(cursor.rowcount)


# One attempt


def attempt(delivery: Delivery) -> Outcome:
    """Send a claimed delivery once, and note what came of it."""
    allowed = webhooks.may_own(delivery.webhook.user)
    outcome = _send(delivery) if allowed else Outcome(problem=webhooks.NOT_ALLOWED)
    note(delivery, outcome)
    told = outcome.status or outcome.problem
    logger.info("webhook %s, delivery %s: %s", delivery.webhook_id, delivery.pk, told)
    return outcome


def _send(delivery: Delivery) -> Outcome:
    webhook, body = delivery.webhook, content(delivery)
    try:
        target = addresses.parse(webhook.url)
        machines = addresses.reachable(target)
    except addresses.BadAddress as refused:
        return Outcome(problem=refused.code)
    at = timezone.now()
    signed = signing.headers(webhook, event_id=delivery.event_id, at=at, body=body)
    about = {"Content-Type": "application/json", "User-Agent": f"Peneira/{settings.VERSION} (webhooks)"}
    return sending.post(target, machines, headers=about | signed, body=body)


def content(delivery: Delivery) -> bytes:
    """The body, as the webhook's owner may read it at this moment."""
    event, viewer = delivery.event, viewing.as_user(delivery.webhook.user)
    told = {
        "id": str(event.pk),
        "type": event.kind,
        "timestamp": event.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": events.told(event, viewer),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@transaction.atomic
def note(delivery: Delivery, outcome: Outcome) -> None:
    """Keep what came of an attempt, and when the next is due."""
    now = timezone.now()
    made = {"at": now.isoformat(), "status": outcome.status, "problem": outcome.problem}
    delivery.attempts = [*delivery.attempts, made | {"milliseconds": outcome.milliseconds}]
    values = _ends(now) if outcome.arrived else _goes_on(delivery, outcome, now)
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.PENDING)
    if not outcome.arrived:  # a worker that comes too late says nothing of an attempt that another makes
        mine = mine.filter(claimed_until=delivery.claimed_until)
    if mine.update(attempts=delivery.attempts, claimed_until=None, **values):
        _judge(delivery, outcome, now)


def _ends(now: datetime) -> dict[str, Any]:
    return {"state": State.DELIVERED, "delivered_at": now, "next_at": None}


def _goes_on(delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
    wait = _wait(len(delivery.attempts), outcome)
    if wait is None or delivery.event.kind == EventKind.TEST:  # somebody looks on, and tests again
        return {"state": State.GIVEN_UP, "next_at": None}
    return {"next_at": now + wait}


def _wait(attempts: int, outcome: Outcome) -> timedelta | None:
    """How long until the next attempt; None when there is none."""
    if attempts > len(DELAYS):
        return None
    later = DELAYS[attempts - 1] * (1 + JITTER * random.random())  # noqa: S311  spreading, not hiding
    return max(later, _asked_for(outcome))


def _asked_for(outcome: Outcome) -> timedelta:
    return min(timedelta(seconds=outcome.retry_after or 0), LONGEST_WAIT)


# What it says of the receiver


def _judge(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    rows = Webhook.objects.filter(pk=delivery.webhook_id)
    if outcome.arrived:
        rows.update(last_success_at=now, failing_since=None, held_until=None)
        return
    is_test = delivery.event.kind == EventKind.TEST
    if not is_test:
        rows.filter(failing_since=None).update(failing_since=now)
    webhook = rows.get()
    if outcome.is_down and not is_test:
        rows.update(held_until=now + _hold(webhook, outcome, now))
    if reason := _why_disable(webhook, outcome, now):
        webhooks.disable(webhook, reason)


def _why_disable(webhook: Webhook, outcome: Outcome, now: datetime) -> webhooks.Reason | None:
    if outcome.problem == webhooks.NOT_ALLOWED:
        return webhooks.Reason.OWNER
    if outcome.problem == sending.IS_GONE:
        return webhooks.Reason.GONE
    since = webhook.failing_since
    return webhooks.Reason.FAILING if since is not None and now - since >= FAILING_FOR else None


def _hold(webhook: Webhook, outcome: Outcome, now: datetime) -> timedelta:
    """How long nothing is sent: a machine that is down is asked ever more rarely, whatever waits for it."""
    failing = now - (webhook.failing_since or now)
    hold = min(max(failing * HOLD_SHARE, SHORTEST_HOLD), LONGEST_HOLD)
    return max(hold, min(_asked_for(outcome), HOUR))
