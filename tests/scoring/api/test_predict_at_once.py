import datetime
import json
import uuid

import pytest
from django.contrib.auth.models import Group, User
from django.db import OperationalError, connection
from django.test import Client

from candidates.integration import keys, throttling
from candidates.models import ApiCall, ApiKey, Event, Webhook
from scoring import at_once
from scoring.api import predict_at_once
from scoring.models import ModelVersion, Prediction
from tests.factories import make_candidate, make_user
from tests.scoring.test_api_predict import SYSTEM_B, make_system_b_version
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/predict"
OWN_HEADERS = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset", "Content-Length"}
# What says how an answer may be kept, in which language it is, and what else the address knows
OF_PAGES = {"Vary", "Content-Language", "Allow"}


@pytest.fixture(autouse=True)
def nothing_known():
    at_once.forget()
    yield
    at_once.forget()


@pytest.fixture
def version(db):
    return make_system_b_version()


@pytest.fixture
def system(db):
    return make_user("careers site", "Integrations")


@pytest.fixture
def secret(system):
    return keys.create("Test", system, scopes=["predictions:write"], by=None).secret


@pytest.fixture
def counts(monkeypatch, settings):
    """Counts of this test alone, in the Redis that all tests share."""
    counter = throttling.Counter(settings.REDIS_URL, prefix=f"tests-{uuid.uuid4().hex}")
    monkeypatch.setattr(throttling, "counter", lambda: counter)


@pytest.fixture
def short(monkeypatch):
    """How often the short way answered."""
    answered = []
    answer = predict_at_once.answer

    def watched(*args, **options):
        answered.append(answer(*args, **options))
        return answered[-1]

    monkeypatch.setattr(predict_at_once, "answer", watched)
    return lambda: [one is not None for one in answered]


def call(secret, body=SYSTEM_B, *, url=URL, **headers):
    sent = {"x-api-key": secret} | {name.replace("_", "-"): value for name, value in headers.items()}
    written = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client().post(url, written, content_type="application/json", headers=sent)


def both_ways(secret, **options):
    """The same call by the short way and by the whole one."""
    quick = call(secret, **options)
    return quick, call(secret, **options, Accept="application/json; q=0.9")


class TestAsTheWholeWay:
    def test_the_answer_is_the_same(self, version, secret, short):
        quick, whole = (answer.json() for answer in both_ways(secret))
        assert short() == [True, False]
        assert quick.keys() == whole.keys()
        own = {"prediction_id", "correlation_id"}
        assert {name: quick[name] for name in quick.keys() - own} == {
            name: whole[name] for name in whole.keys() - own
        }

    def test_of_a_field_that_is_there_twice_both_take_the_last(self, version, secret, short):
        body = '{"codigo_profissional": 1, "codigo_profissional": 77, "features": {"sap": 0, "sap": 1}}'
        answers = both_ways(secret, body=body)
        assert short() == [True, False]
        assert [one.json()["codigo_profissional"] for one in answers] == [77, 77]
        assert {one["Cache-Control"] for one in answers} == {"private, no-store"}

    def test_the_headers_are_the_same(self, version, secret, short):
        quick, whole = both_ways(secret)
        assert short() == [True, False]
        assert set(quick.headers) | OF_PAGES == set(whole.headers) | OF_PAGES
        for name in set(quick.headers) - OWN_HEADERS:
            assert quick.headers[name] == whole.headers[name]

    @pytest.mark.parametrize("code", [31001, 77, None])
    def test_the_rows_are_the_same(self, version, secret, short, code):
        make_candidate(code="31001")
        made = [
            Prediction.objects.get(pk=answer.json()["prediction_id"])
            for answer in both_ways(secret, body=SYSTEM_B | {"codigo_profissional": code})
        ]
        assert short() == [True, False]
        own = {"id", "correlation_id", "created_at", "latency_ms"}
        quick, whole = (
            {field.attname: getattr(one, field.attname) for field in Prediction._meta.concrete_fields}
            for one in made
        )
        assert {name for name in quick if quick[name] != whole[name]} <= own
        assert all(one.latency_ms > 0 for one in made)

    def test_the_rows_of_the_audit_are_the_same(self, version, secret, system, short):
        answers = both_ways(secret)
        assert short() == [True, False]
        quick, whole = (ApiCall.objects.get(correlation_id=one.json()["correlation_id"]) for one in answers)
        own = {"id", "at", "correlation_id", "milliseconds"}
        for field in ApiCall._meta.concrete_fields:
            if field.attname not in own:
                assert getattr(quick, field.attname) == getattr(whole, field.attname), field.attname
        assert (quick.route, quick.status, quick.user_id) == (URL, 200, system.pk)
        assert quick.milliseconds > 0

    def test_both_are_counted_together(self, version, secret, short, counts):
        keys_counted = [int(one["RateLimit-Remaining"]) for one in both_ways(secret)]
        assert short() == [True, False]
        assert keys_counted[0] - keys_counted[1] == 1

    def test_the_reasons_can_be_read_later(self, version, system, secret, short):
        made = call(secret).json()["prediction_id"]
        reader = keys.create("Reader", system, scopes=["predictions:read"], by=None).secret
        read = Client().get(f"/api/v1/predictions/{made}", headers={"x-api-key": reader}).json()
        account = read["reasons"]
        whole = account["base"] + sum(group["contribution"] for group in account["groups"])
        assert short() == [True]
        assert whole == pytest.approx(account["margin"])

    def test_somebody_who_went_into_another_record_is_found_behind_the_code(self, version, secret, short):
        kept = make_candidate()
        make_candidate(code="31001", merged_into=kept)
        call(secret)
        assert short() == [True]
        assert Prediction.objects.get().candidate_id == kept.pk

    def test_the_callers_own_id_is_kept(self, version, secret, short):
        answer = call(secret, X_Request_ID="mine-1")
        assert short() == [True]
        assert answer["X-Request-ID"] == answer.json()["correlation_id"] == "mine-1"


