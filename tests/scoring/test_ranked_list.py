"""The ranked list as a place to work: filters, order, selection, files, neighbours, exposure."""

import csv
import datetime
import io
import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from candidates import viewing
from candidates.models import AccessEvent, Candidate, Document, Note, Profile, ReviewPolicy
from jobs.models import JobMember, Outcome, Requirement
from scoring.models import Exposure, Feedback
from scoring.ranked_list_columns import choose, layout_of
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_user, make_version
from tests.scoring.test_views import (
    FRAGMENT,
    METRICS,
    as_cards,
    make_prediction,
    make_ranking,
    panel,
    queries_of,
    ranked_people,
    text,
)

pytestmark = pytest.mark.django_db

JAVA = {"kind": "skill", "value": "java", "must": True}


def asked(state, **values):
    return {**JAVA, "state": state, "quote": "", **values}


@pytest.fixture
def job():
    made = make_job()
    Requirement.objects.create(job=made, **JAVA)
    return made


@pytest.fixture
def people(job):
    """Three who applied, in the order Ana, Beto, Caio, and one of the pool."""
    version = make_version(metrics=METRICS, evidence="some")
    facts = {
        "Ana Prado": {"city": "Olinda", "english": "advanced", "seniority": "senior"},
        "Beto Luz": {"city": "Recife", "english": "basic", "cv_text": "cobol"},
        "Caio Mar": {"city": "São Paulo", "state": "São Paulo", "english": ""},
        "Dora Rio": {"city": "Recife"},
    }
    found = {name: make_candidate(name=name, **values) for name, values in facts.items()}
    for name, skills in (("Ana Prado", ["java", "sql"]), ("Caio Mar", ["java"])):
        Profile.objects.create(candidate=found[name], extractor="t", version="1", skills=skills)
    stages = (("Ana Prado", "applied"), ("Beto Luz", "offer"), ("Caio Mar", "screening"))
    for day, (name, stage) in enumerate(stages, start=1):
        make_prospect(
            job=job,
            candidate=found[name],
            stage=stage,
            applied_on=datetime.date(2026, 3, day),
            stage_since=timezone.now() - datetime.timedelta(days=10 * day),
            outcome=Outcome.HIRED if stage == "offer" else Outcome.IN_FLIGHT,
        )
    ranking = make_ranking(job, version)
    states = (("Ana Prado", "met", 0.4), ("Beto Luz", "not_met", 0.1), ("Caio Mar", "partly", 0.02))
    for rank, (name, state, score) in enumerate(states, start=1):
        make_prediction(ranking, found[name], rank=rank, score=score, requirements=[asked(state)])
    make_prediction(ranking, found["Dora Rio"], rank=1, group="pool", requirements=[asked("met")])
    return found


