import uuid

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.test import APIClient

from candidates.integration import events, keys, signing, webhooks
from candidates.integration.scopes import SCOPES
from candidates.models import Delivery, EventKind, IdempotentAnswer, Webhook
from jobs.models import Stage
from tests.factories import make_job, make_prospect

pytestmark = pytest.mark.django_db

URL = "/api/v1/webhooks"
SENT = {
    "name": "Careers site",
    "url": "https://hooks.example.com/in",
    "events": ["prospect.moved", "drift.alert"],
}


@pytest.fixture(autouse=True)
def names_are_known(monkeypatch):
    monkeypatch.setattr("candidates.integration.addresses.resolve", lambda host, port: ["93.184.216.34"])


@pytest.fixture
def api(caller):
    return caller("Integrations")


@pytest.fixture
def owner(api):
    return User.objects.get(username="integrations")


@pytest.fixture
def webhook(owner):
    return Webhook.objects.create(
        name="ATS", url="https://a.example.com/", events=["drift.alert"], user=owner
    )


@pytest.fixture
def delivery(webhook):
    events.emit(EventKind.DRIFT_ALERT, {"report": 1})
    return webhook.deliveries.get()


def at(webhook, *more):
    return "/".join([URL, str(webhook.pk), *map(str, more)])


def send(api, body=SENT, **headers):
    return api.post(URL, body, format="json", headers=headers)


def refused(response):
    assert response.status_code == 400, response.content
    return {(error["field"], error["code"]) for error in response.json()["errors"]}


def test_a_webhook_is_made_and_its_secret_told_in_that_answer_alone(api, owner):
    answer = send(api)
    assert answer.status_code == 201, answer.content
    made = Webhook.objects.get()
    assert made.user == owner
    assert made.events == ["prospect.moved", "drift.alert"]
    told = answer.json()
    assert answer.headers["Location"] == at(made)
    assert told.pop("secret") == signing.secret(made)
    assert api.get(at(made)).json() == told
    assert api.get(URL).json()["results"] == [told]
    assert told["enabled"] is True
    assert told["disabled_reason"] is None


def test_a_repeated_request_gets_the_secret_again_though_it_is_kept_nowhere(api):
    first, again = (send(api, **{"Idempotency-Key": "k-1"}) for _ in range(2))
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Webhook.objects.count() == 1
    kept = bytes(IdempotentAnswer.objects.get().body)
    assert b"whsec_" not in kept


