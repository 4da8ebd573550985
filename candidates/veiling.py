"""What blind review and a stage not yet reached hide of a person, wherever a row becomes an object.

A model says in ``VEILED`` which of its fields tell who somebody is and how each is hidden, and in
``veiled_person`` which of its columns names the candidate. Loading a row for a viewer who may not know then
hides these fields. Such an object cannot be saved back with what was hidden.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from candidates import viewing
from candidates.redaction import redact_contact, redact_cut, redact_identity

MARK = "~"  # no code of a source begins with it
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # without letters and digits that look alike
_ROUNDS = 4


class HiddenFields(Exception):
    """Somebody tried to store an object whose fields were hidden when it was loaded."""


# Pseudonyms: the candidate's key, enciphered for one job (a Feistel network keyed by HMAC), so that the same
# person has the same one throughout a job, another in the next, and one in an address finds its person again


def _round(half: int, *, key: bytes, number: int) -> int:
    digest = hmac.digest(key, bytes([number]) + half.to_bytes(4, "big"), hashlib.sha256)
    return int.from_bytes(digest[:4], "big")


def _key(job_id: int) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"pseudonym:{job_id}".encode(), hashlib.sha256)


def _encipher(number: int, key: bytes) -> int:
    left, right = number >> 32, number & 0xFFFFFFFF
    for turn in range(_ROUNDS):
        left, right = right, left ^ _round(right, key=key, number=turn)
    return left << 32 | right


def _decipher(number: int, key: bytes) -> int:
    left, right = number >> 32, number & 0xFFFFFFFF
    for turn in reversed(range(_ROUNDS)):
        left, right = right ^ _round(left, key=key, number=turn), left
    return left << 32 | right


def _letters(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        found = _ALPHABET[digit] + found
    return found or _ALPHABET[0]


def token(candidate_id: int, *, job_id: int = 0) -> str:
    """What stands in addresses and answers instead of the code: "~7K2Q…", for one job "~12-7K2Q…"."""
    enciphered = _letters(_encipher(candidate_id, _key(job_id)))
    return f"{MARK}{job_id}-{enciphered}" if job_id else f"{MARK}{enciphered}"


def candidate_of(pseudonymous: str) -> int | None:
    """The key behind a token; None for what is none."""
    job, dash, letters = pseudonymous.removeprefix(MARK).rpartition("-")
    if not letters or len(letters) > 16 or not set(letters) <= set(_ALPHABET):
        return None
    if dash and not (job.isascii() and job.isdigit() and len(job) < 18):
        return None
    number = 0
    for letter in letters:
        number = number * len(_ALPHABET) + _ALPHABET.index(letter)
    found = _decipher(number, _key(int(job or 0))) if number < 1 << 64 else -1
    return found if 0 < found < 1 << 62 else None


def in_job_of(pseudonymous: str) -> None:
    """Who was followed from the page of a job keeps the pseudonym of that job."""
    viewer = viewing.current()
    job, dash, _rest = pseudonymous.removeprefix(MARK).rpartition("-")
    if viewer is not None and not viewer.job_shown and dash and candidate_of(pseudonymous):
        viewing.in_job(int(job))


def pseudonym(candidate_id: int, *, job_id: int = 0) -> str:
    """The name that is shown: "Candidate 7K2-QXM"."""
    digest = hmac.digest(_key(job_id), str(candidate_id).encode(), hashlib.sha256)
    letters = _letters(int.from_bytes(digest[:8], "big")).rjust(6, _ALPHABET[0])[-6:]
    return _("Candidate %(code)s") % {"code": f"{letters[:3]}-{letters[3:]}"}


# How a field is hidden: (value, person, name or None when only contact data is hidden) -> value

Veil = Callable[[Any, "Person"], Any]


class Person:
    """Whose data is hidden from whom: the identity, or only ways to reach them."""

    def __init__(self, candidate_id: int, *, identity: bool, job_id: int, name: str | None) -> None:
        self.candidate_id, self.identity, self.job_id, self._name = candidate_id, identity, job_id, name

    @property
    def name(self) -> str:
        if self._name is None:
            self._name = _name_of(self.candidate_id, job_id=self.job_id)
        return self._name


def _name_of(candidate_id: int, *, job_id: int) -> str:
    """Asked once for a request; on the page of a job for all its people at once: a list needs them all."""
    viewer = viewing.current()
    known: dict[int, str] = {} if viewer is None else viewer.memory.setdefault("names", {})
    ways: list[dict[str, int]] = [{"pk": candidate_id}]
    if job_id and not known:
        ways = [{"prospects__job": job_id}, {"predictions__job": job_id}, *ways]
    for way in ways:
        if candidate_id not in known:
            known |= _names(way)
    return known.get(candidate_id, "")


def remember_names(candidates: Collection[int]) -> None:
    """Ask for the names of these at once, for the redaction of rows that hang on them."""
    viewer = viewing.current()
    if viewer is not None and any(viewer.hides_identity(pk) for pk in candidates):
        viewer.memory.setdefault("names", {}).update(_names({"pk__in": list(candidates)}))


def _names(way: Mapping[str, Any]) -> dict[int, str]:
    from candidates.models import Candidate

    with viewing.unrestricted():
        return dict(Candidate.everyone.filter(**way).values_list("pk", "name"))


def nothing(value: Any, person: Person) -> Any:
    """Empty, whatever is hidden."""
    return type(value)() if value is not None else None


def nothing_if_blind(value: Any, person: Person) -> Any:
    """Empty where the identity is hidden."""
    return nothing(value, person) if person.identity else value


def redacted(value: Any, person: Person) -> Any:
    """Text, or texts in lists and dicts, without what tells who or where somebody is."""
    if isinstance(value, str):
        if not value.strip():
            return value
        return redact_identity(value, name=person.name) if person.identity else redact_contact(value)
    if isinstance(value, dict):
        return {key: redacted(inner, person) for key, inner in value.items()}
    if isinstance(value, list):
        return [redacted(inner, person) for inner in value]
    return value


def shown_with(candidate_id: int, text: str) -> str:
    """Words that stand beside somebody, as a tag does, without what tells who a hidden person is."""
    viewer = viewing.current()
    if viewer is None or not viewer.hides_identity(candidate_id):
        return text
    return str(redacted(text, Person(candidate_id, identity=True, job_id=viewer.job_shown, name=None)))


def redacted_quote(value: str, person: Person) -> str:
    """As ``redacted``, of words that were cut out of a text."""
    return str(redacted(redact_cut(value), person))


def pseudonymous(value: Any, person: Person) -> Any:
    return pseudonym(person.candidate_id, job_id=person.job_id) if person.identity else value


def enciphered(value: Any, person: Person) -> Any:
    return token(person.candidate_id, job_id=person.job_id) if person.identity else value


class Veiled(models.Model):
    """A model whose rows tell of a person."""

    VEILED: ClassVar[Mapping[str, Veil]] = {}
    veiled_person: ClassVar[str] = "candidate_id"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_to_store(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def refuse_to_store(self, fields: Iterable[str] | None = None) -> None:
        """Raises ``HiddenFields`` when these, or all, hold what was put in the place of something hidden."""
        wanted = self.VEILED if fields is None else fields
        if hidden := self.hidden_fields & set(wanted) & self.__dict__.keys():
            raise HiddenFields(f"{type(self).__name__}: {', '.join(sorted(hidden))}")

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        viewer = viewing.current()
        person = self.person_of(self.__dict__, viewer) if viewer else None
        if viewer is not None and person is not None and viewer.hides_contact(person):
            _remember(self, identity=viewer.hides_identity(person))

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any
    ) -> Self:
        instance = super().from_db(db, field_names, values, **kwargs)
        viewer = viewing.current()
        if viewer is not None:
            _veil(instance, viewer)
        return instance

    @classmethod
    def person_of(cls, loaded: Mapping[str, Any], viewer: viewing.Viewer) -> int | None:
        """The candidate whom a row with these values tells of."""
        found: int | None = loaded.get(cls.veiled_person)
        return found

    @property
    def hidden_fields(self) -> frozenset[str]:
        """The fields that were hidden when this was loaded."""
        hidden: frozenset[str] = self.__dict__.get("_hidden_fields", frozenset())
        return hidden

    @property
    def hides_identity(self) -> bool:
        """Whether the reader is not to know who this is."""
        return bool(self.__dict__.get("_hides_identity", False))

    @property
    def hides_contact(self) -> bool:
        return bool(self.hidden_fields)


def _veil(instance: Veiled, viewer: viewing.Viewer) -> None:
    loaded = instance.__dict__
    candidate_id = instance.person_of(loaded, viewer)
    if candidate_id is None or not viewer.hides_contact(candidate_id):
        return
    identity = viewer.hides_identity(candidate_id)
    person = Person(candidate_id, identity=identity, job_id=viewer.job_shown, name=_own_name(instance))
    fields = frozenset(instance.VEILED) & loaded.keys()
    for field in fields:
        loaded[field] = instance.VEILED[field](loaded[field], person)
    _remember(instance, identity=identity)


def _remember(instance: Veiled, *, identity: bool) -> None:
    instance.__dict__["_hidden_fields"] = frozenset(instance.VEILED)
    instance.__dict__["_hides_identity"] = identity


def _own_name(instance: Veiled) -> str | None:
    return instance.__dict__.get("name") if instance.veiled_person == "id" else None
