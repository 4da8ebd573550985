"""What is not asked of anybody, why, and by which words it is known."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise

PEOPLE = r"(?:pessoas?|profissiona(?:l|is)|candidat[oa]s?|people|persons?|m[ae]n|wom[ae]n|candidates?)"
AGED = r"(?:1[4-9]|[2-9]\d)"


@dataclass(frozen=True)
class Criterion:
    code: str
    reason: Promise
    words: re.Pattern[str]


def words(*patterns: str) -> re.Pattern[str]:
    """One of the patterns, as whole words of a folded text."""
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(patterns)})(?![a-z0-9])")
