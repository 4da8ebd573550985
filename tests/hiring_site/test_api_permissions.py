"""What every operation of the API answers to every caller, for a job of a hiring manager and who is in it.

One line for each operation of the schema. Columns: nobody signed in; administrator, recruiter, auditor,
hiring manager of the job, hiring manager of another job, integration, and somebody without a role, each by a
key with every scope; last, an integration whose key lacks the scope.

``+`` let in (done, or refused for what was sent); ``1`` 401; ``3`` 403; ``4`` 404, as if it were not there.
"""

import logging
import re

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from candidates.integration import keys
from candidates.integration.scopes import SCOPES
from candidates.models import Delivery, Document, ImportRun, Webhook
from jobs.models import Job, Prospect, Requirement, StageChange
from monitoring.models import DriftReport
from scoring import fairness
from scoring.models import Feedback, ModelVersion, Prediction, Ranking, TrainingRun
from tests.hiring_site.marked import make_world, markers_in
from tests.monitoring.test_views import make_report
from tests.scoring.trained import make_trained_version

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]
COLUMNS = (
    "anybody",
    "administrator",
    "recruiter",
    "auditor",
    "manager",
    "stranger",
    "system",
    "nobody",
    "no scope",
)
MARKS = {401: "1", 403: "3", 404: "4"}
TABLE = """
candidates_list            1 + + + + + + 3 3
candidates_create          1 + + 3 3 3 + 3 3
candidates_read            1 + + + + 4 + 3 3
candidates_update          1 + + 3 3 3 + 3 3
candidate_notes_list       1 + + + + 4 + 3 3
candidate_notes_create     1 + + 3 + 4 + 3 3
recommendations            1 + + + + 4 + 3 3
recommendations_create     1 + + 3 3 3 + 3 3
candidate_tags_read        1 + + + + 4 + 3 3
candidate_tags_add         1 + + 3 3 3 + 3 3
candidate_tags_remove      1 + + 3 3 3 + 3 3
candidates_bulk            1 + + 3 3 3 + 3 3
candidates_sync            1 + + + 3 3 + 3 3
documents_list             1 + + + + + + 3 3
documents_upload           1 + + 3 3 3 + 3 3
documents_read             1 + + + + 4 + 3 3
documents_discard          1 + + 3 3 3 + 3 3
documents_download         1 + + + 3 4 + 3 3
documents_read_again       1 + + 3 3 3 + 3 3
documents_sync             1 + + + 3 3 + 3 3
drift_reports_list         1 + + + + + + 3 3
drift_reports_read         1 + + + + + + 3 3
fairness_reports_list      1 + + + + + + 3 3
fairness_reports_read      1 + + + + + + 3 3
feedback_list              1 + + + + + + 3 3
feedback_create            1 + + 3 + + + 3 3
feedback_read              1 + + + + 4 + 3 3
feedback_sync              1 + + + 3 3 + 3 3
imports_list               1 + 3 3 3 3 3 3 3
imports_create             1 + 3 3 3 3 3 3 3
imports_read               1 + 3 3 3 3 3 3 3
imports_rejected           1 + 3 3 3 3 3 3 3
jobs_list                  1 + + + + + + 3 3
jobs_create                1 + + 3 3 3 + 3 3
jobs_read                  1 + + + + 4 + 3 3
jobs_update                1 + + 3 3 3 + 3 3
job_ranking                1 + + + + 4 + 3 3
job_ranking_create         1 + + 3 3 3 + 3 3
requirements_list          1 + + + + 4 + 3 3
requirements_create        1 + + 3 3 3 + 3 3
requirements_update        1 + + 3 3 3 + 3 3
requirements_delete        1 + + 3 3 3 + 3 3
jobs_bulk                  1 + + 3 3 3 + 3 3
jobs_sync                  1 + + + 3 3 + 3 3
models_list                1 + + + + + + 3 3
models_read                1 + + + + + + 3 3
predict                    1 + + 3 3 3 + 3 3
predict_batch              1 + + 3 3 3 + 3 3
predict_full               1 + + 3 3 3 + 3 3
predict_smart              1 + + 3 3 3 + 3 3
predictions_list           1 + + + + + + 3 3
prediction                 1 + + + + 4 + 3 3
promotions_list            1 + + + + + + 3 3
prospects_list             1 + + + + + + 3 3
prospects_create           1 + + 3 3 3 + 3 3
prospects_read             1 + + + + 4 + 3 3
prospects_history          1 + + + + 4 + 3 3
prospects_move             1 + + 3 3 3 + 3 3
prospects_bulk             1 + + 3 3 3 + 3 3
prospects_undo             1 + + 3 3 3 + 3 3
prospects_sync             1 + + + 3 3 + 3 3
rank                       1 + + 3 3 3 + 3 3
rankings_list              1 + + + + + + 3 3
rankings_create            1 + + 3 3 3 + 3 3
rankings_read              1 + + + + 4 + 3 3
train                      1 + 3 3 3 3 3 3 3
training_runs_list         1 + + + + + + 3 3
training_runs_create       1 + 3 3 3 3 3 3 3
training_run               1 + + + + + + 3 3
webhooks_list              1 + 3 3 3 3 + 3 3
webhooks_create            1 + 3 3 3 3 + 3 3
webhooks_read              1 4 3 3 3 3 + 3 3
webhooks_update            1 4 3 3 3 3 + 3 3
webhooks_delete            1 4 3 3 3 3 + 3 3
webhooks_deliveries        1 4 3 3 3 3 + 3 3
webhooks_delivery          1 4 3 3 3 3 + 3 3
webhooks_delivery_replay   1 4 3 3 3 3 + 3 3
webhooks_replay            1 4 3 3 3 3 + 3 3
webhooks_rotate_secret     1 4 3 3 3 3 + 3 3
webhooks_test              1 4 3 3 3 3 + 3 3
version_retrieve           1 + + + + + + 3 +
"""
# They ask nobody who it is: they tell nothing of anybody, or are how one signs in
OPEN = {"token_create", "health_retrieve", "health_live_retrieve", "health_ready_retrieve"}
NO_SCOPE = {"version_retrieve"}
ROWS = {
    "documents": Document,
    "drift-reports": DriftReport,
    "feedback": Feedback,
    "imports": ImportRun,
    "requirements": Requirement,
    "prospects": Prospect,
    "rankings": Ranking,
    "training-runs": TrainingRun,
    "predictions": Prediction,
    "webhooks": Webhook,
}


