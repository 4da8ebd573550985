"""Each request says who looks (``candidates.viewing``), before any row is loaded."""

from collections.abc import Callable, Iterable, Iterator

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from candidates.viewing import Role, Viewer, seen_by

GetResponse = Callable[[HttpRequest], HttpResponseBase]
READING = ("GET", "HEAD", "OPTIONS")


class ViewerMiddleware:
    """Says who looks, so that rows and fields they may not see are left out wherever they are loaded.

    The person is asked for when it first matters: the API checks a token after this. What an auditor sends is
    refused, but for what concerns the auditor alone.
    """

    OWN_AFFAIRS = ("login", "logout", "set_language", "preferences", "read_notifications")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        viewer = Viewer(lambda: getattr(request, "user", None) or AnonymousUser())
        request.viewer = viewer  # type: ignore[attr-defined]
        with seen_by(viewer):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _seen_by(viewer, response.streaming_content)  # type: ignore[arg-type]
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        match = request.resolver_match
        own = match is not None and match.url_name in self.OWN_AFFAIRS
        if request.method in READING or own or not request.user.is_authenticated:
            return
        if request.viewer.role == Role.AUDITOR:  # type: ignore[attr-defined]
            raise PermissionDenied(_("An auditor reads everything and changes nothing."))


def _seen_by(viewer: Viewer, parts: Iterable[bytes]) -> Iterator[bytes]:
    """What is sent after the answer began is still made for that person."""
    parts = iter(parts)
    while True:
        with seen_by(viewer):
            part = next(parts, None)
        if part is None:
            return
        yield part
