"""The index of words without merged people: who is one is told by a late column of each row that is found.

How many people there are and when the last one changed is asked no more (candidates.integration.changes.newest),
so its index goes.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0015_webhook_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="candidate", name="candidate_search"),
        migrations.AddIndex(
            model_name="candidate",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("merged_into", None)), fields=["search_vector"], name="candidate_search"
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX candidate_changes",
            "CREATE INDEX candidate_changes ON candidates_candidate (updated_at) WHERE merged_into_id IS NULL",
        ),
    ]
