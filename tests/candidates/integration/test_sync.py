import pytest
from django.core import signing
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.integration import changes
from candidates.integration.sync import SALT
from candidates.merging import merge
from candidates.models import Candidate, Change, Document
from candidates.unmerging import undo
from tests.factories import make_candidate, make_job, make_prospect

URL = "/api/v1/candidates/sync"


def pull(api, token=None, **query):
    """One answer, and the token of the next."""
    response = api.get(URL, {**({"token": token} if token else {}), **query})
    assert response.status_code == 200, response.json()
    return response.json()


def changed(told):
    return [person["code"] for person in told["changed"]]


@pytest.fixture
def pulled(api):
    """The token of somebody who has pulled everything there was."""
    return lambda: pull(api, limit=500)["token"]


def test_a_first_pull_brings_everybody_in_pages(api):
    people = {make_candidate().code for _ in range(5)}
    first = pull(api, limit=3)
    second = pull(api, first["token"], limit=3)
    assert (first["more"], second["more"]) == (True, False)
    assert len(first["changed"]) == 3
    assert set(changed(first)) | set(changed(second)) == people
    assert pull(api, second["token"])["changed"] == []


def test_somebody_told_is_as_they_are_read(api):
    person = make_candidate(code="31001")
    assert pull(api)["changed"] == [api.get(f"/api/v1/candidates/{person.code}").json()]


def test_a_token_goes_on_being_right_and_stays_the_same_where_nothing_happened(api, pulled):
    make_candidate(code="31001")
    token = pulled()
    assert pull(api, token)["token"] == token
    make_candidate(code="31002")
    assert changed(pull(api, token)) == ["31002"]
    assert changed(pull(api, token)) == ["31002"]  # the answer was lost on the way: it is told again


def test_only_what_changed_is_told_and_only_once(api, pulled):
    make_candidate(code="a")
    person = make_candidate(code="b")
    token = pulled()
    Candidate.objects.filter(pk=person.pk).update(city="Olinda")
    Candidate.objects.filter(pk=person.pk).update(city="Natal")
    told = pull(api, token)
    assert [(one["code"], one["city"]) for one in told["changed"]] == [("b", "Natal")]
    assert pull(api, told["token"])["changed"] == []


@pytest.mark.parametrize(
    "unseen",
    [{"search_vector": None}, {"raw": {"a": 1}}, {"edited_fields": ["city"]}, {"city": "Recife"}],
)
def test_what_nobody_is_shown_is_no_change(api, pulled, unseen):
    person = make_candidate(city="Recife", search_vector="word")
    token = pulled()
    Candidate.objects.filter(pk=person.pk).update(**unseen)
    assert pull(api, token)["changed"] == []


def test_whatever_is_shown_is_noted(api, pulled):
    make_candidate(code="31001")
    shown = set(pull(api)["changed"][0]) - {"has_cv", "hidden"}
    other = {
        "is_stub": True,
        "area_labels": ["Marketing"],
        "seniority": "lead",
        "education": "master_complete",
    }
    other |= dict.fromkeys(("salary_monthly", "salary_hourly"), 7)
    other |= dict.fromkeys(("english", "spanish"), "basic")
    other |= {name: "2001-01-01T00:00:00Z" for name in shown if name.endswith("_at")}
    for name in sorted(shown):
        token = pulled()
        Candidate.objects.update(**{name: other.get(name, "other")})
        assert len(pull(api, token)["changed"]) == 1, name


def test_who_was_removed_is_gone(api, pulled):
    make_candidate(code="31001")
    token = pulled()
    Candidate.objects.all().delete()
    assert pull(api, token)["gone"] == [{"code": "31001", "merged_into": None}]


def test_who_was_gone_before_the_first_pull_is_not_mentioned(api):
    make_candidate(code="31001").delete()
    first = pull(api)
    assert (first["changed"], first["gone"]) == ([], [])
    assert pull(api, first["token"])["gone"] == []


