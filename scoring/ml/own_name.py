"""A person's own name taken out of the person's own texts, before the learner sees them.

Names tell sex, age and origin, and a model of words would learn them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import Final, NamedTuple

from scoring.ml.text import fold

# Names that are everyday words of a CV (cities, months, companies, languages, tools among them). Inside the
# whole name they go, too; alone they stay, for a CV without "março", "vendas = sales" or "Julia" tells lies.
_EVERYDAY_WORDS = """
abril agosto alegre alto angular bahia banco barra barros bela belem bento bom bonito braga branca branco
brasil bravo campos campo carta castelo castro celeste chaves clara claro conceicao cortes costa cristal
cruz delphi dias django domingos dores esperanca feliz ferro fiel filha filho flor flores fonte fontes
forte fortes franca franco gama gloria graca guerra guia iris jade jenkins jesus jordan julho julia julio
junho junior justo lago leal leao leite lima linda linhares luz machado maio marco marcos mar matos max
mercado mercedes monte montes mota natal neto neta nova novo ouro palma parente pascal paz pedra penha
perl pessoa pessoas pires ponte pontes porta porto portugal prado prata preto primo prudente python ramos
reis rico rio rios rocha rosa ruby sales sala salas salvador santa santana santo santos sao scala segundo
senior serra sobrinho socorro sol swift terra torres vale valente vasco vera viana villa vitoria vivo
"""
_EVERYDAY: Final = frozenset(_EVERYDAY_WORDS.split())
_PARTICLES: Final = frozenset({"da", "das", "de", "del", "di", "do", "dos", "e", "van", "von", "y"})
_TITLE_WORDS = "sr sra srta dr dra mr mrs ms miss dona seu prof profa professor professora eng"
_TITLES: Final = frozenset(_TITLE_WORDS.split())
_WORD: Final = re.compile(r"[a-z']+")
_BETWEEN: Final = re.compile(r"[ \t._-]{1,4}(?:(?:d[aeo]s?|del?|di|e|y|v[ao]n|[a-z]\.?)[ \t.]{1,3}){0,2}")
_TITLE_BEFORE: Final = re.compile(
    r"\b(?:nome(?: completo)?[ ]?:[ ]{0,3})?(?:(?:srt?a?|dra?|mrs?|ms|miss|dona|profa?|eng)\.?[ ])?$"
)
_SAINTS: Final = ("sao ", "santo ", "santa ", "san ", "saint ")  # São Paulo is nobody's name
_LONGEST_TITLE: Final = 24  # characters
_SHORTEST_ALONE: Final = 3

_LATIN_1: Final = b"".join((fold(chr(code)) or " ")[:1].encode() for code in range(256))

Hit = tuple[int, int, str]  # start, end, word


def without_name(text: str, name: str) -> str:
    """`text` with a blank for every mention of `name`; unchanged, case and accents included, elsewhere.

    A mention is two or more words of the name in a row (in any order, with particles, initials and a title),
    or one word of it alone, unless that is an everyday word or shorter than three letters. Case and accents
    make no difference.
    """
    words = name_words(fold(name))
    if not _may_mention(text, words):
        return text
    aligned = _aligned(text)
    kept, end = [], 0
    for start, stop in _mentions(aligned.text, words):
        kept.append(text[end : aligned.place(start)])
        end = aligned.place(stop)
    return " ".join((*kept, text[end:])) if kept else text


def _may_mention(text: str, words: frozenset[str]) -> bool:
    """A quick look that four of five texts are done with: one byte a character, accents of Latin-1 alone."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    coarse = text.encode("latin-1", "replace").translate(_LATIN_1).decode("ascii")
    return any(_hits(coarse, word) for word in words)


class _Aligned(NamedTuple):
    """A text folded a character at a time; few characters become none or several and shift what follows."""

    text: str
    cuts: list[int]  # places in the folded text from which on the shift of the same number holds
    shifts: list[int]

    def place(self, at: int) -> int:
        """Where in the original a character of the folded text came from."""
        cut = bisect_right(self.cuts, at)
        return at + (self.shifts[cut - 1] if cut else 0)


def _aligned(text: str) -> _Aligned:
    of = {character: fold(character) for character in set(text)}
    folded = "".join([of[character] for character in text])
    odd = "".join(character for character, piece in of.items() if len(piece) != 1)
    cuts, shifts, shift = [], [], 0
    for found in re.finditer(f"[{re.escape(odd)}]", text) if odd else ():
        size = len(of[found.group()])
        cuts.append(found.start() - shift + size)
        shift += 1 - size
        shifts.append(shift)
    return _Aligned(folded, cuts, shifts)


def name_words(name: str) -> frozenset[str]:
    """What of a folded name is its own: without titles and particles."""
    return frozenset(
        word
        for word in _WORD.findall(name)
        if len(word) > 1 and word not in _PARTICLES and word not in _TITLES
    )


def _mentions(folded: str, words: frozenset[str]) -> list[tuple[int, int]]:
    found = []
    for run in _runs(folded, sorted(hit for word in words for hit in _hits(folded, word))):
        if len(run) > 1 or _tells(run[0][2]):
            start = run[0][0]
            before = _TITLE_BEFORE.search(folded, max(0, start - _LONGEST_TITLE), start)
            found.append((before.start() if before else start, run[-1][1]))
    return found


def _hits(folded: str, word: str) -> list[Hit]:
    """Where `word` stands as a whole word."""
    hits, start = [], folded.find(word)
    while start >= 0:
        end = start + len(word)
        whole = not (folded[max(0, start - 1) : start].isalnum() or folded[end : end + 1].isalnum())
        if whole and not folded[max(0, start - 6) : start].endswith(_SAINTS):
            hits.append((start, end, word))
        start = folded.find(word, end)
    return hits


def _runs(folded: str, hits: list[Hit]) -> list[list[Hit]]:
    """Hits that follow each other with nothing between them but what stands between the words of a name."""
    runs: list[list[Hit]] = []
    for hit in hits:
        if runs and _BETWEEN.fullmatch(folded, runs[-1][-1][1], hit[0]):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return runs


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST_ALONE and word not in _EVERYDAY
