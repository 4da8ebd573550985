import uuid

import pytest
from django.contrib.auth.models import Group, User

from candidates.integration import keys, throttling


@pytest.fixture
def counts(monkeypatch, settings):
    """Counts of this test alone, in the Redis that all tests share."""
    counter = throttling.Counter(settings.REDIS_URL, prefix=f"tests-{uuid.uuid4().hex}")
    monkeypatch.setattr(throttling, "counter", lambda: counter)
    return counter


@pytest.fixture
def person(db):
    def person(name, *groups, **values):
        user = User.objects.create_user(name, **values)
        user.groups.add(*(Group.objects.get_or_create(name=group)[0] for group in groups))
        return user

    return person


@pytest.fixture
def system(person):
    return person("careers-site", "Integrations")


@pytest.fixture
def key_for():
    """The header with a new key of this user."""

    def key_for(user, *scopes, **values):
        new = keys.create("Test", user, scopes=scopes or ["jobs:read"], by=None, **values)
        return {"x-api-key": new.secret}

    return key_for
