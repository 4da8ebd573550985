"""Keys by which other systems sign in: made, found again by their secret, replaced, taken back.

A secret is ``pnr_<prefix>_<256 random bits>``. Only its sha256 is stored, which a random secret needs no slow
hash for. ``find`` is on the path of every call: one indexed query, which reads the user and groups along.
"""

import datetime
import hashlib
import hmac
import itertools
import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from candidates.integration import networks as nets
from candidates.integration.prepared import Prepared
from candidates.integration.scopes import SCOPES
from candidates.models import ApiKey
from candidates.viewing import GROUPS, Role, role_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BRAND = "pnr"
PREFIX_LETTERS = 8
RANDOM_BYTES = 32
FORM = re.compile(rf"({BRAND}_[A-Za-z0-9]{{{PREFIX_LETTERS}}})_[A-Za-z0-9_-]{{43}}")
USE_NOTED_EVERY = datetime.timedelta(minutes=1)
NO_DIGEST = "0" * 64
INTEGRATIONS = next(name for name, role in GROUPS.items() if role == Role.INTEGRATION)
NAME_LENGTH = 100  # of an account made for a key


class Refusal(StrEnum):
    """Why a key does not let its bearer in; stable, for programs.

    Everything but UNKNOWN is told only to whoever holds the whole key, so nobody learns which keys exist.
    """

    UNKNOWN = "key_unknown"
    EXPIRED = "key_expired"
    REVOKED = "key_revoked"
    WRONG_NETWORK = "key_wrong_network"
    INACTIVE_USER = "key_user_inactive"


SENTENCES = {
    Refusal.UNKNOWN: _("There is no such API key."),
    Refusal.EXPIRED: _("This API key has expired. An administrator of Peneira makes a new one."),
    Refusal.REVOKED: _("This API key was revoked. An administrator of Peneira makes a new one."),
    Refusal.WRONG_NETWORK: _("This API key may not be used from this network."),
    Refusal.INACTIVE_USER: _("The account that this API key acts as is no longer active."),
}


