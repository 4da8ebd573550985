"""The sentence around a find, short enough to be shown beside it."""

import re

QUOTE_LIMIT = 200
# Bullets of the fonts Symbol and Wingdings come out of CVs as characters that no other font has
UNSHOWABLE = dict.fromkeys(range(0xF000, 0xF100), "•")
# Where a sentence ends: a line, a semicolon, a bullet, a full stop before a blank (not the dot of "node.js",
# nor that of "R. das Flores": a street cut in two is not recognised as one where it has to be hidden)
_BREAK = re.compile(
    r"[\n\r;•●▪·\uf000-\uf0ff]|(?<!\bR)(?<!\bAv)(?<!\bAl)(?<!\bTv)(?<!\bRod)(?<!\bDr)[.!?](?=\s)"
)
_MARGIN = " \t-–—*.,:;>|"


def sentence_around(text: str, start: int, end: int, *, limit: int = QUOTE_LIMIT) -> str:
    """The sentence that holds text[start:end], cut to `limit` characters around it, with single blanks."""
    first, last = _sentence(text, start, end)
    cut_before, cut_after = False, False
    if last - first > limit:
        room = max(0, limit - (end - start))
        cut_first = max(first, min(start - room // 2, last - limit))
        cut_last = min(last, cut_first + limit)
        cut_before, cut_after = cut_first > first, cut_last < last
        first, last = _to_words(text, cut_first, cut_last, start, end)
    quote = " ".join(text[first:last].split()).strip(_MARGIN)
    return ("…" if cut_before else "") + quote + ("…" if cut_after else "")


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    first = 0
    for pause in _BREAK.finditer(text, max(0, start - 2 * QUOTE_LIMIT), start):
        first = pause.end()
    # No further than could be shown: a text without any pause is not read to its end for every find in it
    following = _BREAK.search(text, end, end + 2 * QUOTE_LIMIT)
    last = following.start() if following else min(len(text), end + 2 * QUOTE_LIMIT)
    return max(first, start - 2 * QUOTE_LIMIT), last


def _to_words(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Moves the cuts inwards to blanks, never into the find itself."""
    blank = text.find(" ", first, start)
    first = blank + 1 if first > 0 and blank >= 0 else first
    blank = text.rfind(" ", end, last)
    last = blank if last < len(text) and blank >= 0 else last
    return first, last
