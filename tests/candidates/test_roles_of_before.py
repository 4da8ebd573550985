import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from candidates.viewing import Role, role_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_people_of_before_go_on_as_recruiters():
    migration = importlib.import_module("candidates.migrations.0009_roles_of_before")
    auditor = make_user("auditora", "Auditors")
    before, chief = User.objects.create_user("antiga"), User.objects.create_superuser("chefe")

    migration.make_recruiters(apps, None)

    assert role_of(User.objects.get(pk=before.pk)) == Role.RECRUITER
    assert role_of(User.objects.get(pk=auditor.pk)) == Role.AUDITOR
    assert not chief.groups.exists()