class KeyRefused(Exception):
    """The key lets nobody in; ``refusal`` says why, ``key`` is set when its bearer holds the whole key."""

    def __init__(self, refusal: Refusal, key: ApiKey | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.key = key


@dataclass(frozen=True)
class NewKey:
    """A key just made; ``secret`` is known here and never again."""

    key: ApiKey
    secret: str


# Finding


def find(secret: str, *, address: str, at: datetime.datetime | None = None) -> ApiKey:
    """The key of this secret, in force for a caller from this address; raises ``KeyRefused``.

    ``key.user`` is loaded, and knows its groups (``viewing.role_of`` needs no query). That it was used is
    noted at most once a minute.
    """
    at = at or timezone.now()
    match = FORM.fullmatch(secret)
    key = _loaded(match[1]) if match else None
    given = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    if not hmac.compare_digest(given, key.digest if key else NO_DIGEST) or key is None:
        raise KeyRefused(Refusal.UNKNOWN)
    refusal = refusal_of(key, at=at) or (Refusal.WRONG_NETWORK if not _may_from(key, address) else None)
    if refusal is not None:
        raise KeyRefused(refusal, key)
    if key.last_used_at is None or at - key.last_used_at >= USE_NOTED_EVERY:
        _note_use(key, at)
    return key


def _may_from(key: ApiKey, address: str) -> bool:
    return not key.networks or nets.contained(address, key.networks)


def refusal_of(key: ApiKey, *, at: datetime.datetime) -> Refusal | None:
    """Why the key lets nobody in, wherever from; None when it does."""
    if key.revoked_at is not None:
        return Refusal.REVOKED
    if key.expires_at is not None and key.expires_at <= at:
        return Refusal.EXPIRED
    if not key.user.is_active:
        return Refusal.INACTIVE_USER
    return None


@lru_cache(maxsize=1)
def _query() -> tuple[Prepared, tuple[str, ...], tuple[str, ...]]:
    """The query by prefix, and the fields of key and user in its order.

    Written out once: building it anew from a QuerySet takes several times as long as running it.
    """
    key, user = ApiKey._meta, get_user_model()._meta
    key_fields = tuple(field.attname for field in key.concrete_fields)
    user_fields = tuple(field.attname for field in user.concrete_fields)
    columns = [f'k."{field.column}"' for field in key.concrete_fields]
    columns += [f'u."{field.column}"' for field in user.concrete_fields]
    sql = f"""
        SELECT {", ".join(columns)}, ARRAY(
            SELECT g.name FROM auth_user_groups AS m JOIN auth_group AS g ON g.id = m.group_id
            WHERE m.user_id = u.id)
        FROM {key.db_table} AS k JOIN {user.db_table} AS u ON u.id = k.user_id WHERE k.prefix = %s
    """  # noqa: S608  names of our own tables
    return Prepared("peneira_key", sql, types=["text"]), key_fields, user_fields


def _loaded(prefix: str) -> ApiKey | None:
    query, key_fields, user_fields = _query()
    if (row := query.row([prefix])) is None:
        return None
    alias, parts = connection.alias, len(key_fields)
    key: ApiKey = ApiKey.from_db(alias, key_fields, row[:parts])
    user: User = get_user_model().from_db(alias, user_fields, row[parts:-1])
    user.group_names = frozenset(row[-1])  # type: ignore[attr-defined]
    key.user = user
    return key


def _note_use(key: ApiKey, at: datetime.datetime) -> None:
    """By one of those who come at once, and without waiting for whoever changes the key meanwhile."""
    due = Q(last_used_at=None) | Q(last_used_at__lte=at - USE_NOTED_EVERY)
    with transaction.atomic():
        locked = ApiKey.objects.filter(due, pk=key.pk).select_for_update(skip_locked=True, of=("self",))
        if locked.order_by().only("pk").first():
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    key.last_used_at = at


# Making, replacing, taking back


def create(
    name: str,
    user: "User | None",
    *,
    scopes: Iterable[str],
    by: "User | None",
    networks: Iterable[str] = (),
    expires: datetime.datetime | None = None,
    per_minute: int | None = None,
) -> NewKey:
    """A new key; raises ``ValidationError`` with the fields that cannot be so.

    Without a user it acts as a new integration account that is named after it.
    """
    wanted: dict[str, Any] = {
        "name": name.strip(),
        "scopes": sorted(set(scopes)),
        "networks": list(networks),
        "expires_at": expires,
        "per_minute": per_minute,
    }
    wanted["networks"] = _refuse_what_cannot_be(user, **wanted)
    with transaction.atomic():
        return _stored(ApiKey(**wanted, user=user or _account_for(wanted["name"]), created_by=by))


def _account_for(name: str) -> "User":
    """An account that signs in by keys alone."""
    users, group = get_user_model().objects, Group.objects.get(name=INTEGRATIONS)
    plain = slugify(name)[:NAME_LENGTH] or "integration"
    names = itertools.chain([plain], (f"{plain}-{number}" for number in itertools.count(2)))
    user: User = users.create_user(next(one for one in names if not users.filter(username=one).exists()))
    user.groups.add(group)
    return user


def _refuse_what_cannot_be(user: "User | None", **wanted: Any) -> list[str]:
    """Raises ``ValidationError`` by field; gives the networks back, written alike."""
    faults: dict[str, Any] = {}
    if not wanted["name"]:
        faults["name"] = _("Say which system uses the key.")
    if unknown := [scope for scope in wanted["scopes"] if scope not in SCOPES]:
        faults["scopes"] = ValidationError(
            _("There is no scope %(scope)s. There are: %(scopes)s."),
            params={"scope": unknown[0], "scopes": ", ".join(SCOPES)},
        )
    elif not wanted["scopes"]:
        faults["scopes"] = _("Choose at least one scope: a key without any may do nothing.")
    if user is not None and role_of(user) == Role.NONE:
        faults["user"] = _("This account is not active or has no role, so its key could do nothing.")
    if wanted["expires_at"] is not None and wanted["expires_at"] <= timezone.now():
        faults["expires_at"] = _("This time has passed already.")
    if wanted["per_minute"] == 0:
        faults["per_minute"] = _("At least 1; to stop a key, revoke it.")
    written, faults["networks"] = _networks(wanted["networks"])
    if faults := {field: fault for field, fault in faults.items() if fault}:
        raise ValidationError(faults)
    return written


def _networks(wanted: Iterable[str]) -> tuple[list[str], list[ValidationError]]:
    written, faults = [], []
    for text in wanted:
        try:
            written.append(nets.network_of(text).compressed)
        except nets.BadNetwork:
            faults.append(
                ValidationError(
                    _("%(text)s is no network. Write it as 203.0.113.0/24 or 2001:db8::/48."),
                    params={"text": text},
                )
            )
    return list(dict.fromkeys(written)), faults


def _stored(key: ApiKey) -> NewKey:
    key.prefix = f"{BRAND}_{_letters(PREFIX_LETTERS)}"
    secret = f"{key.prefix}_{secrets.token_urlsafe(RANDOM_BYTES)}"
    key.digest = hashlib.sha256(secret.encode()).hexdigest()
    key.full_clean(exclude=["prefix", "digest"])
    key.save(force_insert=True)
    return NewKey(key=key, secret=secret)


def _letters(number: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _one in range(number))


class NotRotatable(Exception):
    """The key is out of force or was replaced already; the message is for a person."""


def rotate(key: ApiKey, *, overlap: datetime.timedelta, by: "User | None") -> NewKey:
    """A key like this one; the old one works beside it for the overlap, or to its own end if that is earlier.

    The new one has as long to live as the old one had when it was made. Raises ``NotRotatable``.
    """
    if overlap < datetime.timedelta(0):
        raise ValueError("An overlap is not negative.")
    with transaction.atomic():
        old = ApiKey.objects.select_for_update(of=("self",)).select_related("user").get(pk=key.pk)
        now = timezone.now()
        _refuse_rotation(old, now)
        life = old.expires_at - old.created_at if old.expires_at else None
        new = _stored(
            ApiKey(
                name=old.name,
                user=old.user,
                scopes=old.scopes,
                networks=old.networks,
                per_minute=old.per_minute,
                expires_at=now + life if life else None,
                created_by=by,
            )
        )
        ends = now + overlap
        old.expires_at = min(ends, old.expires_at) if old.expires_at else ends
        old.replaced_by = new.key
        old.save(update_fields=["expires_at", "replaced_by"])
    return new


def _refuse_rotation(key: ApiKey, now: datetime.datetime) -> None:
    if key.replaced_by_id is not None:
        raise NotRotatable(_("This key was replaced already; replace the newer one."))
    if key.revoked_at is not None:
        raise NotRotatable(_("This key is revoked; make a new one."))
    if key.expires_at is not None and key.expires_at <= now:
        raise NotRotatable(_("This key has expired; make a new one."))
    if role_of(key.user) == Role.NONE:
        raise NotRotatable(_("The account of this key is not active or has no role; make a key of another."))


def revoke(key: ApiKey, *, by: "User | None") -> bool:
    """Takes the key back from now on; whether it was in force or waiting to be."""
    now = timezone.now()
    revoked = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now, revoked_by=by)
    return bool(revoked)
