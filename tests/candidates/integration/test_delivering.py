import datetime
import socket
import ssl
import subprocess
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from candidates.integration import delivering, events, sending, signing, webhooks
from candidates.models import Delivery, Event, EventKind, Notification, Webhook
from tests.candidates.integration.receiver import receiving

pytestmark = pytest.mark.django_db

State = Delivery.State
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def loopback(settings):
    settings.WEBHOOK_INSECURE = True
    settings.WEBHOOK_PRIVATE = ["127.0.0.0/8"]


@pytest.fixture
def receiver():
    with receiving() as running:
        yield running


@pytest.fixture
def webhook(receiver, administrator):
    return Webhook.objects.create(
        name="ATS", url=receiver.url, events=[EventKind.DRIFT_ALERT], user=administrator
    )


@pytest.fixture
def clock(monkeypatch):
    """A clock that tests move."""

    class Clock:
        ahead = datetime.timedelta(0)

        def now(self):
            return datetime.datetime.now(datetime.UTC) + self.ahead

        def move(self, **by):
            self.ahead += datetime.timedelta(**by)

    moved = Clock()
    monkeypatch.setattr(timezone, "now", moved.now)
    return moved


def emit(number=1):
    events.emit(EventKind.DRIFT_ALERT, {"report": number})


def only():
    return Delivery.objects.get()


def test_an_event_arrives_signed_and_says_what_happened(webhook, receiver):
    emit()
    assert delivering.deliver_to(webhook.pk) == 1
    (got,) = receiver.got
    event = Event.objects.get()
    assert got.is_signed_with(signing.secret(webhook))
    assert got.id == str(event.pk) == got.json["id"]
    assert got.json["type"] == "drift.alert"
    assert got.json["data"] == {"report": 1}
    assert datetime.datetime.fromisoformat(got.json["timestamp"]) == event.created_at
    assert got.path == "/hooks?from=peneira"
    assert got.headers["content-type"] == "application/json"
    delivery = only()
    assert delivery.state == State.DELIVERED
    assert delivery.delivered_at is not None
    assert delivery.claimed_until is None
    (attempt,) = delivery.attempts
    assert (attempt["status"], attempt["problem"]) == (204, "")
    webhook.refresh_from_db()
    assert webhook.last_success_at is not None


def test_the_signature_fails_for_another_secret_body_or_time(webhook, receiver, settings):
    emit()
    delivering.deliver_to(webhook.pk)
    (got,) = receiver.got
    secret = signing.secret(webhook)
    assert not got.is_signed_with(signing.secret(webhook, generation=2))
    assert not got.is_signed_with(secret, at=time.time() + 3600)
    got.body = got.body.replace(b"1", b"2")
    assert not got.is_signed_with(secret)
    settings.SECRET_KEY = "another"
    assert signing.secret(webhook) != secret


def test_the_documentation_shows_a_check_that_works(webhook, receiver, settings):
    blocks = (settings.BASE_DIR / "docs" / "api.md").read_text().split("```python\n")
    (code,) = [block.split("```")[0] for block in blocks if "def is_from_peneira" in block]
    shown = {}
    exec(code, shown)
    signing.rotate(webhook)
    emit()
    delivering.deliver_to(webhook.pk)
    (got,) = receiver.got
    check = shown["is_from_peneira"]
    for generation in (1, 2):
        assert check(got.headers, got.body, signing.secret(webhook, generation=generation))
    assert not check(got.headers, got.body + b" ", signing.secret(webhook))
    assert not check(got.headers, got.body, signing.secret(webhook, generation=3))


def test_after_a_rotation_both_secrets_sign_for_a_day_and_then_the_new_one_alone(webhook, receiver, clock):
    former = signing.secret(webhook)
    new = signing.rotate(webhook)
    assert new != former
    emit()
    delivering.deliver_to(webhook.pk)
    clock.move(hours=25)
    emit()
    delivering.deliver_to(webhook.pk)
    within, after = receiver.got
    now = timezone.now().timestamp()
    assert within.is_signed_with(former)
    assert within.is_signed_with(new)
    assert after.is_signed_with(new, at=now)
    assert not after.is_signed_with(former, at=now)


