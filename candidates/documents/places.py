"""Brazilian states and the towns where most people live; where somebody lives, as a CV's first lines say it.

Streets, districts and postal codes are not read: they tell more of somebody than a job may ask.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from candidates.folding import fold_phrase

FILE = Path(__file__).with_name("places.csv")
REACH = 3000  # characters at the head of a CV; further down stand the towns of employers
NEAR_THE_NAME = 600  # where a name before a state is a town although the list has it not


@dataclass(frozen=True)
class Place:
    city: str
    state: str
    start: int
    end: int


@dataclass(frozen=True)
class _Gazetteer:
    states: dict[str, str]  # folded code or name: name
    cities: dict[str, tuple[str, str]]  # folded: (city, state); of towns with one name the first


_WORDS = r"[A-ZÀ-Ý][\wÀ-ÿ'’-]*(?:[ \t]+(?:(?:de|da|do|das|dos|d'|e)[ \t]+)*[A-ZÀ-Ý][\wÀ-ÿ'’-]*){0,5}"
_JOINT = r"[ \t]*(?:[-–—/,|(·•]|[ \t])[ \t]*"
_LABEL = re.compile(
    r"(?:cidade|localidade|localiza[cç][aã]o|location|city|reside(?:nte)? em)[ \t]*:?[ \t]*", re.IGNORECASE
)
_STATE_LABEL = re.compile(
    r"(?:estado|state|uf)[ \t]*:[ \t]*(?P<state>[A-Za-zÀ-ÿ ]{2,20}?)[ \t]*(?=[\n,;|]|$)", re.IGNORECASE
)
_LINE = re.compile(r"(?:^|[\n|•·])[ \t]*(?P<own>[^\n|•·]+)")
_BEFORE_MORE = re.compile(r"[,;(/]| - | – ")
_NO_TOWN_WORDS = """
    rua av avenida bairro cep vila jardim jd travessa rodovia estrada quadra universidade faculdade
    curriculum curriculo vitae endereco analista desenvolvedor desenvolvedora brasil
"""
_NO_TOWN = frozenset(_NO_TOWN_WORDS.split())


def find_place(text: str) -> Place | None:
    """A town with its state first, then a town of the list, then a state alone; from the head of the text."""
    head = text[:REACH]
    return _town_with_state(head) or _town_alone(head) or _state_alone(head)


def is_place(words: str) -> bool:
    """Whether a line is the name of a town or state, and so not of a person."""
    known, folded = _gazetteer(), fold_phrase(words)
    return folded in known.cities or folded in known.states


def _town_with_state(head: str) -> Place | None:
    for found in _town_and_state().finditer(head):
        if not found["joint"].strip() and _known(found["town"]) is None:
            continue  # two names in a row: of a town and its state only when the town is known
        town, start = _town(found["town"], found.start("town"))
        if town:
            state = _gazetteer().states[fold_phrase(found["state"])]
            return Place(town, state, start, found.end("state"))
    return None


@cache
def _town_and_state() -> re.Pattern[str]:
    names = {name for row in _rows() for name in (row["code"], row["state"])}
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?P<town>{_WORDS})(?P<joint>{_JOINT})(?P<state>{either})(?![\wÀ-ÿ])")


def _known(words: str) -> tuple[str, str, int] | None:
    """The town of the list that ends these words, its state, and how many characters stand before it."""
    for start in (0, *(blank.end() for blank in re.finditer(r"[ \t]+", words))):
        town = _gazetteer().cities.get(fold_phrase(words[start:]))
        if town:
            return *town, start
    return None


def _town(words: str, start: int) -> tuple[str, int]:
    """A town before its state: one of the list, or near the name whatever may be one.

    "Bairro Centro Recife - PE" lives in Recife; further down "Banco Exemplo - SP" is an employer.
    """
    known = _known(words)
    if known:
        return known[0], start + known[2]
    label = _LABEL.match(words)
    own = words[label.end() :] if label else words
    if (
        start > NEAR_THE_NAME
        or any(map(str.isdigit, own))
        or not _NO_TOWN.isdisjoint(fold_phrase(own).split())
    ):
        return "", start
    return (own.title() if own.isupper() else own), start + len(words) - len(own)


def _town_alone(head: str) -> Place | None:
    """A town alone on its line or after a label: in running text a name may be a street or an employer."""
    for line in _LINE.finditer(head):
        label = _LABEL.match(line["own"])
        start = line.start("own") + (label.end() if label else 0)
        own = _BEFORE_MORE.split(head[start : line.end()])[0].rstrip(" .\t")
        town = _gazetteer().cities.get(fold_phrase(own)) if own else None
        if town:
            return Place(*town, start, start + len(own))
    return None


def _state_alone(head: str) -> Place | None:
    for found in _STATE_LABEL.finditer(head):
        state = _gazetteer().states.get(fold_phrase(found["state"]))
        if state:
            return Place("", state, found.start("state"), found.end("state"))
    return None


@cache
def _gazetteer() -> _Gazetteer:
    states: dict[str, str] = {}
    cities: dict[str, tuple[str, str]] = {}
    for row in _rows():
        states[fold_phrase(row["code"])] = states[fold_phrase(row["state"])] = row["state"]
        for city in row["cities"].split("|"):
            cities.setdefault(fold_phrase(city), (city, row["state"]))
    return _Gazetteer(states, cities)


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
