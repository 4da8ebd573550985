"""What views ask of a request: is a fragment wanted, who asks, where to go on."""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from candidates.viewing import Viewer

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from rest_framework.request import Request


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def viewer_of(request: "HttpRequest | Request") -> Viewer:
    """Who looks, as the middleware says; of a request that met no middleware, its user."""
    found = getattr(request, "viewer", None)
    return found if isinstance(found, Viewer) else Viewer(lambda: request.user)


def signed_in(request: "HttpRequest | Request") -> "User":
    """Who asks; the middleware, and in the API the permissions, let nobody in who is not signed in."""
    return cast("User", request.user)


def leave(request: "HttpRequest | Request", **found: object) -> None:
    """Leave on the request what one layer finds out and others read: the types of the framework know nothing
    of it."""
    vars(getattr(request, "_request", request)).update(found)


def own_address(wanted: str, otherwise: str = "") -> str:
    """``wanted`` when it is a path of this site, else ``otherwise``: nobody is led elsewhere."""
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else otherwise


def acting(request: "HttpRequest | Request") -> "User":
    """To whom what this request does is attributed: whom ``On-Behalf-Of`` names, else who asks."""
    found: User | None = getattr(request, "on_behalf_of", None)
    return found or signed_in(request)