def shown(page, job, **query):
    return [str(row.candidate) for row in panel(page, job, **query).context["panel"].rows]


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"stage": "applied"}, ["Ana Prado"]),
            ({"stage": "active"}, ["Ana Prado", "Caio Mar"]),
            ({"skill": "Java"}, ["Ana Prado", "Caio Mar"]),
            ({"skill": "java, SQL"}, ["Ana Prado"]),
            ({"place": "recife"}, ["Beto Luz", "Dora Rio"]),
            ({"place": "sao paulo"}, ["Caio Mar"]),
            ({"english": "intermediate"}, ["Ana Prado"]),
            ({"english": "basic"}, ["Ana Prado", "Beto Luz"]),
            ({"seniority": "senior"}, ["Ana Prado"]),
            ({"band": "1.5"}, ["Ana Prado", "Dora Rio"]),
            ({"met": "all"}, ["Ana Prado", "Dora Rio"]),
            ({"met": "skill:java"}, ["Ana Prado", "Dora Rio"]),
            ({"group": "pool"}, ["Dora Rio"]),
            ({"group": "applied", "place": "Recife"}, ["Beto Luz"]),
            ({"q": "beto"}, ["Beto Luz"]),
            ({"stage": "hired"}, []),
        ],
    )
    def test_each_leaves_those_it_names(self, page, job, people, query, names):
        assert shown(page, job, **query) == names

    def test_words_of_the_cv_find_somebody(self, page, job, people):
        from candidates.search.indexing import fill

        fill([person.pk for person in people.values()])
        assert shown(page, job, q="cobol") == ["Beto Luz"]
        assert shown(page, job, q="-cobol") == ["Ana Prado", "Caio Mar", "Dora Rio"]
        assert shown(page, job, q="cobol xylophon") == []
        assert shown(page, job, q="cobol OR xylophon") == ["Beto Luz"]

    def test_feedback_is_a_filter(self, page, job, people, recruiter):
        Feedback.objects.create(job=job, candidate=people["Caio Mar"], verdict="fit", by=recruiter)
        assert shown(page, job, opinion="fit") == ["Caio Mar"]
        assert "Caio Mar" not in shown(page, job, opinion="none")

    def test_a_skill_nobody_knows_is_said_and_finds_no_one_by_accident(self, page, job, people):
        response = panel(page, job, skill="klingon", place="Olinda")
        assert "“klingon” is no skill that is known here" in text(response)
        assert [str(row.candidate) for row in response.context["panel"].rows] == ["Ana Prado"]

    def test_nonsense_in_the_address_is_borne(self, page, job, people):
        query = {"stage": "x", "page": "-3", "group": "y", "sort": "z", "band": "q", "met": "a:b"}
        response = page.get(reverse("scoring:job_ranking", args=[job.code]), query)
        assert len(response.context["panel"].rows) == 4

    def test_filters_stay_as_they_were_set_and_a_wrong_one_names_its_sentence(self, page, job, people):
        asked = {"stage": "sourced", "place": 'São "Zé"', "english": "wrong", "skill": "klingon"}
        html = panel(page, job, **asked).content.decode()
        field = {name: re.search(rf"<[^>]* id=\"id_{name}\"[^>]*>", html)[0] for name in asked}
        assert '<option value="sourced" selected>' in html
        assert 'value="São &#34;Zé&#34;"' in field["place"]
        assert "aria-invalid" not in field["stage"]
        for wrong in ("english", "skill"):
            assert f'aria-invalid="true" aria-describedby="{wrong}-error"' in field[wrong]
            assert f'id="{wrong}-error"' in html

    def test_nobody_left_says_how_many_there_are_and_leads_back(self, page, job, people):
        response = text(panel(page, job, stage="hired"))
        assert "4 people stand here without the filters." in response
        assert "Show everybody" in response

    def test_tabs_count_what_the_filters_leave(self, page, job, people):
        tabs = panel(page, job, place="recife").context["panel"].tabs
        assert [(tab.group, tab.count) for tab in tabs] == [("", 2), ("applied", 1), ("pool", 1)]

    def test_where_the_score_orders_nobody_it_is_no_filter(self, page, job, people):
        people["Ana Prado"].predictions.get().ranking.__class__.objects.update(order="requirements")
        form = panel(page, job, band="3").context["panel"].form
        assert "band" not in form.fields
        assert "score" not in dict(form.fields["sort"].choices)


class TestOrder:
    @pytest.mark.parametrize(
        ("sort", "names"),
        [
            ("", ["Ana Prado", "Beto Luz", "Caio Mar"]),
            ("score", ["Ana Prado", "Beto Luz", "Caio Mar"]),
            ("met", ["Ana Prado", "Beto Luz", "Caio Mar"]),
            ("stage", ["Beto Luz", "Caio Mar", "Ana Prado"]),
            ("days", ["Caio Mar", "Ana Prado", "Beto Luz"]),
            ("applied", ["Caio Mar", "Beto Luz", "Ana Prado"]),
            ("contact", ["Ana Prado", "Caio Mar", "Beto Luz"]),
            ("name", ["Ana Prado", "Beto Luz", "Caio Mar"]),
        ],
    )
    def test_each_order(self, page, job, people, recruiter, sort, names):
        Note.objects.create(candidate=people["Beto Luz"], kind="call", text="x", author=recruiter)
        assert shown(page, job, sort=sort, group="applied") == names

    def test_feedback_moves_people_and_the_old_rank_stands_beside(self, page, job, people, recruiter):
        Feedback.objects.create(job=job, candidate=people["Caio Mar"], verdict="fit", by=recruiter)
        response = panel(page, job, group="applied")
        rows = response.context["panel"].rows
        assert [(str(row.candidate), row.place, row.stood_at) for row in rows] == [
            ("Caio Mar", 1, 3),
            ("Ana Prado", 2, 1),
            ("Beto Luz", 3, 2),
        ]
        assert "was 3" in text(response)
        assert "marked as fit" in text(response)
        assert Exposure.objects.get().adjusted


