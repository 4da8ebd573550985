import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from candidates.models import ImportRun, RejectedRecord
from tests.factories import make_user

from .conftest import with_key

pytestmark = pytest.mark.django_db
URL = "/api/v1/imports"


@pytest.fixture
def queued(monkeypatch):
    sent = []
    monkeypatch.setattr("jobs.services.send_on_commit", lambda task, pk: sent.append(pk))
    return sent


@pytest.fixture
def admin_api(administrator):
    return with_key(administrator)


def upload(name="applicants"):
    content = json.dumps({"1": {"infos_basicas": {"nome": "x"}}}).encode()
    return {name: SimpleUploadedFile(f"{name}.json", content, content_type="application/json")}


def test_files_are_kept_and_a_worker_reads_them(admin_api, queued):
    answer = admin_api.post(URL, upload(), format="multipart")
    assert answer.status_code == 202, answer.content
    run = ImportRun.objects.get()
    assert queued == [run.pk]
    assert answer.headers["Location"].endswith(f"{URL}/{run.pk}")
    read = admin_api.get(f"{URL}/{run.pk}").json()
    assert (read["state"], read["files"][0]["kind"]) == ("queued", "applicants")
    assert "path" not in read["files"][0]
    assert [row["id"] for row in admin_api.get(URL).json()["results"]] == [run.pk]


def test_the_same_upload_with_a_key_is_kept_once(admin_api, queued):
    for _ in range(2):
        answer = admin_api.post(URL, upload(), format="multipart", headers={"Idempotency-Key": "a"})
        assert answer.status_code == 202
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("body", [{}, upload("people")])
def test_at_least_one_known_file_is_needed(admin_api, queued, body):
    answer = admin_api.post(URL, body, format="multipart")
    assert answer.status_code == 400
    assert not ImportRun.objects.exists()


def test_rejected_records_are_told_with_the_reason(admin_api):
    run = ImportRun.objects.create()
    RejectedRecord.objects.create(run=run, kind="jobs", key="7", field="titulo", reason="Too long.")
    (row,) = admin_api.get(f"{URL}/{run.pk}/rejected").json()["results"]
    assert (row["key"], row["reason"]) == ("7", "Too long.")
    assert admin_api.get(f"{URL}/{run.pk + 1}/rejected").status_code == 404


@pytest.mark.parametrize("group", ["Recruiters", "Integrations", "Auditors", "Hiring managers"])
def test_imports_are_for_administrators(group):
    api = with_key(make_user("somebody", group))
    assert api.get(URL).status_code == 403
    assert api.post(URL, upload(), format="multipart").status_code == 403
