"""Query parameters that several views take."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

ANSWERS = {"true": True, "1": True, "false": False, "0": False}

REASONS = OpenApiParameter(
    "reasons", bool, description="Whether to tell what the score is made of; the same as in the body."
)


def wanted(request: Request, name: str, *, otherwise: bool) -> bool:
    """A query parameter that is true or false; raises ValidationError."""
    given = request.query_params.get(name)
    if given is None:
        return otherwise
    if given.lower() not in ANSWERS:
        raise wrong(name, _("Must be true or false."), "invalid")
    return ANSWERS[given.lower()]


def wrong(field: str, sentence: str, code: str) -> ValidationError:
    """One field that is refused."""
    return ValidationError({field: [ErrorDetail(sentence, code=code)]})
