import datetime

import pytest
from django.urls import reverse

from jobs import editing
from jobs.models import Job, JobStatus, Requirement
from tests.factories import make_job, make_user

pytestmark = pytest.mark.django_db
WRITTEN = {
    "title": "Engenheira de Dados",
    "client": "Cedro",
    "city": "Recife",
    "competences": "python e spark obrigatórios; airflow desejável",
    "contract_types": ["clt", "pj"],
    "salary_monthly": "12000.50",
}


def text(response):
    return response.content.decode()


def asked(job):
    return set(job.requirements.values_list("value", flat=True))


class TestNewJob:
    def test_who_makes_a_job_works_on_it_and_its_text_is_read(self, page, recruiter):
        response = page.post(reverse("jobs:job_new"), WRITTEN)
        job = Job.objects.get()
        assert job.code == f"P-{job.pk}"
        assert list(job.members.all()) == [recruiter]
        assert {"python", "spark"} <= asked(job)
        assert (job.status, job.contract_types) == (JobStatus.OPEN, ["clt", "pj"])
        assert job.requested_on is not None
        assert list(Job.objects.matching("engenheira")) == [job]
        assert response.headers["Location"].startswith(job.get_absolute_url())

    def test_its_code_is_of_no_other_job(self, page):
        page.post(reverse("jobs:job_new"), WRITTEN)
        number = Job.objects.get().pk
        make_job(code=f"P-{number + 2}")  # which takes number + 1 itself
        page.post(reverse("jobs:job_new"), WRITTEN | {"title": "Outra"})
        assert Job.objects.get(title="Outra").code == f"P-{number + 3}"

    def test_what_is_wrong_is_said_and_what_was_written_stays(self, page):
        sent = WRITTEN | {"title": " ", "requested_on": "2026-05-02", "deadline_on": "2026-05-01"}
        shown = text(page.post(reverse("jobs:job_new"), sent))
        assert "The job was not saved" in shown
        assert "before the day of the request" in shown
        assert "python e spark" in shown
        assert not Job.objects.exists()

    @pytest.mark.parametrize("group", ["Hiring managers", "Auditors", "Integrations", None])
    def test_only_recruiters_and_administrators_may(self, client, group):
        user = make_user("somebody", group)
        client.force_login(user)
        job = make_job()
        addresses = [
            reverse("jobs:job_new"),
            reverse("jobs:job_edit", args=[job.code]),
            reverse("jobs:job_status", args=[job.code]),
        ]
        for address in addresses:
            response = client.post(address, WRITTEN | {"status": "filled"})
            assert response.status_code in (403, 404)
        assert Job.objects.get().status == "open"


class TestEditing:
    def test_requirements_and_search_follow_the_text(self, page):
        page.post(reverse("jobs:job_new"), WRITTEN)
        job = Job.objects.get()
        changed = WRITTEN | {
            "title": "Arquiteta Java",
            "competences": "java obrigatório",
            "seen": editing.stamp(job),
        }
        assert page.post(reverse("jobs:job_edit", args=[job.code]), changed).status_code == 302
        assert "java" in asked(job)
        assert "python" not in asked(job)
        assert list(Job.objects.matching("arquiteta")) == [job]

    def test_who_saves_after_somebody_else_is_told_and_may_save_again(self, page):
        job = make_job(title="Antes")
        address = reverse("jobs:job_edit", args=[job.code])
        page.post(address, WRITTEN | {"title": "Da primeira"})

        answer = page.post(address, WRITTEN | {"title": "Da segunda"})

        assert "Somebody else saved this job" in text(answer)
        assert "Da segunda" in text(answer)
        job.refresh_from_db()
        assert job.title == "Da primeira"
        seen = answer.context["form"].data["seen"]
        page.post(address, WRITTEN | {"title": "Da segunda", "seen": seen})
        job.refresh_from_db()
        assert job.title == "Da segunda"

    def test_a_form_leaves_alone_what_it_does_not_write(self, page, monkeypatch):
        job = make_job()
        really = editing.save

        def save_after_somebody_made_it_blind(job, *rest, **more):
            Job.objects.filter(pk=job.pk).update(blind=True)
            return really(job, *rest, **more)

        monkeypatch.setattr(editing, "save", save_after_somebody_made_it_blind)
        page.post(reverse("jobs:job_edit", args=[job.code]), WRITTEN)
        job.refresh_from_db()
        assert (job.title, job.blind) == (WRITTEN["title"], True)

    def test_what_people_wrote_of_the_requirements_stays(self, page):
        page.post(reverse("jobs:job_new"), WRITTEN)
        job = Job.objects.get()
        Job.objects.update(requirements_edited_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
        Requirement.objects.filter(job=job).exclude(value="python").delete()
        page.post(reverse("jobs:job_edit", args=[job.code]), WRITTEN | {"competences": "java"})
        assert asked(job) == {"python"}

    def test_what_the_form_does_not_show_stays(self, page):
        job = make_job(raw={"a": 1}, contract_types=["clt_quota"], modality="CLT", blind=True)
        shown = text(page.get(reverse("jobs:job_edit", args=[job.code])))
        assert 'value="clt_quota"' in shown
        page.post(reverse("jobs:job_edit", args=[job.code]), WRITTEN | {"contract_types": ["clt_quota"]})
        job.refresh_from_db()
        assert (job.raw, job.contract_types, job.modality, job.blind) == (
            {"a": 1},
            ["clt_quota"],
            "CLT",
            True,
        )
        assert job.edited_at is not None


class TestStatus:
    def test_it_is_set_and_taken_back(self, page):
        job = make_job()
        page.post(reverse("jobs:job_status", args=[job.code]), {"status": "filled"})
        assert Job.objects.get().status == "filled"
        assert Job.objects.get().status_set_at is not None
        shown = page.get(job.get_absolute_url())
        [message] = shown.context["messages"]
        undo = message.extra_tags
        assert f'action="{undo.replace("&", "&amp;")}"' in text(shown)
        page.post(undo)
        assert Job.objects.get().status == "open"
        assert Job.objects.get().status_set_at is None

    def test_a_wrong_one_is_said(self, page):
        job = make_job()
        response = page.post(reverse("jobs:job_status", args=[job.code]), {"status": "gone"}, follow=True)
        assert "Choose one of the statuses." in text(response)
        assert Job.objects.get().status == "open"
