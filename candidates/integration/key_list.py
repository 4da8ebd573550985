"""The keys as an administrator looks at them: which are in force, how much each is used."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.integration.keys import Refusal, refusal_of
from candidates.models import ApiKey
from candidates.viewing import Role, role_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SOON: Final = datetime.timedelta(days=14)
COUNTED_DAYS: Final = 7
# Calls of one key that are counted: a busy key has millions, and who looks needs no more than "very many"
MOST_COUNTED: Final = 100_000
STATES: dict[str, tuple[str, Promise]] = {
    "in_force": ("badge-good", _("in force")),
    "soon": ("badge-warn", _("expires soon")),
    "replaced": ("badge-info", _("replaced, still works")),
    Refusal.REVOKED: ("badge-bad", _("revoked")),
    Refusal.EXPIRED: ("badge", _("expired")),
    Refusal.INACTIVE_USER: ("badge-bad", _("account closed")),
}
CALLS = """
    SELECT k.id, (
        SELECT count(*) FROM (
            SELECT 1 FROM candidates_apicall AS c WHERE c.key_id = k.id AND c.at >= %(since)s LIMIT %(most)s
        ) AS counted
    ) FROM unnest(%(keys)s::bigint[]) AS k(id)
"""


@dataclass(frozen=True)
class Row:
    """One key; ``calls``: of the last seven days, up to ``MOST_COUNTED``."""

    key: ApiKey
    state: str
    calls: int

    @property
    def badge(self) -> str:
        return STATES[self.state][0]

    @property
    def state_name(self) -> Promise:
        return STATES[self.state][1]

    @property
    def works(self) -> bool:
        return self.state in ("in_force", "soon", "replaced")

    @property
    def rotatable(self) -> bool:
        return self.state in ("in_force", "soon")

    @property
    def more_calls(self) -> bool:
        """Whether there were more than were counted."""
        return self.calls >= MOST_COUNTED

    @property
    def role(self) -> Role:
        return known_role(self.key.user)


def known_role(user: "User") -> Role:
    """The role of somebody whose groups are loaded, without asking again for each."""
    user.group_names = frozenset(group.name for group in user.groups.all())  # type: ignore[attr-defined]
    return role_of(user)


def rows() -> tuple[list[Row], list[Row]]:
    """Keys that work, and those that do no more; each newest first."""
    related = ApiKey.objects.select_related("user", "created_by", "replaced_by")
    keys = list(related.prefetch_related("user__groups"))
    counted = _calls([key.pk for key in keys])
    now = timezone.now()
    found = [Row(key, state_of(key, now), counted[key.pk]) for key in keys]
    return [row for row in found if row.works], [row for row in found if not row.works]


def state_of(key: ApiKey, now: datetime.datetime) -> str:
    """A name in ``STATES``."""
    if refusal := refusal_of(key, at=now):
        return refusal
    if key.replaced_by_id is not None:
        return "replaced"
    return "soon" if key.expires_at is not None and key.expires_at - now < SOON else "in_force"


def _calls(keys: Sequence[int]) -> dict[int, int]:
    since = timezone.now() - datetime.timedelta(days=COUNTED_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(CALLS, {"since": since, "most": MOST_COUNTED, "keys": list(keys)})
        return dict(cursor.fetchall())
