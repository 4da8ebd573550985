"""docs/api.md is true: its programs run, and its tables hold every code and scope that there is."""

import ast
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import get_resolver
from rest_framework.exceptions import APIException

from candidates.integration import keys
from candidates.integration.scopes import SCOPES
from candidates.integration.webhooks import MOST as MOST_WEBHOOKS
from candidates.models import Candidate, EventKind
from hiring_site.api_components import REFUSALS
from scoring import registry
from scoring.models import Prediction
from tests.factories import make_candidate, make_user
from tests.scoring.test_api_predict import make_system_b_version

PAGE = (settings.BASE_DIR / "docs" / "api.md").read_text()
APPS = ("candidates", "jobs", "scoring", "monitoring", "hiring_site")
RAISED = ("ErrorDetail", "PermissionDenied", "ValidationError", "BadAddress", "_refused")


def program(language, number, live_server):
    code = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]
    return code.replace("http://localhost:8000", live_server.url).replace("PENEIRA_KEY=…", "PENEIRA_KEY")


def run(command, code, secret, folder):
    asked = subprocess.run(
        [*command, code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env=os.environ | {"PENEIRA_KEY": secret},
    )
    assert asked.returncode == 0, asked.stderr
    return asked.stdout


@pytest.fixture
def secret(transactional_db):
    user = make_user("other system", "Integrations")
    return keys.create("docs", user, scopes=["predictions:write", "candidates:read"], by=None).secret


@pytest.fixture
def served(live_server):
    cache.clear()
    registry.forget()
    make_system_b_version()
    yield live_server
    registry.forget()


@pytest.mark.parametrize(
    ("language", "command"), [("sh", ["bash", "-c"]), ("python", [sys.executable, "-c"])]
)
def test_the_documented_first_call_works(served, secret, tmp_path, language, command):
    told = run(command, program(language, 0, served), secret, tmp_path)
    assert str(Prediction.objects.get().pk) in told


def test_the_first_call_has_five_lines_in_each_language():
    for language in ("sh", "python"):
        code = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL).group(1)
        assert len(code.strip().splitlines()) <= 5


def test_the_documented_loop_pulls_what_changed_and_what_has_gone(served, secret, tmp_path):
    loop = program("python", 1, served)
    kept, gone = make_candidate(), make_candidate()
    assert run([sys.executable, "-c"], loop, secret, tmp_path) == "2 people\n"
    Candidate.objects.filter(pk=gone.pk).delete()
    Candidate.objects.filter(pk=kept.pk).update(city="Olinda")
    make_candidate()
    assert run([sys.executable, "-c"], loop, secret, tmp_path) == "2 people\n"
    stored = (tmp_path / "candidates.json").read_text()
    assert "Olinda" in stored
    assert f'"{gone.code}"' not in stored


def codes_of_refusals():
    """Of every kind of refusal that a module of ours defines, and of the sign-in by key."""
    assert get_resolver().url_patterns  # loads every view
    kinds = [APIException]
    for kind in kinds:
        kinds += kind.__subclasses__()
    own = {kind.default_code for kind in kinds if kind.__module__.partition(".")[0] in APPS}
    return own | {str(refusal) for refusal in keys.Refusal}


def codes_given_by_name():
    """What the sources say as ``code="…"`` where they refuse something of the API."""
    for app in APPS:
        for folder in ("api", "integration"):
            for path in sorted((settings.BASE_DIR / app / folder).glob("*.py")):
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(RAISED):
                        yield from (
                            word.value.value
                            for word in node.keywords
                            if word.arg == "code" and isinstance(word.value, ast.Constant)
                        )


def documented_codes():
    errors = PAGE.partition("## Errors")[2].partition("\n## ")[0]
    return set(re.findall(r"`([a-z_]+)`", errors))


def test_every_code_of_a_refusal_is_in_the_table():
    found = codes_of_refusals() | set(codes_given_by_name())
    assert len(found) > 50
    assert found <= documented_codes()


def test_examples_of_refusals_have_codes_that_there_are():
    assert {example["code"] for _text, example in REFUSALS.values()} <= documented_codes()


def test_every_scope_and_event_is_in_the_document():
    assert {scope for scope in SCOPES if f"`{scope}`" not in PAGE} == set()
    assert {kind for kind in EventKind.values if f"`{kind}`" not in PAGE} == set()


def test_the_limits_are_those_of_the_program():
    from candidates.integration import bulk, cursors, filters, idempotency, sync

    limits = PAGE.partition("## Limits")[2]
    assert f"| {bulk.MOST_ITEMS:,} |" in limits
    assert f"| {cursors.MOST}, {sync.MOST} |" in limits
    assert f"| {filters.MOST_VALUES} |" in limits
    assert idempotency.WELL_FORMED.fullmatch("x" * 255)
    assert not idempotency.WELL_FORMED.fullmatch("x" * 256)
    assert f"| {MOST_WEBHOOKS} of one owner" in limits
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    assert rates == {"sign-in-address": "30/min", "sign-in-username": "10/min"}
    assert "10 attempts a minute for a user name, 30 from an address" in limits
