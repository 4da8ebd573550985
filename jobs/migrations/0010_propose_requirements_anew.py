"""Skills were split and what asks for one is read better: lists that nobody edited are proposed anew.

An empty search vector is the mark; `manage.py refresh`, or the next import, does the work.
"""

from django.db import migrations
from django.db.models.functions import Now


def mark(apps, schema_editor):
    jobs = apps.get_model("jobs", "Job").objects.using(schema_editor.connection.alias)
    unedited = jobs.filter(is_stub=False, requirements_edited_at=None)
    # What is cached of jobs sees by the time of change that it is of others
    unedited.update(search_vector=None, updated_at=Now())


class Migration(migrations.Migration):
    dependencies = [("jobs", "0009_merging")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
