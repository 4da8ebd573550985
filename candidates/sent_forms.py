"""A form that makes something makes it once, however often it was sent: by a second click, or by going back.

Each form that is shown has a word of its own. What was made with it stands in the session under that word,
and whoever sends it again is led there. Two answers at once wait for each other.
"""

import uuid
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.db import connection, models, transaction
from django.http import HttpRequest

FIELD = "once"
KEY = "forms that made something"
KEPT = 20  # of one session


def word_of(request: HttpRequest) -> str:
    """For the hidden field: the one that was sent, where the form is shown again, else a new one."""
    return _sent(request) or uuid.uuid4().hex


def once(request: HttpRequest, make: Callable[[], models.Model | None]) -> str:
    """The address of what ``make`` makes, or made when the form was sent before; "" when it makes nothing."""
    word = _sent(request)
    with transaction.atomic():
        if word:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"peneira: form {word}"])
        before = _made(request)
        if word in before:
            return before[word]
        made = make()
        address = made.get_absolute_url() if made is not None else ""  # type: ignore[attr-defined]
        if word and address:
            request.session[KEY] = dict([*before.items(), (word, address)][-KEPT:])
            request.session.save()  # with what was made, before another answer may look
    return address


def _sent(request: HttpRequest) -> str:
    try:
        return uuid.UUID(request.POST.get(FIELD, "")).hex
    except ValueError:
        return ""


def _made(request: HttpRequest) -> dict[str, str]:
    """As it is stored now: the session of this request was read before it had to wait."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(request.session.session_key)
    found: dict[str, str] = store.get(KEY, {})
    return found
