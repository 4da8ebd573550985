import pytest
from django.urls import reverse

from candidates import duplicates, viewing
from candidates.documents import confirming, storing
from candidates.models import AccessEvent, Candidate, Document, ReviewPolicy
from jobs.models import JobMember, Prospect, Stage
from tests.candidates.documents import files
from tests.candidates.documents.files import CV, at, form_of
from tests.factories import make_candidate, make_job, make_prospect, make_user
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db


def test_what_was_read_stands_beside_the_text_with_its_words(page, upload):
    (document,) = upload(CV.encode())
    response = page.get(at("document_confirm", document))
    assert_no_inline_code(response)
    text = text_of(response)
    assert 'value="Pessoa de Teste"' in text
    assert 'value="teste.pessoa@example.com"' in text
    assert '<mark id="found-name" tabindex="-1">Pessoa de Teste</mark>' in text
    assert 'href="#found-email"' in text
    assert '<option value="senior" selected>' in text
    assert "PostgreSQL</mark>" in text


def test_a_confirmed_file_makes_a_person_who_is_found_and_has_skills(page, upload):
    (document,) = upload(CV.encode())
    response = page.post(at("document_confirm", document), form_of(document, name="Pessoa Corrigida"))
    person = Candidate.objects.get()
    assert response.url == person.get_absolute_url()
    assert (person.name, person.city, person.english) == ("Pessoa Corrigida", "Recife", "advanced")
    assert (person.origin, person.code[:2]) == ("upload", "C-")
    assert person.cv_text == CV.strip()
    assert {"java", "docker", "postgresql"} <= set(person.profiles.get().skills)
    assert list(Candidate.objects.matching("docker")) == [person]
    document.refresh_from_db()
    assert (document.candidate, document.proposed) == (person, {})


def test_a_person_without_name_and_address_is_refused(page, upload):
    (document,) = upload(b"docker")
    response = page.post(at("document_confirm", document), form_of(document))
    assert response.status_code == 422
    assert "A new person needs a name" in text_of(response)
    assert not Candidate.objects.exists()


def test_wrong_values_are_said_beside_their_field(page, upload):
    (document,) = upload(CV.encode())
    response = page.post(at("document_confirm", document), form_of(document, email="no address", english="x"))
    assert response.status_code == 422
    assert "Enter a valid email address." in text_of(response)
    assert not Candidate.objects.exists()


def test_a_file_is_confirmed_once(page, upload, recruiter):
    (document,) = upload(CV.encode())
    first = page.post(at("document_confirm", document), form_of(document))
    again = page.post(at("document_confirm", document), form_of(document))
    assert again.url == first.url
    assert Candidate.objects.count() == 1
    with pytest.raises(confirming.AlreadyConfirmed):
        confirming.confirm(document, {"name": "Outra"}, by=recruiter)


def test_after_one_file_the_next_of_the_batch_comes(page, upload):
    first, second = upload(CV.encode(), b"Outra Pessoa de Teste\noutra@example.com")
    response = page.post(at("document_confirm", first), form_of(first))
    assert response.url == at("document_confirm", second)
    response = page.post(at("document_confirm", second), form_of(second))
    assert response.url == Candidate.objects.get(name="Outra Pessoa de Teste").get_absolute_url()


# Somebody who is here already


def test_somebody_with_the_same_address_is_offered_and_kept_whole(page, upload):
    known = make_candidate(
        name="Pessoa T.", email="teste.pessoa@example.com", city="", cv_text="meu cv antigo"
    )
    duplicates.look_for([known.pk])
    (document,) = upload(CV.encode())
    assert known.code in text_of(page.get(at("document_confirm", document)))
    page.post(at("document_confirm", document), form_of(document, person=known.code))
    known.refresh_from_db()
    assert Candidate.objects.count() == 1
    assert (known.name, known.city, known.cv_text) == ("Pessoa T.", "Recife", "meu cv antigo")
    assert Document.objects.get().candidate == known
    assert known.edited_at is not None


def test_a_record_is_overwritten_only_when_that_is_chosen(page, upload):
    known = make_candidate(email="teste.pessoa@example.com", cv_text="meu cv antigo")
    (document,) = upload(CV.encode())
    chosen = form_of(document, person=known.code, update="all", replace_text="on")
    page.post(at("document_confirm", document), chosen)
    known.refresh_from_db()
    assert (known.name, known.cv_text) == ("Pessoa de Teste", CV.strip())
    assert "docker" in known.profiles.get().skills


def test_a_record_without_a_cv_lacks_that_too(page, upload):
    known = make_candidate(email="teste.pessoa@example.com", cv_text="")
    (document,) = upload(CV.encode())
    page.post(at("document_confirm", document), form_of(document, person=known.code))
    known.refresh_from_db()
    assert known.cv_text == CV.strip()


def test_nothing_of_a_record_changes_when_that_is_chosen(page, upload):
    known = make_candidate(city="", email="teste.pessoa@example.com")
    (document,) = upload(CV.encode())
    page.post(at("document_confirm", document), form_of(document, person=known.code, update="nothing"))
    known.refresh_from_db()
    assert known.city == ""
    assert known.edited_at is None


