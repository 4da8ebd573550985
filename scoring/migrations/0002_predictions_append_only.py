"""The database itself refuses to change or remove rows of scoring_prediction (see candidates 0001)."""

from django.db import migrations

CREATE = """
CREATE TRIGGER scoring_prediction_append_only BEFORE UPDATE OR DELETE ON scoring_prediction
    FOR EACH ROW EXECUTE FUNCTION peneira_append_only();
CREATE TRIGGER scoring_prediction_no_truncate BEFORE TRUNCATE ON scoring_prediction
    FOR EACH STATEMENT EXECUTE FUNCTION peneira_append_only();
"""
DROP = """
DROP TRIGGER scoring_prediction_append_only ON scoring_prediction;
DROP TRIGGER scoring_prediction_no_truncate ON scoring_prediction;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial"), ("candidates", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