class TestWhatARowSays:
    def test_days_contact_other_jobs_and_feedback(self, page, job, people, recruiter):
        ana = people["Ana Prado"]
        Note.objects.create(candidate=ana, kind="note", text="no contact", author=recruiter)
        Note.objects.create(
            candidate=ana,
            kind="call",
            text="x",
            author=recruiter,
            created_at=timezone.now() - datetime.timedelta(days=3),
        )
        make_prospect(candidate=ana, job=make_job(title="Another one"), stage="rejected")
        row = panel(page, job).context["panel"].rows[0]
        assert row.days_words == "10 days"
        assert (row.around.contact.words, row.around.contact.kind) == ("3 days ago", "call")
        assert (row.around.other_jobs, row.around.others_words) == (1, "1 job")
        assert row.next_stage == "screening"

    @pytest.mark.parametrize("as_what", [lambda user: None, as_cards])
    def test_other_jobs_come_when_somebody_unfolds_them(self, page, job, people, recruiter, as_what):
        as_what(recruiter)
        elsewhere = make_job(title="Another one")
        make_prospect(candidate=people["Ana Prado"], job=elsewhere, stage="rejected")
        address = reverse("scoring:elsewhere", args=[job.code, people["Ana Prado"].code])
        shown = panel(page, job).content.decode()
        unfolded = page.get(address, headers=FRAGMENT).content.decode()
        assert "Another one" not in shown
        assert f'hx-get="{address}"' in shown
        assert f'<a href="{elsewhere.get_absolute_url()}">Another one</a>' in unfolded
        assert '<span class="muted">rejected</span>' in unfolded
        assert job.title not in unfolded

    def test_of_more_than_twenty_other_jobs_the_rest_is_one_link_away(self, page, job, people):
        ana = people["Ana Prado"]
        for number in range(22):
            make_prospect(candidate=ana, job=make_job(title=f"Vaga {number}"))
        unfolded = page.get(reverse("scoring:elsewhere", args=[job.code, ana.code]), headers=FRAGMENT)
        assert text(unfolded).count("Vaga ") == 20
        assert "and 2 more" in text(unfolded)
        assert reverse("jobs:candidate_prospects", args=[ana.code]) in unfolded.content.decode()

    def test_with_blind_review_of_everybody_the_list_stands_before_anybody_was_revealed(
        self, page, job, people
    ):
        ReviewPolicy.objects.create(blind_for_all=True)
        for address in (
            reverse("scoring:job_ranking", args=[job.code]),
            reverse("scoring:job_ranking", args=[job.code]) + "?sort=name",
            reverse("scoring:export_ranking", args=[job.code]) + "?format=csv",
        ):
            answer = page.get(address)
            assert answer.status_code == 200
            assert "Ana Prado" not in b"".join(answer).decode()

    def test_without_script_other_jobs_are_one_link_away(self, page, job, people):
        make_prospect(candidate=people["Ana Prado"], job=make_job(title="Another one"))
        address = reverse("scoring:elsewhere", args=[job.code, people["Ana Prado"].code])
        assert f'<a href="{address}">' in panel(page, job).content.decode()
        assert "Another one" in text(page.get(address, follow=True))

    def test_a_hiring_manager_sees_and_counts_own_jobs_alone(self, client, job, people):
        manager = make_user("manager", group="Hiring managers")
        client.force_login(manager)
        JobMember.objects.create(job=job, user=manager)
        elsewhere = make_job(title="Another one")
        make_prospect(candidate=people["Ana Prado"], job=elsewhere)
        address = reverse("scoring:elsewhere", args=[job.code, people["Ana Prado"].code])
        assert panel(client, job).context["panel"].rows[0].around.other_jobs == 0
        assert "Another one" not in text(client.get(address, headers=FRAGMENT))
        JobMember.objects.create(job=elsewhere, user=manager)
        assert panel(client, job).context["panel"].rows[0].around.other_jobs == 1
        assert "Another one" in text(client.get(address, headers=FRAGMENT))

    def test_of_whoever_has_left_no_days_are_counted(self, page, job, people):
        rows = panel(page, job).context["panel"].rows
        assert [row.days_words for row in rows if str(row.candidate) == "Beto Luz"] == [""]

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            (None, "Known by code alone"),
            ("failed", "A CV was uploaded, but could not be read."),
            ("parsing", "An uploaded CV is being read."),
        ],
    )
    def test_who_has_no_rank_is_told_why(self, page, job, recruiter, state, sentence):
        stub = make_stub()
        make_prospect(job=job, candidate=stub)
        if state:
            Document.objects.create(candidate=stub, name="cv", size=1, state=state, uploaded_by=recruiter)
        ranking = make_ranking(job, make_version(metrics=METRICS))
        make_prediction(ranking, stub, group="not_rankable", score=None, rank=None)
        response = panel(page, job)
        assert [section.name for section in response.context["panel"].sections if section.rows] == ["no_data"]
        assert sentence in text(response)

    def test_who_came_after_the_ranking_waits_in_a_group_of_their_own(self, page, job, people):
        late = make_prospect(job=job, candidate=make_candidate(name="Eva Sol"))
        response = panel(page, job)
        assert [row.candidate for row in response.context["panel"].by_group["waiting"].rows] == [
            late.candidate
        ]
        assert "the next one gives them a place" in text(response)

    def test_who_was_merged_into_another_is_not_listed(self, page, job, people):
        caio = people["Caio Mar"]
        caio.merged_into = people["Ana Prado"]
        caio.save(update_fields=["merged_into"])
        assert "Caio Mar" not in shown(page, job)


