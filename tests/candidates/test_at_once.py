import pytest
from django.contrib.auth.models import User
from django.test import Client

from candidates import tagging
from candidates.models import Candidate, Tag
from tests.at_once import at_once
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_make_the_same_tag_get_one(recruiter):
    candidate = make_candidate()
    names = ["Ótimo", "otimo", "OTIMO", "ótimo"]
    works = [lambda name=name: tagging.add(candidate, name, by=recruiter) for name in names]
    assert at_once(*works) == []
    assert Tag.objects.count() == candidate.tags.count() == 1


def test_a_second_click_adds_nobody_a_second_time(recruiter):
    sent = {"name": "Dulce Clicada", "email": "dulce@example.com", "cv_text": "Java"}

    def click():
        browser = Client()
        browser.force_login(User.objects.get(pk=recruiter.pk))
        assert browser.post("/candidates/new/", sent).status_code in (200, 302)

    assert at_once(click, click, click) == []
    assert Candidate.objects.filter(name="Dulce Clicada").count() == 1