def test_a_refused_event_is_sent_again_ever_later_with_the_same_id_until_it_arrives(webhook, receiver, clock):
    for _ in range(4):
        receiver.answer(500)
    emit()
    waits = []
    for _ in range(5):
        assert delivering.deliver_to(webhook.pk) == 1
        assert delivering.deliver_to(webhook.pk) == 0, "not before it is due"
        delivery = only()
        if delivery.next_at:
            waits.append((delivery.next_at - timezone.now()).total_seconds())
            clock.move(seconds=waits[-1] + 900)
    assert delivery.state == State.DELIVERED
    assert [one["status"] for one in delivery.attempts] == [500, 500, 500, 500, 204]
    assert len({got.id for got in receiver.got}) == 1
    for wait, least in zip(waits, (5, 30, 120, 600), strict=True):
        assert least - 1 <= wait <= least * 1.2
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_what_never_arrives_is_given_up_and_ends_in_a_disabled_webhook_with_notice(
    webhook, receiver, clock, recruiter
):
    receiver.before_answer = lambda handler: handler.send_error(500) or True
    emit()
    began = timezone.now()
    for _ in range(len(delivering.DELAYS) + 1):
        assert delivering.deliver_to(webhook.pk) == 1
        delivery = only()
        if delivery.next_at:
            clock.move(seconds=(delivery.next_at - timezone.now()).total_seconds() + 1)
    assert delivery.state == State.GIVEN_UP
    assert len(delivery.attempts) == 11
    assert 3 * DAY <= timezone.now() - began <= 4 * DAY
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None
    assert webhook.disabled_reason == webhooks.Reason.FAILING
    (notice,) = Notification.objects.all()
    assert notice.user == webhook.user
    assert notice.params == {"name": "ATS"}
    assert str(webhook.pk) in notice.url


def test_the_owner_and_every_administrator_hear_of_a_disabled_webhook_and_nobody_else(
    webhook, administrator, recruiter, django_user_model
):
    webhook.user = django_user_model.objects.create_user("system")
    webhook.save()
    assert webhooks.disable(webhook, webhooks.Reason.GONE)
    assert not webhooks.disable(webhook, webhooks.Reason.GONE), "once"
    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told == {"system", "administrator"}


