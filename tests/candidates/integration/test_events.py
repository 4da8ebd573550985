import uuid

import pytest
from django.db import transaction

from candidates import creating, merging, unmerging, veiling, viewing
from candidates.integration import events
from candidates.models import Delivery, Event, EventKind, Webhook
from jobs import moving
from jobs.models import Stage
from tests.factories import make_candidate, make_job, make_prospect

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(administrator):
    return Webhook.objects.create(
        name="ATS", url="https://hooks.example.com/", events=EventKind.values, user=administrator
    )


def told(webhook, kind):
    viewer = viewing.as_user(webhook.user)
    found = Event.objects.filter(kind=kind, deliveries__webhook=webhook).order_by("created_at", "pk")
    return [events.told(event, viewer) for event in found]


def test_nothing_is_stored_when_nobody_listens_and_one_query_finds_that_out(
    django_assert_num_queries, administrator
):
    Webhook.objects.create(name="x", url="https://x.example/", events=["drift.alert"], user=administrator)
    with django_assert_num_queries(1):
        events.emit(EventKind.MODEL_PROMOTED, lambda: pytest.fail("nobody asked for this"))
    assert not Event.objects.exists()


def test_each_listening_webhook_gets_one_delivery_of_one_event(webhook, administrator):
    other = Webhook.objects.create(
        name="b", url="https://b.example/", events=["drift.alert"], user=administrator
    )
    events.emit(EventKind.DRIFT_ALERT, {"report": 1})
    events.emit(EventKind.MODEL_PROMOTED, {"model": 2})
    assert Event.objects.count() == 2
    assert sorted(other.deliveries.values_list("event__kind", flat=True)) == ["drift.alert"]
    assert webhook.deliveries.count() == 2


def test_a_disabled_webhook_hears_nothing(webhook):
    Webhook.objects.update(disabled_at=webhook.created_at)
    events.emit(EventKind.DRIFT_ALERT, {"report": 1})
    assert not Delivery.objects.exists()


