import logging

import pytest
from django.db import transaction
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.permissions import AllowAny

from candidates.models import Document
from candidates.permissions import RolePermission
from tests.hiring_site.marked import (
    ROLES,
    admin_addresses,
    contents,
    example,
    make_world,
    markers_in,
    patterns,
)

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]

QUERIES = {
    # What a page needs to show people, beside its address
    "scoring:compare": lambda world: {"c": [world.token, world.open_person.code]},
    "jobs:move": lambda world: {"candidate": [world.token], "to": "screening"},
    "candidates:merge": lambda world: {"kept": world.token, "absorbed": world.open_person.code},
    "scoring:model_compare": lambda world: {"a": 1, "b": 2},
}
# Sent as a form: what is not named here is sent empty
FORMS = {
    "jobs:move": lambda world: {"candidate": [world.token], "to": "screening"},
    "scoring:feedback": lambda world: {"candidate": world.token, "verdict": "fit"},
    "scoring:export_ranking": lambda world: {"format": "csv"},
    "scoring:selected": lambda world: {"candidate": [world.token], "do": "export", "format": "xlsx"},
    "candidates:export": lambda world: {"format": "xlsx"},
    "candidates:add_to_job": lambda world: {"candidate": [world.token], "job": world.job.code},
    "candidates:notes": lambda world: {"text": "bom", "kind": "note"},
    "candidates:tags": lambda world: {"name": "novo"},
    "candidates:candidate_edit": lambda world: {"city": "Olinda"},
}
SEARCHES = (
    "q=zambujal",
    "q=quiteria",
    "q=MARK77001",
    "q=qmail",
    "q=%22zambujal%22",
    "sort=name",
    "q=java",
    "show=all",
)
# They change who is signed in, or answer without end
NOT_WALKED = {"logout", "login"}


@pytest.fixture
def world(db):
    logging.disable(logging.CRITICAL)  # every refusal would be written with its trace
    yield make_world()
    logging.disable(logging.NOTSET)


def addresses(world):
    for name, pattern in patterns():
        if name in NOT_WALKED or name.startswith("admin:") or "(" in name or name == "favicon.ico":
            continue
        address = reverse(name, kwargs=example(name, pattern, world))
        yield name, address, _query(name, pattern, world)
    for name, address in admin_addresses(world):
        yield name, address, {}


def _query(name, pattern, world):
    """Of the API, all that is told on request only."""
    told = getattr(getattr(pattern.callback, "cls", None), "on_request", ())
    return {"expand": ",".join(told)} if told else QUERIES.get(name, lambda world: {})(world)


def told(client, name, address, **sent):
    """What was typed into a search stands in its field again: only what else is told counts."""
    typed = address.partition("?q=")[2]
    found = [marker for marker in markers_in(client.get(address, **sent)) if marker not in typed.casefold()]
    return [f"GET {name} {address} {sent}: {found}"] if found else []


def answers_alike(name, address):
    """The API and the administration have no fragments: what htmx says of itself changes nothing."""
    return name.startswith("admin:") or address.startswith("/api/")


@pytest.mark.parametrize("role", ROLES)
def test_no_page_fragment_or_answer_tells_who_a_hidden_person_is(role, client, world):
    client.force_login(world.seen_by(role))
    leaks = []
    for name, address, query in addresses(world):
        leaks += told(client, name, address, data=query)
        if not answers_alike(name, address):
            leaks += told(client, name, address, data=query, headers={"HX-Request": "true"})
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ["recruiter", "manager", "system"])
def test_no_search_order_or_export_tells_it(role, client, world):
    client.force_login(world.seen_by(role))
    leaks, job = [], world.job.code
    lists = ("/candidates/", "/jobs/", f"/scoring/jobs/{job}/", f"/jobs/{job}/board/")
    for search in SEARCHES:
        for place in lists:
            leaks += told(client, "search", f"{place}?{search}&job={job}")
        for place in ("/candidates/export/", f"/scoring/jobs/{job}/export/"):
            for kind in ("csv", "xlsx"):
                leaks += told(client, "export", f"{place}?{search}&format={kind}&job={job}")
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ["administrator", "recruiter", "manager", "auditor"])
def test_no_answer_to_something_sent_tells_it_either(role, client, world):
    client.force_login(world.seen_by(role))
    leaks = []
    for name, address, _told in addresses(world):
        if name in ("candidates:reveal", "set_language") or name.startswith("admin:"):
            continue
        form = FORMS.get(name, lambda world: {})(world)
        sid = transaction.savepoint()
        for headers in ({}, {"HX-Request": "true"})[: 1 if answers_alike(name, address) else 2]:
            answer = client.post(address, form, headers=headers)
            if found := markers_in(answer):
                leaks.append(f"POST {name} {address} {answer.status_code}: {found}")
        transaction.savepoint_rollback(sid)
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ["administrator", "recruiter", "auditor", "manager", "system"])
def test_no_answer_of_the_api_tells_it_to_a_token(role, client, world):
    key = Token.objects.create(user=world.seen_by(role)).key
    leaks = []
    for _name, address, query in addresses(world):
        if address.startswith("/api/"):
            answer = client.get(address, query, headers={"Authorization": f"Token {key}"})
            leaks += [f"{address}: {found}" for found in [markers_in(answer)] if found]
    assert not leaks, "\n".join(leaks)


def test_the_walk_would_notice(client, world):
    """With blind review off the same pages do tell: the walk looks where something is to be seen."""
    world.job.blind = False
    world.job.save()
    client.force_login(world.seen_by("recruiter"))
    telling = {name for name, address, query in addresses(world) if markers_in(client.get(address, query))}
    for name in (
        "candidates:candidate_list",
        "candidates:candidate_detail",
        "candidates:document_download",
        "candidates:candidate_timeline",
        "candidates:notes",
        "jobs:board",
        "scoring:job_ranking",
        "api-ranking",
        "api-candidates",
        "api-candidate",
        "api-notes",
        "api-documents",
        "api-document-file",
        "api-prospects",
        "api-feedback",
        "api-candidates-sync",
    ):
        reached = {name, name.replace("candidate_detail", "candidate_list")}
        assert telling & reached, f"{name} told nothing: {sorted(telling)}"


def test_every_class_of_the_api_refuses_by_role():
    for name, pattern in patterns():
        view = getattr(pattern.callback, "cls", None)
        if view is None or AllowAny in view.permission_classes:
            continue
        assert any(issubclass(one, RolePermission) for one in view.permission_classes), name


def test_the_code_finds_nobody_hidden(client, world):
    client.force_login(world.seen_by("recruiter"))
    assert client.get("/candidates/MARK77001/").status_code == 404
    assert client.get(f"/candidates/{world.token}/").status_code == 200


def test_what_is_looked_into_is_read_to_the_end(client, world):
    world.job.blind = False
    world.job.save()
    client.force_login(world.seen_by("recruiter"))
    file = client.get(reverse("candidates:document_download", args=[world.rows[Document].pk]))
    assert "zambujal" in contents(file)
