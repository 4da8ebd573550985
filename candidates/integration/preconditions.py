"""Writing only over what one has read: ``ETag`` and ``If-Match``."""

import hashlib
from http import HTTPStatus
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import APIException
from rest_framework.request import Request


class ChangedSinceRead(APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "precondition_failed"
    default_detail = _(
        "It was changed since you read it. Read it again, and send your change with the ETag of that answer."
    )


def etag(*parts: Any) -> str:
    """A tag that is another one when any of the parts is: the key, and when the row was changed."""
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'


def require_match(request: Request, tag: str) -> None:
    """Raises ``ChangedSinceRead`` when the request names other tags; without ``If-Match`` it may be any."""
    wanted = request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*":
        return
    if tag not in parse_etags(wanted):
        raise ChangedSinceRead


IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what was read: somebody else's change since then answers 412.",
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="For `If-Match` of a later PATCH."
)
CHANGED = OpenApiResponse(description="It was changed since it was read (`precondition_failed`).")
