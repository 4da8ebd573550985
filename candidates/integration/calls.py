"""The audit of the API: who called what, when, on whose behalf; nobody's data, no address in full.

Each call leaves one row, apart from the application's log. A flood of refused ones is counted rather than
stored: of one network's refusals in a minute the first few leave a row, then the 10th, 100th and so on, with
the count.
"""

import datetime
import logging
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from candidates.integration import networks, throttling
from candidates.integration.prepared import Prepared
from candidates.models import ApiCall, ApiKey

logger = logging.getLogger(__name__)

KEPT_REFUSALS = 5  # of one caller in a minute; then the 10th, 100th, …
KEPT_OF_STRANGERS = 300  # of all callers together who are nobody, in a minute
FLOODING = (401, 429)
KEPT_DAYS = 90  # at least, before an operator may remove them
LISTS = ("results", "changed", "gone", "rows", "documents")  # where answers hold rows
PROBLEM = "urn:peneira:problem:"
COLUMNS = {
    "at": "timestamptz",
    "key_id": "bigint",
    "user_id": "integer",
    "on_behalf_of_id": "integer",
    "method": "text",
    "route": "text",
    "status": "smallint",
    "problem": "text",
    "rows": "integer",
    "network": "text",
    "correlation_id": "text",
    "milliseconds": "float8",
}
# In one statement with its own setting: an answer does not wait until the disk has the row. A crash of the
# database's machine may lose the rows of the last half second, nothing else does.
INSERT = Prepared(
    "peneira_call",
    f"""
    WITH lazily AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO candidates_apicall ({", ".join(COLUMNS)})
    SELECT {", ".join(["%s"] * len(COLUMNS))} FROM lazily
    """,  # noqa: S608  names of our own columns
    types=list(COLUMNS.values()),
)


@dataclass(frozen=True)
class Call:
    """One call. ``rows``: how many were told or taken; in a flood of refusals, how many it has been."""

    method: str
    route: str
    status: int
    problem: str = ""
    key: ApiKey | None = None
    user_id: int | None = None
    on_behalf_of_id: int | None = None
    rows: int | None = None
    network: str = ""
    correlation_id: str = ""
    milliseconds: float | None = None


def note(call: Call) -> None:
    """Stores the call. A failure is logged and fails no answer."""
    values = (
        timezone.now(),
        call.key.pk if call.key else None,
        call.user_id,
        call.on_behalf_of_id,
        call.method[:8],
        call.route[:120],
        call.status,
        call.problem[:60],
        call.rows,
        call.network,
        call.correlation_id[:64],
        call.milliseconds,
    )
    try:
        INSERT.run(values)
    except (DatabaseError, InterfaceError) as error:
        _not_noted(error)


def _not_noted(error: Exception) -> None:
    """By its kind alone: a database's sentence quotes the row."""
    logger.error("a call of the API is not in the audit: %s", type(error).__name__)


def note_answer(request: HttpRequest, response: HttpResponseBase, *, began: float) -> None:
    """Stores a call of the API by its answer; ``began`` is of ``time.perf_counter``."""
    milliseconds = (time.perf_counter() - began) * 1000
    try:
        call = of_answer(request, response, milliseconds=milliseconds)
        if call.status not in FLOODING:
            note(call)
        elif (count := kept_refusal(call)) is not None:
            note(replace(call, rows=count))
    except Exception as error:  # the answer is made: whatever fails here must not take it from the caller
        _not_noted(error)


def of_answer(request: HttpRequest, response: HttpResponseBase, *, milliseconds: float) -> Call:
    user = request.user
    key = getattr(request, "api_key", None) or getattr(request, "refused_key", None)
    person = getattr(request, "on_behalf_of", None)
    return Call(
        method=request.method or "",
        route=route_of(request.resolver_match.route if request.resolver_match else ""),
        status=response.status_code,
        problem=_problem(response),
        key=key,
        user_id=user.pk if user.is_authenticated else None,
        on_behalf_of_id=person.pk if person else None,
        rows=_rows(response),
        network=networks.kept(networks.address_of(request)),
        correlation_id=str(getattr(request, "correlation_id", "")),
        milliseconds=round(milliseconds, 2),
    )


def kept_refusal(call: Call) -> int | None:
    """How many refusals of this caller it has been in this minute, when this one is to be stored."""
    who = f"key:{call.key.pk}" if call.key else f"user:{call.user_id}" if call.user_id else call.network
    counter = throttling.counter()
    count = counter.seen(f"refused:{who}:{call.status}")
    if count > KEPT_REFUSALS and not re.fullmatch("10+", str(count)):
        return None
    if not (call.key or call.user_id) and counter.seen("refused") > KEPT_OF_STRANGERS:
        return None
    return count


@lru_cache(maxsize=512)
def route_of(pattern: str) -> str:
    """An address as the documentation writes it, with names in the place of values."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def prune(*, before: datetime.date) -> int:
    """Removes the calls from before this day; how many they were. Only operators do, by command.

    The table is append-only: its trigger lets go of rows where the transaction says so, which nothing that
    answers a request does.
    """
    begins = timezone.make_aware(datetime.datetime.combine(before, datetime.time.min))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL peneira.erasure = 'on'")
        removed, _by_model = ApiCall.objects.filter(at__lt=begins).delete()
        cursor.execute("SET LOCAL peneira.erasure = ''")
    return removed


def of_day(rows: QuerySet[ApiCall], day: datetime.date) -> QuerySet[ApiCall]:
    """Those of one day of the site's time zone."""
    begins = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    after = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min)
    return rows.filter(at__gte=begins, at__lt=timezone.make_aware(after))


def routes() -> list[str]:
    """Every address whose calls are noted."""
    return sorted({route_of(route) for route in _walk(get_resolver().url_patterns, "")})


def _walk(patterns: Iterable[URLPattern | URLResolver], above: str) -> Iterator[str]:
    from candidates.integration.calling import CalledView

    for one in patterns:
        route = above + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        elif issubclass(getattr(one.callback, "cls", object), CalledView):
            yield route


def _problem(response: HttpResponseBase) -> str:
    data = getattr(response, "data", None)
    told = data.get("type", "") if response.status_code >= 400 and isinstance(data, Mapping) else ""
    return str(told).removeprefix(PROBLEM)


def _rows(response: HttpResponseBase) -> int | None:
    """How many rows an answer holds: those of a list, of a pull, of a ranking."""
    data = getattr(response, "data", None)
    lists = [data.get(name) for name in LISTS] if isinstance(data, Mapping) else [data]
    lengths = [len(one) for one in lists if isinstance(one, list)]
    return sum(lengths) if lengths else None
