"""Rows whose key is in a list, told to the planner as one value."""

from django.db.models import BooleanField, F, Func
from django.db.models.expressions import BaseExpression


def among(name: str, keys: BaseExpression) -> Func:
    """Whether the field of that name is one of ``keys``, an array: joined, or one by one, the planner reads
    all rows for a few keys, or takes 8 ms for 2,000."""
    return Func(
        F(name), keys, arg_joiner=" = ANY (", template="%(expressions)s)", output_field=BooleanField()
    )
