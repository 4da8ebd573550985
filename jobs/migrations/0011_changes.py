"""Changes of jobs and prospects are noted for other systems (see candidates 0011)."""

from django.db import migrations

CREATE = """
SELECT peneira_note_changes_of('jobs_job', 'job', 'code', 'search_vector', 'raw', 'status_set_at', 'requirements_edited_at');
SELECT peneira_note_changes_of('jobs_prospect', 'prospect', '');
"""
DROP = """
SELECT peneira_forget_changes_of('jobs_prospect');
SELECT peneira_forget_changes_of('jobs_job');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0010_propose_requirements_anew"),
        ("candidates", "0011_changes"),
    ]

    operations = [migrations.RunSQL(CREATE, DROP)]
