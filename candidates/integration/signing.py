"""What shows a receiver that a request is ours: Standard Webhooks, HMAC-SHA256 over id, time and body.

The secret of a webhook is not stored: it follows from SECRET_KEY, the webhook and its generation. A copy of
the database signs nothing, and another SECRET_KEY makes every secret another.
"""

import base64
import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from candidates.models import Webhook

PREFIX: Final = "whsec_"
OVERLAP = timedelta(hours=24)  # after a rotation the former secret signs as well


def secret(webhook: Webhook, *, generation: int | None = None) -> str:
    """As its owner gets to know it, once: "whsec_…"."""
    return secret_of(webhook.pk, generation or webhook.generation)


def secret_of(webhook: uuid.UUID, generation: int) -> str:
    """The same also of a webhook that was removed."""
    return PREFIX + base64.b64encode(_key(webhook, generation)).decode()


def rotate(webhook: Webhook) -> str:
    """The next secret, which is returned; for a day both sign, so that the receiver can change over."""
    with transaction.atomic():  # two who rotate at once get two secrets
        now = Webhook.objects.select_for_update().get(pk=webhook.pk)
        webhook.generation = now.generation + 1
        webhook.previous_until = timezone.now() + OVERLAP
        webhook.updated_at = timezone.now()
        webhook.save(update_fields=["generation", "previous_until", "updated_at"])
    return secret(webhook)


def headers(webhook: Webhook, *, event_id: uuid.UUID, at: datetime, body: bytes) -> dict[str, str]:
    """The id is that of the event: whoever gets it twice knows by it."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((str(event_id).encode(), seconds.encode(), body))
    signatures = [_signature(_key(webhook.pk, number), signed) for number in _generations(webhook, at)]
    return {
        "webhook-id": str(event_id),
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }


def _generations(webhook: Webhook, at: datetime) -> list[int]:
    until, number = webhook.previous_until, webhook.generation
    return [number, number - 1] if until is not None and until > at and number > 1 else [number]


def _key(webhook: uuid.UUID, generation: int) -> bytes:
    told = f"webhook:{webhook}:{generation}".encode()
    return hmac.digest(settings.SECRET_KEY.encode(), told, hashlib.sha256)


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
