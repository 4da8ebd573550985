"""Text made comparable without moving a character: lower case, no accents, separators as blanks."""

import re
import unicodedata
from bisect import bisect_right
from typing import NamedTuple

# Kept as they are because skills are spelled with them: c#, c++, .net, r&s, r$, e-mail addresses.
_KEPT = frozenset("#+.&$@")
# What a folded text leaves out: blanks after a blank, loose accents (text taken from PDFs), invisible
# characters.
_DROPPED = re.compile(r"(?<=\s)[ \t\u00a0]+|[\u0300-\u036f\u00ad\u200b-\u200d\ufeff\r]+")


def _fold_character(code: int) -> str:
    base = unicodedata.normalize("NFD", chr(code).lower())[0]
    return base if base.isascii() and (base.isalnum() or base in _KEPT) else " "


# One byte a character: text outside Latin-1 becomes "?" and so a blank.
_TABLE = "".join(_fold_character(code) for code in range(256)).encode("latin-1")


class Folded(NamedTuple):
    text: str
    cuts: tuple[int, ...]  # places in the folded text before which characters were left out
    shifts: tuple[int, ...]  # how many were left out up to that cut

    def place(self, at: int) -> int:
        """Where a character of the folded text stands in the original."""
        if not self.cuts:
            return at
        cut = bisect_right(self.cuts, at)
        return at + (self.shifts[cut - 1] if cut else 0)


def fold(text: str) -> Folded:
    """Blanks in a row and invisible characters are left out; all else keeps its order and length."""
    cuts, shifts, kept, end, shift = [], [], [], 0, 0
    for dropped in _DROPPED.finditer(text):
        kept.append(text[end : dropped.start()])
        end = dropped.end()
        cuts.append(dropped.start() - shift)
        shift += end - dropped.start()
        shifts.append(shift)
    if not cuts:
        return Folded(fold_characters(text), (), ())
    kept.append(text[end:])
    return Folded(fold_characters("".join(kept)), tuple(cuts), tuple(shifts))


def fold_characters(text: str) -> str:
    """One character for each character of the text."""
    lower = text.lower()
    if len(lower) != len(text):  # a few capitals have two characters in lower case
        lower = "".join(character.lower()[0] for character in text)
    return lower.encode("latin-1", "replace").translate(_TABLE).decode("latin-1")


def fold_phrase(phrase: str) -> str:
    """A phrase as it is looked up: folded, with single blanks."""
    return " ".join(fold_characters(phrase).split())
