"""Pages that go on after a row, wherever it now stands: nothing is told twice or left out between two pages
because something else was added or removed.

A cursor holds the place (the values that the order goes by, and the key), the order, and a digest of the
filters. It is signed: nobody makes one up, and what is in it needs no further checks.
"""

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from candidates.integration.parameters import unknown, whole

DEFAULT_LIMIT: Final = 50
MOST: Final = 200
SALT: Final = "peneira.cursor"
NEXT_PAGE: Final = "https://peneira.example/api/v1/…?limit=1&cursor=eyJhYm91dCI6…"  # of the schema's examples
NEXT: Final = "https://peneira.example/api/v1/…?cursor=eyJhYm91dCI6…"
# What may differ from page to page
NOT_FILTERS: Final = frozenset({"cursor", "limit", "sort", "fields", "expand"})


@dataclass(frozen=True)
class Sort:
    """An order by a column ("created_at", "job__code") or annotation, never by one that is veiled: its
    value stands in the cursor. Equals follow by key; rows without a value come last, either way round."""

    path: str
    nullable: bool = False

    @property
    def is_key(self) -> bool:
        return self.path == "pk"

    def value(self, row: Any) -> Any:
        for step in self.path.split("__"):
            row = None if row is None else getattr(row, step)
        return row


@dataclass(frozen=True)
class Way:
    """One order in one direction; ``back`` reads it from the end, as a page before does."""

    sort: Sort
    descending: bool
    back: bool = False

    @property
    def falls(self) -> bool:
        return self.descending != self.back

    def ordered(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        sign = "-" if self.falls else ""
        if self.sort.is_key:
            return rows.order_by(f"{sign}pk")
        if not self.sort.nullable:
            return rows.order_by(f"{sign}{self.sort.path}", f"{sign}pk")
        where = {"nulls_first": True} if self.back else {"nulls_last": True}
        column = F(self.sort.path)
        return rows.order_by(column.desc(**where) if self.falls else column.asc(**where), f"{sign}pk")

    def after(self, value: Any, key: Any) -> Q:
        """What follows the row with this value and key."""
        than = "lt" if self.falls else "gt"
        later = Q(**{f"pk__{than}": key})
        if self.sort.is_key:
            return later
        path = self.sort.path
        empty = Q(**{f"{path}__isnull": True})
        if value is None:
            return (empty & later) | ~empty if self.back else empty & later
        # The first condition says no more than the second, but lets the database begin there in an index
        beyond = Q(**{f"{path}__{than}e": value}) & (Q(**{f"{path}__{than}": value}) | later)
        return beyond | empty if self.sort.nullable and not self.back else beyond


class CursorPages(BasePagination):
    """``?limit=&cursor=&sort=`` over the orders in ``view.sorts``; "-name" is the same from the end."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        limit = whole(request, "limit", default=DEFAULT_LIMIT, most=MOST)
        self.name = _sort_name(request, view)
        self.about = _about(request, self.name)
        given = request.query_params.get("cursor")
        place = _read(given, self.about) if given is not None else None
        self.way = _way(view, self.name, back=bool(place and place["back"]))
        rows = self.way.ordered(queryset)
        if place:
            rows = rows.filter(self.way.after(_thawed(place["value"]), place["key"]))
        found = list(rows[: limit + 1])
        self.has_more, self.has_place = len(found) > limit, place is not None
        self.page = found[:limit][::-1] if self.way.back else found[:limit]
        return self.page

    @property
    def has_next(self) -> bool:
        return self.has_place if self.way.back else self.has_more

    @property
    def has_previous(self) -> bool:
        return self.has_more if self.way.back else self.has_place

    def _link(self, row: Any, *, back: bool) -> str:
        value = None if self.way.sort.is_key else _frozen(self.way.sort.value(row))
        place = {"about": self.about, "back": back, "value": value, "key": _frozen(row.pk)}
        cursor = signing.Signer(salt=SALT).sign_object(place)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response(self, data: Any) -> Response:
        there = bool(self.page)
        return Response(
            {
                "results": data,
                "next": self._link(self.page[-1], back=False) if there and self.has_next else None,
                "previous": self._link(self.page[0], back=True) if there and self.has_previous else None,
            }
        )

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": schema,
                "next": link
                | {"description": "The page that follows; null after the last row.", "example": NEXT},
                "previous": link | {"description": "The page before; null on the first.", "example": None},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [name for sort in view.sorts for name in (sort, f"-{sort}")]
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
        return [
            _parameter("limit", "How many at most.", limit),
            _parameter("cursor", "Where to go on: from `next` or `previous`.", {"type": "string"}),
            _parameter(
                "sort",
                "The order; with a minus from the end. Rows without the value come last.",
                {"type": "string", "enum": names, "default": view.default_sort},
            ),
        ]


def _parameter(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _sort_name(request: Request, view: Any) -> str:
    name: str = request.query_params.get("sort", view.default_sort)
    if name.removeprefix("-") not in view.sorts:
        raise ValidationError({"sort": [unknown(name.removeprefix("-"), view.sorts, what=_("order"))]})
    return name


def _way(view: Any, name: str, *, back: bool) -> Way:
    return Way(view.sorts[name.removeprefix("-")], name.startswith("-"), back)


def _about(request: Request, sort: str) -> str:
    """What a cursor belongs to: the address, the order and the filters."""
    pairs = [
        (name, value)
        for name, values in request.query_params.lists()
        if name not in NOT_FILTERS
        for value in values
    ]
    text = repr((request.path, sort, sorted(pairs)))
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:16]


def _read(cursor: str, about: str) -> dict[str, Any]:
    try:
        place: dict[str, Any] = signing.Signer(salt=SALT).unsign_object(cursor)
    except signing.BadSignature:
        text = _("This is no cursor of this API, or it was cut off. Begin again without one.")
        raise ValidationError({"cursor": [ErrorDetail(str(text), code="bad_cursor")]}) from None
    if place["about"] != about:
        text = _("The cursor belongs to another list, order or filter. Send these as for the first page.")
        raise ValidationError({"cursor": [ErrorDetail(str(text), code="other_cursor")]})
    return place | {"key": _thawed(place["key"])}


def _frozen(value: Any) -> Any:
    """What JSON can hold of a value of a column."""
    if isinstance(value, datetime.datetime):
        return ["t", value.isoformat()]
    if isinstance(value, datetime.date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return value if value is None or isinstance(value, bool | int | float | str) else ["s", str(value)]


_MADE_BY: Final[dict[str, Callable[[str], Any]]] = {
    "t": datetime.datetime.fromisoformat,
    "d": datetime.date.fromisoformat,
    "n": Decimal,
    "s": str,
}


def _thawed(value: Any) -> Any:
    return _MADE_BY[value[0]](value[1]) if isinstance(value, list) else value
