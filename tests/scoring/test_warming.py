import pytest

from candidates.integration import keys
from scoring import at_once, registry, warming
from tests.factories import make_user
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known():
    at_once.forget()
    yield
    at_once.forget()


@pytest.fixture
def key(db):
    return keys.create("Test", make_user("system", "Integrations"), scopes=["predictions:write"], by=None).key


def test_the_models_in_use_are_loaded_before_anybody_asks(key, monkeypatch):
    versions = make_trained_version(), make_trained_version(recipe="prec80", seed=2)
    assert warming.warm_up()
    monkeypatch.setattr(registry.storage, "read_model", lambda path: pytest.fail("read again"))
    for version in versions:
        assert registry.artifact(version).sha256 == version.sha256


def test_without_a_key_in_force_nothing_is_loaded(key, monkeypatch):
    make_trained_version()
    keys.revoke(key, by=None)
    monkeypatch.setattr(registry.storage, "read_model", lambda path: pytest.fail("loaded"))
    assert not warming.warm_up()


@pytest.mark.parametrize("prepare", [lambda: None, lambda: damage(make_trained_version())])
def test_what_cannot_be_loaded_stops_nobody(key, prepare):
    prepare()
    assert not warming.warm_up()
