import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from candidates.models import Candidate, Demographics, Profile
from candidates.services import refresh_profiles, refresh_search
from tests.factories import make_candidate, make_prospect, make_stub
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("candidates:candidate_list")
FRAGMENT = {"HX-Request": "true"}


def names(response):
    return [candidate.name for candidate in response.context["candidates"]]


def give_skills(candidate, *skills):
    return Profile.objects.create(
        candidate=candidate, extractor="taxonomy", version="1", source_hash="a", skills=list(skills)
    )


@pytest.fixture
def searchable(db):
    make_candidate(name="Ana", city="São Paulo", state="São Paulo", cv_text="programadora python e django")
    make_candidate(name="Bia", city="Recife", state="Pernambuco", seniority="senior", english="fluent")
    make_candidate(name="Caio", city="Olinda", state="Pernambuco", education="master_complete", cv_text="")
    make_stub(name="Davi")
    refresh_profiles()
    refresh_search()


class TestList:
    def test_it_asks_a_stranger_to_sign_in(self, client):
        response = client.get(LIST)
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("login"))

    def test_a_strangers_fragment_request_opens_the_sign_in_page(self, client):
        assert client.get(LIST, headers=FRAGMENT).headers["HX-Redirect"].startswith(reverse("login"))

    def test_it_refuses_post(self, page):
        assert page.post(LIST).status_code == 405

    def test_it_shows_what_a_row_needs(self, page):
        candidate = make_candidate(name="Ana", headline="Engenheira de dados", seniority="senior")
        give_skills(candidate, "python", "java", "sql", "docker", "aws", "git", "linux", "scrum")
        make_prospect(candidate=candidate)
        make_prospect(candidate=candidate)
        html = text_of(page.get(LIST))
        for wanted in ("Ana", "Engenheira de dados", "Recife, Pernambuco", "senior", "Python", "Java"):
            assert wanted in html
        assert html.count('<li class="chip">') == 6
        assert "and 2 more" in html
        assert '<td class="num" data-label="Jobs">2</td>' in html

    def test_it_says_who_is_a_stub_and_who_has_no_cv(self, page):
        make_stub(code="77")
        make_candidate(cv_text="")
        html = text_of(page.get(LIST))
        assert "Candidate 77" in html
        assert html.count('<span class="badge badge-warn">only from jobs</span>') == 1
        assert html.count('<span class="badge">no CV</span>') == 1

    def test_stubs_come_last(self, page):
        make_candidate(name="Ana")
        make_stub(name="Davi")
        assert names(page.get(LIST)) == ["Ana", "Davi"]

    def test_an_administrator_of_an_empty_database_is_sent_to_the_import(self, admin_page):
        html = text_of(admin_page.get(LIST))
        assert "No candidates yet" in html
        assert reverse("jobs:import_new") in html

    def test_a_recruiter_of_an_empty_database_is_told_whom_to_ask(self, page):
        html = text_of(page.get(LIST))
        assert "An administrator can start one" in html
        assert reverse("jobs:import_new") not in html

    def test_nobody_found_offers_to_clear_the_filters(self, page, searchable):
        html = text_of(page.get(LIST, {"q": "cobol"}))
        assert "Nobody passes this sieve" in html
        assert "Clear all filters" in html

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "python"}, ["Ana"]),
            ({"q": "PROGRAMADOR"}, ["Ana"]),
            ({"q": '"python e django"'}, ["Ana"]),
            ({"q": "recife"}, ["Bia"]),
            ({"place": "sao paulo"}, ["Ana"]),
            ({"place": "Olinda, Pernambuco"}, ["Caio"]),
            ({"seniority": "senior"}, ["Bia"]),
            ({"education": "master_complete"}, ["Caio"]),
            ({"english": "fluent"}, ["Bia"]),
            ({"skill": "python"}, ["Ana"]),
            ({"skill": "java", "english": "fluent"}, ["Bia"]),
            ({"record": "cv", "sort": "name"}, ["Ana", "Bia"]),
            ({"record": "no_cv"}, ["Caio"]),
            ({"record": "stub"}, ["Davi"]),
            ({"sort": "name"}, ["Ana", "Bia", "Caio", "Davi"]),
            ({"skill": "python", "seniority": "senior"}, []),
        ],
    )
    def test_filters_find(self, page, searchable, query, found):
        assert names(page.get(LIST, query)) == found

    def test_a_code_finds_its_candidate(self, page, searchable):
        code = Candidate.objects.get(name="Caio").code
        assert names(page.get(LIST, {"q": code})) == ["Caio"]

    def test_the_newest_at_the_source_come_first_and_the_undated_last(self, page):
        make_candidate(name="undated")
        for year in (2020, 2024):
            moment = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
            make_candidate(name=str(year), source_created_at=moment)
        assert names(page.get(LIST, {"sort": "created"})) == ["2024", "2020", "undated"]

    @pytest.mark.parametrize("query", [{"skill": "telepathy"}, {"sort": "beauty"}, {"q": "x" * 400}])
    def test_a_filter_that_makes_no_sense_is_said_and_not_applied(self, page, searchable, query):
        response = page.get(LIST, query)
        assert response.status_code == 200
        assert len(names(response)) == 4
        assert "A filter was not understood" in text_of(response)

    def test_what_no_text_can_hold_is_not_searched_for(self, page, searchable):
        assert page.get(LIST, {"q": "a\0b"}).status_code == 404

    @pytest.mark.parametrize("number", ["0", "-1", "999", "x"])
    def test_a_page_that_is_not_there_shows_one_that_is(self, page, searchable, number):
        assert len(names(page.get(LIST, {"page": number}))) == 4

    def test_the_next_page_keeps_the_filters(self, page):
        for _ in range(26):
            make_candidate(seniority="senior")
        refresh_search()
        html = text_of(page.get(LIST, {"seniority": "senior", "place": "recife"}))
        assert "?seniority=senior&amp;place=recife&amp;page=2" in html
        assert len(names(page.get(LIST, {"seniority": "senior", "page": 2}))) == 1

    def test_htmx_gets_the_results_alone_and_caches_keep_both_apart(self, page, searchable):
        whole, part = page.get(LIST), page.get(LIST, headers=FRAGMENT)
        assert "<html" in text_of(whole)
        assert "<html" not in text_of(part)
        assert 'id="results"' in text_of(part)
        assert "4 candidates found" in text_of(part)
        assert "HX-Request" in whole.headers["Vary"]
        assert "HX-Request" in part.headers["Vary"]

    def test_names_are_escaped(self, page):
        make_candidate(name="<script>alert(1)</script>")
        assert "<script>alert" not in text_of(page.get(LIST))

    def test_contact_data_stays_out_of_the_list(self, page):
        make_candidate(email="ana@example.com", phone="(81) 99999-0000")
        html = text_of(page.get(LIST))
        assert "ana@example.com" not in html
        assert "99999-0000" not in html

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_is_constant(self, page, rows, django_assert_num_queries):
        for _ in range(rows):
            candidate = make_candidate()
            give_skills(candidate, "java")
            make_prospect(candidate=candidate)
        page.get(LIST)
        refresh_search()
        # person, role, transaction (3), numbers, keys, rows, policy, blind jobs, jobs to choose, notices
        with django_assert_num_queries(12):
            page.get(LIST)
        with django_assert_num_queries(15):  # and: words, notes, finds in their texts
            page.get(LIST, {"q": "java"})

    def test_it_has_no_inline_code(self, page, searchable):
        assert_no_inline_code(page.get(LIST))