def expected():
    for line in TABLE.strip().splitlines():
        name, *marks = line.split()
        yield name, dict(zip(COLUMNS, marks, strict=True))


EXPECTED = dict(expected())


@pytest.fixture(scope="module")
def operations():
    return _all_operations()


def _all_operations():
    """Name, method, address, the format of what it is sent, and an example of it."""
    found = []
    for path, item in SchemaGenerator().get_schema(public=True)["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            kind, body = next(iter(content.items()), ("", {}))
            example = next(iter(body.get("examples", {}).values()), {"value": {}})["value"]
            found.append((operation["operationId"], method, path, kind, example))
    return found


@pytest.fixture
def world(db):
    logging.disable(logging.CRITICAL)  # every refusal would be written with its trace
    made = make_world()
    ModelVersion.objects.update(state="retired")
    version = make_trained_version()
    make_report(model_version=version)
    card = version.card | {"fairness": fairness.report([], rows=10)}
    ModelVersion.objects.filter(pk=version.pk).update(card=card)
    _open_to_the_manager(made)
    yield made
    logging.disable(logging.NOTSET)


def _open_to_the_manager(world):
    """What blind review hides is refused by that: other tests ask for it. Here nobody is hidden."""
    Job.objects.update(blind=False)


@pytest.fixture
def secrets(world):
    """A key for each column; of people with a role it has every scope."""
    recruiters = Group.objects.get(name="Recruiters")
    world.users["nobody"].groups.add(recruiters)  # only who has a role gets a key; this one loses it after
    made = {role: _secret(world.users[role], SCOPES) for role in COLUMNS[1:-1]}
    world.users["nobody"].groups.remove(recruiters)
    return made | {"anybody": None}


def _secret(user, scopes):
    return keys.create("test", user, scopes=scopes, by=None).secret


def address_of(path, world):
    """With things in it that there are, and that are about the person or the job."""
    kind = path.split("/")[3] if path.startswith("/api/v1/") else ""
    rows = world.rows
    version = ModelVersion.objects.champion()
    values = {
        "code": world.person.code if kind == "candidates" else world.job.code,
        "number": rows[Delivery].pk if kind == "webhooks" else version.number,
        "batch": str(rows[StageChange].batch),
        "name": "bilingue",
    }
    if "{id}" in path:
        model = ROWS["requirements" if "/requirements/" in path else kind]
        row = rows.get(model) or model.objects.first()
        values["id"] = row.pk
    return re.sub(r"{(\w+)}", lambda name: str(values[name[1]]), path)


def body_of(name, example, world):
    """The schema's example, about things that there are here."""
    here = {
        "prospects_create": {"job": world.job.code, "candidate": world.open_person.code},
        "feedback_create": {"job": world.job.code, "candidate": world.person.code, "verdict": "fit"},
        "rankings_create": {"job": world.job.code},
        "rank": {"job": world.job.code, "candidates": [world.person.code]},
        "predict_smart": {"job": world.job.code, "candidate": world.person.code},
        "prospects_move": {"to": "screening"},
    }
    return here.get(name, example)


def answer_to(secret, operation, world):
    """What it answers; whatever that did is taken back."""
    name, method, path, kind, example = operation
    body = body_of(name, example, world)
    sent = {"data": body} if kind.startswith("multipart") else {"data": body, "content_type": kind}
    headers = {"x-api-key": secret} if secret else {}
    before = transaction.savepoint()
    asked = getattr(Client(), method)(address_of(path, world), **(sent if kind else {}), headers=headers)
    transaction.savepoint_rollback(before)
    return asked


def mark(answer):
    assert answer.status_code < 500, answer.content
    return MARKS.get(answer.status_code, "+")


def test_every_operation_has_its_line(operations):
    names = [name for name, *_ in operations]
    assert set(names) - OPEN == set(EXPECTED), "say in the table what each caller gets there"
    assert len(names) == len(set(names))


@pytest.mark.parametrize("column", COLUMNS[:-1])
def test_each_caller_gets_what_the_table_says(column, operations, world, secrets):
    wrong = []
    for operation in operations:
        name = operation[0]
        if name in OPEN:
            continue
        got, wanted = mark(answer_to(secrets[column], operation, world)), EXPECTED[name][column]
        wrong += [f"{name}: {got}, not {wanted}"] if got != wanted else []
    assert not wrong, "\n".join(wrong)


def test_a_key_without_the_scope_of_an_operation_is_let_in_nowhere(operations, world):
    """Of each operation the key has every scope but the one that it needs."""
    scopes = {operation["operationId"]: needed(operation) for operation in documented()}
    others = {
        scope: _secret(world.users["system"], [one for one in SCOPES if one != scope])
        for scope in {*scopes.values(), ""}
    }
    wrong = []
    for operation in operations:
        name = operation[0]
        if name in OPEN:
            continue
        answer = answer_to(others[scopes[name]], operation, world)
        wrong += [f"{name}: {answer.status_code}"] if mark(answer) != EXPECTED[name]["no scope"] else []
        if EXPECTED[name]["system"] == "+" and EXPECTED[name]["no scope"] == "3":
            assert answer.json()["code"] == "missing_scope", name
            assert scopes[name] in answer.json()["detail"], name
    assert not wrong, "\n".join(wrong)


def documented():
    paths = SchemaGenerator().get_schema(public=True)["paths"].values()
    return [operation for item in paths for operation in item.values()]


def needed(operation):
    return next((way["apiKey"][0] for way in operation.get("security", []) if way.get("apiKey")), "")


def test_nobody_is_told_anything_without_signing_in(operations, world):
    """Neither by no key nor by one that is none, nor of what there is and what not."""
    for operation in operations:
        if operation[0] in OPEN:
            continue
        for secret in (None, "pk_nothing", "pk_" + "a" * 40):
            answer = answer_to(secret, operation, world)
            assert answer.status_code == 401, operation[0]
            assert answer["Content-Type"] == "application/problem+json"
            assert answer["WWW-Authenticate"]
            assert not markers_in(answer), operation[0]


def test_what_anybody_may_ask_tells_of_nobody(operations, world):
    for operation in operations:
        if operation[0] in OPEN:
            assert not markers_in(answer_to(None, operation, world)), operation[0]


def test_an_auditor_changes_nothing():
    writes = {name for name, method, *_ in _all_operations() if method != "get"} - OPEN
    assert len(writes) > 30
    assert {name for name in writes if EXPECTED[name]["auditor"] != "3"} == set()


def test_a_hiring_manager_changes_nothing_but_opinions():
    writes = {name for name, method, *_ in _all_operations() if method != "get"} - OPEN
    allowed = {name for name in writes if EXPECTED[name]["manager"] == "+"}
    assert allowed == {"feedback_create", "candidate_notes_create"}
