import datetime
import hashlib
import re
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from candidates.integration import keys
from candidates.integration.keys import KeyRefused, Refusal
from candidates.integration.scopes import SCOPES
from candidates.models import ApiKey
from candidates.viewing import Role, role_of

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"
MINUTE = datetime.timedelta(minutes=1)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def system():
    user = User.objects.create_user("careers-site")
    user.groups.add(Group.objects.get_or_create(name="Integrations")[0])
    return user


@pytest.fixture
def make(system, administrator):
    def make(**values):
        wanted = {"scopes": ["jobs:read"], "by": administrator} | values
        return keys.create(wanted.pop("name", "Careers site"), wanted.pop("user", system), **wanted)

    return make


def refusal_of(secret, address=HERE, **when):
    with pytest.raises(KeyRefused) as refused:
        keys.find(secret, address=address, **when)
    return refused.value.refusal


# Making


def test_a_secret_has_its_form_and_only_its_digest_is_kept(make):
    new = make()
    assert re.fullmatch(r"pnr_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}", new.secret)
    row = ApiKey.objects.get()
    assert new.secret.startswith(row.prefix + "_")
    assert row.digest == hashlib.sha256(new.secret.encode()).hexdigest()
    stored = " ".join(str(value) for value in vars(row).values())
    assert new.secret not in stored
    assert new.secret.rpartition(row.prefix)[2] not in stored


def test_no_two_keys_are_alike(make):
    made = [make() for _one in range(20)]
    assert len({new.secret for new in made}) == len({new.key.prefix for new in made}) == 20


def test_a_key_finds_itself_with_its_user_and_role(make, system, django_assert_num_queries):
    new = make(networks=["203.0.113.0/24"])
    keys.find(new.secret, address=HERE)
    with django_assert_num_queries(1):
        found = keys.find(new.secret, address=HERE)
        assert found.user == system
        assert role_of(found.user) == Role.INTEGRATION
    assert found == new.key
    assert found.scopes == ["jobs:read"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_same_is_found_by_a_prepared_statement(make):
    new = make()
    for _twice in range(2):
        assert keys.find(new.secret, address=HERE) == new.key
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'peneira_key'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_behind_a_pooler_that_forgets_statements_keys_are_found_all_the_same(make):
    new = make()
    keys._query.cache_clear()
    keys.find(new.secret, address=HERE)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert keys.find(new.secret, address=HERE) == new.key
    assert keys.find(new.secret, address=HERE) == new.key
    keys._query.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        ({"name": "  "}, "name", "Say which system uses the key."),
        ({"name": "x" * 81}, "name", "at most 80"),
        ({"scopes": ["jobs:delete"]}, "scopes", "There is no scope jobs:delete. There are: candidates:read"),
        ({"scopes": ["models:write"]}, "scopes", "There is no scope models:write"),
        ({"scopes": []}, "scopes", "at least one scope"),
        ({"networks": ["203.0.113.0/33"]}, "networks", "203.0.113.0/33 is no network"),
        ({"networks": ["example.com"]}, "networks", "example.com is no network"),
        ({"expires": timezone.now() - SECOND}, "expires_at", "has passed"),
        ({"per_minute": 0}, "per_minute", "revoke"),
    ],
)
def test_what_a_key_cannot_be_is_said_by_field(make, wanted, field, sentence):
    with pytest.raises(ValidationError) as refused:
        make(**wanted)
    assert sentence in " ".join(refused.value.message_dict[field])
    assert not ApiKey.objects.exists()


def test_an_account_without_a_role_gets_no_key(make):
    for user in (User.objects.create_user("nobody"), User.objects.create_user("left", is_active=False)):
        with pytest.raises(ValidationError) as refused:
            make(user=user)
        assert "user" in refused.value.message_dict


def test_networks_are_written_alike(make):
    new = make(networks=["203.0.113.9/24", " 2001:DB8::1/48", "198.51.100.4", "203.0.113.0/24"])
    assert new.key.networks == ["203.0.113.0/24", "2001:db8::/48", "198.51.100.4/32"]


