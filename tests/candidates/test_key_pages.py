import datetime
import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import resolve, reverse
from django.utils import timezone

from candidates.integration import keys
from candidates.integration.key_list import MOST_COUNTED
from candidates.models import ApiCall, ApiKey
from candidates.viewing import Role, role_of

pytestmark = pytest.mark.django_db
LIST = "/candidates/api-keys/"
NEW = "/candidates/api-keys/new/"
RIGHT = {"name": "Careers site", "user": "", "scopes": ["candidates:read"], "lifetime": "90"}
DAY = datetime.timedelta(days=1)
SECRET = re.compile(r"pnr_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def system():
    user = User.objects.create_user("careers-site")
    user.groups.add(Group.objects.get(name="Integrations"))
    return user


@pytest.fixture
def key(system):
    return keys.create("Careers site", system, scopes=["jobs:read"], by=None).key


def text_of(response):
    return " ".join(response.content.decode().split())


def secret_in(response):
    found = set(SECRET.findall(response.content.decode()))
    assert len(found) == 1
    return found.pop()


# Who


@pytest.mark.parametrize("address", [LIST, NEW, LIST + "1/rotate/", LIST + "1/revoke/"])
def test_only_administrators_come_here(page, address):
    assert page.get(address).status_code == 403
    assert page.post(address).status_code in (403, 405)


# The list


def test_an_empty_list_teaches_the_first_call(admin_page):
    text = text_of(admin_page.get(LIST))
    assert "No other system has a key yet" in text
    assert 'curl -H "x-api-key: pnr_…" http://testserver/api/v1/jobs' in text


def test_the_list_tells_what_each_key_is_and_how_much_it_is_used(admin_page, key, system):
    long_ago = timezone.now() - datetime.timedelta(days=8)
    ApiCall.objects.bulk_create(
        [ApiCall(key=key, method="GET", route="/api/v1/jobs", status=200) for _one in range(3)]
        + [ApiCall(key=key, method="GET", route="/api/v1/jobs", status=200, at=long_ago)]
    )
    ApiKey.objects.update(last_used_at=timezone.now(), networks=["203.0.113.0/24"], per_minute=120)
    response = admin_page.get(LIST)
    (row,) = response.context["working"]
    assert (row.calls, row.more_calls, row.state, row.role) == (3, False, "in_force", Role.INTEGRATION)
    text = text_of(response)
    for told in (key.name, key.prefix, "acts as careers-site, integration", "jobs:read", "203.0.113.0/24"):
        assert told in text
    assert "120 requests a minute" in text
    assert key.digest not in text


def test_a_busy_key_is_not_counted_to_the_end(admin_page, key, monkeypatch):
    monkeypatch.setattr("candidates.integration.key_list.MOST_COUNTED", 2)
    ApiCall.objects.bulk_create([ApiCall(key=key, method="GET", route="/", status=200) for _one in range(5)])
    text = text_of(admin_page.get(LIST))
    assert "over 2" in text
    assert MOST_COUNTED == 100_000


def test_keys_stand_by_whether_they_work(admin_page, system):
    made = {
        name: keys.create(name, system, scopes=["jobs:read"], by=None).key
        for name in ("works", "soon", "old", "revoked", "expired")
    }
    keys.rotate(made["old"], overlap=datetime.timedelta(days=1), by=None)
    keys.revoke(made["revoked"], by=None)
    now = timezone.now()
    ApiKey.objects.filter(name="soon").update(expires_at=now + datetime.timedelta(days=3))
    ApiKey.objects.filter(name="expired").update(expires_at=now)
    context = admin_page.get(LIST).context
    states = {(row.key.name, row.state) for row in context["working"]}
    assert states == {("works", "in_force"), ("soon", "soon"), ("old", "replaced"), ("old", "in_force")}
    ended = {(row.key.name, row.state) for row in context["ended"]}
    assert ended == {("revoked", "key_revoked"), ("expired", "key_expired")}


def test_the_list_asks_no_more_for_more_keys(admin_page, system, django_assert_max_num_queries):
    for number in range(12):
        keys.create(f"System {number}", system, scopes=["jobs:read"], by=None)
    with django_assert_max_num_queries(10):
        admin_page.get(LIST)


# Making


def test_a_new_key_is_shown_once_and_works(admin_page, administrator, client):
    response = admin_page.post(NEW, RIGHT)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    secret = secret_in(response)
    key = keys.find(secret, address="")
    assert (key.name, key.scopes) == ("Careers site", ["candidates:read"])
    assert key.created_by_id == administrator.pk
    assert abs(key.expires_at - timezone.now() - 90 * DAY) < datetime.timedelta(minutes=1)
    for address in (LIST, NEW, reverse("admin:candidates_apikey_change", args=[key.pk])):
        assert not SECRET.search(admin_page.get(address).content.decode())
    assert secret not in str(dict(admin_page.session))


@pytest.mark.parametrize(
    ("scopes", "path"),
    [
        (["candidates:read", "jobs:read"], "/api/v1/jobs"),
        (["candidates:read"], "/api/v1/candidates"),
        (["prospects:write"], "/version"),
    ],
)
def test_the_first_call_it_shows_is_one_it_may_make(admin_page, client, scopes, path):
    response = admin_page.post(NEW, RIGHT | {"scopes": scopes})
    assert f"http://testserver{path}</code>" in response.content.decode()
    resolve(path)


def test_without_an_account_it_gets_one_of_its_own(admin_page):
    for expected in ("careers-site", "careers-site-2"):
        key = keys.find(secret_in(admin_page.post(NEW, RIGHT)), address="")
        assert key.user.username == expected
        assert role_of(key.user) == Role.INTEGRATION
        assert not key.user.has_usable_password()
        assert not key.user.is_staff


def test_everything_of_the_form_is_kept(admin_page, recruiter):
    day = timezone.localdate() + datetime.timedelta(days=10)
    wanted = {
        "name": " Payroll ",
        "user": recruiter.pk,
        "scopes": ["jobs:read", "jobs:write"],
        "lifetime": "day",
        "until": day.isoformat(),
        "networks": "203.0.113.9/24\n2001:db8::/48\n",
        "per_minute": "30",
    }
    key = keys.find(secret_in(admin_page.post(NEW, wanted)), address="203.0.113.1")
    assert (key.name, key.user, key.scopes) == ("Payroll", recruiter, ["jobs:read", "jobs:write"])
    assert (key.networks, key.per_minute) == (["203.0.113.0/24", "2001:db8::/48"], 30)
    ends = timezone.localtime(key.expires_at)
    assert (ends.date(), ends.time()) == (day + datetime.timedelta(days=1), datetime.time.min)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"scopes": []}, "scopes", "Choose at least one scope"),
        ({"scopes": ["jobs:delete"]}, "scopes", "jobs:delete"),
        ({"networks": "here"}, "networks", "here is no network. Write it as 203.0.113.0/24"),
        ({"lifetime": "day"}, "until", "Choose the last day"),
        ({"lifetime": "day", "until": "2020-01-01"}, "until", "has passed already"),
        ({"lifetime": "day", "until": "soon"}, "until", "Enter a valid date."),
        ({"per_minute": "0"}, "per_minute", "greater than or equal to 1"),
        ({"user": "999999"}, "user", "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(admin_page, wrong, field, sentence):
    response = admin_page.post(NEW, RIGHT | {"networks": "198.51.100.0/24"} | wrong)
    assert response.status_code == 400
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not ApiKey.objects.exists()
    assert not User.objects.filter(username="careers-site").exists()
    if "networks" not in wrong:
        assert "198.51.100.0/24" in text_of(response)
    if "scopes" not in wrong:
        assert 'value="candidates:read" data-verb="read" checked' in text_of(response)


def test_accounts_without_a_role_are_not_offered(admin_page, recruiter):
    User.objects.create_user("roleless")
    left = User.objects.create_user("left", is_active=False)
    left.groups.add(Group.objects.get(name="Recruiters"))
    text = text_of(admin_page.get(NEW))
    assert "recruiter – recruiter" in text
    assert "administrator – administrator" in text
    assert "roleless" not in text
    assert ">left" not in text


def test_the_matrix_offers_what_there_is(admin_page):
    text = admin_page.get(NEW).content.decode()
    assert text.count('name="scopes"') == text.count('data-verb="read"') + text.count('data-verb="write"')
    assert 'value="webhooks:write"' in text
    assert 'value="models:write"' not in text


# Replacing and revoking


def test_a_key_is_replaced_with_an_overlap(admin_page, system):
    old = keys.create("Careers site", system, scopes=["jobs:read"], by=None)
    address = f"{LIST}{old.key.pk}/rotate/"
    assert "one day" in text_of(admin_page.get(address))
    response = admin_page.post(address, {"overlap": "24"})
    new = keys.find(secret_in(response), address="")
    old_key = ApiKey.objects.get(pk=old.key.pk)
    assert old_key.replaced_by == new
    assert abs(old_key.expires_at - timezone.now() - DAY) < datetime.timedelta(minutes=1)
    assert keys.find(old.secret, address="")
    assert f"The old key, {old_key.prefix}…, works until" in text_of(response)
    again = admin_page.post(address, {"overlap": "24"}, follow=True)
    assert "This key was replaced already" in text_of(again)
    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize("overlap", ["", "forever", "-1"])
def test_an_overlap_that_is_not_offered_is_refused(admin_page, key, overlap):
    response = admin_page.post(f"{LIST}{key.pk}/rotate/", {"overlap": overlap})
    assert response.status_code == 400
    assert ApiKey.objects.count() == 1


def test_a_key_is_revoked_after_a_question(admin_page, administrator, key):
    address = f"{LIST}{key.pk}/revoke/"
    asked = text_of(admin_page.get(address))
    assert "Revoke “Careers site”?" in asked
    assert "It was never used." in asked
    assert ApiKey.objects.get().revoked_at is None
    response = admin_page.post(address, follow=True)
    assert "“Careers site” is revoked." in text_of(response)
    assert ApiKey.objects.get().revoked_by == administrator
    assert "was revoked before" in text_of(admin_page.post(address, follow=True))


def test_what_is_no_key_is_not_found(admin_page):
    for page in ("rotate", "revoke"):
        assert admin_page.get(f"{LIST}99999/{page}/").status_code == 404
        assert admin_page.post(f"{LIST}99999/{page}/").status_code == 404
