"""What every request gets: a correlation id for the logs, and a sign-in redirect that htmx understands."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import Http404, HttpRequest, HttpResponse

from candidates.requests import leave

GetResponse = Callable[[HttpRequest], HttpResponse]

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="-")
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")


def identifier_of(request: HttpRequest) -> str:
    """The caller's ``X-Request-ID`` when it is well formed, else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


class CorrelationIdMiddleware:
    """Takes the caller's ``X-Request-ID`` when it is well formed, else makes one; answers with it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identifier = identifier_of(request)
        leave(request, correlation_id=identifier)
        token = correlation_id.set(identifier)
        try:
            response = self.get_response(request)
        finally:
            correlation_id.reset(token)
        response.headers["X-Request-ID"] = identifier
        return response


class CorrelationFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "correlation_id"):
            record.correlation_id = correlation_id.get()
        return True


class RouteFilter(logging.Filter):
    """Of a refused request the log tells the route, with names in the place of values: what a caller put in
    an address may be somebody's code or e-mail."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and request.path in (args := _words(record)):
            route = getattr(request.resolver_match, "route", None)
            record.args = tuple("/" + (route or "…") if word == request.path else word for word in args)
            record.correlation_id = getattr(request, "correlation_id", "-")
        return True


def _words(record: logging.LogRecord) -> tuple[object, ...]:
    return record.args if isinstance(record.args, tuple) else ()


class StorableTextMiddleware:
    """A NUL stands in no text that a person types and in none that the database stores: nothing is found.

    The API answers for itself, in problem documents.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        if hasattr(view, "cls"):
            return
        sent = (*request.GET.lists(), *(request.POST.lists() if request.method == "POST" else ()))
        if any("\x00" in text for name, values in sent for text in (name, *values)):
            raise Http404


class HtmxLoginMiddleware:
    """A signed-out person's fragment request opens the sign-in page, not a form inside the page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        redirected = response.status_code == 302 and not request.user.is_authenticated
        if redirected and request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        return response
