import uuid

import pytest
from django.urls import reverse, set_script_prefix

from candidates.addresses import address_of


@pytest.fixture
def below():
    assert address_of("jobs:job_detail", "code", "14").startswith("/jobs/14")
    set_script_prefix("/hiring/")
    yield
    set_script_prefix("/")
    assert address_of("jobs:job_detail", "code", "14").startswith("/jobs/14")


@pytest.mark.parametrize("code", ["14", "A/B", "50%", "São João", "a b?c#d", "0", "x" * 32, "it's;=:@,+"])
@pytest.mark.parametrize("name", ["candidates:candidate_detail", "jobs:job_detail"])
def test_an_address_is_what_reverse_makes_of_it(name, code):
    assert address_of(name, "code", code) == reverse(name, kwargs={"code": code})


def test_a_prediction_has_one():
    key = uuid.uuid4()
    made = address_of("scoring:prediction_detail", "pk", str(key))
    assert made == reverse("scoring:prediction_detail", kwargs={"pk": key})


def test_a_site_below_another_address_keeps_it(below):
    assert address_of("jobs:job_detail", "code", "14").startswith("/hiring/jobs/14")
