"""Accounts to see the invented company as each role does."""

import stat

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command

from candidates.viewing import Role, as_user
from tests.factories import make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    return tmp_path / "demo_passwords"


def accounts(file):
    return dict(line.split(" ") for line in file.read_text().splitlines())


def test_each_role_has_an_account_whose_password_is_in_the_file(file):
    call_command("demo_users", file)
    roles = {
        name: as_user(authenticate(username=name, password=password)).role
        for name, password in accounts(file).items()
    }
    assert roles == {
        "recruiter": Role.RECRUITER,
        "manager": Role.HIRING_MANAGER,
        "auditor": Role.AUDITOR,
        "integration": Role.INTEGRATION,
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(accounts(file).values())) == 4


def test_the_hiring_manager_has_the_two_open_jobs_with_most_people(file):
    jobs = {people: make_job() for people in (1, 3, 2)}
    closed = make_job(status="filled")
    for people, job in (*jobs.items(), (4, closed)):
        for _ in range(people):
            make_prospect(job=job)
    call_command("demo_users", file)
    manager = User.objects.get(username="manager")
    assert {*manager.jobs.values_list("pk", flat=True)} == {jobs[3].pk, jobs[2].pk}
    assert {*manager.job_memberships.values_list("part", flat=True)} == {"hiring_manager"}


def test_who_is_there_already_keeps_their_password(file):
    make_user("auditor", "Auditors")
    call_command("demo_users", file)
    call_command("demo_users", file)
    assert sorted(accounts(file)) == ["integration", "manager", "recruiter"]
    assert authenticate(username="auditor", password="a long password")
