"""Whether two records are of one person, and what speaks for it.

One sign alone claims nothing: families share an e-mail address, recruiters write their own phone number, and
many are called Maria da Silva. Two signs that have nothing to do with each other do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from candidates.duplicates.sketch import resemblance
from candidates.duplicates.traits import GENERATIONS, Traits

SAME_NAME, LIKE_NAME = 0.85, 0.65
SAME_CV, LIKE_CV = 0.8, 0.5
SAME_WORD = 84  # of 100, of two spellings of one name


@dataclass(frozen=True)
class Judged:
    likeness: float  # 0 to 1
    signs: list[str]  # of email, phone, name, cv


def judge(first: Traits, second: Traits) -> Judged | None:
    """None: nothing, or too little, speaks for one person."""
    email = bool(first.emails & second.emails)
    phone = _same_phone(first, second)
    cv = resemblance(first.sketch, second.sketch)
    if cv < LIKE_CV and not (email or phone):
        return None  # a name alone claims nothing, and most pairs have no more
    name = name_likeness(first.name, second.name)
    likeness = _likeness(name, email=email, phone=phone, cv=cv)
    if not likeness:
        return None
    seen = {"email": email, "phone": phone, "name": (name or 0) >= LIKE_NAME, "cv": cv >= LIKE_CV}
    return Judged(round(likeness, 3), [sign for sign, there in seen.items() if there])


def _likeness(name: float | None, *, email: bool, phone: bool, cv: float) -> float:
    if name is None:
        return _nameless(email=email, phone=phone, cv=cv)
    if name >= SAME_NAME:
        return _namesakes(email=email, phone=phone, cv=cv)
    if name >= LIKE_NAME:
        return _near_namesakes(email=email, phone=phone, cv=cv)
    # Another name, one CV and one way to be reached: a marriage, a chosen name
    return 0.7 if (email or phone) and cv >= SAME_CV else 0.0


def _namesakes(*, email: bool, phone: bool, cv: float) -> float:
    if email and phone:
        return 0.99
    if email or phone:
        return 0.97 if email else 0.95
    return 0.8 + 0.18 * (cv - LIKE_CV) / (1 - LIKE_CV) if cv >= LIKE_CV else 0.0


def _near_namesakes(*, email: bool, phone: bool, cv: float) -> float:
    if (email or phone) and cv >= LIKE_CV:
        return 0.93
    if email and phone:
        return 0.88
    if email:
        return 0.75
    return 0.8 if cv >= SAME_CV else 0.0


def _nameless(*, email: bool, phone: bool, cv: float) -> float:
    if (email or phone) and cv >= LIKE_CV:
        return 0.9
    if email and phone:
        return 0.85
    return 0.75 if cv >= 0.95 else 0.0


def _same_phone(first: Traits, second: Traits) -> bool:
    return any(
        local == other and (area == code or not area or not code)
        for area, local in first.phones
        for code, other in second.phones
    )


def name_likeness(first: Sequence[str], second: Sequence[str]) -> float | None:
    """From 0 to 1; None where one has no name. Order, accents, middle names and initials do not matter."""
    if not first or not second:
        return None
    if set(first) & GENERATIONS != set(second) & GENERATIONS:
        return 0.5  # father and son, one address
    short, long = sorted((first, second), key=len)
    left = list(long)
    found = [_take(word, left) for word in short]
    if not found[0] and not _take(long[0], list(short)):
        return min(0.5, sum(found) / len(short))  # no first name in common: a family
    share = sum(found) / len(short)
    if any(len(word) > 1 for word in left) and any(not worth for worth in found):
        share *= 0.9  # each has a name the other has not: Ana Clara, Ana Julia
    if len(short) < len(long) and (len(short) == 1 or not _word_likeness(short[0], long[0])):
        return min(share, LIKE_NAME)  # one word of a longer name says little
    return share


def _take(word: str, left: list[str]) -> float:
    """How well the best of the words that are left stands for this one; it is used up."""
    best, at = 0.0, -1
    for number, other in enumerate(left):
        worth = _word_likeness(word, other)
        if worth > best:
            best, at = worth, number
    if at >= 0:
        del left[at]
    return best


def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return 0.8 if one[0] == other[0] else 0.0
    return 0.9 if min(len(one), len(other)) > 3 and fuzz.ratio(one, other) >= SAME_WORD else 0.0
