"""One JSON object written record by record: UTF-8, indented by one space like the source, nothing kept."""

from __future__ import annotations

import gzip
import os
from collections.abc import Mapping
from json.encoder import encode_basestring
from pathlib import Path
from types import TracebackType
from typing import Any, Self


def encoded(value: Any, indent: int) -> str:
    """Like json.dumps(indent=1, ensure_ascii=False), several times as fast; strings, lists and dicts only."""
    if isinstance(value, str):
        return encode_basestring(value)
    pad = "\n" + " " * (indent + 1)
    end = "\n" + " " * indent
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        fields = [f"{encode_basestring(key)}: {encoded(item, indent + 1)}" for key, item in value.items()]
        return "{" + pad + ("," + pad).join(fields) + end + "}"
    if not value:
        return "[]"
    return "[" + pad + ("," + pad).join(encoded(item, indent + 1) for item in value) + end + "]"


class Sink:
    """A file, gzipped or not, that gets its name when complete. Equal contents give equal bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._partial = path.with_name(path.name + ".part")
        self._raw = self._partial.open("wb")
        zipped = path.suffix == ".gz"
        # No name and no time in the header: the same seed must give the same bytes.
        self._file = gzip.GzipFile("", "wb", 6, self._raw, mtime=0) if zipped else self._raw

    def write(self, text: str) -> None:
        self._file.write(text.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._raw.close()
        if kind is None:
            os.replace(self._partial, self.path)
        else:
            self._partial.unlink(missing_ok=True)


class JsonObjectSink(Sink):
    """A file that holds one JSON object of many records."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._before = "{"

    def add(self, key: str, record: Mapping[str, Any]) -> None:
        self.write(f"{self._before}\n {encode_basestring(key)}: {encoded(record, 1)}")
        self._before = ","

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.write("{}\n" if self._before == "{" else "\n}\n")
        super().__exit__(kind, error, trace)
