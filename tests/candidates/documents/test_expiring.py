import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from candidates import notices, tasks
from candidates.documents import expiring, storing
from candidates.models import Document, Notification
from hiring_site import settings as site
from tests.factories import make_candidate, make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def make_document(recruiter):
    def make(days, **values):
        values = {"uploaded_by": recruiter, "state": Document.State.PARSED} | values
        document = Document(name="cv.txt", size=2, sha256="0" * 64, created_at=NOW - days * DAY, **values)
        document.file.save("stored", ContentFile(b"CV"), save=False)
        document.save()
        return document

    return make


@pytest.fixture
def expire(django_capture_on_commit_callbacks):
    def run(after=0):
        with django_capture_on_commit_callbacks(execute=True):
            return expiring.expire(now=NOW + after * DAY)

    return run


def test_uploaders_are_told_once_some_days_before(make_document, recruiter, expire):
    other = make_user("other", "Recruiters")
    make_document(26), make_document(29), make_document(24), make_document(27, uploaded_by=other)
    assert expire() == expiring.Expired(deleted=0, warned=3)
    assert expire() == expiring.Expired(deleted=0, warned=0)
    (told,) = notices.notices(recruiter)
    day = timezone.localdate(NOW + 5 * DAY).isoformat()
    assert told.text == (
        f"CVs that you uploaded and nobody has confirmed: 2. What is still unconfirmed on {day} is deleted."
    )
    assert told.stored.url == "/candidates/upload/waiting/"
    assert Notification.objects.filter(user=other).count() == 1


def test_file_text_and_proposal_go_when_the_time_is_over(make_document, expire):
    old = make_document(26, text="text", proposed={"fields": {}})
    failed = make_document(26, state=Document.State.FAILED, problem="encrypted")
    young = make_document(20)
    expire()
    assert expire(after=4).deleted == 0
    assert expire(after=5).deleted == 2
    assert list(Document.objects.all()) == [young]
    for gone in (old, failed):
        assert not gone.file.storage.exists(gone.file.name)
    assert young.file.storage.exists(young.file.name)


def test_nothing_is_deleted_without_a_notice_however_old_it_is(make_document, expire):
    make_document(400)
    assert expire() == expiring.Expired(deleted=0, warned=1)
    assert expire(after=5).deleted == 1


def test_what_is_somebody_s_or_discarded_stays(make_document, expire):
    make_document(90, candidate=make_candidate())
    make_document(90, discarded_at=NOW)
    assert expire() == expiring.Expired(deleted=0, warned=0)
    assert expire(after=9).deleted == 0


def test_who_confirms_in_time_keeps_the_file(make_document, expire):
    document = make_document(29)
    expire()
    Document.objects.filter(pk=document.pk).update(candidate=make_candidate())
    assert expire(after=30).deleted == 0
    assert document.file.storage.exists(document.file.name)


def test_what_was_taken_back_is_announced_anew(make_document, expire):
    document = make_document(29)
    expire()
    storing.discard(document)
    storing.restore(document)
    assert expire(after=9) == expiring.Expired(deleted=0, warned=1)


@pytest.mark.parametrize(("days", "age"), [(1, 2), (2, 2), (8, 5)])
def test_a_short_time_has_a_short_notice(make_document, expire, settings, days, age):
    settings.DOCUMENT_UNCONFIRMED_DAYS = days
    make_document(age)
    assert expire() == expiring.Expired(deleted=0, warned=1)
    assert expire(after=days).deleted == 1


def test_task_and_command_do_the_same(make_document, capsys):
    first = make_document(40, warned_at=NOW - 6 * DAY)
    tasks.expire_documents()
    assert not Document.objects.filter(pk=first.pk).exists()
    make_document(40, warned_at=NOW - 6 * DAY), make_document(40)
    call_command("expire_documents")
    assert capsys.readouterr().out == "1 deleted, 1 announced.\n"
    assert "candidates.tasks.expire_documents" in {
        entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()
    }