class TestChoosing:
    def test_a_view_and_columns_are_remembered_for_one_person(self, page, job, people, recruiter):
        page.post(reverse("scoring:preferences"), {"view": "cards"})
        page.post(reverse("scoring:preferences"), {"columns": ["stage", "english", ""]})
        assert (layout_of(recruiter).view, layout_of(recruiter).columns) == ("cards", ("stage", "english"))
        assert '<ol class="ranked">' in text(panel(page, job))
        page.post(reverse("scoring:preferences"), {"view": "table"})
        table = text(panel(page, job)).split("<thead")[1].split("</thead>")[0]
        assert "English" in table
        assert "Gaps" not in table

    def test_all_columns_are_offered_and_the_chosen_ones_ticked(self, page, job, people, recruiter):
        choose(recruiter, columns=["gaps"])
        offered = panel(page, job).context["panel"].column_choices
        assert len(offered) > 10
        assert [name for name, _words, chosen in offered if chosen] == ["gaps"]
        assert 'id="column-gaps" checked' in text(panel(page, job))

    def test_it_goes_back_to_what_was_at_first(self, page, recruiter):
        page.post(reverse("scoring:preferences"), {"columns": [""]})
        assert layout_of(recruiter).columns == ()
        page.post(reverse("scoring:preferences"), {"reset": "1"})
        assert "reasons" in layout_of(recruiter).columns

    @pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example/", ""])
    def test_it_leads_to_no_other_site(self, page, next_):
        response = page.post(reverse("scoring:preferences"), {"view": "table", "next": next_})
        assert response.headers["Location"] == reverse("jobs:job_list")

    def test_by_htmx_the_list_is_told_to_draw_itself_anew(self, page):
        response = page.post(
            reverse("scoring:preferences"), {"view": "cards"}, headers={"HX-Request": "true"}
        )
        assert (response.status_code, response.headers["HX-Trigger"]) == (204, "list-changed")

    def test_a_choice_of_an_older_release_is_borne(self, page, job, people, recruiter):
        from candidates.preferences import remember

        for stored in (3, {"view": 7, "columns": "x"}, {"columns": ["gone", "stage"]}):
            remember(recruiter, "ranked_list", stored)
            assert panel(page, job).status_code == 200