# Refusing


@pytest.mark.parametrize(
    "spoil",
    [
        lambda secret: "",
        lambda secret: "x" * 100_000,
        lambda secret: secret[:-1],
        lambda secret: secret + "A",
        lambda secret: secret[:13] + "A" * 43,
        lambda secret: secret.replace("pnr_", "sk_"),
        lambda secret: "pnr_AAAAAAAA_" + secret[13:],
        lambda secret: secret + "\n",
        lambda secret: secret + "\x00",
        lambda secret: "é" + secret[1:],
    ],
)
def test_what_is_no_key_is_unknown(make, spoil):
    assert refusal_of(spoil(make().secret)) == Refusal.UNKNOWN


def test_whoever_holds_only_the_visible_part_learns_nothing(make):
    new = make()
    keys.revoke(new.key, by=None)
    guessed = new.key.prefix + "_" + "A" * 43
    assert refusal_of(guessed) == Refusal.UNKNOWN == refusal_of("pnr_AAAAAAAA_" + "A" * 43)
    assert refusal_of(new.secret) == Refusal.REVOKED


def test_a_key_ends_at_the_very_second(make):
    ends = timezone.now() + datetime.timedelta(days=1)
    new = make(expires=ends)
    assert keys.find(new.secret, address=HERE, at=ends - datetime.timedelta(microseconds=1))
    assert refusal_of(new.secret, at=ends) == Refusal.EXPIRED
    assert refusal_of(new.secret, at=ends + SECOND) == Refusal.EXPIRED


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        ([], "203.0.113.7", True),
        ([], "", True),
        (["203.0.113.0/24"], "203.0.113.255", True),
        (["203.0.113.0/24"], "203.0.114.0", False),
        (["203.0.113.0/24"], "::ffff:203.0.113.7", True),
        (["203.0.113.0/24"], "203.0.113.7:51234", True),
        (["203.0.113.0/24"], "2001:db8::1", False),
        (["203.0.113.0/24"], "", False),
        (["203.0.113.0/24"], "unknown", False),
        (["198.51.100.4", "2001:db8::/48"], "2001:db8:0:ffff::1", True),
        (["198.51.100.4", "2001:db8::/48"], "[2001:db8::1]:443", True),
        (["2001:db8::/48"], "2001:db8:1::1", False),
        (["0.0.0.0/0"], "192.0.2.1", True),
        (["0.0.0.0/0"], "2001:db8::1", False),
    ],
)
def test_a_key_works_from_its_networks_only(make, networks, address, allowed):
    new = make(networks=networks)
    if allowed:
        assert keys.find(new.secret, address=address)
    else:
        assert refusal_of(new.secret, address=address) == Refusal.WRONG_NETWORK


def test_a_key_goes_with_its_user(make, system):
    new = make()
    User.objects.filter(pk=system.pk).update(is_active=False)
    assert refusal_of(new.secret) == Refusal.INACTIVE_USER


def test_a_revoked_key_is_out_at_once_and_stays_so(make, administrator):
    new = make()
    assert keys.revoke(new.key, by=administrator)
    first = ApiKey.objects.get().revoked_at
    assert refusal_of(new.secret) == Refusal.REVOKED
    assert not keys.revoke(new.key, by=None)
    row = ApiKey.objects.get()
    assert (row.revoked_at, row.revoked_by) == (first, administrator)


# Use


def test_use_is_noted_at_most_once_a_minute(make, django_assert_num_queries):
    new, now = make(), timezone.now()
    keys.find(new.secret, address=HERE, at=now)
    for later in (SECOND, MINUTE - SECOND):
        with django_assert_num_queries(1):
            keys.find(new.secret, address=HERE, at=now + later)
    assert ApiKey.objects.get().last_used_at == now
    keys.find(new.secret, address=HERE, at=now + MINUTE)
    assert ApiKey.objects.get().last_used_at == now + MINUTE


