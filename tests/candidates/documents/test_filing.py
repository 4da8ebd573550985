import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from candidates import viewing
from candidates.documents import filing
from candidates.models import Candidate, Document
from tests.factories import make_candidate, make_user

pytestmark = pytest.mark.django_db
LATER = timezone.now() + datetime.timedelta(hours=2)


@pytest.fixture
def stored(recruiter):
    def make(candidate):
        document = Document(
            name="cv.txt", size=2, sha256="0" * 64, uploaded_by=recruiter, candidate=candidate, state="parsed"
        )
        document.file.save("stored", ContentFile(b"CV"), save=False)
        document.save()
        return document.file.name

    return make


def test_deleting_a_person_deletes_the_files(stored, django_capture_on_commit_callbacks):
    candidate, other = make_candidate(), make_candidate()
    first, second, kept = stored(candidate), stored(candidate), stored(other)
    with django_capture_on_commit_callbacks(execute=True):
        candidate.delete()
    assert [default_storage.exists(name) for name in (first, second, kept)] == [False, False, True]


def test_deleting_a_queryset_of_people_or_files_does_too(stored, django_capture_on_commit_callbacks):
    candidate, other = make_candidate(), make_candidate()
    names = [stored(candidate), stored(other)]
    with django_capture_on_commit_callbacks(execute=True):
        Candidate.everyone.filter(pk=candidate.pk).delete()
        Document.objects.filter(candidate=other).delete()
    assert not any(map(default_storage.exists, names))


def test_a_file_hidden_from_who_deletes_goes_as_well(stored, blind, django_capture_on_commit_callbacks):
    blind()
    candidate = make_candidate()
    name = stored(candidate)
    user = make_user("somebody", "Recruiters")
    with viewing.seen_by(viewing.as_user(user)), django_capture_on_commit_callbacks(execute=True):
        document = Document.objects.get(candidate=candidate)
        assert not document.file
        document.delete()
    assert not default_storage.exists(name)


def test_a_deletion_that_is_taken_back_keeps_the_file(stored, django_capture_on_commit_callbacks):
    candidate = make_candidate()
    name = stored(candidate)
    with django_capture_on_commit_callbacks() as waiting:
        candidate.delete()
        assert default_storage.exists(name)
    assert len(waiting) == 1


def test_a_storage_that_fails_stops_nobody_and_the_stray_is_found(
    stored, monkeypatch, django_capture_on_commit_callbacks
):
    candidate = make_candidate()
    name = stored(candidate)
    stored(make_candidate())

    def fail(asked):
        raise OSError("read-only")

    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(filing.default_storage, "delete", fail)
        candidate.delete()
    assert not Candidate.everyone.filter(pk=candidate.pk).exists()
    assert list(filing.strays(now=LATER)) == [name]


def test_strays_are_listed_first_and_then_removed(stored, monkeypatch, capsys):
    kept = stored(make_candidate())
    stray = default_storage.save("documents/2026/01/stray", ContentFile(b"CV"))
    elsewhere = default_storage.save("other/file", ContentFile(b"CV"))
    monkeypatch.setattr(filing, "SETTLED", -datetime.timedelta(hours=1))
    call_command("remove_stray_files", "--dry-run")
    assert capsys.readouterr().out == f"{stray}\n1 would be removed.\n"
    assert default_storage.exists(stray)
    call_command("remove_stray_files")
    assert capsys.readouterr().out == "1 removed.\n"
    assert [default_storage.exists(name) for name in (stray, kept, elsewhere)] == [False, True, True]


def test_a_file_of_just_now_may_still_get_its_row():
    default_storage.save("documents/2026/01/new", ContentFile(b"CV"))
    assert list(filing.strays()) == []
    assert list(filing.strays(now=LATER)) == ["documents/2026/01/new"]


def test_a_storage_without_any_file_has_no_strays():
    assert list(filing.strays(now=LATER)) == []