def rows_of(response):
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def export(page, job, **query):
    return page.get(reverse("scoring:export_ranking", args=[job.code]), query)


class TestExport:
    def test_it_holds_whom_the_filters_leave_in_the_order_of_the_list(self, page, job, people):
        rows = rows_of(export(page, job, group="applied", sort="stage"))
        assert [row["Name"] for row in rows] == ["Beto Luz", "Caio Mar", "Ana Prado"]
        assert rows[2]["Required, met"] == "1"
        assert rows[0]["Gaps"] == "Java"

    def test_it_holds_more_than_a_page(self, page, job, people):
        ranking = people["Ana Prado"].predictions.get().ranking
        for rank in range(130):
            make_prediction(ranking, make_candidate(), group="pool", rank=rank + 2)
        assert len(rows_of(export(page, job))) == 134

    def test_without_names_there_are_pseudonyms_only(self, page, job, people):
        response = export(page, job, without_names="1", contacts="1")
        content = b"".join(response.streaming_content).decode("utf-8-sig")
        assert "Candidate " in content
        for person in people.values():
            assert person.name not in content
            assert f",{person.code}," not in content
            assert person.email not in content

    def test_contact_data_is_there_only_on_request(self, page, job, people):
        assert "ana" not in people["Ana Prado"].email
        assert "E-mail" not in rows_of(export(page, job))[0]
        assert rows_of(export(page, job, contacts="1"))[0]["E-mail"] == people["Ana Prado"].email

    @pytest.mark.parametrize("how", ["job", "everybody"])
    def test_blind_review_leaves_no_choice(self, page, job, people, how):
        if how == "job":
            type(job).objects.update(blind=True)
        else:
            from candidates.models import ReviewPolicy

            ReviewPolicy.objects.update_or_create(pk=1, defaults={"blind_for_all": True})
        content = b"".join(export(page, job, contacts="1").streaming_content).decode()
        assert not any(person.name in content or person.email in content for person in people.values())
        assert AccessEvent.objects.get().details["without_names"]

    def test_it_is_logged_with_filters_and_count_and_without_what_was_searched_for(self, page, job, people):
        export(page, job, place="Recife", q="Beto Luz", format="xlsx")
        event = AccessEvent.objects.get()
        assert (event.kind, event.job_code) == ("export", job.code)
        assert event.details["rows"] == 1
        assert event.details["format"] == "xlsx"
        assert event.details["filters"] == {"place": "Recife", "q": "…"}
        assert "Beto" not in str(event.details)

    def test_an_excel_file_is_one(self, page, job, people):
        response = export(page, job, format="xlsx")
        assert b"".join(response.streaming_content)[:2] == b"PK"
        assert response.headers["Content-Disposition"] == f'attachment; filename="ranking-{job.code}.xlsx"'

    def test_where_the_score_orders_nobody_it_leaves_no_list(self, page, job, people):
        people["Ana Prado"].predictions.get().ranking.__class__.objects.update(order="requirements")
        assert "Score" not in rows_of(export(page, job))[0]

    def test_a_formula_is_text(self, page, job, people):
        type(people["Ana Prado"]).objects.filter(name="Ana Prado").update(name="=1+1")
        assert rows_of(export(page, job))[0]["Name"] == "'=1+1"