class TestWhatGoesTheWholeWay:
    @pytest.mark.parametrize(
        ("options", "status"),
        [
            ({"body": SYSTEM_B | {"reasons": True}}, 200),
            ({"url": URL + "?reasons=true"}, 200),
            ({"Idempotency_Key": "one"}, 200),
            ({"On_Behalf_Of": "nobody at all"}, 400),
            ({"Accept": "text/html"}, 406),
            ({"body": "{"}, 400),
            ({"body": b"\xff"}, 400),
            ({"body": "[]"}, 400),
            ({"body": {"features": {"cv_sap": "1"}}}, 400),
            ({"body": '{"features": {"cv_sap": NaN}}'}, 400),
            ({"body": {"features": {}, "codigo_profissional": "31001"}}, 200),
            ({"body": {"features": {}, "codigo_profissional": True}}, 400),
            ({"body": {"features": {}, "codigo_profissional": 2**63}}, 400),
            ({"body": "[" * 200_000}, 400),
        ],
    )
    def test_is_answered_as_ever_and_with_one_id(self, version, secret, short, options, status):
        answer = call(secret, **options)
        assert short() == [False]
        assert answer.status_code == status
        noted = ApiCall.objects.get()
        assert (noted.status, noted.correlation_id) == (status, answer["X-Request-ID"])

    @pytest.mark.parametrize("scopes", [["predictions:read"], ["jobs:write"]])
    def test_a_key_without_the_scope(self, version, system, short, scopes):
        answer = call(keys.create("Test", system, scopes=scopes, by=None).secret)
        assert (short(), answer.status_code) == ([False], 403)
        assert not Prediction.objects.exists()

    @pytest.mark.parametrize("group", ["Auditors", "Hiring managers"])
    def test_a_key_of_somebody_who_may_not(self, version, short, group):
        user = make_user("somebody", group)
        answer = call(keys.create("Test", user, scopes=["predictions:write"], by=None).secret)
        assert (short(), answer.status_code) == ([False], 403)

    def test_a_person_from_whom_somebody_may_be_hidden(self, version, recruiter, short):
        secret = keys.create("Test", recruiter, scopes=["predictions:write"], by=None).secret
        assert call(secret).status_code == 200
        assert call(secret, {"features": {}}).status_code == 200
        assert short() == [False, True]

    def test_a_key_that_is_revoked(self, version, system, short):
        made = keys.create("Test", system, scopes=["predictions:write"], by=None)
        keys.revoke(made.key, by=None)
        answer = call(made.secret)
        assert (short(), answer.status_code) == ([False], 401)

    def test_too_many_calls(self, version, system, short, counts):
        secret = keys.create("Test", system, scopes=["predictions:write"], by=None, per_minute=1).secret
        first, second = call(secret), call(secret)
        assert (first.status_code, second.status_code) == (200, 429)
        assert short() == [True, False]
        assert int(second["Retry-After"]) > 0

    def test_a_foreign_host(self, version, secret, short):
        answer = Client(HTTP_HOST="evil.example").post(
            URL, json.dumps(SYSTEM_B), content_type="application/json", headers={"x-api-key": secret}
        )
        assert answer.status_code == 400
        assert short() == []

    def test_a_call_that_must_be_encrypted(self, version, secret, short, settings):
        settings.SECURE_SSL_REDIRECT = True
        assert call(secret).status_code == 301
        assert short() == []

    def test_without_a_model(self, secret, short):
        answer = call(secret)
        assert (short(), answer.status_code) == ([False], 503)
        assert answer.json()["type"].endswith("no_model")

    def test_a_model_that_cannot_be_loaded(self, version, secret, short):
        damage(version)
        answer = call(secret)
        assert (short(), answer.status_code) == ([False], 503)


