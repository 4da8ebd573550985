"""Another system with a key: what its scopes let it do, for whom, and once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from candidates import tasks
from candidates.integration import keys
from candidates.models import Candidate, CandidateEdit, Document
from tests.factories import make_candidate, make_user

URL = "/api/v1/candidates"


@pytest.fixture
def keyed(administrator, monkeypatch):
    monkeypatch.setattr(tasks.read_document, "delay", lambda pk: None)
    user = make_user("ats", "Integrations")

    def make(*scopes):
        made = keys.create("ATS", user, scopes=scopes, by=administrator)
        return APIClient(headers={"x-api-key": made.secret})

    return make


def test_a_key_reads_and_pulls_with_its_scope_and_writes_with_another(keyed):
    make_candidate(code="31001")
    reads = keyed("candidates:read")
    assert reads.get(f"{URL}/31001").status_code == 200
    assert reads.get(f"{URL}/sync").json()["changed"][0]["code"] == "31001"
    for refused in (
        reads.patch(f"{URL}/31001", {"city": "Olinda"}, format="json"),
        reads.post(f"{URL}/bulk", {"items": []}, format="json"),
        reads.post(f"{URL}/31001/notes", {"text": "a"}, format="json"),
        reads.get("/api/v1/documents"),
    ):
        assert refused.status_code == 403
        assert refused.json()["code"] == "missing_scope"


@pytest.mark.parametrize("scopes", [("jobs:read",), ("predictions:read",), ("predictions:write",)])
def test_what_nobody_may_do_is_no_question_of_scopes(keyed, scopes):
    for path in ("/api/v1/predictions", "/api/v1/predictions/6665a99e-81e5-4633-91da-89bd7aceea48"):
        refused = keyed(*scopes).delete(path)
        assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
        assert "POST" not in refused["Allow"]
    assert APIClient().delete("/api/v1/predictions").status_code == 401


def test_what_a_key_does_for_a_person_is_that_persons(keyed, recruiter):
    make_candidate(code="31001")
    client = keyed("candidates:write")
    told = {"On-Behalf-Of": "recruiter"}
    assert client.patch(f"{URL}/31001", {"city": "Olinda"}, format="json", headers=told).status_code == 200
    assert CandidateEdit.objects.get().by == recruiter
    note = client.post(f"{URL}/31001/notes", {"text": "Boa"}, format="json", headers=told)
    assert note.json()["author"] == "recruiter"


def test_a_repeated_write_is_done_once_and_answered_the_same(keyed):
    client = keyed("candidates:write", "documents:write")
    once = {"Idempotency-Key": "a"}
    first, second = [client.post(URL, {"name": "Ana Exemplo"}, format="json", headers=once) for _ in range(2)]
    assert (first.status_code, first.json(), first["Location"]) == (201, second.json(), second["Location"])
    assert second["ETag"] == first["ETag"]
    assert Candidate.objects.count() == 1
    once = {"Idempotency-Key": "b"}
    first, second = [
        client.post(
            "/api/v1/documents",
            {"files": [SimpleUploadedFile("cv.txt", b"java")]},
            format="multipart",
            headers=once,
        )
        for _ in range(2)
    ]
    assert (first.status_code, first.json()) == (201, second.json())
    assert Document.objects.count() == 1
