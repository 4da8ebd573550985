import itertools
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.utils import translation

from hiring_site import env
from scoring import at_hand, holdout, openings, people, registry
from tests.factories import make_user

# Nothing here is timed: a busy machine is no fault
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """All browser journeys go to one worker: starting the site takes a minute."""
    from xdist.scheduler import LoadScopeScheduling

    class OneSite(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return "tests/e2e" if nodeid.startswith("tests/e2e/") else super()._split_scope(nodeid)

    return OneSite(config, log) if config.getoption("dist") == "loadscope" else None


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
