"""The prediction of one request in one statement: stored with its row in the audit, if nothing has changed.

The version that answers is kept in the process's memory. Whether it is still the one in use is asked by the
very statement that stores the prediction: a promotion takes effect at once and costs no query of its own.
The same statement stores nothing where a webhook listens, for then an event has to be told too. Whoever
calls goes the whole way then (``scoring.prediction``).
"""

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from candidates.integration.prepared import Prepared
from candidates.models import ApiKey, EventKind
from scoring import prediction
from scoring.models import ModelVersion, Prediction
from scoring.prediction import Scored
from scoring.registry import NoModel

if TYPE_CHECKING:
    from scoring.ml.artifact import Artifact

MAIN = "peneira"
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
    "route": "text",
    "network": "text",
    "milliseconds": "float8",
}
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


def forget() -> None:
    """Ask anew which version is in use."""
    global _known
    _known = None


@dataclass(frozen=True)
class Call:
    """The call that is to be noted in the audit; ``route``, ``network``: see ``candidates.models.ApiCall``.
    ``milliseconds``: what it took until it was stored."""

    key: ApiKey
    route: str
    network: str
    correlation_id: str
    milliseconds: float


def store(found: Scored, by: Answering, call: Call, *, pk: uuid.UUID, code: str) -> bool:
    """Store the prediction and the call that asked for it, both or neither; whether it did.

    False where another version is in use meanwhile, which is then forgotten, or where a webhook listens.
    ``code``: of the candidate, who is linked when known; no one is hidden from an integration by their code.
    """
    version = by.version
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
        call.key.user_id,
        call.key.pk,
        call.route,
        call.network,
        round(call.milliseconds, 2),
    )
    if STORE.row(values)[0]:
        return True
    forget()
    return False
