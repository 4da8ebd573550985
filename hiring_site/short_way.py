"""The outermost middleware: calls that other systems send by the thousand pass by what only pages need."""

import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from hiring_site.middleware import correlation_id, identifier_of
from scoring.api import predict_at_once

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Way(Protocol):
    def __call__(self, request: HttpRequest, *, correlation_id: str, began: float) -> HttpResponse | None: ...


def _predict(request: HttpRequest, *, correlation_id: str, began: float) -> HttpResponse | None:
    return predict_at_once.answer(request, correlation_id=correlation_id, began=began)


class ShortWayMiddleware:
    """Asks the short way of an address for an answer, and goes the whole way when it has none.

    Sessions, messages, languages and compression have no part in it; hosts, redirection to https, the
    headers that protect browsers and the correlation id are those of every answer.
    """

    METHOD: Final = "POST"

    def __init__(self, get_response: GetResponse, ways: Mapping[str, Way] | None = None) -> None:
        self.get_response = get_response
        self.ways: Mapping[str, Way] = ways or {predict_at_once.ROUTE: _predict}
        self._security = SecurityMiddleware(get_response)
        self._frames = XFrameOptionsMiddleware(get_response)
        self._policy = build_policy()  # has nothing of a request in it

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        way = self.ways.get(request.path_info)
        if way is None or not self._may_go(request):
            return self.get_response(request)
        identifier = identifier_of(request)
        token = correlation_id.set(identifier)
        try:
            response = way(request, correlation_id=identifier, began=time.perf_counter())
        finally:
            correlation_id.reset(token)
        if response is None:
            request.META["HTTP_X_REQUEST_ID"] = identifier  # one call has one id
            return self.get_response(request)
        return self._finished(request, response, identifier)

    def _may_go(self, request: HttpRequest) -> bool:
        if request.method != self.METHOD or "HTTP_X_API_KEY" not in request.META:
            return False
        try:
            request.get_host()
        except DisallowedHost:
            return False
        return not settings.SECURE_SSL_REDIRECT or request.is_secure()

    def _finished(self, request: HttpRequest, response: HttpResponse, identifier: str) -> HttpResponse:
        self._frames.process_response(request, response)
        self._security.process_response(request, response)
        response.headers[HEADER] = self._policy
        response.headers["X-Request-ID"] = identifier
        response.headers["Content-Length"] = str(len(response.content))
        return response
