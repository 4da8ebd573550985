"""What of a text tells who somebody is, taken out before a person reads it without being meant to know.

Out go the words of the name, ways to reach somebody, where they live, birth and age, sex, marital and family
terms, nationality and numbers of papers, in Portuguese and English (``redaction_phrases``). Words for a
person that tell the sex are written for both (``redaction_gender``, ``redaction_pronouns``). All else stays
as it was written, line breaks too.

A word of the name that is an everyday word of CVs beside ("Java", "Recife", "Sales") goes where it stands
next to another word of the name, after a label, or alone on its line; elsewhere it stays, for a CV without
"Java" would mislead. All other words of three letters or more go wherever they stand.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from candidates.folding import Folded
from candidates.redaction_gender import neutral_spans
from candidates.redaction_phrases import (
    AGE_ITEMS,
    AGES,
    BY_WORD,
    CHILDREN,
    NO_SITES,
    PAPER,
    PERSONAL,
    PHONE,
    POSTAL_CODE,
    SITE,
    STREET_IN_ENGLISH,
    YEARS,
    Phrase,
)
from candidates.redaction_pronouns import pronoun_spans
from candidates.redaction_words import EVERYDAY, PARTICLES, TITLES

HIDDEN = "█████"
LONGEST_TOKEN = 300  # characters of an address
SHORTEST_NAME = 3  # letters of a word that goes wherever it stands

Span = tuple[int, int]
Words = frozenset[str]

# Searched for alone they tell what is taken out of a text with the words beside them
_OF_FAMILY = frozenset(
    ("filho", "filha", "filhos", "filhas", "child", "children", "nascido", "nascida", "born")
)
_LOOSE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]+")  # accents and invisible characters
_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ \t]{1,3}[^\W\d_]){2,60}(?![^\W_])")  # M A R I A
_BETWEEN = re.compile(r"[ \t._'’-]{0,4}(?:(?:d[aeo]s?|del?|di|e|y|v[ao]n|[^\W\d_]\.?)[ \t.]{1,3}){0,2}")
_LINE_START = re.compile(r"[ \t•·*>|:,;.()\d█–/-]*")
_SAINT = re.compile(r"\b(?:sao|santo|santa|san|saint)[ ]$")
_LABEL = re.compile(
    r"\b(?:nome|name|candidat[oa]|me[ ]chamo|sou|i[ ]am|my[ ]name[ ]is|sra?|dra?|mrs?|ms)"
    r"[ \t.:,-]{1,4}(?:[oa][ ])?$"
)
_TOKEN = re.compile(r"[^\s|;,<>()\[\]\"'█]*")
_MAILBOX = re.compile(r"[\w.+-]{2,64}[ ]?$")
_HOST = re.compile(r"[ ]?[\w-]{1,60}(?:\.[\w-]{2,20}){1,3}")
_STREET = re.compile(r"\b(?:street|st\.|avenue|ave|road|rd|boulevard|blvd|lane|drive)")
# "das flores, 12 -", but no "java, 2019 - 2021" and no "java, 8 anos"; an ellipsis is plainly a full stop
_REST_OF_STREET = re.compile(
    r"\.?[ \t]*[a-z][a-z '.-]{2,60},[ \t]{0,3}(?:n[.ro]{0,3}[ \t]?)?(?!(?:19|20)\d\d\b)\d{1,5}\b"
    r"(?=[ \t]{0,3}(?:$|[-/,]|ap|bl|casa))"
)
_LEAD = 24  # characters that a label or a title before a name has at most


# Text made plain: one character for each, but for loose accents, which are left out


@lru_cache(maxsize=4096)
def _base(character: str) -> str:
    first = unicodedata.normalize("NFKD", character)[:1].lower()[:1]
    return {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "–": "-", "—": "-", "‑": "-", "−": "-"}.get(
        first, first
    ) or " "


def plain(text: str) -> Folded:
    """Lower case and without accents; ``place`` says where a character stood."""
    cuts, shifts, kept, end, shift = [], [], [], 0, 0
    for loose in _LOOSE.finditer(text):
        kept.append(text[end : loose.start()])
        end = loose.end()
        cuts.append(loose.start() - shift)
        shift += end - loose.start()
        shifts.append(shift)
    kept.append(text[end:])
    rest = "".join(kept)
    table = {ord(character): _base(character) for character in set(rest) if not "a" <= character <= "z"}
    table |= {ord("\n"): "\n", ord("\t"): "\t"}
    return Folded(rest.translate(table), tuple(cuts), tuple(shifts))


# What is asked


def redact_contact(text: str) -> str:
    """``text`` without ways to reach somebody: addresses of all kinds, numbers of phones and papers."""
    folded = plain(text)
    spans = _contacts(folded.text), _phrases(folded.text, contact=True)
    return _without(text, folded, chain(*spans))


def redact_identity(text: str, *, name: str) -> str:
    """``text`` without what tells who somebody is, with ``name`` the person's own."""
    folded = plain(text)
    found = _contacts(folded.text), _personal(folded.text), _phrases(folded.text), _names(folded.text, name)
    return _for_both_sexes(_without(text, folded, chain(*found)))


