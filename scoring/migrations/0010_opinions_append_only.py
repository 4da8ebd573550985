"""The database itself refuses to change or remove opinions and exposures (see candidates 0001)."""

from django.db import migrations

TABLES = ("scoring_feedback", "scoring_exposure", "scoring_jobweights")
CREATE = """
CREATE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE ON {0}
    FOR EACH ROW EXECUTE FUNCTION peneira_append_only();
CREATE TRIGGER {0}_no_truncate BEFORE TRUNCATE ON {0}
    FOR EACH STATEMENT EXECUTE FUNCTION peneira_append_only();
"""
DROP = """
DROP TRIGGER {0}_append_only ON {0};
DROP TRIGGER {0}_no_truncate ON {0};
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0009_workbench")]

    operations = [migrations.RunSQL(CREATE.format(table), DROP.format(table)) for table in TABLES]
