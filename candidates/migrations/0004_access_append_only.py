"""The database itself refuses to change or remove rows of candidates_accessevent (see 0001)."""

from django.db import migrations

CREATE = """
CREATE TRIGGER candidates_accessevent_append_only BEFORE UPDATE OR DELETE ON candidates_accessevent
    FOR EACH ROW EXECUTE FUNCTION peneira_append_only();
CREATE TRIGGER candidates_accessevent_no_truncate BEFORE TRUNCATE ON candidates_accessevent
    FOR EACH STATEMENT EXECUTE FUNCTION peneira_append_only();
"""
DROP = """
DROP TRIGGER candidates_accessevent_append_only ON candidates_accessevent;
DROP TRIGGER candidates_accessevent_no_truncate ON candidates_accessevent;
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0003_workbench")]

    operations = [migrations.RunSQL(CREATE, DROP)]
