"""The OpenAPI schema is whole: whoever builds a client from it has nothing to guess."""

import json
import re

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from candidates.integration.scopes import SCOPES
from hiring_site import api_texts
from hiring_site.api_components import COUNTED, REFUSALS

OPEN = {"token_create", "health_retrieve", "health_live_retrieve", "health_ready_retrieve"}
WRITES = ("post", "put", "patch", "delete")
JSON = "application/json"


@pytest.fixture(scope="module")
def schema():
    # As the address gives it out: without tuples, lazy texts and dates
    return json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))


@pytest.fixture(scope="module")
def operations(schema):
    found = [
        (f"{method.upper()} {path}", path, method, operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
    ]
    assert len(found) > 60
    return found


def all_without(operations, is_right):
    """The operations for which `is_right` does not hold."""
    return [name for name, path, method, one in operations if not is_right(path, method, one)]


def parameters(operation, place):
    """Names of parameters that are written out, and of components that are referred to."""
    return {
        one["$ref"].rpartition("/")[2] if "$ref" in one else one["name"]
        for one in operation.get("parameters", ())
        if "$ref" in one or one["in"] == place
    }


def media(body):
    return [(kind, one) for kind, one in body.get("content", {}).items()]


def examples(content):
    if "example" in content:
        return [content["example"]]
    return [one["value"] for one in content.get("examples", {}).values()]


def test_it_is_openapi_3_1(schema):
    assert schema["openapi"] == "3.1.0"
    validate_schema(schema)


def test_every_operation_has_its_own_name_words_and_group(operations):
    names = [one["operationId"] for *_, one in operations]
    assert len(set(names)) == len(names)
    assert not [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]+", name)]
    assert not all_without(operations, lambda path, method, one: one.get("summary") and one.get("tags"))
    only_scope = re.compile(r"\s*(Needs (the|no) scope.*)?")
    without_words = [name for name, *_, one in operations if only_scope.fullmatch(one.get("description", ""))]
    assert not without_words


def test_groups_are_described_in_an_order_and_used(schema, operations):
    assert [tag["name"] for tag in schema["tags"]] == list(api_texts.TAGS)
    assert all(tag["description"] for tag in schema["tags"])
    assert {name for *_, one in operations for name in one["tags"]} == set(api_texts.TAGS)


def test_every_operation_says_how_one_signs_in_and_which_scope_it_needs(operations):
    for name, _path, _method, one in operations:
        if one["operationId"] in OPEN:
            assert not any(one.get("security", [])), name
            continue
        ways = {kind: scopes for way in one["security"] for kind, scopes in way.items()}
        assert set(ways) == {"apiKey", "tokenAuth", "cookieAuth"}, name
        told = re.findall(r"Needs the scope `([a-z_]+:[a-z]+)`", one["description"])
        assert told == ways["apiKey"], name
        assert set(told) <= set(SCOPES), name
        assert told or "Needs no scope." in one["description"], name


def test_every_body_that_is_sent_has_an_example(operations):
    def shows(path, method, one):
        sent = dict(media(one.get("requestBody", {})))
        return JSON not in sent or examples(sent[JSON])

    assert not all_without(operations, shows)


def test_every_answer_with_json_has_an_example(operations):
    def shows(path, method, one):
        good = [body for status, body in one["responses"].items() if status < "300"]
        return good and all(examples(found) for body in good for kind, found in media(body) if kind == JSON)

    assert not all_without(operations, shows)


def test_every_example_is_what_the_schema_says(schema, operations):
    uri = "urn:schema"
    registry = Registry().with_resource(uri, Resource(contents=schema, specification=DRAFT202012))
    wrong = []
    for name, _path, _method, one in operations:
        bodies = {"request": one.get("requestBody", {}), **one["responses"]}
        for which, body in bodies.items():
            for kind, content in media(body):
                if "json" not in kind:
                    continue
                text = json.dumps(content["schema"]).replace('"#/', f'"{uri}#/')
                validator = Draft202012Validator(json.loads(text), registry=registry)
                wrong += [
                    f"{name} {which}: {'.'.join(map(str, error.path))}: {error.message[:160]}"
                    for example in examples(content)
                    for error in validator.iter_errors(example)
                ]
    assert not wrong, "\n".join(wrong)


def test_every_operation_says_how_it_refuses(operations):
    def needed(path, method, one):
        if one["operationId"].startswith("health"):
            return set()
        own = {"400", "429"} if one["operationId"] in OPEN else {"400", "401", "403", "429", "503"}
        own |= {"404"} if "{" in path else set()
        own |= {"413", "415"} if "requestBody" in one else set()
        own |= {"409"} if method in WRITES and one["operationId"] not in OPEN else set()
        return own | ({"410"} if path.endswith("/sync") else set())

    assert not all_without(operations, lambda *about: needed(*about) <= set(about[-1]["responses"]))


def test_every_refusal_is_a_problem_document_with_an_example(operations):
    for name, _path, _method, one in operations:
        for status, body in one["responses"].items():
            if status < "400" or one["operationId"] == "health_ready_retrieve":
                continue
            assert body["description"], (name, status)
            (content,) = [found for kind, found in media(body) if kind == "application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, (name, status)
            assert status not in REFUSALS or examples(content)[0]["status"] == int(status), (name, status)


def test_headers_are_told_where_they_come_and_go(operations):
    for name, _path, method, one in operations:
        sent = parameters(one, "header")
        closed = one["operationId"] not in OPEN
        assert "RequestId" in sent, name
        assert ("OnBehalfOf" in sent) == closed, name
        assert ("IdempotencyKey" in sent) == (closed and method in WRITES), name
        for status, body in one["responses"].items():
            come = set(body["headers"])
            assert "X-Request-ID" in come, (name, status)
            assert set(COUNTED) <= come or not closed, (name, status)
            assert ("Idempotent-Replayed" in come) == (closed and method in WRITES), (name, status)
            assert "Retry-After" in come or status not in ("429", "503"), (name, status)
        assert "WWW-Authenticate" in one["responses"].get("401", {"headers": "WWW-Authenticate"})["headers"]


def test_what_is_made_says_where_it_is(operations):
    def says(path, method, one):
        several = one["operationId"] in ("documents_upload", "requirements_create")
        no_address_of_its_own = one["operationId"] == "candidate_notes_create"
        return (
            several
            or no_address_of_its_own
            or "201" not in one["responses"]
            or "Location" in one["responses"]["201"]["headers"]
        )

    assert not all_without(operations, says)
