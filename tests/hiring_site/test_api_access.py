"""Every address of the API asks for a role and a scope, or is open on purpose."""

import itertools
import re
import uuid

import pytest
from django.contrib.auth.models import Group, User
from django.urls import Resolver404, get_resolver, resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny

from candidates.integration import keys
from candidates.integration.scopes import RESOURCES, SCOPES
from candidates.integration.views import ApiView
from candidates.models import ApiCall
from candidates.permissions import HasScope, RolePermission
from tests.hiring_site.marked import patterns

# Who asks these is not asked who it is: they tell nothing of anybody, or are how one signs in
OPEN = {"health", "health-live", "health-ready", "api-token", "api-schema", "api-docs"}
NO_SCOPE = {"version"}  # tells the service's own version only


def views():
    return [(name, pattern.callback.cls) for name, pattern in patterns() if hasattr(pattern.callback, "cls")]


def closed():
    return [(name, view) for name, view in views() if name not in OPEN]


def test_every_address_below_api_is_a_view_of_the_api_or_open_on_purpose():
    assert get_resolver().url_patterns
    known = dict(views())
    assert set(known) >= OPEN
    foreign = [name for name, view in closed() if not issubclass(view, ApiView)]
    assert not foreign, f"derive them from ApiView, or name them in OPEN: {foreign}"


def test_no_closed_view_lets_anybody_in():
    for name, view in closed():
        assert AllowAny not in view.permission_classes, name
        assert any(issubclass(one, RolePermission) for one in view.permission_classes), name
        assert any(isinstance(one, HasScope) for one in view().get_permissions()), name
        assert view.authentication_classes, name


def test_every_closed_view_names_a_resource_that_there_is():
    for name, view in closed():
        if name not in NO_SCOPE:
            assert view.resource in RESOURCES, f"{name} needs a resource"
        assert set(view.scopes.values()) <= set(SCOPES), name


def operations():
    generator = SchemaGenerator()
    generator._initialise_endpoints()
    for path, _regex, method, view in generator._get_paths_and_endpoints():
        if isinstance(view, ApiView) and view.resource:
            yield path, method, view


def address_of(path):
    """An address of this form: with a number, a UUID or a word where it asks for one."""
    values = ("1", str(uuid.uuid4()), "word")
    for chosen in itertools.product(values, repeat=path.count("{")):
        given = iter(chosen)
        address = re.sub(r"{\w+}", lambda _match: next(given), path)  # noqa: B023
        try:
            if resolve(address).url_name:
                return address
        except Resolver404:
            continue
    raise AssertionError(f"no address for {path}")


@pytest.mark.django_db
def test_a_key_without_a_scope_is_refused_everywhere_by_name(client):
    """Of each address one that needs another scope than the key has."""
    user = User.objects.create_superuser("administrator")
    user.groups.add(Group.objects.get(name="Administrators"))
    secrets = {
        scope: keys.create(scope, user, scopes=[scope], by=None).secret
        for scope in ("webhooks:write", "imports:write")
    }
    asked = 0
    for path, method, view in operations():
        scope = "imports:write" if view.resource == "webhooks" else "webhooks:write"
        address = address_of(path)
        answer = getattr(client, method.lower())(address, headers={"x-api-key": secrets[scope]})
        assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"
        assert answer.json()["type"].endswith("missing_scope"), path
        assert f"{view.resource}:" in answer.json()["detail"], path
        asked += 1
    assert asked >= 8
    assert ApiCall.objects.filter(status=403, problem="missing_scope").count() == asked
