"""The level that a headline or a CV states, in words folded by `text.fold`.

A grade (junior, mid, senior) beside a title counts before the role that the title itself names, and what
stands in the middle of a sentence ("reportando ao gerente") is somebody else's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Highest first, as in system A: a headline that names several levels is read as the highest of them.
_HEADLINE_ROLES: Final = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("manager", r"\b(?:gerent[ea]|manager|head|diretora?|director)\b"),
        ("coordinator", r"\b(?:coordenadora?|coordinator)\b"),
        ("supervisor", r"\bsupervisora?\b"),
        ("lead", r"\b(?:lider|leader)\b|\b(?:tech|team|technical|dev|qa|squad)[ -]lead\b"),
        ("specialist", r"\b(?:especialista|specialist|expert)\b"),
        ("trainee", r"\btrainee\b"),
        ("intern", r"\b(?:estagi\w+|intern|internship)\b"),
        ("apprentice", r"\baprendiza?\b|\bapprentice\b"),
        ("technician", r"\btecnic[oa] (?:de|em)\b|^tecnic[oa]\b|\btechnician\b"),
        ("assistant", r"\b(?:assistent[ea]|assistant)\b"),
        ("auxiliary", r"\bauxiliar\b"),
        ("analyst", r"\b(?:analista|analyst)\b"),
    )
)
_HEADLINE_GRADES: Final = (
    ("senior", re.compile(r"\b(?:senior|sr)\b(?! sistemas)")),
    ("mid", re.compile(r"\b(?:pleno|mid[ -]?level)\b|\bpl\b(?! ?[/-] ?sql)")),
    ("junior", re.compile(r"\b(?:junior|jr)\b")),
)
_GRADE_OF: Final = {
    "junior": "junior", "jr": "junior", "pleno": "mid", "pl": "mid", "mid": "mid", "senior": "senior",
    "sr": "senior", "especialista": "specialist", "specialist": "specialist", "gerente": "manager",
    "manager": "manager",
}  # fmt: skip
_ROLE: Final = (
    r"(?:desenvolvedora?|developer|programadora?|programmer|analista|analyst|engenheir[oa]|engineer|consultora?"
    r"|consultant|arquitet[oa]|architect|administradora?|administrator|dba|testadora?|tester|designer|qa|cientista"
    r"|scientist|tecnic[oa]|technician|assistent[ea]|assistant|auxiliar|coordenadora?|coordinator|supervisora?"
    r"|gerent[ea]|manager|lider|leader|lead|secretari[oa]|recepcionista|contadora?|accountant|controller|advogad[oa]"
    r"|recrutadora?|recruiter|vendedora?|executiv[oa]|scrum master|agile coach|agilista|product owner|pmo|sre"
    r"|estatistic[oa]|business partner|key user|social media|profissional|professional)"
)
# A grade beside the title it belongs to: "analista de redes - pleno", "senior java developer"
_TITLE_THEN_GRADE = re.compile(
    rf"\b{_ROLE}\b(?P<between>[^\n.;:,]{{0,45}}?)[ (/|-]"
    r"(?P<grade>junior|jr|pleno|pl|senior|sr|especialista|specialist|gerente|manager)\b"
    r"(?! (?:sistemas|em|in)\b|[/-]sql)"
)
_GRADE_THEN_TITLE = re.compile(
    rf"(?:^|(?<=[\n:|•*.>-])|(?<=[:|•*.>-] ))\s*(?P<grade>junior|mid|senior|specialist|manager)(?:[ -]level)?"
    rf"(?: [a-z0-9.#+/-]+){{0,3}}? {_ROLE}\b",
    re.MULTILINE,
)
_SOMEBODY_ELSE = re.compile(r"\b(?:a[os]?|d[oae]s?|pel[oa]|para|com|e|to|the|with)[ ]*$")

# In a CV only words with one meaning; the first found, for CVs run from the newest position back.
_CV_ROLE = re.compile(
    r"(?:^|(?<=[:|•*>–-])|(?<=[:|•*>–-] )|(?<=atual )|(?<=cargo ))[ ]*"
    r"(?:(?P<manager>gerent[ea]|(?:[a-z]+ )?manager)"
    r"|(?P<coordinator>coordenadora?|coordinator)|(?P<supervisor>supervisora?)"
    r"|(?P<lead>lider tecnic[oa]|(?:tech|team) lead(?:er)?)|(?P<specialist>especialista|specialist)"
    r"|(?P<trainee>trainee)|(?P<intern>estagiari[oa]|intern)|(?P<apprentice>aprendiza?))\b",
    re.MULTILINE,
)


def seniority(cv: str, headline: str) -> str:
    """The grade beside a title (junior, mid, senior, …), of the headline or else the first of the CV; where
    none is said the role itself, which says less: there are junior managers of projects. '' when nothing is.
    """
    grade = headline_grade(headline) or cv_grade(cv)
    return grade or headline_role(headline) or cv_role(cv)


@lru_cache(maxsize=20_000)
def headline_grade(headline: str) -> str:
    """The highest grade that a folded headline names, '' when none."""
    named = next((code for code, pattern in _HEADLINE_GRADES if pattern.search(headline)), "")
    return named or cv_grade(headline)


@lru_cache(maxsize=20_000)
def headline_role(headline: str) -> str:
    """The highest role that a folded headline names, '' when none."""
    return next((code for code, pattern in _HEADLINE_ROLES if pattern.search(headline)), "")


def cv_grade(cv: str) -> str:
    """The first grade that stands beside a title in a folded text, '' when none."""
    after = next((m for m in _TITLE_THEN_GRADE.finditer(cv) if not _SOMEBODY_ELSE.search(m["between"])), None)
    before = _GRADE_THEN_TITLE.search(cv)
    first = min((m for m in (after, before) if m), key=lambda m: m.start(), default=None)
    return _GRADE_OF[first["grade"]] if first else ""


def cv_role(cv: str) -> str:
    """The first role that opens a line or follows a mark in a folded CV, '' when none: whom somebody reported
    to or stood in for is named within a sentence.
    """
    match = _CV_ROLE.search(cv)
    return str(match.lastgroup) if match else ""
