import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates.models import ImportRun, RejectedRecord, RunState
from jobs import services
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("jobs:import_list"), reverse("jobs:import_new")
FRAGMENT = {"HX-Request": "true"}
COUNTS = {
    "applicants": {
        "read": 1500,
        "created": 3,
        "updated": 2,
        "unchanged": 1490,
        "rejected": 5,
        "duplicates": 0,
    },
    "prospects": {"read": 40, "created": 40, "updated": 0, "unchanged": 0, "rejected": 0, "stubs": 7},
    "seconds": {"load": 1.5},
    "profiles": 1500,
}


@pytest.fixture
def queued(monkeypatch):
    sent = []
    monkeypatch.setattr(services, "send_on_commit", lambda task, pk: sent.append(pk))
    return sent


def make_run(**values):
    values.setdefault("files", [{"kind": "applicants", "name": "applicants.json", "path": "", "bytes": 2048}])
    return ImportRun.objects.create(**values)


def upload(content, name="applicants.json"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else json.dumps(content).encode())


def reject(run, number, kind="applicants"):
    RejectedRecord.objects.bulk_create(
        RejectedRecord(
            run=run,
            kind=kind,
            key=f"{kind}-{n}",
            field="infos_basicas.nome",
            reason="A text was expected here.",
        )
        for n in range(number)
    )


class TestWhoMay:
    def addresses(self):
        run = make_run()
        return [LIST, NEW, run.get_absolute_url()]

    def test_strangers_are_asked_to_sign_in(self, client):
        assert [client.get(address).status_code for address in self.addresses()] == [302] * 3

    def test_recruiters_are_told_whom_to_ask(self, page):
        for address in self.addresses():
            response = page.get(address)
            assert response.status_code == 403
            assert "Ask an administrator" in text_of(response)
            assert_no_inline_code(response)

    def test_recruiters_cannot_start_one(self, page, queued):
        again = reverse("jobs:import_again", args=[make_run().pk])
        assert page.post(NEW, {"applicants": upload({"1": {}})}).status_code == 403
        assert page.post(again).status_code == 403
        assert ImportRun.objects.count() == 1
        assert not queued

    def test_administrators_may(self, admin_page):
        assert [admin_page.get(address).status_code for address in self.addresses()] == [200] * 3


class TestList:
    def test_no_import_yet_teaches_how(self, admin_page):
        html = text_of(admin_page.get(LIST))
        assert "Nothing was imported yet" in html
        assert NEW in html

    def test_it_shows_state_counts_and_person(self, admin_page, administrator):
        run = make_run(state=RunState.DONE, counts=COUNTS, requested_by=administrator)
        html = text_of(admin_page.get(LIST))
        assert f'href="{run.get_absolute_url()}"' in html
        for wanted in ("done", "administrator", "1,540", ">43<", ">5<"):
            assert wanted in html

    def test_an_import_that_changed_nothing_says_so(self, admin_page):
        make_run(state=RunState.DONE, counts={"jobs": {"read": 9, "unchanged": 9}})
        assert "nothing changed" in text_of(admin_page.get(LIST))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_is_constant(
        self, admin_page, administrator, rows, django_assert_num_queries
    ):
        for _ in range(rows):
            make_run(requested_by=administrator, counts=COUNTS)
        admin_page.get(LIST)
        with django_assert_num_queries(4):  # person, count, rows
            admin_page.get(LIST)

    def test_it_has_no_inline_code(self, admin_page):
        make_run()
        assert_no_inline_code(admin_page.get(LIST))