def test_gone_disables_at_once(webhook, receiver):
    receiver.answer(410)
    emit()
    delivering.deliver_to(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.disabled_reason == webhooks.Reason.GONE
    assert delivering.deliver_to(webhook.pk) == 0


def test_what_waited_goes_on_when_the_webhook_is_enabled_again(webhook, receiver):
    receiver.answer(410)
    emit()
    delivering.deliver_to(webhook.pk)
    emit(2)
    assert Delivery.objects.count() == 1, "a disabled one hears nothing"
    webhook.refresh_from_db()
    assert webhooks.enable(webhook)
    Delivery.objects.update(next_at=timezone.now())
    assert delivering.deliver_to(webhook.pk) == 1
    assert only().state == State.DELIVERED


def test_a_redirect_is_not_followed(webhook, receiver):
    receiver.answer(302, {"Location": receiver.url})
    emit()
    delivering.deliver_to(webhook.pk)
    assert len(receiver.got) == 1
    assert only().attempts[0]["problem"] == "redirect"
    assert only().state == State.PENDING


@pytest.mark.parametrize("written", ["120", "date"])
def test_a_receiver_that_asks_for_time_gets_it(webhook, receiver, written):
    if written == "date":
        then = timezone.now() + datetime.timedelta(seconds=121)
        written = then.strftime("%a, %d %b %Y %H:%M:%S GMT")
    receiver.answer(503, {"Retry-After": written})
    emit()
    delivering.deliver_to(webhook.pk)
    wait = (only().next_at - timezone.now()).total_seconds()
    assert 100 <= wait <= 121
    webhook.refresh_from_db()
    assert (webhook.held_until - timezone.now()).total_seconds() >= 100


def test_one_that_asks_for_a_year_is_asked_again_tomorrow(webhook, receiver):
    receiver.answer(429, {"Retry-After": "31536000"})
    emit()
    delivering.deliver_to(webhook.pk)
    assert only().next_at - timezone.now() <= DAY


def test_a_receiver_that_is_down_is_asked_once_whatever_waits_for_it(webhook, receiver, clock):
    for _ in range(9):
        receiver.answer(503)
    for number in range(20):
        emit(number)
    assert delivering.deliver_to(webhook.pk) == 1
    assert delivering.deliver_to(webhook.pk) == 0
    clock.move(seconds=6)
    assert delivering.deliver_to(webhook.pk) == 1
    clock.move(hours=1)
    receiver.answers.clear()
    assert delivering.deliver_to(webhook.pk) == 20
    assert not Delivery.objects.exclude(state=State.DELIVERED).exists()


def test_one_message_that_is_refused_does_not_hold_up_the_others(webhook, receiver):
    receiver.answer(400)
    for number in range(3):
        emit(number)
    assert delivering.deliver_to(webhook.pk) == 3
    states = Delivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.PENDING, State.DELIVERED, State.DELIVERED]
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_the_answers_body_is_neither_kept_nor_read_to_its_end(webhook, receiver):
    receiver.answer(500, body=b"Quiteria Zambujal " * 60_000)
    emit()
    delivering.deliver_to(webhook.pk)
    assert "Quiteria" not in str(only().attempts)


# Time


def test_a_receiver_that_does_not_answer_is_a_timeout(webhook, receiver, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.3)
    held = threading.Event()
    receiver.before_answer = lambda handler: held.wait(5)
    emit()
    delivering.deliver_to(webhook.pk)
    held.set()
    assert only().attempts[0]["problem"] == "timeout"
    assert only().attempts[0]["status"] is None


