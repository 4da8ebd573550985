import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates import tagging
from candidates.models import Candidate, CandidateEdit, Demographics, Profile
from candidates.services import refresh_profiles
from jobs.models import Stage
from tests.factories import make_candidate, make_job, make_prospect, make_stub

URL = "/api/v1/candidates"


def codes(response):
    assert response.status_code == 200, response.json()
    return {row["code"] for row in response.json()["results"]}


def fields_of(response):
    return [error["field"] for error in response.json()["errors"]]


# Reading


def test_somebody_is_read_with_every_field_and_nothing_protected(api):
    person = make_candidate(code="31001", salary_monthly="9000.00")
    Demographics.objects.create(candidate=person, sex="F", marital_status="solteira")
    told = api.get(f"{URL}/31001").json()
    assert told["name"] == person.name
    assert told["email"] == person.email
    assert told["salary_monthly"] == "9000.00"
    assert told["hidden"] is None
    assert told["has_cv"] is True
    assert "java" in told["cv_text"]
    assert not {"sex", "birth_date", "marital_status", "disability", "raw", "tags", "profile"} & told.keys()
    assert "solteira" not in str(told)


def test_the_code_of_a_merged_record_reads_who_it_went_into(api):
    kept = make_candidate(code="kept")
    make_candidate(code="old", merged_into=kept)
    assert api.get(f"{URL}/old").json()["code"] == "kept"
    assert codes(api.get(URL)) == {"kept"}


def test_a_code_may_hold_a_slash(api):
    make_candidate(code="BR/77")
    assert api.get(f"{URL}/BR/77").json()["code"] == "BR/77"
    assert api.get(f"{URL}/BR%2F77").json()["code"] == "BR/77"


@pytest.mark.parametrize("code", ["nobody", "~K7QX", "~", "a%00b", "ü" * 40])
def test_nobody_there_is_not_found(api, code):
    response = api.get(f"{URL}/{code}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_profile_and_tags_come_on_request(api, recruiter):
    person = make_candidate(code="31001")
    tagging.add(person, "talent", by=recruiter)
    refresh_profiles([person.pk])
    told = api.get(f"{URL}/31001?expand=profile,tags").json()
    assert told["tags"] == ["talent"]
    skills = {skill["id"]: skill for skill in told["profile"]["skills"]}
    assert "Desenvolvedor Java" in skills["java"]["quote"]
    assert api.get(f"{URL}/31001?fields=code,tags").json() == {"code": "31001", "tags": ["talent"]}


def test_a_list_costs_as_many_queries_whoever_is_in_it(api, recruiter):
    def queries():
        with CaptureQueriesContext(connection) as made:
            assert api.get(f"{URL}?expand=profile,tags,cv_text").status_code == 200
        return len(made)

    def add(number):
        for _ in range(number):
            tagging.add(make_candidate(), "talent", by=recruiter)
        refresh_profiles()

    add(2)
    few = queries()
    add(10)
    assert queries() == few


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("code=a&code=c", {"a", "c"}),
        ("code=a,c,nobody", {"a", "c"}),
        ("q=cobol", {"b"}),
        ("q=java OR cobol", {"a", "b"}),
        ("city=Recife", {"a", "c"}),
        ("city=Recife&city=Olinda", {"a", "b", "c"}),
        ("place=olin", {"b"}),
        ("state=Bahia", {"d"}),
        ("seniority=senior", {"a"}),
        ("seniority=senior&seniority=junior", {"a", "b"}),
        ("skill=java", {"a"}),
        ("skill=java&skill=sql", {"a"}),
        ("skill=cobol&skill=java", set()),
        ("tag=talent", {"c"}),
        ("is_stub=true", {"d"}),
        ("has_cv=false", {"c", "d"}),
        ("has_cv=true&city=Recife", {"a"}),
        ("area=Marketing", {"b"}),
        ("english=fluent", {"a"}),
        ("education=bachelor_complete", {"b"}),
        ("created_before=2000-01-01T00:00:00Z", set()),
        ("created_after=2000-01-01T00:00:00Z&updated_before=2100-01-01T00:00:00Z", {"a", "b", "c", "d"}),
        ("job=77", {"a", "b"}),
        ("stage=hired", {"b", "c"}),
        ("job=77&stage=hired", {"b"}),
    ],
)
def test_filters_find_whom_they_say(api, recruiter, query, found):
    people = {
        "a": make_candidate(code="a", seniority="senior", english="fluent"),
        "b": make_candidate(
            code="b",
            city="Olinda",
            seniority="junior",
            cv_text="programador cobol",
            headline="",
            area_labels=["Marketing"],
            education="bachelor_complete",
        ),
        "c": make_candidate(code="c", cv_text="", headline=""),
        "d": make_stub(code="d", state="Bahia"),
    }
    tagging.add(people["c"], "talent", by=recruiter)
    refresh_profiles()
    from candidates.services import refresh_search

    refresh_search([person.pk for person in people.values()])
    job = make_job(code="77")
    make_prospect(job=job, candidate=people["a"], stage=Stage.SOURCED)
    make_prospect(job=job, candidate=people["b"], stage=Stage.HIRED)
    make_prospect(candidate=people["c"], stage=Stage.HIRED)
    assert codes(api.get(f"{URL}?{query}")) == found


