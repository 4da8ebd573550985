"""Names are found whatever their accents, lists are sorted quickly, and vectors have another content now.

The vectors are emptied: what keeps them filled (``candidates.tasks.refresh_search``, imports) builds them anew.
"""

from django.db import migrations

# unaccent() counts as changeable, for its dictionary could be replaced; an index needs to be told that it is not
# "peneira_people" reads texts about people without what leads to them (candidates/search/indexing.py)
CREATE = """
CREATE TEXT SEARCH CONFIGURATION peneira_people (COPY = peneira_portuguese);
ALTER TEXT SEARCH CONFIGURATION peneira_people DROP MAPPING FOR email, url, url_path, int;
CREATE FUNCTION peneira_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;
CREATE INDEX candidate_plain_name ON candidates_candidate USING gin (peneira_plain(name) gin_trgm_ops);
CREATE INDEX candidate_name_order ON candidates_candidate (is_stub, name, id);
CREATE INDEX candidate_newest ON candidates_candidate (source_created_at DESC NULLS LAST, id DESC);
CREATE INDEX candidate_state ON candidates_candidate (state);
CREATE INDEX candidate_unsearchable ON candidates_candidate (id) WHERE search_vector IS NULL;
"""
DROP = """
DROP INDEX candidate_unsearchable;
DROP INDEX candidate_newest;
DROP INDEX candidate_name_order;
DROP INDEX candidate_state;
DROP INDEX candidate_plain_name;
DROP FUNCTION peneira_plain(text);
DROP TEXT SEARCH CONFIGURATION peneira_people;
"""
EMPTY = "UPDATE candidates_candidate SET search_vector = NULL WHERE search_vector IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("candidates", "0005_merging")]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.RunSQL(CREATE, DROP),
    ]
