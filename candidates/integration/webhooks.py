"""Webhooks as their owners handle them: made, changed, tried out, disabled, their deliveries sent again."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from candidates import notices
from candidates.integration import addresses, events, scopes, signing
from candidates.models import Delivery, EventKind, Webhook
from candidates.viewing import Role, role_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

OWNERS = (Role.ADMINISTRATOR, Role.INTEGRATION)
KINDS: Final = tuple(kind for kind in EventKind if kind != EventKind.TEST)  # that one listens to
MOST = 20  # of one owner: each event is sent to each of them
NOT_ALLOWED: Final = "owner"
TOLD_OF: Final = {  # by the beginning of an event's kind: the resource whose readers may hear of it
    "candidate": "candidates",
    "prospect": "prospects",
    "prediction": "predictions",
    "ranking": "rankings",
    "model": "models",
    "drift": "reports",
    "import": "imports",
}


class Reason(models.TextChoices):
    """Why a webhook is disabled."""

    PERSON = "person", _("by hand")
    GONE = "gone", _("its address answered that it is gone for good (410)")
    FAILING = "failing", _("nothing could be delivered for three days")
    OWNER = "owner", _("its owner may have no webhooks any more")


PROBLEMS: Final = {
    "timeout": _("no answer within ten seconds"),
    "unreachable": _("no connection"),
    "certificate": _("its certificate is not valid for this host"),
    "tls": _("no secure connection could be agreed on"),
    "redirect": _("it answered with a redirect, which is not followed"),
    "refused": _("it answered that it did not take it"),
    "gone": _("it answered that it is gone for good"),
    "no_http": _("what it answered is no HTTP"),
    "not_resolved": _("the name of its host is not known"),
    "private_address": _("its host is inside a private network"),
    NOT_ALLOWED: _("its owner may have no webhooks any more"),
}
_TOLD: Final = {
    Reason.GONE: gettext_noop("The webhook “%(name)s” was disabled: its address answered that it is gone."),
    Reason.FAILING: gettext_noop(
        "The webhook “%(name)s” was disabled: nothing could be delivered for three days."
    ),
    Reason.OWNER: gettext_noop("The webhook “%(name)s” was disabled: its owner may have none any more."),
}


class TooMany(Exception):
    """The owner has as many webhooks as one may have; the text is for people."""


class IsDisabled(Exception):
    """Nothing is sent to a disabled webhook; the text is for people."""


def may_own(user: "User") -> bool:
    return role_of(user) in OWNERS


def problem_in_words(code: str) -> str:
    """What stopped an attempt; codes of older versions as they are."""
    return str(PROBLEMS.get(code, code))


def in_words(attempt: Mapping[str, Any]) -> str:
    """What came back: "503 – it answered that it did not take it", "no connection"."""
    words = problem_in_words(attempt["problem"]) if attempt["problem"] else ""
    return " – ".join(part for part in (str(attempt["status"] or ""), words) if part)


def scope_of(kind: str) -> str:
    """What a key must hold to hear of such events or to read them; "" for a test, which says nothing."""
    resource = TOLD_OF.get(kind.partition(".")[0], "")
    return scopes.scope(resource, "GET") if resource else ""


# Making and changing


def checked(url: str) -> str:
    """The address as it is stored. Raises ``addresses.BadAddress``; asks the resolver."""
    target = addresses.parse(url)
    addresses.reachable(target)
    return target.url


def create(*, name: str, url: str, kinds: Sequence[str], user: "User") -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown this once.

    Raises ``addresses.BadAddress`` and ``TooMany``.
    """
    url = checked(url)
    with transaction.atomic():
        if Webhook.objects.filter(user=user).count() >= MOST:
            raise TooMany(_("There may be %(most)s webhooks of one owner.") % {"most": MOST})
        webhook = Webhook.objects.create(name=name, url=url, events=in_order(kinds), user=user)
    logger.info("webhook %s was made for user %s", webhook.pk, user.pk)
    return webhook, signing.secret(webhook)


def in_order(kinds: Sequence[str]) -> list[str]:
    """Each kind once, in our order. Raises ValueError for one that nobody listens to."""
    if unknown := set(kinds) - {kind.value for kind in KINDS}:
        raise ValueError(f"no such events: {', '.join(sorted(unknown))}")
    return [kind.value for kind in KINDS if kind.value in set(kinds)]


