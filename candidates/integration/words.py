"""What the views of all apps say in the same words."""

from http import HTTPStatus

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException


class Conflict(APIException):
    """What was asked for does not go with what is stored; a subclass says by code and sentence what."""

    status_code = HTTPStatus.CONFLICT


def location(description: str, *statuses: int) -> OpenApiParameter:
    """The header of the answers with these statuses that says where something is read."""
    return OpenApiParameter(
        "Location", str, OpenApiParameter.HEADER, response=[*statuses], description=description
    )


MADE_AT = location("Where it is read.", 201)
FOLLOWED_AT = location("Where the progress is read.", 202)
