"""The text of a file, by the library for its kind. Pure: no Django, no network, nothing written.

Only `child` calls this, in a process of its own with little memory and time: what a file does to these
libraries it does to that process alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from candidates.documents.checking import Kind, Unreadable, kind_of, open_archive, part_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MOST_CHARACTERS = 200_000  # the longest CV seen has 60,000
FEWEST_LETTERS = 30  # fewer, beside a picture, are a page number or a stamp
_LINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u200b\ufeff]")
_MANY_BLANKS = re.compile(r"[ \t\u00a0]{3,}")
_PARTED = re.compile(r"[\ufffe\x02](?:\r?\n)?")
_ADDRESS = re.compile(r"[/@]|www\.")
_EMPTY_LINES = re.compile(r"\n[ \t\u00a0]*(?:\n[ \t\u00a0]*){2,}")


@dataclass(frozen=True)
class Extracted:
    kind: Kind
    text: str
    pages: int | None = None  # only a PDF knows


def extract(data: bytes, *, most_pages: int) -> Extracted:
    """Raises ``Unreadable`` with the code of the reason."""
    kind = kind_of(data)
    if kind is Kind.PDF:
        return _extract_pdf(data, most_pages)
    text = clean(_READERS[kind](data))
    if not text:
        raise Unreadable("empty")
    return Extracted(kind, _of_readable_length(text))


def clean(text: str) -> str:
    """Lines end in one way, and nothing is left that a database or a page cannot hold."""
    text = _UNSTORABLE.sub("", _LINES.sub("\n", text))
    text = _MANY_BLANKS.sub("  ", text)
    return _EMPTY_LINES.sub("\n\n", text).strip()


def _of_readable_length(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long")
    return text


# PDF


def _extract_pdf(data: bytes, most_pages: int) -> Extracted:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("encrypted" if "password" in str(error).lower() else "damaged") from error
    pages = len(document)
    if pages == 0:
        raise Unreadable("damaged")
    if pages > most_pages:
        raise Unreadable("too_many_pages")
    texts, length = [], 0
    for number in range(pages):
        texts.append(_page_text(document, number))
        length += len(texts[-1])
        if length > 2 * MOST_CHARACTERS:
            raise Unreadable("too_long")
    text = clean(_joined_words("\n\n".join(texts)))
    if _letters(text) < FEWEST_LETTERS:
        _refuse_without_text(text, document)
    return Extracted(Kind.PDF, _of_readable_length(text), pages)


def _page_text(document: "PdfDocument", number: int) -> str:
    import pypdfium2

    try:
        page = document[number]
        return str(page.get_textpage().get_text_bounded())
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged") from error


def _joined_words(text: str) -> str:
    """PDFium marks a hyphen at the end of a line with U+FFFE: it parts a word, but belongs to an address."""
    return _PARTED.sub(lambda found: "-" if _is_address(text, found.start()) else "", text)


def _is_address(text: str, end: int) -> bool:
    words = text[max(0, end - 100) : end].split()
    return bool(words and _ADDRESS.search(words[-1]))


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text[: 10 * FEWEST_LETTERS])


def _refuse_without_text(text: str, document: "PdfDocument") -> None:
    from pypdfium2 import raw

    for page in document:
        kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
        if next(iter(page.get_objects(filter=kinds, max_depth=5)), None) is not None:
            raise Unreadable("image_only")
    if not text:
        raise Unreadable("empty")


# Word and OpenDocument: XML in an archive, read as a stream of events, without a tree


class _Events:
    """Collects text while the parser walks.

    ``words`` are the elements whose text counts, ``begins`` and ``ends`` what stands for the borders of
    others, ``skipped`` those that are left out with all that is in them.
    """

    words: frozenset[str]
    begins: dict[str, str]
    ends: dict[str, str]
    skipped: frozenset[str]

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._depth = self._skipping = self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name in self.skipped:
            self._skipping += 1
        elif name in self.words:
            self._depth += 1
        self._keep(self.begins.get(name, ""))

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        self._keep(self.ends.get(name, ""))
        if name in self.skipped:
            self._skipping -= 1
        elif name in self.words:
            self._depth -= 1

    def data(self, text: str) -> None:
        if self._depth:
            self._keep(text)

    def close(self) -> str:
        return "".join(self._pieces)

    def _keep(self, text: str) -> None:
        if not text or self._skipping:
            return
        self._pieces.append(text)
        self._length += len(text)
        if self._length > 2 * MOST_CHARACTERS:
            raise Unreadable("too_long")


class _Word(_Events):
    """Text boxes stand in a document twice: as drawn today, and once more for Word before 2010."""

    words = frozenset({"t"})
    begins = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    ends = {"p": "\n"}
    skipped = frozenset({"Fallback", "del", "moveFrom"})


class _OpenDocument(_Events):
    words = frozenset({"p", "h"})
    begins = {"tab": "\t", "line-break": "\n", "s": " "}
    ends = {"p": "\n", "h": "\n"}
    skipped = frozenset({"annotation", "tracked-changes"})


def _read_xml(content: bytes, events: _Events) -> str:
    """Refuses documents that define entities: no word processor writes them, and they swell in memory."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    parser = DefusedXMLParser(target=events, forbid_dtd=True)
    try:
        parser.feed(content)
        return str(parser.close())
    except DefusedXmlException as error:
        raise Unreadable("bomb") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("damaged") from error


def _extract_docx(data: bytes) -> str:
    """Headers first: there many templates put the name."""
    archive = open_archive(data)
    names = archive.namelist()
    headers = sorted(name for name in names if re.fullmatch(r"word/header\d*\.xml", name))
    footers = sorted(name for name in names if re.fullmatch(r"word/footer\d*\.xml", name))
    parts = [*headers[:5], "word/document.xml", *footers[:5]]
    texts = [_read_xml(part_of(archive, name), _Word()).strip("\n") for name in parts]
    return "\n".join(dict.fromkeys(text for text in texts if text.strip()))


def _extract_odt(data: bytes) -> str:
    return _read_xml(part_of(open_archive(data), "content.xml"), _OpenDocument())


# Text


def _extract_rtf(data: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(data.decode("latin-1"), errors="ignore"))  # type: ignore[no-untyped-call]


def _extract_text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # what Windows in Brazil writes; Latin-1 is a part of it


_READERS: dict[Kind, Callable[[bytes], str]] = {
    Kind.DOCX: _extract_docx,
    Kind.ODT: _extract_odt,
    Kind.RTF: _extract_rtf,
    Kind.TEXT: _extract_text,
}
