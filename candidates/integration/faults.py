"""What is wrong with what was sent: field, code, sentence, and the kind of the value, never the value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

# The framework quotes the value in these, and a value may be somebody's name
QUOTING: Final = frozenset({"invalid_choice", "does_not_exist"})
NOT_A_CHOICE: Final = "not_a_choice"
MISSING: Final = object()
KINDS: Final = ("missing", "null", "boolean", "number", "text", "list", "object", "file")


@dataclass(frozen=True)
class Fault:
    """``got``: what kind of thing was sent (text, number, list …); "" where nothing was expected."""

    field: str
    code: str
    detail: str
    got: str


def faults(detail: Any, *, sent: Any = None) -> Iterator[Fault]:
    """Each refusal of a ValidationError's detail, with its path; ``sent`` is what was refused."""
    for path, error in _leaves(detail):
        code, text = str(getattr(error, "code", "invalid")), str(error)
        if code in QUOTING:
            code = NOT_A_CHOICE
            text = _("This is none of the values that the field takes; the schema lists them.")
        yield Fault(".".join(path), code, text, kind_at(sent, path))


def _leaves(detail: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _leaves(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        nested = any(isinstance(inner, Mapping) for inner in detail)
        for place, inner in enumerate(detail):
            if not nested:
                yield from _leaves(inner, path)
            elif inner:  # a list of objects has an empty one for each that is right
                yield from _leaves(inner, (*path, str(place)))
    else:
        yield path, detail


def kind_at(sent: Any, path: tuple[str, ...]) -> str:
    """The kind of the value at that path of a body, in JSON's words; "missing" where there is none."""
    for name in path:
        if isinstance(sent, Mapping):
            sent = sent.get(name, MISSING)
        elif isinstance(sent, list) and name.isdigit() and int(name) < len(sent):
            sent = sent[int(name)]
        else:
            return "missing" if path else ""
        if sent is MISSING:
            return "missing"
    return kind(sent) if path else ""


def kind(value: Any) -> str:
    """JSON's word for a value: null, true or false, number, text, list, object; file for an upload."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "object"
    return "list" if isinstance(value, list | tuple) else "file"