def test_a_refused_key_was_not_used(make):
    new = make(networks=["198.51.100.0/24"])
    refusal_of(new.secret)
    assert ApiKey.objects.get().last_used_at is None


@pytest.mark.django_db(transaction=True)
def test_of_many_first_calls_at_once_one_notes_the_use(make, monkeypatch):
    new, barrier, noted = make(), Barrier(8), []
    update = type(ApiKey.objects.all()).update
    monkeypatch.setattr(
        type(ApiKey.objects.all()), "update", lambda self, **kw: noted.append(1) or update(self, **kw)
    )

    def call():
        barrier.wait()
        assert keys.find(new.secret, address=HERE)
        connection.close()

    threads = [Thread(target=call) for _one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(noted) == 1


# Rotating


@pytest.mark.parametrize(
    "overlap", [datetime.timedelta(0), datetime.timedelta(hours=1), datetime.timedelta(7)]
)
def test_after_the_overlap_the_new_key_works_alone(make, administrator, overlap):
    old = make(networks=["203.0.113.0/24"], per_minute=7)
    new = keys.rotate(old.key, overlap=overlap, by=administrator)
    row = ApiKey.objects.get(pk=old.key.pk)
    assert row.replaced_by == new.key
    assert row.expires_at - new.key.created_at <= overlap + SECOND
    if overlap:
        assert keys.find(old.secret, address=HERE, at=row.expires_at - SECOND)
    assert refusal_of(old.secret, at=row.expires_at) == Refusal.EXPIRED
    found = keys.find(new.secret, address=HERE, at=row.expires_at)
    for field in ("name", "user_id", "scopes", "networks", "per_minute"):
        assert getattr(found, field) == getattr(row, field)
    assert (found.expires_at, found.created_by) == (None, administrator)


def test_an_overlap_does_not_lengthen_the_old_keys_life(make):
    ends = timezone.now() + datetime.timedelta(hours=2)
    old = make(expires=ends)
    new = keys.rotate(old.key, overlap=datetime.timedelta(days=7), by=None)
    assert ApiKey.objects.get(pk=old.key.pk).expires_at == ends
    life = new.key.expires_at - new.key.created_at
    assert abs(life - datetime.timedelta(hours=2)) < SECOND


def test_what_is_out_of_force_or_replaced_is_not_rotated(make, system):
    replaced, revoked, expired, orphan = (make() for _one in range(4))
    keys.rotate(replaced.key, overlap=MINUTE, by=None)
    keys.revoke(revoked.key, by=None)
    ApiKey.objects.filter(pk=expired.key.pk).update(expires_at=timezone.now())
    for new in (replaced, revoked, expired):
        with pytest.raises(keys.NotRotatable):
            keys.rotate(new.key, overlap=MINUTE, by=None)
    system.groups.clear()
    with pytest.raises(keys.NotRotatable):
        keys.rotate(orphan.key, overlap=MINUTE, by=None)
    with pytest.raises(ValueError, match="overlap"):
        keys.rotate(orphan.key, overlap=-MINUTE, by=None)


def test_every_scope_can_be_given(make):
    assert sorted(make(scopes=SCOPES).key.scopes) == sorted(SCOPES)


def test_the_keys_in_force_are_listed(make):
    in_force, revoked, expired = make(), make(), make()
    keys.revoke(revoked.key, by=None)
    ApiKey.objects.filter(pk=expired.key.pk).update(expires_at=timezone.now())
    assert list(ApiKey.objects.in_force()) == [in_force.key]


@pytest.mark.django_db(transaction=True)
def test_a_key_that_two_replace_at_once_is_replaced_once(make):
    old, barrier, came_of_it = make(), Barrier(2), []

    def replace():
        barrier.wait()
        try:
            came_of_it.append(keys.rotate(old.key, overlap=MINUTE, by=None).key)
        except keys.NotRotatable:
            came_of_it.append(None)
        connection.close()

    threads = [Thread(target=replace) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came_of_it.count(None) == 1
    assert ApiKey.objects.count() == 2
