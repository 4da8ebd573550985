"""Each request says who looks (``candidates.viewing``), before any row is loaded."""

from collections.abc import Callable, Iterable, Iterator

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from candidates.permissions import NO_ROLE, READS_ONLY
from candidates.requests import leave, viewer_of
from candidates.viewing import Role, Viewer, seen_by

GetResponse = Callable[[HttpRequest], HttpResponseBase]
READING = ("GET", "HEAD", "OPTIONS")


class ViewerMiddleware:
    """Says who looks, so that rows and fields they may not see are left out wherever they are loaded.

    The person is asked for when it first matters: the API checks a token after this. What an auditor sends is
    refused, but for what concerns the auditor alone; whoever has no role is told whom to ask.
    """

    OPEN = ("home", "notifications")
    OWN_AFFAIRS = ("login", "logout", "set_language", "preferences", "read_notifications")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        viewer = Viewer(lambda: getattr(request, "user", None) or AnonymousUser())
        leave(request, viewer=viewer)
        with seen_by(viewer):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _seen_by(viewer, iter(response))
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        match = request.resolver_match
        own = match is not None and match.url_name in self.OWN_AFFAIRS
        if own or hasattr(view, "cls") or not request.user.is_authenticated:
            return  # a view of the API has a class, and refuses by itself, in a problem document
        role = viewer_of(request).role
        if role == Role.AUDITOR and request.method not in READING:
            raise PermissionDenied(READS_ONLY)
        if role == Role.NONE and not self._tells_what_to_do(request):
            raise PermissionDenied(NO_ROLE)

    def _tells_what_to_do(self, request: HttpRequest) -> bool:
        """The first page says whom to ask; the admin refuses by itself.

        A company may have given somebody single permissions and no role: these open their pages.
        """
        match = request.resolver_match
        name, space = (match.url_name or "", match.namespace) if match else ("", "")
        return name in self.OPEN or space == "admin" or bool(request.user.get_all_permissions())


def _seen_by(viewer: Viewer, parts: Iterable[bytes]) -> Iterator[bytes]:
    """What is sent after the answer began is still made for that person."""
    parts = iter(parts)
    while True:
        with seen_by(viewer):
            part = next(parts, None)
        if part is None:
            return
        yield part
