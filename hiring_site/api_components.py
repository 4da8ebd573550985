"""What the operations of the OpenAPI schema share: headers, and the ways in which they refuse."""

from http import HTTPStatus
from typing import Any, Final

from candidates.integration.faults import KINDS
from hiring_site.problems import CONTENT_TYPE, TYPE

Schema = dict[str, Any]

FAULT: Final[Schema] = {
    "type": "object",
    "required": ["field", "code", "detail", "got"],
    "properties": {
        "field": {"type": "string", "description": "Its path; empty for the whole body."},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "What would be right."},
        "got": {
            "type": "string",
            "description": "The kind of what was sent, never the value itself.",
            "enum": ["", *KINDS],
        },
    },
}
PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "code", "title", "status", "detail", "errors", "correlation_id"],
    "properties": {
        "type": {"type": "string", "description": "Stable, for programs: `urn:peneira:problem:` and a code."},
        "code": {"type": "string", "description": "The last part of the type."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {"type": "array", "description": "The refused fields, by path.", "items": FAULT},
        "correlation_id": {"type": "string", "description": "The same as in the header X-Request-ID."},
    },
}


def _problem(status: int, code: str, detail: str, *errors: Schema) -> Schema:
    return {
        "type": TYPE + code,
        "code": code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [*errors],
        "correlation_id": "0b1d6d3c8e7a4f0f9c5f0a2b7c1d9e34",
    }


_WRONG_FIELD: Final = {
    "field": "city",
    "code": "invalid",
    "detail": "Not a valid string.",
    "got": "list",
}
# Of each status: what it means where a view says nothing of its own, and an example of it
REFUSALS: Final[dict[str, tuple[str, Schema]]] = {
    "400": (
        "What was sent is refused; `errors` says what and why.",
        _problem(400, "invalid", "The request was refused: see errors.", _WRONG_FIELD),
    ),
    "401": (
        "No key, token or session, or one that is not valid.",
        _problem(401, "not_authenticated", "Authentication credentials were not provided."),
    ),
    "403": (
        "The role may not do this, or the key lacks the scope.",
        _problem(
            403,
            "missing_scope",
            "This API key lacks the scope candidates:write. An administrator makes a key that has it.",
        ),
    ),
    "404": (
        "There is no such thing, or none that the caller may see.",
        _problem(404, "not_found", "Not found."),
    ),
    "409": (
        "What is there stands against it, or the Idempotency-Key came with another request.",
        _problem(
            409,
            "idempotency_key_reused",
            "This Idempotency-Key came with another request in the last 24 hours. A new request needs a new"
            " key.",
        ),
    ),
    "410": (
        "The token is of another state of the database.",
        _problem(
            410, "sync_token_gone", "The token is of another state of the database. Pull again without."
        ),
    ),
    "412": (
        "It was changed since the ETag in If-Match was read.",
        _problem(412, "precondition_failed", "It has been changed since it was read. Read it again."),
    ),
    "413": (
        "The body is larger than is taken.",
        _problem(413, "too_large", "The body is larger than 5242880 bytes."),
    ),
    "415": (
        "The body is in a format that is not taken here.",
        _problem(415, "unsupported_media_type", 'Unsupported media type "text/csv" in request.'),
    ),
    "429": (
        "Too many requests; Retry-After says when to go on.",
        _problem(429, "throttled", "Request was throttled. Expected available in 12 seconds."),
    ),
    "503": (
        "Database or queue cannot be reached, or no model is in use. Try again after Retry-After.",
        _problem(503, "not_reachable", "The database or the queue cannot be reached. Try again in a moment."),
    ),
}
PROBLEM_REF: Final = {"$ref": "#/components/schemas/Problem"}


def problem_content(status: str) -> Schema:
    """The body of a refusal with that status."""
    known = REFUSALS.get(status)
    example = {"example": known[1]} if known else {}
    return {CONTENT_TYPE: {"schema": PROBLEM_REF, **example}}


_COUNT: Final = {"type": "integer", "minimum": 0}
HEADERS: Final[dict[str, Schema]] = {
    "RequestId": {
        "description": "Of this request: the caller's own X-Request-ID, or a new one. The logs have it.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "RateLimitLimit": {"description": "Requests that the caller may send in a minute.", "schema": _COUNT},
    "RateLimitRemaining": {"description": "How many are left.", "schema": _COUNT},
    "RateLimitReset": {"description": "Seconds until the minute ends.", "schema": _COUNT},
    "RateLimitPolicy": {
        "description": "The limit and its window, as `6000;w=60`.",
        "schema": {"type": "string"},
    },
    "RetryAfter": {"description": "Seconds to wait.", "schema": _COUNT},
    "IdempotentReplayed": {
        "description": "Only where this is the answer that the same Idempotency-Key was given before.",
        "schema": {"type": "string", "const": "true"},
    },
    "WwwAuthenticate": {"description": "How to sign in.", "schema": {"type": "string"}},
}
EVERYWHERE: Final = {"X-Request-ID": "RequestId"}
COUNTED: Final = {
    "RateLimit-Limit": "RateLimitLimit",
    "RateLimit-Remaining": "RateLimitRemaining",
    "RateLimit-Reset": "RateLimitReset",
    "RateLimit-Policy": "RateLimitPolicy",
}
REPEATED: Final = {"Idempotent-Replayed": "IdempotentReplayed"}
OF_STATUS: Final[dict[str, dict[str, str]]] = {
    "401": {"WWW-Authenticate": "WwwAuthenticate"},
    "429": {"Retry-After": "RetryAfter"},
    "503": {"Retry-After": "RetryAfter"},
}

PARAMETERS: Final[dict[str, Schema]] = {
    "RequestId": {
        "name": "X-Request-ID",
        "in": "header",
        "description": "What the caller names this request by, in answer and logs: letters, digits, `. _ -`,"
        " up to 64. Anything else is replaced by a new name.",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A new one (a UUID) for each thing to be done, the same for each attempt at it: within"
        " 24 hours the same request is answered as the first time and done once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
    "OnBehalfOf": {
        "name": "On-Behalf-Of",
        "in": "header",
        "description": "The user name or number of whom the call is made for. What is done is then theirs in"
        " every history. For keys of integrations and administrators; widens no right.",
        "schema": {"type": "string", "minLength": 1},
    },
}


def reference(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def headers(names: dict[str, str]) -> Schema:
    return {name: reference("headers", component) for name, component in names.items()}
