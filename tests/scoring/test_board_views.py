"""What the cards of a board say of the ranking."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from scoring.models import ModelVersion
from tests.factories import make_candidate, make_job, make_prospect, make_version
from tests.pages import text_of
from tests.scoring.test_views import FRAGMENT, make_prediction, make_ranking, queries_of

pytestmark = pytest.mark.django_db


def address(job):
    return reverse("scoring:board_requirements", args=[job.code])


def required(*states):
    return [{"kind": "skill", "value": f"s{n}", "must": True, "state": one} for n, one in enumerate(states)]


@pytest.fixture
def job():
    return make_job(code="2024/7")


def ranked(job, *people, **values):
    ranking = make_ranking(job, ModelVersion.objects.first() or make_version())
    for person in people:
        make_prediction(ranking, person, **values)
    return ranking


def test_the_board_asks_the_ranking_by_address(page, job):
    prospect = make_prospect(job=job)
    html = text_of(page.get(reverse("jobs:board", args=[job.code])))
    assert f'hx-get="{address(job)}"' in html
    assert f'id="met-{prospect.pk}"' in html


def test_each_prospect_has_the_number_of_required_ones_that_are_met(page, job):
    prospect, new = make_prospect(job=job), make_prospect(job=job)
    pool = make_candidate()
    asked = [
        *required("met", "met", "not_met", "partly"),
        {"kind": "skill", "must": False, "state": "met", "value": "x"},
    ]
    ranked(job, prospect.candidate, pool, requirements=asked)
    html = text_of(page.get(address(job), headers=FRAGMENT))
    assert f'<span data-met="{prospect.pk}">2 of 4 required</span>' in html
    assert f'data-met="{new.pk}"' not in html
    assert html.count("data-met") == 1


def test_where_nothing_is_required_or_ranked_nothing_is_said(page, job):
    assert "data-met" not in text_of(page.get(address(job), headers=FRAGMENT))
    ranked(job, make_prospect(job=job).candidate, requirements=[])
    assert "data-met" not in text_of(page.get(address(job), headers=FRAGMENT))


def test_without_htmx_it_leads_to_the_ranking(page, job):
    assert page.get(address(job))["Location"] == reverse("scoring:job_ranking", args=[job.code])


def test_a_job_one_may_not_see_tells_nothing(client, job):
    manager = User.objects.create_user("manager")
    manager.groups.add(Group.objects.get_or_create(name="Hiring managers")[0])
    client.force_login(manager)
    assert client.get(address(job), headers=FRAGMENT).status_code == 404


def test_the_number_of_queries_is_constant(page):
    def queries(people):
        job = make_job(blind=True)
        made = [make_prospect(job=job).candidate for _ in range(people)]
        ranked(job, *made, requirements=required("met"))
        return queries_of(lambda: page.get(address(job), headers=FRAGMENT))

    assert queries(1) == queries(3)