def test_somebody_like_the_corrected_fields_is_shown_before_a_second_record_is_made(page, upload):
    known = make_candidate(name="Completamente Outra", email="certo@example.com", cv_text="nada", headline="")
    duplicates.look_for([known.pk])
    (document,) = upload(CV.encode())
    assert known.code not in text_of(page.get(at("document_confirm", document)))
    corrected = form_of(document, name="Completamente Outra", email="certo@example.com")
    response = page.post(at("document_confirm", document), corrected)
    assert response.status_code == 422
    assert "Somebody like this is here already" in text_of(response)
    assert Candidate.objects.count() == 1
    page.post(at("document_confirm", document), corrected | {"shown": known.code})
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize(
    "shared",
    [{"email": "teste.pessoa@example.com"}, {"phone": "81 91234-5678"}, {"name": "Pessoa de Teste"}],
    ids=["email", "phone", "name"],
)
def test_one_sign_alone_is_worth_a_look_and_one_must_choose(page, upload, shared):
    values = {"name": "Completamente Outra", "email": "outra@example.com", "cv_text": "", "headline": ""}
    known = make_candidate(**(values | shared))
    duplicates.look_for([known.pk])
    (document,) = upload(CV.encode())
    assert known.code in text_of(page.get(at("document_confirm", document)))
    unsaid = form_of(document, shown=known.code)
    del unsaid["person"]
    response = page.post(at("document_confirm", document), unsaid)
    assert response.status_code == 422
    assert "Say below whose file it is" in text_of(response)
    page.post(at("document_confirm", document), unsaid | {"person": ""})
    assert Candidate.objects.count() == 2


def test_anybody_can_be_named_by_code(page, upload):
    known = make_candidate(name="Ninguém Parecido", cv_text="")
    (document,) = upload(CV.encode())
    wrong = form_of(document, person="other", other_code="no such code")
    assert "There is nobody with this code" in text_of(page.post(at("document_confirm", document), wrong))
    page.post(at("document_confirm", document), form_of(document, person="other", other_code=known.code))
    assert Document.objects.get().candidate == known


def test_a_file_uploaded_for_a_person_stays_with_them_and_asks_before_it_changes_anything(page, upload):
    known = make_candidate(name="Dona do Arquivo", city="", cv_text="")
    (document,) = upload(CV.encode(), query=f"?candidate={known.code}")
    assert document.candidate == known
    known.refresh_from_db()
    assert known.cv_text == ""
    page.post(at("document_confirm", document), form_of(document, replace_text="on"))
    known.refresh_from_db()
    assert (known.name, known.city, known.cv_text) == ("Dona do Arquivo", "Recife", CV.strip())


# For a job


def test_a_cv_uploaded_for_a_job_becomes_a_prospect_of_it(page, upload, recruiter):
    job = make_job()
    (document,) = upload(CV.encode(), query=f"?job={job.code}")
    response = page.post(at("document_confirm", document), form_of(document), follow=False)
    assert response.url == reverse("jobs:job_detail", kwargs={"code": job.code})
    prospect = Prospect.objects.get()
    assert (prospect.job, prospect.stage) == (job, Stage.SOURCED)
    assert prospect.stage_changes.get().changed_by == recruiter


def test_a_job_that_is_not_there_is_not_found(page):
    assert page.get(reverse("candidates:upload") + "?job=nowhere").status_code == 404
    assert page.get(reverse("candidates:upload") + "?candidate=nowhere").status_code == 404


# The file itself


def test_the_file_is_only_ever_saved_and_that_is_logged(page, upload, recruiter):
    (document,) = upload(files.pdf(files.WORDS))
    response = page.get(at("document_download", document))
    assert b"".join(response.streaming_content) == files.pdf(files.WORDS)
    assert response["Content-Disposition"] == 'attachment; filename="cv0.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    event = AccessEvent.objects.get()
    assert (event.kind, event.user, event.details) == ("download", recruiter, {"document": document.pk})


def test_what_could_not_be_read_is_never_served_as_a_page(page, upload):
    (document,) = upload(b"<html><script>alert(1)</script></html>")
    response = page.get(at("document_download", document))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


# What is hidden stays hidden


def confirmed(page, document):
    page.post(at("document_confirm", document), form_of(document))
    return Candidate.objects.get()


def test_under_blind_review_no_page_tells_whose_file_it_is(page, upload, blind, recruiter):
    (document,) = upload(CV.encode())
    person = confirmed(page, document)
    blind()
    for name in ("document_download", "document_confirm"):
        response = page.get(at(name, document))
        assert response.status_code == 403
        assert "Pessoa" not in text_of(response)
        assert "hidden" in text_of(response)
    for name in ("document_discard", "document_retry"):
        assert page.post(at(name, document)).status_code == 403
    with viewing.seen_by(viewing.as_user(recruiter)):
        address = Candidate.objects.get(pk=person.pk).code
    for shown in (
        page.get(reverse("candidates:documents", kwargs={"code": address})),
        page.get(reverse("candidates:upload_batch", kwargs={"batch": document.batch})),
    ):
        assert shown.status_code == 200
        for told in ("Pessoa de Teste", "cv0.pdf", person.code, "example.com"):
            assert told not in text_of(shown)
    assert not AccessEvent.objects.exists()


