import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from rest_framework.authtoken.models import Token
from rest_framework.response import Response
from rest_framework.test import APIClient

from candidates.integration import calls, keys
from candidates.models import ApiCall, ApiKey

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.candidates.integration.echo")]
JOB = "/api/v1/jobs/77"


def code_of(response):
    return response.json()["type"].removeprefix("urn:peneira:problem:")


# Signing in


def test_a_key_acts_as_its_user(client, system, key_for):
    response = client.get(JOB, headers=key_for(system))
    assert response.status_code == 200
    assert response.json() == {"user": "careers-site", "acting": "careers-site"}


def test_without_anything_valid_the_answer_says_how_to_sign_in(client):
    response = client.get(JOB)
    assert response.status_code == 401
    assert code_of(response) == "not_authenticated"
    assert response["WWW-Authenticate"].startswith('ApiKey realm="Peneira"')


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda key: ApiKey.objects.update(expires_at=key.created_at), "key_expired"),
        (lambda key: keys.revoke(key, by=None), "key_revoked"),
        (lambda key: ApiKey.objects.update(networks=["198.51.100.0/24"]), "key_wrong_network"),
        (lambda key: User.objects.update(is_active=False), "key_user_inactive"),
        (lambda key: ApiKey.objects.update(digest="0" * 64), "key_unknown"),
    ],
)
def test_each_refusal_of_a_key_has_its_code(client, system, key_for, spoil, code):
    header = key_for(system)
    spoil(ApiKey.objects.get())
    response = client.get(JOB, headers=header)
    assert (response.status_code, code_of(response)) == (401, code)
    assert "WWW-Authenticate" in response
    assert header["x-api-key"] not in response.content.decode()


def test_a_wrong_key_is_refused_whatever_else_is_sent(client, recruiter):
    client.force_login(recruiter)
    token = Token.objects.create(user=recruiter).key
    headers = {"x-api-key": "", "Authorization": f"Token {token}"}
    assert code_of(client.get(JOB, headers=headers)) == "key_unknown"


def test_tokens_and_sessions_go_on_working(client, recruiter):
    token = Token.objects.create(user=recruiter).key
    assert client.post(JOB, headers={"Authorization": f"Token {token}"}).status_code == 200
    client.force_login(recruiter)
    assert client.get(JOB).status_code == 200


