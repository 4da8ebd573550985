import datetime

import pytest
from django.urls import reverse

from tests.factories import make_candidate, make_job, make_prospect, make_user
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def address(candidate):
    return reverse("jobs:candidate_prospects", args=[candidate.code])


def test_it_asks_a_stranger_to_sign_in(client):
    assert client.get(address(make_candidate())).status_code == 302


def test_an_unknown_candidate_is_not_found(page):
    assert page.get(reverse("jobs:candidate_prospects", args=["nobody"])).status_code == 404


def test_it_refuses_post(page):
    assert page.post(address(make_candidate())).status_code == 405


def test_it_shows_the_job_the_stage_and_the_days(page):
    prospect = make_prospect(
        stage="client_interview", source_status="Entrevista com Cliente", updated_on=datetime.date(2026, 4, 2)
    )
    html = text_of(page.get(address(prospect.candidate)))
    assert f'href="{prospect.job.get_absolute_url()}"' in html
    for wanted in ("Desenvolvedor Java Sênior", "client interview", "Entrevista com Cliente"):
        assert wanted in html
    assert '<time datetime="2026-03-08">' in html
    assert '<time datetime="2026-04-02">' in html


def test_a_job_known_by_code_alone_is_named_by_it(page):
    prospect = make_prospect(job=make_job(code="987", title="", is_stub=True))
    assert "Job 987" in text_of(page.get(address(prospect.candidate)))


def test_the_latest_application_comes_first(page):
    candidate = make_candidate()
    for day in (1, 20, 10):
        make_prospect(
            candidate=candidate, job=make_job(title=f"day {day}"), applied_on=datetime.date(2026, 3, day)
        )
    prospects = page.get(address(candidate)).context["prospects"]
    assert [prospect.job.title for prospect in prospects] == ["day 20", "day 10", "day 1"]


def test_other_peoples_jobs_stay_out(page):
    job = make_prospect(job=make_job(title="of somebody else")).job
    assert f'href="{job.get_absolute_url()}"' not in text_of(page.get(address(make_candidate())))


def test_nobodys_job_is_said(page):
    assert "has stood in no job" in text_of(page.get(address(make_candidate())))


def test_comments_and_recruiters_stay_out(page):
    prospect = make_prospect(comment="disse que tem filhos", recruiter="Uma Recrutadora")
    html = text_of(page.get(address(prospect.candidate)))
    assert "filhos" not in html
    assert "Uma Recrutadora" not in html


def test_htmx_gets_the_table_alone(page):
    candidate = make_prospect().candidate
    whole, part = page.get(address(candidate)), page.get(address(candidate), headers=FRAGMENT)
    assert "<html" in text_of(whole)
    assert text_of(part).strip().startswith("<div")
    assert "HX-Request" in part.headers["Vary"]


def test_the_number_of_queries_is_constant(page, django_assert_max_num_queries):
    def queries(rows):
        candidate = make_candidate()
        for _ in range(rows):
            make_prospect(candidate=candidate)
        with django_assert_max_num_queries(12) as asked:
            page.get(address(candidate))
        return len(asked)

    assert queries(1) == queries(3)


def test_a_recruiter_moves_a_person_and_adds_them_to_a_job_from_here(page):
    prospect, other = make_prospect(stage="applied"), make_job(title="Outra vaga")
    html = text_of(page.get(address(prospect.candidate), headers=FRAGMENT))
    assert reverse("jobs:move", args=[prospect.job.code]) in html
    assert f'<option value="{other.code}">Outra vaga</option>' in html
    back = f"{prospect.candidate.get_absolute_url()}#jobs"
    sent = {"candidate": prospect.candidate.code, "from": "applied", "to": "screening", "next": back}
    assert page.post(reverse("jobs:move", args=[prospect.job.code]), sent)["Location"] == back
    prospect.refresh_from_db()
    assert prospect.stage == "screening"
    added = {"candidate": prospect.candidate.code, "job": other.code, "to": "sourced", "next": back}
    page.post(reverse("candidates:add_to_job"), added, follow=True)
    assert other.prospects.get().candidate == prospect.candidate


@pytest.mark.parametrize("status", ["filled", "inactive"])
def test_who_is_left_in_a_closed_job_is_moved_from_here_as_from_its_list(page, status):
    candidate = make_candidate()
    there, closed = (
        make_prospect(candidate=candidate, stage="screening", job=make_job(status=one)).job
        for one in ("open", status)
    )
    html = text_of(page.get(address(candidate), headers=FRAGMENT))
    assert reverse("jobs:move", args=[there.code]) in html
    assert reverse("jobs:move", args=[closed.code]) in html
    sent = {"candidate": candidate.code, "from": "screening", "to": "technical_interview"}
    page.post(reverse("jobs:move", args=[closed.code]), sent)
    assert closed.prospects.get().stage == "technical_interview"


def test_whoever_only_reads_gets_no_button(client):
    auditor = make_user("auditor", "Auditors")
    client.force_login(auditor)
    assert "<form" not in text_of(client.get(address(make_prospect().candidate), headers=FRAGMENT))


def test_it_has_no_inline_code(page):
    assert_no_inline_code(page.get(address(make_prospect().candidate)))


def test_somebody_is_added_at_a_stage_of_the_pipeline_and_moved_to_any(page):
    html = text_of(page.get(address(make_prospect().candidate)))
    move, add = html.split('class="add-form"')
    for left in ("rejected", "withdrawn"):
        assert f'<option value="{left}"' in move
        assert f'<option value="{left}"' not in add
    assert '<option value="sourced"' in add
    assert '<option value="hired"' in add