def tells(text: str) -> bool:
    """Whether words that somebody searches for would be taken out of a text: alone, or among particulars."""
    among = redact_identity(f"brasileiro, {text}, casado", name="")
    left = among.removeprefix(f"{HIDDEN}, ").removesuffix(f", {HIDDEN}")
    words = set(plain(text).text.split())
    return HIDDEN in redact_identity(text, name="") or HIDDEN in left or not words.isdisjoint(_OF_FAMILY)


def redact_cut(text: str) -> str:
    """``text``, which was cut out of a longer one, without the rest of a street at its beginning: of
    "R. das Flores, 12 - Centro" a quote may hold "das Flores, 12 - Centro" alone."""
    folded = plain(text)
    cut = _REST_OF_STREET.match(folded.text)
    return _without(text, folded, [cut.span()]) if cut else text


def name_words(name: str) -> Words:
    """What of a name is somebody's own: without titles and particles."""
    words = _WORD.findall(plain(name).text)
    return frozenset(word for word in words if len(word) > 1 and word not in PARTICLES | TITLES)


def _without(text: str, folded: Folded, spans: Iterable[Span]) -> str:
    kept, end = [], 0
    for start, stop in _merged(spans, folded.text):
        first, last = folded.place(start), folded.place(stop - 1) + 1
        kept += [text[end:first], HIDDEN]
        end = max(end, last)
    rest = text[end:]
    if kept and (loose := _LOOSE.match(rest)):
        rest = rest[loose.end() :]  # the accent of a letter that went
    return "".join((*kept, rest))


def _for_both_sexes(text: str) -> str:
    """ "Engenheira" and "engenheiro" as "engenheiro(a)", "ela" and "ele" as "ele(a)"."""
    folded, kept, end = plain(text), [], 0

    def written(start: int, stop: int) -> str:
        return text[folded.place(start) : folded.place(stop - 1) + 1]

    spans = neutral_spans(folded.text, written), pronoun_spans(folded.text, written)
    for start, stop, instead in sorted(chain(*spans)):
        if folded.place(start) < end:
            continue  # both found it
        kept += [text[end : folded.place(start)], instead]
        end = folded.place(stop - 1) + 1
        if loose := _LOOSE.match(text, end):
            end = loose.end()  # the accent of a letter that went
    return "".join((*kept, text[end:]))


def _merged(spans: Iterable[Span], plain_text: str) -> Iterator[Span]:
    """In order, without overlaps; those with but blanks between them become one."""
    current: Span | None = None
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if current is not None and (
            start <= current[1] or not plain_text[current[1] : start].strip(" \t._-")
        ):
            current = current[0], max(current[1], stop)
            continue
        if current is not None:
            yield current
        current = start, stop
    if current is not None:
        yield current


# Contact data


def _contacts(text: str) -> Iterator[Span]:
    yield from _mails(text)
    yield from _sites(text)
    for pattern in (POSTAL_CODE, PAPER):
        yield from (found.span() for found in pattern.finditer(text))
    yield from (found.span() for found in PHONE.finditer(text) if not _counts(found.group()))
    if _STREET.search(text):
        yield from (found.span() for found in STREET_IN_ENGLISH.finditer(text))


def _mails(text: str) -> Iterator[Span]:
    at = text.find("@")
    while at >= 0:
        start, end = _token(text, at)
        if end == at + 1 or start == at:  # maria @ example.com
            before, after = _MAILBOX.search(text, max(0, at - 65), at), _HOST.match(text, at + 1)
            start, end = (before.start(), after.end()) if before and after else (start, end)
        if start < at:  # else an annotation: "@RestController"
            yield start, end
        at = text.find("@", max(end, at + 1))


def _sites(text: str) -> Iterator[Span]:
    reached = 0
    for found in SITE.finditer(text):
        if found.start() >= reached:
            start, reached = _token(text, found.start())
            if not NO_SITES.search(text, start, reached):
                yield start, reached