def test_a_wrong_filter_is_refused(api):
    assert fields_of(api.get(f"{URL}?sity=Recife&is_stub=1&seniority=boss")) == ["sity"]
    assert fields_of(api.get(f"{URL}?is_stub=1&seniority=boss&stage=lunch")) == [
        "seniority",
        "is_stub",
        "stage",
    ]


# Making


def test_somebody_is_added_found_and_answered(api, recruiter):
    sent = {"name": "Ana Exemplo", "email": "ana@example.com", "cv_text": "engenheira de dados, python"}
    response = api.post(URL, sent, format="json")
    assert response.status_code == 201, response.json()
    told = response.json()
    assert told["code"].startswith("C-")
    assert told["origin"] == "api"
    assert response["Location"] == f"{URL}/{told['code']}"
    assert api.get(response["Location"]).json() == told
    assert codes(api.get(f"{URL}?skill=python")) == {told["code"]}
    assert Profile.objects.get(candidate__code=told["code"]).skills


def test_the_caller_may_give_its_own_code_once(api):
    sent = {"code": "ats/77", "name": "Ana Exemplo"}
    assert api.post(URL, sent, format="json").json()["code"] == "ats/77"
    again = api.post(URL, {"code": "ats/77", "name": "Rui Outro"}, format="json")
    assert again.status_code == 409
    assert again.json()["type"].endswith(":code_taken")
    assert Candidate.objects.get().edited_fields == ["name"]


@pytest.mark.parametrize("code", ["~x", "a b", "-", "x" * 33, "C-1", "sync", "bulk", ""])
def test_a_code_that_cannot_be_one_is_refused(api, code):
    response = api.post(URL, {"code": code, "name": "Ana"}, format="json")
    assert response.status_code == 400
    assert fields_of(response) == ["code"]


def test_who_looks_like_somebody_here_is_added_only_when_asked_for(api):
    person = make_candidate(code="31001", name="Ana Exemplo", email="ana@example.com")
    from candidates import duplicates

    duplicates.look_for([person.pk])
    sent = {"name": "Ana Exemplo", "email": "ana@example.com"}
    refused = api.post(URL, sent, format="json")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":possible_duplicate")
    assert "31001" in refused.json()["detail"]
    assert api.post(URL, sent | {"allow_duplicate": True}, format="json").status_code == 201


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"nam": "Ana"}, "nam"),
        ({"name": "Ana", "raw": {}}, "raw"),
        ({"name": "Ana", "sex": "F"}, "sex"),
        ({"name": "Ana", "is_stub": True}, "is_stub"),
        ({"name": "Ana", "email": "no address"}, "email"),
        ({"name": "Ana", "phone": "12"}, "phone"),
        ({"name": "Ana", "linkedin_url": "ana"}, "linkedin_url"),
        ({"name": "Ana", "seniority": "boss"}, "seniority"),
        ({"name": "Ana", "salary_monthly": -1}, "salary_monthly"),
        ({"name": "Ana", "salary_monthly": "NaN"}, "salary_monthly"),
        ({"name": "Ana", "area_labels": "Marketing"}, "area_labels"),
        ({"name": "Ana", "area_labels": ["Astrology"]}, "area_labels.0"),
        ({"name": "A" * 201}, "name"),
        ({"name": "Ana\x00"}, "name"),
        ({"name": ["Ana"]}, "name"),
        ([], ""),
        ("Ana", ""),
        (None, ""),
    ],
)
def test_what_cannot_be_stored_is_refused_by_name(api, sent, field):
    import json

    response = api.post(URL, json.dumps(sent), content_type="application/json")
    assert response.status_code == 400
    assert field in fields_of(response)
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    "code",
    [
        *("bulk", "sync", "export", "31/notes", "31/tags", "31/tags/java", "x/recommendations", "31/reveal"),
        *("a/../jobs", "a/./b", "31/.."),
    ],
)
def test_a_code_that_would_be_an_address_of_something_else_is_refused(api, code):
    response = api.post(URL, {"name": "Ana Exemplo", "code": code}, format="json")
    assert (response.status_code, fields_of(response)) == (400, ["code"])
    assert response.json()["errors"][0]["code"] == "reserved"
    (result,) = api.post(f"{URL}/bulk", {"items": [{"name": "Ana", "code": code}]}, format="json").json()[
        "results"
    ]
    assert (result["status"], result["errors"][0]["code"]) == ("failed", "reserved")
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("code", ["ana", "31/2", "a.b", "notes", "tags-7", "31/notes-2", "a..b"])
def test_other_codes_are_found_under_their_address(api, code):
    response = api.post(URL, {"name": "Ana Exemplo", "code": code}, format="json")
    assert response.status_code == 201, response.json()
    assert api.get(response["Location"]).json()["code"] == code


