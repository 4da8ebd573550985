import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates import tasks
from candidates.documents import reading
from candidates.models import Document, ReviewPolicy
from tests.factories import make_user


@pytest.fixture(autouse=True)
def nothing_is_sent(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.read_document, "delay", sent.append)
    return sent


@pytest.fixture
def colleague(db):
    return make_user("colleague", "Recruiters")


@pytest.fixture
def blind(db):
    def turn_on():
        ReviewPolicy.objects.update_or_create(pk=1, defaults={"blind_for_all": True})

    return turn_on


@pytest.fixture
def upload(page):
    """Send files as a browser does; the documents they became, read."""

    def send(*contents, query=""):
        sent = [SimpleUploadedFile(f"cv{number}.pdf", data) for number, data in enumerate(contents)]
        response = page.post(reverse("candidates:upload") + query, {"cv_files": sent})
        assert response.status_code == 302, response.content.decode()
        batch = uuid.UUID(response.url.strip("/").split("/")[-1])
        for document in Document.objects.filter(batch=batch, state=Document.State.QUEUED):
            reading.read(document.pk)
        return list(Document.objects.filter(batch=batch).order_by("pk"))

    return send
