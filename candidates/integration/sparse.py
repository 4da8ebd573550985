"""Answers with only the fields that were asked for, and rows without the columns that nobody asked for."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import GenericAPIView

from candidates.integration.parameters import StrictQueryView, listed

FIELDS = OpenApiParameter(
    "fields",
    str,
    description="Only these fields, parted by commas. An unknown one is refused.",
)


def expand_parameter(names: Collection[str]) -> OpenApiParameter:
    return OpenApiParameter(
        "expand",
        str,
        description=f"Also these, parted by commas: {', '.join(f'`{name}`' for name in names)}.",
    )


class Sparse(serializers.Serializer[Any]):
    """A serializer of answers whose fields the caller chooses: no field is sure to be there."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        told: Collection[str] | None = self.context.get("told")
        return fields if told is None else {name: field for name, field in fields.items() if name in told}


class SparseModel(Sparse, serializers.ModelSerializer[Any]):
    """The same of a model."""


class SparseSchema(OpenApiSerializerExtension):
    target_class = Sparse
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema.pop("required", None)
        return schema


class SparseView(StrictQueryView, GenericAPIView[Any]):
    """``?fields=`` names what is told, ``?expand=`` adds what is told on request only.

    ``on_request``: fields told only when one of the two names them. ``loads``: the columns that a field is
    read from, left in the database when it is not told. ``serializer_class`` is a ``Sparse`` one.
    """

    on_request: ClassVar[tuple[str, ...]] = ()
    loads: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def parameters(self) -> Mapping[str, bool]:
        expand = {"expand": False} if self.on_request else {}
        return {**super().parameters(), "fields": False, **expand}

    @cached_property
    def told(self) -> frozenset[str]:
        """The fields of the answer. Raises ValidationError."""
        serializer: Any = self.get_serializer_class()()
        known = serializer.fields.keys()
        chosen = listed(self.request, "fields", known)
        more = listed(self.request, "expand", self.on_request) or []
        usual = known - set(self.on_request) if chosen is None else chosen
        return frozenset([*usual, *more])

    @property
    def columns_left(self) -> frozenset[str]:
        """Columns that nobody asked for."""
        needed = {column for name, columns in self.loads.items() if name in self.told for column in columns}
        return frozenset(column for columns in self.loads.values() for column in columns) - needed

    def lean(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """``rows`` without the columns that nobody asked for."""
        left = self.columns_left
        return rows.defer(*left) if left else rows

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if getattr(self, "swagger_fake_view", False):
            return context
        return context | {"told": self.told}
