"""What every view of the API has, whichever app it belongs to."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.views import APIView

from candidates.integration.scopes import scope


class ApiView(APIView):
    """``resource``: the name in ``scopes.RESOURCES`` that a key must have a scope of; "" needs none.

    Named operations that send without writing (a search with a long body) name their scope in ``scopes``,
    by method.
    """

    resource: ClassVar[str] = ""
    scopes: ClassVar[dict[str, str]] = {}

    def scope_of(self, request: Request) -> str:
        """The scope that this request needs; "" when none."""
        method = request.method or "GET"
        return self.scopes.get(method) or (scope(self.resource, method) if self.resource else "")
