import itertools
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.utils import translation

from hiring_site import env
from scoring import at_hand, holdout, openings, people, registry
from tests.factories import make_user

# Nothing here is timed: a busy machine is no fault
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


# The longest files, which must not be left for the end; the journeys are first, as they wait the most
LONGEST = (
    "tests/hiring_site/test_api_contract.py",
    "tests/hiring_site/test_nobody_is_told.py",
    "tests/hiring_site/test_roles.py",
    "tests/scoring/test_behaviour.py",
    "tests/jobs/test_generator.py",
    "tests/scoring/test_auditing.py",
    "tests/candidates/integration/test_sync_at_once.py",
    "tests/scoring/test_ranking.py",
    "tests/scoring/test_training.py",
    "tests/scoring/test_gate.py",
)
IN_PARTS = LONGEST[:3]  # each test sets up all that it needs, so any worker may take any of them


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """All browser journeys go to one worker: starting the site takes a minute."""
    from xdist.scheduler import LoadScopeScheduling

    class OneSite(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            if nodeid.startswith("tests/e2e/"):
                return "tests/e2e"
            return nodeid if nodeid.startswith(IN_PARTS) else super()._split_scope(nodeid)

    if config.getoption("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False  # as they come: see pytest_collection_modifyitems
    return OneSite(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Among workers: journeys, then the longest files, then the others, those with the most tests first."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(item.nodeid.partition("::")[0] for item in items)

    def place(item):
        file = item.nodeid.partition("::")[0]
        if item.get_closest_marker("e2e"):
            return 0, 0
        return (1, LONGEST.index(file)) if file in LONGEST else (2, -tests[file])

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Tracing takes as long again as what it traces, so slow tests and those that only repeat are left out
    of it with all that they set up: the coverage that is counted can but be lower than it is."""
    if not any(map(item.get_closest_marker, ("slow", "untraced"))):
        return (yield)
    # Not by pytest-cov's pause: it has two tracers in a worker, and stops one
    here, threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(threads)
        sys.settrace(here)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """How rare a skill is comes from the database's statistics, once it has any: the database must not
    gather some in the middle of a run, of rows that another test has stored."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE candidates_profile SET (autovacuum_enabled = off)")


@receiver(connection_created)
def let_the_test_runner_empty_append_only_tables(connection, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute("SET peneira.allow_truncate = 'on'")


@pytest.fixture(autouse=True)
def english_unless_asked_otherwise(settings):
    """A page served in Portuguese leaves its language on in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def files_of_one_test(settings, tmp_path):
    settings.MODELS_DIR = tmp_path / "models"
    settings.SNAPSHOTS_DIR = tmp_path / "snapshots"
    settings.MLFLOW_TRACKING_URI = ""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        "models": env.storage("", settings.MODELS_DIR),
        "snapshots": env.storage("", settings.SNAPSHOTS_DIR),
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def many_calls_a_minute(settings):
    """The counts outlast a test: only tests of counting have limits to run into."""
    settings.API_PER_MINUTE = settings.API_STRANGERS_PER_MINUTE = 1_000_000


@pytest.fixture(autouse=True)
def nothing_in_memory():
    """What a process keeps of models, people and jobs is of the rows of one test."""
    for memory in (at_hand, holdout, openings, people, registry):
        memory.forget()


@pytest.fixture(scope="session")
def server_folders():
    """Folders for servers: as root they run as another user, who must not be shut out again, as pytest
    does with its own temporary folder at each start."""
    with tempfile.TemporaryDirectory(prefix="peneira-tests-", ignore_cleanup_errors=True) as folder:
        numbers = itertools.count()

        def make():
            path = Path(folder) / str(next(numbers))
            path.mkdir()
            return path

        yield make


@pytest.fixture
def recruiter(db):
    return make_user("recruiter", "Recruiters")


@pytest.fixture
def administrator(db):
    return User.objects.create_superuser("administrator", password="a long password")


@pytest.fixture
def page(client, recruiter):
    """A browser in which a recruiter is signed in."""
    client.force_login(recruiter)
    return client


@pytest.fixture
def admin_page(client, administrator):
    client.force_login(administrator)
    return client
