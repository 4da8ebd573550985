"""Lists of the API: pages, orders, filters and fields, each declared by the view and refused when unknown."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from candidates.integration.cursors import CursorPages, Sort
from candidates.integration.filters import FilterSet, moment, refusals, sentence
from candidates.integration.sparse import FIELDS, SparseView, expand_parameter
from candidates.models import Change

__all__ = ["ChangedSince", "FilterSet", "Filters", "Listing", "Sort"]

SEVERAL = (django_filters.MultipleChoiceFilter, django_filters.AllValuesMultipleFilter)


class Filters(DjangoFilterBackend):
    """The view's ``filterset_class``. A refused value is not repeated: it may be somebody's name."""

    def filter_queryset(self, request: Request, queryset: "QuerySet[Any]", view: Any) -> "QuerySet[Any]":
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(refusals(filterset.form))
        found: QuerySet[Any] = filterset.qs
        return found


class ChangedSince(BaseFilterBackend):
    """``?updated_since=``: what was made or changed at that time or later, in what others see of it."""

    def filter_queryset(self, request: Request, queryset: "QuerySet[Any]", view: Any) -> "QuerySet[Any]":
        given = request.query_params.get("updated_since")
        if view.kind is None or given is None:
            return queryset
        changed = Change.objects.filter(kind=view.kind, at__gte=_moment(given), gone=False)
        return queryset.filter(pk__in=changed.values("object_id"))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = [FIELDS, *([expand_parameter(view.on_request)] if view.on_request else [])]
        told = [
            {"name": one.name, "in": "query", "description": one.description, "schema": {"type": "string"}}
            for one in parameters
        ]
        since = {
            "name": "updated_since",
            "in": "query",
            "description": "Made or changed at that time (RFC 3339, with zone) or later. A change counts from"
            " when it was written, which may be before others could see it: who pulls regularly uses sync.",
            "schema": {"type": "string", "format": "date-time"},
        }
        return [*told, since] if view.kind else told


def _moment(given: str) -> Any:
    try:
        return moment(given)
    except InvalidValue as error:
        raise ValidationError({"updated_since": [sentence(error)]}) from None


class Listing(SparseView, ListAPIView[Any]):
    """A list, in pages by cursor: ``{"results": […], "next": …, "previous": …}``.

    ``queryset`` (or ``get_queryset``), ``serializer_class`` (``Sparse``), ``sorts`` by name with
    ``default_sort``, ``filterset_class`` with every filter there is, ``kind`` where changes are noted (that
    adds ``updated_since``), ``on_request`` and ``loads`` as in ``SparseView``.
    """

    sorts: ClassVar[Mapping[str, Sort]] = {"id": Sort("pk")}
    default_sort: ClassVar[str] = "id"
    kind: ClassVar[Change.Kind | None] = None
    filterset_class: ClassVar[type[FilterSet] | None] = None
    filter_backends = (Filters, ChangedSince)
    pagination_class = CursorPages

    def parameters(self) -> Mapping[str, bool]:
        filters = getattr(self.filterset_class, "base_filters", {})
        own = {name: isinstance(one, SEVERAL) for name, one in filters.items()}
        since = {"updated_since": False} if self.kind else {}
        pages = {"limit": False, "cursor": False, "sort": False}
        return {**super().parameters(), **pages, **since, **own}

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return self.lean(super().filter_queryset(queryset))
