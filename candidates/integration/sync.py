"""Pulling what changed since the last time: every final state once, and none missed, while others write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, ClassVar, Final, TypeVar

from django.core import signing
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration import changes
from candidates.integration.parameters import limit_parameter, whole
from candidates.integration.sparse import FIELDS, SparseView
from candidates.models import Change
from candidates.requests import viewer_of

DEFAULT_LIMIT: Final = 100
MOST: Final = 500
SALT: Final = "peneira.sync"

View = TypeVar("View", bound=Callable[..., Any])


class TokenGone(APIException):
    status_code = HTTPStatus.GONE
    default_code = "sync_token_gone"
    default_detail = _(
        "The token is of another state of the database, perhaps from before it was restored. Pull again"
        " without a token, and drop what this does not bring."
    )


@dataclass(frozen=True)
class Place:
    """How far somebody has pulled. ``base``: what had gone by then was never told of, so needs no word."""

    kind: str
    seq: int
    base: int
    epoch: str

    @property
    def token(self) -> str:
        return signing.Signer(salt=SALT).sign_object(asdict(self))


def place_of(token: str, kind: str) -> Place:
    """Where a token stands; raises ValidationError or TokenGone."""
    try:
        place = Place(**signing.Signer(salt=SALT).unsign_object(token))
    except signing.BadSignature:
        text = _("This is no token of this API, or it was cut off. Without one you pull everything.")
        raise ValidationError({"token": [ErrorDetail(str(text), code="bad_token")]}) from None
    if place.kind != kind:
        text = _("This token is of another resource: each has its own.")
        raise ValidationError({"token": [ErrorDetail(str(text), code="other_token")]})
    if place.epoch != changes.epoch() or place.seq > changes.highest():
        raise TokenGone
    return place


class SyncView(SparseView):
    """``GET …/sync?token=&limit=&fields=``: ``{"changed": […], "gone": […], "token": "…", "more": false}``.

    ``kind``: whose changes these are. ``get_queryset`` is what the caller sees; what it leaves out is told of
    only as far as ``absent`` says so. All columns that the serializer shows, and no others, must be noted by
    the trigger of the table: else a change is missed, or the same state told twice.
    """

    kind: ClassVar[Change.Kind]
    http_method_names = ("get", "head", "options")

    def parameters(self) -> Mapping[str, bool]:
        return {**super().parameters(), "token": False, "limit": False}

    def gone(self, change: Change) -> dict[str, Any]:
        """How others know a row that was deleted."""
        return {"id": change.object_id}

    def all_gone(self, change: Change) -> list[dict[str, Any]]:
        """Each way in which the caller may know a row that was deleted."""
        return [self.gone(change)]

    def absent(self, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Of rows that are stored and that the caller is not shown: those that are gone for everybody."""
        return {}

    def get(self, request: Request) -> Response:
        _refuse_narrow_views(request)
        limit = whole(request, "limit", default=DEFAULT_LIMIT, most=MOST)
        token = request.query_params.get("token")
        place = None if token is None else place_of(token, self.kind)
        left = changes.number(self.kind)
        with changes.one_moment():
            if place is None:
                place = Place(self.kind, 0, changes.last(self.kind), changes.epoch())
            page = changes.after(self.kind, place.seq, limit=limit + 1)
            told = self._told(page[:limit], place.base)
        reached = page[:limit][-1].seq if page else place.seq
        following = Place(self.kind, reached or 0, place.base, place.epoch)
        return Response({**told, "token": following.token, "more": left or len(page) > limit})

    def _told(self, page: list[Change], base: int) -> dict[str, Any]:
        rows = self.lean(self.get_queryset()).filter(pk__in=[one.object_id for one in page if not one.gone])
        there = {row.pk: row for row in rows}
        away = [one for one in page if one.object_id not in there and (one.seq or 0) > base]
        absent = self.absent([one.object_id for one in away if not one.gone])
        gone = [
            told
            for one in away
            for told in (self.all_gone(one) if one.gone else [absent.get(one.object_id)])
            if told is not None
        ]
        changed = [there[one.object_id] for one in page if one.object_id in there]
        return {
            "changed": self.get_serializer(changed, many=True).data,
            "gone": gone,
        }


def _refuse_narrow_views(request: Request) -> None:
    """What somebody sees of some jobs only changes with teams and stages, not with the rows: no pull of
    changes could say what came into sight and what went out of it."""
    if not viewer_of(request).sees_all_rows:
        raise PermissionDenied(
            _("Only roles that see every row pull changes. Read the list, with updated_since.")
        )


class GoneSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of what was deleted.")


class GoneByCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Of what is no longer there.")


TOKEN = OpenApiParameter(
    "token",
    str,
    description="From the answer before; without one everything is pulled. It never expires, and belongs to"
    " this resource and this database.",
)
GONE = OpenApiResponse(
    description="The token is of another state of the database (`sync_token_gone`): pull without one, and"
    " drop what this does not bring."
)


def sync_schema(
    name: str, serializer: Any, *, gone: Any = GoneSerializer, row: Mapping[str, Any]
) -> Callable[[View], View]:
    """What the schema says of the ``get`` of a ``SyncView``; ``name`` is the resource, "candidates"."""
    answer = inline_serializer(
        f"{name.title().replace('_', '')}Sync",
        {
            "changed": serializer(many=True, help_text="The rows as they are now."),
            "gone": gone(many=True, help_text="What is no longer there."),
            "token": serializers.CharField(help_text="Keep it for the next time, once this is stored."),
            "more": serializers.BooleanField(help_text="true: pull again at once."),
        },
    )
    told = extend_schema(
        operation_id=f"{name}_sync",
        summary=f"Pull the {name.replace('_', ' ')} that changed",
        description="Each row that was made or changed since the token, in its present state, once; and what"
        " has gone. Nothing is missed or told twice, whoever writes meanwhile. Pull while `more` is true,"
        " then every now and then. Of a person under blind review it is what a reader sees: that a reader"
        " is let know more later is no change.",
        tags=[name],
        parameters=[TOKEN, limit_parameter(default=DEFAULT_LIMIT, most=MOST), FIELDS],
        responses={200: answer, 400: _refused(), 410: GONE},
        examples=[_example(row)],
    )
    # Of a class the decorator must name the method, or it would speak for all of them
    return lambda view: extend_schema_view(get=told)(view) if isinstance(view, type) else told(view)


def _refused() -> OpenApiResponse:
    return OpenApiResponse(
        description="A parameter is unknown or wrong, or the token is none of this resource."
    )


def _example(row: Mapping[str, Any]) -> OpenApiExample:
    told = {"changed": [row], "gone": [], "token": "eyJraW5kIjoiY2FuZGlkYXRlIiwic2VxIjo3…", "more": False}
    return OpenApiExample("One that changed", value=told, response_only=True, status_codes=["200"])
