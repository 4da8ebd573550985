"""The database notes each change of a row that other systems pull (candidates.integration.sync).

Statement-level triggers: an import of 42,000 rows notes them in one INSERT. Rows are taken in the order of
their ids, so that two statements that touch the same rows wait for each other and do not lock crosswise.
The first argument is the kind, the second the column with the code ("" for none); the others are columns
that no other system is shown: noting a change of these alone would tell the same state twice. What is shown,
also updated_at, must not be among them: it would be missed.
"""

from django.db import migrations

FUNCTION = """
CREATE SEQUENCE candidates_change_number;

CREATE FUNCTION peneira_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    code text := CASE WHEN TG_ARGV[1] = '' THEN quote_literal('') ELSE quote_ident(TG_ARGV[1]) END;
    source text := 'new_rows AS r';
    seen text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        source := 'old_rows AS r';
    ELSIF TG_OP = 'UPDATE' THEN
        -- Texts last: most often a time tells
        SELECT string_agg(format('(o.%1$I IS DISTINCT FROM r.%1$I)', attname), ' OR '
            ORDER BY attlen < 0, attnum) INTO seen
        FROM pg_attribute
        WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attname <> ALL (TG_ARGV[2:]);
        source := format('new_rows AS r JOIN old_rows AS o USING (id) WHERE %s', seen);
        code := CASE WHEN TG_ARGV[1] = '' THEN code ELSE 'r.' || code END;
    END IF;
    EXECUTE format(
        'INSERT INTO candidates_change (kind, object_id, code, seq, at, gone)
         SELECT %L, id, %s, NULL, clock_timestamp(), %L::boolean FROM %s ORDER BY id
         ON CONFLICT (kind, object_id)
         DO UPDATE SET seq = NULL, at = excluded.at, code = excluded.code, gone = excluded.gone',
        TG_ARGV[0], code, TG_OP = 'DELETE', source);
    RETURN NULL;
END $$;

CREATE FUNCTION peneira_note_changes_of(rel regclass, kind text, code text, VARIADIC unseen text[] DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    arguments text;
BEGIN
    SELECT string_agg(quote_literal(a), ', ') INTO arguments FROM unnest(array[kind, code] || unseen) AS a;
    EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION peneira_note_change(%s)', rel, arguments);
    EXECUTE format('CREATE TRIGGER note_update AFTER UPDATE ON %s
        REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION peneira_note_change(%s)', rel, arguments);
    EXECUTE format('CREATE TRIGGER note_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION peneira_note_change(%s)', rel, arguments);
    EXECUTE format('INSERT INTO candidates_change (kind, object_id, code, seq, at, gone)
        SELECT %L, id, %s, NULL, now(), false FROM %s ORDER BY id
        ON CONFLICT (kind, object_id) DO NOTHING',
        kind, CASE WHEN code = '' THEN quote_literal('') ELSE quote_ident(code) END, rel);
END $$;

CREATE FUNCTION peneira_forget_changes_of(rel regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER note_insert ON %s', rel);
    EXECUTE format('DROP TRIGGER note_update ON %s', rel);
    EXECUTE format('DROP TRIGGER note_delete ON %s', rel);
END $$;
"""
NO_FUNCTION = """
DROP FUNCTION peneira_forget_changes_of;
DROP FUNCTION peneira_note_changes_of;
DROP FUNCTION peneira_note_change;
DROP SEQUENCE candidates_change_number;
"""
HERE = """
SELECT peneira_note_changes_of('candidates_candidate', 'candidate', 'code', 'search_vector', 'raw', 'edited_at', 'edited_fields');
SELECT peneira_note_changes_of('candidates_document', 'document', '', 'heartbeat_at', 'proposed', 'text', 'file');
"""
NOT_HERE = """
SELECT peneira_forget_changes_of('candidates_document');
SELECT peneira_forget_changes_of('candidates_candidate');
"""
APPEND_ONLY = """
CREATE TRIGGER candidates_apicall_append_only BEFORE UPDATE OR DELETE ON candidates_apicall
    FOR EACH ROW EXECUTE FUNCTION peneira_append_only();
CREATE TRIGGER candidates_apicall_no_truncate BEFORE TRUNCATE ON candidates_apicall
    FOR EACH STATEMENT EXECUTE FUNCTION peneira_append_only();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER candidates_apicall_append_only ON candidates_apicall;
DROP TRIGGER candidates_apicall_no_truncate ON candidates_apicall;
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0010_integration")]

    operations = [
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        migrations.RunSQL(HERE, NOT_HERE),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
