"""The words around a find, from what the reader may read of somebody.

The texts are those of loaded objects: what is hidden from the reader is already taken out of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from candidates.models import SEARCH_CONFIG, Candidate, Note

LONGEST = 20_000  # characters that are looked through for each person
WINDOW = 1_500  # characters among which the database chooses what it shows
BEFORE = 150  # of them that stand before the first find
FINDS = 30  # that are compared
START, STOP = "\ue000", "\ue001"
_OPTIONS = (
    f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=14, MinWords=6, FragmentDelimiter=' … '"
)
_BULLETS = re.compile("[\uf000-\uf0ff]")  # of the fonts Symbol and Wingdings, which no other font has
_MARKS = re.compile(f"([{START}{STOP}])")
_LEXEME = re.compile(r"'((?:[^'\\]|'')+)'")  # of a tsquery
_UNSTEMMED = 2  # letters at the end of a stem that may be others in the word
_ACCENTED = {"a": "aáàâãä", "c": "cç", "e": "eéèêë", "i": "iíìîï", "n": "nñ", "o": "oóòôõö", "u": "uúùûü"}


@dataclass(frozen=True)
class Piece:
    text: str
    is_found: bool


def snippets(people: Sequence[Candidate], shown: str) -> dict[int, list[Piece]]:
    """For those of ``people`` in whose texts ``shown`` (a tsquery) was found, by key."""
    if not shown or not people:
        return {}
    notes = _notes(people)
    where = _places(shown)
    texts = [_text(person, notes.get(person.pk, ())) for person in people]
    parts = [_around(text, where) for text in texts]
    marked = _marked(parts, shown)
    # A word that only begins like one that was asked for can have led astray
    again = [n for n, line in enumerate(marked) if START not in line and len(parts[n]) < len(texts[n])]
    for n, line in zip(again, _marked([texts[n] for n in again], shown), strict=True):
        marked[n] = line
    return {
        person.pk: list(_pieces(line)) for person, line in zip(people, marked, strict=True) if START in line
    }


def _marked(texts: Sequence[str], shown: str) -> list[str]:
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s::regconfig, text, %s::tsquery, %s)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, number) ORDER BY number",
            [SEARCH_CONFIG, shown, _OPTIONS, [_clean(text) for text in texts]],
        )
        return [line for (line,) in cursor.fetchall()]


def _notes(people: Sequence[Candidate]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for note in Note.objects.filter(candidate__in=[person.pk for person in people], deleted_at=None):
        found.setdefault(note.candidate_id, []).append(note.text)
    return found


def _text(person: Candidate, notes: Iterable[str]) -> str:
    parts = (
        person.technical_knowledge,
        person.certifications,
        person.other_certifications,
        *notes,
        person.cv_text,
        person.cv_text_en,
    )
    return "\n".join(part for part in parts if part)[:LONGEST]


def _clean(text: str) -> str:
    """Of bullets that no font shows, of our own marks, and of zeros, which the database does not take."""
    return _BULLETS.sub("·", _MARKS.sub("", text).replace("\0", ""))


def _places(shown: str) -> "re.Pattern[str] | None":
    """Where words of these lexemes may begin, also within others (``_begins_word``): the database need not
    read a whole CV for two lines."""
    stems = {lexeme.replace("''", "'") for lexeme in _LEXEME.findall(shown) if not lexeme.startswith("=")}
    beginnings = {stem[: max(3, len(stem) - _UNSTEMMED)] for stem in stems}
    written = sorted(
        "".join(f"[{_ACCENTED[one]}]" if one in _ACCENTED else re.escape(one) for one in stem)
        for stem in beginnings
    )
    return re.compile("|".join(written), re.IGNORECASE) if written else None


def _around(text: str, where: "re.Pattern[str] | None") -> str:
    """The part of a long text with the most different words that were asked for; all when none is seen."""
    if where is None or len(text) <= WINDOW:
        return text
    begun = (find for find in where.finditer(text) if _begins_word(text, find.start()))
    finds = [(find.start(), find[0].casefold()) for find in islice(begun, FINDS)]
    if not finds:
        return text
    room = WINDOW - BEFORE
    first = max(
        (at for at, _word in finds),
        key=lambda start: (len({word for at, word in finds if start <= at < start + room}), -start),
    )
    start = max(0, first - BEFORE)
    start = text.find(" ", start, first) + 1 or first if start else 0  # no word is cut in two
    return text[start : start + WINDOW].rpartition(" ")[0] if start + WINDOW < len(text) else text[start:]


def _begins_word(text: str, at: int) -> bool:
    """Asked of the few finds: as a part of the pattern it would be asked of every letter."""
    return not at or not text[at - 1].isalnum()


def _pieces(line: str) -> Iterable[Piece]:
    is_found = False
    for part in _MARKS.split(" ".join(line.split())):
        if part in (START, STOP):
            is_found = part == START
        elif part:
            yield Piece(part, is_found)
