"""Jobs imported before their pay was read get it from what is stored, as an import of the file would."""

from django.db import migrations
from django.db.models.functions import Now

from jobs.pay import read_pay

BATCH = 1_000


def read_salaries(apps, schema_editor):
    jobs = apps.get_model("jobs", "Job").objects.using(schema_editor.connection.alias)
    found = []
    for job in jobs.filter(salary_monthly=None, is_stub=False).only("raw", "remarks").iterator(BATCH):
        job.salary_monthly = read_pay(_purchase(job.raw), job.remarks)
        if job.salary_monthly is not None:
            found.append(job)
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        jobs.bulk_update(some, ["salary_monthly"])
        # What is cached of jobs sees by the time of change that it is of others
        jobs.filter(pk__in=[job.pk for job in some]).update(updated_at=Now())


def _purchase(raw):
    benefits = raw.get("beneficios") if isinstance(raw, dict) else None
    text = benefits.get("valor_compra_1") if isinstance(benefits, dict) else None
    return text if isinstance(text, str) else ""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_job_salary")]

    operations = [migrations.RunPython(read_salaries, migrations.RunPython.noop)]
