"""The short way through ``POST /api/v1/predict``: an ordinary call of another system, answered at once.

Ordinary is a call by a valid API key that may predict, with a body that has nothing wrong with it, and
without anything special (``Idempotency-Key``, ``On-Behalf-Of``, reasons, a model by name, a query). Its
answer and the rows it leaves are those of ``PredictView``, which answers all other calls, says what is wrong
with them and is what the documentation describes. Nothing is counted or stored before it is known which way
a call goes.
"""

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

from candidates.integration import keys, networks, throttling
from candidates.integration.calling import NOT_STORED
from candidates.integration.scopes import scope
from candidates.permissions import CALLS
from candidates.requests import leave
from candidates.viewing import Role
from scoring import at_once
from scoring.api.predict_serializers import LARGEST_CODE, read_features, system_b, which
from scoring.at_once import Answering, Bearer, Call
from scoring.prediction import Scored

ROUTE: Final = "/api/v1/predict"
SCOPE: Final = scope("predictions", "POST")
SPECIAL: Final = ("HTTP_IDEMPOTENCY_KEY", "HTTP_ON_BEHALF_OF", "QUERY_STRING")
ACCEPTED: Final = ("", "*/*", "application/json", "application/json, */*")


def answer(request: HttpRequest, *, correlation_id: str, began: float) -> HttpResponse | None:
    """The answer, or None when the call has to go the whole way; ``began`` is of ``time.perf_counter``."""
    if not _is_ordinary(request.META):
        return None
    address = networks.address_of(request)
    bearer = _bearer(request.META["HTTP_X_API_KEY"], address)
    asked = _asked(request.body) if bearer else None
    by = at_once.answering() if asked else None
    if bearer is None or asked is None or by is None:
        return None
    features, code = asked
    if code is not None and bearer.role != Role.INTEGRATION:
        return None  # people may be hidden from others
    key = bearer.key
    rate = throttling.hit_by_caller(f"key:{key.pk}", per_minute=key.per_minute)
    if not rate.allowed:
        return None  # refused calls are not counted: it is asked again
    found, pk = by.score(features), uuid.uuid4()
    body = _body(found, by, pk=pk, code=code, correlation_id=correlation_id)
    call = Call(
        bearer=bearer,
        route=ROUTE,
        network=networks.kept(address),
        correlation_id=correlation_id,
        milliseconds=1000 * (time.perf_counter() - began),
    )
    try:
        stored = at_once.store(found, by, call, pk=pk, code="" if code is None else str(code))
    except (DatabaseError, InterfaceError) as error:
        # Whether it was stored is not known, so it is not tried again
        leave(request, failed_at_once=error)
        return None
    headers = {**rate.headers, "Cache-Control": NOT_STORED}
    return HttpResponse(body, content_type="application/json", headers=headers) if stored else None


def _is_ordinary(meta: Mapping[str, Any]) -> bool:
    kind = meta.get("CONTENT_TYPE", "").partition(";")[0]
    length = meta.get("CONTENT_LENGTH") or ""
    return (
        kind == "application/json"
        and meta.get("HTTP_ACCEPT", "") in ACCEPTED
        and not any(meta.get(name) for name in SPECIAL)
        and length.isdecimal()
        and int(length) <= (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    )


def _bearer(secret: str, address: str) -> Bearer | None:
    """Whose key this is, when it may predict."""
    if connection.connection is not None:
        connection.health_check_done = True  # type: ignore[attr-defined]  # what is asked next finds out
    try:
        found = at_once.bearer(secret, address=address)
    except keys.KeyRefused:
        return None
    except (DatabaseError, InterfaceError):
        connection.close()  # an old connection: the whole way makes a new one
        return None
    return found if SCOPE in found.key.scopes and found.role in CALLS else None


def _asked(body: bytes) -> tuple[dict[str, float | None], int | None] | None:
    """The known features and the candidate's code; None when anything is wrong with them or unusual."""
    try:
        sent = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    if type(sent) is not dict or sent.get("reasons", False) is not False or "model" in sent:
        return None
    code = sent.get("codigo_profissional")
    if code is not None and not (type(code) is int and 0 <= code <= LARGEST_CODE):
        return None
    given = sent.get("features")
    if type(given) is not dict:
        return None
    features, problems = read_features(given)
    return None if problems else (features, code)


def _body(found: Scored, by: Answering, *, pk: uuid.UUID, code: int | None, correlation_id: str) -> bytes:
    told = system_b(by.version, score=found.score, code=code, pk=pk)
    told |= which(by.version, correlation_id=correlation_id)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
