"""Pulls while others write: several at once, slow and taken back."""

import itertools
import random
import threading
import time

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction

from candidates.integration import changes
from candidates.models import Candidate, Change
from tests.at_once import at_once
from tests.candidates.conftest import signed_in
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/candidates/sync"
PEOPLE, CHANGES, WRITERS = 2_500, 10_000, 4


class Copy:
    """What another system has of the candidates, kept up by pulling."""

    def __init__(self, user, **query):
        self.client, self.query, self.token = signed_in(user), query, None
        self.people, self.seen, self.gone, self.pulls = {}, set(), {}, 0

    def pull(self):
        """One answer taken in; whether there is more at once."""
        token = {"token": self.token} if self.token else {}
        response = self.client.get(URL, {**self.query, **token})
        assert response.status_code == 200, response.json()
        told = response.json()
        for person in told["changed"]:
            state = person["code"], person["headline"]
            assert state not in self.seen, "the same state twice"
            self.seen.add(state)
            self.people[person["code"]] = person
        for one in told["gone"]:
            assert (one["code"], one["merged_into"]) not in self.gone.items(), "gone twice"
            self.people.pop(one["code"], None)  # who came and went between two pulls was never told of
            self.gone[one["code"]] = one["merged_into"]
        self.token, self.pulls = told["token"], self.pulls + 1
        return told["more"]

    def pull_all(self):
        while self.pull():
            pass


def add_people(number, states):
    rows = [Candidate(code=f"p{next(states)}", headline=str(next(states))) for _ in range(number)]
    Candidate.objects.bulk_create(rows)


class Writer:
    """Changes people at random, each time into a state that nobody had, until enough has changed."""

    def __init__(self, seed, states, done):
        self.random, self.states, self.done = random.Random(seed), states, done

    def __call__(self):
        while sum(self.done.values()) < CHANGES:
            kind = self.random.choices(
                ("update", "slow", "insert", "delete", "merge", "rollback"), (12, 3, 2, 1, 1, 2)
            )[0]
            try:
                with transaction.atomic():
                    changed = getattr(self, kind)()
            except (OperationalError, Taken):  # a deadlock, and what a writer takes back
                continue
            with LOCK:
                self.done[kind] = self.done.get(kind, 0) + changed

    def some(self, most):
        keys = list(Candidate.objects.values_list("pk", flat=True))
        return self.random.sample(keys, min(len(keys), self.random.randint(1, most)))

    def update(self, most=60):
        locked = Candidate.objects.filter(pk__in=self.some(most)).order_by("pk").select_for_update()
        people = list(locked)
        for person in people:
            person.headline = str(next(self.states))
        return Candidate.objects.bulk_update(people, ["headline"])

    def slow(self):
        changed = self.update(most=10)
        time.sleep(self.random.uniform(0.01, 0.15))  # pulls come and go meanwhile
        return changed + self.update(most=3)

    def insert(self):
        number = self.random.randint(1, 60)
        add_people(number, self.states)
        return number

    def delete(self):
        return Candidate.objects.filter(pk__in=self.some(8), absorbed=None).delete()[0]

    def merge(self):
        kept, *others = Candidate.objects.filter(pk__in=self.some(5)).order_by("pk").select_for_update()
        if Candidate.everyone.filter(merged_into__in=others).exists():
            return 0  # whoever went into these would have to follow
        return Candidate.objects.filter(pk__in=[one.pk for one in others]).update(merged_into=kept)

    def rollback(self):
        self.update(most=20)
        self.insert()
        raise Taken


class Taken(Exception):
    """Taken back."""


LOCK = threading.Lock()


@pytest.mark.slow
def test_who_pulls_while_ten_thousand_rows_change_has_them_as_they_are_stored(recruiter):
    states, done = itertools.count(1), {}
    add_people(PEOPLE, states)
    whole = Copy(recruiter, limit=500)
    few = Copy(recruiter, limit=120, fields="code,headline")
    writers = [Writer(seed, states, done) for seed in range(WRITERS)]
    over = threading.Event()

    def write(writer):
        try:
            writer()
        finally:
            over.set()

    def keep_up(copy):
        while not over.is_set():
            copy.pull()

    works = [lambda one=one: write(one) for one in writers] + [
        lambda one=one: keep_up(one) for one in (whole, few)
    ]
    assert at_once(*works) == []
    assert sum(done.values()) >= CHANGES
    assert set(done) == {"update", "slow", "insert", "delete", "merge"}
    for copy in (whole, few):
        copy.pull_all()
        stored = dict(Candidate.objects.values_list("code", "headline"))
        assert {code: person["headline"] for code, person in copy.people.items()} == stored
        assert copy.pulls > 10
    merged = Candidate.everyone.exclude(merged_into=None).values_list("code", "merged_into__code")
    told = {code: into for code, into in whole.gone.items() if into}
    assert told.items() <= dict(merged).items()
    fresh = Copy(recruiter, limit=500)
    fresh.pull_all()
    assert fresh.people == whole.people


