import pytest

from candidates.models import Note, Notification, Tag
from tests.factories import make_candidate, make_job, make_prospect, make_user

URL = "/api/v1/candidates/31001"


@pytest.fixture
def person(db):
    return make_candidate(code="31001", name="Zulmira Exemplo")


def test_a_note_is_written_read_and_tells_whom_it_names(api, person, recruiter):
    colleague = make_user("ana", "Recruiters")
    make_prospect(job=make_job(code="5185"), candidate=person)
    sent = {"text": "  Pode começar em abril, @ana  ", "kind": "call", "job": "5185"}
    response = api.post(f"{URL}/notes", sent, format="json")
    assert response.status_code == 201, response.json()
    told = response.json()
    assert (told["text"], told["kind"], told["job"], told["author"]) == (
        "Pode começar em abril, @ana",
        "call",
        "5185",
        "recruiter",
    )
    assert api.get(f"{URL}/notes").json()["results"] == [told]
    assert api.get(f"{URL}/notes?kind=note").json()["results"] == []
    assert api.get("/api/v1/candidates?q=abril").json()["results"][0]["code"] == "31001"
    assert Notification.objects.get().user == colleague


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "a" * 10_001}, "text"),
        ({"text": "a", "kind": "shout"}, "kind"),
        ({"text": "a", "job": "none"}, "job"),
        ({"text": "a", "author": "ana"}, "author"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_by_name(api, person, sent, field):
    response = api.post(f"{URL}/notes", sent, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not Note.objects.exists()


def test_a_hiring_manager_notes_on_people_of_own_jobs_alone(caller, person):
    manager = caller("Hiring managers")
    assert manager.post(f"{URL}/notes", {"text": "Boa"}, format="json").status_code == 404
    job = make_job()
    job.team.create(user=manager.handler._force_user)
    make_prospect(job=job, candidate=person)
    assert manager.post(f"{URL}/notes", {"text": "Boa"}, format="json").status_code == 201
    assert manager.post(f"{URL}/tags", {"name": "boa"}, format="json").status_code == 403


def test_an_auditor_reads_notes_and_writes_none(caller, person):
    auditor = caller("Auditors")
    assert auditor.get(f"{URL}/notes").status_code == 200
    assert auditor.post(f"{URL}/notes", {"text": "Boa"}, format="json").status_code == 403


def test_tags_are_put_on_once_and_taken_off(api, person):
    assert api.post(f"{URL}/tags", {"name": "#Ótimo"}, format="json").json() == {"tags": ["Ótimo"]}
    assert api.post(f"{URL}/tags", {"name": "otimo"}, format="json").json() == {"tags": ["Ótimo"]}
    assert api.get(f"{URL}/tags").json() == {"tags": ["Ótimo"]}
    assert api.delete(f"{URL}/tags/Ótimo").status_code == 204
    assert api.delete(f"{URL}/tags/Ótimo").status_code == 404
    assert api.get(f"{URL}/tags").json() == {"tags": []}


def test_a_tag_may_hold_a_slash(api, person):
    api.post(f"{URL}/tags", {"name": "CI/CD"}, format="json")
    assert api.delete(f"{URL}/tags/CI/CD").status_code == 204
    assert api.delete(f"{URL}/tags/CI/CD/x").status_code == 404
    assert api.get(f"{URL}/tags").json() == {"tags": []}


@pytest.mark.parametrize("name", ["", " ", "a" * 41, "a\x07b", "\x00"])
def test_a_tag_that_cannot_be_one_is_refused(api, person, name):
    assert api.post(f"{URL}/tags", {"name": name}, format="json").status_code == 400
    assert not Tag.objects.exists()


@pytest.mark.parametrize("path", ["notes", "tags", "tags/x"])
def test_of_nobody_there_is_nothing(api, path):
    method = api.delete if path == "tags/x" else api.get
    assert method(f"/api/v1/candidates/nobody/{path}").status_code == 404
