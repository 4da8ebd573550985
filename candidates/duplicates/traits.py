"""What of a record tells whose it is, made comparable: names, e-mail addresses, phone numbers, the CV."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from candidates.duplicates.sketch import bands, sketch
from candidates.folding import fold_phrase

_PARTICLES = frozenset(("da", "das", "de", "del", "do", "dos", "e", "van", "von", "y"))
GENERATIONS = frozenset(("filho", "filha", "junior", "jr", "neto", "neta", "sobrinho", "segundo"))
_TITLES = frozenset(("dr", "dra", "sr", "sra", "srta", "prof", "profa", "eng"))
_NOT_LETTERS = re.compile(r"[^a-z]+")
_BETWEEN = re.compile(r"[/;,|]| ou | or | e ", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
LOCAL = 8  # digits of a Brazilian number without area code and without the ninth digit of a mobile
# Letters of e-mail names that say nobody has one: kept out, or all who gave none would be one person
_NO_ADDRESS = re.compile(r"^(nao(tem|possui|informado)?|sem(email|cadastro)?|none|x+|teste?|e-?mail)$")


@dataclass(frozen=True)
class Traits:
    """Of one record. ``phones`` are (area code or "", last eight digits); ``sketch`` is None without a CV."""

    name: tuple[str, ...]
    emails: frozenset[str]
    phones: frozenset[tuple[str, str]]
    sketch: tuple[int, ...] | None

    @property
    def keys(self) -> list[int]:
        """Whoever shares none of these is not compared."""
        named = [f"email:{email}" for email in self.emails]
        named += [f"phone:{local}" for _, local in self.phones]
        if len(self.name) > 1:
            first_and_last = " ".join(sorted((self.name[0], self.name[-1])))
            named += [f"ends:{first_and_last}", f"name:{' '.join(sorted(self.name))}"]
        if self.sketch:
            named += [f"cv:{number}:{band}" for number, band in enumerate(bands(self.sketch))]
        return sorted({_number(text) for text in named})


def traits(fields: Mapping[str, Any]) -> Traits:
    """``fields`` has name, email, phone and cv_text, as far as they are known."""
    return Traits(
        name=name_words(fields.get("name") or ""),
        emails=emails(fields.get("email") or ""),
        phones=phones(fields.get("phone") or ""),
        sketch=sketch(fields.get("cv_text") or ""),
    )


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name without accents, particles and titles; "Silva, Ana" is Ana Silva."""
    before, comma, after = name.partition(",")
    words = _NOT_LETTERS.sub(" ", fold_phrase(f"{after} {before}" if comma else name)).split()
    return tuple(word for word in words if word not in _PARTICLES and word not in _TITLES)


def emails(text: str) -> frozenset[str]:
    found = (address.lower().strip(".,;") for address in _MAIL.findall(text))
    return frozenset(address for address in found if not _NO_ADDRESS.match(address.partition("@")[0]))


def phones(text: str) -> frozenset[tuple[str, str]]:
    """Brazilian forms: +55, the carrier's zero, (area), the ninth digit of a mobile or not."""
    read = (_phone("".join(filter(str.isdigit, part))) for part in _BETWEEN.split(text))
    return frozenset(number for number in read if number)


def _phone(digits: str) -> tuple[str, str] | None:
    digits = digits.removeprefix("00")
    if digits.startswith("55") and len(digits) in (12, 13):
        digits = digits[2:]
    digits = digits.lstrip("0")
    if not LOCAL <= len(digits) <= 11:
        return None
    area, local = (digits[:2], digits[2:]) if len(digits) > 9 else ("", digits)
    local = local[-LOCAL:]
    # 99999-9999 and 0000-0000 stand where there is no number
    return (area, local) if len(set(local)) > 2 else None


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
