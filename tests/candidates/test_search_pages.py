import csv
import io

import pytest
from django.urls import reverse

from candidates import services
from candidates.models import AccessEvent, Candidate, ReviewPolicy
from jobs.models import Prospect
from scoring.models import Prediction, Ranking
from tests.factories import make_candidate, make_job, make_user, make_version
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db
LIST, EXPORT, ADD = (reverse(f"candidates:{name}") for name in ("candidate_list", "export", "add_to_job"))


def names(response):
    return [candidate.name for candidate in response.context["candidates"]]


def index():
    services.refresh_profiles()
    services.refresh_search()


def lines(response):
    return list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


@pytest.fixture
def people(db):
    ana = make_candidate(
        code="A1", name="Ana", seniority="senior", email="ana@example.com", phone="81 98888-7777"
    )
    bia = make_candidate(code="B2", name="Bia", city="Olinda", headline="=cmd", cv_text="Bia faz java")
    index()
    return ana, bia


def test_filters_in_use_are_chips_that_take_themselves_away(page, people):
    response = page.get(LIST, {"q": "java", "seniority": ["senior", "mid"], "skill": "java", "page": 1})
    chips = {str(chip.value): chip.url for chip in response.context["chips"]}
    assert chips == {
        "Java": "?q=java&seniority=senior&seniority=mid",
        "senior": "?q=java&seniority=mid&skill=java",
        "mid-level": "?q=java&seniority=senior&skill=java",
    }
    assert names(response) == ["Ana"]


def test_ticked_boxes_belong_to_the_form_of_the_search(page, people):
    html = text_of(page.get(LIST, {"seniority": "senior"}))
    assert '<form id="search"' in html
    assert 'form="search" data-facet' in html
    assert 'name="seniority" value="senior" checked' in html
    assert_no_inline_code(page.get(LIST, {"q": "(java", "seniority": "senior"}))


def test_what_was_mended_is_said_with_what_was_understood(page, people):
    html = text_of(page.get(LIST, {"q": "(java OR cobol"}))
    assert "is not closed" in html
    assert "<code>java OR cobol</code>" in html


def test_names_like_what_was_typed_are_shown_with_a_word_on_it(page, people):
    make_candidate(name="Joana Siqueira")
    index()
    response = page.get(LIST, {"q": "joanna siqera"})
    assert names(response) == ["Joana Siqueira"]
    assert "These people have a name like it" in text_of(response)


def test_nobody_found_offers_each_filter_to_drop(page, people):
    html = text_of(page.get(LIST, {"q": "java", "seniority": "mid", "place": "natal"}))
    assert "Without Seniority: mid-level" in html
    assert "?q=java&amp;place=natal" in html


def test_words_of_the_search_are_escaped(page, people):
    assert "<script>alert" not in text_of(page.get(LIST, {"q": '"<script>alert(1)" ('}))


# In the order of a job


def rank(job, *people):
    ranking = Ranking.objects.create(job=job, model_version=make_version(state="challenger"), state="done")
    for place, person in enumerate(people, start=1):
        Prediction.objects.create(
            candidate=person, candidate_code=person.code, job=job, ranking=ranking, group="pool", rank=place,
            model_version=ranking.model_version, score=0.9 - place / 10, threshold=0.5,
            operating_mode="prec80", source="ranking",
        )  # fmt: skip


def test_results_stand_in_the_order_of_the_chosen_job(page, people):
    ana, bia = people
    caio = make_candidate(name="Caio", headline="Java Java", cv_text="java java java")
    index()
    job = make_job(code="77", title="Backend")
    rank(job, bia, ana)
    response = page.get(LIST, {"q": "java", "job": "77"})
    assert names(response) == ["Bia", "Ana", "Caio"]
    html = text_of(response)
    assert "Ordered by how well they fit Backend" in html
    assert "No. 2" in html
    assert f"{ana.get_absolute_url()}?job=77" in html
    assert names(page.get(LIST, {"q": "java", "job": "77", "sort": "name"})) == ["Ana", "Bia", caio.name]


def test_a_newer_ranking_counts(page, people):
    ana, bia = people
    job = make_job(code="77")
    rank(job, bia, ana)
    rank(job, ana, bia)
    assert names(page.get(LIST, {"job": "77"})) == ["Ana", "Bia"]


