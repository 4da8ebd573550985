"""From what was asked to a condition on candidates.

Words become lexemes in the database, all of them in one query, as parameters. The text of a tsquery is then
put together from lexemes, each quoted, and is itself a parameter. Each part is compiled twice: for people
whom the reader may know, and for those who are hidden from the reader and are searched without what tells who
they are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import SearchQuery
from django.db import connection, models
from django.db.models import F, Func, Q, Value

from candidates import viewing
from candidates.models import SEARCH_CONFIG, Candidate
from candidates.redaction import tells
from candidates.search import indexing
from candidates.search.indexing import CODE, EMAIL, HEADLINE, NAME, NOTE, PHONE, PLACE, SKILL, TAG
from candidates.search.naming import LONGEST, skill_named
from candidates.search.parsing import All, Either, Field, Node, Not, Term, terms_of
from candidates.viewing import Role

# How much two spellings of a name must share: beside people who have that very name, and where nobody has
SIMILAR, MISSPELLED = 0.6, 0.4
MARKS = {Field.PLACE: PLACE, Field.TITLE: HEADLINE, Field.TAG: TAG, Field.NOTE: NOTE}
_NOBODY = Q(pk__in=[])
_QUOTED = re.compile(r"'((?:[^']|'')*)'")


class TsQuery(SearchQuery):
    """A tsquery that is already written out, as a parameter."""

    def as_sql(self, compiler: Any, connection: Any, **_how: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        text, params = compiler.compile(self.source_expressions[-1])
        return f"{text}::tsquery", list(params)


def plain(expression: Any) -> Func:
    return Func(expression, function="peneira_plain", output_field=models.TextField())


def similar_name(text: str) -> Q:
    """By an index; how much alike is alike says ``accept_likeness``, before."""
    return Q(TrigramWordSimilar(plain(F("name")), plain(Value(text))))


def accept_likeness(share: float) -> None:
    """From now on, on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(share)])


def visible_names() -> Q:
    """Those whose name the reader may know."""
    viewer = viewing.current()
    return Q() if viewer is None or not viewer.hides_anybody else ~viewer.hidden


@dataclass(frozen=True)
class Words:
    """What the database made of a term: its tsquery and the lexemes in it; empty for words like "de"."""

    query: str
    lexemes: tuple[str, ...]


@dataclass(frozen=True)
class Compiled:
    """``wanted`` and ``strong``: conditions; ``strong`` holds where skills, headline or name say it too.

    ``shown``: a tsquery of all that is worth marking in a text. ``rank``: what people are ranked by, and
    ``blind_rank`` those who are hidden. ``ignored``: words too common to be searched. ``names``: whom
    somebody looks for by name.
    """

    wanted: Q | None
    strong: Q | None
    shown: str
    rank: str
    blind_rank: str
    ignored: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    names: str = ""


# Lexemes


