"""What every view of the API has, whichever app it belongs to."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from candidates.integration.calling import CalledView
from candidates.integration.idempotency import Answer, answered_once, fingerprint
from candidates.integration.locking import try_again, was_crosswise
from candidates.integration.scopes import scope
from candidates.requests import signed_in

UNREADABLE = (MultiPartParserError, SuspiciousOperation, UnreadablePostError)
WRITING = ("POST", "PUT", "PATCH", "DELETE")
KEPT_HEADERS = ("Location", "ETag", "Content-Language")


class ApiView(CalledView):
    """``resource``: the name in ``scopes.RESOURCES`` that a key must have a scope of; "" needs none.

    Named operations that send without writing (a search with a long body) name their scope in ``scopes``,
    by method. Every write that carries an ``Idempotency-Key`` is done once (``idempotency``).
    """

    resource: ClassVar[str] = ""
    scopes: ClassVar[dict[str, str]] = {}

    def scope_of(self, request: Request) -> str:
        """The scope that this request needs; "" when none."""
        return self.scope_of_method(request.method or "GET")

    def scope_of_method(self, method: str) -> str:
        return self.scopes.get(method) or (scope(self.resource, method) if self.resource else "")

    def sent(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        """What the body holds, as ``shape`` understands it. Raises ValidationError."""
        read = shape(data=self.request.data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        if method.upper() in WRITING and "Idempotency-Key" in request.headers:
            # The framework looks the handler up after this: on the view of this one request it is another
            setattr(self, method, self._once(getattr(self, method, self.http_method_not_allowed)))

    def kept(self, data: Any) -> Any:
        """What of an answer is kept for a repetition: a view whose answer holds a secret leaves it out."""
        return data

    def repeated(self, data: Any) -> Any:
        """What is answered to a repetition, from what was kept."""
        return data

    def _once(self, handler: Callable[..., Response]) -> Callable[..., HttpResponse]:
        def once(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            first: list[Response] = []

            def produce() -> Answer:
                first.append(self._answer_of(handler, request, args, kwargs))
                return _as_kept(first[-1], self.kept(first[-1].data))

            key, same = request.headers["Idempotency-Key"], _fingerprint(request)
            answer = try_again(lambda: answered_once(_account_of(request), key, same, produce))
            return self._again(answer) if answer.replayed else first[-1]

        return once

    def _answer_of(
        self, handler: Callable[..., Response], request: Request, args: Any, kwargs: Any
    ) -> Response:
        """A refusal is an answer, too; what nobody foresaw goes on up, and takes back what was written."""
        from django.db import transaction

        try:
            with transaction.atomic():
                return handler(request, *args, **kwargs)
        except Exception as error:
            if was_crosswise(error):
                raise
            response = self.handle_exception(error)
            response.exception = True
            return response

    def _again(self, answer: Answer) -> HttpResponse:
        data = self.repeated(json.loads(answer.body)) if answer.body else None
        headers = dict(answer.headers) | {"Idempotent-Replayed": "true"}
        return Response(
            data, status=answer.status, content_type=headers.pop("Content-Type", None), headers=headers
        )


def _account_of(request: Request) -> str:
    """Whose keys of idempotency these are: the account's, so that a key that replaces another goes on."""
    return f"user:{signed_in(request).pk}"


def _as_kept(response: Response, data: Any) -> Answer:
    from rest_framework.renderers import JSONRenderer

    body = b"" if data is None else JSONRenderer().render(data)
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    if response.content_type:  # else the framework's own
        headers["Content-Type"] = response.content_type
    return Answer(response.status_code, body, headers)


def _fingerprint(request: Request) -> str:
    """Of method, address and body: what makes two requests the same one."""
    about = f"{request.method} {request.get_full_path()}".encode()
    if (request.content_type or "").startswith("multipart/"):
        return fingerprint(about, *_parts(request))
    try:
        return fingerprint(about, request._request.body)
    except RequestDataTooBig:
        return fingerprint(about)  # the parser refuses it


def _parts(request: Request) -> list[bytes]:
    """Fields and files of a form, which is sent with another boundary each time."""
    try:
        lists = request._request.POST.lists()
    except UNREADABLE:
        raise ParseError(_("The form cannot be read: it is cut off, or too much.")) from None
    fields = sorted((name, value) for name, values in lists for value in values)
    parts = [f"{name}={value}".encode(errors="replace") for name, value in fields]
    for name, files in sorted(request._request.FILES.lists()):
        for file in files:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            parts.append(f"{name}={file.name}".encode(errors="replace") + digest.digest())
    return parts