def test_an_event_goes_with_the_transaction_it_happened_in(webhook):
    with transaction.atomic():
        events.emit(EventKind.DRIFT_ALERT, {"report": 1})
        assert Event.objects.exists()
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_a_worker_is_called_only_after_the_commit(webhook, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("candidates.tasks.deliver_to_webhook.apply_async", lambda **how: sent.append(how))
    with django_capture_on_commit_callbacks(execute=True):
        events.emit(EventKind.DRIFT_ALERT, {"report": 1})
        assert not sent
    assert [how["args"] for how in sent] == [(str(webhook.pk),)]


def test_people_are_told_of_by_code_wherever_they_stand_in_the_data(webhook):
    first, second = make_candidate(), make_candidate()
    data = {"candidate": events.person(first.pk), "others": [{"who": events.person(second.pk)}]}
    events.emit(EventKind.DRIFT_ALERT, data)
    assert told(webhook, "drift.alert") == [{"candidate": first.code, "others": [{"who": second.code}]}]


def test_of_somebody_removed_the_code_is_told_that_went_along(webhook):
    events.emit(EventKind.CANDIDATE_DELETED, {"candidate": events.person(10**9, gone="77")})
    events.emit(EventKind.CANDIDATE_DELETED, {"candidate": events.person(10**9)})
    assert told(webhook, "candidate.deleted") == [{"candidate": "77"}, {"candidate": None}]


def test_of_somebody_under_blind_review_only_the_token_is_told_until_the_owner_revealed_them(webhook):
    job = make_job(blind=True)
    hidden = make_prospect(job=job, stage=Stage.SCREENING).candidate
    events.emit(EventKind.CANDIDATE_UPDATED, {"candidate": events.person(hidden.pk)})
    (before,) = told(webhook, "candidate.updated")
    assert before == {"candidate": veiling.token(hidden.pk)}
    job.blind = False
    job.save()
    assert told(webhook, "candidate.updated") == [{"candidate": hidden.code}]


def test_somebody_new_and_changed_is_told_without_a_word_about_them(webhook, administrator):
    one = creating.create_candidate({"name": "Quitéria Zambujal"}, by=administrator, origin="form")
    creating.change_candidate(one, {"email": "q@example.com", "city": "Olinda"}, by=administrator)
    assert creating.change_candidate(one, {"city": "Olinda"}, by=administrator) == []
    assert told(webhook, "candidate.created") == [{"candidate": one.code, "origin": "form"}]
    assert told(webhook, "candidate.updated") == [{"candidate": one.code, "fields": ["email", "city"]}]


def test_a_merge_and_its_undoing_are_told(webhook, administrator):
    kept, absorbed = make_candidate(), make_candidate()
    done = merging.merge(kept, absorbed, by=administrator)
    unmerging.undo(done, by=administrator)
    codes = {"kept": kept.code, "absorbed": absorbed.code}
    assert told(webhook, "candidate.merged") == [codes | {"undone": False}, codes | {"undone": True}]


def test_a_batch_of_moves_is_one_event_each_and_so_is_its_undoing(webhook, administrator):
    job = make_job()
    people = [make_prospect(job=job, stage=Stage.SCREENING) for _ in range(3)]
    done = moving.move(people, to=Stage.OFFER, by=administrator)
    back = moving.undo(done.batch, by=administrator)
    found = told(webhook, "prospect.moved")
    assert {one["candidate"] for one in found} == {one.candidate.code for one in people}
    there, again = found[:3], found[3:]
    assert {(one["from"], one["to"], one["undoes"]) for one in there} == {("screening", "offer", None)}
    assert {one["batch"] for one in there} == {str(done.batch)}
    assert {(one["from"], one["to"], one["undoes"]) for one in again} == {
        ("offer", "screening", str(done.batch))
    }
    assert {one["batch"] for one in again} == {str(back.batch)}
    assert {one["job"] for one in found} == {job.code}


def test_who_stood_there_already_is_not_told_of(webhook, administrator):
    there = make_prospect(stage=Stage.OFFER)
    moving.move([there], to=Stage.OFFER, by=administrator)
    assert not Event.objects.exists()


def test_somebody_added_to_a_job_and_taken_out_again_is_told(webhook, administrator):
    job, person = make_job(), make_candidate()
    added = moving.add(job, [person], by=administrator)
    (prospect,) = added.moved
    moving.undo(added.batch, by=administrator)
    about = {"prospect": prospect.pk, "job": job.code, "candidate": person.code}
    assert told(webhook, "prospect.created") == [
        about | {"stage": "sourced", "source": "person", "batch": str(added.batch), "undoes": None}
    ]
    assert told(webhook, "prospect.removed") == [about | {"undoes": str(added.batch)}]


def test_an_event_has_an_id_that_nobody_guesses(webhook):
    events.emit(EventKind.DRIFT_ALERT, {"report": 1})
    assert isinstance(Event.objects.get().pk, uuid.UUID)


def test_many_events_at_once_call_a_worker_twice_at_most_and_the_last_call_comes_after_them(
    webhook, monkeypatch, django_capture_on_commit_callbacks
):
    clock, sent = [100.0], []
    monkeypatch.setattr("candidates.integration.events.monotonic", lambda: clock[0])
    monkeypatch.setattr(
        "candidates.tasks.deliver_to_webhook.apply_async",
        lambda args, countdown, expires: sent.append(clock[0] + (countdown or 0)),
    )
    for _ in range(50):
        with django_capture_on_commit_callbacks(execute=True):
            events.emit(EventKind.DRIFT_ALERT, {"report": 1})
        last, clock[0] = clock[0], clock[0] + 0.01
    assert len(sent) == 2
    assert sent[0] == 100.0
    assert last < sent[1] < 102
    clock[0] += 10
    with django_capture_on_commit_callbacks(execute=True):
        events.emit(EventKind.DRIFT_ALERT, {"report": 1})
    assert sent[2] == clock[0], "at once again"