def test_one_that_sends_headers_byte_by_byte_is_cut_at_the_deadline(webhook, receiver, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.5)

    def drip(handler):
        try:
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 100:
                handler.wfile.write(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass
        return True

    receiver.before_answer = drip
    emit()
    started = time.monotonic()
    delivering.deliver_to(webhook.pk)
    assert time.monotonic() - started < 5
    assert only().attempts[0]["problem"] == "timeout"


def test_one_whose_tls_never_answers_is_cut_at_the_deadline(webhook, settings, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        webhook.url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        webhook.save()
        emit()
        delivering.deliver_to(webhook.pk)
    assert only().attempts[0]["problem"] == "timeout"


def test_a_status_counts_also_when_its_body_never_ends(webhook, receiver, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.5)
    held = threading.Event()

    def endless(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.wfile.flush()
        return held.wait(5) or True

    receiver.before_answer = endless
    emit()
    delivering.deliver_to(webhook.pk)
    held.set()
    assert only().state == State.DELIVERED


def test_nobody_listening_and_no_http_are_told_apart(webhook):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    webhook.url = f"http://127.0.0.1:{port}/"
    webhook.save()
    emit()
    delivering.deliver_to(webhook.pk)
    assert only().attempts[0]["problem"] == "unreachable"


def test_no_proxy_of_the_environment_is_asked(webhook, receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    emit()
    delivering.deliver_to(webhook.pk)
    assert only().state == State.DELIVERED


# Where to


def test_an_address_that_turned_inside_is_not_called(webhook, receiver, settings):
    settings.WEBHOOK_PRIVATE = []
    emit()
    delivering.deliver_to(webhook.pk)
    assert not receiver.got
    assert only().attempts[0]["problem"] == "private_address"


def test_the_connection_goes_to_the_machine_that_was_checked(webhook, receiver, monkeypatch):
    """The name answers with a good machine once, and with another the next time it is asked."""
    port = receiver.url.split(":")[2].split("/")[0]
    webhook.url = f"http://rebinding.example:{port}/in"
    webhook.save()
    asked, real = [], socket.getaddrinfo

    def rebinding(host, *args, **kwargs):
        if host != "rebinding.example":
            return real(host, *args, **kwargs)
        asked.append(host)
        machine = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (machine, int(port)))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    emit()
    delivering.deliver_to(webhook.pk)
    (got,) = receiver.got
    assert asked == ["rebinding.example"]
    assert got.headers["host"] == f"rebinding.example:{port}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=hooks.example",
    ]
    command += ["-addext", "subjectAltName=DNS:hooks.example", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return key, made


@pytest.mark.parametrize(
    ("host", "trusted", "problem"),
    [
        ("hooks.example", True, ""),
        ("other.example", True, "certificate"),
        ("hooks.example", False, "certificate"),
    ],
)
def test_a_secure_receiver_must_show_a_trusted_certificate_for_the_hosts_name(
    webhook, certificate, monkeypatch, host, trusted, problem
):
    key, made = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
    sending._trust.cache_clear()
    with receiving(wrap=lambda plain: context.wrap_socket(plain, server_side=True)) as secure:
        port = int(secure.url.split(":")[2].split("/")[0])
        webhook.url = f"https://{host}:{port}/in"
        webhook.save()
        monkeypatch.setattr("candidates.integration.addresses.resolve", lambda *asked: ["127.0.0.1"])
        emit()
        delivering.deliver_to(webhook.pk)
    sending._trust.cache_clear()
    assert only().attempts[0]["problem"] == problem
    assert len(secure.got) == (0 if problem else 1)


# Workers


def test_what_a_killed_worker_had_is_taken_again_after_its_lease(webhook, receiver, clock):
    emit()
    assert delivering.claim(webhook.pk).pk == only().pk
    assert delivering.deliver_to(webhook.pk) == 0, "somebody has it"
    clock.move(seconds=91)
    assert delivering.deliver_to(webhook.pk) == 1
    assert only().state == State.DELIVERED


def test_a_worker_that_comes_back_too_late_says_nothing_of_what_another_does(webhook, receiver, clock):
    emit()
    late = delivering.claim(webhook.pk)
    clock.move(seconds=91)
    now_has_it = delivering.claim(webhook.pk)
    delivering.note(late, sending.Outcome(problem="timeout"))
    assert only().claimed_until == now_has_it.claimed_until
    assert only().attempts == []


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_deliver_each_event_once(webhook, receiver):
    for number in range(30):
        emit(number)
    barrier, attempts = threading.Barrier(4), []

    def work():
        try:
            barrier.wait()
            while Delivery.objects.filter(state=State.PENDING).exists():
                attempts.append(delivering.deliver_to(webhook.pk))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(attempts) == 30
    assert len(receiver.got) == 30
    assert len({got.id for got in receiver.got}) == 30


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_receiver_thinks(webhook, receiver):
    seen = []
    receiver.before_answer = lambda handler: seen.append(connection.in_atomic_block)
    emit()
    delivering.deliver_to(webhook.pk)
    assert seen == [False]
    assert not connection.in_atomic_block


def test_a_slow_receiver_gets_two_at_once_and_no_more(webhook, receiver):
    for number in range(5):
        emit(number)
    assert delivering.claim(webhook.pk)
    assert delivering.claim(webhook.pk)
    assert delivering.claim(webhook.pk) is None


def test_the_sweep_calls_workers_for_what_is_due_only(
    webhook, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(
        "candidates.tasks.deliver_to_webhook.apply_async", lambda **how: sent.append(how["args"][0])
    )
    delivering.sweep()
    emit()
    with django_capture_on_commit_callbacks(execute=True):
        delivering.sweep()
    assert sent == [str(webhook.pk)]
    Delivery.objects.update(next_at=timezone.now() + DAY)
    with django_capture_on_commit_callbacks(execute=True):
        delivering.sweep()
    assert len(sent) == 1


def test_one_whose_owner_may_have_none_any_more_is_disabled_and_sends_nothing(webhook, receiver):
    webhook.user.is_superuser = False
    webhook.user.save()
    emit()
    webhooks.test(webhook)
    delivering.deliver_to(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.disabled_reason == webhooks.Reason.OWNER
    assert not receiver.got


# What somebody asks for


def test_a_test_is_sent_once_also_to_a_disabled_webhook_and_disables_nothing(webhook, receiver):
    webhooks.disable(webhook)
    receiver.answer(500)
    failed = webhooks.test(webhook)
    delivering.deliver_to(webhook.pk)
    failed.refresh_from_db()
    assert failed.state == State.GIVEN_UP
    webhook.refresh_from_db()
    assert webhook.failing_since is None
    good = webhooks.test(webhook)
    delivering.deliver_to(webhook.pk)
    good.refresh_from_db()
    assert good.state == State.DELIVERED
    assert receiver.got[-1].json["type"] == "webhook.test"
    assert receiver.got[-1].json["data"] == {"webhook": str(webhook.pk)}


def test_a_replay_is_a_delivery_of_its_own_with_the_same_id(webhook, receiver):
    emit()
    delivering.deliver_to(webhook.pk)
    first = only()
    again = webhooks.replay(first)
    assert again.pk != first.pk
    assert again.replays == first
    delivering.deliver_to(webhook.pk)
    assert [got.id for got in receiver.got] == [str(first.event_id)] * 2
    assert receiver.got[0].body == receiver.got[1].body


def test_to_replay_what_still_waits_is_to_send_it_now(webhook, receiver):
    receiver.answer(503)
    emit()
    delivering.deliver_to(webhook.pk)
    again = webhooks.replay(only())
    assert again == only()
    assert delivering.deliver_to(webhook.pk) == 1
    assert only().state == State.DELIVERED


def test_a_disabled_webhook_replays_nothing(webhook):
    emit()
    webhooks.disable(webhook)
    with pytest.raises(webhooks.IsDisabled):
        webhooks.replay(only())
    with pytest.raises(webhooks.IsDisabled):
        webhooks.replay_failed(webhook, since=timezone.now() - DAY)


def test_everything_that_was_given_up_is_replayed_once(webhook, receiver):
    for number in range(4):
        emit(number)
    lost = list(Delivery.objects.order_by("pk"))[:3]
    Delivery.objects.filter(pk__in=[one.pk for one in lost]).update(state=State.GIVEN_UP, next_at=None)
    Delivery.objects.filter(pk=lost[0].pk).update(created_at=timezone.now() - 5 * DAY)
    assert webhooks.replay_failed(webhook, since=timezone.now() - DAY) == 2
    assert webhooks.replay_failed(webhook, since=timezone.now() - DAY) == 0
    delivering.deliver_to(webhook.pk)
    assert len(receiver.got) == 3


def test_the_command_delivers_what_is_due_and_purges_what_is_old(webhook, receiver, capsys, settings):
    emit()
    call_command("deliver_webhooks")
    assert "Attempts: 1" in capsys.readouterr().out
    Event.objects.update(created_at=timezone.now() - (settings.WEBHOOK_DAYS + 1) * DAY)
    emit(2)
    call_command("deliver_webhooks", "--purge")
    assert "Events removed: 1" in capsys.readouterr().out
    assert [one.data for one in Event.objects.all()] == [{"report": 2}]
    assert Delivery.objects.count() == 1


def test_a_webhook_goes_with_its_log_and_what_was_sent_again(webhook, receiver):
    emit()
    delivering.deliver_to(webhook.pk)
    webhooks.replay(only())
    webhooks.remove(webhook)
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def test_what_was_sent_again_is_purged_as_well(webhook, receiver, settings):
    emit()
    delivering.deliver_to(webhook.pk)
    webhooks.replay(only())
    Event.objects.update(created_at=timezone.now() - (settings.WEBHOOK_DAYS + 1) * DAY)
    assert delivering.purge() == 1
    assert not Delivery.objects.exists()
