"""How many people there are and when the last one changed, from an index alone: each ranked list asks."""

from django.db import migrations

CREATE = "CREATE INDEX candidate_changes ON candidates_candidate (updated_at) WHERE merged_into_id IS NULL"
DROP = "DROP INDEX candidate_changes"


class Migration(migrations.Migration):
    dependencies = [("candidates", "0013_webhook_held_until")]

    operations = [migrations.RunSQL(CREATE, DROP)]
