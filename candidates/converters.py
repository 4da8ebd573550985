"""How addresses hold a code: `<code:…>`."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class CodeConverter(StringConverter):
    """A code of the source: digits, perhaps a slash, but no control character (NUL cannot be stored)."""

    regex = r"[^\x00-\x1f\x7f]+"


def register() -> None:
    """Make it known to the addresses of all apps."""
    register_converter(CodeConverter, "code")
