"""What of a text tells who somebody is, taken out before a person reads it without being meant to know."""

import re

from candidates.folding import fold

HIDDEN = "█████"
_MAIL = re.compile(r"\S+@\S+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b\S+\.(?:com|org|net|me|io)(?:\.br)?/\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+?\d{1,3}[\s.-]?)?\(?\d{2,3}\)?[\s.-]?9?\d{4}[\s.-]?\d{4}\b")
_POSTAL_CODE = re.compile(r"\b\d{2}\.?\d{3}-\d{3}\b")
_WORD = re.compile(r"[^\W\d_]+")
_PARTICLES = {"da", "das", "de", "del", "do", "dos", "e", "van", "von"}


def redact_contact(text: str) -> str:
    """``text`` without e-mail addresses, web addresses, phone numbers and postal codes."""
    for pattern in (_MAIL, _ADDRESS, _PHONE, _POSTAL_CODE):
        text = pattern.sub(HIDDEN, text)
    return text


def redact_identity(text: str, *, name: str) -> str:
    """``text`` without contact data and without the words of ``name``."""
    words = {fold(word).text for word in _WORD.findall(name)} - _PARTICLES
    return _WORD.sub(lambda found: HIDDEN if fold(found[0]).text in words else found[0], redact_contact(text))