def change(webhook: Webhook, **values: Any) -> list[str]:
    """Write what differs of ``name``, ``url`` and ``events``; returns the names of these.

    A new address begins anew: what was wrong with the former one is no reason to wait. Raises ``BadAddress``.
    """
    if "url" in values and values["url"] != webhook.url:
        values["url"] = checked(values["url"])
    if "events" in values:
        values["events"] = in_order(values["events"])
    changed = [name for name, value in values.items() if getattr(webhook, name) != value]
    if not changed:
        return []
    if "url" in changed:
        values |= {"failing_since": None, "held_until": None}
    for name, value in values.items():
        setattr(webhook, name, value)
    webhook.updated_at = timezone.now()
    webhook.save(update_fields=[*values, "updated_at"])
    if "url" in changed:
        events.kick(webhook.pk)
    return changed


def disable(webhook: Webhook, reason: Reason = Reason.PERSON) -> bool:
    """Nothing is sent any more, and new events are not kept for it; what waits goes on when it is enabled.

    The owner and all administrators hear of what nobody did by hand. False when it was disabled already.
    """
    now = timezone.now()
    rows = Webhook.objects.filter(pk=webhook.pk, disabled_at=None)
    if not rows.update(disabled_at=now, disabled_reason=reason.value, updated_at=now):
        return False
    webhook.disabled_at, webhook.disabled_reason = now, reason.value
    if reason in _TOLD:
        _tell(webhook, _TOLD[reason])
    logger.info("webhook %s was disabled: %s", webhook.pk, reason.value)
    return True


def enable(webhook: Webhook) -> bool:
    """It begins anew, with what waited when it was disabled. False when it was enabled."""
    rows = Webhook.objects.filter(pk=webhook.pk).exclude(disabled_at=None)
    anew = {"disabled_at": None, "disabled_reason": "", "failing_since": None, "held_until": None}
    if not rows.update(**anew, updated_at=timezone.now()):
        return False
    webhook.refresh_from_db()
    events.kick(webhook.pk)
    return True


def remove(webhook: Webhook) -> None:
    """The webhook and its log, without loading what may be millions of rows."""
    logger.info("webhook %s was removed", webhook.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM candidates_delivery WHERE webhook_id = %s", [webhook.pk])
        webhook.delete()


def _tell(webhook: Webhook, message: str) -> None:
    params, url = {"name": webhook.name}, webhook.get_absolute_url()
    people = {user.pk: user for user in (*_administrators(), webhook.user)}
    for user in people.values():
        notices.notify(user, kind="webhook", message=message, params=params, url=url)


def _administrators() -> "models.QuerySet[User]":
    from django.contrib.auth.models import User

    of_group = Q(groups__name="Administrators")
    return User.objects.filter(Q(is_superuser=True) | of_group, is_active=True).distinct()


# Deliveries


def test(webhook: Webhook) -> Delivery:
    """One event that says nothing, sent once and at once, also while the webhook is disabled."""
    return events.emit_to(webhook, EventKind.TEST, {"webhook": str(webhook.pk)})


def deliveries(webhook: Webhook) -> "models.QuerySet[Delivery]":
    """The newest first."""
    return Delivery.objects.filter(webhook=webhook).select_related("event").order_by("-pk")


def replay(delivery: Delivery) -> Delivery:
    """Send the event again, with the same id: a delivery of its own, or the one that still waits, at once.

    Raises ``IsDisabled``.
    """
    with transaction.atomic():
        _refuse_disabled(delivery.webhook)
        now = timezone.now()
        waits = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.PENDING)
        if waits.update(next_at=now):
            delivery.refresh_from_db()
            again = delivery
        else:
            again = _again(delivery)
        _do_not_hold(delivery.webhook_id)
    return again


def replay_failed(webhook: Webhook, *, since: datetime) -> int:
    """Send again what was given up since then and has not arrived otherwise; how many deliveries.

    Raises ``IsDisabled``.
    """
    with transaction.atomic():
        _refuse_disabled(webhook)
        told = Delivery.objects.filter(webhook=webhook)
        well = told.exclude(state=Delivery.State.GIVEN_UP).values("event")
        lost = told.filter(state=Delivery.State.GIVEN_UP, created_at__gte=since, replays=None)
        lost = lost.exclude(event__in=well).exclude(event__kind=EventKind.TEST)
        made = [_again(one) for one in lost.order_by("pk").select_for_update(of=("self",))]
        _do_not_hold(webhook.pk)
    return len(made)


def _again(delivery: Delivery) -> Delivery:
    return Delivery.objects.create(
        webhook_id=delivery.webhook_id, event_id=delivery.event_id, replays=delivery
    )


def _do_not_hold(webhook: uuid.UUID) -> None:
    """Somebody asks for it now: there will be a reason to think that it works."""
    Webhook.objects.filter(pk=webhook).update(held_until=None)
    events.kick(webhook)


def _refuse_disabled(webhook: Webhook) -> None:
    if Webhook.objects.select_for_update().get(pk=webhook.pk).disabled_at is not None:
        raise IsDisabled(_("The webhook is disabled. Enable it first."))
