import pytest
from django.urls import reverse

from candidates import merging, veiling
from candidates.models import Candidate, CandidateEdit, Note, Notification, ReviewPolicy, Tag
from jobs.models import JobMember
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_user

HTMX = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"candidates:{name}", args=args)


@pytest.fixture
def manager(db):
    return make_user("rosa", "Hiring managers")


@pytest.fixture
def auditor(db):
    return make_user("auditor", "Auditors")


def fields_of(candidate, **values):
    from candidates.candidate_forms import CandidateForm

    form = CandidateForm(instance=candidate)
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent["seen"] = candidate.updated_at.isoformat()
    return sent | values


class TestPage:
    def test_it_shows_the_person_their_tags_and_notes(self, page, recruiter):
        candidate = make_candidate(name="Ana Lima")
        Note.objects.create(candidate=candidate, text="Ligou hoje", author=recruiter)
        candidate.tags.add(Tag.objects.create(name="urgente"))
        text = page.get(candidate.get_absolute_url()).content.decode()
        for shown in (
            "Ana Lima",
            "Ligou hoje",
            "urgente",
            'id="cv"',
            'id="timeline"',
            'id="documents-section"',
        ):
            assert shown in text

    def test_its_queries_do_not_grow_with_notes_tags_and_jobs(
        self, page, recruiter, django_assert_max_num_queries
    ):
        def queries(number):
            candidate = make_candidate()
            for index in range(number):
                note = Note.objects.create(candidate=candidate, text=f"@recruiter {index}", author=recruiter)
                note.mentions.add(recruiter)
                candidate.tags.add(Tag.objects.create(name=f"tag {number} {index}"))
                make_prospect(candidate=candidate)
            with django_assert_max_num_queries(40) as asked:
                assert page.get(candidate.get_absolute_url()).status_code == 200
            return len(asked)

        assert queries(1) == queries(3)

    def test_the_timeline_has_as_many_queries_for_much_as_for_little(
        self, page, recruiter, django_assert_max_num_queries
    ):
        def queries(number):
            candidate = make_candidate()
            for index in range(number):
                Note.objects.create(candidate=candidate, text="Ligou", author=recruiter)
                candidate.tags.add(Tag.objects.create(name=f"tag {number} {index}"))
                make_prospect(candidate=candidate)
            with django_assert_max_num_queries(40) as asked:
                assert page.get(url("candidate_timeline", candidate.code)).status_code == 200
            return len(asked)

        assert queries(1) == queries(3)

    def test_an_old_code_leads_to_the_person_who_was_kept(self, page, recruiter):
        kept, absorbed = make_candidate(), make_candidate()
        merging.merge(kept, absorbed, by=recruiter)
        answer = page.get(url("candidate_detail", absorbed.code) + "?job=7")
        assert answer.status_code == 302
        assert answer["Location"] == kept.get_absolute_url() + "?job=7"

    def test_blind_review_leaves_no_name_code_or_contact_on_the_page(self, page):
        candidate = make_candidate(
            code="SEGREDO-77", name="Zulmira Quirino", email="zulmira@example.com", phone="81 98765-1234",
            cv_text="Zulmira Quirino\nzulmira@example.com\nexperiência com java e sql",
        )  # fmt: skip
        ReviewPolicy.objects.create(pk=1, blind_for_all=True)
        text = page.get(url("candidate_detail", veiling.token(candidate.pk))).content.decode()
        for hidden in ("Zulmira", "Quirino", "SEGREDO-77", "98765"):
            assert hidden not in text
        assert "<mark" in text
        assert "candidates/SEGREDO" not in text

    def test_an_auditor_sees_no_button_that_changes(self, client, auditor):
        client.force_login(auditor)
        candidate = make_candidate()
        text = client.get(candidate.get_absolute_url()).content.decode()
        assert url("candidate_edit", candidate.code) not in text
        assert 'name="text"' not in text


