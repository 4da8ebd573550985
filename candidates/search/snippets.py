"""The words around a find, from what the reader may read of somebody.

The texts are those of loaded objects: what is hidden from the reader is already taken out of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from candidates.models import SEARCH_CONFIG, Candidate, Note

LONGEST = 20_000  # characters that are looked through for each person
START, STOP = "\ue000", "\ue001"
_OPTIONS = (
    f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=14, MinWords=6, FragmentDelimiter=' … '"
)
_BULLETS = re.compile("[\uf000-\uf0ff]")  # of the fonts Symbol and Wingdings, which no other font has
_MARKS = re.compile(f"([{START}{STOP}])")


@dataclass(frozen=True)
class Piece:
    text: str
    is_found: bool


def snippets(people: Sequence[Candidate], shown: str) -> dict[int, list[Piece]]:
    """For those of ``people`` in whose texts ``shown`` (a tsquery) was found, by key."""
    if not shown or not people:
        return {}
    notes = _notes(people)
    texts = [_text(person, notes.get(person.pk, ())) for person in people]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s::regconfig, text, %s::tsquery, %s)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, number) ORDER BY number",
            [SEARCH_CONFIG, shown, _OPTIONS, texts],
        )
        marked = [line for (line,) in cursor.fetchall()]
    return {
        person.pk: list(_pieces(line)) for person, line in zip(people, marked, strict=True) if START in line
    }


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
    text = "\n".join(part for part in parts if part)[:LONGEST]
    return _BULLETS.sub("·", _MARKS.sub("", text).replace("\0", ""))  # the database takes no text with a zero


def _pieces(line: str) -> Iterable[Piece]:
    is_found = False
    for part in _MARKS.split(" ".join(line.split())):
        if part in (START, STOP):
            is_found = part == START
        elif part:
            yield Piece(part, is_found)
