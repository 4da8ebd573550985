"""People at a stage of any open job, whom the list of candidates finds though it knows no jobs."""

import pytest
from django.urls import reverse

from candidates import services
from candidates.forms import asked_in, query_of
from candidates.models import Candidate
from jobs.models import Job
from tests.factories import make_candidate, make_job, make_prospect, make_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LIST = reverse("candidates:candidate_list")


@pytest.fixture
def people():
    """Ana stands at two open jobs, Bia at one, Caio only in a closed one."""
    ana, bia, caio = (make_candidate(name=name) for name in ("Ana", "Bia", "Caio"))
    first, second, closed = make_job(), make_job(), make_job(status="filled")
    for candidate, job, stage in (
        (ana, first, "screening"),
        (ana, second, "screening"),
        (bia, first, "offer"),
        (caio, closed, "screening"),
    ):
        make_prospect(candidate=candidate, job=job, stage=stage)
    services.refresh_search()
    return ana, bia, caio


def names(response):
    return sorted(candidate.name for candidate in response.context["candidates"])


def stages(response):
    facets = {facet.name: facet.values for facet in response.context["found"].facets}
    return [(value.value, value.count, value.is_on) for value in facets.get("stage", [])]


def test_who_stands_at_a_stage_of_an_open_job_is_found(page, people):
    assert names(page.get(LIST, {"stage": "screening"})) == ["Ana"]
    assert names(page.get(LIST, {"stage": ["screening", "offer"]})) == ["Ana", "Bia"]
    assert names(page.get(LIST, {"stage": "hired"})) == []
    assert names(page.get(LIST, {"stage": "nonsense"})) == ["Ana", "Bia", "Caio"]


def test_each_person_counts_once_in_the_order_of_the_pipeline(page, people):
    assert stages(page.get(LIST)) == [("screening", 1, False), ("offer", 1, False)]
    assert stages(page.get(LIST, {"stage": "offer"})) == [("offer", 1, True), ("screening", 1, False)]


def test_the_filter_has_its_words_its_chip_and_its_place_in_a_kept_search(page, people):
    html = text_of(page.get(LIST, {"stage": "screening"}))
    assert "Stage in an open job" in html
    assert 'name="stage" value="screening" checked' in html
    assert query_of(asked_in("stage=screening&stage=offer")) == "stage=screening&stage=offer"


def test_a_hiring_manager_finds_nobody_by_the_jobs_of_others(client, people):
    _ana, bia, _caio = people
    manager = make_user("manager", "Hiring managers")
    own = make_job(status="inactive")
    own.members.add(manager)
    make_prospect(candidate=bia, job=own, stage="sourced")
    client.force_login(manager)
    assert names(client.get(LIST)) == ["Bia"]
    assert stages(client.get(LIST)) == []
    assert names(client.get(LIST, {"stage": "offer"})) == []
    Job.objects.filter(pk=own.pk).update(status="open")
    assert stages(client.get(LIST)) == [("sourced", 1, False)]
    assert names(client.get(LIST, {"stage": "sourced"})) == ["Bia"]


def test_the_number_of_queries_does_not_depend_on_how_many_stand_there(page, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(60) as asked:
            page.get(LIST, {"stage": "screening"})
        return len(asked)

    candidate = make_prospect(stage="screening").candidate
    queries()
    one = queries()
    for _ in range(3):
        make_prospect(candidate=candidate, stage="screening")
    assert queries() == one
    assert Candidate.objects.count() == 1