class TestNotes:
    def test_a_note_is_kept_and_who_is_mentioned_is_told(self, page, administrator):
        candidate = make_candidate()
        sent = {"text": "Fale com ela, @Administrator!", "kind": "call", "job_code": ""}
        answer = page.post(url("notes", candidate.code), sent)
        note = Note.objects.get()
        assert answer["Location"] == f"{candidate.get_absolute_url()}#note-{note.pk}"
        assert (note.kind, note.author.username) == ("call", "recruiter")
        assert list(note.mentions.all()) == [administrator]
        told = Notification.objects.get()
        assert (told.user, told.candidate, told.kind) == (administrator, candidate, "mention")
        assert "Pessoa" not in str(told.params)

    def test_htmx_gets_the_notes_back(self, page):
        candidate = make_candidate()
        sent = {"text": "Ligou hoje", "kind": "note", "job_code": ""}
        text = page.post(url("notes", candidate.code), sent, headers=HTMX).content.decode()
        assert "Ligou hoje" in text
        assert "<html" not in text

    def test_an_empty_note_is_refused_with_a_sentence(self, page):
        candidate = make_candidate()
        text = page.post(url("notes", candidate.code), {"text": " "}, headers=HTMX).content.decode()
        assert "Write something first." in text
        assert not Note.objects.exists()

    def test_only_those_who_may_see_the_person_can_be_mentioned(self, page, manager):
        candidate = make_candidate()
        page.post(url("notes", candidate.code), {"text": "@rosa veja"})
        assert not Notification.objects.exists()
        job = make_job()
        JobMember.objects.create(job=job, user=manager, part="hiring_manager")
        make_prospect(job=job, candidate=candidate)
        page.post(url("notes", candidate.code), {"text": "@rosa veja"})
        assert Notification.objects.get().user == manager

    def test_nobody_is_told_twice_of_one_note(self, page, administrator, recruiter):
        note = Note.objects.create(candidate=make_candidate(), text="@administrator", author=recruiter)
        note.mentions.add(administrator)
        page.post(
            url("note_edit", note.pk), {"text": "@administrator e mais", "kind": "note", "job_code": ""}
        )
        note.refresh_from_db()
        assert note.text == "@administrator e mais"
        assert note.edited_at
        assert not Notification.objects.exists()

    def test_a_deleted_note_comes_back_by_undo(self, page, recruiter):
        note = Note.objects.create(candidate=make_candidate(), text="Ligou", author=recruiter)
        answer = page.post(url("note_delete", note.pk), headers=HTMX)
        assert url("note_restore", note.pk) in answer.content.decode()
        assert not Note.objects.exists()
        page.post(url("note_restore", note.pk))
        assert Note.objects.get() == note

    def test_a_note_of_somebody_else_is_left_alone(self, page, administrator):
        note = Note.objects.create(candidate=make_candidate(), text="Minha", author=administrator)
        for name in ("note_edit", "note_delete", "note_restore"):
            assert page.post(url(name, note.pk), {"text": "x"}).status_code == 403
        assert Note.objects.get().text == "Minha"

    def test_a_hiring_manager_writes_on_people_of_own_jobs_alone(self, client, manager):
        job, other = make_job(), make_candidate()
        JobMember.objects.create(job=job, user=manager, part="hiring_manager")
        own = make_prospect(job=job).candidate
        client.force_login(manager)
        assert client.post(url("notes", own.code), {"text": "Gostei"}).status_code == 302
        assert client.post(url("notes", other.code), {"text": "Gostei"}).status_code == 404
        note = Note.objects.get()
        assert client.get(url("note_edit", note.pk)).content.decode().count("Gostei") == 1
        assert client.post(url("tags", own.code), {"name": "bom"}).status_code == 403

    def test_a_note_about_a_job_names_one_of_the_persons_jobs(self, page):
        candidate, other = make_candidate(), make_job()
        job = make_prospect(candidate=candidate).job
        page.post(url("notes", candidate.code), {"text": "Sobre a vaga", "job_code": job.code})
        page.post(url("notes", candidate.code), {"text": "Outra", "job_code": other.code})
        assert Note.objects.get().job_code == job.code


class TestTags:
    def test_a_tag_is_added_once_whatever_its_case_and_taken_off(self, page):
        candidate = make_candidate()
        for name in ("Java sênior", "  java  SÊNIOR ", "#java sênior"):
            page.post(url("tags", candidate.code), {"name": name})
        tag = Tag.objects.get()
        assert tag.name == "Java sênior"
        answer = page.post(url("tag_remove", candidate.code, tag.pk), headers=HTMX)
        assert url("tag_restore", candidate.code, tag.pk) in answer.content.decode()
        assert not candidate.tags.exists()
        page.post(url("tag_restore", candidate.code, tag.pk))
        assert candidate.tags.get() == tag

    @pytest.mark.parametrize(
        ("name", "told"), [(" ", "Write the tag"), ("x" * 41, "1 to 40"), ("x" * 41, "40")]
    )
    def test_what_is_no_tag_is_refused_with_a_sentence(self, page, name, told):
        text = page.post(url("tags", make_candidate().code), {"name": name}, headers=HTMX).content.decode()
        assert told.replace("1 to", "one to") in text
        assert not Tag.objects.exists()

    def test_tags_of_others_are_offered(self, page):
        make_candidate().tags.add(Tag.objects.create(name="recife"))
        assert '<option value="recife">' in page.get(make_candidate().get_absolute_url()).content.decode()