class TestThoseSelected:
    def address(self, job):
        return reverse("scoring:selected", args=[job.code])

    def test_two_to_five_are_compared(self, page, job, people):
        codes = [people["Ana Prado"].code, people["Beto Luz"].code]
        response = page.post(self.address(job), {"action": "compare", "candidate": codes})
        query = f"?c={codes[0]}&c={codes[1]}"
        assert response.headers["Location"] == reverse("scoring:compare", args=[job.code]) + query

    @pytest.mark.parametrize("count", [0, 1, 6])
    def test_fewer_or_more_are_told_so(self, page, job, people, count):
        response = page.post(
            self.address(job), {"action": "compare", "candidate": ["1"] * count}, follow=True
        )
        assert "Select two to five people to compare them." in text(response)

    def test_they_alone_are_exported(self, page, job, people):
        response = page.post(self.address(job), {"action": "export", "candidate": [people["Caio Mar"].code]})
        assert [row["Name"] for row in rows_of(response)] == ["Caio Mar"]
        assert AccessEvent.objects.get().details["filters"] == {"selected": True}

    def test_somebody_of_another_job_is_no_part_of_the_file(self, page, job, people):
        other = make_prospect().candidate
        response = page.post(self.address(job), {"action": "export", "candidate": [other.code]})
        assert rows_of(response) == []

    def test_nobody_selected_is_told_so(self, page, job, people):
        response = page.post(self.address(job), {"action": "export"}, follow=True)
        assert "Select people first" in text(response)


class TestNeighbours:
    def at(self, page, job, person, **query):
        address = reverse("scoring:neighbours", args=[job.code, person.code])
        return page.get(address, query, headers={"HX-Request": "true"})

    def test_they_keep_order_and_filters_of_the_list(self, page, job, people):
        context = self.at(page, job, people["Caio Mar"], sort="stage", group="applied").context
        assert (str(context["before"]), str(context["after"])) == ("Beto Luz", "Ana Prado")
        assert (context["at"], context["total"]) == (2, 3)

    def test_their_links_carry_the_list_on(self, page, job, people):
        shown = text(self.at(page, job, people["Ana Prado"], stage="active"))
        assert f"{people['Caio Mar'].get_absolute_url()}?job={job.code}&amp;stage=active" in shown
        assert "1 of 2 in the list" in shown

    def test_outside_of_the_list_there_is_a_way_back(self, page, job, people):
        response = self.at(page, job, people["Ana Prado"], stage="hired")
        assert "Back to the list" in text(response)

    def test_without_script_it_is_a_page(self, page, job, people):
        response = page.get(reverse("scoring:neighbours", args=[job.code, people["Ana Prado"].code]))
        assert "<html" in text(response)
        assert "Beto Luz" in text(response)

    def test_the_links_of_the_list_lead_there(self, page, job, people):
        response = text(panel(page, job, place="Recife"))
        assert f"{people['Beto Luz'].get_absolute_url()}?job={job.code}&amp;place=Recife" in response


class TestExposure:
    def test_what_was_on_the_screen_is_kept(self, page, job, people, recruiter):
        panel(page, job, sort="stage")
        kept = Exposure.objects.get()
        order = [people[name].pk for name in ("Beto Luz", "Caio Mar", "Ana Prado")]
        assert kept.shown == [[order[0], 1], [order[1], 2], [order[2], 3], [people["Dora Rio"].pk, 1]]
        assert (kept.user, kept.adjusted) == (recruiter, False)

    def test_an_empty_list_leaves_nothing(self, page, job, people):
        panel(page, job, stage="hired")
        assert not Exposure.objects.exists()


