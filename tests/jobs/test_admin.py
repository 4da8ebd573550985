import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from candidates.models import Demographics, ImportRun, RejectedRecord, RunState
from jobs import services, tasks
from tests.candidates.test_importing_records import applicant
from tests.factories import make_candidate, make_job, make_prospect
from tests.jobs.test_services import upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "model", ["candidates_candidate", "candidates_importrun", "jobs_job", "jobs_prospect"]
)
def test_lists_and_single_rows_open(admin_page, model):
    make_prospect()
    RejectedRecord.objects.create(run=ImportRun.objects.create(), kind="jobs", key="1", reason="x")
    assert admin_page.get(reverse(f"admin:{model}_changelist")).status_code == 200
    row = reverse(f"admin:{model}_changelist")
    pk = apps.get_model(model.replace("_", ".")).objects.first().pk
    assert admin_page.get(f"{row}{pk}/change/").status_code == 200


@pytest.mark.parametrize("model", ["candidates_candidate", "candidates_importrun", "jobs_prospect"])
def test_rows_are_not_made_here(admin_page, model):
    assert admin_page.get(reverse(f"admin:{model}_add")).status_code == 403


def test_a_candidate_shows_no_protected_attribute(admin_page):
    candidate = make_candidate()
    Demographics.objects.create(candidate=candidate, sex="Feminino", marital_status="Viúvo")
    page = admin_page.get(reverse("admin:candidates_candidate_change", args=[candidate.pk])).content.decode()
    assert candidate.name in page
    assert "Feminino" not in page
    assert "Viúvo" not in page


def test_the_list_of_candidates_reads_no_long_texts(admin_page):
    for _ in range(3):
        make_candidate()
    with CaptureQueriesContext(connection) as queries:
        admin_page.get(reverse("admin:candidates_candidate_changelist"))
    assert not any('"candidates_candidate"."cv_text"' in query["sql"] for query in queries)


def test_requirements_of_a_job_are_kept_elsewhere_where_protected_criteria_are_refused(admin_page):
    job = make_job()
    url = reverse("admin:jobs_job_change", args=[job.pk])
    data = {
        "requirements-TOTAL_FORMS": "1",
        "requirements-INITIAL_FORMS": "0",
        "requirements-0-job": job.pk,
        "requirements-0-kind": "words",
        "requirements-0-value": "mulher",
        "requirements-0-must": "on",
    }
    admin_page.post(url, data)
    assert not job.requirements.exists()
    assert admin_page.get(url).status_code == 200


def test_a_failed_import_is_queued_again_from_the_list(
    admin_page, administrator, django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr(tasks.run_import, "delay", lambda pk: sent.append(pk))
    run = services.make_import({"applicants": upload({"31000": applicant()})}, by=administrator)
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, finished_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        admin_page.post(
            reverse("admin:candidates_importrun_changelist"),
            {"action": "queue_again", "_selected_action": [run.pk]},
        )
    again = ImportRun.objects.latest("pk")
    assert sent == [again.pk]
    assert (again.state, again.files) == (RunState.QUEUED, run.files)
