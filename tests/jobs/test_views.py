import datetime
import re

import pytest
from django.urls import resolve, reverse

from jobs.models import Job, JobMember, Requirement
from tests.factories import make_candidate, make_job, make_prospect, make_user

FRAGMENT = {"HX-Request": "true"}
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")


def job_list(browser, headers=None, **query):
    return browser.get(reverse("jobs:job_list"), query, headers=headers or {})


def titles(response):
    return [job.title for job in response.context["page"].object_list]


def text(response):
    return response.content.decode()


class TestWhoMaySee:
    @pytest.mark.django_db
    def test_a_stranger_is_sent_to_the_sign_in_page(self, client):
        assert job_list(client).headers["Location"].startswith(reverse("login"))

    @pytest.mark.django_db
    def test_a_strangers_fragment_request_opens_the_sign_in_page_in_full(self, client):
        response = job_list(client, headers=FRAGMENT)
        assert response.status_code == 204
        assert response.headers["HX-Redirect"].startswith(reverse("login"))

    def test_a_stranger_sees_no_job(self, client):
        assert client.get(reverse("jobs:job_detail", args=["1"])).status_code == 302

    def test_only_administrators_are_led_to_imports_and_admin(self, page, administrator):
        assert reverse("admin:index") not in text(job_list(page))
        page.force_login(administrator)
        shown = text(job_list(page))
        assert reverse("admin:index") in shown
        assert reverse("jobs:import_list") in shown

    def test_it_rejects_post(self, page):
        assert page.post(reverse("jobs:job_list")).status_code == 405


class TestJobList:
    def test_it_shows_title_client_place_and_counts(self, page):
        job = make_job(title="Arquiteto Java", client="Cedro", requested_on=datetime.date(2026, 3, 1))
        make_prospect(job=job, outcome="hired", stage="hired")
        make_prospect(job=job)
        shown = text(job_list(page))
        assert "Arquiteto Java" in shown
        assert "Cedro" in shown
        assert "Recife, Pernambuco" in shown
        [row] = job_list(page).context["page"].object_list
        assert (row.prospect_count, row.hire_count) == (2, 1)

    def test_a_fragment_holds_the_results_alone_and_announces_the_count(self, page):
        make_job()
        whole, part = text(job_list(page)), text(job_list(page, headers=FRAGMENT))
        assert "<html" in whole
        assert "<html" not in part
        assert part.lstrip().startswith('<section id="results"')
        assert '<div id="status" hx-swap-oob="innerHTML">1 job</div>' in part
        assert "hx-swap-oob" not in whole

    def test_caches_keep_page_and_fragment_apart(self, page):
        assert "HX-Request" in job_list(page).headers["Vary"]

    def test_a_fragments_address_leaves_out_empty_filters(self, page):
        response = job_list(page, headers=FRAGMENT, q="", status="open", city="")
        assert response.headers["HX-Push-Url"] == f"{reverse('jobs:job_list')}?status=open"

    @pytest.mark.parametrize(
        ("query", "values"),
        [
            ({"status": "filled"}, {"status": "filled"}),
            ({"seniority": "junior"}, {"seniority": "junior"}),
            ({"city": "sao pau"}, {"city": "São Paulo"}),
            ({"client": "ipê"}, {"client": "Ipê Serviços"}),
            ({"area": "Jurídico"}, {"area_labels": ["Jurídico"]}),
        ],
    )
    def test_each_filter_keeps_only_what_fits(self, page, query, values):
        make_job(title="other")
        make_job(title="wanted", **values)
        assert titles(job_list(page, **query)) == ["wanted"]

    def test_a_code_finds_its_job(self, page):
        make_job(code="777", title="wanted")
        make_job(title="other")
        assert titles(job_list(page, q="777")) == ["wanted"]

    def test_a_wrong_filter_is_said_and_not_applied(self, page):
        make_job()
        response = job_list(page, status="nonsense")
        assert len(titles(response)) == 1
        assert 'role="alert"' in text(response)

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("", ["new", "old"]),
            ("oldest", ["old", "new"]),
            ("title", ["new", "old"]),
            ("client", ["old", "new"]),
            ("prospects", ["old", "new"]),
        ],
    )
    def test_it_sorts(self, page, sort, expected):
        old = make_job(title="old", client="A", requested_on=datetime.date(2024, 1, 1))
        make_job(title="new", client="B", requested_on=datetime.date(2026, 1, 1))
        make_prospect(job=old)
        assert titles(job_list(page, sort=sort)) == expected

    @pytest.mark.parametrize(("sort", "expected"), [("", ["new", "old"]), ("oldest", ["old", "new"])])
    def test_jobs_without_a_date_and_those_known_only_by_code_come_last(self, page, sort, expected):
        Job.objects.create(code="55", is_stub=True)
        make_job(title="undated", requested_on=None)
        make_job(title="old", requested_on=datetime.date(2024, 1, 1))
        make_job(title="new", requested_on=datetime.date(2026, 1, 1))
        assert titles(job_list(page, sort=sort)) == [*expected, "undated", ""]

    def test_most_prospects_first_puts_newer_ones_before_undated_ones(self, page):
        make_job(title="undated", requested_on=None)
        make_job(title="new", requested_on=datetime.date(2026, 1, 1))
        assert titles(job_list(page, sort="prospects")) == ["new", "undated"]

    def test_pages_keep_the_filters(self, page):
        for _ in range(26):
            make_job(status="filled")
        shown = text(job_list(page, status="filled"))
        assert "status=filled&amp;page=2" in shown
        assert len(titles(job_list(page, status="filled", page=2))) == 1

    @pytest.mark.parametrize("number", ["99", "0", "x"])
    def test_a_page_that_does_not_exist_shows_one_that_does(self, page, number):
        make_job()
        assert len(titles(job_list(page, page=number))) == 1

    def test_days_open_are_counted_for_open_jobs_only(self, page):
        make_job(title="open")
        make_job(title="filled", status="filled")
        days = {job.title: job.days_open for job in job_list(page).context["page"].object_list}
        assert days["open"] > 0
        assert days["filled"] is None

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow_with_the_rows(
        self, page, rows, django_assert_num_queries, settings
    ):
        for _ in range(rows):
            make_prospect()
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        # session, user, own jobs, role, areas, count, statuses, news, rows
        with django_assert_num_queries(9):
            job_list(page)


