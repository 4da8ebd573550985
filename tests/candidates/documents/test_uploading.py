import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates import viewing
from candidates.documents import reading, storing
from candidates.documents.problems import PROBLEMS
from candidates.models import Candidate, Document
from tests.candidates.documents import files
from tests.candidates.documents.files import CV, at, form_of
from tests.factories import make_user
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db

State = Document.State


# Uploading


def test_the_page_takes_files_without_a_script(page):
    response = page.get(reverse("candidates:upload"))
    assert_no_inline_code(response)
    text = text_of(response)
    assert 'type="file"' in text
    assert "multiple" in text
    assert 'enctype="multipart/form-data"' in text


def test_many_files_become_rows_of_one_batch_each_with_its_answer(page, recruiter, upload):
    documents = upload(CV.encode(), files.locked_pdf(), files.zip_bomb(), b"", files.old_word())
    assert [document.state for document in documents] == ["parsed", *["failed"] * 4]
    assert [document.problem for document in documents] == ["", "encrypted", "bomb", "empty", "old_word"]
    assert {document.uploaded_by for document in documents} == {recruiter}
    assert documents[0].media_type == "text/plain"
    text = text_of(page.get(reverse("candidates:upload_batch", kwargs={"batch": documents[0].batch})))
    for document in documents[1:]:
        assert PROBLEMS[document.problem].sentence in text
        assert str(PROBLEMS[document.problem].then) in text


def test_a_file_that_is_too_large_is_said_and_not_kept(page, settings, upload):
    settings.DOCUMENT_MEGABYTES = 1
    (document,) = upload(b"x" * (1024 * 1024 + 1))
    assert (document.state, document.problem, bool(document.file)) == ("failed", "too_large", False)


def test_more_files_than_are_allowed_are_refused_with_their_number(page, settings):
    settings.DOCUMENT_FILES = 2
    sent = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(3)]
    response = page.post(reverse("candidates:upload"), {"cv_files": sent})
    assert response.status_code == 422
    assert "These are 3 files. Choose at most 2 at a time." in text_of(response)
    assert not Document.objects.exists()


def test_no_file_is_said(page):
    response = page.post(reverse("candidates:upload"), {})
    assert response.status_code == 422
    assert "Choose at least one file." in text_of(response)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("..\\..\\C:\\x\\cv.pdf", "cv.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("", "file"),
        ("a" * 300 + ".docx", "a" * 195 + ".docx"),
    ],
)
def test_names_of_files_lose_folders_and_tricks(sent, kept):
    assert storing.clean_name(sent) == kept


def test_a_file_is_stored_under_a_name_that_tells_nothing(page, upload):
    (document,) = upload(CV.encode())
    assert document.name == "cv0.pdf"
    assert "cv0" not in document.file.name


def test_a_file_is_sent_to_a_worker_after_the_commit(
    page, nothing_is_sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("candidates:upload"), {"cv_files": [SimpleUploadedFile("a.txt", CV.encode())]})
    assert nothing_is_sent == [Document.objects.get().pk]


@pytest.mark.parametrize("group", ["Auditors", "Hiring managers", None])
def test_who_may_not_change_may_not_upload(client, group):
    user = make_user("reader", group)
    client.force_login(user)
    assert client.get(reverse("candidates:upload")).status_code == 403
    assert client.post(reverse("candidates:upload"), {}).status_code == 403


# The same file again


def test_the_same_file_again_is_said_with_a_link_to_the_person(page, upload):
    (first,) = upload(CV.encode())
    page.post(at("document_confirm", first), form_of(first))
    person = Candidate.objects.get()
    (second,) = upload(CV.encode())
    assert (second.state, second.problem) == ("failed", "duplicate")
    text = text_of(page.get(reverse("candidates:upload_batch", kwargs={"batch": second.batch})))
    assert person.get_absolute_url() in text
    assert "Read all the same" in text


def test_the_same_file_again_tells_nothing_of_a_person_who_is_hidden(page, upload, blind):
    (first,) = upload(CV.encode())
    page.post(at("document_confirm", first), form_of(first))
    person = Candidate.objects.get()
    blind()
    (second,) = upload(CV.encode())
    text = text_of(page.get(reverse("candidates:upload_batch", kwargs={"batch": second.batch})))
    with viewing.seen_by(viewing.as_user(first.uploaded_by)):
        hidden = Candidate.objects.get(pk=person.pk)
    for told in (person.code, hidden.code, hidden.name, "Pessoa de Teste"):
        assert told not in text