def test_what_a_session_sends_needs_its_csrf_token(recruiter, system, key_for):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(recruiter)
    assert browser.post(JOB).status_code == 403
    assert browser.post(JOB, headers=key_for(system, "jobs:write")).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "direct", "forwarded", "status"),
    [
        (0, "203.0.113.7", None, 200),
        (0, "198.51.100.1", "203.0.113.7", 401),
        (1, "198.51.100.1", "203.0.113.7", 200),
        (1, "198.51.100.1", "203.0.113.7, 192.0.2.1", 401),
        (1, "198.51.100.1", "192.0.2.1, 203.0.113.7", 200),
        (2, "198.51.100.1", "192.0.2.1, 203.0.113.7, 10.0.0.1", 200),
        (1, "203.0.113.7", None, 200),
        (1, "198.51.100.1", "203.0.113.7:40222", 200),
        (1, "198.51.100.1", "2001:db8::7", 200),
    ],
)
def test_the_network_is_that_of_the_last_address_no_client_can_write(
    client, system, key_for, settings, proxies, direct, forwarded, status
):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": proxies}
    header = key_for(system, networks=["203.0.113.0/24", "2001:db8::/32"])
    header |= {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client.get(JOB, headers=header, REMOTE_ADDR=direct).status_code == status


# Scopes


@pytest.mark.parametrize(
    ("method", "address", "scope", "other"),
    [
        ("get", JOB, "jobs:read", "jobs:write"),
        ("post", JOB, "jobs:write", "jobs:read"),
        ("post", "/api/v1/candidates", "candidates:read", "candidates:write"),
        ("get", "/api/v1/own/1", "jobs:read", "candidates:read"),
        ("options", JOB, "jobs:read", "jobs:write"),
    ],
)
def test_a_key_needs_the_scope_of_what_it_asks_for(client, system, key_for, method, address, scope, other):
    call = getattr(client, method)
    assert call(address, headers=key_for(system, scope)).status_code == 200
    refused = call(address, headers=key_for(system, other))
    assert (refused.status_code, code_of(refused)) == (403, "missing_scope")
    assert scope in refused.json()["detail"]


def test_what_has_no_scope_is_open_to_every_key(client, system, key_for):
    assert client.get("/api/v1/free", headers=key_for(system, "webhooks:read")).status_code == 200


def test_a_view_that_says_nothing_of_scopes_takes_no_key(client, system, key_for, recruiter):
    assert client.get("/api/v1/foreign", headers=key_for(system)).status_code == 403
    client.force_login(recruiter)
    assert client.get("/api/v1/foreign").status_code == 200


@pytest.mark.parametrize(
    ("group", "read", "sent", "code"),
    [
        ("Administrators", 200, 200, ""),
        ("Recruiters", 200, 200, ""),
        ("Integrations", 200, 200, ""),
        ("Auditors", 200, 403, "permission_denied"),
        ("Hiring managers", 200, 403, "permission_denied"),
    ],
)
def test_scopes_never_give_more_than_the_role(client, person, key_for, group, read, sent, code):
    header = key_for(person("somebody", group), "jobs:read", "jobs:write")
    assert client.get(JOB, headers=header).status_code == read
    response = client.post(JOB, headers=header)
    assert response.status_code == sent
    assert not code or code_of(response) == code


def test_a_role_that_is_taken_away_takes_the_key_along(client, system, key_for):
    header = key_for(system)
    system.groups.clear()
    assert client.get(JOB, headers=header).status_code == 403


# On behalf of


def test_what_is_done_is_attributed_to_whom_the_header_names(client, system, key_for, recruiter):
    header = key_for(system)
    for named in ("recruiter", str(recruiter.pk)):
        response = client.get(JOB, headers=header | {"On-Behalf-Of": named})
        assert response.json() == {"user": "careers-site", "acting": "recruiter"}
    call = ApiCall.objects.latest("pk")
    assert (call.user, call.on_behalf_of) == (system, recruiter)


def test_a_name_of_digits_goes_before_a_number(client, system, key_for, person, recruiter):
    named = person(str(recruiter.pk), "Recruiters")
    response = client.get(JOB, headers=key_for(system) | {"On-Behalf-Of": named.username})
    assert response.json()["acting"] == named.username
    assert ApiCall.objects.latest("pk").on_behalf_of == named


def test_a_name_is_sent_as_utf_8(client, system, key_for, person):
    person("joão", "Hiring managers")
    as_wsgi = "joão".encode().decode("latin-1")
    response = client.get(JOB, headers=key_for(system) | {"On-Behalf-Of": as_wsgi})
    assert response.json()["acting"] == "joão"


@pytest.mark.parametrize("named", ["", "nobody", "left", "0", "9" * 30, "٣", "a\x00b", "\xff", "Recruiter"])
def test_a_person_who_is_not_there_is_400(client, system, key_for, person, recruiter, named):
    person("left", "Recruiters", is_active=False)
    response = client.get(JOB, headers=key_for(system) | {"On-Behalf-Of": named})
    assert (response.status_code, code_of(response)) == (400, "unknown_person")


@pytest.mark.parametrize("groups", [(), ("Auditors",)])
def test_whoever_may_do_nothing_cannot_be_named(client, system, key_for, person, groups):
    person("named", *groups)
    response = client.get(JOB, headers=key_for(system) | {"On-Behalf-Of": "named"})
    assert (response.status_code, code_of(response)) == (403, "person_may_not_act")


@pytest.mark.parametrize("group", ["Recruiters", "Auditors", "Hiring managers"])
def test_keys_of_others_name_nobody(client, person, key_for, recruiter, group):
    header = key_for(person("somebody", group)) | {"On-Behalf-Of": "recruiter"}
    response = client.get(JOB, headers=header)
    assert (response.status_code, code_of(response)) == (403, "may_name_nobody")


def test_nor_do_people_who_are_signed_in_themselves(client, administrator, recruiter):
    client.force_login(administrator)
    response = client.get(JOB, headers={"On-Behalf-Of": "recruiter"})
    assert (response.status_code, code_of(response)) == (403, "may_name_nobody")


def test_naming_somebody_widens_nothing(client, person, key_for, administrator):
    """A system whose role may not do it cannot borrow the right of whom it names."""
    header = key_for(person("reader", "Integrations"), "jobs:read") | {"On-Behalf-Of": "administrator"}
    assert code_of(client.post(JOB, headers=header)) == "missing_scope"


# Counting


def test_every_answer_to_a_key_says_what_is_left(client, system, key_for, counts, settings):
    settings.API_PER_MINUTE = 3
    header = key_for(system)
    told = [client.get(JOB, headers=header) for _one in range(2)] + [client.post(JOB, headers=header)]
    refused = client.get(JOB, headers=header)
    assert [response.status_code for response in (*told, refused)] == [200, 200, 403, 429]
    assert [response["RateLimit-Remaining"] for response in told] == ["2", "1", "0"]
    assert {response["RateLimit-Limit"] for response in told} == {"3"}
    assert refused["Retry-After"] == refused["RateLimit-Reset"]
    assert 0 < int(refused["Retry-After"]) <= 61
    assert code_of(refused) == "throttled"


def test_each_key_and_each_person_has_a_count(client, system, key_for, recruiter, counts, settings):
    settings.API_PER_MINUTE = 1
    first, second, many = key_for(system), key_for(system), key_for(system, per_minute=5)
    client.force_login(recruiter)
    assert [client.get(JOB, headers=first).status_code for _twice in range(2)] == [200, 429]
    assert client.get(JOB, headers=second).status_code == 200
    assert [client.get(JOB, headers=many).status_code for _one in range(6)] == [200] * 5 + [429]
    assert [client.get(JOB).status_code for _twice in range(2)] == [200, 429]


def test_callers_without_a_valid_key_are_counted_by_address(client, system, key_for, counts, settings):
    settings.API_STRANGERS_PER_MINUTE = 2
    wrong = {"x-api-key": "wrong"}
    told = [client.get(JOB, headers=header, REMOTE_ADDR="203.0.113.7") for header in (wrong, {}, wrong)]
    assert [response.status_code for response in told] == [401, 401, 429]
    assert [response["RateLimit-Limit"] for response in told] == ["2"] * 3
    assert "Retry-After" in told[2]
    assert client.get(JOB, REMOTE_ADDR="203.0.113.8").status_code == 401
    # Who shares the address with them, and has a key, goes on
    assert client.get(JOB, headers=key_for(system), REMOTE_ADDR="203.0.113.7").status_code == 200


def test_a_whole_network_of_ipv6_is_one_stranger(client, counts, settings):
    settings.API_STRANGERS_PER_MINUTE = 1
    statuses = [client.get(JOB, REMOTE_ADDR=f"2001:db8::{number}").status_code for number in (1, 2)]
    assert statuses == [401, 429]


def test_without_redis_callers_are_still_answered_and_counted(client, system, key_for, settings):
    settings.API_PER_MINUTE = 8
    settings.REDIS_URL = "redis://127.0.0.1:2/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
    header = key_for(system)
    assert [client.get(JOB, headers=header).status_code for _one in range(3)] == [200, 200, 429]
    assert client.get(JOB).status_code == 401
    assert ApiCall.objects.count() == 4


# The audit


def test_each_call_leaves_one_row_without_anybodys_data(client, system, key_for, counts):
    header = key_for(system) | {"X-Request-ID": "mine"}
    client.get("/api/v1/jobs/12345?secret=1", headers=header, REMOTE_ADDR="203.0.113.77")
    call = ApiCall.objects.get()
    assert (call.key, call.user, call.on_behalf_of) == (ApiKey.objects.get(), system, None)
    assert (call.method, call.route, call.status, call.problem) == ("GET", "/api/v1/jobs/{code}", 200, "")
    assert (call.network, call.correlation_id, call.rows) == ("203.0.113.0/24", "mine", None)
    assert call.milliseconds > 0
    told = " ".join(str(value) for value in vars(call).values())
    assert "12345" not in told
    assert "secret" not in told
    assert "203.0.113.77" not in told


def test_refused_calls_are_noted_with_their_code(client, system, key_for, counts):
    header = key_for(system)
    client.post(JOB, headers=header)
    client.get(JOB, REMOTE_ADDR="2001:db8:1:2::3")
    client.get(JOB, headers={"x-api-key": "wrong"})
    keys.revoke(ApiKey.objects.get(), by=None)
    client.get(JOB, headers=header)
    noted = [
        (call.status, call.problem, call.key_id, call.user_id) for call in ApiCall.objects.order_by("pk")
    ]
    key = ApiKey.objects.get().pk
    assert noted == [
        (403, "missing_scope", key, system.pk),
        (401, "not_authenticated", None, None),
        (401, "key_unknown", None, None),
        (401, "key_revoked", key, None),
    ]
    assert ApiCall.objects.get(problem="not_authenticated").network == "2001:db8:1::/48"


def test_the_length_of_a_list_is_noted(client, system, key_for):
    client.get("/api/v1/candidates", headers=key_for(system, "candidates:read"))
    assert ApiCall.objects.get().rows == 3


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ({"results": [1, 2], "next": None}, 2),
        ({"changed": [1, 2], "gone": [3], "token": "t", "more": False}, 3),
        ({"changed": [], "gone": [], "token": "t", "more": False}, 0),
        ({"ranking": 1, "rows": [1, 2, 3, 4]}, 4),
        ({"batch": "b", "documents": [1]}, 1),
        ([1, 2], 2),
        ({"code": "31001"}, None),
        (None, None),
    ],
)
def test_whatever_holds_rows_is_counted(data, rows):
    assert calls._rows(Response(data)) == rows


