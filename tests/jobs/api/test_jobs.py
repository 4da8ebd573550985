import pytest

from jobs.models import Job, Requirement
from tests.factories import make_job, make_prospect

pytestmark = pytest.mark.django_db
URL = "/api/v1/jobs"
NEW = {"code": "ATS-1", "title": "Desenvolvedor Java", "competences": "Obrigatório: Java, SQL."}


def send(api, values, method="post", address=URL):
    return getattr(api, method)(address, values, format="json")


def faults(answer):
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


class TestReading:
    def test_a_list_holds_jobs_without_requirements_unless_asked(self, api):
        job = make_job()
        Requirement.objects.create(job=job, kind="skill", value="java")
        (row,) = api.get(URL).json()["results"]
        assert (row["code"], row["status"], row["requested_on"]) == (job.code, "open", "2026-03-01")
        assert "requirements" not in row
        (row,) = api.get(f"{URL}?expand=requirements").json()["results"]
        assert [asked["value"] for asked in row["requirements"]] == ["java"]

    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ("status=open", 2),
            ("status=filled&status=inactive", 1),
            ("city=recife", 2),
            ("city=são paulo", 1),
            ("seniority=junior", 1),
            ("code=J1,J3,none", 2),
            ("q=python", 1),
            ("area=TI - Projetos", 1),
            ("requested_after=2026-03-02", 1),
            ("is_stub=false", 3),
        ],
    )
    def test_filters_narrow_it(self, api, query, number):
        make_job(code="J1", city="Recife", title="Analista Python", area_labels=["TI - Projetos"])
        make_job(code="J2", city="Recife", seniority="junior", requested_on="2026-04-01")
        make_job(code="J3", city="São Paulo", status="filled")
        from jobs import importing_derived

        importing_derived.derive(list(Job.objects.values_list("pk", flat=True)))
        answer = api.get(f"{URL}?{query}")
        assert len(answer.json()["results"]) == number

    def test_a_misspelt_filter_is_refused(self, api):
        answer = api.get(f"{URL}?statuss=open")
        assert answer.status_code == 400
        assert faults(answer) == {("statuss", "unknown_parameter")}

    def test_fields_are_chosen(self, api):
        make_job()
        (row,) = api.get(f"{URL}?fields=code,title").json()["results"]
        assert set(row) == {"code", "title"}

    def test_the_number_of_queries_does_not_grow(self, api, django_assert_max_num_queries):
        for _ in range(5):
            Requirement.objects.create(job=make_job(), kind="skill", value="java")
        with django_assert_max_num_queries(14):
            api.get(f"{URL}?expand=requirements")

    def test_one_is_read_by_code(self, api):
        job = make_job()
        assert api.get(f"{URL}/{job.code}").json()["title"] == job.title
        assert api.get(f"{URL}/none").status_code == 404
        Requirement.objects.create(job=make_job(code="A/7"), kind="skill", value="java")
        assert api.get(f"{URL}/A/7").json()["code"] == "A/7"
        assert len(api.get(f"{URL}/A/7/requirements").json()) == 1
        assert api.get(f"{URL}/a%00b").status_code == 404


class TestWriting:
    def test_a_job_is_made_with_the_requirements_of_its_text(self, api, integration):
        answer = send(api, NEW | {"salary_monthly": "9000.50", "seniority": "senior"})
        assert answer.status_code == 201, answer.content
        assert answer.headers["Location"].endswith("/api/v1/jobs/ATS-1")
        job = Job.objects.get(code="ATS-1")
        assert answer.json()["salary_monthly"] == "9000.50"
        assert set(job.requirements.values_list("value", flat=True)) >= {"java", "sql"}
        assert list(job.members.all()) == [integration]

    def test_without_a_code_it_gets_one(self, api):
        answer = send(api, {"title": "Analista"})
        assert answer.json()["code"].startswith("P-")

    def test_a_code_that_is_taken_is_a_conflict(self, api):
        make_job(code="ATS-1")
        answer = send(api, NEW)
        assert (answer.status_code, answer.json()["code"]) == (409, "code_taken")

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"code": "P-7"}, ("code", "reserved")),
            ({"code": "a/b"}, ("code", "invalid")),
            ({"code": "sync"}, ("code", "reserved")),
            ({"code": "bulk"}, ("code", "reserved")),
            ({"code": "new"}, ("code", "reserved")),
            ({"title": ""}, ("title", "blank")),
            ({"seniority": "boss"}, ("seniority", "not_a_choice")),
            ({"area_labels": ["Astrology"]}, ("area_labels", "not_a_choice")),
            ({"salary_monthly": "much"}, ("salary_monthly", "invalid")),
            ({"tittle": "x"}, ("tittle", "unknown_field")),
            ({"requested_on": "2026-03-02", "deadline_on": "2026-03-01"}, ("deadline_on", "invalid")),
            ({"raw": {}}, ("raw", "unknown_field")),
        ],
    )
    def test_what_is_wrong_is_named(self, api, values, fault):
        answer = send(api, NEW | values)
        assert answer.status_code == 400
        assert fault in faults(answer)
        assert not Job.objects.exists()

    def test_only_what_is_sent_changes(self, api):
        job = make_job(client="Cliente", sap=True)
        answer = send(api, {"title": "Outro", "status": "filled"}, "patch", f"{URL}/{job.code}")
        assert answer.status_code == 200, answer.content
        job.refresh_from_db()
        assert (job.title, job.status, job.client, job.sap) == ("Outro", "filled", "Cliente", True)
        assert job.edited_at is not None
        assert job.status_set_at is not None

    def test_the_code_never_changes(self, api):
        job = make_job()
        answer = send(api, {"code": "X"}, "patch", f"{URL}/{job.code}")
        assert faults(answer) == {("code", "unknown_field")}

    def test_many_are_made_and_changed_at_once(self, api):
        make_job(code="J1", title="Antes")
        make_job(code="J2", title="Mesmo")
        items = [{"code": "J1", "title": "Depois"}, {"code": "J2", "title": "Mesmo"}, {"code": "J3"}, NEW]
        answer = send(api, {"items": items}, address=f"{URL}/bulk").json()
        assert [row["status"] for row in answer["results"]] == ["updated", "unchanged", "failed", "created"]
        assert answer["results"][2]["errors"][0]["field"] == "title"
        assert Job.objects.get(code="J1").title == "Depois"

    def test_there_is_no_way_to_delete(self, api):
        assert api.delete(f"{URL}/{make_job().code}").status_code == 405