def test_the_row_itself_hides_the_file_its_name_and_what_was_read(page, upload, blind, recruiter):
    known = make_candidate(name="Pessoa de Teste")
    (document,) = upload(CV.encode(), query=f"?candidate={known.code}")
    blind()
    with viewing.seen_by(viewing.as_user(recruiter)):
        hidden = Document.objects.get(pk=document.pk)
    assert (hidden.name, bool(hidden.file), hidden.proposed) == ("", False, {})
    assert "example.com" not in hidden.text
    assert "Pessoa de Teste" not in hidden.text


def test_under_blind_review_a_file_nobody_confirmed_is_its_uploaders_alone(
    page, upload, blind, client, colleague
):
    (document,) = upload(CV.encode())
    blind()
    assert page.get(at("document_confirm", document)).status_code == 200
    client.force_login(colleague)
    for name in ("document_confirm", "document_download"):
        assert client.get(at(name, document)).status_code == 404
    assert client.get(reverse("candidates:upload_batch", kwargs={"batch": document.batch})).status_code == 404
    assert "cv0.pdf" not in text_of(client.get(reverse("candidates:documents_waiting") + "?whose=all"))


def test_a_file_for_a_job_under_blind_review_is_its_uploaders_alone(page, upload, client, colleague):
    job = make_job(blind=True)
    (document,) = upload(CV.encode(), query=f"?job={job.code}")
    (open_one,) = upload(b"Outra Pessoa\noutra@example.com")
    client.force_login(colleague)
    assert client.get(at("document_confirm", document)).status_code == 404
    assert client.get(at("document_confirm", open_one)).status_code == 200


def test_somebody_hidden_is_neither_offered_nor_found_by_code(page, upload, blind, recruiter):
    known = make_candidate(name="Pessoa de Teste", email="teste.pessoa@example.com")
    duplicates.look_for([known.pk])
    blind()
    (document,) = upload(CV.encode())
    assert known.code not in text_of(page.get(at("document_confirm", document)))
    named = form_of(document, person="other", other_code=known.code)
    assert "There is nobody with this code" in text_of(page.post(at("document_confirm", document), named))
    assert page.get(f"{reverse('candidates:upload')}?candidate={known.code}").status_code == 404
    with viewing.seen_by(viewing.as_user(recruiter)):
        address = Candidate.objects.get(pk=known.pk).code
    assert page.get(f"{reverse('candidates:upload')}?candidate={address}").status_code == 403


def test_a_hiring_manager_saves_files_from_the_stage_that_shows_contact_data(page, upload, client):
    known = make_candidate()
    (document,) = upload(CV.encode(), query=f"?candidate={known.code}")
    manager = make_user("manager", "Hiring managers")
    client.force_login(manager)
    assert client.get(at("document_download", document)).status_code == 404
    prospect = make_prospect(candidate=known)
    JobMember.objects.create(job=prospect.job, user=manager)
    response = client.get(at("document_download", document))
    assert response.status_code == 403
    assert "how to reach the person" in text_of(response)
    ReviewPolicy.objects.create(pk=1, contact_stage=prospect.stage)
    assert client.get(at("document_download", document)).status_code == 200
    assert client.post(at("document_discard", document)).status_code == 403


# A person's files


def test_the_files_of_a_person_are_a_page_and_a_fragment(page, upload):
    known = make_candidate()
    upload(CV.encode(), files.locked_pdf(), query=f"?candidate={known.code}")
    address = reverse("candidates:documents", kwargs={"code": known.code})
    response = page.get(address)
    assert_no_inline_code(response)
    assert "cv0.pdf" in text_of(response)
    assert "protected by a password" in text_of(response)
    assert f"?candidate={known.code}" in text_of(response)
    fragment = text_of(page.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert "cv1.pdf" in fragment


def test_a_person_without_files_is_told_how_to_add_one(page):
    text = text_of(page.get(reverse("candidates:documents", kwargs={"code": make_candidate().code})))
    assert "No files yet." in text
    assert "Upload a file" in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_files_of_a_person_cost_the_same_whatever_their_number(
    page, upload, number, django_assert_max_num_queries
):
    known = make_candidate()
    upload(*[f"{CV}{copy}".encode() for copy in range(number)], query=f"?candidate={known.code}")
    with django_assert_max_num_queries(9):
        page.get(reverse("candidates:documents", kwargs={"code": known.code}))


def test_old_names_and_reasons_of_failure_do_not_break_a_page(page, upload):
    (document,) = upload(b"")
    Document.objects.filter(pk=document.pk).update(problem="of another release")
    assert page.get(reverse("candidates:upload_batch", kwargs={"batch": document.batch})).status_code == 200
    assert not storing.read_again(document)