class TestForm:
    def test_somebody_new_is_added_with_skills_and_found(self, page):
        sent = {"name": "Ana Lima", "email": "ana@example.com", "cv_text": "desenvolvedora python e django"}
        answer = page.post(url("candidate_new"), sent)
        candidate = Candidate.objects.get()
        assert answer["Location"] == candidate.get_absolute_url()
        assert candidate.origin == "form"
        assert "django" in candidate.profiles.get().skills
        assert list(Candidate.objects.matching("django")) == [candidate]

    @pytest.mark.parametrize(
        ("values", "told"),
        [
            ({}, "Write at least a name"),
            ({"name": "Ana", "email": "ana"}, "This is no e-mail address"),
            ({"name": "Ana", "phone": "123"}, "at least eight digits"),
            ({"name": "Ana", "linkedin_url": "javascript:alert(1)"}, "This is no web address"),
            ({"name": "Ana", "salary_monthly": "-1"}, "not less than zero"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(self, page, values, told):
        text = page.post(url("candidate_new"), values).content.decode()
        assert told in text
        assert not Candidate.objects.exists()

    def test_who_is_there_already_is_shown_before_another_is_added(self, page):
        known = make_candidate(name="Ana Lima", email="ana@example.com")
        from candidates.duplicates import search_all

        search_all()
        sent = {"name": "Ana Souza Lima", "email": "ana@example.com"}
        text = page.post(url("candidate_new"), sent).content.decode()
        assert known.get_absolute_url() in text
        assert Candidate.objects.count() == 1
        page.post(url("candidate_new"), sent | {"anyway": "1"})
        assert Candidate.objects.count() == 2

    def test_an_edit_says_who_changed_what_and_refreshes_skills_and_search(self, page, recruiter):
        candidate = make_candidate(cv_text="java")
        page.post(url("candidate_edit", candidate.code), fields_of(candidate, cv_text="python e django"))
        candidate.refresh_from_db()
        assert (candidate.cv_text, candidate.edited_fields) == ("python e django", ["cv_text"])
        assert candidate.edited_at
        edit = CandidateEdit.objects.get()
        assert (edit.by, edit.fields) == (recruiter, ["cv_text"])
        assert "django" in candidate.profiles.get().skills

    def test_an_old_address_or_number_that_nobody_touched_does_not_stop_an_edit(self, page):
        candidate = make_candidate(email="sem", phone="12", linkedin_url="-")
        page.post(url("candidate_edit", candidate.code), fields_of(candidate, city="Olinda"))
        candidate.refresh_from_db()
        assert (candidate.city, candidate.email) == ("Olinda", "sem")

    def test_what_somebody_changed_meanwhile_is_said_and_not_overwritten_unseen(self, page, administrator):
        from candidates.creating import change_candidate

        candidate = make_candidate(city="Recife", phone="")
        stale = fields_of(candidate, city="Olinda")
        change_candidate(Candidate.objects.get(), {"phone": "81 3333-4444"}, by=administrator)
        text = page.post(url("candidate_edit", candidate.code), stale).content.decode()
        assert "administrator changed: phone" in text
        assert "81 3333-4444" in text
        candidate.refresh_from_db()
        assert (candidate.city, candidate.phone) == ("Recife", "81 3333-4444")
        again = stale | {"seen": candidate.updated_at.isoformat(), "phone": "81 3333-4444"}
        page.post(url("candidate_edit", candidate.code), again)
        candidate.refresh_from_db()
        assert (candidate.city, candidate.phone) == ("Olinda", "81 3333-4444")

    def test_a_hidden_person_is_not_edited(self, page):
        candidate = make_candidate()
        ReviewPolicy.objects.create(pk=1, blind_for_all=True)
        answer = page.get(url("candidate_edit", veiling.token(candidate.pk)))
        assert answer.status_code == 403
        assert "Reveal the person first" in answer.content.decode()

    def test_a_person_known_by_code_only_becomes_whole(self, page):
        stub = make_stub()
        page.post(url("candidate_edit", stub.code), fields_of(stub, name="Ana", cv_text="java"))
        stub.refresh_from_db()
        assert not stub.is_stub

    def test_whoever_only_reads_changes_nothing(self, client, auditor, manager):
        candidate = make_candidate()
        for user in (auditor, manager):
            client.force_login(user)
            assert client.get(url("candidate_new")).status_code == 403
            assert client.post(url("candidate_edit", candidate.code), {}).status_code in (403, 404)
