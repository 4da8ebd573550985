"""What somebody typed into the search box, understood: words, phrases, fields, AND OR NOT, parentheses.

Whatever is typed means something: what does not fit (a parenthesis that is never closed) is mended and said
in a sentence. Nothing here is a piece of SQL; ``compiling`` hands every word to the database as a parameter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from candidates.folding import fold_characters


class Field(StrEnum):
    """A part of a record that can be searched alone; the value is how it is written back."""

    ANYWHERE = ""
    NAME = "name"
    SKILL = "skill"
    PLACE = "city"
    TITLE = "title"
    TAG = "tag"
    NOTE = "note"


# In both languages, and as other programs call them; compared without accents and case
FIELD_NAMES = {
    "name": Field.NAME, "nome": Field.NAME,
    "skill": Field.SKILL, "skills": Field.SKILL, "habilidade": Field.SKILL, "habilidades": Field.SKILL,
    "city": Field.PLACE, "cidade": Field.PLACE, "state": Field.PLACE, "estado": Field.PLACE,
    "title": Field.TITLE, "cargo": Field.TITLE, "headline": Field.TITLE,
    "tag": Field.TAG, "tags": Field.TAG, "etiqueta": Field.TAG,
    "note": Field.NOTE, "nota": Field.NOTE, "notas": Field.NOTE, "notes": Field.NOTE,
}  # fmt: skip
# Small letters only where they are no words of Portuguese CVs
AND, OR, NOT = {"AND", "and", "E", "&&"}, {"OR", "or", "OU", "||"}, {"NOT", "not", "NÃO", "NAO"}
SHORTEST_PREFIX = 3  # letters before a "*": shorter ones begin every other word
DEEPEST = 30  # parentheses inside parentheses
# Beginnings of words, without accents, that say what nobody may be chosen by: marriage, sex, pregnancy and
# disability
REFUSED = (
    *("solteir", "casado", "casada", "divorciad", "viuv", "gravid", "gestant", "pcd", "deficiente"),
    *("masculin", "feminin", "homem", "homens", "mulher", "married", "divorced", "widow", "pregnan"),
)
PHONE = re.compile(r"\s*\+?[\d\s().-]{8,}\s*\Z")


@dataclass(frozen=True)
class Term:
    """A word or a phrase, in one field or anywhere."""

    text: str
    field: Field = Field.ANYWHERE
    is_phrase: bool = False
    is_prefix: bool = False

    def __str__(self) -> str:
        shown = f"“{self.text}”" if self.is_phrase else self.text + "*" * self.is_prefix
        return f"{self.field.value}:{shown}" if self.field else shown


@dataclass(frozen=True)
class Not:
    part: "Node"

    def __str__(self) -> str:
        return f"NOT {_inside(self.part)}"


@dataclass(frozen=True)
class All:
    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return " AND ".join(map(_inside, self.parts))


@dataclass(frozen=True)
class Either:
    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return " OR ".join(map(_inside, self.parts))


Node = Term | Not | All | Either


def _inside(part: Node) -> str:
    return f"({part})" if isinstance(part, All | Either) else str(part)


@dataclass(frozen=True)
class Parsed:
    """``root``: None when nothing is asked. ``problems``: sentences on what was mended."""

    root: Node | None
    problems: list[str] = field(default_factory=list)

    @property
    def understood(self) -> str:
        return str(self.root) if self.root else ""

    @property
    def is_plain(self) -> bool:
        """Only words, as somebody types a name."""
        parts = self.root.parts if isinstance(self.root, All) else (self.root,)
        return all(isinstance(part, Term) and not part.field and not part.is_prefix for part in parts)

    @property
    def terms(self) -> list[Term]:
        return list(terms_of(self.root)) if self.root else []


def terms_of(node: Node) -> Iterator[Term]:
    """All words and phrases, from left to right; also those that are not wanted."""
    if isinstance(node, Term):
        yield node
    else:
        for part in (node.part,) if isinstance(node, Not) else node.parts:
            yield from terms_of(part)


def parse(text: str) -> Parsed:
    if PHONE.match(text) and sum(map(str.isdigit, text)) >= 8:  # a phone number has parentheses of its own
        return Parsed(Term(" ".join(text.split())))
    parser = _Parser(list(_tokens(text)))
    root = parser.whole()
    return Parsed(root, list(dict.fromkeys(parser.problems)))


# Tokens


class _Token(NamedTuple):
    kind: str
    text: str


_QUOTES = '"“”„«»'
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<open>\() | (?P<close>\))
    | (?P<minus>-(?=[\w({_QUOTES}]))
    | (?P<field>[^\W\d_]+:)(?=\s*[\w({_QUOTES}.#+])
    | [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}]|\Z)
    | (?P<word>[^\s(){_QUOTES}]+)
    )""",
    re.VERBOSE,
)


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text.replace("\0", " ").rstrip()):
        kind = next(
            name for name in ("open", "close", "minus", "field", "phrase", "word") if found[name] is not None
        )
        yield _Token(kind, found[kind])
        if kind == "phrase" and not found["closed"]:
            yield _Token("unquoted", "")


