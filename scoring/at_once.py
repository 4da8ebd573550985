"""The prediction of one request in one statement: stored with its row in the audit, if nothing has changed.

The version that answers is kept in the process's memory, and so are the keys of late callers. Whether that
version is still in use, and whether the key lets in whom it let in, is asked by the very statement that
stores the prediction: a promotion and a revocation take effect at once and cost no query of their own. The
same statement stores nothing where a webhook listens, for then an event has to be told too. Whoever calls
goes the whole way then (``scoring.prediction``).
"""

import hashlib
import json
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection
from psycopg2.errors import UniqueViolation

from candidates.integration import keys, networks
from candidates.integration.prepared import Prepared
from candidates.models import ApiKey, EventKind
from candidates.viewing import Role, role_of
from scoring import prediction
from scoring.models import ModelVersion, Prediction
from scoring.prediction import Scored
from scoring.registry import NoModel

if TYPE_CHECKING:
    from scoring.ml.artifact import Artifact

MAIN = "peneira"
SECONDS_KNOWN = 20  # until a key is looked up anew, which also notes its use
KEYS_KNOWN = 256
GIVEN = {
    "id": "uuid",
    "code": "text",
    "model": "bigint",
    "score": "float8",
    "decision": "boolean",
    "threshold": "float8",
    "mode": "text",
    "features": "jsonb",
    "reasons": "jsonb",
    "latency": "float8",
    "correlation": "text",
    "account": "integer",
    "key": "bigint",
    "shape": "text",
    "route": "text",
    "network": "text",
    "milliseconds": "float8",
}
# Of a key everything that decides what its bearer may do; NULL when it lets nobody in
SHAPE = """
    SELECT concat_ws(' ', k.id, k.user_id, k.digest, k.scopes, k.networks, k.per_minute, u.is_superuser,
        ARRAY(
            SELECT member.group_id FROM auth_user_groups AS member
            WHERE member.user_id = u.id ORDER BY member.group_id))
    FROM candidates_apikey AS k JOIN auth_user AS u ON u.id = k.user_id
    WHERE k.revoked_at IS NULL AND u.is_active
        AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp())
"""
SHAPE_OF = Prepared("peneira_key_shape", f"{SHAPE} AND k.digest = %s", types=["text"])
STORE = Prepared(
    "peneira_predict",
    f"""
    WITH given ({", ".join(GIVEN)}) AS (VALUES ({", ".join(f"%s::{kind}" for kind in GIVEN.values())})),
    served AS (
        SELECT given.* FROM given
        WHERE model = (
            SELECT id FROM scoring_modelversion
            WHERE state = '{ModelVersion.State.CHAMPION}'
                AND recipe IN ('{prediction.SYSTEM_B_RECIPE}', '{MAIN}')
            ORDER BY recipe = '{prediction.SYSTEM_B_RECIPE}' DESC LIMIT 1)
        AND shape = ({SHAPE} AND k.id = given.key)
        AND NOT EXISTS (
            SELECT FROM candidates_webhook
            WHERE disabled_at IS NULL AND events @> ARRAY['{EventKind.PREDICTION_CREATED}']::varchar[])
    ),
    stored AS (
        INSERT INTO scoring_prediction (
            id, candidate_id, candidate_code, model_version_id, score, decision, threshold, operating_mode,
            features, reasons, requirements, source, review, "group", latency_ms, correlation_id,
            requested_by_id, created_at)
        SELECT id, (
                SELECT kept.id FROM candidates_candidate AS coded
                JOIN candidates_candidate AS kept ON kept.id = coalesce(coded.merged_into_id, coded.id)
                WHERE coded.code = served.code AND kept.merged_into_id IS NULL),
            code, model, score, decision, threshold, mode, features, reasons, '[]',
            '{Prediction.Source.API}', '', '', latency, correlation, account, now()
        FROM served RETURNING id
    ),
    noted AS (
        INSERT INTO candidates_apicall (
            at, key_id, user_id, method, route, status, problem, network, correlation_id, milliseconds)
        SELECT now(), key, account, 'POST', route, 200, '', network, correlation, milliseconds FROM served
    )
    SELECT count(*) FROM stored
    """,  # noqa: S608  names and constants of our own
    types=list(GIVEN.values()),
)


@dataclass(frozen=True, eq=False)
class Answering:
    version: ModelVersion
    model: "Artifact"

    def score(self, features: dict[str, float | None]) -> Scored:
        return prediction.score(self.model, [features])[0]


_known: Answering | None = None


def answering() -> Answering | None:
    """The version that answered last in this process, or the one in use; None when none can be loaded."""
    global _known
    if _known is None:
        try:
            _known = Answering(*prediction.answering_model())
        except NoModel:
            return None
    return _known


# Keys


@dataclass(frozen=True, eq=False)
class Bearer:
    """A key that let its bearer in a moment ago; ``shape``: what of it must still hold."""

    key: ApiKey
    role: Role
    shape: str
    since: float  # of time.monotonic


_bearers: OrderedDict[str, Bearer] = OrderedDict()
_lock = Lock()


def bearer(secret: str, *, address: str) -> Bearer:
    """Whom this key lets in, as of some seconds ago at most. Raises ``keys.KeyRefused``."""
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    known = _bearers.get(digest)
    if known is None or time.monotonic() - known.since > SECONDS_KNOWN:
        known = _found(secret, digest, address)
    elif known.key.networks and not networks.contained(address, known.key.networks):
        raise keys.KeyRefused(keys.Refusal.WRONG_NETWORK, known.key)
    return known


def _found(secret: str, digest: str, address: str) -> Bearer:
    since = time.monotonic()
    shape = SHAPE_OF.row([digest])  # before the key: a change in between is then found when it is stored
    key = keys.find(secret, address=address)
    found = Bearer(key, role_of(key.user), shape[0] if shape else "", since)
    with _lock:
        _bearers[digest] = found
        while len(_bearers) > KEYS_KNOWN:
            _bearers.popitem(last=False)
    return found


def forget() -> None:
    """Ask anew which version is in use, and of every key."""
    global _known
    _known = None
    with _lock:
        _bearers.clear()


# Storing


@dataclass(frozen=True)
class Call:
    """The call that is to be noted in the audit; ``route``, ``network``: see ``candidates.models.ApiCall``.
    ``milliseconds``: what it took until it was stored."""

    bearer: Bearer
    route: str
    network: str
    correlation_id: str
    milliseconds: float


def store(found: Scored, by: Answering, call: Call, *, pk: uuid.UUID, code: str) -> bool:
    """Store the prediction and the call that asked for it, both or neither; whether it did.

    False where another version is in use meanwhile, the key is not what it was, which are then forgotten, or
    a webhook listens. ``code``: of the candidate, who is linked when known; no one is hidden from an
    integration by their code.
    """
    version, key = by.version, call.bearer.key
    values: tuple[Any, ...] = (
        str(pk),
        code,
        version.pk,
        found.score,
        found.score >= version.threshold,
        version.threshold,
        version.operating_mode,
        json.dumps(found.features),
        json.dumps({"margin": found.margin}),
        call.milliseconds,
        call.correlation_id,
        key.user_id,
        key.pk,
        call.bearer.shape,
        call.route,
        call.network,
        round(call.milliseconds, 2),
    )
    if _stored(values):
        return True
    forget()
    return False


def _stored(values: Sequence[Any]) -> bool:
    """A connection that was lost is made anew; what had been stored by then has its id already."""
    try:
        return bool(STORE.row(values)[0])
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
    try:
        return bool(STORE.row(values)[0])
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return True
        raise
