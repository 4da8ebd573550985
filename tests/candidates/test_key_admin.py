import csv
import datetime
import io

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from candidates.integration import keys
from candidates.models import ApiCall, ApiKey

pytestmark = pytest.mark.django_db
CALLS = reverse("admin:candidates_apicall_changelist")
KEYS = reverse("admin:candidates_apikey_changelist")


@pytest.fixture
def system():
    user = User.objects.create_user("careers-site")
    user.groups.add(Group.objects.get(name="Integrations"))
    return user


@pytest.fixture
def key(system):
    return keys.create("Careers site", system, scopes=["jobs:read"], by=None).key


def noted(**values):
    return ApiCall.objects.create(**({"method": "GET", "route": "/api/v1/models", "status": 200} | values))


def staff(group):
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


# Pages


@pytest.mark.parametrize(
    ("group", "status", "making"),
    [
        ("Administrators", 200, 302),
        ("Auditors", 200, 403),
        ("Recruiters", 403, 403),
        ("Integrations", 403, 403),
    ],
)
def test_administrators_and_auditors_read_keys_and_calls(client, key, group, status, making):
    client.force_login(staff(group))
    call = noted(key=key)
    addresses = [CALLS, KEYS, reverse("admin:candidates_apikey_change", args=[key.pk])]
    addresses.append(reverse("admin:candidates_apicall_change", args=[call.pk]))
    assert [client.get(address).status_code for address in addresses] == [status] * 4
    assert client.get(reverse("admin:candidates_apikey_add")).status_code == making


def test_making_a_key_goes_on_where_it_is_shown_once(admin_page):
    response = admin_page.get(reverse("admin:candidates_apikey_add"))
    assert response.headers["Location"] == reverse("candidates:api_key_new")


def test_nothing_is_changed_or_removed_in_the_admin(admin_page, key):
    call = noted(key=key)
    for name, row in (("apikey", key), ("apicall", call)):
        for page in ("change", "delete"):
            address = reverse(f"admin:candidates_{name}_{page}", args=[row.pk])
            assert admin_page.post(address, {"name": "Other"}).status_code == 403
    assert admin_page.get(reverse("admin:candidates_apicall_add")).status_code == 403
    assert ApiKey.objects.get().name == "Careers site"


def test_the_digest_is_nowhere_to_be_seen(admin_page, key):
    for address in (KEYS, reverse("admin:candidates_apikey_change", args=[key.pk])):
        text = admin_page.get(address).content.decode()
        assert key.prefix in text
        assert key.digest not in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"read", "refused", "failed", "old"}),
        ({"status": "2xx"}, {"read", "old"}),
        ({"status": "403"}, {"refused"}),
        ({"status": "5xx"}, {"failed"}),
        ({"status": "nonsense"}, {"read", "refused", "failed", "old"}),
        ({"route": "/api/v1/predict"}, {"failed"}),
        ({"day": "today"}, {"read", "refused", "failed", "old"}),
        ({"q": "refused"}, {"refused"}),
    ],
)
def test_calls_are_filtered(admin_page, asked, found):
    noted(correlation_id="read")
    noted(correlation_id="refused", status=403)
    noted(correlation_id="failed", status=503, route="/api/v1/predict")
    noted(correlation_id="old", at=timezone.now() - datetime.timedelta(days=3))
    rows = admin_page.get(CALLS, asked).context["cl"].result_list
    assert {row.correlation_id for row in rows} == found


def test_calls_are_filtered_by_key_and_day(admin_page, key, settings):
    midnight = timezone.make_aware(datetime.datetime.combine(timezone.localdate(), datetime.time.min))
    noted(correlation_id="first", at=midnight, key=key)
    noted(correlation_id="before", at=midnight - datetime.timedelta(microseconds=1))
    today = {"day": timezone.localdate().isoformat()}
    rows = admin_page.get(CALLS, today).context["cl"].result_list
    assert [row.correlation_id for row in rows] == ["first"]
    rows = admin_page.get(CALLS, {"key__id__exact": key.pk}).context["cl"].result_list
    assert [row.correlation_id for row in rows] == ["first"]


