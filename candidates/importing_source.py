"""Source files as streams of records: .json, .json.gz, .zip, JSON Lines, told apart by content, not by name.

A keyed file is one object ``{"<code>": {record}, …}``. JSON Lines (or a list) hold records that name their
own code: applicants in ``infos_basicas.codigo_profissional``, jobs and prospects in a ``codigo`` beside their
other keys; ``codigo`` is accepted in all three.

Whatever is wrong with the file as a whole is a ``BadSource`` with one sentence for the person who gave it.
"""

import gzip
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import ijson
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

APPLICANTS, JOBS, PROSPECTS = KINDS = ("applicants", "jobs", "prospects")
KIND_NAMES: dict[str, Promise] = {
    APPLICANTS: gettext_lazy("applicants"),
    JOBS: gettext_lazy("jobs (vagas)"),
    PROSPECTS: gettext_lazy("prospects"),
}
# In the order of their weight: a record that holds one of these is of that kind
SECTIONS = {
    APPLICANTS: frozenset(
        {
            "infos_basicas",
            "informacoes_pessoais",
            "informacoes_profissionais",
            "formacao_e_idiomas",
            "cargo_atual",
            "cv_pt",
            "cv_en",
        }
    ),
    JOBS: frozenset({"informacoes_basicas", "perfil_vaga", "beneficios"}),
    PROSPECTS: frozenset({"prospects", "modalidade"}),
}
RECORD_KEYS = frozenset({"codigo", "titulo"}).union(*SECTIONS.values())

MOST_BYTES = 16 * 1024**3  # unpacked
MOST_RATIO = 250  # unpacked to packed; JSON of this format packs 8 to 20 times
RATIO_FROM = 64 * 1024**2  # small files may be as repetitive as they like
LOOK_AHEAD = 100  # records looked at to tell the kind of a file whose first ones are broken
# The reader's memory grows with the square of the depth, its time with the square of a text's length
MOST_DEPTH = 200  # real records are four deep
MOST_TEXT_BYTES = 32 * 1024**2  # of one text as it stands in the file; the longest known CV has 0.2 MB

_UTF8_MARK = b"\xef\xbb\xbf"
_FIRST_KEY = re.compile(rb'\s*\{\s*(?:"((?:[^"\\]|\\.)*)"|\})')


class BadSource(Exception):
    """A file that cannot be imported at all; the message is one sentence for a person."""


class SourceRecord(NamedTuple):
    key: str  # "" when the record names none
    number: int  # its place in the file, from 1
    content: object


class Source:
    """One file, read once from beginning to end; ``position`` of ``size`` bytes say how far."""

    def __init__(self, path: Path, *, kind: str, name: str = "") -> None:
        self.path, self.kind, self.name = path, kind, name or path.name
        self.size = path.stat().st_size if path.is_file() else 0
        self._raw: BinaryIO | None = None

    @property
    def position(self) -> int:
        """Bytes of the file read so far, packed as it is; all of them once it was read to its end."""
        if self._raw is None:
            return 0
        return self.size if self._raw.closed else self._raw.tell()

    def records(self) -> Iterator[SourceRecord]:
        """Every record in order; raises BadSource at the place where the file turns out to be bad."""
        with self._opened() as stream:
            records = self._numbered(stream)
            ahead = list(itertools.islice(records, LOOK_AHEAD))
            self._check_kind(ahead)
            yield from ahead
            yield from records

    @contextmanager
    def _opened(self) -> Iterator["_Stream"]:
        try:
            self._raw = self.path.open("rb")
        except OSError as error:
            raise BadSource(
                _("“%(name)s” cannot be read: %(why)s.") % {"name": self.name, "why": error.strerror}
            ) from None
        with self._raw as raw:
            yield _Stream(_unpacked(raw, self.name), packed=self.size, name=self.name)

    def _numbered(self, stream: "_Stream") -> Iterator[SourceRecord]:
        number = 0
        try:
            for number, (key, content) in enumerate(_parsed(stream, self.name), start=1):
                yield SourceRecord(key, number, content)
        except ijson.JSONError as error:
            raise BadSource(_explain(str(error), self.name, number)) from None
        if not number:
            raise BadSource(_("“%(name)s” holds no records.") % {"name": self.name})

    def _check_kind(self, ahead: list[SourceRecord]) -> None:
        found = next(filter(None, (kind_of(record.content) for record in ahead)), None)
        if found is None:
            raise BadSource(
                _("“%(name)s” is JSON, but no record in it looks like %(kind)s.")
                % {"name": self.name, "kind": KIND_NAMES[self.kind]}
            )
        if found != self.kind:
            raise BadSource(
                _("“%(name)s” holds %(found)s, but was given as %(kind)s.")
                % {"name": self.name, "found": KIND_NAMES[found], "kind": KIND_NAMES[self.kind]}
            )


def kind_of(record: object) -> str | None:
    """What a record is, by its sections."""
    if not isinstance(record, dict):
        return None
    return next((kind for kind, sections in SECTIONS.items() if sections & record.keys()), None)


def own_code(record: object) -> object:
    """The code that a record names itself, None when it does not."""
    if not isinstance(record, dict):
        return None
    basics = record.get("infos_basicas")
    return record.get("codigo") or (basics.get("codigo_profissional") if isinstance(basics, dict) else None)


