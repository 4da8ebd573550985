"""The database itself refuses to change or remove rows of jobs_stagechange (see candidates 0001)."""

from django.db import migrations

CREATE = """
CREATE TRIGGER jobs_stagechange_append_only BEFORE UPDATE OR DELETE ON jobs_stagechange
    FOR EACH ROW EXECUTE FUNCTION peneira_append_only();
CREATE TRIGGER jobs_stagechange_no_truncate BEFORE TRUNCATE ON jobs_stagechange
    FOR EACH STATEMENT EXECUTE FUNCTION peneira_append_only();
"""
DROP = """
DROP TRIGGER jobs_stagechange_append_only ON jobs_stagechange;
DROP TRIGGER jobs_stagechange_no_truncate ON jobs_stagechange;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("candidates", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
