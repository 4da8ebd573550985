"""What jobs pay, in the rows: imported, imported again, and read from what earlier imports stored."""

import importlib
import json

import pytest
from django.apps import apps
from django.db import connection

from jobs import services
from jobs.models import Job
from tests.factories import make_job
from tests.jobs.test_importing import job_record

pytestmark = pytest.mark.django_db

migration = importlib.import_module("jobs.migrations.0005_read_job_salary")


def import_jobs(tmp_path, **prices):
    content = {"5185": job_record() | {"beneficios": prices}, "5186": job_record()}
    (tmp_path / "jobs.json").write_text(json.dumps(content))
    run = services.make_import({"jobs": tmp_path / "jobs.json"})
    services.run_import(run)
    return run.counts["jobs"]


def read_stored():
    with connection.schema_editor() as editor:
        migration.read_salaries(apps, editor)


def salaries():
    return dict(Job.objects.values_list("code", "salary_monthly"))


def test_an_import_stores_what_a_job_pays(tmp_path):
    import_jobs(tmp_path, valor_compra_1="R$ 7.000,00")
    assert salaries() == {"5185": 7000, "5186": None}


def test_a_new_price_is_an_update_and_the_same_one_is_none(tmp_path):
    import_jobs(tmp_path, valor_compra_1="R$ 7.000,00")
    assert import_jobs(tmp_path, valor_compra_1="R$ 7.000,00")["updated"] == 0
    assert import_jobs(tmp_path, valor_compra_1="R$ 7.500,00")["updated"] == 1
    assert salaries()["5185"] == 7500


def test_jobs_imported_before_pay_was_read_get_it_and_an_import_then_changes_nothing(tmp_path):
    import_jobs(tmp_path, valor_compra_1="60,00/hora")
    Job.objects.update(salary_monthly=None)
    before = Job.objects.get(code="5185").updated_at

    read_stored()

    assert salaries() == {"5185": 10080, "5186": None}
    assert Job.objects.get(code="5185").updated_at > before
    assert import_jobs(tmp_path, valor_compra_1="60,00/hora")["updated"] == 0


def test_equal_files_bring_pay_to_jobs_of_an_earlier_import(tmp_path):
    import_jobs(tmp_path, valor_compra_1="60,00/hora")
    Job.objects.update(salary_monthly=None)
    assert import_jobs(tmp_path, valor_compra_1="60,00/hora")["updated"] == 1
    assert salaries()["5185"] == 10080


@pytest.mark.parametrize("raw", [{}, {"beneficios": []}, {"beneficios": {"valor_compra_1": 7000}}, []])
def test_a_stored_record_of_any_shape_does_no_harm(raw):
    job = make_job(raw=raw, remarks="Salário de R$ 6.000,00")
    read_stored()
    job.refresh_from_db()
    assert job.salary_monthly == 6000


def test_pay_that_is_there_already_stays(tmp_path):
    job = make_job(raw={"beneficios": {"valor_compra_1": "R$ 7.000,00"}}, salary_monthly=5000)
    read_stored()
    job.refresh_from_db()
    assert job.salary_monthly == 5000
