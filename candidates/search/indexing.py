"""The search vector of a candidate: words, and marks that let one field alone be asked.

Weights: A the name, B headline and knowledge, C the place, D CV, notes and tags. The words of somebody's own
name stand under A alone, and ways to reach them are taken out: who is hidden is searched without A, and is then
found by nothing that tells who they are.

Marks begin with "=", as no word does: "=s:java" a skill found, "=h:" a word of the headline, "=l:" of the place,
"=t:" of a tag, "=n:" of a note, "=e:" an e-mail address, "=p:" the end of a phone number, "=c:" the code.
"""

# ruff: noqa: S608  (the only thing put in is the name of the search configuration)

from collections.abc import Sequence

from django.db import connection

from candidates.models import SEARCH_CONFIG

SKILL, HEADLINE, PLACE, TAG, NOTE = "=s:", "=h:", "=l:", "=t:", "=n:"
EMAIL, PHONE, CODE = "=e:", "=p:", "=c:"
PHONE_DIGITS = 8  # of the end: with or without +55, area code and the ninth digit's blank

# As candidates.redaction takes them out: addresses of mail and web, phone numbers, postal codes
_CONTACT = (
    r"\S+@\S+|(https?://|www\.)\S+|\S+\.(com|org|net|me|io)(\.br)?/\S+"
    r"|(\+?\d{1,3}[\s.-]?)?\(?\d{2,3}\)?[\s.-]?9?\d{4}[\s.-]?\d{4}\M|\m\d{2}\.?\d{3}-\d{3}\M"
)


def _words(text: str) -> str:
    return f"to_tsvector('{SEARCH_CONFIG}', {text})"


def _clean(text: str) -> str:
    return f"regexp_replace({text}, '{_CONTACT}', ' ', 'gi')"


def _joined(*texts: str) -> str:
    return _words(_clean(f"concat_ws(' ', {', '.join(f'left({text}, 100000)' for text in texts)})"))


def _marked(mark: str, vector: str) -> str:
    return f"UNION ALL SELECT '{mark}' || word FROM unnest(tsvector_to_array({vector})) word"


_NOTES = """(SELECT string_agg(n.text, ' ' ORDER BY n.id) FROM candidates_note n
    WHERE n.candidate_id = c.id AND n.deleted_at IS NULL)"""
_TAGS = """(SELECT string_agg(t.name, ' , ') FROM candidates_tagging g JOIN candidates_tag t ON t.id = g.tag_id
    WHERE g.candidate_id = c.id)"""
_SKILLS = (
    """(SELECT p.skills FROM candidates_profile p WHERE p.candidate_id = c.id ORDER BY p.id DESC LIMIT 1)"""
)

# A vector holds at most 1 MB; the longest CV of the source has 60,000 characters
_FILL = f"""
    WITH asked AS MATERIALIZED (
        SELECT c.id, c.code, c.email, c.phone,
            {_words("c.name")} AS named,
            {_joined("c.headline")} AS headline,
            {_joined("c.technical_knowledge", "c.certifications", "c.other_certifications")} AS knowledge,
            {_words("c.city || ' ' || c.state")} AS place,
            {_joined("c.cv_text", "c.cv_text_en")} AS cv,
            {_joined(_NOTES)} AS notes,
            {_words(f"coalesce({_TAGS}, '')")} AS tags,
            coalesce({_SKILLS}, '{{}}') AS skills
        FROM candidates_candidate c WHERE c.id = ANY(%(ids)s)
    ), known AS (
        SELECT asked.*, tsvector_to_array(named) AS own, ts_delete(notes, tsvector_to_array(named)) AS noted,
            ts_delete(headline, tsvector_to_array(named)) AS title,
            right(regexp_replace(phone, '\\D', '', 'g'), {PHONE_DIGITS}) AS digits FROM asked
    )
    UPDATE candidates_candidate c SET search_vector =
        setweight(n.named, 'A')
        || setweight(n.title || ts_delete(n.knowledge, n.own), 'B')
        || setweight(n.place, 'C')
        || setweight(ts_delete(n.cv || n.tags, n.own) || n.noted, 'D')
        || array_to_tsvector(ARRAY(
            SELECT '{SKILL}' || skill FROM unnest(n.skills) skill
            {_marked(HEADLINE, "n.title")} {_marked(PLACE, "n.place")} {_marked(TAG, "n.tags")}
            {_marked(NOTE, "n.noted")}
            UNION ALL SELECT '{EMAIL}' || lower(n.email) WHERE n.email <> ''
            UNION ALL SELECT '{PHONE}' || n.digits WHERE length(n.digits) = {PHONE_DIGITS}
            UNION ALL SELECT '{CODE}' || lower(n.code)
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
