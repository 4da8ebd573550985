"""Every error of the API in one shape: a problem document (RFC 9457), ``application/problem+json``.

``type`` is stable and made for programs, ``title`` and ``detail`` are for people. No stack trace, no text of
an unforeseen exception, no value that the caller sent.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeout
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from candidates.integration.faults import faults
from hiring_site.api_parsing import TooLarge

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:peneira:problem:"
NOT_REACHABLE = (OperationalError, InterfaceError, QueueError, RedisConnectionError, RedisTimeout)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)  # of a form; of JSON the parser says so
SECONDS_TO_WAIT = 10

Context = Mapping[str, Any]


class NotReachable(exceptions.APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "not_reachable"

    def __init__(self) -> None:
        super().__init__(_("The database or the queue cannot be reached. Try again in a moment."))
        self.wait = SECONDS_TO_WAIT


def answer(exc: Exception, context: Context) -> Response | None:
    """The exception handler of the API (settings.REST_FRAMEWORK)."""
    known = _known(exc)
    if known is None:
        return _unforeseen(exc, context)
    response = exception_handler(known, dict(context))
    if response is None:
        return None
    response.data = document(known, correlation_id=_correlation_id(context), sent=_sent(context))
    response.content_type = CONTENT_TYPE
    return response


def _known(exc: Exception) -> exceptions.APIException | None:
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, TOO_MUCH):
        return TooLarge(_("There are more files, fields or bytes than are taken at once."))
    if isinstance(exc, NOT_REACHABLE):
        logger.error("not reachable: %s", type(exc).__name__)
        return NotReachable()
    return None


def _unforeseen(exc: Exception, context: Context) -> Response | None:
    """500 for a defect of ours: its operators find it in the log, the caller is told nothing."""
    if settings.DEBUG:
        return None
    request = context["request"]
    got_request_exception.send(sender=type(context["view"]), request=getattr(request, "_request", request))
    # The text of a database's error quotes the row, and with it a person
    told = None if isinstance(exc, DatabaseError) else exc
    logger.error("unforeseen %s in %s", type(exc).__name__, context["view"].__class__.__name__, exc_info=told)
    error = exceptions.APIException(_("The service failed to answer. Its operators see why in the log."))
    data = document(error, correlation_id=_correlation_id(context))
    return Response(data, status=error.status_code, content_type=CONTENT_TYPE)


def document(error: exceptions.APIException, *, correlation_id: str = "", sent: Any = None) -> dict[str, Any]:
    """The problem document of `error`; ``errors`` names each refused field of ``sent`` by its path, with a
    stable code and the kind of the value that was there."""
    if isinstance(error, exceptions.ValidationError):
        code, detail = "invalid", _("The request was refused: see errors.")
        errors = [asdict(fault) for fault in faults(error.detail, sent=sent)]
    else:
        code, detail, errors = _code(error), str(error.detail), []
    return {
        "type": TYPE + code,
        "code": code,
        "title": HTTPStatus(error.status_code).phrase,
        "status": int(error.status_code),
        "detail": detail,
        "errors": errors,
        "correlation_id": correlation_id,
    }


def _code(error: exceptions.APIException) -> str:
    return str(getattr(error.detail, "code", error.default_code))


def _sent(context: Context) -> Any:
    """What was in the body, when it could be read at all."""
    request = context.get("request")
    try:
        return getattr(request, "data", None)
    except exceptions.APIException:
        return None


def _correlation_id(context: Context) -> str:
    return str(getattr(context.get("request"), "correlation_id", ""))