class TestOwnJobs:
    def test_they_come_first_and_are_marked(self, page, recruiter):
        own = make_job(title="own", requested_on=datetime.date(2020, 1, 1))
        make_job(title="other", requested_on=datetime.date(2026, 1, 1))
        JobMember.objects.create(job=own, user=recruiter)
        assert titles(job_list(page)) == ["own", "other"]
        assert titles(job_list(page, sort="oldest")) == ["own", "other"]
        assert titles(job_list(page, sort="title")) == ["other", "own"]
        assert text(job_list(page)).count('badge-leaf">mine<') == 1

    def test_only_they_are_shown_when_asked_for(self, page, recruiter):
        JobMember.objects.create(job=make_job(title="own"), user=recruiter)
        make_job(title="other")
        assert titles(job_list(page, mine="on")) == ["own"]

    def test_the_list_says_how_many_there_are_of_each(self, page, recruiter):
        JobMember.objects.create(job=make_job(), user=recruiter)
        make_job(status="filled")
        shares = job_list(page).context["shares"]
        assert [(query, count) for _label, query, count in shares] == [
            ("mine=on", 1),
            ("status=open", 1),
            ("status=filled", 1),
            ("status=inactive", 0),
        ]

    @pytest.mark.django_db
    def test_a_hiring_manager_without_jobs_is_told_how_to_get_one(self, client):
        make_job()
        user = make_user("manager", "Hiring managers")
        make_candidate()
        client.force_login(user)
        shown = text(job_list(client))
        assert "No job is shared with you yet" in shown
        assert reverse("jobs:job_new") not in shown


class TestEmptyStates:
    def test_without_any_data_an_administrator_is_led_to_the_import(self, admin_page):
        shown = text(job_list(admin_page))
        assert reverse("jobs:import_new") in shown
        assert "make demo-data" in shown

    def test_without_any_data_a_recruiter_is_told_whom_to_ask(self, page):
        shown = text(job_list(page))
        assert reverse("jobs:import_new") not in shown
        assert "Ask an administrator" in shown

    def test_filters_that_match_nothing_offer_the_way_back(self, page):
        make_job()
        shown = text(job_list(page, q="nowhere"))
        assert "No job matches" in shown
        assert "make demo-data" not in shown