def noted(person):
    return Change.objects.get(kind="candidate", object_id=person.pk)


def in_another_thread(work):
    """Run ``work`` beside this thread; what is returned waits for its end."""
    failed = []

    def run():
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def end():
        thread.join(20)
        assert not thread.is_alive()
        assert failed == []

    return end


def test_a_writer_that_began_before_a_pull_and_ends_after_it_is_not_missed(recruiter):
    first, second = make_candidate(code="a", headline="1"), make_candidate(code="b", headline="1")
    copy = Copy(recruiter)
    copy.pull_all()
    written, pulled = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            Candidate.objects.filter(pk=first.pk).update(headline="2")
            written.set()
            assert pulled.wait(20)

    end = in_another_thread(write)
    assert written.wait(20)
    Candidate.objects.filter(pk=second.pk).update(headline="3")
    copy.pull()  # waits for nobody, and brings what is committed
    assert {code: one["headline"] for code, one in copy.people.items()} == {"a": "1", "b": "3"}
    pulled.set()
    end()
    copy.pull()
    assert copy.people["a"]["headline"] == "2"


def test_a_row_changed_between_numbering_and_reading_is_left_to_the_next_pull(recruiter, monkeypatch):
    person = make_candidate(code="a", headline="1")
    copy = Copy(recruiter)
    numbered = changes.number

    def number_and_be_overtaken(kind):
        more = numbered(kind)
        Candidate.objects.filter(pk=person.pk).update(headline="2")
        return more

    monkeypatch.setattr(changes, "number", number_and_be_overtaken)
    copy.pull()
    assert copy.people == {}
    monkeypatch.undo()
    copy.pull()
    assert copy.people["a"]["headline"] == "2"


def test_a_row_changed_between_reading_changes_and_rows_is_told_in_the_state_of_its_number(
    recruiter, monkeypatch
):
    person = make_candidate(code="a", headline="1")
    copy = Copy(recruiter)
    after = changes.after

    def read_and_be_overtaken(*args, **kwargs):
        found = after(*args, **kwargs)
        in_another_thread(lambda: Candidate.objects.filter(pk=person.pk).update(headline="2"))()
        return found

    monkeypatch.setattr(changes, "after", read_and_be_overtaken)
    copy.pull()
    assert copy.people["a"]["headline"] == "1"
    monkeypatch.undo()
    copy.pull()
    assert copy.people["a"]["headline"] == "2"


def test_what_a_writer_takes_back_is_not_told(recruiter):
    person = make_candidate(code="a", headline="1")
    copy = Copy(recruiter)
    copy.pull_all()
    with transaction.atomic():
        Candidate.objects.filter(pk=person.pk).update(headline="2")
        make_candidate(code="never")
        transaction.set_rollback(True)
    assert copy.pull() is False
    assert (list(copy.people), copy.pulls) == (["a"], 2)


def test_two_pulls_at_once_number_each_change_once(recruiter):
    for _ in range(40):
        make_candidate()
    assert at_once(*[lambda: changes.number("candidate")] * 4) == []
    numbers = list(Change.objects.values_list("seq", flat=True))
    assert len(set(numbers)) == 40
    assert None not in numbers


def test_more_than_is_numbered_at_once_is_told_by_later_pulls(recruiter, monkeypatch):
    monkeypatch.setattr(changes, "AT_ONCE", 3)
    people = {make_candidate().code for _ in range(8)}
    copy = Copy(recruiter)
    assert copy.pull() is True
    copy.pull_all()
    assert copy.people.keys() == people


def test_a_pull_writes_no_row_while_it_reads(recruiter):
    with changes.one_moment(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
    assert User.objects.filter(pk=recruiter.pk).update(first_name="Ana") == 1
