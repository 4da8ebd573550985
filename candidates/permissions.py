"""What a role may do, for views that change something and for the API. What it may see: ``viewing``."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission

from candidates.requests import viewer_of
from candidates.viewing import CHANGES, Role, Viewer

if TYPE_CHECKING:  # the framework's views import this module: its settings name it
    from rest_framework.request import Request
    from rest_framework.views import APIView

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

COMMENTS = (*CHANGES, Role.HIRING_MANAGER)  # opinions: notes and feedback on the people one sees
ANY_ROLE = tuple(role for role in Role if role != Role.NONE)
CALLS = (*CHANGES, Role.INTEGRATION)  # what another system asks for, it may also ask to be done

NO_ROLE = _("Your account has no role yet. Ask an administrator of Peneira in your company to give it one.")
NO_CHANGE = _("Only recruiters and administrators may change this.")
NO_COMMENT = _("Only recruiters, administrators and the hiring managers of a job may say something here.")
READS_ONLY = _("An auditor reads everything and changes nothing.")
ADMINISTRATORS_ONLY = _("Only administrators may open this.")
AUDITS_ONLY = _("Only administrators and auditors may open this.")
NO_SCOPE = _("This API key lacks the scope %(scope)s. An administrator makes a key that has it.")
NOT_BY_KEY = _("This address takes no API keys.")
SENTENCES: dict[Role, Promise] = {Role.NONE: NO_ROLE, Role.AUDITOR: READS_ONLY}  # else what the view says


def only(*roles: Role, sentence: Promise) -> Callable[[View], View]:
    """Lets only these roles through to a view; the others read ``sentence`` on the page for status 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refuse_unless(viewer_of(request), roles, sentence)
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return decorate


def refuse_unless(viewer: Viewer, roles: tuple[Role, ...], sentence: Promise) -> None:
    """For views that change something in one branch only."""
    if viewer.role not in roles:
        raise PermissionDenied(SENTENCES.get(viewer.role, sentence))


may_change = only(*CHANGES, sentence=NO_CHANGE)
may_comment = only(*COMMENTS, sentence=NO_COMMENT)
administrators_only = only(Role.ADMINISTRATOR, sentence=ADMINISTRATORS_ONLY)
audits_only = only(Role.ADMINISTRATOR, Role.AUDITOR, sentence=AUDITS_ONLY)


class RolePermission(BasePermission):
    """Whoever has a role reads what it shows; ``changes`` also send something."""

    changes: tuple[Role, ...] = ()
    sentence: Promise = NO_CHANGE
    message: "Promise | str | None"

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        if not request.user or not request.user.is_authenticated:
            return False  # 401, as nobody has signed in
        role = viewer_of(request).role
        self.message = SENTENCES.get(role, self.sentence)
        return role in (ANY_ROLE if request.method in SAFE_METHODS else self.changes)


class MayCall(RolePermission):
    """The API's default: recruiters, administrators and other systems may send; others read."""

    changes = CALLS


class MayComment(RolePermission):
    """Opinions through the API: also the hiring managers of a job."""

    changes = (*COMMENTS, Role.INTEGRATION)
    sentence = NO_COMMENT


class HasScope(BasePermission):
    """Keys may what their scopes say and no more; people by token or session have no limit but their role."""

    message: "Promise | str"
    code = "missing_scope"

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        from candidates.integration.authentication import key_of

        key = key_of(request)
        if key is None:
            return True
        scope_of = getattr(view, "scope_of", None)
        if scope_of is None:  # no view of the API: it says nothing of what a key must have
            self.message = NOT_BY_KEY
            return False
        scope = scope_of(request)
        self.message = NO_SCOPE % {"scope": scope}
        return not scope or scope in key.scopes