class TestNew:
    def test_no_file_is_an_error_in_words(self, admin_page, queued):
        response = admin_page.post(NEW, {})
        assert response.status_code == 422
        assert "Choose at least one file." in text_of(response)
        assert not queued

    def test_an_empty_file_is_refused_at_its_field(self, admin_page, queued):
        response = admin_page.post(NEW, {"jobs": upload(b"", "vagas.json")})
        assert response.status_code == 422
        assert "jobs" in response.context["form"].errors
        assert not queued

    def test_a_file_over_the_limit_is_refused_with_the_way_out(self, admin_page, queued, monkeypatch):
        monkeypatch.setattr("jobs.import_forms.MOST_BYTES", 3)
        response = admin_page.post(NEW, {"applicants": upload({"1": {}})})
        assert response.status_code == 422
        assert "manage.py import_data" in text_of(response)
        assert not queued

    def test_files_are_kept_and_queued_in_the_administrators_name(self, admin_page, administrator, queued):
        files = {"applicants": upload({"1": {}}), "prospects": upload({"2": {}}, "prospects.json")}
        response = admin_page.post(NEW, files)
        run = ImportRun.objects.get()
        assert response.headers["Location"] == run.get_absolute_url()
        assert [file["kind"] for file in run.files] == ["applicants", "prospects"]
        assert run.requested_by == administrator
        assert queued == [run.pk]

    def test_a_signed_in_persons_browser_must_show_its_token(self, administrator):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(administrator)
        assert client.post(NEW, {"applicants": upload({"1": {}})}).status_code == 403

    def test_it_says_what_the_files_are(self, admin_page):
        response = admin_page.get(NEW)
        html = text_of(response)
        assert html.count('type="file"') == 3
        assert 'enctype="multipart/form-data"' in html
        for wanted in ("applicants.json", "vagas.json", "prospects.json", "2.0\xa0GB", "The same file again"):
            assert wanted in html
        assert_no_inline_code(response)


class TestFromUploadToResult:
    def test_a_real_file_goes_in_and_the_page_says_what_became_of_it(self, admin_page, queued):
        people = {"31000": {"infos_basicas": {"nome": "Ana", "codigo_profissional": "31000"}}, "31001": []}
        admin_page.post(NEW, {"applicants": upload(people)})
        run = ImportRun.objects.get()
        services.run_import(run)
        html = text_of(admin_page.get(run.get_absolute_url()))
        assert '<td class="num" data-label="Created">1</td>' in html
        assert '<td class="num" data-label="Rejected">1</td>' in html
        assert "An object was expected here." in html

    def test_a_file_that_is_cut_off_shows_the_sentence_and_what_to_do(self, admin_page, queued):
        admin_page.post(NEW, {"applicants": upload(b'{"31000": {"infos_basicas": {"nome": "A')})
        run = ImportRun.objects.get()
        services.run_import(run)
        html = text_of(admin_page.get(run.get_absolute_url()))
        assert "is cut off" in html
        assert "give the file again" in html