def quoted(lexeme: str) -> str:
    """A lexeme as it stands in the text of a tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def look_up(terms: Sequence[Term]) -> dict[Term, Words]:
    """One query for all words."""
    if not terms:
        return {}
    texts = [re.sub(r"['\\\0]", " ", term.text) for term in terms]
    asked = [f"'{text}'" + ":*" * term.is_prefix for term, text in zip(terms, texts, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsquery(%s, asked)::text, tsvector_to_array(to_tsvector(%s, text))"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given (asked, text, number)"
            " ORDER BY number",
            [SEARCH_CONFIG, SEARCH_CONFIG, asked, texts],
        )
        return {
            term: Words(query, _lexemes(term, query, lexemes))
            for term, (query, lexemes) in zip(terms, cursor.fetchall(), strict=True)
        }


def _lexemes(term: Term, query: str, lexemes: Iterable[str]) -> tuple[str, ...]:
    if term.is_prefix:  # not stemmed by to_tsquery as a whole word would be
        return tuple(found.replace("''", "'") for found in _QUOTED.findall(query))
    return tuple(lexemes)


def _marks(mark: str, words: Words, *, is_prefix: bool = False) -> str:
    """All lexemes of a term under one mark."""
    ending = ":*" * is_prefix
    return _all([quoted(mark + lexeme) + ending for lexeme in words.lexemes])


def _all(parts: Sequence[str]) -> str:
    return _combined(" & ", parts)


def _either(parts: Sequence[str]) -> str:
    return _combined(" | ", parts)


def _combined(operator: str, parts: Sequence[str]) -> str:
    """Empty parts are words too common to be searched: they ask nothing."""
    found = [part for part in dict.fromkeys(parts) if part]
    return found[0] if len(found) == 1 else operator.join(f"({part})" for part in found)


# Skills by other names


def with_skills(node: Node) -> Node:
    """Words side by side that name a skill together ask for the skill too: machine learning."""
    if isinstance(node, Term):
        return node
    if isinstance(node, Not):
        return Not(with_skills(node.part))
    parts = tuple(with_skills(part) for part in node.parts)
    return Either(parts) if isinstance(node, Either) else All(_with_spellings(parts))


def _with_spellings(parts: Sequence[Node]) -> tuple[Node, ...]:
    found: list[Node] = []
    at = 0
    while at < len(parts):
        count = next((n for n in range(LONGEST, 1, -1) if _names_skill(parts[at : at + n], n)), 1)
        words = tuple(parts[at : at + count])
        found += words if count == 1 else (Either((All(words), Term(_text(words), Field.SKILL))),)
        at += count
    return tuple(found)


def _text(words: Iterable[Node]) -> str:
    return " ".join(word.text for word in words if isinstance(word, Term))


def _names_skill(words: Sequence[Node], count: int) -> bool:
    bare = [word for word in words if isinstance(word, Term) and not word.field and not word.is_prefix]
    return len(bare) == count and bool(skill_named(_text(words)))


def skill_of(term: Term) -> str:
    if term.is_prefix or term.field not in (Field.ANYWHERE, Field.SKILL):
        return ""
    return skill_named(term.text)


# Conditions

Part = str | Q | None  # a tsquery, another condition, or nothing that could be searched


@dataclass(frozen=True)
class _Compiler:
    """``hidden``: for people who are hidden; ``strong``: only where skills, headline or name say it.
    ``nobodys``: names that nobody has, so that only similar ones can be found."""

    words: Mapping[Term, Words]
    nobodys: frozenset[Term] = frozenset()
    hidden: bool = False
    strong: bool = False
    contact: bool = True

    def part(self, node: Node) -> Part:
        if isinstance(node, Term):
            return self._term(node)
        if isinstance(node, Not):
            inner = replace(self, strong=False).part(node.part)
            return f"!({inner})" if isinstance(inner, str) else inner if inner is None else ~inner
        if self.hidden and isinstance(node, All) and tells(_text(node.parts)):
            return _NOBODY
        parts = [found for found in map(self.part, node.parts) if found is not None]
        return _joined(parts, either=isinstance(node, Either))

    def _term(self, term: Term) -> Part:
        words = self.words[term]
        if self.hidden and _tells(term):
            return _NOBODY
        if term.field == Field.NAME:
            return self._name(term, words)
        if term.field in MARKS:
            return _marks(MARKS[term.field], words, is_prefix=term.is_prefix) or None
        skill = skill_of(term)
        parts = [quoted(SKILL + skill)] if skill else []
        if not words.lexemes and not skill:
            return None
        if term.field == Field.SKILL and skill:
            return parts[0]
        if not (skill and _is_spelled_with_signs(term.text)):
            marked = _marks(HEADLINE, words, is_prefix=term.is_prefix)
            parts.append(marked if self.strong else words.query)
        return _either([*parts, *self._identity(term, words)]) or None

    def _identity(self, term: Term, words: Words) -> list[str]:
        """What tells who somebody is: searched of nobody who is hidden."""
        if self.hidden:
            return []
        marked = [_marks(NAME, words, is_prefix=term.is_prefix)]
        if not term.is_prefix and len(term.text) <= 32:
            marked.append(quoted(CODE + term.text.lower()))
        if self.contact and "@" in term.text:
            marked.append(quoted(EMAIL + term.text.lower()))
        digits = "".join(filter(str.isdigit, term.text))[-indexing.PHONE_DIGITS :]
        if self.contact and len(digits) == indexing.PHONE_DIGITS:
            marked.append(quoted(PHONE + digits))
        return marked

    def _name(self, term: Term, words: Words) -> Part:
        if not words.lexemes:
            return None
        if self.hidden:
            return _NOBODY
        marked = _marks(NAME, words, is_prefix=term.is_prefix)
        if term.is_prefix:
            return marked
        # Likeness first: it is told from the name alone, where the mark would be read out of a whole vector
        similar = similar_name(term.text)
        return similar if term in self.nobodys else similar | condition(marked)


def _joined(parts: Sequence[str | Q], *, either: bool) -> Part:
    """Tsqueries become one, which an index answers at once; other conditions stand beside it."""
    texts = [part for part in parts if isinstance(part, str)]
    others = [part for part in parts if isinstance(part, Q)]
    text = (_either if either else _all)(texts) if texts else None
    if not others:
        return text
    whole = condition(text) if text else others.pop()
    for other in others:
        whole = whole | other if either else whole & other
    return whole


def _is_spelled_with_signs(text: str) -> bool:
    """Letters alone would find other things: "c#", "c++", ".net"."""
    return any(sign in text for sign in "#+") or text.startswith(".")


def condition(part: str | Q) -> Q:
    return part if isinstance(part, Q) else Q(search_vector=TsQuery(part))


def compile_(root: Node) -> Compiled:
    """Who looks decides what is asked of whom: call it where the candidates are looked up."""
    from candidates.search.naming import spellings_of

    root = with_skills(root)
    terms = list(dict.fromkeys(terms_of(root)))
    skills = tuple(dict.fromkeys(filter(None, map(skill_of, _wanted_terms(root)))))
    spelled = [Term(text, is_phrase=True) for skill in skills for text in spellings_of(skill)]
    words = look_up(list(dict.fromkeys([*terms, *spelled])))
    names = [term for term in terms if term.field == Field.NAME and not term.is_prefix]
    nobodys = frozenset(term for term in names if not _is_somebodys(words[term]))
    if names:
        accept_likeness(MISSPELLED if nobodys else SIMILAR)
    compiler = _Compiler(words, nobodys, contact=_may_ask_contact())
    wanted = list(dict.fromkeys(_wanted_terms(root)))
    texts = [term for term in wanted if term.field != Field.NAME]
    of_texts = [words[term].query for term in texts]
    of_skills = [quoted(SKILL + skill) for skill in skills]
    shown = of_texts + [words[term].query for term in spelled]
    blind = of_texts if not _hides_anybody() else [words[term].query for term in texts if not _tells(term)]
    named = [_marks(NAME, words[term], is_prefix=term.is_prefix) for term in wanted if term not in nobodys]
    return Compiled(
        wanted=_for_viewer(root, compiler),
        strong=_for_viewer(root, replace(compiler, strong=True)),
        shown=_either(shown),
        rank=_either([*of_texts, *of_skills, *named]),
        blind_rank=_either([*blind, *of_skills]),
        ignored=tuple(
            dict.fromkeys(term.text for term in terms if not words[term].lexemes and not skill_of(term))
        ),
        skills=skills,
        names=" ".join(term.text for term in names),
    )


def _hides_anybody() -> bool:
    viewer = viewing.current()
    return viewer is not None and viewer.hides_anybody


def _tells(term: Term) -> bool:
    """Whether the texts of somebody who is hidden are shown without these words: nobody is found by them."""
    endings = ("", "a", "o") if term.is_prefix else ("",)
    return any(tells(term.text + ending) for ending in endings)


def _is_somebodys(words: Words) -> bool:
    """Whether anybody is called just so, as far as the reader may know names."""
    marked = condition(_marks(NAME, words)) if words.lexemes else _NOBODY
    return bool(Candidate.objects.filter(visible_names(), marked).exists())


def _may_ask_contact() -> bool:
    viewer = viewing.current()
    return viewer is None or viewer.role != Role.HIRING_MANAGER


def _for_viewer(root: Node, compiler: _Compiler) -> Q | None:
    part = compiler.part(root)
    if part is None:
        return None
    viewer = viewing.current()
    if viewer is None or not viewer.hides_anybody:
        return condition(part)
    of_hidden = replace(compiler, hidden=True).part(root)
    veiled = condition(of_hidden) if of_hidden is not None else _NOBODY
    return (condition(part) & ~viewer.hidden) | (veiled & viewer.hidden)


def _wanted_terms(node: Node) -> Iterable[Term]:
    if isinstance(node, Term):
        yield node
    elif not isinstance(node, Not):
        for part in node.parts:
            yield from _wanted_terms(part)
