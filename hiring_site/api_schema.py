"""What every operation of the OpenAPI schema shares: how it refuses."""

from typing import Any

from candidates.integration.faults import KINDS
from hiring_site.problems import CONTENT_TYPE

PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "code", "title", "status", "detail", "errors", "correlation_id"],
    "properties": {
        "type": {"type": "string", "description": "Stable, for programs: `urn:peneira:problem:` and a code."},
        "code": {"type": "string", "description": "The last part of the type."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {
            "type": "array",
            "description": "The refused fields, by path.",
            "items": {
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
            },
        },
        "correlation_id": {"type": "string", "description": "The same as in the header X-Request-ID."},
    },
    "example": {
        "type": "urn:peneira:problem:invalid",
        "code": "invalid",
        "title": "Bad Request",
        "status": 400,
        "detail": "The request was refused: see errors.",
        "errors": [
            {
                "field": "features.salario_valor",
                "code": "invalid",
                "detail": "Must be a number, true, false or null; this is text.",
                "got": "text",
            }
        ],
        "correlation_id": "0b1d6d3c8e7a4f0f9c5f0a2b7c1d9e34",
    },
}
CONTENT = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
METHODS = ("get", "post", "put", "patch", "delete")

Schema = dict[str, Any]


def add_problems(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """A post-processing hook of drf-spectacular: adds the refusals that follow from what an operation is, and
    gives every refusal that a view declares by its description the body that it has."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result["paths"].values():
        for method in METHODS:
            if method in path:
                _complete(path[method])
    return result


def _complete(operation: Schema) -> None:
    responses: Schema = operation["responses"]
    if "requestBody" in operation:
        responses.setdefault("400", {"description": "The body is refused."})
        responses.setdefault("413", {"description": "The body is too large."})
        responses.setdefault("415", {"description": "The body is not JSON."})
    if any(operation.get("security", [])):
        responses.setdefault("401", {"description": "Not signed in."})
        responses.setdefault("403", {"description": "Not allowed."})
    for status, response in responses.items():
        if status >= "400":
            response.setdefault("content", CONTENT)
    operation["responses"] = dict(sorted(responses.items()))
