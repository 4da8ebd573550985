"""What every operation of the OpenAPI schema says beside its own: scope, headers, refusals."""

from typing import Any, Final, cast

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema

from candidates.integration.views import WRITING, ApiView
from hiring_site.api_components import (
    COUNTED,
    EVERYWHERE,
    HEADERS,
    OF_STATUS,
    PARAMETERS,
    PROBLEM,
    REFUSALS,
    REPEATED,
    Schema,
    headers,
    problem_content,
    reference,
)

METHODS: Final = ("get", "post", "put", "patch", "delete")
SIGN_IN: Final = {
    "apiKey": "A key made by an administrator. It may what its scopes say, within the role of the account"
    " that it acts as.",
    "tokenAuth": "`Authorization: Token …`, a person's token from `POST /api/v1/token`. It may what the role"
    " says.",
    "cookieAuth": "The session of a browser that is signed in to the pages. What it writes needs the header"
    " `X-CSRFToken`.",
}


class OperationSchema(AutoSchema):
    """Of each view what follows from what it is (settings.REST_FRAMEWORK)."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        operation: Schema | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        _add_refusals(operation, self._refusals(operation))
        _add_headers(operation, self._headers())
        parameters = [reference("parameters", name) for name in self._parameters()]
        operation["parameters"] = operation.get("parameters", []) + parameters
        self._say_scope(operation)
        return operation

    def get_description(self) -> str:  # type: ignore[override]  # the library itself takes no arguments
        """Only what is written for callers: the docstring of a view is for who writes code."""
        return ""

    @property
    def _is_called(self) -> bool:
        return isinstance(self.view, ApiView)

    @property
    def _writes(self) -> bool:
        return self._is_called and self.method in WRITING

    def _refusals(self, operation: Schema) -> list[str]:
        statuses = ["400", "413", "415"] if "requestBody" in operation else []
        if self._is_called:
            statuses += ["400", "401", "403", "429", "503"]
        if self._writes:
            statuses.append("409")
        if "{" in self.path:
            statuses.append("404")
        return statuses

    def _headers(self) -> dict[str, str]:
        return EVERYWHERE | (COUNTED if self._is_called else {}) | (REPEATED if self._writes else {})

    def _parameters(self) -> list[str]:
        called = ["OnBehalfOf"] if self._is_called else []
        return [*(["IdempotencyKey"] if self._writes else []), *called, "RequestId"]

    def _say_scope(self, operation: Schema) -> None:
        if not self._is_called:
            return
        scope = cast(ApiView, self.view).scope_of_method(self.method)
        told = f"Needs the scope `{scope}`." if scope else "Needs no scope."
        operation["description"] = f"{operation.get('description', '')}\n\n{told}".strip()
        # OpenAPI 3.1: names of rights may stand with any scheme; people by token or session need none
        if scope:
            for way in operation.get("security", []):
                if "apiKey" in way:
                    way["apiKey"] = [scope]


class AmountSchema(OpenApiSerializerFieldExtension):
    """An amount is told as text, which keeps its cents; it is taken as a number, too."""

    target_class = "rest_framework.fields.DecimalField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        if direction != "request":
            return schema
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        limits = {"minimum": self.target.min_value, "maximum": self.target.max_value}
        kept = {name: value for name, value in limits.items() if value is not None}
        return schema | {"type": ["number", *kinds]} | kept


def _add_refusals(operation: Schema, statuses: list[str]) -> None:
    """Those that a view says nothing of, and the body of all."""
    responses: Schema = operation["responses"]
    for status in statuses:
        responses.setdefault(status, {"description": REFUSALS[status][0]})
    for status, response in responses.items():
        if status >= "400":
            response.setdefault("content", problem_content(status))
    operation["responses"] = dict(sorted(responses.items()))


def _add_headers(operation: Schema, everywhere: dict[str, str]) -> None:
    for status, response in operation["responses"].items():
        named = headers(everywhere | OF_STATUS.get(status, {}))
        response["headers"] = named | response.get("headers", {})


def forget_labels(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """A hook before the library's of enumerations, which marks them by values and labels: lists of the same
    values are one, whatever a serializer calls them, and in every language."""
    _forget_labels(result["components"].get("schemas", {}))
    return result


def _forget_labels(schemas: Any) -> None:
    if isinstance(schemas, dict):
        schemas.pop("x-spec-enum-id", None)
    for inner in schemas.values() if isinstance(schemas, dict) else schemas:
        if isinstance(inner, dict | list):
            _forget_labels(inner)


def complete(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """A post-processing hook of drf-spectacular: adds what the operations refer to."""
    components: Schema = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["headers"] = HEADERS
    components["parameters"] = PARAMETERS
    for name, scheme in components.get("securitySchemes", {}).items():
        scheme["description"] = SIGN_IN.get(name, scheme.get("description", ""))
    return result