def test_who_goes_during_the_first_pull_is_mentioned(api):
    people = [make_candidate() for _ in range(4)]
    first = pull(api, limit=2)
    Candidate.objects.filter(pk__in=[people[0].pk, people[3].pk]).delete()
    second = pull(api, first["token"])
    assert changed(second) == [people[2].code]
    assert {one["code"] for one in second["gone"]} == {people[0].code, people[3].code}


def test_a_merge_is_told_with_who_it_went_into_and_taken_back(api, recruiter, pulled):
    kept, absorbed = make_candidate(code="kept", phone=""), make_candidate(code="old", phone="81 99999-0000")
    token = pulled()
    done = merge(kept, absorbed, by=recruiter)
    told = pull(api, token)
    assert [(one["code"], one["phone"]) for one in told["changed"]] == [("kept", "81 99999-0000")]
    assert told["gone"] == [{"code": "old", "merged_into": "kept"}]
    undo(done, by=recruiter)
    again = pull(api, told["token"])
    assert set(changed(again)) == {"kept", "old"}
    assert again["gone"] == []


def test_fields_may_be_chosen(api):
    make_candidate(code="31001")
    assert pull(api, fields="code,city")["changed"] == [{"code": "31001", "city": "Recife"}]


def test_what_a_transaction_takes_back_is_not_told(api, pulled):
    person = make_candidate(code="31001", city="Recife")
    token = pulled()
    with transaction.atomic():
        point = transaction.savepoint()
        Candidate.objects.filter(pk=person.pk).update(city="Olinda")
        make_candidate(code="never")
        transaction.savepoint_rollback(point)
    assert pull(api, token)["changed"] == []


# The newest number


def test_the_newest_number_stays_until_something_changes(db):
    person = make_candidate(code="31001")
    before = changes.newest("candidate")
    assert changes.newest("candidate") == before
    make_job()  # of another kind
    assert changes.newest("candidate") == before
    Candidate.objects.filter(pk=person.pk).update(city="Olinda")
    assert changes.newest("candidate") != before
    assert changes.newest("candidate") == str(changes.last("candidate"))


def test_the_newest_number_is_read_from_indexes_alone(db):
    make_candidate(code="31001")
    with CaptureQueriesContext(connection) as asked:
        changes.newest("candidate")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using change_not_numbered" in plan
    assert "using change_pulled" in plan
    assert "Sort" not in plan
    assert "Filter" not in plan


@pytest.mark.django_db(transaction=True)
def test_a_change_that_began_first_and_was_committed_last_gives_another_number():
    slow, quick = make_candidate(code="31001"), make_candidate(code="31002")
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE candidates_candidate SET city = 'Olinda' WHERE id = %s", [slow.pk])
        Candidate.objects.filter(pk=quick.pk).update(city="Natal")
        before = changes.newest("candidate")
        other.commit()
        assert changes.newest("candidate") != before
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_change_of_somebody_who_is_being_changed_again_gives_another_number_too():
    person = make_candidate(code="31001")
    before = changes.newest("candidate")
    Candidate.objects.filter(pk=person.pk).update(city="Natal")
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE candidates_candidate SET city = 'Olinda' WHERE id = %s", [person.pk])
        meanwhile = changes.newest("candidate")
        assert meanwhile != before
        assert changes.newest("candidate") == meanwhile
        other.commit()
        assert changes.newest("candidate") not in (before, meanwhile)
    finally:
        other.close()


# Tokens


def refused(api, token, url=URL):
    response = api.get(url, {"token": token})
    return response.status_code, response.json()


@pytest.mark.parametrize("change", [lambda t: "x", lambda t: t[:-1], lambda t: "A" + t])
def test_a_token_nobody_gave_is_refused(api, pulled, change):
    status, problem = refused(api, change(pulled()))
    assert status == 400
    assert [error["field"] for error in problem["errors"]] == ["token"]


