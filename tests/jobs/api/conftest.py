import pytest
from rest_framework.test import APIClient

from candidates.integration import keys
from candidates.integration.scopes import SCOPES
from tests.factories import make_user


def with_key(user, scopes=SCOPES):
    client = APIClient()
    made = keys.create("test", user=user, scopes=scopes, by=user)
    client.credentials(HTTP_X_API_KEY=made.secret)
    return client


@pytest.fixture
def integration(db):
    return make_user("integration", "Integrations")


@pytest.fixture
def api(integration):
    return with_key(integration)
