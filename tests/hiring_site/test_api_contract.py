"""The program keeps what its schema promises, whoever asks and whatever is sent.

A short run with fixed requests belongs to the suite; ``make contract`` sends many more.
"""

import logging
import os

import pytest
from django.core.cache import cache
from django.db import connection
from drf_spectacular.generators import SchemaGenerator

from candidates.integration import keys
from candidates.integration.scopes import SCOPES
from candidates.models import Document, ImportRun
from hiring_site.api_views import AddressThrottle, UsernameThrottle
from jobs.models import StageChange
from monitoring.models import DriftReport
from scoring.models import ModelVersion, Prediction, Ranking, TrainingRun
from tests.hiring_site import contract
from tests.hiring_site.marked import make_world
from tests.monitoring.test_views import alert, make_report
from tests.scoring.trained import make_trained_version

LONG = int(os.environ.get("PENEIRA_CONTRACT", "0"))  # examples of an operation; 0: the short run
MAY_NAME = ("administrator", "system")
KEYS = ("administrator", "recruiter", "auditor", "manager", "system")


@pytest.fixture
def world(transactional_db, monkeypatch):
    logging.disable(logging.CRITICAL)
    cache.clear()
    for throttle in (AddressThrottle, UsernameThrottle):
        monkeypatch.setattr(throttle, "rate", "1000000/min", raising=False)
    made = make_world()
    ModelVersion.objects.update(state="retired")
    version = make_trained_version(evidence="strong")
    make_report(model_version=version, alerts=[alert("cv_sap", "rate", 0.1, 0.4, 0.3, 0.15)])
    yield made
    logging.disable(logging.NOTSET)
    _close_what_threads_left_open()


def _close_what_threads_left_open():
    """Requests were answered in threads that are gone; their connections would hold the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def known(world):
    """Values that there are, for parameters of addresses."""
    ids = (Document, DriftReport, ImportRun, Ranking, TrainingRun)
    return {
        "code": [world.job.code, world.open_person.code, world.token],
        "id": sorted({row.pk for model in ids for row in model.objects.all()}),
        "number": [version.number for version in ModelVersion.objects.all()],
        "uuid": [str(row.pk) for row in Prediction.objects.all()],
        "batch": [str(row.batch) for row in StageChange.objects.all()],
    }


def key_of(world, role):
    user = world.users[role]
    return keys.create("contract", user, scopes=SCOPES, by=None).secret


def uncovered(role):
    """In the short run each role goes through the borders of a part of the operations; together of all but
    the bulk ones, whose items are those of single calls."""
    if LONG:
        return []
    paths = SchemaGenerator().get_schema(public=True)["paths"].values()
    names = sorted(operation["operationId"] for item in paths for operation in item.values())
    return [
        name
        for place, name in enumerate(names)
        if place % len(KEYS) != KEYS.index(role) or name in contract.BULK
    ]


@pytest.mark.slow
@pytest.mark.parametrize("role", KEYS)
def test_every_answer_is_one_that_the_schema_names(world, role, capsys):
    config = contract.settings_of(
        key_of(world, role),
        examples=LONG or 1,
        steps=20 if LONG else 5,
        headers={"On-Behalf-Of": world.users["recruiter"].username} if role in MAY_NAME else None,
        known=known(world),
        uncovered=uncovered(role),
    )
    outcome = contract.run(config, only=os.environ.get("PENEIRA_CONTRACT_ONLY"))
    with capsys.disabled():
        print(f"\n{role}: {outcome}")
    told = [f"{' | '.join(about)}\n  {text}" for about, text in sorted(outcome.wrong.items())]
    assert not told, f"{len(told)} wrong\n" + "\n".join(told)
