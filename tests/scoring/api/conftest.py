import pytest
from rest_framework.test import APIClient

from scoring import at_hand, company_history, openings, people, registry, requirements_met
from tests.factories import make_user
from tests.scoring.trained import make_trained_version


@pytest.fixture(autouse=True)
def nothing_in_memory():
    memories = (registry, openings, people, at_hand, company_history, requirements_met)
    for memory in memories:
        memory.forget()
    yield
    for memory in memories:
        memory.forget()


@pytest.fixture
def version(db):
    return make_trained_version(evidence="strong")


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(recruiter):
    return client_of(recruiter)


@pytest.fixture
def other_system(db):
    return client_of(make_user("other system", "Integrations"))


@pytest.fixture
def hiring_manager(db):
    return make_user("manager", "Hiring managers")
