"""What a file is by its content, never by its name, and whether it may be opened at all.

Known to neither Django nor the database: this runs in the process that reads files nobody trusts (`child`).
"""

import io
import zipfile
from enum import StrEnum

MEGABYTE = 1024 * 1024
MOST_PARTS = 2000  # files inside an archive
MOST_UNPACKED = 200 * MEGABYTE  # all parts of an archive together, as it declares
MOST_IN_PART = 40 * MEGABYTE  # the words of a CV: 200,000 characters are about 2 MB of XML
MOST_RATIO, RATIO_FROM = 200, 2 * MEGABYTE  # real documents shrink 5 to 40 times

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and encrypted Office files of today
PICTURES = (
    b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*",
    b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x1cftyp", b"\x00\x00\x00\x20ftyp",
)  # fmt: skip
PICTURES_WITH_ZEROS = (b"BM", b"RIFF")  # a text may begin so, too
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<?php", b"#!")


class Kind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    TEXT = "text"


class Unreadable(Exception):
    """A file whose text cannot be had, with the code of the reason (`problems`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(data: bytes) -> Kind:
    """The kind of a file that may be read. Raises ``Unreadable`` for every other."""
    if not data.strip(b"\x00\t\n\r\x0c "):
        raise Unreadable("empty")
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(data)
    if data.startswith(b"{\\rtf"):
        return Kind.RTF
    if data.startswith(OLE):
        raise Unreadable(_ole_problem(data))
    if data.startswith(PICTURES) or (data.startswith(PICTURES_WITH_ZEROS) and b"\x00" in data[:64]):
        raise Unreadable("image_only")
    return _kind_of_text(data)


def open_archive(data: bytes) -> zipfile.ZipFile:
    """An archive whose parts may be unpacked: what it declares is checked before a byte is."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("damaged") from error
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("bomb")
    if any(_is_bomb(part) for part in parts):
        raise Unreadable("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")
    return archive


def part_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """The content of a part; never more than it may have, whatever the archive declared."""
    try:
        with archive.open(name) as part:
            content = part.read(MOST_IN_PART + 1)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("damaged") from error
    except Exception as error:  # zlib.error and its kin of other methods have no common parent
        raise Unreadable("damaged") from error
    if len(content) > MOST_IN_PART:
        raise Unreadable("bomb")
    return content


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    swollen = part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(1, part.compress_size)
    return swollen or (part.filename.endswith(".xml") and part.file_size > MOST_IN_PART)


def _kind_of_archive(data: bytes) -> Kind:
    archive = open_archive(data)
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return Kind.DOCX
    if "content.xml" in names and b"opendocument.text" in part_of(archive, "mimetype"):
        if b"encryption-data" in part_of(archive, "META-INF/manifest.xml"):
            raise Unreadable("encrypted")
        return Kind.ODT
    raise Unreadable("damaged" if not names else "wrong_type")


def _ole_problem(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted"
    return "old_word" if "WordDocument".encode("utf-16-le") in data else "wrong_type"


def _kind_of_text(data: bytes) -> Kind:
    """Plain text: no byte that no text has, and no markup or program."""
    if data.lstrip()[:9].lower().startswith(MARKUP):
        raise Unreadable("wrong_type")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 says so itself
        return Kind.TEXT
    control = sum(data.count(byte) for byte in _CONTROL)
    if b"\x00" in data or control * 100 > len(data):
        raise Unreadable("wrong_type")
    return Kind.TEXT


_CONTROL = [bytes([code]) for code in range(32) if chr(code) not in "\t\n\r\x0b\x0c"]
