"""What happens to every call of the API besides what it asks for: counted, allowed, attributed, noted."""

import time
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.integration import attribution, calls, throttling
from candidates.integration.authentication import caller_of, key_of
from candidates.integration.networks import address_of
from candidates.permissions import HasScope
from candidates.requests import leave

NOT_STORED: Final = "private, no-store"  # what is answered is of people, and for this caller alone
NOBODY = (NotAuthenticated, AuthenticationFailed)


class CalledView(APIView):
    """A view whose callers are counted, whose keys need its scope, and whose calls are in the audit.

    A key needs the scope whatever permissions a view has of its own: that they leave it out must not open it.
    """

    def get_permissions(self) -> Any:
        own = super().get_permissions()
        return own if any(isinstance(one, HasScope) for one in own) else [*own, HasScope()]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        began = time.perf_counter()
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        calls.note_answer(request, response, began=began)
        return response

    def check_permissions(self, request: Request) -> None:
        """What is not allowed counts, too. A method that nobody may use is not asked a scope for."""
        if request.user.is_authenticated:
            self._count(request)
            if request.method not in self.allowed_methods:
                self.http_method_not_allowed(request)  # before anything that it carries is read
        super().check_permissions(request)
        attribution.attribute(request)

    def _count(self, request: Request) -> None:
        key = key_of(request)
        leave(request, api_key=key)
        rate = throttling.hit_by_caller(caller_of(request), per_minute=key.per_minute if key else None)
        _within(request, rate)

    def handle_exception(self, exc: Exception) -> Response:
        """Whoever signs in with nothing valid is counted by address."""
        if isinstance(exc, NOBODY):
            try:
                _within(self.request, throttling.hit_by_stranger(address_of(self.request._request)))
            except Throttled as too_many:
                exc = too_many
        return super().handle_exception(exc)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        rate: throttling.Rate | None = getattr(request, "rate", None)
        for name, value in rate.headers.items() if rate else ():
            answer.headers[name] = value
        answer.headers.setdefault("Cache-Control", NOT_STORED)
        return answer


def _within(request: Request, rate: throttling.Rate) -> None:
    leave(request, rate=rate)
    if not rate.allowed:
        raise Throttled(wait=rate.reset)