class TestDetail:
    def test_it_asks_a_stranger_to_sign_in(self, client):
        assert client.get(make_candidate().get_absolute_url()).status_code == 302

    def test_it_shows_the_person(self, page):
        candidate = make_candidate(
            name="Ana", phone="(81) 99999-0000", education="master_complete", english="fluent",
            salary_monthly=Decimal("12500.00"), area_labels=["TI - SAP", "Comercial"],
        )  # fmt: skip
        html = text_of(page.get(candidate.get_absolute_url()))
        assert candidate.email in html
        for wanted in ("(81) 99999-0000", "master&#x27;s degree", "fluent", "12,500", "TI - SAP, Comercial"):
            assert wanted in html

    def test_what_is_not_known_is_said(self, page):
        html = text_of(page.get(make_candidate(email="", cv_text="").get_absolute_url()))
        assert "Not stated." in html
        assert "There is no CV text" in html

    def test_a_stub_says_so(self, page):
        html = text_of(page.get(make_stub().get_absolute_url()))
        assert "known only from the jobs" in html

    def test_found_skills_are_marked_and_linked_once(self, page):
        candidate = make_candidate(cv_text="java e python.\nmais java")
        refresh_profiles([candidate.pk])
        html = text_of(page.get(candidate.get_absolute_url()))
        assert html.count('<mark id="skill-java"') == 1
        assert html.count('title="Java">java</mark>') == 2
        assert '<a href="#skill-java">Java</a><span class="muted num">×2</span>' in html

    def test_a_skill_of_another_field_has_no_link(self, page):
        candidate = make_candidate(cv_text="nada", headline="", technical_knowledge="Docker")
        refresh_profiles([candidate.pk])
        html = text_of(page.get(candidate.get_absolute_url()))
        assert '<li class="chip">Docker</li>' in html
        assert "#skill-docker" not in html

    def test_a_cv_is_text_and_never_code(self, page):
        html = text_of(page.get(make_candidate(cv_text="<script>java</script>").get_absolute_url()))
        assert "&lt;script&gt;<mark" in html

    def test_protected_attributes_and_the_raw_record_are_never_shown(self, page):
        candidate = make_candidate(raw={"informacoes_pessoais": {"endereco": "rua secreta"}})
        Demographics.objects.create(
            candidate=candidate,
            sex="Feminino",
            birth_date=datetime.date(1987, 4, 3),
            marital_status="Casado",
            disability="Sim",
        )
        html = text_of(page.get(candidate.get_absolute_url()))
        for protected in ("Feminino", "1987", "Casado", "rua secreta"):
            assert protected not in html

    def test_jobs_and_predictions_are_embedded_around_plain_links(self, page):
        candidate = make_candidate()
        html = text_of(page.get(candidate.get_absolute_url()))
        for name in ("jobs:candidate_prospects", "scoring:candidate_predictions"):
            address = reverse(name, args=[candidate.code])
            assert f'hx-get="{address}"' in html
            assert f'<a href="{address}">' in html

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "data:text/html,x", "http://", "linked in", "[x"]
    )
    def test_an_address_that_is_none_is_no_link(self, page, address):
        html = text_of(page.get(make_candidate(linkedin_url=address).get_absolute_url()))
        assert 'target="_blank"' not in html

    def test_an_address_without_scheme_is_a_link(self, page):
        html = text_of(page.get(make_candidate(linkedin_url="linkedin.com/in/ana").get_absolute_url()))
        assert 'href="https://linkedin.com/in/ana"' in html

    @pytest.mark.parametrize("code", ["12-3", "a.b_c", "2024/17", "a b", "50%", "x?y#z", "ção"])
    def test_odd_codes_have_an_address(self, page, code):
        make_candidate(code=code, name="Ana")
        assert page.get(LIST).status_code == 200
        response = page.get(Candidate.objects.get(code=code).get_absolute_url())
        assert response.status_code == 200
        assert response.context["candidate"].code == code

    @pytest.mark.parametrize("path", ["nobody/", "a%00b/", "%0A/"])
    def test_an_unknown_code_is_not_found(self, page, path):
        assert page.get(LIST + path).status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_is_constant(self, page, rows, django_assert_num_queries):
        candidate = make_candidate(cv_text="java " * rows)
        refresh_profiles([candidate.pk])
        for _ in range(rows):
            make_prospect(candidate=candidate)
        page.get(candidate.get_absolute_url())
        # person, role, policy, blind jobs, candidate, profile, jobs, colleagues, notes, tags, offered tags,
        # merges, notices
        with django_assert_num_queries(13):
            page.get(candidate.get_absolute_url())

    def test_it_has_no_inline_code(self, page):
        assert_no_inline_code(page.get(make_candidate().get_absolute_url()))


class TestErrorPages:
    def test_not_found_leads_back(self, page):
        response = page.get("/nothing-here/")
        assert response.status_code == 404
        assert "fell through the sieve" in text_of(response)
        assert_no_inline_code(response)

    def test_not_found_also_for_a_stranger(self, client):
        assert client.get("/nothing-here/").status_code == 404

    def test_a_broken_page_needs_no_database_and_no_context(self, page, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("candidates.views.mark_skills", broken)
        candidate = make_candidate()
        page.raise_request_exception = False
        response = page.get(candidate.get_absolute_url())
        assert response.status_code == 500
        assert "Something broke on our side" in text_of(response)
        assert_no_inline_code(response)