def test_a_job_without_ranking_or_none_at_all_is_said(page, people):
    make_job(code="77", title="Backend")
    assert "Backend has no ranking yet" in text_of(page.get(LIST, {"job": "77"}))
    assert "There is no job “78” that you may see" in text_of(page.get(LIST, {"job": "78"}))


def test_a_job_one_may_not_see_orders_nothing(client, people):
    manager = make_user("manager", "Hiring managers")
    client.force_login(manager)
    make_job(code="77", title="Secret")
    html = text_of(client.get(LIST, {"job": "77"}))
    assert "There is no job" in html
    assert "Secret" not in html


# With those selected


def test_selected_people_are_added_to_a_job(page, people):
    job = make_job(code="2024/7")
    response = page.post(
        ADD, {"candidate": ["A1", "B2"], "job": "2024/7", "to": "sourced", "next": LIST}, follow=True
    )
    assert response.redirect_chain[0] == (reverse("jobs:move", args=["2024/7"]), 307)
    assert set(Prospect.objects.filter(job=job).values_list("candidate__code", flat=True)) == {"A1", "B2"}


def test_the_stage_at_which_people_are_added_is_chosen_but_nobody_is_added_as_rejected(page, people):
    html = text_of(page.get(LIST))
    assert '<option value="client_interview">Client interview</option>' in html
    for left in ("rejected", "withdrawn"):
        assert f'<option value="{left}">' not in html
    job = make_job(code="77")
    page.post(ADD, {"candidate": "A1", "job": "77", "to": "client_interview", "next": LIST}, follow=True)
    assert job.prospects.get().stage == "client_interview"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"job": "77"}, "select people in the list first"),
        ({"candidate": "A1", "job": ""}, "there is no job with that code"),
        ({"candidate": "A1", "job": "\n"}, "there is no job with that code"),
        ({"candidate": "A1", "job": "nowhere"}, "there is no job with that code"),
    ],
)
def test_what_is_missing_to_add_somebody_is_said(page, people, sent, said):
    assert said in text_of(page.post(ADD, sent | {"next": "https://evil.example"}, follow=True))
    assert not Prospect.objects.exists()


def test_an_auditor_adds_nobody(client, people):
    auditor = make_user("auditor", "Auditors")
    client.force_login(auditor)
    assert client.post(ADD, {"candidate": "A1", "job": make_job().code}).status_code == 403
    assert "Add to the job" not in text_of(client.get(LIST))


# As a file


def test_everybody_found_is_exported_in_order_and_that_is_logged(page, people, recruiter):
    rows = lines(page.get(EXPORT, {"q": "java", "sort": "name", "format": "csv"}))
    assert [row["Name"] for row in rows] == ["Ana", "Bia"]
    assert rows[0]["E-mail"] == "ana@example.com"
    assert rows[1]["Headline"] == "'=cmd"
    event = AccessEvent.objects.get()
    assert (event.kind, event.user, event.details["rows"]) == ("export", recruiter, 2)
    assert "java" not in str(event.details)


def test_only_those_selected_are_exported(page, people):
    assert [
        row["Code"] for row in lines(page.post(EXPORT, {"candidate": ["B2", "nobody"], "format": "csv"}))
    ] == ["B2"]


def test_a_file_without_names_tells_nobody(page, people):
    ana, _bia = people
    Candidate.objects.filter(pk=ana.pk).update(headline="Ana, analista")
    text = b"".join(page.get(EXPORT, {"format": "csv", "anonymous": "1"})).decode()
    for told in ("Ana", "ana@example.com", "98888", "A1"):
        assert told not in text
    assert "analista" in text
    assert "E-mail" not in text


def test_who_is_hidden_stays_hidden_in_the_file(page, people):
    ReviewPolicy.objects.create(pk=1, blind_for_all=True)
    text = b"".join(page.get(EXPORT, {"format": "csv"})).decode()
    for told in ("Ana", "ana@example.com", "98888", "A1"):
        assert told not in text
    assert lines(page.post(EXPORT, {"candidate": ["A1"], "format": "csv"})) == []


def test_an_excel_file_is_one(page, people):
    response = page.get(EXPORT, {"format": "xlsx"})
    assert b"".join(response).startswith(b"PK")


@pytest.mark.parametrize("sent", [{}, {"format": "pdf"}])
def test_what_is_missing_for_a_file_is_said(page, people, sent):
    assert "Nothing was exported" in text_of(page.get(EXPORT, sent, follow=True))
    assert "Nothing was exported" in text_of(page.post(EXPORT, {"format": "csv"}, follow=True))
