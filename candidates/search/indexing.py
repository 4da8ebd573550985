"""The search vector of a candidate: words, and marks that let one field alone be asked.

Words are those of all texts without the person's own name and ways to reach them: B headline and knowledge,
C the place, D CV, notes and tags. What tells who somebody is stands in marks alone, and nobody searches those
of people who are hidden.

A mark begins with "=", as no word does: "=a:" a word of the name, "=e:" an e-mail address, "=p:" the end of a
phone number, "=c:" the code, also of records that were merged into this one; "=s:java" a skill found, "=h:" a
word of the headline, "=l:" of the place, "=t:" of a tag, "=n:" of a note.
"""

# ruff: noqa: S608  (the only thing put in is the name of the search configuration)

from collections.abc import Sequence

from django.db import connection

from candidates.models import SEARCH_CONFIG

NAME = "=a:"
SKILL, HEADLINE, PLACE, TAG, NOTE = "=s:", "=h:", "=l:", "=t:", "=n:"
EMAIL, PHONE, CODE = "=e:", "=p:", "=c:"
PHONE_DIGITS = 8  # of the end: with or without +55, area code and the ninth digit's blank

# Of what candidates.redaction takes out of texts the configuration PEOPLE drops addresses of mail and pages
# and signed numbers ("-0000"); this is what is left of phone numbers, postal codes and sites
_REACHING = (
    "word LIKE ANY('{www.%%,%%.com,%%.br,%%.org}') OR word BETWEEN '0' AND ':' AND word ~ '^[0-9]{5,}$'"
)
PEOPLE = "peneira_people"


def _words(text: str, config: str = PEOPLE) -> str:
    return f"to_tsvector('{config}', {text})"


def _joined(*texts: str) -> str:
    return _words(f"concat_ws(' ', {', '.join(f'left({text}, 100000)' for text in texts)})")


def _marked(mark: str, vector: str) -> str:
    return f"UNION ALL SELECT '{mark}' || word FROM unnest(tsvector_to_array({vector})) word"


def _weighed(mark: str, words: str, weight: str) -> str:
    """Marks that count when people are ranked by how well they match."""
    marked = f"quote_literal('{mark}' || word) || ':1{weight}'"
    return f"(SELECT string_agg({marked}, ' ') FROM unnest({words}) word)::tsvector"


_NOTES = """(SELECT string_agg(n.text, ' ' ORDER BY n.id) FROM candidates_note n
    WHERE n.candidate_id = c.id AND n.deleted_at IS NULL)"""
_TAGS = """(SELECT string_agg(t.name, ' , ') FROM candidates_tagging g
    JOIN candidates_tag t ON t.id = g.tag_id WHERE g.candidate_id = c.id)"""
_SKILLS = (
    """(SELECT p.skills FROM candidates_profile p WHERE p.candidate_id = c.id ORDER BY p.id DESC LIMIT 1)"""
)

# A vector holds at most 1 MB; the longest CV of the source has 60,000 characters
_FILL = f"""
    WITH asked AS MATERIALIZED (
        SELECT c.id, c.code, c.email, c.phone,
            {_words("c.name", SEARCH_CONFIG)} AS named,
            {_joined("c.headline")} AS headline,
            {_joined("c.technical_knowledge", "c.certifications", "c.other_certifications")} AS knowledge,
            {_words("c.city || ' ' || c.state")} AS place,
            {_joined("c.cv_text", "c.cv_text_en")} AS cv,
            {_joined(_NOTES)} AS notes,
            {_words(f"coalesce({_TAGS}, '')")} AS tags,
            coalesce({_SKILLS}, '{{}}') AS skills
        FROM candidates_candidate c WHERE c.id = ANY(%(ids)s)
    ), revealing AS MATERIALIZED (
        SELECT asked.*, tsvector_to_array(named) || ARRAY(
            SELECT word FROM unnest(tsvector_to_array(cv) || tsvector_to_array(notes)) word WHERE {_REACHING}
        ) AS own FROM asked
    ), known AS MATERIALIZED (
        SELECT revealing.*, ts_delete(notes, own) AS noted, ts_delete(headline, own) AS title,
            {_weighed(NAME, "tsvector_to_array(named)", "A")} AS names,
            {_weighed(SKILL, "skills", "B")} AS able,
            right(regexp_replace(phone, '\\D', '', 'g'), {PHONE_DIGITS}) AS digits FROM revealing
    )
    UPDATE candidates_candidate c SET search_vector =
        coalesce(n.names, '') || coalesce(n.able, '')
        || setweight(n.title || ts_delete(n.knowledge, n.own), 'B')
        || setweight(n.place, 'C')
        || setweight(ts_delete(n.cv || n.tags, n.own) || n.noted, 'D')
        || array_to_tsvector(ARRAY(
            SELECT '{CODE}' || lower(n.code)
            {_marked(HEADLINE, "n.title")} {_marked(PLACE, "n.place")} {_marked(TAG, "n.tags")}
            {_marked(NOTE, "n.noted")}
            UNION ALL SELECT '{CODE}' || lower(old.code)
            FROM candidates_candidate old WHERE old.merged_into_id = n.id
            UNION ALL SELECT '{EMAIL}' || lower(n.email) WHERE n.email <> ''
            UNION ALL SELECT '{PHONE}' || n.digits WHERE length(n.digits) = {PHONE_DIGITS}
        ))
    FROM known n WHERE n.id = c.id"""


def fill(ids: Sequence[int]) -> None:
    """Build the vectors of these candidates from what is stored of them now."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"ids": list(ids)})


def missing() -> list[int]:
    """Those whose vector an import or a change has emptied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM candidates_candidate WHERE search_vector IS NULL ORDER BY id")
        return [pk for (pk,) in cursor.fetchall()]
