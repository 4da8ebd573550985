"""What the text of a CV says of its person, each with the words that say it, for somebody to confirm.

Nothing is guessed: what is not found is left out. Sex, birth date, marital status, address and photo are not
looked for at all.
"""

import re
from collections.abc import Iterator
from typing import Any

from candidates.documents.naming import find_name
from candidates.documents.places import find_place
from candidates.quoting import sentence_around
from candidates.reading import Reading, read_education, read_languages, read_seniority
from candidates.skills import find_skills, with_implied

MOST_SKILLS = 80
HEAD = 6000  # characters in which contact data is looked for first
HEADLINE = 120
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}", re.ASCII)
_LINKEDIN = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub)/(?P<slug>[\w%À-ÿ.-]{2,100})", re.IGNORECASE
)
# With area code; a mobile number has nine digits and begins with 9
_PHONE = re.compile(
    r"(?<![\d.,/-])(?:\+?55[ .-]{0,2})?\(?[ ]?0?(?P<area>[1-9]\d)[ ]?\)?[ .-]{0,3}"
    r"(?P<number>9[ .]?\d{4}[ .-]{0,3}\d{4}|[2-5]\d{3}[ .-]{0,3}\d{4})(?![\d/]|[.-]\d)"
)
_ABROAD = re.compile(r"\+(?!55)[1-9]\d{0,2}[ .()-]{0,2}(?:\d[ .()-]{0,2}){6,12}\d")
_OTHER_NUMBER = re.compile(r"\b(?:cpf|rg|cnpj|pis|ctps|cep|matr[ií]cula)\W*$", re.IGNORECASE)
_OBJECTIVE = re.compile(
    r"^[ \t]*(?:objetivo(?: profissional)?|cargo(?: pretendido| desejado)?|objective|t[ií]tulo)"
    r"[ \t]*:?[ \t]*\n?[ \t]*(?P<headline>\S[^\n]{3,})",
    re.IGNORECASE | re.MULTILINE,
)
_POST = re.compile(
    r"\b(?:desenvolvedora?|developer|programadora?|engenheir[oa]|engineer|analista|analyst|consultora?"
    r"|consultant|arquitet[oa]|architect|administradora?|gerente|manager|coordenadora?|coordinator|diretora?"
    r"|especialista|specialist|t[eé]cnic[oa]|assistente|assistant|auxiliar|estagi[aá]ri[oa]|intern|trainee"
    r"|l[ií]der|lead|cientista|scientist|tester|designer|scrum master|product owner|dba|supervisora?"
    r"|contadora?|advogad[oa]|vendedora?)\b",
    re.IGNORECASE,
)

Proposal = dict[str, Any]  # {"value": …, "quote": …, "start": …, "end": …}


def propose(text: str) -> dict[str, Any]:
    """{"fields": {name of the field: proposal}, "skills": [proposal with the skill's id, …]}"""
    return {"fields": dict(_fields(text)), "skills": _skills(text)}


def _fields(text: str) -> Iterator[tuple[str, Proposal]]:
    mail = _MAIL.search(text)
    name = find_name(text, email=mail.group() if mail else "")
    if name:
        yield "name", _proposal(text, name.value, name.start, name.end)
    if mail:
        yield "email", _proposal(text, mail.group().lower(), *mail.span())
    if phone := _phone(text):
        yield "phone", _proposal(text, " ".join(phone.group().split()), *phone.span())
    if profile := _LINKEDIN.search(text):
        address = f"https://www.linkedin.com/in/{profile['slug'].rstrip('.-')}"
        yield "linkedin_url", _proposal(text, address, *profile.span())
    if place := find_place(text):
        # Quoted without the words around it: the street beside a town is nobody's business
        found = {"quote": text[place.start : place.end], "start": place.start, "end": place.end}
        if place.city:
            yield "city", {"value": place.city, **found}
        yield "state", {"value": place.state, **found}
    if headline := _headline(text, after=name.end if name else 0):
        yield "headline", headline
    yield from _readings(text)


def _readings(text: str) -> Iterator[tuple[str, Proposal]]:
    readings = {"seniority": read_seniority(text), "education": read_education(text), **read_languages(text)}
    for field, reading in readings.items():
        if reading.code and field in {"seniority", "education", "english", "spanish"}:
            yield field, _from_reading(text, reading)


def _from_reading(text: str, reading: Reading) -> Proposal:
    """The place of a quote is looked up again: a reading has the words alone, with single blanks."""
    words = reading.quote.strip("…").split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    start, end = found.span() if found else (0, 0)
    return {"value": reading.code, "quote": reading.quote, "start": start, "end": end}


def _proposal(text: str, value: str, start: int, end: int) -> Proposal:
    return {"value": value, "quote": sentence_around(text, start, end, limit=120), "start": start, "end": end}


def _phone(text: str) -> re.Match[str] | None:
    """The first number that is a telephone's; eleven digits of a tax number are none."""
    for found in (
        *_PHONE.finditer(text[:HEAD]),
        *_ABROAD.finditer(text[:HEAD]),
        *_PHONE.finditer(text, HEAD),
    ):
        if not _OTHER_NUMBER.search(text, max(0, found.start() - 16), found.start()):
            return found
    return None


def _headline(text: str, *, after: int) -> Proposal | None:
    """What the person calls themselves: a line with a post near the name, or the objective."""
    start = text.find("\n", after) + 1
    for line in text[start : start + 1200].split("\n")[:12]:
        own = line.strip(" \t•●▪|–—-*:")
        if _POST.search(own[:HEADLINE]) and len(own) <= HEADLINE and not own.endswith((".", ";")):
            first = text.index(own, start)
            return _proposal(text, own, first, first + len(own))
        start += len(line) + 1
    objective = _OBJECTIVE.search(text[:HEAD])
    if objective and _POST.search(objective["headline"]):
        words = objective["headline"].strip()[:HEADLINE].rstrip()
        return _proposal(text, words, objective.start("headline"), objective.start("headline") + len(words))
    return None


def _skills(text: str) -> list[Proposal]:
    found: dict[str, Proposal] = {}
    for match in find_skills(text):
        for skill in with_implied(match.skill):
            if skill not in found:
                found[skill] = {"skill": skill, **_proposal(text, "", match.start, match.end)}
    return list(found.values())[:MOST_SKILLS]
