"""What else could tell who a hidden person is: tuples and computed columns, and being found by name or code.

The veil (``candidates.veiling``) works on objects; this looks at what is asked of the database.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.expressions import Col
from django.db.models.functions import Cast
from django.db.models.sql import Query

from candidates import veiling
from candidates.viewing import Role, Viewer

# Veils of what somebody is found by; redacted texts are searched as the search decides
TELLING = (veiling.enciphered, veiling.pseudonymous, veiling.nothing)
PLAIN_ANSWERS = (
    *(models.BooleanField, models.FloatField, models.IntegerField, models.DecimalField),
    *(models.DateField, models.DurationField, models.UUIDField),
)


class IdentityAsked(Exception):
    """Code of a request asked for identity in a way that passes by the veil: load objects."""


def refuse_identity(model: type[models.Model], fields: Iterable[Any]) -> None:
    """Raises ``IdentityAsked`` when tuples of these fields would tell who somebody is."""
    asked = [field for field in fields if isinstance(field, str)]
    if not fields:
        asked = [field.attname for field in model._meta.concrete_fields]
    for path in asked:
        owner, name, _way = _owner(model, path)
        if owner is not None and name in owner.VEILED:
            raise IdentityAsked(f"{model.__name__}: {path}")


def refuse_computed(query: Query) -> None:
    """Raises ``IdentityAsked`` when a computed column holds a veiled one as text."""
    for name, expression in query.annotation_select.items():
        if not isinstance(_answer(expression), PLAIN_ANSWERS) and any(map(_is_veiled, _columns(expression))):
            raise IdentityAsked(f"a computed column: {name}")


def not_finding_hidden(wanted: Q, model: type[models.Model], viewer: Viewer) -> Q:
    """``wanted`` such that nobody is found by a field that is hidden from the viewer."""
    children = [_child(child, model, viewer) for child in wanted.children]
    if all(new is old for new, old in zip(children, wanted.children, strict=True)):
        return wanted
    return Q(*children, _connector=wanted.connector, _negated=wanted.negated)


def _child(child: Any, model: type[models.Model], viewer: Viewer) -> Any:
    if isinstance(child, Q):
        return not_finding_hidden(child, model, viewer)
    if not isinstance(child, tuple):
        return child
    known = _known(child[0], model, viewer)
    return Q(child) & known if known else child


def not_placing_hidden(field: Any, model: type[models.Model], viewer: Viewer) -> Any:
    """What to order by instead, such that the place of somebody hidden tells nothing."""
    path = field.removeprefix("-") if isinstance(field, str) else ""
    known = _known(path, model, viewer) if path else None
    if not known:
        return field
    # Where everybody is hidden it is a constant, by which the database orders only when it is cast
    shown = Cast(Case(When(known, then=F(path)), default=Value("")), CharField())
    return shown.desc() if field.startswith("-") else shown.asc()


def _known(path: str, model: type[models.Model], viewer: Viewer) -> Q | None:
    """The condition under which the field at the end of ``path`` may be used; None: always."""
    owner, name, way = _owner(model, path)
    if owner is None or owner.VEILED.get(name) not in TELLING:
        return None
    if name == "code" and viewer.role == Role.INTEGRATION:  # another system's own key; the answer has none
        return None
    person = "__".join((*way, "pk" if owner.veiled_person == "id" else owner.veiled_person))
    is_contact = owner.VEILED[name] is veiling.nothing
    return viewer.reached_at(person) if is_contact else viewer.known_at(person)


def _owner(model: type[models.Model], path: str) -> tuple[type[veiling.Veiled] | None, str, list[str]]:
    """The veiled model where a path like "candidate__name__iexact" ends, the field there, the way to it."""
    way: list[str] = []
    for step in path.split("__"):
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            return None, step, way
        related = field.related_model
        if not field.is_relation or not isinstance(related, type):
            return (model if issubclass(model, veiling.Veiled) else None), field.name, way
        model = related
        way.append(step)
    return None, "", way


def _answer(expression: Any) -> Any:
    try:
        return expression.output_field
    except (AttributeError, FieldError):  # of mixed or unknown kind: taken for text
        return None


def _columns(expression: Any) -> Iterator[Any]:
    if isinstance(expression, Query):
        yield from (column for part in expression.select for column in _columns(part))
        yield from (column for part in expression.annotation_select.values() for column in _columns(part))
    elif isinstance(expression, Col):
        yield expression
    elif hasattr(expression, "get_source_expressions"):
        for part in expression.get_source_expressions():
            yield from _columns(part)


def _is_veiled(column: Any) -> bool:
    owner = column.target.model
    return issubclass(owner, veiling.Veiled) and column.target.name in owner.VEILED
