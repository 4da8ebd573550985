"""How the API reads a body."""

import json
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

SHOWN = 40  # characters of a field's name: it may be anything
DIGITS = bytes.maketrans(b"012345678", b"999999999")
LONG_NUMBER = b"9" * 19  # as ``DIGITS`` leaves it: it may be a whole number of more than 64 bits


class TooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class JsonParser(BaseParser):
    """JSON in UTF-8, of bounded size and depth.

    NaN and Infinity, which are no JSON but which many programs write, pass here: whoever validates them
    can name the field that held them. A field that is there twice is refused, unless the view
    ``takes_repeats``, as system B does: the last one counts there.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            body = _read(stream)
            if not _takes_repeats(parser_context):
                return _whole(json.loads(body.decode(), object_pairs_hook=_once), body)
            try:
                return _quickly(body)
            except orjson.JSONDecodeError:
                return _whole(json.loads(body.decode()), body)
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except UnicodeDecodeError:
            raise ParseError(_("The body is not UTF-8.")) from None
        except json.JSONDecodeError as error:
            where = {"line": error.lineno, "column": error.colno}
            raise ParseError(_("The body is not JSON: line %(line)s, column %(column)s.") % where) from None
        except ValueError:  # a whole number of thousands of digits
            raise ParseError(_("The body holds a number that is too long.")) from None


def _takes_repeats(parser_context: Mapping[str, Any] | None) -> bool:
    return bool(getattr((parser_context or {}).get("view"), "takes_repeats", False))


def _quickly(body: bytes) -> Any:
    """Read in a third of the time. Raises ``orjson.JSONDecodeError`` for whatever ``json`` reads or refuses
    in another way: NaN, half a character, whole numbers of more than 64 bits, which orjson would round."""
    if LONG_NUMBER in body.translate(DIGITS):
        raise orjson.JSONDecodeError("a long number", "", 0)
    return orjson.loads(body)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these fields; which of two values was meant is not for us to guess."""
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    names = Counter(name for name, _value in pairs)
    twice = names.most_common(1)[0][0][:SHOWN].encode(errors="replace").decode()
    raise ParseError(_("The body has the field %(field)s twice in one object.") % {"field": twice})


def _whole(data: Any, body: bytes) -> Any:
    """Refuses half a character (``"\\ud800"``), which JSON can write and nothing here can store or answer."""
    if b"\\ud" in body or b"\\uD" in body:
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ParseError(_("The body holds half a character, written as \\ud800 to \\udfff.")) from None
    return data


def _read(stream: IO[Any]) -> bytes:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(_("The body is larger than %(bytes)s bytes.") % {"bytes": limit})
    return body