class TestDetail:
    def test_an_unknown_run_is_not_found(self, admin_page):
        assert admin_page.get(reverse("jobs:import_detail", args=[1])).status_code == 404

    def test_a_running_import_asks_again_every_two_seconds(self, admin_page):
        run = make_run(state=RunState.RUNNING, progress=0.42, step="Reading applicants")
        whole, part = (
            admin_page.get(run.get_absolute_url()),
            admin_page.get(run.get_absolute_url(), headers=FRAGMENT),
        )
        assert 'hx-trigger="every 2s"' in text_of(whole)
        assert part.status_code == 200
        assert "<html" not in text_of(part)
        for wanted in ("42 %", "Reading applicants", "Refresh"):
            assert wanted in text_of(part)
        assert "HX-Request" in part.headers["Vary"]

    def test_one_that_waits_says_what_may_be_wrong(self, admin_page):
        assert "whether the workers run" in text_of(admin_page.get(make_run().get_absolute_url()))

    @pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED])
    def test_at_the_end_nobody_asks_again(self, admin_page, state):
        run = make_run(state=state, counts=COUNTS, error="Broken." if state == RunState.FAILED else "")
        assert "every 2s" not in text_of(admin_page.get(run.get_absolute_url()))
        assert admin_page.get(run.get_absolute_url(), headers=FRAGMENT).status_code == 286

    def test_counts_stand_by_file_in_the_order_of_the_import(self, admin_page):
        html = text_of(admin_page.get(make_run(state=RunState.DONE, counts=COUNTS).get_absolute_url()))
        assert html.index("applicants</th>") < html.index("prospects</th>")
        assert '<td class="num" data-label="Unchanged">1,490</td>' in html
        assert '<td class="num" data-label="New without own record">7</td>' in html

    def test_nothing_changed_is_said_plainly(self, admin_page):
        run = make_run(state=RunState.DONE, counts={"jobs": {"read": 9, "unchanged": 9}})
        html = text_of(admin_page.get(run.get_absolute_url()))
        assert "Nothing changed" in html
        assert "No record was rejected." in html

    def test_rejected_records_have_key_field_and_reason(self, admin_page):
        run = make_run(state=RunState.DONE, counts=COUNTS)
        reject(run, 1)
        html = text_of(admin_page.get(run.get_absolute_url()))
        for wanted in ("applicants-0", "infos_basicas.nome", "A text was expected here."):
            assert wanted in html

    def test_when_not_all_are_kept_it_says_how_many_are(self, admin_page):
        run = make_run(state=RunState.DONE, counts=COUNTS)
        reject(run, 2)
        assert "2 of 5 records are listed" in text_of(admin_page.get(run.get_absolute_url()))

    def test_rejected_records_can_be_kept_to_one_file_and_turned_by_page(self, admin_page):
        run = make_run(state=RunState.DONE, counts=COUNTS)
        reject(run, 60)
        reject(run, 2, kind="jobs")
        address = run.get_absolute_url()
        assert len(admin_page.get(address).context["page"]) == 50
        assert len(admin_page.get(address, {"page": 2}).context["page"]) == 12
        assert [row.key for row in admin_page.get(address, {"kind": "jobs"}).context["page"]] == [
            "jobs-0",
            "jobs-1",
        ]
        assert "?kind=applicants&amp;page=2" in text_of(admin_page.get(address, {"kind": "applicants"}))
        assert len(admin_page.get(address, {"kind": "nonsense"}).context["page"]) == 50

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_is_constant(
        self, admin_page, administrator, rows, django_assert_num_queries
    ):
        run = make_run(state=RunState.DONE, counts=COUNTS, requested_by=administrator)
        reject(run, rows)
        admin_page.get(run.get_absolute_url())
        with django_assert_num_queries(6):  # person, run, rejected by file, their number, their page
            admin_page.get(run.get_absolute_url())

    def test_it_has_no_inline_code(self, admin_page):
        assert_no_inline_code(admin_page.get(make_run(state=RunState.RUNNING).get_absolute_url()))


class TestAgain:
    def test_a_failed_import_can_be_tried_again_while_its_files_are_there(self, admin_page, queued, tmp_path):
        path = tmp_path / "applicants.json"
        path.write_text("{}")
        files = [{"kind": "applicants", "name": path.name, "path": str(path), "bytes": 2}]
        failed = make_run(state=RunState.FAILED, error="The worker stopped.", files=files)
        again = reverse("jobs:import_again", args=[failed.pk])
        assert again in text_of(admin_page.get(failed.get_absolute_url()))
        response = admin_page.post(again)
        run = ImportRun.objects.latest("pk")
        assert run != failed
        assert response.headers["Location"] == run.get_absolute_url()
        assert queued == [run.pk]

    def test_without_its_files_they_are_asked_for(self, admin_page, queued):
        failed = make_run(state=RunState.FAILED, error="The worker stopped.")
        again = reverse("jobs:import_again", args=[failed.pk])
        assert again not in text_of(admin_page.get(failed.get_absolute_url()))
        response = admin_page.post(again, follow=True)
        assert "choose them again" in text_of(response)
        assert not queued

    def test_it_refuses_get(self, admin_page):
        assert admin_page.get(reverse("jobs:import_again", args=[make_run().pk])).status_code == 405


@pytest.mark.parametrize(("right", "status"), [("add_importrun", 200), ("view_importrun", 200), ("", 403)])
def test_whoever_may_start_imports_or_read_them_sees_them(client, recruiter, right, status):
    recruiter.user_permissions.set(Permission.objects.filter(codename=right))
    client.force_login(recruiter)
    answer = client.get(LIST)
    assert answer.status_code == status
    assert (NEW in answer.text) == (right == "add_importrun")