def _counts(figures: str) -> bool:
    """Whether they are years or a range of round numbers, and no phone."""
    halves = figures.split("-")
    return bool(YEARS.fullmatch(figures)) or (
        len(halves) == 2 and all(half.endswith("00") for half in halves)
    )


def _token(text: str, at: int) -> Span:
    """What stands there between blanks."""
    before, after = text[max(0, at - LONGEST_TOKEN) : at][::-1], text[at : at + LONGEST_TOKEN]
    return at - _end(_TOKEN.match(before)), at + _end(_TOKEN.match(after))


def _end(found: re.Match[str] | None) -> int:
    return found.end() if found else 0


# Phrases


def _personal(text: str) -> Iterator[Span]:
    for pattern in (AGES, CHILDREN):
        yield from (found.span() for found in pattern.finditer(text))
    for found in AGE_ITEMS.finditer(text):
        if _is_item(text, found.start()) and PERSONAL.search(_line(text, found.start())):
            yield found.span()


def _phrases(text: str, *, contact: bool = False) -> Iterator[Span]:
    """All phrases, or those alone that tell how to reach somebody."""
    reached = 0
    for word in _WORD.finditer(text):
        if word.start() < reached:
            continue
        for phrase in BY_WORD.get(word.group(), ()):
            if (phrase.contact or not contact) and (span := _hidden_by(phrase, text, word.start())):
                yield span
                reached = max(reached, span[1])


def _hidden_by(phrase: Phrase, text: str, at: int) -> Span | None:
    if phrase.item and not _is_item(text, at):
        return None
    found = phrase.pattern.match(text, at)
    return found and _trimmed(text, found.span("hide" if "hide" in phrase.pattern.groupindex else 0))


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _line(text: str, at: int) -> str:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return text[max(start, at - 200) : min(end if end >= 0 else len(text), at + 200)]


def _is_item(text: str, at: int) -> bool:
    """Whether a line or an entry of a list begins there."""
    before = text[max(0, at - 12) : at].rstrip(" \t")
    return not before or before[-1] in "\n,;|/(•·*:.-–█" or at == 0


# The name


def _names(text: str, name: str) -> Iterator[Span]:
    words = name_words(name)
    if not words:
        return
    for run in _runs(text, list(_hits(text, words))):
        if len(run) > 1 or _goes_alone(text, run[0]):
            yield _with_title(text, run[0][0]), run[-1][1]
    for spaced in _SPACED.finditer(text):
        if _glued("".join(_WORD.findall(spaced.group())), words, least=1):
            yield spaced.span()


def _hits(text: str, words: Words) -> Iterator[Span]:
    """Where a word of the name stands, also written together with another: "mariasilva"."""
    longest = max(map(len, words))
    known: dict[str, bool] = {}
    for found in _WORD.finditer(text):
        word = found.group()
        if word not in known:
            known[word] = word in words or (len(word) > longest // 2 and _glued(word, words, least=2))
        if known[word] and not _SAINT.search(text, max(0, found.start() - 8), found.start()):
            yield found.span()


def _glued(word: str, words: Words, *, least: int) -> bool:
    """Whether ``word`` holds at least so many words of the name."""
    held = [own for own in words if len(own) >= SHORTEST_NAME and own in word]
    return len(held) >= least


def _runs(text: str, hits: list[Span]) -> Iterator[list[Span]]:
    """Hits that follow each other with nothing between them but what stands between the words of a name."""
    run: list[Span] = []
    for hit in hits:
        if run and not _BETWEEN.fullmatch(text, run[-1][1], hit[0]):
            yield run
            run = []
        run.append(hit)
    if run:
        yield run


def _goes_alone(text: str, hit: Span) -> bool:
    word = text[slice(*hit)]
    if len(word) >= SHORTEST_NAME and word not in EVERYDAY:
        return True
    if _LABEL.search(text, max(0, hit[0] - _LEAD), hit[0]):
        return True
    return not re.search(r"[^\W\d_]", _line(text, hit[0]).replace(word, "", 1))


def _with_title(text: str, start: int) -> int:
    """Where the title before a name begins: "Dra. Maria" tells as much as "Maria"."""
    before = _TITLE.search(text, max(0, start - _LEAD), start)
    return before.start() if before else start


_TITLE = re.compile(r"\b(?:sr|sra|srta|dra|dona|mr|mrs|ms|miss|profa|enga)\b\.?[ ]$")
