"""Source records, field by field: what is missing is empty, what has the wrong shape rejects the record."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext_noop

from candidates.importing_source import SECTIONS, SourceRecord, kind_of, own_code

Value = TypeVar("Value")

# Sentences of a closed list: a reason never quotes the record. Pages translate them when they show them.
NO_CODE = gettext_noop("The record has no usable code.")
TWO_CODES = gettext_noop("The record's own code is not the key that it stands under.")
NOT_AN_OBJECT = gettext_noop("An object was expected here.")
NOT_A_TEXT = gettext_noop("A text was expected here.")
TOO_LONG = gettext_noop("The text is too long to be stored.")
TOO_DEEP = gettext_noop("The record is nested too deeply.")
EMPTY = gettext_noop("The record is empty.")
OTHER_KIND = gettext_noop("The record belongs into another file.")
DUPLICATE = gettext_noop("The file holds this key more than once; the last one was taken.")

MOST_CHARACTERS = 5_000_000
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,31}")


class BadRecord(Exception):
    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


@dataclass(frozen=True)
class Rejection:
    """A record, or a part of one, that was not stored as it stood."""

    key: str
    reason: str
    field: str = ""


@dataclass
class Tally:
    """What happened to the records of one file."""

    read: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    rejected: int = 0
    # Values that were filled but say nothing in the closed sets: kept in the raw record only
    not_understood: Counter[str] = field(default_factory=Counter)

    def reject(self, key: str, error: BadRecord) -> None:
        self.rejected += 1
        self.remember(Rejection(key, error.reason, error.field))

    def remember(self, rejection: Rejection) -> None:
        if len(self.rejections) < MOST_REJECTIONS:
            self.rejections.append(rejection)


MOST_REJECTIONS = 5_000  # rows kept of one file; all are counted


def read_code(value: object) -> str:
    """A code as text; the source writes numbers as text, others may write them as numbers."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    code = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _CODE.fullmatch(code):
        raise BadRecord(NO_CODE)
    return code


def printable_key(record: SourceRecord) -> str:
    """The key to name a record by when it may be broken: never a piece of free text."""
    key = record.key.strip()
    return key if _CODE.fullmatch(key) else f"#{record.number}"


def open_record(record: SourceRecord, *, kind: str) -> tuple[str, dict[str, Any]]:
    """Its code and its sections, after a look at whether it is such a record at all."""
    code, content = read_code(record.key), record.content
    if not isinstance(content, dict):
        raise BadRecord(NOT_AN_OBJECT)
    if not content:
        raise BadRecord(EMPTY)
    if not SECTIONS[kind] & content.keys():
        raise BadRecord(OTHER_KIND if kind_of(content) else EMPTY)
    named = own_code(content)
    if named not in (None, "") and read_code(named) != code:
        raise BadRecord(TWO_CODES)
    return code, content


class Section:
    """One object of a record; ``tally`` counts what is filled but not understood."""

    def __init__(self, record: Mapping[str, Any], name: str, not_understood: Counter[str]) -> None:
        content = record.get(name)
        if content is None or content == "":
            content = {}
        if not isinstance(content, dict):
            raise BadRecord(NOT_AN_OBJECT, name)
        self._content, self._name, self._not_understood = content, name, not_understood

    def text(self, *keys: str) -> str:
        """The first of the keys that is filled, as it stands but for its ends and NUL characters."""
        for key in keys:
            value = self._content.get(key)
            # Most fields of most records are empty: no time is lost on them
            if value not in (None, "") and (text := read_text(value, f"{self._name}.{key}")):
                return text
        return ""

    def line(self, *keys: str, limit: int) -> str:
        """A text on one line, cut where the column ends; the raw record has all of it."""
        text = self.text(*keys)
        return cut(" ".join(text.split()), limit) if text else ""

    def read(
        self, key: str, reader: Callable[[str], Value], *, blank: Callable[[str], bool] | None = None
    ) -> Value:
        """A value understood by a reader that gives something false when it was not."""
        text = self.text(key)
        value = reader(text)
        if text and not value and not (blank or _says_nothing)(text):
            self.note(key)
        return value

    def note(self, key: str) -> None:
        self._not_understood[f"{self._name}.{key}"] += 1


def _says_nothing(text: str) -> bool:
    return not text.strip("-:. ")


def read_text(value: object, name: str) -> str:
    if isinstance(value, str):
        if len(value) > MOST_CHARACTERS:
            raise BadRecord(TOO_LONG, name)
        return value.replace("\0", "").strip() if value else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Sim" if value else "Não"
    if isinstance(value, int | float):
        return str(value)
    raise BadRecord(NOT_A_TEXT, name)


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def raw_json(record: Mapping[str, Any], *, without: frozenset[str] = frozenset()) -> str:
    """The record as it came, as JSON, but for the keys named, on its first two levels; no NUL characters."""
    kept = {
        key: _leave_out(value, without) if isinstance(value, dict) else value
        for key, value in record.items()
        if key not in without
    }
    try:
        text = _JSON.encode(kept)
        # jsonb cannot hold the character; the escape may also be a written-out backslash, so look again
        return _JSON.encode(_without_nul(kept)) if "\\u0000" in text else text
    except RecursionError:
        raise BadRecord(TOO_DEEP) from None


_JSON = json.JSONEncoder(ensure_ascii=False)


def _leave_out(section: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    if keys.isdisjoint(section):
        return section
    return {name: value for name, value in section.items() if name not in keys}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list) else value