class _Parser:
    """By descent: OR binds less than AND, AND (also unsaid) less than NOT."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0
        self.problems: list[str] = []

    def whole(self) -> Node | None:
        parts = []
        while self._at < len(self._tokens):
            parts.append(self._either(Field.ANYWHERE))
            if self._is("close"):
                self._at += 1
                self.problems.append(_("A “)” that closes nothing was left out."))
        return _joined(All, parts)

    def _is(self, *kinds: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].kind in kinds

    def _takes(self, words: set[str]) -> bool:
        """Whether the next token is one of these operators; it is then read."""
        taken = self._is("word") and self._tokens[self._at].text in words
        self._at += taken
        return taken

    def _at_end(self) -> bool:
        return self._at >= len(self._tokens) or self._is("close")

    def _either(self, scope: Field) -> Node | None:
        parts = [self._all(scope)]
        while self._takes(OR):
            if parts[-1] is None or self._at_end():
                self.problems.append(_("An OR needs something on both sides; it was left out."))
            parts.append(self._all(scope))
        return _joined(Either, parts)

    def _all(self, scope: Field) -> Node | None:
        parts: list[Node | None] = []
        while not self._at_end() and not (self._is("word") and self._tokens[self._at].text in OR):
            if self._takes(AND):
                if not parts or self._at_end():
                    self.problems.append(_("An AND needs something on both sides; it was left out."))
                continue
            parts.append(self._one(scope))
        return _joined(All, parts)

    def _one(self, scope: Field) -> Node | None:
        if self._takes(NOT) or self._takes_minus():
            if self._at_end():
                self.problems.append(_("A NOT needs something after it; it was left out."))
                return None
            part = self._one(scope)
            return Not(part) if part else None
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "open":
            return self._group(scope)
        if token.kind == "field":
            return self._in_field(token.text, scope)
        if token.kind == "unquoted":
            self.problems.append(_("A quotation mark is not closed; the phrase goes to the end."))
            return None
        return self._term(token, scope)

    def _takes_minus(self) -> bool:
        taken = self._is("minus")
        self._at += taken
        return taken

    def _group(self, scope: Field) -> Node | None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._at = len(self._tokens)
            self.problems.append(
                _("There are too many parentheses inside each other; what is in them was left out.")
            )
            return None
        inner = self._either(scope)
        self._depth -= 1
        if self._is("close"):
            self._at += 1
        else:
            self.problems.append(_("A “(” is not closed; it goes to the end."))
        if inner is None:
            self.problems.append(_("There is nothing between the parentheses “( )”; they were left out."))
        return inner

    def _in_field(self, written: str, scope: Field) -> Node | None:
        known = FIELD_NAMES.get(written[:-1].casefold())
        if known is not None:
            return self._one(known)
        params = {"field": written}
        self.problems.append(
            _("“%(field)s” is no field that can be searched; it was read as a word.") % params
        )
        following = self._one(scope)
        word = Term(written[:-1], scope)
        return _joined(All, [word, following])

    def _term(self, token: _Token, scope: Field) -> Node | None:
        if scope != Field.NAME and _is_refused(token.text):
            params = {"word": token.text.strip()}
            self.problems.append(
                _("“%(word)s” was left out: nobody may be chosen by that, so nobody is found by it.") % params
            )
            return None
        if token.kind == "phrase":
            words = token.text.split()
            return Term(" ".join(words), scope, is_phrase=len(words) > 1) if words else None
        text = token.text.rstrip(",;")
        stem = text.rstrip("*")
        if stem == text or not stem:
            return Term(text, scope) if any(map(str.isalnum, text)) else None
        if len(stem) < SHORTEST_PREFIX or not stem.isalnum():
            params = {"word": text, "count": str(SHORTEST_PREFIX)}
            self.problems.append(
                _("“%(word)s”: a “*” needs at least %(count)s letters before it; it was left out.") % params
            )
            return Term(stem, scope) if any(map(str.isalnum, stem)) else None
        return Term(stem, scope, is_prefix=True)


def _is_refused(text: str) -> bool:
    return any(fold_characters(word).startswith(REFUSED) for word in text.split())


def _joined(kind: type[All] | type[Either], parts: Sequence[Node | None]) -> Node | None:
    """One node of these parts: a single one stands for itself, those of the same kind become one list."""
    found: list[Node] = []
    for part in parts:
        found += part.parts if isinstance(part, kind) else [part] if part is not None else []
    return kind(tuple(found)) if len(found) > 1 else found[0] if found else None