def test_a_file_that_cannot_be_read_says_why_each_time(upload):
    for _ in range(2):
        (document,) = upload(files.locked_pdf())
        assert document.problem == "encrypted"


def test_a_discarded_file_is_no_duplicate(page, upload):
    (first,) = upload(CV.encode())
    page.post(at("document_discard", first))
    (second,) = upload(CV.encode())
    assert second.state == State.PARSED


def test_a_duplicate_is_read_all_the_same_and_its_owner_proposed(page, upload):
    (first,) = upload(CV.encode())
    page.post(at("document_confirm", first), form_of(first))
    (second,) = upload(CV.encode())
    page.post(at("document_retry", second))
    reading.read(second.pk)
    text = text_of(page.get(at("document_confirm", second)))
    assert "same file" in text
    assert f'value="{Candidate.objects.get().code}" checked' in text


# Following


def test_the_page_asks_again_until_every_file_is_read(page):
    sent = [SimpleUploadedFile("a.txt", CV.encode()), SimpleUploadedFile("b.txt", b"")]
    batch_url = page.post(reverse("candidates:upload"), {"cv_files": sent}).url
    assert 'hx-trigger="every 2s"' in text_of(page.get(batch_url))
    fragment = page.get(batch_url, headers={"HX-Request": "true"})
    assert (fragment.status_code, "<html" in text_of(fragment)) == (200, False)
    reading.read(Document.objects.get(name="a.txt").pk)
    fragment = page.get(batch_url, headers={"HX-Request": "true"})
    assert fragment.status_code == 286
    assert "every 2s" not in text_of(fragment)
    assert "2 of 2 files read" in text_of(fragment)


def test_a_batch_that_is_not_there_is_not_found(page):
    assert page.get(reverse("candidates:upload_batch", kwargs={"batch": uuid.uuid4()})).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_batch_costs_the_same_whatever_its_size(page, number, django_assert_max_num_queries, upload):
    documents = upload(*[f"{CV}{copy}".encode() for copy in range(number)])
    upload(*[f"{CV}{copy}".encode() for copy in range(number)])
    with django_assert_max_num_queries(9):
        page.get(reverse("candidates:upload_batch", kwargs={"batch": documents[0].batch}))


def test_reading_twice_reads_once(page, monkeypatch, upload):
    (document,) = upload(CV.encode())
    monkeypatch.setattr(reading, "read_apart", lambda data: pytest.fail("read again"))
    reading.read(document.pk)


def test_a_failed_file_is_read_again_on_request(page, upload):
    (document,) = upload(files.pdf()[:300])
    assert document.problem == "damaged"
    page.post(at("document_retry", document))
    document.refresh_from_db()
    assert (document.state, document.problem) == ("queued", "")


def test_a_file_whose_storage_lost_it_is_missing(page):
    sent = [SimpleUploadedFile("a.txt", CV.encode())]
    page.post(reverse("candidates:upload"), {"cv_files": sent})
    document = Document.objects.get()
    document.file.storage.delete(document.file.name)
    reading.read(document.pk)
    document.refresh_from_db()
    assert (document.state, document.problem) == ("failed", "missing")


def test_discarding_can_be_undone(page, upload):
    (document,) = upload(CV.encode())
    response = page.post(at("document_discard", document), follow=True)
    assert at("document_restore", document) in text_of(response)
    assert page.get(at("document_confirm", document)).status_code == 404
    page.post(at("document_restore", document))
    assert page.get(at("document_confirm", document)).status_code == 200


def test_files_to_confirm_are_listed_ones_own_first(page, recruiter, colleague, client, upload):
    upload(CV.encode())
    mine = reverse("candidates:documents_waiting")
    assert "cv0.pdf" in text_of(page.get(mine))
    client.force_login(colleague)
    assert "cv0.pdf" not in text_of(client.get(mine))
    assert "cv0.pdf" in text_of(client.get(mine + "?whose=all"))
    assert "1 file waits for you" not in text_of(client.get(reverse("candidates:upload")))
