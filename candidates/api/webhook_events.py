"""What webhooks are told, for the schema (its part ``webhooks``): one request for each kind of event."""

from typing import Any, Final

from candidates.models import EventKind

Schema = dict[str, Any]

HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")

TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
YES_NO: Final[Schema] = {"type": "boolean"}
ID: Final[Schema] = {"type": "string", "format": "uuid"}
TEXTS: Final[Schema] = {"type": "array", "items": TEXT}
STATE: Final[Schema] = {"type": "string", "enum": ["done", "failed"]}


def _or_null(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}


def _told(text: str, schema: Schema) -> Schema:
    return schema | {"description": text}


CANDIDATE: Final = _told(
    "The code; while blind review hides the person from the webhook's owner, the token in its place; null: "
    "nobody who is known here.",
    _or_null(TEXT),
)
STAGE: Final = _told("As in the field `stage` of a prospect.", TEXT)
PROSPECT: Final[Schema] = {"prospect": WHOLE, "job": _told("Its code.", TEXT), "candidate": CANDIDATE}
HOW: Final[Schema] = {
    "source": _told("By which way: person, api, merge.", TEXT),
    "batch": _told("Of what was done together.", _or_null(ID)),
    "undoes": _told("The batch that it takes back.", _or_null(ID)),
}
ALERT: Final[Schema] = {
    "type": "object",
    "required": ["feature", "kind", "baseline", "current", "distance", "limit"],
    "properties": {
        "feature": TEXT,
        "kind": {"type": "string", "enum": ["missing", "rate", "mean"]},
        "baseline": NUMBER,
        "current": NUMBER,
        "distance": NUMBER,
        "limit": _or_null(NUMBER),
    },
}
# Of each kind: what is always told, and what only sometimes
DATA: Final[dict[EventKind, tuple[Schema, Schema]]] = {
    EventKind.CANDIDATE_CREATED: ({"candidate": CANDIDATE, "origin": TEXT}, {}),
    EventKind.CANDIDATE_UPDATED: (
        {"candidate": CANDIDATE, "fields": _told("The names of those that changed.", TEXTS)},
        {},
    ),
    EventKind.CANDIDATE_MERGED: (
        {
            "kept": CANDIDATE,
            "absorbed": CANDIDATE,
            "undone": _told("Whether the merge was taken back.", YES_NO),
        },
        {},
    ),
    EventKind.CANDIDATE_DELETED: ({"candidate": CANDIDATE}, {}),
    EventKind.PROSPECT_CREATED: ({**PROSPECT, "stage": STAGE, **HOW}, {}),
    EventKind.PROSPECT_MOVED: (
        {**PROSPECT, "from": _or_null(TEXT), "to": STAGE, "reason_code": _or_null(TEXT), **HOW},
        {},
    ),
    EventKind.PROSPECT_REMOVED: ({**PROSPECT, "undoes": ID}, {}),
    EventKind.PREDICTION_CREATED: (
        {
            "predictions": {"type": "array", "items": ID},
            "count": WHOLE,
            "source": _told("api, suggestion, trial.", TEXT),
            "model": WHOLE,
            "operating_mode": TEXT,
        },
        {
            "candidate": CANDIDATE,
            "job": _or_null(TEXT),
            "score": _or_null(NUMBER),
            "decision": _or_null(YES_NO),
            "threshold": NUMBER,
            "review": _told("Why a person should look first.", _or_null(TEXT)),
        },
    ),
    EventKind.RANKING_FINISHED: (
        {"ranking": WHOLE, "job": TEXT, "model": WHOLE, "state": STATE},
        {"order": TEXT, "compared": WHOLE, "not_rankable": WHOLE},
    ),
    EventKind.MODEL_PROMOTED: (
        {
            "model": WHOLE,
            "recipe": TEXT,
            "replaced": _or_null(WHOLE),
            "roll_back": YES_NO,
            "overruled": YES_NO,
            "threshold": NUMBER,
            "operating_mode": TEXT,
        },
        {},
    ),
    EventKind.DRIFT_ALERT: (
        {
            "report": WHOLE,
            "day": {"type": "string", "format": "date"},
            "model": WHOLE,
            "predictions": WHOLE,
            "alerts": {"type": "array", "items": ALERT},
        },
        {},
    ),
    EventKind.IMPORT_FINISHED: (
        {
            "import": WHOLE,
            "state": STATE,
            "counts": _told(
                "By file.",
                {
                    "type": "object",
                    "additionalProperties": {"type": "object", "additionalProperties": WHOLE},
                },
            ),
        },
        {},
    ),
    EventKind.TEST: ({"webhook": ID}, {}),
}


def body(kind: EventKind) -> Schema:
    """The JSON Schema of what is sent for this kind of event."""
    always, sometimes = DATA[kind]
    told = {
        "id": _told("As in the header webhook-id: the same each time this event is sent.", ID),
        "type": {"type": "string", "const": kind.value},
        "timestamp": _told("When it happened.", {"type": "string", "format": "date-time"}),
        "data": {"type": "object", "required": list(always), "properties": always | sometimes},
    }
    return {"type": "object", "required": list(told), "properties": told}


def add(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """A post-processing hook of drf-spectacular."""
    result["webhooks"] = {kind.value: {"post": _operation(kind)} for kind in DATA}
    return result


def _operation(kind: EventKind) -> Schema:
    return {
        "operationId": f"event_{kind.value.replace('.', '_')}",
        "summary": f"An event: {kind.value}",
        "description": "Sent to the address of each webhook that hears of it, signed as Standard Webhooks "
        "say: `webhook-id`, `webhook-timestamp`, `webhook-signature`.",
        "tags": ["webhooks"],
        "parameters": [_header(name) for name in HEADERS],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body(kind)}}},
        "responses": {
            "2XX": {"description": "It is taken."},
            "410": {"description": "The address is gone for good: the webhook is disabled."},
            "default": {"description": "It is not taken, and sent again, for three days."},
        },
    }


def _header(name: str) -> Schema:
    return {"name": name, "in": "header", "required": True, "schema": TEXT}
