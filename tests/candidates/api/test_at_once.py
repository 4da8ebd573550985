import pytest

from candidates.models import Candidate, CandidateEdit
from tests.at_once import at_once
from tests.candidates.conftest import signed_in
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/candidates"


def answers(user, *requests):
    """The status of each, all sent at once: (method, path, body, headers)."""
    found = []

    def send(method, path, body, headers):
        response = getattr(signed_in(user), method)(f"{URL}{path}", body, format="json", headers=headers)
        found.append((response.status_code, response.json()))

    assert at_once(*[lambda one=one: send(*one) for one in requests]) == []
    return found


def test_of_many_who_change_what_they_read_one_does_and_the_others_are_told(recruiter):
    make_candidate(code="31001", city="Recife")
    tag = signed_in(recruiter).get(f"{URL}/31001")["ETag"]
    found = answers(
        recruiter,
        *[("patch", "/31001", {"city": f"City {number}"}, {"If-Match": tag}) for number in range(8)],
    )
    assert sorted(status for status, _ in found) == [200] + [412] * 7
    (told,) = [body for status, body in found if status == 200]
    assert Candidate.objects.get().city == told["city"]
    assert CandidateEdit.objects.count() == 1


def test_a_new_code_that_many_send_is_given_once(recruiter):
    found = answers(recruiter, *[("post", "", {"code": "a", "name": f"Ana {n}"}, {}) for n in range(6)])
    assert sorted(status for status, _ in found) == [201] + [409] * 5
    assert {body["code"] for status, body in found if status == 409} == {"code_taken"}
    assert Candidate.objects.count() == 1


def test_two_bulks_of_the_same_people_make_each_once(recruiter):
    items = [{"code": f"a{number}", "name": f"Ana {number}"} for number in range(20)]
    found = answers(
        recruiter,
        ("post", "/bulk", {"items": items}, {}),
        ("post", "/bulk", {"items": items[::-1]}, {}),
        ("post", "", {"code": "a7", "name": "Ana 7"}, {}),
    )
    states = [row["status"] for status, body in found if "results" in body for row in body["results"]]
    assert set(states) <= {"created", "unchanged"}
    assert Candidate.objects.count() == 20


def test_a_code_that_an_import_gives_in_that_moment_is_taken(recruiter, monkeypatch):
    from candidates.api import writing

    refuse = writing._refuse_taken

    def refuse_and_be_overtaken(code):
        refuse(code)
        at_once(lambda: make_candidate(code=code, city="Natal"))

    monkeypatch.setattr(writing, "_refuse_taken", refuse_and_be_overtaken)
    client = signed_in(recruiter)
    created = client.post(URL, {"code": "a", "name": "Ana"}, format="json")
    assert (created.status_code, created.json()["code"]) == (409, "code_taken")
    (row,) = client.post(f"{URL}/bulk", {"items": [{"code": "b", "city": "Olinda"}]}, format="json").json()[
        "results"
    ]
    assert row["status"] == "failed"  # no name, e-mail, phone or CV: nobody would have been made
    (row,) = client.post(f"{URL}/bulk", {"items": [{"code": "c", "name": "Eva"}]}, format="json").json()[
        "results"
    ]
    assert row["status"] == "updated"
    assert Candidate.objects.get(code="c").name == "Eva"
    assert Candidate.objects.get(code="c").city == "Natal"
