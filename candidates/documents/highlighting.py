"""The text of a file cut into pieces, so that a page can mark where each proposed value was read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    """``fields`` were read here; the first gives the mark its name. ``is_skill``: a skill was found here."""

    text: str
    fields: tuple[str, ...] = ()
    is_skill: bool = False


def pieces(text: str, proposed: Mapping[str, Any]) -> list[Piece]:
    """The whole text in order; a skill inside the words of a field is not marked once more."""
    cut: list[Piece] = []
    end = 0
    for start, stop, fields in _spans(text, proposed):
        if start < end:
            continue
        if start > end:
            cut.append(Piece(text[end:start]))
        cut.append(Piece(text[start:stop], fields, is_skill=not fields))
        end = stop
    return [*cut, Piece(text[end:])] if end < len(text) else cut


def _spans(text: str, proposed: Mapping[str, Any]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Of spans that overlap the one of a field comes first, and of two fields the earlier."""
    places: dict[tuple[int, int], list[str]] = {}
    for name, found in proposed.get("fields", {}).items():
        places.setdefault((found["start"], found["end"]), []).append(name)
    taken = [place for place in places if place[0] < place[1] <= len(text)]
    spans = [(start, stop, tuple(places[start, stop])) for start, stop in taken]
    spans += [(start, stop, ()) for start, stop in _skills(proposed) if _is_free(start, stop, taken)]
    return sorted(spans, key=lambda span: (span[0], not span[2], -span[1]))


def _skills(proposed: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for found in proposed.get("skills", []):
        if found["start"] < found["end"]:
            yield found["start"], found["end"]


def _is_free(start: int, stop: int, taken: list[tuple[int, int]]) -> bool:
    return all(stop <= first or last <= start for first, last in taken)