@pytest.mark.parametrize(
    "body", ['{"name": "Ana", "name": "Bia"}', '{"items": [{"code": "a1", "code": "a2", "name": "Ana"}]}']
)
def test_a_field_that_is_sent_twice_is_refused(api, body):
    address = f"{URL}/bulk" if "items" in body else URL
    response = api.post(address, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "parse_error")
    assert ("code" if "items" in body else "name") in response.json()["detail"]
    assert not Candidate.objects.exists()


def test_half_a_character_that_is_sent_twice_is_refused_too(api):
    response = api.post(URL, '{"\\ud800": 1, "\\ud800": 2}', content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "parse_error")


# Changing


def test_a_change_writes_what_was_sent_and_keeps_who_did_it(api, recruiter):
    person = make_candidate(code="31001", phone="81 99999-0000")
    response = api.patch(f"{URL}/31001", {"city": "Olinda", "cv_text": "cobol", "phone": None}, format="json")
    assert response.status_code == 200, response.json()
    assert response.json()["city"] == "Olinda"
    person.refresh_from_db()
    assert (person.city, person.phone, person.state) == ("Olinda", "", "Pernambuco")
    assert person.edited_fields == ["city", "cv_text", "phone"]
    edit = CandidateEdit.objects.get()
    assert (edit.by, sorted(edit.fields)) == (recruiter, ["city", "cv_text", "phone"])
    assert codes(api.get(f"{URL}?skill=cobol")) == {"31001"}


def test_a_change_that_changes_nothing_leaves_no_trace(api):
    person = make_candidate(code="31001")
    tag = api.get(f"{URL}/31001")["ETag"]
    response = api.patch(f"{URL}/31001", {"city": person.city}, format="json")
    assert response.status_code == 200
    assert response["ETag"] == tag
    assert not CandidateEdit.objects.exists()


def test_what_the_source_left_in_disorder_stands_in_nobodys_way(api):
    make_candidate(code="31001", email="no address", phone="1", area_labels=["Old label"])
    assert api.patch(f"{URL}/31001", {"city": "Olinda"}, format="json").status_code == 200
    assert api.patch(f"{URL}/31001", {"email": "neither"}, format="json").status_code == 400


def test_somebody_elses_change_is_not_overwritten_unseen(api):
    make_candidate(code="31001")
    tag = api.get(f"{URL}/31001")["ETag"]
    first = api.patch(f"{URL}/31001", {"city": "Olinda"}, format="json", headers={"If-Match": tag})
    assert first.status_code == 200
    second = api.patch(f"{URL}/31001", {"city": "Natal"}, format="json", headers={"If-Match": tag})
    assert second.status_code == 412
    assert second.json()["type"].endswith(":precondition_failed")
    assert Candidate.objects.get().city == "Olinda"
    for match in (first["ETag"], f'"other", {first["ETag"]}', "*"):
        again = api.patch(f"{URL}/31001", {"city": "Olinda"}, format="json", headers={"If-Match": match})
        assert again.status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "post"])
def test_what_cannot_be_done_names_what_can(api, method):
    make_candidate(code="31001")
    response = getattr(api, method)(f"{URL}/31001", {}, format="json")
    assert response.status_code == 405
    assert response["Allow"] == "GET, PATCH, HEAD, OPTIONS"


# Many at once


def test_many_are_added_and_changed_each_with_its_own_result(api, django_capture_on_commit_callbacks):
    make_candidate(code="b", city="Recife")
    make_candidate(code="c", city="Recife")
    items = [
        {"code": "a", "name": "Ana Exemplo", "cv_text": "python"},
        {"code": "b", "city": "Olinda"},
        {"code": "c", "city": "Recife"},
        {"code": "d", "name": "Rui", "email": "none"},
        {"name": "nobody"},
        {"code": "e", "naem": "Eva"},
    ]
    with django_capture_on_commit_callbacks(execute=False):
        response = api.post(f"{URL}/bulk", {"items": items}, format="json")
    assert response.status_code == 200
    told = response.json()
    assert [row["status"] for row in told["results"]] == ["created", "updated", "unchanged"] + ["failed"] * 3
    assert [row["errors"][0]["field"] for row in told["results"][3:]] == ["email", "code", "naem"]
    assert set(Candidate.objects.values_list("code", flat=True)) == {"a", "b", "c"}
    assert Candidate.objects.get(code="b").city == "Olinda"


def test_what_came_in_bulk_is_found_once_a_worker_has_read_it(api):
    from candidates.creating import refresh_many

    api.post(f"{URL}/bulk", {"items": [{"code": "a", "name": "Ana", "cv_text": "python"}]}, format="json")
    refresh_many([Candidate.objects.get().pk])
    assert codes(api.get(f"{URL}?q=python")) == {"a"}
    assert codes(api.get(f"{URL}?skill=python")) == {"a"}
