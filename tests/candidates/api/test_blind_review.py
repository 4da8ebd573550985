"""What the API tells of people whom blind review hides, and what it takes."""

import pytest

from candidates import notes
from candidates.models import Candidate, ReviewPolicy
from candidates.services import refresh_profiles, refresh_search
from tests.factories import make_candidate, make_job, make_prospect

URL = "/api/v1/candidates"
NAME = "Zulmira Quaresma"


@pytest.fixture
def person(recruiter):
    person = make_candidate(
        code="31001",
        name=NAME,
        email="zulmira@example.com",
        phone="81 98765-4321",
        cv_text=f"{NAME}\nRua das Flores 12\ndesenvolvedora java\nzulmira@example.com",
        headline=f"{NAME}, desenvolvedora",
    )
    notes.write(person, text=f"{NAME} pode em abril", by=recruiter)
    refresh_profiles([person.pk])
    refresh_search([person.pk])
    make_prospect(job=make_job(blind=True), candidate=person)
    return person


def telling(response):
    text = response.content.decode()
    return [word for word in ("Zulmira", "Quaresma", "98765", "zulmira@", "Flores", "31001") if word in text]


def rows(response):
    assert response.status_code == 200, response.json()
    return response.json()["results"]


@pytest.mark.parametrize("group", ["Integrations", "Auditors", "Recruiters"])
def test_somebody_hidden_has_a_token_and_nulls(caller, person, group):
    client = caller(group)
    (told,) = rows(client.get(f"{URL}?expand=cv_text,cv_text_en,profile,tags"))
    assert told["code"].startswith("~")
    assert told["hidden"] == "identity"
    assert [told[name] for name in ("name", "email", "phone", "linkedin_url")] == [None] * 4
    assert "java" in told["cv_text"]
    by_token = client.get(f"{URL}/{told['code']}?expand=profile,tags")
    assert by_token.json()["code"] == told["code"]
    for response in (
        client.get(URL),
        by_token,
        client.get(f"{URL}/{told['code']}/notes"),
        client.get(f"{URL}/sync"),
    ):
        assert response.status_code == 200
        assert telling(response) == []


@pytest.mark.parametrize("query", ["q=Zulmira", "q=zulmira@example.com", "q=name:Quaresma", "code=31001"])
def test_somebody_hidden_is_not_found_by_who_they_are(caller, person, query):
    assert rows(caller("Recruiters").get(f"{URL}?{query}")) == []


def test_a_recruiter_does_not_find_somebody_hidden_by_code_and_an_integration_does(caller, person):
    assert caller("Recruiters").get(f"{URL}/31001").status_code == 404
    response = caller("Integrations").get(f"{URL}/31001")
    assert response.status_code == 200
    assert telling(response) == []


def test_nobody_writes_over_what_they_may_not_read(caller, person):
    client = caller("Integrations")
    response = client.patch(f"{URL}/31001", {"name": "Outra"}, format="json")
    assert response.status_code == 403
    assert response.json()["type"].endswith(":identity_hidden")
    items = [{"code": "31001", "city": "Olinda"}]
    (result,) = client.post(f"{URL}/bulk", {"items": items}, format="json").json()["results"]
    assert (result["status"], result["errors"][0]["code"]) == ("failed", "identity_hidden")
    stored = Candidate.everyone.get(pk=person.pk)
    assert (stored.name, stored.city) == (NAME, "Recife")


def test_a_likeness_to_somebody_hidden_is_not_told(caller, person):
    sent = {"name": NAME, "email": "zulmira@example.com", "phone": "81 98765-4321"}
    assert caller("Integrations").post(URL, sent, format="json").status_code == 201


def test_whoever_is_made_where_everybody_is_hidden_is_told_by_token(caller):
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"blind_for_all": True})
    response = caller("Integrations").post(URL, {"code": "ats-1", "name": NAME}, format="json")
    assert response.status_code == 201, response.json()
    assert response.json()["code"].startswith("~")
    assert response["Location"] == f"{URL}/{response.json()['code']}"


def test_a_hiring_manager_reads_people_of_own_jobs_without_contact(caller):
    manager = caller("Hiring managers")
    own, other = make_candidate(code="own"), make_candidate(code="other")
    job, others = make_job(code="1"), make_job(code="2")
    job.team.create(user=manager.handler._force_user)
    make_prospect(job=job, candidate=own)
    make_prospect(job=others, candidate=own, stage="hired")
    make_prospect(job=others, candidate=other)
    (told,) = rows(manager.get(URL))
    assert (told["code"], told["name"], told["hidden"]) == ("own", own.name, "contact")
    assert told["email"] is told["phone"] is None
    assert manager.get(f"{URL}/other").status_code == 404
    # In which other jobs somebody stands, and how far, is none of theirs
    assert rows(manager.get(f"{URL}?job=2")) == []
    assert rows(manager.get(f"{URL}?stage=hired")) == []
    assert manager.post(URL, {"name": "Ana"}, format="json").status_code == 403
