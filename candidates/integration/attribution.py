"""``On-Behalf-Of``: whom another system names as the one who does what it sends.

What is done is then attributed to that person (``candidates.requests.acting``). What may be done still
follows from the key alone: naming somebody never widens a right.
"""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.request import Request

from candidates.integration.authentication import key_of
from candidates.requests import leave, viewer_of
from candidates.viewing import Role, role_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

HEADER = "On-Behalf-Of"
MAY_NAME = (Role.INTEGRATION, Role.ADMINISTRATOR)
NOT_NAMED = (Role.NONE, Role.AUDITOR)  # who may do nothing has done nothing
DIGITS = 9  # of an id that the column holds


class UnknownPerson(APIException):
    status_code = 400
    default_code = "unknown_person"
    default_detail = _("On-Behalf-Of must be the user name or the number of an active account.")


def attribute(request: Request) -> None:
    """Sets ``request.on_behalf_of`` when the header is sent; refuses whoever may name nobody."""
    named = request.headers.get(HEADER)
    if named is None:
        return
    if key_of(request) is None or viewer_of(request).role not in MAY_NAME:
        raise PermissionDenied(
            _("Only API keys of integrations and administrators may send On-Behalf-Of."),
            code="may_name_nobody",
        )
    person = _person(_as_sent(named))
    if person is None:
        raise UnknownPerson
    if role_of(person) in NOT_NAMED:
        raise PermissionDenied(
            _("The account that On-Behalf-Of names has no role that changes anything."),
            code="person_may_not_act",
        )
    leave(request, on_behalf_of=person)


def _as_sent(value: str) -> str:
    """Header fields arrive as Latin-1; user names are sent as UTF-8."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _person(named: str) -> "User | None":
    """By user name first: a name may consist of digits."""
    if not named or "\x00" in named:
        return None
    wanted = Q(username=named)
    if named.isascii() and named.isdecimal() and len(named) <= DIGITS:
        wanted |= Q(pk=int(named))
    found = list(get_user_model().objects.filter(wanted, is_active=True)[:2])
    return next((user for user in found if user.get_username() == named), found[0] if found else None)