class TestRequirements:
    def test_one_is_asked_for_changed_and_removed(self, api):
        address = f"{URL}/{make_job().code}/requirements"
        (asked,) = send(api, {"kind": "skill", "value": "Java"}, address=address).json()
        assert (asked["value"], asked["must"], asked["text"]) == ("java", True, "Java")
        one = f"{address}/{asked['id']}"
        assert send(api, {"must": False}, "patch", one).json()[0]["must"] is False
        assert api.delete(one).json() == []
        assert api.delete(one).status_code == 404

    @pytest.mark.parametrize("number", ["x", "null,null", "1/2", "-1"])
    @pytest.mark.parametrize("method", ["patch", "delete", "get"])
    def test_what_is_no_number_leads_nowhere(self, api, method, number):
        address = f"{URL}/{make_job().code}/requirements"
        assert send(api, {}, method, f"{address}/{number}").status_code == 404

    def test_each_edit_is_a_row_of_the_list_s_history(self, api, integration):
        job = make_job()
        address = f"{URL}/{job.code}/requirements"
        (asked,) = send(api, {"kind": "skill", "value": "Java"}, address=address).json()
        one = f"{address}/{asked['id']}"
        send(api, {"must": False}, "patch", one)
        send(api, {"must": False}, "patch", one)  # as it is already
        api.delete(one)
        made = job.requirement_changes.order_by("pk")
        assert [(change.what, change.by) for change in made] == [
            ("must", integration),
            ("nice", integration),
            ("removed", integration),
        ]

    def test_a_protected_criterion_is_refused_with_the_reason(self, api):
        address = f"{URL}/{make_job().code}/requirements"
        answer = send(api, {"kind": "words", "value": "sexo masculino"}, address=address)
        assert (answer.status_code, answer.json()["code"]) == (409, "requirement_refused")
        assert not Requirement.objects.exists()

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"kind": "skill", "value": "xyzzy"}, "unknown_skill"),
            ({"kind": "english", "value": "so"}, "not_a_choice"),
        ],
    )
    def test_what_is_asked_must_be_known(self, api, values, code):
        answer = send(api, values, address=f"{URL}/{make_job().code}/requirements")
        assert faults(answer) == {("value", code)}


def test_a_pull_brings_what_changed_and_what_went(api):
    kept, gone = make_job(title="a"), make_job()
    first = api.get(f"{URL}/sync").json()
    assert {row["code"] for row in first["changed"]} == {kept.code, gone.code}
    send(api, {"title": "b"}, "patch", f"{URL}/{kept.code}")
    gone.delete()
    second = api.get(f"{URL}/sync", {"token": first["token"]}).json()
    assert [(row["code"], row["title"]) for row in second["changed"]] == [(kept.code, "b")]
    assert second["gone"] == [{"code": gone.code}]
    assert api.get(f"{URL}/sync", {"token": second["token"]}).json()["changed"] == []


def test_a_new_prospect_is_no_change_of_its_job(api):
    job = make_job()
    token = api.get(f"{URL}/sync").json()["token"]
    make_prospect(job=job)
    assert api.get(f"{URL}/sync", {"token": token}).json()["changed"] == []
