import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from candidates.integration import events, signing, webhooks
from candidates.models import Delivery, EventKind, Webhook
from jobs.models import Stage
from tests.factories import make_job, make_prospect
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db

URL = "https://hooks.example.com/in"
WRITTEN = {"name": "ATS", "url": URL, "events": ["drift.alert", "candidate.created"]}


@pytest.fixture(autouse=True)
def names_are_known(monkeypatch):
    monkeypatch.setattr("candidates.integration.addresses.resolve", lambda host, port: ["93.184.216.34"])


@pytest.fixture
def webhook(administrator):
    return Webhook.objects.create(name="ATS", url=URL, events=["drift.alert"], user=administrator)


@pytest.fixture
def delivery(webhook):
    events.emit(EventKind.DRIFT_ALERT, {"report": 1})
    return Delivery.objects.get()


def at(name, *args):
    return reverse(f"candidates:{name}", args=args)


def test_a_webhook_is_made_and_its_secret_shown_once(admin_page, administrator):
    answer = admin_page.post(at("webhook_new"), WRITTEN | {"owner": administrator.pk}, follow=True)
    webhook = Webhook.objects.get()
    assert webhook.events == ["candidate.created", "drift.alert"]
    secret = signing.secret(webhook)
    assert secret in text_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in text_of(admin_page.get(webhook.get_absolute_url()))


def test_a_form_sent_twice_makes_one(admin_page, administrator):
    word = "0" * 32
    for _ in range(2):
        admin_page.post(at("webhook_new"), WRITTEN | {"owner": administrator.pk, "once": word})
    assert Webhook.objects.count() == 1


