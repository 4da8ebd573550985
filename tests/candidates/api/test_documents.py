import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates import tasks
from candidates.documents import reading
from candidates.models import AccessEvent, Document, ReviewPolicy
from tests.candidates.documents import files
from tests.candidates.documents.files import CV
from tests.factories import make_candidate, make_job, make_prospect

URL = "/api/v1/documents"


@pytest.fixture(autouse=True)
def nothing_is_sent(monkeypatch):
    monkeypatch.setattr(tasks.read_document, "delay", lambda pk: None)


@pytest.fixture
def send(api):
    def send(*contents, client=api, **fields):
        sent = [SimpleUploadedFile(f"cv{number}.txt", data) for number, data in enumerate(contents)]
        return client.post(URL, {"files": sent, **fields}, format="multipart")

    return send


def hide_everybody():
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"blind_for_all": True})


def listed(client, query=""):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["results"]]


# Sending


def test_a_file_becomes_a_document_that_is_read(api, send, recruiter):
    response = send(CV.encode())
    assert response.status_code == 201, response.json()
    told = response.json()["documents"][0]
    assert (told["state"], told["problem"], told["uploaded_by"]) == ("queued", None, "recruiter")
    assert response["Location"] == f"{URL}/{told['id']}"
    reading.read(told["id"])
    assert api.get(response["Location"]).json()["state"] == "parsed"
    assert api.get(response["Location"] + "?fields=text").json()["text"][:20] == CV[:20]
    assert "text" not in api.get(response["Location"]).json()


def test_each_of_several_files_has_its_own_answer(api, send, settings):
    settings.DOCUMENT_MEGABYTES = 1
    response = send(CV.encode(), b"", b"x" * (1024 * 1024 + 1), CV.encode())
    told = response.json()
    assert [(one["problem"] or {}).get("code") for one in told["documents"]] == [
        None,
        "empty",
        "too_large",
        "duplicate",
    ]
    assert "1 MB" in told["documents"][2]["problem"]["detail"]
    assert told["documents"][3]["problem"]["can_retry"] is True
    assert response["Location"] == f"{URL}?batch={told['batch']}"
    assert len(listed(api, f"batch={told['batch']}")) == 4


def test_a_file_is_somebodys_and_for_a_job(api, send):
    make_candidate(code="31001")
    make_job(code="5185")
    told = send(CV.encode(), candidate="31001", job="5185").json()["documents"][0]
    assert (told["candidate"], told["job"]) == ("31001", "5185")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"candidate": "nobody"}, "candidate"),
        ({"job": "none"}, "job"),
        ({"job": "a\x00"}, "job"),
        ({"candidat": "31001"}, "candidat"),
        ({"files": "no file"}, "files"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(api, fields, field):
    file = SimpleUploadedFile("cv.txt", CV.encode())
    response = api.post(URL, {"files": [file], **fields}, format="multipart")
    assert response.status_code == 400
    assert [error["field"].partition(".")[0] for error in response.json()["errors"]] == [field]
    assert not Document.objects.exists()


@pytest.mark.parametrize(("number", "status"), [(0, 400), (3, 400), (9, 413)])
def test_too_few_and_too_many_files_are_refused(send, settings, number, status):
    settings.DOCUMENT_FILES, settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2, 4
    response = send(*[CV.encode()] * number)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert not Document.objects.exists()


def test_what_is_no_form_is_refused(api):
    assert api.post(URL, {"files": []}, format="json").status_code == 415


@pytest.mark.parametrize("group", ["Hiring managers", "Auditors"])
def test_who_changes_nothing_sends_nothing(send, caller, group):
    assert send(CV.encode(), client=caller(group)).status_code == 403


# Fetching


def test_a_file_is_fetched_as_it_was_sent_and_that_is_on_record(api, send, recruiter):
    number = send(CV.encode()).json()["documents"][0]["id"]
    response = api.get(f"{URL}/{number}/file", headers={"Accept": "application/pdf"})
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == CV.encode()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    event = AccessEvent.objects.get()
    assert (event.kind, event.user, event.details) == ("download", recruiter, {"document": number})


def test_blind_review_hides_name_text_and_file(api, send):
    person = make_candidate(code="31001", name="Zulmira Exemplo")
    number = send(b"Zulmira Exemplo, java", candidate="31001").json()["documents"][0]["id"]
    Document.objects.filter(pk=number).update(text="Zulmira Exemplo, java", state="parsed", candidate=person)
    hide_everybody()
    told = api.get(f"{URL}/{number}?expand=text").json()
    assert told["name"] is None
    assert told["candidate"].startswith("~")
    assert "Zulmira" not in str(told)
    for refused in (
        api.get(f"{URL}/{number}/file"),
        api.delete(f"{URL}/{number}"),
        api.post(f"{URL}/{number}/read"),
        send(CV.encode(), candidate=told["candidate"]),
    ):
        assert refused.status_code == 403
        assert refused.json()["type"].endswith(":identity_hidden")
    assert not AccessEvent.objects.exists()


def test_a_hiring_manager_sees_files_of_own_jobs_alone(send, caller):
    manager = caller("Hiring managers")
    own, other = make_candidate(code="own"), make_candidate(code="other")
    job = make_job()
    job.team.create(user=manager.handler._force_user)
    make_prospect(job=job, candidate=own)
    mine = send(CV.encode(), candidate="own").json()["documents"][0]["id"]
    theirs = send(b"another text of a cv", candidate=other.code).json()["documents"][0]["id"]
    assert listed(manager) == [mine]
    assert manager.get(f"{URL}/{theirs}").status_code == 404
    assert manager.get(f"{URL}/{theirs}/file").status_code == 404


# Listing, putting away, pulling


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("candidate=31001", [0]),
        ("candidate=nobody", []),
        ("confirmed=true", [0]),
        ("confirmed=false", [1, 2]),
        ("job=5185", [1]),
        ("state=failed", [2]),
        ("state=failed&state=queued", [0, 1, 2]),
        ("created_before=2000-01-01T00:00:00Z", []),
    ],
)
def test_filters_find_what_they_say(api, send, query, found):
    make_candidate(code="31001")
    make_job(code="5185")
    sent = [send(CV.encode(), candidate="31001"), send(b"another text", job="5185"), send(b"")]
    numbers = [response.json()["documents"][0]["id"] for response in sent]
    assert listed(api, query) == [numbers[place] for place in found]


