import threading

import pytest
from django.db import connection, transaction
from django.utils.module_loading import import_string

from candidates import creating, viewing
from candidates.duplicates import finding
from candidates.importing_staging import LOCK
from candidates.models import Candidate, DuplicatePair, Fingerprint, Profile, ReviewPolicy
from candidates.veiling import HiddenFields
from tests.factories import make_candidate, make_stub

pytestmark = pytest.mark.django_db


def test_somebody_new_has_a_code_skills_and_is_found(recruiter):
    made = creating.create_candidate(
        {"name": "Pessoa Nova", "cv_text": "Programo em Java e PostgreSQL."}, by=recruiter, origin="upload"
    )
    assert made.code.startswith("C-")
    assert (made.origin, made.is_stub) == ("upload", False)
    assert made.edited_at is not None
    assert "java" in Profile.objects.get(candidate=made).skills
    assert list(Candidate.objects.matching("postgresql")) == [made]


def test_codes_are_new_even_where_a_source_used_such_a_code(recruiter):
    first = int(creating.new_code().removeprefix("C-"))
    make_candidate(code=f"C-{first + 2}")  # making it takes one number, too
    codes = [creating.new_code() for _ in range(3)]
    assert len(set(codes)) == 3
    assert f"C-{first + 2}" not in codes


@pytest.mark.parametrize("field", ["sex", "birth_date", "code", "raw", "is_stub"])
def test_what_is_not_for_people_to_write_is_refused(recruiter, field):
    with pytest.raises(ValueError, match=field):
        creating.create_candidate({field: "x"}, by=recruiter, origin="form")
    assert not Candidate.everyone.exists()


def test_a_change_is_kept_from_imports_and_read_again(recruiter):
    someone = make_stub()
    changed = creating.change_candidate(
        someone, {"name": "Pessoa", "city": "", "cv_text": "Docker e Kubernetes"}, by=recruiter
    )
    assert sorted(changed) == ["cv_text", "name"]
    someone.refresh_from_db()
    assert someone.edited_at is not None
    assert not someone.is_stub
    assert "docker" in someone.profiles.get().skills
    assert someone in Candidate.objects.matching("kubernetes")


def test_nothing_is_written_when_nothing_differs(recruiter):
    someone = make_candidate(city="Recife")
    assert creating.change_candidate(someone, {"city": "Recife"}, by=recruiter) == []
    someone.refresh_from_db()
    assert someone.edited_at is None


def test_hidden_fields_cannot_be_overwritten(recruiter):
    someone = make_candidate()
    ReviewPolicy.objects.create(pk=1, blind_for_all=True)
    with viewing.seen_by(viewing.as_user(recruiter)):
        seen = Candidate.objects.get(pk=someone.pk)
        with pytest.raises(HiddenFields):
            creating.change_candidate(seen, {"name": "Outra"}, by=recruiter)
    someone.refresh_from_db()
    assert someone.name != "Outra"


@pytest.mark.django_db(transaction=True)
def test_while_an_import_runs_a_worker_reads_the_person_afterwards(recruiter, monkeypatch):
    sent = []
    monkeypatch.setattr(creating, "send_on_commit", lambda task, pk: sent.append((task.__name__, pk)))
    monkeypatch.setattr(creating, "LOCK_WAIT", "100ms")
    held, done = threading.Event(), threading.Event()

    def importing():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=importing)
    other.start()
    assert held.wait(10)
    made = creating.create_candidate({"cv_text": "Java"}, by=recruiter, origin="form")
    done.set()
    other.join()
    assert sent == [("refresh_candidate", made.pk)]
    assert not made.profiles.exists()
    creating.refresh_now(made.pk)
    assert made.profiles.get().skills == ["java"]


@pytest.mark.parametrize(
    "while_reading", ["candidates.services._evidence", "candidates.duplicates.fingerprints.traits"]
)
def test_who_is_removed_while_many_are_refreshed_stops_nothing(monkeypatch, while_reading):
    removed, stays = (make_candidate(name="Ana Exemplo", cv_text="Programo em Java.") for _one in range(2))
    read = import_string(while_reading)

    def read_and_remove(*args):
        Candidate.everyone.filter(pk=removed.pk).delete()
        return read(*args)

    monkeypatch.setattr(while_reading, read_and_remove)
    creating.refresh_many([removed.pk, stays.pk])
    connection.check_constraints()
    assert "java" in Profile.objects.get().skills
    assert Fingerprint.objects.get().candidate == stays
    assert list(Candidate.objects.matching("java")) == [stays]


def test_nobody_becomes_a_pair_with_somebody_removed(monkeypatch):
    removed, stays = (make_candidate(name="Ana Exemplo", email="ana@example.com") for _one in range(2))
    judge = finding.judge

    def judge_and_remove(*args):
        found = judge(*args)
        assert found
        Candidate.everyone.filter(pk=removed.pk).delete()
        return found

    monkeypatch.setattr(finding, "judge", judge_and_remove)
    creating.refresh_many([stays.pk, removed.pk])
    connection.check_constraints()
    assert not DuplicatePair.objects.exists()