def _parsed(stream: "_Stream", name: str) -> Iterator[tuple[str, object]]:
    head = stream.peek()
    first = _FIRST_KEY.match(head)
    if not head.strip():
        raise BadSource(_("“%(name)s” is empty.") % {"name": name})
    if head.lstrip()[:1] == b"[":
        yield from _naming_themselves(ijson.items(stream, "item", use_float=True))
    elif first and (first[1] or b"").decode("utf-8", "replace") in RECORD_KEYS:
        yield from _naming_themselves(ijson.items(stream, "", multiple_values=True, use_float=True))
    else:
        yield from ijson.kvitems(stream, "", use_float=True)


def _naming_themselves(records: Iterator[object]) -> Iterator[tuple[str, object]]:
    for record in records:
        code = own_code(record)
        yield ("" if code is None or isinstance(code, dict | list) else str(code)), record


def _explain(error: str, name: str, number: int) -> str:
    values = {"name": name, "number": number}
    if "premature EOF" in error:
        return _("“%(name)s” is cut off: it ends in the middle, after %(number)d records.") % values
    if "UTF8" in error:
        return _("“%(name)s” is not in UTF-8, perhaps in Latin-1; save it as UTF-8 and try again.") % values
    return _("“%(name)s” is not valid JSON; the fault is after %(number)d records.") % values


class _Stream:
    """Unpacked bytes for the parser: no byte order mark, no bomb, and errors of packing in words."""

    def __init__(self, file: BinaryIO, *, packed: int, name: str) -> None:
        self._file, self._packed, self._name = file, packed, name
        self._total = 0
        self._shape = _Shape()
        self._head = self._read(64 * 1024).removeprefix(_UTF8_MARK)
        if self._head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in self._head[:4]:
            raise BadSource(_("“%(name)s” is in UTF-16; save it as UTF-8 and try again.") % {"name": name})

    def peek(self) -> bytes:
        return self._head

    def read(self, size: int = -1) -> bytes:
        # The parser asks for no bytes first, to see what kind of stream this is
        if not size or not self._head:
            return self._read(size)
        head, self._head = self._head, b""
        return head

    def _read(self, size: int) -> bytes:
        try:
            chunk = self._file.read(size)
        except EOFError:
            raise BadSource(
                _("“%(name)s” is cut off: it ends in the middle.") % {"name": self._name}
            ) from None
        except (OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            raise _damaged(self._name) from None
        self._total += len(chunk)
        self._refuse_bombs(chunk)
        return chunk

    def _refuse_bombs(self, chunk: bytes) -> None:
        if self._total > MOST_BYTES or self._total > max(RATIO_FROM, self._packed * MOST_RATIO):
            raise _too_big(self._name)
        self._shape.follow(chunk)
        if self._shape.deepest > MOST_DEPTH:
            raise BadSource(_("“%(name)s” is nested too deeply to be a source file.") % {"name": self._name})
        if self._shape.text_bytes > MOST_TEXT_BYTES:
            raise _too_big(self._name)


class _Shape:
    """How deep the JSON that went by was nested, and how long the text is that is open at its end."""

    def __init__(self) -> None:
        self.deepest = self.text_bytes = self._depth = 0
        self._rest = b""  # what belongs before the next chunk: an opened text, half an escape

    def follow(self, chunk: bytes) -> None:
        marks = (self._rest + chunk).replace(b"\\\\", b"").replace(b'\\"', b"")
        half = b"\\" if marks.endswith(b"\\") else b""
        marks = marks.translate(None, _NO_MARKS)
        goes_on = bool(self.text_bytes) and marks.count(b'"') == 1
        nested, is_open, _ = _TEXT.sub(b"", marks).partition(b'"')
        self._rest = is_open + half
        self.text_bytes = len(chunk) + (self.text_bytes if goes_on else 0) if is_open else 0
        for mark in nested:
            self._depth += 1 if mark in b"[{" else -1
            self.deepest = max(self.deepest, self._depth)


_TEXT = re.compile(rb'"[^"]*"')
_NO_MARKS = bytes(set(range(256)) - set(b'"[]{}'))


def _unpacked(raw: BinaryIO, name: str) -> BinaryIO:
    magic = raw.read(4)
    raw.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if magic in (b"PK\x03\x04", b"PK\x05\x06"):
        return _only_member(raw, name)
    return raw


def _only_member(raw: BinaryIO, name: str) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, OSError):
        raise _damaged(name) from None
    members = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)]
    if len(members) != 1:
        raise BadSource(
            _("“%(name)s” holds %(number)d files; an archive must hold exactly one.")
            % {"name": name, "number": len(members)}
        )
    member = members[0]
    if member.file_size > max(RATIO_FROM, min(MOST_BYTES, member.compress_size * MOST_RATIO)):
        raise _too_big(name)
    if member.flag_bits & 1:
        raise BadSource(_("“%(name)s” is locked with a password; give it without one.") % {"name": name})
    try:
        return cast(BinaryIO, archive.open(member))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        raise _damaged(name) from None


def _is_litter(path: str) -> bool:
    """What some systems put into every archive."""
    return path.startswith("__MACOSX/") or path.rpartition("/")[2] == ".DS_Store"


def _damaged(name: str) -> BadSource:
    return BadSource(
        _("“%(name)s” is damaged or cut off: it cannot be unpacked; copy it again.") % {"name": name}
    )


def _too_big(name: str) -> BadSource:
    return BadSource(
        _("“%(name)s” unpacks to far more than a source file would; it was not read.") % {"name": name}
    )