def test_a_list_costs_as_many_queries_however_long(api, send):
    def queries():
        with CaptureQueriesContext(connection) as made:
            listed(api)
        return len(made)

    for number in range(2):
        send(b"text %d" % number, candidate=make_candidate().code)
    few = queries()
    for number in range(2, 9):
        send(b"text %d" % number, candidate=make_candidate().code)
    assert queries() == few


def test_a_file_put_away_is_not_listed_and_gone_for_who_pulls(api, send):
    number = send(CV.encode()).json()["documents"][0]["id"]
    first = api.get(f"{URL}/sync").json()
    assert [one["id"] for one in first["changed"]] == [number]
    assert api.delete(f"{URL}/{number}").status_code == 204
    assert listed(api) == []
    assert api.delete(f"{URL}/{number}").status_code == 404
    after = api.get(f"{URL}/sync", {"token": first["token"]}).json()
    assert (after["changed"], after["gone"]) == ([], [{"id": number}])


def test_a_file_that_could_not_be_read_is_read_again(api, send):
    number = send(b"\x00\x01 no text").json()["documents"][0]["id"]
    reading.read(number)
    assert api.get(f"{URL}/{number}").json()["problem"]["code"] == "wrong_type"
    response = api.post(f"{URL}/{number}/read")
    assert response.status_code == 202
    assert response.json()["state"] == "queued"
    again = api.post(f"{URL}/{number}/read")
    assert again.status_code == 409
    assert again.json()["type"].endswith(":not_to_be_read")


def test_a_file_of_nobody_yet_is_told_to_its_uploader_alone_under_blind_review(api, send, caller):
    number = send(CV.encode()).json()["documents"][0]["id"]
    hide_everybody()
    other = caller("Integrations")
    assert listed(api) == [number]
    assert listed(other) == []
    assert other.get(f"{URL}/sync").json()["changed"] == []
    Document.objects.filter(pk=number).update(discarded_at="2026-03-10T12:00:00Z")
    assert other.get(f"{URL}/sync").json()["gone"] == []


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_what_is_not_there_is_not_found(api, number):
    assert api.get(f"{URL}/{number}").status_code == 404
    assert api.get(f"{URL}/{number}/file").status_code == 404


def test_a_whole_document_of_every_kind_is_taken(send):
    response = send(files.locked_pdf(), files.docx("Ana Exemplo, java"))
    assert [one["state"] for one in response.json()["documents"]] == ["queued", "queued"]
