"""A form that makes something makes it once."""

import re
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from candidates.models import Candidate
from jobs.models import Job
from tests.pages import text_of

JOB, PERSON = {"title": "Analista"}, {"name": "Ana Souza"}
NEW_JOB, NEW_PERSON = "/jobs/new/", "/candidates/new/"


def word(page, address):
    return re.search(r'name="once" value="(\w+)"', text_of(page.get(address))).group(1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "fields", "model"), [(NEW_JOB, JOB, Job), (NEW_PERSON, PERSON, Candidate)]
)
class TestOnce:
    def test_sent_again_it_leads_to_what_was_made(self, page, address, fields, model):
        sent = fields | {"once": word(page, address)}
        first, second = page.post(address, sent), page.post(address, sent)
        assert first["Location"] == second["Location"] == model.objects.get().get_absolute_url()

    def test_a_form_of_its_own_makes_another(self, page, address, fields, model):
        for _ in range(2):
            page.post(address, fields | {"once": word(page, address), "anyway": "1"})
        assert model.objects.count() == 2

    @pytest.mark.parametrize("wrong", ["", "x"])
    def test_without_a_word_it_works_as_any_form(self, page, address, fields, model, wrong):
        assert page.post(address, fields | {"once": wrong}).status_code == 302
        assert model.objects.count() == 1

    def test_shown_again_with_errors_it_keeps_its_word(self, page, address, fields, model):
        known = uuid.uuid4().hex
        html = text_of(page.post(address, dict.fromkeys(fields, "") | {"once": known}))
        assert f'name="once" value="{known}"' in html
        page.post(address, fields | {"once": known})
        assert model.objects.count() == 1

    def test_nobody_is_led_to_what_another_made(
        self, page, admin_page, address, fields, model, administrator
    ):
        sent = fields | {"once": uuid.uuid4().hex, "anyway": "1"}
        other = Client()
        other.force_login(administrator)
        other.post(address, sent)
        page.post(address, sent)
        assert model.objects.count() == 2


@pytest.mark.django_db
def test_somebody_alike_is_shown_and_the_same_form_then_adds(page):
    sent = {"name": "Ana Souza", "email": "ana@example.com", "once": uuid.uuid4().hex}
    page.post(NEW_PERSON, sent | {"once": uuid.uuid4().hex})
    assert 'id="like"' in text_of(page.post(NEW_PERSON, sent))
    page.post(NEW_PERSON, sent | {"anyway": "1"})
    assert Candidate.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "fields", "model"), [(NEW_JOB, JOB, Job), (NEW_PERSON, PERSON, Candidate)]
)
def test_two_at_once_make_one(recruiter, address, fields, model):
    browser = Client()
    browser.force_login(recruiter)
    sent, answers = fields | {"once": word(browser, address)}, []
    start = threading.Barrier(3)

    def send():
        other = Client()
        other.cookies = browser.cookies
        start.wait()
        answers.append(other.post(address, sent)["Location"])
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [model.objects.get().get_absolute_url()] * 3


def test_the_addresses_are_those_of_the_pages():
    assert (reverse("jobs:job_new"), reverse("candidates:candidate_new")) == (NEW_JOB, NEW_PERSON)
