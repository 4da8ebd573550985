"""Jobs imported before their pay was read get it from what is stored, as an import of the file would."""

from django.db import migrations
from django.db.models.functions import Now

from jobs.pay import read_pay

BATCH = 1_000


def read_salaries(apps, schema_editor):
    jobs = apps.get_model("jobs", "Job").objects.using(schema_editor.connection.alias)
    unread = jobs.filter(salary_monthly=None, is_stub=False).only(
        "raw", "remarks", "activities", "competences"
    )
    found = []
    for job in unread.iterator(chunk_size=BATCH):
        benefits = job.raw.get("beneficios") if isinstance(job.raw, dict) else None
        job.salary_monthly = read_pay(*_purchase(benefits), job.remarks, job.activities, job.competences)
        if job.salary_monthly is not None:
            found.append(job)
    jobs.bulk_update(found, ["salary_monthly"], batch_size=BATCH)
    # Feature caches see by the time of change that a job is another
    for start in range(0, len(found), BATCH):
        jobs.filter(pk__in=[job.pk for job in found[start : start + BATCH]]).update(updated_at=Now())


def _purchase(benefits):
    fields = benefits if isinstance(benefits, dict) else {}
    return [
        text if isinstance(text := fields.get(name), str) else ""
        for name in ("valor_compra_1", "valor_compra_2")
    ]


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_job_salary")]

    operations = [migrations.RunPython(read_salaries, migrations.RunPython.noop)]