class TestBlindReview:
    @pytest.fixture
    def blind(self, job, people):
        type(job).objects.update(blind=True)
        job.prospects.update(stage="screening", outcome="in_flight")  # nobody came to where names are shown
        return people

    def test_the_list_names_nobody(self, page, job, blind):
        response = text(panel(page, job))
        for person in blind.values():
            assert person.name not in response
            assert f'value="{person.code}"' not in response
        assert "Candidate " in response

    def test_nobody_is_found_or_ordered_by_a_name(self, page, job, blind):
        assert panel(page, job, q="Ana Prado").context["panel"].rows == []
        assert panel(page, job, q=blind["Ana Prado"].code).context["panel"].rows == []
        in_order = [
            row.candidate.pk for row in panel(page, job, sort="name", group="applied").context["panel"].rows
        ]
        assert in_order == [blind[name].pk for name in ("Ana Prado", "Beto Luz", "Caio Mar")]  # as ranked

    def test_skills_and_places_still_find_people(self, page, job, blind):
        from candidates.search.indexing import fill

        fill([person.pk for person in blind.values()])
        assert len(panel(page, job, q="skill:java").context["panel"].rows) == 2
        assert len(panel(page, job, q="olinda").context["panel"].rows) == 1

    def test_words_that_the_cv_is_shown_without_find_nobody(self, page, job, blind):
        from candidates.search.indexing import fill

        Candidate.objects.filter(pk=blind["Beto Luz"].pk).update(cv_text="cobol\ncasado, brasileiro, 34 anos")
        fill([person.pk for person in blind.values()])
        assert len(panel(page, job, q="cobol").context["panel"].rows) == 1
        assert panel(page, job, q='"34 anos"').context["panel"].rows == []


def signed_in(client, role):
    user = make_user(f"a-{role.lower()}", role)
    client.force_login(user)
    return user


class TestRoles:
    def test_a_hiring_manager_sees_prospects_of_own_jobs_and_no_foolish_zero(self, client, job, people):
        user = signed_in(client, "Hiring managers")
        assert client.get(reverse("scoring:job_ranking", args=[job.code])).status_code == 404
        JobMember.objects.create(job=job, user=user, part="hiring_manager")
        response = panel(client, job)
        assert shown(client, job) == ["Ana Prado", "Beto Luz", "Caio Mar"]
        assert "From the pool" not in text(response)
        assert "from the pool" not in text(panel(client, job, headers={"HX-Request": "true"}))

    def test_a_hiring_manager_moves_nobody_and_exports_no_contact_data(self, client, job, people):
        user = signed_in(client, "Hiring managers")
        JobMember.objects.create(job=job, user=user, part="hiring_manager")
        response = text(panel(client, job))
        assert reverse("jobs:move", args=[job.code]) not in response
        assert 'name="contacts"' not in response
        assert "E-mail" not in rows_of(export(client, job, contacts="1"))[0]
        assert client.post(reverse("scoring:request_ranking", args=[job.code])).status_code == 403

    def test_an_auditor_compares_exports_and_chooses_columns_without_changing_anything(
        self, client, job, people
    ):
        user = signed_in(client, "Auditors")
        response = text(panel(client, job))
        assert 'method="get" action="' + reverse("scoring:selected", args=[job.code]) in response
        address = reverse("scoring:selected", args=[job.code])
        sent = client.get(address, {"action": "export", "candidate": people["Ana Prado"].code})
        assert [row["Name"] for row in rows_of(sent)] == ["Ana Prado"]
        client.post(reverse("scoring:preferences"), {"view": "cards"})
        assert layout_of(user).view == "cards"


class TestCost:
    def test_export_and_neighbours_take_a_constant_number_of_queries(self, page, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        version, counts = make_version(metrics=METRICS), []
        for count in (2, 5):
            job = ranked_people(version, count)
            first = job.prospects.first().candidate
            files = queries_of(lambda job=job: rows_of(export(page, job)))
            counts.append(
                (files, queries_of(lambda job=job, first=first: TestNeighbours().at(page, job, first)))
            )
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 25

    def test_nobody_of_another_person_is_reached_through_the_list_of_a_viewer(self, job, people, recruiter):
        from scoring.panels import job_panel

        user = User.objects.create_user("nobody")
        with viewing.seen_by(viewing.as_user(user)):
            assert job_panel(job, by=user).found.everybody == 0