def test_a_token_belongs_to_its_resource(api, pulled):
    status, problem = refused(api, pulled(), url="/api/v1/documents/sync")
    assert status == 400
    assert "another resource" in problem["errors"][0]["detail"]


@pytest.mark.parametrize("other", [{"epoch": "of another"}, {"seq": 10**12}])
def test_a_token_of_another_database_is_gone(api, pulled, other):
    place = signing.Signer(salt=SALT).unsign_object(pulled())
    status, problem = refused(api, signing.Signer(salt=SALT).sign_object(place | other))
    assert status == 410
    assert problem["type"].endswith(":sync_token_gone")


def test_a_database_is_known_by_more_than_its_name(db):
    first = changes.epoch()
    with connection.cursor() as cursor:  # as a restored dump does
        cursor.execute("ALTER TABLE candidates_change RENAME TO candidates_change_before")
        cursor.execute("CREATE TABLE candidates_change (LIKE candidates_change_before)")
    assert changes.epoch() != first


@pytest.mark.parametrize("limit", ["0", "501", "x"])
def test_a_pull_is_bounded(api, limit):
    assert api.get(URL, {"limit": limit}).status_code == 400


# Who pulls


@pytest.mark.parametrize("group", ["Integrations", "Auditors", "Administrators"])
def test_roles_that_see_every_row_pull(caller, group):
    make_candidate(code="31001")
    assert changed(pull(caller(group))) == ["31001"]


def test_a_hiring_manager_pulls_nothing(caller):
    make_candidate(code="31001").delete()
    make_candidate(code="31002")
    response = caller("Hiring managers").get(URL)
    assert response.status_code == 403
    assert "3100" not in str(response.json())


def test_whom_blind_review_hides_is_told_by_pseudonym(api, caller, pulled):
    person = make_candidate(code="31001", name="Zulmira Exemplo", cv_text="Zulmira Exemplo, java")
    other = make_candidate(code="31002")
    make_prospect(job=make_job(blind=True), candidate=person)
    told = pull(caller("Integrations"))
    hidden = next(one for one in told["changed"] if one["hidden"])
    assert hidden["code"].startswith("~")
    assert hidden["name"] is hidden["email"] is None
    assert "Zulmira" not in str(told)
    Candidate.everyone.filter(pk=person.pk).update(merged_into=other)
    gone = pull(caller("Auditors"), told["token"])["gone"]
    assert gone == [{"code": hidden["code"], "merged_into": "31002"}]


def test_another_system_is_told_by_code_and_pseudonym_of_who_was_deleted_while_hidden(caller):
    person = make_candidate(code="31001")
    make_prospect(job=make_job(blind=True), candidate=person)
    client = caller("Integrations")
    first = pull(client)
    known = changed(first)
    person.delete()
    told = {one["code"] for one in pull(client, first["token"])["gone"]}
    assert told == {"31001", *known}


# Triggers


def test_every_way_of_writing_is_noted_once_per_row(db, tmp_path):
    people = [make_candidate(code=f"P{number}") for number in range(3)]
    Change.objects.update(seq=1)
    Candidate.objects.filter(pk__in=[people[0].pk, people[1].pk]).update(city="Olinda")
    people[2].delete()
    noted = {change.code: change.gone for change in Change.objects.filter(seq=None)}
    assert noted == {"P0": False, "P1": False, "P2": True}
    assert Change.objects.filter(kind="candidate").count() == 3


def test_the_heartbeat_of_a_document_is_no_change(db, recruiter):
    document = Document.objects.create(name="cv.pdf", size=1, sha256="x", uploaded_by=recruiter)
    Change.objects.update(seq=1)
    Document.objects.filter(pk=document.pk).update(heartbeat_at="2026-03-10T12:00:00Z")
    assert not Change.objects.filter(seq=None).exists()
    Document.objects.filter(pk=document.pk).update(state="parsed")
    assert Change.objects.filter(seq=None).exists()
