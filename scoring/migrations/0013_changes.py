"""New feedback is noted for other systems (see candidates 0011)."""

from django.db import migrations

CREATE = "SELECT peneira_note_changes_of('scoring_feedback', 'feedback', '');"
DROP = "SELECT peneira_forget_changes_of('scoring_feedback');"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0012_review"), ("candidates", "0011_changes")]

    operations = [migrations.RunSQL(CREATE, DROP)]