def test_no_answer_is_kept_on_the_way(client, system, key_for):
    header = key_for(system)
    answers = [client.get(JOB, headers=header), client.post(JOB, headers=header), client.get(JOB)]
    assert [answer.status_code for answer in answers] == [200, 403, 401]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_a_flood_of_strangers_is_counted_and_hardly_stored(client, counts):
    for number in range(120):
        client.get(JOB, headers={"x-api-key": "wrong"}, REMOTE_ADDR=f"203.0.113.{number}")
    stored = list(ApiCall.objects.order_by("pk").values_list("status", "rows"))
    assert stored == [(401, 1), (401, 2), (401, 3), (401, 4), (401, 5), (401, 10), (401, 100)]


def test_a_flood_from_everywhere_is_hardly_stored_either(client, counts, monkeypatch):
    monkeypatch.setattr(calls, "KEPT_OF_STRANGERS", 10)
    for number in range(30):
        client.get(JOB, REMOTE_ADDR=f"203.0.{number}.1")
    assert ApiCall.objects.count() == 10


def test_what_is_too_much_of_one_key_is_hardly_stored(client, system, key_for, counts, settings):
    settings.API_PER_MINUTE = 1
    header = key_for(system)
    for _one in range(13):
        client.get(JOB, headers=header)
    stored = list(ApiCall.objects.order_by("pk").values_list("status", "rows"))
    assert stored == [(200, None), *((429, number) for number in (1, 2, 3, 4, 5, 10))]


def test_a_call_that_cannot_be_noted_is_answered(client, system, key_for, monkeypatch, caplog):
    def fail(*args):
        raise DatabaseError("DETAIL: Maria")

    monkeypatch.setattr(calls.INSERT, "run", fail)
    assert client.get(JOB, headers=key_for(system)).status_code == 200
    assert "not in the audit: DatabaseError" in caplog.text
    assert "Maria" not in caplog.text


def test_nobody_changes_what_was_noted(client, system, key_for):
    client.get(JOB, headers=key_for(system))
    with pytest.raises(DatabaseError, match="append-only"):
        ApiCall.objects.update(status=500)
