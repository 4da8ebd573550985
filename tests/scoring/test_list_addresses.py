"""The address in the browser says what the ranked list shows, so that Back brings it back."""

import pytest
from django.urls import reverse

from tests.factories import make_job, make_prospect
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def job():
    return make_prospect(job=make_job(code="2024/7 a")).job


def ask(page, job, query, *, on, target="ranked-list"):
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://testserver{on}"}
    answer = page.get(reverse("scoring:job_ranking", args=[job.code]), query, headers=headers)
    return answer.headers.get("HX-Push-Url")


@pytest.mark.parametrize("target", ["ranked-list", "ranking"])
def test_a_filter_becomes_part_of_the_address_of_either_page(page, job, target):
    for address in (job.get_absolute_url(), reverse("scoring:job_ranking", args=[job.code])):
        pushed = ask(page, job, {"skill": "java", "sort": ""}, on=address, target=target)
        assert pushed == f"{address}?skill=java"


def test_without_filters_the_address_is_short_again(page, job):
    address = job.get_absolute_url()
    assert ask(page, job, {"skill": ""}, on=f"{address}?skill=java") == address


def test_a_list_drawn_anew_leaves_the_address_and_other_pages_keep_theirs(page, job):
    address = job.get_absolute_url()
    assert ask(page, job, {"skill": "java"}, on=f"{address}?skill=java&q=") is None
    assert ask(page, job, {"skill": "java"}, on="/jobs/elsewhere/") is None
    assert ask(page, job, {"skill": "java"}, on="/jobs/?q=x") is None


def test_the_page_of_a_job_asks_for_the_list_that_its_address_says(page, job):
    html = text_of(page.get(job.get_absolute_url(), {"skill": "java", "q": '"><b>'}))
    address = reverse("scoring:job_ranking", args=[job.code])
    assert f'hx-get="{address}?skill=java&amp;q=%22%3E%3Cb%3E"' in html
