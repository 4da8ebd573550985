import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from candidates import tasks
from candidates.documents import reading, storing
from candidates.models import Document
from tests.candidates.documents import files
from tests.candidates.documents.files import CV

pytestmark = pytest.mark.django_db

State = Document.State
TEXT = CV.encode()
NOW = timezone.now()
MINUTES = datetime.timedelta(minutes=1)


@pytest.fixture
def make_document(recruiter):
    def make(content=TEXT, **values):
        document = Document(
            name="cv.txt", size=len(content), sha256="0" * 64, uploaded_by=recruiter, **values
        )
        document.file.save("stored", ContentFile(content), save=False)
        document.save()
        return document

    return make


def test_a_worker_stores_text_pages_kind_and_proposals(make_document):
    document = make_document(files.pdf(CV, "Segunda página"))
    tasks.read_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.problem, document.pages) == ("parsed", "", 2)
    assert document.media_type == "application/pdf"
    assert document.proposed["fields"]["name"]["value"] == "Pessoa de Teste"
    assert document.heartbeat_at is not None


def test_a_fault_of_the_program_fails_the_row_and_quotes_nothing(make_document, monkeypatch, caplog):
    def break_down(data):
        raise RuntimeError("Pessoa de Teste")

    monkeypatch.setattr(reading, "read_apart", break_down)
    document = make_document()
    reading.read(document.pk)
    document.refresh_from_db()
    assert (document.state, document.problem) == ("failed", "damaged")
    assert "RuntimeError" in caplog.text
    assert "Pessoa" not in caplog.text


def test_a_row_that_the_reaper_gave_up_is_left_as_it_is(make_document, monkeypatch):
    document = make_document()
    finish = reading.read_apart

    def reaped_meanwhile(data):
        reading.reap(now=timezone.now() + 4 * MINUTES)
        return finish(data)

    monkeypatch.setattr(reading, "read_apart", reaped_meanwhile)
    reading.read(document.pk)
    document.refresh_from_db()
    assert (document.state, document.problem, document.text) == ("failed", "worker_lost", "")


def test_the_reaper_fails_rows_whose_worker_is_gone_and_leaves_others(make_document):
    now = timezone.now()  # the task looks at the clock, and the suite began some time ago
    gone = make_document(state=State.PARSING, heartbeat_at=now - 4 * MINUTES)
    alive = make_document(state=State.PARSING, heartbeat_at=now - 1 * MINUTES)
    tasks.reap_documents()
    gone.refresh_from_db()
    alive.refresh_from_db()
    assert (gone.state, gone.problem) == ("failed", "worker_lost")
    assert alive.state == "parsing"
    assert storing.read_again(gone)


def test_the_reaper_sends_what_nobody_took_once_in_a_while(make_document, nothing_is_sent):
    forgotten = make_document(created_at=NOW - 6 * MINUTES)
    make_document(created_at=NOW - 1 * MINUTES)
    make_document(created_at=NOW - 6 * MINUTES, discarded_at=NOW)
    reading.reap(now=NOW)
    reading.reap(now=NOW + MINUTES)
    assert nothing_is_sent == [forgotten.pk]


def test_discarded_files_are_deleted_after_some_days_with_what_is_stored(
    make_document, settings, django_capture_on_commit_callbacks
):
    settings.DOCUMENT_DISCARDED_DAYS = 7
    old = make_document(state=State.PARSED, discarded_at=NOW - datetime.timedelta(days=8))
    young = make_document(state=State.PARSED, discarded_at=NOW - datetime.timedelta(days=6))
    storage = old.file.storage
    assert storage.exists(old.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        reading.reap(now=NOW)
    assert list(Document.objects.all()) == [young]
    assert not storage.exists(old.file.name)
    assert storage.exists(young.file.name)
