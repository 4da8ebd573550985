"""Phrases with choices: "[a|b]" takes one, "{name}" is filled in; all chance comes from the rng given."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Filler = str | Callable[[], str]
PHRASES = Path(__file__).parent / "phrases"


def stream(seed: int, purpose: str, index: int = 0) -> random.Random:
    """A generator of its own for each thing made, so that any of them can be made again alone."""
    return random.Random(f"{seed}/{purpose}/{index}")


def pick(rng: random.Random, options: Sequence[T]) -> T:
    return options[int(rng.random() * len(options))]


def chance(rng: random.Random, probability: float) -> bool:
    return rng.random() < probability


@cache
def phrase_file(name: str) -> dict[str, Any]:
    with (PHRASES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def phrases(file: str, *keys: str) -> list[str]:
    """The list under these keys of a phrase file."""
    found: Any = phrase_file(file)
    for key in keys:
        found = found[key]
    return list(found)


class Deck:
    """Phrases in random order; each is used once before any comes again."""

    def __init__(self, rng: random.Random, phrases: Sequence[str]) -> None:
        self._rng, self._phrases = rng, phrases
        self._left: list[str] = []

    def draw(self) -> str:
        if not self._left:
            self._left = self._rng.sample(self._phrases, len(self._phrases))
        return self._left.pop()


class Weighted:
    """Options with weights, drawn by bisection."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._options = list(weights)
        self._cumulative: list[float] = []
        total = 0.0
        for weight in weights.values():
            total += weight
            self._cumulative.append(total)

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self._options, cum_weights=self._cumulative)[0]


Node = str | tuple[str, Any]


@cache
def _compiled(template: str) -> tuple[Node, ...]:
    nodes, _ = _parse(template, 0, stops="")
    return nodes


def _parse(template: str, at: int, *, stops: str) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    literal = ""
    while at < len(template) and template[at] not in stops:
        if template[at] not in "[{":
            literal, at = literal + template[at], at + 1
            continue
        if literal:
            nodes.append(literal)
            literal = ""
        node, at = _parse_choice(template, at) if template[at] == "[" else _parse_slot(template, at)
        nodes.append(node)
    if literal:
        nodes.append(literal)
    return tuple(nodes), at


def _parse_choice(template: str, at: int) -> tuple[Node, int]:
    options = []
    while template[at] in "[|":
        nodes, at = _parse(template, at + 1, stops="|]")
        options.append(nodes)
        if at >= len(template):
            raise ValueError(f"unbalanced bracket in phrase: {template!r}")
    return ("choice", tuple(options)), at + 1


def _parse_slot(template: str, at: int) -> tuple[Node, int]:
    end = template.index("}", at)
    return ("slot", template[at + 1 : end]), end + 1


def expand(template: str, rng: random.Random, slots: Mapping[str, Filler]) -> str:
    """The phrase with its choices made and slots filled, single-spaced. KeyError names an unknown slot."""
    parts: list[str] = []
    _walk(_compiled(template), rng, slots, parts)
    text = "".join(parts)
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" ,", ",").replace(" :", ":").strip(" ")


def _walk(nodes: tuple[Node, ...], rng: random.Random, slots: Mapping[str, Filler], parts: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        elif node[0] == "choice":
            _walk(pick(rng, node[1]), rng, slots, parts)
        else:
            filler = slots[node[1]]
            parts.append(filler if isinstance(filler, str) else filler())
