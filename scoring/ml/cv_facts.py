"""What a CV and a headline say about level, languages, education and time worked.

All functions take text folded by `text.fold` (lower case, ASCII, line breaks kept). Words are bounded, in
Portuguese and English, so that "administrativa" holds no "ti" and "lead time" is nobody's level. Nothing here
reads a birth date or an age: only ranges from one date to another count as time worked, and only outside the
education sections.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from scoring.ml.cv_level import seniority

OPEN_END: Final = 12 * 10_000  # the end month of a position held "até o momento"
_EARLIEST_YEAR: Final = 1960
_LONGEST_SPAN: Final = 45 * 12
_MOST_SPANS: Final = 60

Span = tuple[int, int]  # [start, end) in months since the year 0


@dataclass(frozen=True)
class CvFacts:
    """Codes are '' when the text does not say; spans are disjoint and ascending; years are NaN when not
    claimed.
    """

    seniority: str
    english: str
    spanish: str
    education: str
    spans: tuple[Span, ...]
    claimed_years: float


def read_cv(cv: str, headline: str) -> CvFacts:
    """The facts of one folded CV and headline; all unknown when both are empty."""
    return CvFacts(
        seniority=seniority(cv, headline),
        english=language_level(cv, "english"),
        spanish=language_level(cv, "spanish"),
        education=highest_education(cv),
        spans=work_spans(cv),
        claimed_years=claimed_years(cv),
    )


# ---- languages ----

_LANGUAGE_NAMES: Final = {"english": ("ingles", "english"), "spanish": ("espanhol", "spanish")}
_LEVEL_WORD = re.compile(
    r"\b(?:(?P<basic>basic[oa]?|elementary|iniciante|beginner)"
    r"|(?P<technical>tecnico|instrumental|technical)"
    r"|(?P<intermediate>intermediari[oa]|intermediate)"
    r"|(?P<advanced>avancad[oa]|advanced)"
    r"|(?P<fluent>fluente|fluencia|fluent|nativ[oa]|native|bilingue|bilingual))\b"
)
_ANY_LANGUAGE = re.compile(
    r"ingles|english|espanhol|spanish|portugues|portuguese|frances|french|alemao|german|italian"
)
_JOINED = re.compile(r"[ ]*(?:e|and|/|&)[ ]*$")  # "inglês e espanhol básico" speaks of both
_REACH: Final = 30  # characters between a language and its level


def language_level(cv: str, language: str) -> str:
    """Level code of "english" or "spanish" in a folded CV: the first level word near the language's name, ''
    if none.
    """
    for name in _LANGUAGE_NAMES[language]:
        start = cv.find(name)
        while start >= 0:
            level = _level_after(cv, start + len(name)) or _level_before(cv, start)
            if level:
                return level
            start = cv.find(name, start + len(name))
    return ""


def _level_after(cv: str, start: int) -> str:
    match = _LEVEL_WORD.search(cv, start, start + _REACH)
    if not match:
        return ""
    between = cv[start : match.start()]
    other = _ANY_LANGUAGE.search(between)
    strays = other is not None and not _JOINED.match(between[: other.start()])
    return "" if strays or "\n\n" in between else str(match.lastgroup)


_LEVEL_BEFORE = re.compile(_LEVEL_WORD.pattern + r" (?:em |in |level )?$")


def _level_before(cv: str, start: int) -> str:
    match = _LEVEL_BEFORE.search(cv[max(0, start - 20) : start])
    return str(match.lastgroup) if match else ""


# ---- education ----

_EDUCATION_WORDS: Final = tuple(
    (level, stems, re.compile(pattern))
    for level, stems, pattern in (
        ("doctorate", ("doutorado", "phd", "doctorate"), r"\bdoutorado\b|\bphd\b|\bdoctorate\b"),
        (
            "master",
            ("mestrado", "mestre em", "mestra em", "master of", "master's"),
            r"\bmestrado\b|\bmestr[ea] em\b|\bmaster of\b|\bmaster's degree\b",
        ),
        (
            "postgraduate",
            ("pos-gradua", "pos gradua", "posgradua", "mba", "lato sensu", "postgraduate"),
            r"\bpos[- ]?gradua\w+|\bmba\b|\blato sensu\b|\bpostgraduate\b",
        ),
        (
            "technologist",
            ("tecnolog", "superior de tecnologia"),
            r"\btecnolog[oa]s?\b|\bsuperior de tecnologia\b",
        ),
        (
            "bachelor",
            (
                "bachar",
                "gradua",
                "licenciatura",
                "superior completo",
                "ensino superior",
                "superior em",
                "bachelor",
            ),
            r"\bbacharel\w*|\bgradua(?:cao|do|da|ndo|nda)\b|\blicenciatura\b|\bsuperior completo\b"
            r"|\bensino superior\b|\bsuperior em\b|\bbachelor\b",
        ),
        (
            "technical",
            ("ensino tecnico", "curso tecnico", "tecnico em", "tecnica em"),
            r"\b(?:ensino|curso) tecnico\b|\btecnic[oa] em\b",
        ),
        (
            "secondary",
            ("ensino medio", "segundo grau", "high school"),
            r"\bensino medio\b|\bsegundo grau\b|\bhigh school\b",
        ),
        ("primary", ("ensino fundamental",), r"\bensino fundamental\b"),
    )
)
_STATES: Final = ("complete", "ongoing", "incomplete")  # the best that any line says
_ONGOING = re.compile(
    r"\bcursando\b|\bem andamento\b|\bgraduand[oa]\b|\bem curso\b|\bongoing\b|\bin progress\b"
)
_INCOMPLETE = re.compile(
    r"\bincomplet[oa]\b|\btrancad[oa]\b|\binterrompid[oa]\b|\bincomplete\b|\bunfinished\b"
)


def highest_education(cv: str) -> str:
    """`<level>_<state>` code of the highest education that a folded CV names, '' when none.

    A level counts as complete unless each line that names it says otherwise.
    """
    for level, stems, pattern in _EDUCATION_WORDS:
        if any(stem in cv for stem in stems):
            states = {_education_state(_line_around(cv, match.start())) for match in pattern.finditer(cv)}
            if states:
                return f"{level}_{next(state for state in _STATES if state in states)}"
    return ""


def _education_state(line: str) -> str:
    if _ONGOING.search(line):
        return "ongoing"
    return "incomplete" if _INCOMPLETE.search(line) else "complete"


def _line_around(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else len(text)]


# ---- time worked ----

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan",),
            ("fev", "feb"),
            ("mar",),
            ("abr", "apr"),
            ("mai", "may"),
            ("jun",),
            ("jul",),
            ("ago", "aug"),
            ("set", "sep"),
            ("out", "oct"),
            ("nov",),
            ("dez", "dec"),
        ),
    )
    for name in names
}
_MONTH_NAME: Final = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,7}}"


# No boundary before the first month: layouts lost in extraction glue words on ("emprego" + "jan. de 2019").
def _date_pattern(which: int) -> str:
    groups = (
        r"(?:(?P<iso#>(?:19|20)\d\d)[-/](?P<iso_month#>0[1-9]|1[0-2])(?![\d/-])"
        r"|(?:(?:\d{1,2}[/.-])?(?P<number#>0?[1-9]|1[0-2])\s?[/.-]\s?"
        r"|(?P<name#>MONTH)\.?\s*(?:/|-|,|de|of)?\s*/?\s*)?(?P<year#>(?:19|20)\d\d)(?!\d))"
    )
    return groups.replace("MONTH", _MONTH_NAME).replace("#", str(which))


_OPEN: Final = (
    r"(?P<open>(?:os? |as? |data |dias? )*"
    r"(?:atua(?:l\w*|is)|presente|present|current|momento|hoje|now|today|agora|em andamento))\b"
)
_BETWEEN: Final = (
    r"\)?[\s,.;]{0,3}(?:-{1,3}>?|[~_/|]|\ba\b|\bate\b|\bto\b|\buntil\b|\be\b|\btermino\b|\bsaida\b|\s{2})"
    r"[\s:]{0,3}(?:ate )?(?:[ao] )?\(?"
)
_RANGE = re.compile(_date_pattern(1) + _BETWEEN + r"(?:" + _date_pattern(2) + "|" + _OPEN + ")")
_SINCE = re.compile(r"\b(?:desde|since)\s(?:o ano de )?" + _date_pattern(1))
_YEAR = re.compile(r"(?:19|20)\d\d")
_EDUCATION_LINE = re.compile(
    r"\b(?:gradua\w+|pos-gradua\w+|bacharel\w*|faculdade|universi\w+|college|mba|mestrado|doutorado|licenciatura"
    r"|tecnolog[oa]|ensino|escola|curs(?:o|ando|ado)|formacao|diploma|degree|bachelor\w*"
    r"|tecnic[oa] em|nascimento|nascid[oa])\b"
)
_SECTION_MARKS: Final = " \t*#-:.>|_0123456789"
_EDUCATION_HEADINGS: Final = (
    "formacao", "educacao", "escolaridade", "education", "academic", "curso", "certifica", "idioma",
    "language",
    "dados pessoais", "qualificacoes academicas",
)  # fmt: skip
_WORK_HEADINGS: Final = (
    "experiencia", "historico prof", "atuacao", "professional exp", "work exp", "experience", "employment",
    "carreira",
    "trajetoria", "empresa", "resumo",
)  # fmt: skip
_LONGEST_HEADING: Final = 45


def work_spans(cv: str) -> tuple[Span, ...]:
    """Disjoint ascending [start, end) month spans of the positions in a folded CV; `OPEN_END` for a current
    one.

    Months count from the year 0. A year without a month stands for its middle. Ranges in education sections
    and lines, before 1960 or longer than 45 years are left out. What lies after the day of asking is cut off
    by the caller.
    """
    if not _YEAR.search(cv):
        return ()
    spans: list[Span] = []
    in_education = False
    for line in cv.split("\n"):
        in_education = _section(line, in_education)
        if not in_education and _YEAR.search(line) and not _EDUCATION_LINE.search(line):
            spans += _line_spans(line)
    return _merged(spans[:_MOST_SPANS])


def _section(line: str, in_education: bool) -> bool:
    heading = line.strip(_SECTION_MARKS)
    if len(heading) > _LONGEST_HEADING:
        return in_education
    if heading.startswith(_EDUCATION_HEADINGS):
        return True
    return in_education and not heading.startswith(_WORK_HEADINGS)


def _line_spans(line: str) -> list[Span]:
    spans = [_span(match) for match in _RANGE.finditer(line)]
    if not spans:
        spans = [(_month(match, 1)[0], OPEN_END) for match in _SINCE.finditer(line)]
    return [
        (start, end)
        for start, end in spans
        if start >= _EARLIEST_YEAR * 12 and start < end and (end == OPEN_END or end - start <= _LONGEST_SPAN)
    ]


def _span(match: re.Match[str]) -> Span:
    start, start_exact = _month(match, 1)
    if match["open"]:
        return start, OPEN_END
    end, end_exact = _month(match, 2)
    if start_exact and end_exact:
        return start, end + 1  # the last month was worked, too
    return start, max(end, start + 6) if end >= start else end


def _month(match: re.Match[str], which: int) -> tuple[int, bool]:
    """Months since the year 0, and whether the text named the month."""
    group = match.groupdict()
    if group[f"iso{which}"]:
        return int(group[f"iso{which}"]) * 12 + int(group[f"iso_month{which}"]) - 1, True
    year = int(group[f"year{which}"]) * 12
    if group[f"number{which}"]:
        return year + int(group[f"number{which}"]) - 1, True
    if group[f"name{which}"]:
        return year + _MONTHS[group[f"name{which}"][:3]], True
    return year + 6, False


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


_CLAIM = re.compile(
    r"\b(\d{1,2}) ?\+? (?:anos|years)(?: de| of)? (?:experiencia|atuacao|carreira|vivencia|experience)\b"
)


def claimed_years(cv: str) -> float:
    """Years in "N anos de experiência" or "N years of experience", the largest of 1 to 45; NaN when not
    claimed.
    """
    if "anos" not in cv and "years" not in cv:
        return float("nan")
    claims = [int(number) for number in _CLAIM.findall(cv) if 1 <= int(number) <= 45]
    return float(max(claims)) if claims else float("nan")