def test_the_addresses_to_choose_from_are_those_that_are_noted(admin_page):
    text = admin_page.get(CALLS).content.decode()
    assert "/api/v1/jobs/{code}/ranking" in text
    assert "/health" not in text


def test_counting_ends_somewhere(admin_page, monkeypatch):
    monkeypatch.setattr("candidates.key_admin.MOST_COUNTED", 2)
    for _one in range(3):
        noted()
    assert admin_page.get(CALLS).context["cl"].paginator.count == 2


# Commands


def made(*given):
    out = io.StringIO()
    call_command("create_api_key", *given, stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


def test_a_key_is_made_on_the_command_line(system):
    secret = made("--name", "ATS", "--user", "careers-site", "--scope", "jobs:read", "--scope", "jobs:write",
                  "--network", "203.0.113.0/24", "--days", "30", "--per-minute", "60")  # fmt: skip
    key = keys.find(secret, address="203.0.113.5")
    assert (key.name, key.user, key.scopes, key.per_minute) == (
        "ATS",
        system,
        ["jobs:read", "jobs:write"],
        60,
    )
    assert abs(key.expires_at - timezone.now() - datetime.timedelta(days=30)) < datetime.timedelta(minutes=1)


def test_without_days_and_account_it_never_expires_and_acts_as_one_of_its_own():
    key = keys.find(made("--name", "Data warehouse", "--scope", "candidates:read"), address="")
    assert (key.expires_at, key.user.username) == (None, "data-warehouse")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--name", "ATS"], "at least one scope"),
        (["--name", "ATS", "--scope", "all"], "There is no scope all."),
        (["--name", "ATS", "--scope", "jobs:read", "--user", "nobody"], "no account 'nobody'"),
        (["--name", "ATS", "--scope", "jobs:read", "--network", "here"], "here is no network"),
        (["--name", "ATS", "--scope", "jobs:read", "--days", "0"], "passed already"),
        (["--name", "ATS", "--scope", "jobs:read", "--days", "9999999999"], "too large"),
    ],
)
def test_what_cannot_be_is_said(given, sentence):
    with pytest.raises(CommandError, match=sentence):
        made(*given)
    assert not ApiKey.objects.exists()


def test_a_day_is_written_as_csv(tmp_path, key, system, recruiter):
    at = timezone.make_aware(datetime.datetime(2026, 3, 10, 23, 59, 59))
    noted(at=at, key=key, user=system, on_behalf_of=recruiter, network="203.0.113.0/24", rows=3)
    noted(at=at + datetime.timedelta(seconds=1))
    path = tmp_path / "calls.csv"
    call_command("export_api_calls", "--day", "2026-03-10", "--output", str(path), stderr=io.StringIO())
    with path.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["time"] == at.isoformat()
    assert (row["key"], row["user"], row["on_behalf_of"]) == (key.prefix, "careers-site", "recruiter")
    assert (row["address"], row["status"], row["rows"]) == ("/api/v1/models", "200", "3")


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="2026-03-10"):
        call_command("export_api_calls", "--day", "yesterday")


def test_old_calls_are_removed_by_an_operator_and_newer_ones_never():
    today = timezone.localdate()
    border = today - datetime.timedelta(days=90)
    midnight = timezone.make_aware(datetime.datetime.combine(border, datetime.time.min))
    noted(at=midnight - datetime.timedelta(microseconds=1))
    kept = noted(at=midnight)
    out = io.StringIO()
    call_command("prune_api_calls", "--before", border.isoformat(), stdout=out)
    assert out.getvalue() == "1 calls removed.\n"
    assert ApiCall.objects.get() == kept
    for wrong in ((border + datetime.timedelta(days=1)).isoformat(), "soon"):
        with pytest.raises(CommandError):
            call_command("prune_api_calls", "--before", wrong)
    with pytest.raises(DatabaseError, match="append-only"):
        ApiCall.objects.all().delete()
