import pytest
from django.contrib.auth.models import Group, User
from rest_framework.test import APIClient


def signed_in(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(recruiter):
    return signed_in(recruiter)


@pytest.fixture
def caller(db):
    """An API client of somebody with that role."""

    def make(group):
        user = User.objects.create_user(group.lower().replace(" ", "-"), password="a long password")
        user.groups.add(Group.objects.get_or_create(name=group)[0])
        return signed_in(user)

    return make