class TestJobDetail:
    def test_it_shows_what_the_job_asks_with_the_words_of_the_job(self, page):
        job = make_job()
        Requirement.objects.create(job=job, kind="skill", value="java", quote="java obrigatório")
        Requirement.objects.create(job=job, kind="english", value="advanced", must=False)
        response = page.get(job.get_absolute_url())
        assert [str(asked.label) for asked in response.context["must"]] == ["Java"]
        assert [str(asked.label) for asked in response.context["nice"]] == ["English: advanced"]
        assert "java obrigatório" in text(response)

    def test_it_counts_the_people_at_each_stage_in_order(self, page):
        job = make_job()
        for stage in ("hired", "applied", "applied"):
            make_prospect(job=job, stage=stage)
        make_prospect(stage="offer")
        pipeline = page.get(job.get_absolute_url()).context["pipeline"]
        assert [(stage.value, count) for stage, count in pipeline] == [("applied", 2), ("hired", 1)]

    def test_it_embeds_the_ranking_by_its_address_around_a_plain_link(self, page):
        job = make_job()
        shown = text(page.get(job.get_absolute_url()))
        address = reverse("scoring:job_ranking", args=[job.code])
        assert f'hx-get="{address}"' in shown
        assert f'href="{address}"' in shown

    def test_a_job_known_only_from_prospects_says_so(self, page):
        job = Job.objects.create(code="55", is_stub=True)
        shown = text(page.get(job.get_absolute_url()))
        assert "Job 55" in shown
        assert "Import the file of jobs" in shown

    def test_an_unknown_code_is_not_found(self, page):
        assert page.get(reverse("jobs:job_detail", args=["nope"])).status_code == 404

    @pytest.mark.parametrize("code", ["A/1", "ç ã", "imports/x", "100%"])
    def test_any_code_of_the_source_has_an_address(self, page, code):
        job = make_job(code=code, title="odd code")
        assert page.get(job.get_absolute_url()).context["job"] == job

    @pytest.mark.parametrize("path", ["%00/", "a%00b/", "%0A/", "x" * 2000 + "/", "A/1/2/"])
    def test_an_address_that_no_code_can_have_is_not_found(self, page, path):
        assert page.get(f"/jobs/{path}").status_code == 404

    def test_the_pages_of_imports_and_prospects_win_over_codes(self, admin_page):
        make_job(code="imports")
        assert admin_page.get("/jobs/imports/").resolver_match.view_name == "jobs:import_list"
        assert resolve("/jobs/prospects/A/1/").view_name == "jobs:candidate_prospects"

    def test_text_of_the_source_is_escaped(self, page):
        job = make_job(title="<script>alert(1)</script>")
        shown = text(page.get(job.get_absolute_url()))
        assert "<script>alert" not in shown

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, page, rows, django_assert_num_queries, settings):
        job = make_job()
        for _ in range(rows):
            make_prospect(job=job)
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        # session, user, role, job, requirements, stages, news
        with django_assert_num_queries(7):
            page.get(job.get_absolute_url())


class TestFrame:
    def test_no_page_has_inline_style_or_script(self, page):
        job = make_job()
        make_candidate()
        for address in (reverse("jobs:job_list"), job.get_absolute_url()):
            assert not INLINE.search(text(page.get(address)))

    @pytest.mark.django_db
    def test_the_sign_in_page_has_neither(self, client):
        assert not INLINE.search(text(client.get(reverse("login"))))

    @pytest.mark.django_db
    def test_a_wrong_password_is_answered_with_a_sentence(self, client):
        response = client.post(reverse("login"), {"username": "nobody", "password": "x"})
        assert 'role="alert"' in text(response)
        assert 'value="nobody"' in text(response)

    def test_the_language_is_switched_by_post(self, page):
        page.post(reverse("set_language"), {"language": "pt-br", "next": "/jobs/"})
        assert 'lang="pt-br"' in text(page.get("/jobs/"))

    @pytest.mark.parametrize(("theme", "expected"), [("dark", True), ("light", True), ('x"><b', False)])
    def test_only_a_known_theme_is_taken_from_the_cookie(self, page, theme, expected):
        page.cookies["theme"] = theme
        assert ("data-theme" in text(page.get("/jobs/")).split("<head>")[0]) is expected

    def test_signing_out_is_a_post(self, page):
        assert page.get(reverse("logout")).status_code == 405
        assert page.post(reverse("logout")).status_code == 302
