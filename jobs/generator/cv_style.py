"""How a CV looks: bullets, headings, dates, and the damage done by the conversion of PDF or Word to text."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from jobs.generator.catalogue import skills
from jobs.generator.grammar import chance, pick

# As found in converted files: private-use code points are what symbol fonts leave behind.
_BULLETS = (
    "",
    "",
    "• ",
    "• ",
    "- ",
    "- ",
    "\uf0b7 ",
    "\uf0b7",
    "▪ ",
    "● ",
    "\uf0a7 ",
    "* ",
    "> ",
    "– ",
    "❖ ",
    "✓ ",
    "\uf0d8 ",
    "· ",
    "o ",
    "➢ ",
    "-",
    "•\t",
    "■ ",
)
_MONTHS = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)
_MONTHS_EN = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class Style:
    bullet: str
    heading_mark: str
    heading_end: str
    blank: float  # how often an empty line follows a block
    dates: str
    layout: str
    ending: str  # what ends an item
    prose: bool  # tells in paragraphs what others put in lists
    wrap: int  # 0: lines as written; else the column where the page ended
    ragged: float
    accents: str  # kept, dropped, loose (combining marks), or soft (hyphens)
    typos: float
    ligatures: bool
    pages: bool

    def heading(self, text: str) -> str:
        if not text:
            return ""
        return f"{self.heading_mark}{text}{self.heading_end}"

    def item(self, text: str) -> str:
        return f"{self.bullet}{text}{self.ending}"

    def gap(self, rng: random.Random, *, often: bool = True) -> list[str]:
        return (
            [""] * (1 + (rng.random() < 0.15)) if rng.random() < self.blank * (1.0 if often else 0.5) else []
        )

    def job_head(self, company: str, role: str, period: str, rng: random.Random) -> list[str]:
        if self.layout == "lines":
            return [company, role, period]
        if self.layout == "period_first":
            return [f"{period} {pick(rng, ('–', '-', ''))} {company}".replace("  ", " "), role]
        if self.layout == "labels":
            return [
                f"empresa: {company}",
                f"cargo: {role}",
                f"período: {period}",
                pick(rng, ("atividades:", "principais atividades:", "atribuições:", "")),
            ]
        if self.layout == "role_first":
            return [f"{role} - {company}", period]
        if self.layout == "table":
            return [f"{period} {company} {role}"]
        return [f"{company} – {role} ({period})"]


def choose_style(rng: random.Random) -> Style:
    return Style(
        bullet=pick(rng, _BULLETS),
        heading_mark=pick(rng, ("", "", "", "", "", "• ", "__________\n", "- ", "\n", "➢ ", "\uf0f0 ")),
        heading_end=pick(
            rng, ("", "", "", ":", ":", "\n", "\n________________________________________", ":\n", " -", " .")
        ),
        blank=pick(rng, (0.0, 0.15, 0.5, 0.9, 1.0)),
        dates=pick(
            rng,
            (
                "mm/yyyy",
                "mm/yyyy",
                "mm/yyyy",
                "mon/yyyy",
                "mon/yy",
                "month de yyyy",
                "yyyy",
                "dd/mm/yyyy",
                "mm-yyyy",
                "month yyyy",
                "month/yyyy",
                "mm.yyyy",
                "yyyy.mm",
                "span",
            ),
        ),
        layout=pick(rng, ("lines", "period_first", "labels", "role_first", "table", "inline")),
        ending=pick(rng, ("", "", "", ";", ".", ".", " ;")),
        prose=chance(rng, 0.22),
        wrap=pick(rng, (0, 0, 0, 58, 66, 74, 82, 96)),
        ragged=pick(rng, (0.0, 0.0, 0.0, 0.005, 0.02, 0.06)),
        accents=rng.choices(("kept", "dropped", "loose", "soft"), (85, 9, 2, 4))[0],
        typos=pick(rng, (0.0, 0.0, 0.001, 0.002, 0.004, 0.012)),
        ligatures=chance(rng, 0.03),
        pages=chance(rng, 0.12),
    )


def month_written(year: int, month: int, style: Style, *, english: bool) -> str:
    name = (_MONTHS_EN if english else _MONTHS)[month - 1]
    return {
        "mm/yyyy": f"{month:02d}/{year}",
        "mon/yyyy": f"{name[:3]}/{year}",
        "mon/yy": f"{name[:3]}/{year % 100:02d}",
        "month de yyyy": f"{name} {'' if english else 'de '}{year}",
        "yyyy": str(year),
        "dd/mm/yyyy": f"01/{month:02d}/{year}",
        "mm-yyyy": f"{month:02d}-{year}",
        "month yyyy": f"{name} {year}",
        "month/yyyy": f"{name}/{year}",
        "mm.yyyy": f"{month:02d}.{year}",
        "yyyy.mm": f"{year}.{month:02d}",
        "span": f"{name[:3]} {year}",
    }[style.dates]


def untidy(text: str, style: Style, rng: random.Random) -> str:
    """The text after a careless typist, a PDF converter and years of copying between systems."""
    if style.typos:
        text = _with_typos(text, style.typos, rng)
    if style.wrap:
        text = _wrapped(text, style.wrap)
    if style.ragged:
        text = _ragged(text, style.ragged, rng)
    if style.pages:
        text = _with_page_marks(text, rng)
    if style.ligatures:
        text = _WORD.sub(lambda found: _without_ligature(found.group()), text)
    return _ACCENTS[style.accents](text).strip(" ") + pick(rng, ("", "\n", "\n\n"))


@cache
def _skill_words() -> frozenset[str]:
    """Never misspelt: what a person can do must stay readable, or the hidden rule could not be known."""
    return frozenset(word for skill in skills() for name in skill.spellings for word in _WORD.findall(name))


def _with_typos(text: str, share: float, rng: random.Random) -> str:
    words, safe = text.split(" "), _skill_words()
    for _ in range(int(len(words) * share + rng.random())):
        at = rng.randrange(len(words))
        if words[at].isalpha() and len(words[at]) > 4 and words[at] not in safe:
            words[at] = _misspelt(words[at], rng)
    return " ".join(words)


def _misspelt(word: str, rng: random.Random) -> str:
    at = 1 + int(rng.random() * (len(word) - 2))
    roll = rng.random()
    if roll < 0.35:
        return word[:at] + word[at + 1 :]
    if roll < 0.7:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return word[:at] + word[at] + word[at:] if roll < 0.85 else word.replace("ç", "s").replace("ss", "ç")


def _wrapped(text: str, column: int) -> str:
    lines: list[str] = []
    for line in text.split("\n"):
        while len(line) > column and (at := line.rfind(" ", 20, column)) > 0:
            lines.append(line[:at])
            line = line[at + 1 :]
        lines.append(line)
    return "\n".join(lines)


def _ragged(text: str, share: float, rng: random.Random) -> str:
    words = text.split(" ")
    fillers = ("  ", "   ", " \n", "\n", "\t", "     ")
    for _ in range(int(len(words) * share)):
        words[rng.randrange(len(words))] += pick(rng, fillers)
    return " ".join(words)


def _with_page_marks(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    step = 38 + int(rng.random() * 20)
    mark = pick(
        rng,
        (
            "{n}",
            "página {n}",
            "página {n} de {all}",
            "page {n} of {all}",
            "curriculum vitae",
            "\f",
            "- {n} -",
        ),
    )
    total = len(lines) // step + 1
    for page in range(total - 1, 0, -1):
        lines.insert(page * step, mark.replace("{n}", str(page)).replace("{all}", str(total)))
    return "\n".join(lines)


def _without_ligature(word: str) -> str:
    return word if word in _skill_words() else word.replace("fi", "i", 1)


def _dropped(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _soft(text: str) -> str:
    return text.replace(" - ", " \u00ad ").replace("-\n", "\u00ad\n")


_ACCENTS: dict[str, Callable[[str], str]] = {
    "kept": str,
    "dropped": _dropped,
    "loose": lambda text: unicodedata.normalize("NFD", text),
    "soft": _soft,
}
