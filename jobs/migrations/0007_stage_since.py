"""Prospects of before: at their stage since the last change, else since they applied."""

from django.db import migrations

FILL = """
UPDATE jobs_prospect p SET stage_since = coalesce(
    (SELECT max(c.changed_at) FROM jobs_stagechange c WHERE c.prospect_id = p.id AND c.source = 'person'),
    p.updated_on::timestamp AT TIME ZONE 'America/Sao_Paulo',
    p.applied_on::timestamp AT TIME ZONE 'America/Sao_Paulo')
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_workbench")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
