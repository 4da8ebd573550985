"""Query parameters that are taken, and no others: a misspelt one would be a filter dropped in silence."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from candidates.integration.strict import SHOWN
from candidates.integration.views import ApiView

READING = ("GET", "HEAD")


class StrictQueryView(ApiView):
    """A view that answers an unknown query parameter, or one given twice, with 400."""

    def parameters(self) -> Mapping[str, bool]:
        """What may stand in the query, each with whether it may be there several times."""
        return {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in READING:
            _refuse_others(request, self.parameters())


def _refuse_others(request: Request, known: Mapping[str, bool]) -> None:
    wrong: dict[str, list[ErrorDetail]] = {}
    for name, values in request.query_params.lists():
        if name not in known:
            wrong[name[:SHOWN]] = [unknown(name, known, what=_("query parameter"))]
        elif len(values) > 1 and not known[name]:
            wrong[name] = [ErrorDetail(str(_("It stands there twice; once is right.")), code="repeated")]
        elif "" in values:
            text = _("It has no value. Give it one, or leave it out.")
            wrong[name] = [ErrorDetail(str(text), code="blank")]
        elif any("\x00" in value for value in values):
            wrong[name] = [ErrorDetail(str(_("The text holds a NUL, which stands nowhere.")), code="invalid")]
    if wrong:
        raise ValidationError(wrong)


def unknown(name: str, known: Iterable[str], *, what: Any) -> ErrorDetail:
    """That there is no such thing, with what was probably meant, or what there is."""
    known = sorted(known)
    close = get_close_matches(name, known, n=1)
    if close:
        text = _("There is no such %(what)s. Was %(name)s meant?") % {"what": what, "name": close[0]}
    elif known:
        text = _("There is no such %(what)s. There are: %(names)s.") % {
            "what": what,
            "names": ", ".join(known),
        }
    else:
        text = _("No %(what)s is taken here.") % {"what": what}
    return ErrorDetail(str(text), code="unknown_parameter")


def whole(request: Request, name: str, *, default: int, most: int) -> int:
    """A parameter that is a number from 1 to ``most``; raises ValidationError."""
    given = request.query_params.get(name)
    if given is None:
        return default
    if given.isascii() and given.isdigit() and len(given) < 10 and 1 <= int(given) <= most:
        return int(given)
    text = _("Must be a whole number from 1 to %(most)s.") % {"most": most}
    raise ValidationError({name: [ErrorDetail(str(text), code="invalid")]})


def listed(request: Request, name: str, known: Iterable[str]) -> list[str] | None:
    """A parameter that names several things, parted by commas; None when it is not there.

    Raises ValidationError, which names what is not ``known``.
    """
    given = request.query_params.get(name)
    if given is None:
        return None
    names = list(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))
    wrong = [unknown(part, known, what=_("field")) for part in names if part not in set(known)]
    if not names:
        wrong = [ErrorDetail(str(_("Name at least one field, or leave it out.")), code="invalid")]
    if wrong:
        raise ValidationError({name: wrong})
    return names


def limit_parameter(*, default: int, most: int) -> OpenApiParameter:
    return OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": most, "default": default},
        description="How many at most.",
    )