def test_a_new_secret_is_shown_once_and_another(admin_page, webhook):
    before = signing.secret(webhook)
    answer = admin_page.post(at("webhook_rotate", webhook.pk), follow=True)
    webhook.refresh_from_db()
    after = signing.secret(webhook)
    assert after != before
    assert after in text_of(answer)
    assert webhook.previous_until > timezone.now()
    assert after not in text_of(admin_page.get(webhook.get_absolute_url()))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "http://hooks.example.com/"}, "must begin with https://"),
        ({"url": "https://10.0.0.1/"}, "private network"),
        ({"url": "https://user:x@hooks.example.com/"}, "user name or password"),
        ({"events": []}, "Choose at least one event"),
        ({"events": ["webhook.test"]}, "Select a valid choice"),
        ({"name": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    admin_page, administrator, monkeypatch, wrong, sentence
):
    monkeypatch.setattr("candidates.integration.addresses.resolve", lambda host, port: [host])
    if "url" not in wrong:
        monkeypatch.setattr("candidates.integration.addresses.resolve", lambda *asked: ["8.8.8.8"])
    answer = admin_page.post(at("webhook_new"), WRITTEN | {"owner": administrator.pk} | wrong)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert not Webhook.objects.exists()
    if "name" not in wrong:
        assert 'value="ATS"' in text_of(answer)


def test_only_those_may_own_one_whose_role_may(admin_page, recruiter):
    system = User.objects.create_user("system")
    system.groups.add(Group.objects.get_or_create(name="Integrations")[0])
    page = text_of(admin_page.get(at("webhook_new")))
    assert ">system</option>" in page
    assert ">recruiter</option>" not in page
    answer = admin_page.post(at("webhook_new"), WRITTEN | {"owner": recruiter.pk})
    assert answer.status_code == 400
    admin_page.post(at("webhook_new"), WRITTEN | {"owner": system.pk})
    assert Webhook.objects.get().user == system


def test_one_owner_has_so_many_and_no_more(admin_page, administrator, webhook, monkeypatch):
    monkeypatch.setattr(webhooks, "MOST", 1)
    answer = admin_page.post(at("webhook_new"), WRITTEN | {"owner": administrator.pk})
    assert answer.status_code == 400
    assert Webhook.objects.count() == 1


def test_a_webhook_is_changed(admin_page, webhook):
    changed = {"name": "Other", "url": "https://other.example.com/", "events": ["model.promoted"]}
    admin_page.post(at("webhook_edit", webhook.pk), changed)
    webhook.refresh_from_db()
    assert (webhook.name, webhook.url) == ("Other", "https://other.example.com/")
    assert webhook.events == ["model.promoted"]


def test_a_webhook_is_disabled_enabled_and_removed(admin_page, webhook, delivery):
    page = admin_page.post(at("webhook_switch", webhook.pk), {"to": "disabled"}, follow=True)
    webhook.refresh_from_db()
    assert webhook.disabled_at
    assert "by hand" in text_of(page)
    page = admin_page.post(at("webhook_delivery_replay", webhook.pk, delivery.pk), follow=True)
    assert "Enable it first" in text_of(page)
    admin_page.post(at("webhook_switch", webhook.pk), {"to": "enabled"})
    webhook.refresh_from_db()
    assert webhook.disabled_at is None
    assert "cannot be taken back" in text_of(admin_page.get(at("webhook_delete", webhook.pk)))
    assert Webhook.objects.exists()
    admin_page.post(at("webhook_delete", webhook.pk))
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def test_the_log_tells_states_attempts_and_answers_in_words(admin_page, webhook, delivery):
    attempt = {"at": "2026-11-21T12:00:00+00:00", "milliseconds": 12.3}
    attempts = [
        attempt | {"status": None, "problem": "private_address"},
        attempt | {"status": 503, "problem": "refused"},
    ]
    Delivery.objects.update(attempts=attempts)
    page = text_of(admin_page.get(webhook.get_absolute_url()))
    assert "503 – it answered that it did not take it" in page
    one = text_of(admin_page.get(at("webhook_delivery", webhook.pk, delivery.pk)))
    assert "its host is inside a private network" in one
    assert "&quot;report&quot;: 1" in one
    assert "Send now" in one


def test_the_log_is_narrowed_by_state(admin_page, webhook, delivery):
    Delivery.objects.update(state="given_up", next_at=None)
    link = at("webhook_delivery", webhook.pk, delivery.pk)
    there = admin_page.get(webhook.get_absolute_url(), {"state": "given_up"})
    elsewhere = admin_page.get(webhook.get_absolute_url(), {"state": "delivered"})
    assert link in text_of(there)
    assert link not in text_of(elsewhere)


def test_a_delivery_is_sent_again_from_its_page(admin_page, webhook, delivery):
    Delivery.objects.update(state="delivered", next_at=None)
    answer = admin_page.post(at("webhook_delivery_replay", webhook.pk, delivery.pk))
    again = Delivery.objects.get(replays=delivery)
    assert answer.url == at("webhook_delivery", webhook.pk, again.pk)
    Delivery.objects.filter(pk=delivery.pk).update(state="given_up")
    Delivery.objects.filter(pk=again.pk).update(state="given_up")
    page = admin_page.post(at("webhook_replay_failed", webhook.pk), follow=True)
    assert "1 event is sent again" in text_of(page)


def test_a_delivery_is_found_only_under_its_own_webhook(admin_page, webhook, delivery, administrator):
    other = Webhook.objects.create(name="b", url=URL, events=["drift.alert"], user=administrator)
    assert admin_page.get(at("webhook_delivery", other.pk, delivery.pk)).status_code == 404
    assert admin_page.post(at("webhook_delivery_replay", other.pk, delivery.pk)).status_code == 404


def test_a_test_stands_first_among_the_deliveries_and_the_page_follows_it(admin_page, webhook):
    page = text_of(admin_page.post(at("webhook_test", webhook.pk), follow=True))
    assert "webhook.test" in page
    assert "every 3s" in page
    fragment = admin_page.get(webhook.get_absolute_url(), headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    Delivery.objects.update(state="delivered", next_at=None)
    fragment = admin_page.get(webhook.get_absolute_url(), headers={"HX-Request": "true"})
    assert fragment.status_code == 286, "nothing is under way any more"
    assert "<h1>" not in text_of(fragment)


def test_nobody_under_blind_review_is_told_of_on_the_page_of_a_delivery(admin_page, webhook):
    hidden = make_prospect(job=make_job(blind=True), stage=Stage.SCREENING).candidate
    events.emit(EventKind.DRIFT_ALERT, {"candidate": events.person(hidden.pk)})
    found = Delivery.objects.get()
    page = text_of(admin_page.get(at("webhook_delivery", webhook.pk, found.pk)))
    assert f'"{hidden.code}"' not in page
    assert f"&quot;{hidden.code}&quot;" not in page
    assert "&quot;~" in page


def test_the_list_says_how_each_does(admin_page, webhook, delivery):
    assert "No system is told yet" not in text_of(admin_page.get(at("webhooks")))
    Webhook.objects.update(failing_since=timezone.now())
    assert "failing" in text_of(admin_page.get(at("webhooks")))
    Webhook.objects.all().delete()
    assert "No system is told yet" in text_of(admin_page.get(at("webhooks")))


def test_no_page_holds_code_that_the_policy_refuses(admin_page, webhook, delivery):
    for name, args in (
        ("webhooks", ()),
        ("webhook_new", ()),
        ("webhook", (webhook.pk,)),
        ("webhook_edit", (webhook.pk,)),
        ("webhook_delete", (webhook.pk,)),
        ("webhook_delivery", (webhook.pk, delivery.pk)),
    ):
        assert_no_inline_code(admin_page.get(at(name, *args)))


def test_others_than_administrators_are_told_who_may(page, webhook, delivery):
    for name, args in (("webhooks", ()), ("webhook", (webhook.pk,)), ("webhook_new", ())):
        assert page.get(at(name, *args)).status_code == 403
    for name in ("webhook_test", "webhook_rotate", "webhook_switch", "webhook_delete"):
        assert page.post(at(name, webhook.pk)).status_code == 403
    assert Webhook.objects.filter(generation=1, disabled_at=None).exists()


def test_the_admin_lists_and_sends_again(admin_page, webhook, delivery):
    Delivery.objects.update(state="given_up", next_at=None)
    for model in ("webhook", "event", "delivery"):
        assert admin_page.get(reverse(f"admin:candidates_{model}_changelist")).status_code == 200
    for row in (webhook, delivery, delivery.event):
        name = row._meta.model_name
        assert admin_page.get(reverse(f"admin:candidates_{name}_change", args=[row.pk])).status_code == 200
    sent = {"action": "replay", "_selected_action": [delivery.pk]}
    page = admin_page.post(reverse("admin:candidates_delivery_changelist"), sent, follow=True)
    assert "1 event is sent again" in text_of(page)
    assert Delivery.objects.filter(replays=delivery).count() == 1
    webhooks.disable(webhook)
    page = admin_page.post(reverse("admin:candidates_delivery_changelist"), sent, follow=True)
    assert "1 was not: its webhook is disabled" in text_of(page)


def test_the_admin_tells_of_nobody_under_blind_review(admin_page, webhook):
    hidden = make_prospect(job=make_job(blind=True), stage=Stage.SCREENING).candidate
    events.emit(EventKind.DRIFT_ALERT, {"candidate": events.person(hidden.pk)})
    event = Delivery.objects.get().event
    page = text_of(admin_page.get(reverse("admin:candidates_event_change", args=[event.pk])))
    assert "&quot;candidate&quot;: &quot;~" in page
    assert f"&quot;{hidden.code}&quot;" not in page