class TestAnotherVersion:
    def test_a_promotion_takes_effect_with_the_next_call(self, version, secret, short):
        assert call(secret).json()["model_version"] == version.number
        ModelVersion.objects.filter(pk=version.pk).update(state="retired")
        newer = make_system_b_version(number=version.number + 1)
        answers = [call(secret).json()["model_version"] for _again in range(3)]
        assert answers == [newer.number] * 3
        assert short() == [True, False, True, True]

    def test_the_first_of_its_recipe_takes_over_from_the_main_model(self, secret, short):
        main = make_trained_version()
        assert call(secret).json()["model_version"] == main.number
        own = make_system_b_version(number=main.number + 1)
        assert call(secret).json()["model_version"] == own.number
        assert Prediction.objects.filter(model_version=own).count() == 1

    def test_one_that_cannot_be_loaded_leaves_the_one_before_it_answering(self, version, secret, short):
        call(secret)
        ModelVersion.objects.filter(pk=version.pk).update(state="retired")
        damage(make_system_b_version(number=version.number + 1))
        assert call(secret).json()["model_version"] == version.number
        assert short() == [True, False]


class TestWebhooks:
    @pytest.fixture
    def listening(self, system):
        return Webhook.objects.create(
            name="W", url="https://example.org/", events=["prediction.created"], user=system
        )

    def test_whoever_listens_is_told(self, version, secret, listening, short):
        answer = call(secret)
        assert (answer.status_code, short()) == (200, [False])
        assert Event.objects.get().data["predictions"] == [answer.json()["prediction_id"]]
        assert Prediction.objects.count() == ApiCall.objects.count() == 1

    def test_nobody_is_told_who_wants_other_events(self, version, secret, listening, short):
        Webhook.objects.update(events=["model.promoted"])
        call(secret)
        assert short() == [True]
        assert not Event.objects.exists()


class TestFailures:
    def test_what_may_be_stored_is_not_stored_again(self, version, secret, short, monkeypatch):
        def gone(*args, **options):
            raise OperationalError("gone")

        monkeypatch.setattr(at_once, "store", gone)
        answer = call(secret)
        assert (short(), answer.status_code) == ([False], 503)
        assert answer.json()["type"].endswith("not_reachable")
        assert not Prediction.objects.exists()


class TestALateCaller:
    """A key that let its bearer in a moment ago."""

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            (lambda key: keys.revoke(key, by=None), 401),
            (lambda key: ApiKey.objects.update(expires_at=key.created_at), 401),
            (lambda key: ApiKey.objects.update(digest="0" * 64), 401),
            (lambda key: ApiKey.objects.update(networks=["198.51.100.0/24"]), 401),
            (lambda key: ApiKey.objects.update(scopes=["jobs:read"]), 403),
            (lambda key: User.objects.update(is_active=False), 401),
            (lambda key: key.user.groups.clear(), 403),
            (lambda key: key.user.groups.set([Group.objects.get_or_create(name="Auditors")[0]]), 403),
        ],
        ids=["revoked", "expired", "another", "network", "scope", "inactive", "no role", "another role"],
    )
    def test_is_refused_as_soon_as_the_key_is_another(self, version, secret, short, change, status):
        assert call(secret).status_code == 200
        change(ApiKey.objects.get())
        assert call(secret).status_code == status
        assert short() == [True, False]
        assert Prediction.objects.count() == 1

    def test_from_another_network_is_refused(self, version, system, short):
        made = keys.create(
            "Test", system, scopes=["predictions:write"], by=None, networks=["127.0.0.0/8"]
        ).secret
        assert call(made).status_code == 200
        answer = Client(REMOTE_ADDR="198.51.100.1").post(
            URL, json.dumps(SYSTEM_B), content_type="application/json", headers={"x-api-key": made}
        )
        assert (answer.status_code, short()) == (401, [True, False])

    def test_has_the_use_of_the_key_noted(self, version, secret):
        call(secret)
        assert ApiKey.objects.get().last_used_at is not None

    def test_is_looked_up_again_after_a_while(self, version, secret, short, monkeypatch):
        call(secret)
        monkeypatch.setattr(at_once, "SECONDS_KNOWN", -1)
        monkeypatch.setattr(keys, "USE_NOTED_EVERY", datetime.timedelta(0))
        before = ApiKey.objects.get().last_used_at
        call(secret)
        assert ApiKey.objects.get().last_used_at > before
        assert short() == [True, True]


@pytest.mark.django_db(transaction=True)
class TestALostConnection:
    def test_is_made_anew_and_nothing_is_stored_twice(self, version, secret, short):
        assert call(secret).status_code == 200
        connection.connection.close()
        assert call(secret).status_code == 200
        assert short() == [True, True]
        assert Prediction.objects.count() == ApiCall.objects.count() == 2

    def test_that_was_lost_after_storing_stores_nothing_more(self, version, secret, short, monkeypatch):
        assert call(secret).status_code == 200
        row, lost = at_once.STORE.row, []

        def losing(values):
            found = row(values)
            if not lost:
                lost.append(True)
                raise OperationalError("gone")
            return found

        monkeypatch.setattr(at_once.STORE, "row", losing)
        assert call(secret).status_code == 200
        assert Prediction.objects.count() == ApiCall.objects.count() == 2
