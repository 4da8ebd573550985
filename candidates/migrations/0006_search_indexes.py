"""Names are found whatever their accents, places are listed quickly, and vectors have another content now.

The vectors are emptied: what keeps them filled (``candidates.tasks.refresh_search``, imports) builds them anew.
"""

from django.db import migrations

# unaccent() counts as changeable, for its dictionary could be replaced; an index needs to be told that it is not
CREATE = """
CREATE FUNCTION peneira_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;
CREATE INDEX candidate_plain_name ON candidates_candidate USING gin (peneira_plain(name) gin_trgm_ops);
CREATE INDEX candidate_state ON candidates_candidate (state);
CREATE INDEX candidate_unsearchable ON candidates_candidate (id) WHERE search_vector IS NULL;
"""
DROP = """
DROP INDEX candidate_unsearchable;
DROP INDEX candidate_state;
DROP INDEX candidate_plain_name;
DROP FUNCTION peneira_plain(text);
"""
EMPTY = "UPDATE candidates_candidate SET search_vector = NULL WHERE search_vector IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("candidates", "0005_merging")]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.RunSQL(CREATE, DROP),
    ]
