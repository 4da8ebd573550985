"""Search among 150,000 people: ``make bench`` prints how long the server takes for questions of every kind.

The people of the measured company are copied, each time with another's name and a code of its own, in a
database that is made for this run and removed at its end. Texts repeat, words are as frequent as they were.
"""

import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

TARGET = 150_000
TIMES = 40
COPY_DATABASE = "peneira_bench_search"

# One of each kind that people ask; the skill and the city are frequent ones of the generated company
QUESTIONS: dict[str, dict[str, Any]] = {
    "everybody": {},
    "one rare word": {"q": "cobol"},
    "one frequent word": {"q": "desenvolvedor"},
    "two words": {"q": "java spring"},
    "AND, OR, NOT, parentheses": {"q": "(java OR kotlin) spring -php"},
    "phrase": {"q": '"spring boot"'},
    "phrase of two frequent words": {"q": '"analista de sistemas"'},
    "beginning of a word": {"q": "desenv*"},
    "without a word": {"q": "-java"},
    "skill by another name": {"q": "skill:k8s"},
    "fields": {"q": "cargo:analista cidade:recife"},
    "words and three filters": {"q": "java", "skill": "sql", "seniority": "senior", "english": "advanced"},
    "filters alone": {"skill": ["java", "sql"], "place": "recife"},
    "sorted by name": {"q": "java", "sort": "name"},
    "the twentieth page": {"q": "java", "page": 20},
    "nobody": {"q": "xylophonist telepathy"},
}


def _of_somebody() -> dict[str, dict[str, Any]]:
    """Questions that only one of the invented people answers: whoever was stored in the middle."""
    from candidates.models import Candidate

    person = Candidate.objects.exclude(cv_text="").order_by("pk")[1000]
    first, *_between, last = person.name.split()
    return {
        "name": {"q": f"{first} {last}"},
        "name, misspelled": {"q": f"{first[:2]}{first[3:]}x {last[:-2]}{last[-1]}{last[-2]}"},
        "name in its field": {"q": f"nome:{last[:-2]}{last[-1]}{last[-2]}"},
        "e-mail address": {"q": person.email},
    }


Say = Callable[..., None]


@contextmanager
def copied_database() -> Iterator[None]:
    """A copy of the measured database, in which this process then works."""
    import psycopg2

    url = urlsplit(os.environ["DATABASE_URL"])
    connection = psycopg2.connect(urlunsplit(url._replace(path="/postgres")))
    connection.autocommit = True
    cursor = connection.cursor()
    drop = f'DROP DATABASE IF EXISTS "{COPY_DATABASE}" WITH (FORCE)'
    cursor.execute(drop)
    cursor.execute(f'CREATE DATABASE "{COPY_DATABASE}" TEMPLATE "{url.path.strip("/")}"')
    os.environ["DATABASE_URL"] = urlunsplit(url._replace(path=f"/{COPY_DATABASE}"))
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        cursor.execute(drop)
        connection.close()


def enlarge(target: int = TARGET) -> int:
    """Copy people until there are ``target``, with profiles, and build their search vectors; how many now."""
    from django.db import connection

    from candidates.services import refresh_search

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SELECT count(*), max(id) FROM candidates_candidate")
        people, last = cursor.fetchone()
        columns = _columns(cursor)
        number = 0
        while people < target:
            number += 1
            cursor.execute(
                _COPY.format(new=", ".join(columns), old=", ".join(f"s.{name}" for name in columns)),
                {"number": number, "last": last, "limit": target - people},
            )
            people += cursor.rowcount
        cursor.execute(_COPY_PROFILES, [last])
        refresh_search()
        cursor.execute("VACUUM ANALYZE candidates_candidate")
        cursor.execute("VACUUM ANALYZE candidates_profile")
    return int(people)


_COPY = """
    WITH known AS (
        SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS people
        FROM candidates_candidate WHERE id <= %(last)s AND NOT is_stub
    )
    INSERT INTO candidates_candidate (code, name, email, updated_at, {new})
    SELECT s.code || '-' || %(number)s, o.name, %(number)s || '.' || s.email,
        s.updated_at - %(number)s * interval '1 day', {old}
    FROM known s JOIN known o ON o.place = (s.place + %(number)s * 937) %% s.people + 1
    LIMIT %(limit)s"""
_COPY_PROFILES = """
    INSERT INTO candidates_profile
        (candidate_id, extractor, version, source_hash, skills, evidence, created_at)
    SELECT n.id, p.extractor, p.version, p.source_hash, p.skills, p.evidence, p.created_at
    FROM candidates_candidate n JOIN candidates_candidate s ON s.code = split_part(n.code, '-', 1)
    JOIN candidates_profile p ON p.candidate_id = s.id WHERE n.id > %s"""


def _columns(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'candidates_candidate'"
        " AND column_name NOT IN ('id', 'code', 'name', 'email', 'updated_at', 'search_vector')"
    )
    return [name for (name,) in cursor.fetchall()]


def measure(say: Say) -> None:
    """The whole page, from request to answer, in this process."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get_or_create(username="bench", is_superuser=True)[0])
    address = reverse("candidates:candidate_list")
    everything: list[float] = []
    for kind, question in (QUESTIONS | _of_somebody()).items():
        url = f"{address}?{urlencode(question, doseq=True)}"
        spent, found = _ask(client, url)
        everything += spent
        say(f"search: {kind}", statistics.median(spent), f"p95 {1000 * _p95(spent):.0f} ms; {found}")
    say("search: all kinds", statistics.median(everything), f"p95 {1000 * _p95(everything):.0f} ms")


def _ask(client: Any, url: str) -> tuple[list[float], str]:
    spent = []
    for _time in range(TIMES + 1):
        started = time.perf_counter()
        response = client.get(url)
        spent.append(time.perf_counter() - started)
        assert response.status_code == 200, (url, response.status_code)
    shown = re.search(r'<div class="list-head">\s*<span>(.*?)</span>', response.content.decode(), re.DOTALL)
    return spent[1:], re.sub("<[^>]*>", "", shown[1]) if shown else "nobody"  # the first warms up


def _p95(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.95)]
