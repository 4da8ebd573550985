import re

import pytest

from candidates.models import Tag, Tagging
from candidates.veiling import token
from jobs.models import JobMember
from tests.factories import make_candidate, make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db


def test_the_page_of_somebody_hidden_says_what_the_bars_are(page):
    prospect = make_prospect(
        job=make_job(blind=True), candidate=make_candidate(cv_text="Ana Luz, java", name="Ana Luz")
    )
    shown = page.get(f"/candidates/{token(prospect.candidate_id)}/").content.decode()
    assert "stands where the text told who or where the person is" in shown
    assert not re.search(r"\b(Ana|Luz)\b", shown)


def test_a_tag_with_the_name_of_somebody_hidden_is_shown_without_it(page):
    person = make_candidate(name="Ana Luz")
    make_prospect(job=make_job(blind=True), candidate=person)
    Tagging.objects.create(candidate=person, tag=Tag.objects.create(name="Ana Luz volta"))
    address = f"/candidates/{token(person.pk)}/"
    for path in (address, f"{address}tags/", f"{address}timeline/", f"/api/v1{address}tags"):
        told = page.get(path.removesuffix("/") if path.startswith("/api") else path).content.decode()
        assert not re.search(r"\bLuz\b", told), path
        assert "volta" in told or path == address


def test_a_hiring_manager_reads_the_name_and_no_contact_data_before_the_stage(client):
    manager = make_user("manager", "Hiring managers")
    cv = "Ana Luz (81) 99999-8888 ana@example.com java"
    person = make_candidate(cv_text=cv, name="Ana Luz", email="ana@example.com", code="501")
    prospect = make_prospect(candidate=person)
    JobMember.objects.create(job=prospect.job, user=manager, part="hiring_manager")
    client.force_login(manager)

    before = client.get("/candidates/501/").content.decode()
    assert "Ana Luz" in before
    assert "99999-8888" not in before
    assert "ana@example.com" not in before
    assert "stands where the text told how to reach the person" in before

    prospect.stage = "client_interview"
    prospect.save()
    after = client.get("/candidates/501/").content.decode()
    assert "ana@example.com" in after
    assert "99999-8888" in after