def test_a_repeated_request_gets_its_own_secret_whatever_came_since(api):
    first = send(api, **{"Idempotency-Key": "k-1"}).json()
    made = Webhook.objects.get()
    once = {"Idempotency-Key": "k-2"}
    second = api.post(at(made, "rotate-secret"), headers=once).json()
    third = api.post(at(made, "rotate-secret")).json()
    assert len({first["secret"], second["secret"], third["secret"]}) == 3
    assert send(api, **{"Idempotency-Key": "k-1"}).json() == first
    assert api.post(at(made, "rotate-secret"), headers=once).json() == second
    assert api.delete(at(made)).status_code == 204
    assert send(api, **{"Idempotency-Key": "k-1"}).json() == first


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"url": "http://hooks.example.com/"}, ("url", "not_https")),
        ({"url": "https://localhost/"}, ("url", "short_name")),
        ({"url": "https://u:p@hooks.example.com/"}, ("url", "credentials")),
        ({"url": "https://hooks.example.com:22/"}, ("url", "port")),
        ({"url": 7}, ("url", "invalid")),
        ({"url": None}, ("url", "null")),
        ({"events": []}, ("events", "empty")),
        ({"events": ["webhook.test"]}, ("events.0", "not_a_choice")),
        ({"events": "drift.alert"}, ("events", "not_a_list")),
        ({"name": ""}, ("name", "blank")),
        ({"nmae": "x"}, ("nmae", "unknown_field")),
        ({"enabled": False}, ("enabled", "unknown_field")),
        ({"secret": "whsec_mine"}, ("secret", "unknown_field")),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_code(api, wrong, expected):
    assert expected in refused(send(api, SENT | wrong))
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("machine", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00:ec2::254"])
def test_an_address_inside_the_network_is_refused(api, monkeypatch, machine):
    monkeypatch.setattr("candidates.integration.addresses.resolve", lambda host, port: [machine])
    assert ("url", "private_address") in refused(send(api))


def test_one_owner_has_so_many_and_no_more(api, webhook, monkeypatch):
    monkeypatch.setattr("candidates.integration.webhooks.MOST", 1)
    answer = send(api)
    assert answer.status_code == 409
    assert answer.json()["code"] == "too_many_webhooks"


def test_only_what_is_sent_is_changed(api, webhook):
    answer = api.patch(at(webhook), {"events": ["model.promoted"]}, format="json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["events"] == ["model.promoted"]
    assert answer.json()["name"] == "ATS"
    assert "secret" not in answer.json()


def test_a_webhook_is_disabled_and_enabled(api, webhook):
    off = api.patch(at(webhook), {"enabled": False}, format="json").json()
    assert (off["enabled"], off["disabled_reason"]) == (False, "person")
    assert [one["id"] for one in api.get(URL, {"enabled": "false"}).json()["results"]] == [str(webhook.pk)]
    assert api.get(URL, {"enabled": "true"}).json()["results"] == []
    on = api.patch(at(webhook), {"enabled": True}, format="json").json()
    assert (on["enabled"], on["disabled_reason"]) == (True, None)


def test_a_webhook_is_removed(api, webhook, delivery):
    assert api.delete(at(webhook)).status_code == 204
    assert api.get(at(webhook)).status_code == 404
    assert not Delivery.objects.exists()


def test_a_new_secret_is_told_once(api, webhook):
    before = signing.secret(webhook)
    told = api.post(at(webhook, "rotate-secret")).json()
    webhook.refresh_from_db()
    assert told["secret"] == signing.secret(webhook) != before


def test_a_test_is_sent_and_can_be_followed(api, webhook):
    answer = api.post(at(webhook, "test"))
    assert answer.status_code == 202
    assert answer.json()["event"]["type"] == "webhook.test"
    followed = api.get(answer.headers["Location"])
    assert followed.json() == answer.json()


def test_deliveries_are_listed_newest_first_and_narrowed(api, webhook, delivery):
    test = api.post(at(webhook, "test")).json()
    listed = api.get(at(webhook, "deliveries")).json()["results"]
    assert [one["id"] for one in listed] == [test["id"], delivery.pk]
    assert "data" not in listed[0]
    for query, expected in (
        ({"type": "drift.alert"}, [delivery.pk]),
        ({"state": "delivered"}, []),
        ({"event": str(delivery.event_id)}, [delivery.pk]),
        ({"created_since": timezone.now().isoformat()}, []),
        ({"sort": "id"}, [delivery.pk, test["id"]]),
    ):
        found = api.get(at(webhook, "deliveries"), query).json()["results"]
        assert [one["id"] for one in found] == expected, query
    assert api.get(at(webhook, "deliveries"), {"stat": "x"}).status_code == 400


def test_pages_of_deliveries_go_on(api, webhook, delivery):
    for _ in range(4):
        api.post(at(webhook, "test"))
    address, seen = f"{at(webhook, 'deliveries')}?limit=2", []
    while address:
        page = api.get(address).json()
        seen += [one["id"] for one in page["results"]]
        address = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


def test_pages_of_webhooks_go_on(api, webhook, owner):
    for number in range(3):
        Webhook.objects.create(name=str(number), url="https://a.example/", events=[], user=owner)
    address, seen = f"{URL}?limit=2", []
    while address:
        page = api.get(address).json()
        seen += [one["id"] for one in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 4


def test_what_an_event_says_is_told_on_request_as_the_caller_may_know_it(api, webhook):
    hidden = make_prospect(job=make_job(blind=True), stage=Stage.SCREENING).candidate
    events.emit(EventKind.DRIFT_ALERT, {"candidate": events.person(hidden.pk), "report": 1})
    (listed,) = api.get(at(webhook, "deliveries"), {"expand": "data"}).json()["results"]
    assert listed["data"]["report"] == 1
    assert listed["data"]["candidate"].startswith("~")
    assert hidden.code not in str(listed)


def test_an_event_is_sent_again(api, webhook, delivery):
    Delivery.objects.update(state="delivered", next_at=None)
    answer = api.post(at(webhook, "deliveries", delivery.pk, "replay"))
    assert answer.status_code == 202
    assert answer.json()["replays"] == delivery.pk
    assert answer.json()["event"]["id"] == str(delivery.event_id)
    assert api.get(answer.headers["Location"]).status_code == 200


def test_what_was_given_up_is_sent_again_at_once(api, webhook, delivery):
    Delivery.objects.update(state="given_up", next_at=None)
    since = (timezone.now() - timezone.timedelta(hours=1)).isoformat()
    answer = api.post(at(webhook, "replay"), {"since": since}, format="json")
    assert (answer.status_code, answer.json()) == (202, {"replayed": 1})
    assert ("since", "required") in refused(api.post(at(webhook, "replay"), {}, format="json"))


def test_a_disabled_webhook_sends_nothing_again(api, webhook, delivery):
    api.patch(at(webhook), {"enabled": False}, format="json")
    since = {"since": timezone.now().isoformat()}
    for answer in (
        api.post(at(webhook, "deliveries", delivery.pk, "replay")),
        api.post(at(webhook, "replay"), since, format="json"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "webhook_disabled")


# Who may


def test_the_webhooks_of_another_account_are_not_there(caller, webhook, delivery):
    other = caller("Administrators")
    assert other.get(URL).json()["results"] == []
    for method, address in (
        ("get", at(webhook)),
        ("patch", at(webhook)),
        ("delete", at(webhook)),
        ("post", at(webhook, "rotate-secret")),
        ("post", at(webhook, "test")),
        ("post", at(webhook, "replay")),
        ("get", at(webhook, "deliveries")),
        ("get", at(webhook, "deliveries", delivery.pk)),
        ("post", at(webhook, "deliveries", delivery.pk, "replay")),
    ):
        assert getattr(other, method)(address, format="json").status_code == 404, (method, address)


def test_a_delivery_is_found_only_under_its_own_webhook(api, webhook, delivery, owner):
    second = Webhook.objects.create(name="b", url="https://b.example/", events=[], user=owner)
    assert api.get(at(second, "deliveries", delivery.pk)).status_code == 404
    assert api.get(f"{URL}/{uuid.uuid4()}").status_code == 404
    assert api.get(at(webhook, "deliveries", 10**30)).status_code == 404


@pytest.mark.parametrize("group", ["Recruiters", "Auditors", "Hiring managers"])
def test_other_roles_have_none(caller, group):
    client = caller(group)
    for answer in (client.get(URL), send(client)):
        assert answer.status_code == 403
        assert "administrators and integrations" in answer.json()["detail"]


def test_nobody_is_let_in_without_signing_in():
    assert APIClient().get(URL).status_code == 401


def test_a_key_needs_the_scope(owner, webhook, administrator):
    def client(*scopes):
        made = keys.create(name="k", user=owner, scopes=list(scopes), by=administrator)
        return APIClient(headers={"x-api-key": made.secret})

    reads, other = client("webhooks:read"), client("jobs:read")
    writes = client("webhooks:write", "prospects:read", "reports:read")
    assert reads.get(URL).status_code == 200
    assert reads.get(at(webhook, "deliveries")).status_code == 200
    assert send(reads).status_code == 403
    assert send(reads).json()["code"] == "missing_scope"
    assert send(writes).status_code == 201
    assert writes.post(at(webhook, "test")).status_code == 202
    assert other.get(URL).status_code == 403


@pytest.fixture
def by_key(owner, administrator):
    def make(*scopes):
        made = keys.create(name="k", user=owner, scopes=list(scopes), by=administrator)
        return APIClient(headers={"x-api-key": made.secret})

    return make


def test_a_key_hears_of_nothing_that_it_may_not_read(by_key):
    refused = send(by_key("webhooks:write", "prospects:read"))
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert "reports:read" in refused.json()["detail"]
    assert "prospects:read" not in refused.json()["detail"]
    assert not Webhook.objects.exists()
    assert send(by_key("webhooks:write", "prospects:read", "reports:read")).status_code == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"events": ["model.promoted", "drift.alert"]}, 403),
        ({"url": "https://elsewhere.example.com/"}, 403),
        ({"enabled": True}, 403),
        ({"events": ["model.promoted"]}, 200),
        ({"enabled": False}, 200),
        ({"name": "ATS 2"}, 200),
    ],
)
def test_a_key_turns_no_events_elsewhere_that_it_may_not_read(by_key, webhook, change, status):
    answer = by_key("webhooks:write", "models:read").patch(at(webhook), change, format="json")
    assert answer.status_code == status, answer.content
    webhook.refresh_from_db()
    if status == 403:
        assert answer.json()["code"] == "missing_scope"
        assert (webhook.events, webhook.url) == (["drift.alert"], "https://a.example.com/")


def test_a_key_reads_of_deliveries_what_it_may_read_otherwise(by_key, webhook, delivery):
    log, one = at(webhook, "deliveries"), at(webhook, "deliveries", delivery.pk)
    for scopes, told in ((["reports:read"], {"report": 1}), (["models:read"], None)):
        client = by_key("webhooks:read", *scopes)
        assert client.get(log, {"expand": "data"}).json()["results"][0]["data"] == told
        assert client.get(one, {"expand": "data"}).json()["data"] == told


def test_every_kind_of_event_has_its_scope():
    told = {kind: webhooks.scope_of(kind) for kind in EventKind}
    assert told.pop(EventKind.TEST) == ""
    assert set(told.values()) <= set(SCOPES)
    assert told[EventKind.CANDIDATE_MERGED] == "candidates:read"
    assert told[EventKind.DRIFT_ALERT] == "reports:read"
