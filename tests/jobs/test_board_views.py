import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import board, moving
from jobs.models import JobMember, Stage, StageChange
from tests.factories import make_candidate, make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
NOW = timezone.now()


def days_ago(days):
    return NOW - datetime.timedelta(days=days)


def open_board(browser, job, headers=None, **query):
    return browser.get(reverse("jobs:board", args=[job.code]), query, headers=headers or {})


def column(response, stage):
    return next(one for one in response.context["board"].columns if one.stage == stage)


def text(response):
    return response.content.decode()


class TestBoard:
    def test_every_stage_is_a_column_with_its_people(self, page):
        prospect = make_prospect(stage="screening", stage_since=days_ago(12))
        response = open_board(page, prospect.job)
        assert [one.stage for one in response.context["board"].columns] == list(Stage)
        assert [one.pk for one in column(response, "screening").people] == [prospect.pk]
        assert prospect.candidate.name in text(response)
        assert "12 days" in text(response)
        history = reverse("jobs:prospect_history", args=[prospect.job.code, prospect.candidate.code])
        assert history in text(response)

    def test_who_waits_longest_stands_first(self, page):
        job = make_job()
        short = make_prospect(job=job, stage_since=days_ago(1))
        unknown = make_prospect(job=job, stage_since=None)
        long = make_prospect(job=job, stage_since=days_ago(30))
        people = column(open_board(page, job), "sourced").people
        assert list(people) == [long, short, unknown]

    def test_who_left_is_folded_until_asked_for(self, page):
        prospect = make_prospect(stage="rejected")
        folded = open_board(page, prospect.job)
        assert column(folded, "rejected").figures.people == 1
        assert prospect.candidate.name not in text(folded)
        assert prospect.candidate.name in text(open_board(page, prospect.job, open="rejected"))

    def test_fifty_of_a_column_are_shown_and_more_on_demand(self, page, monkeypatch):
        monkeypatch.setattr(board, "SHOWN", 2)
        job = make_job()
        people = [make_prospect(job=job, stage_since=days_ago(9 - n)) for n in range(5)]
        response = open_board(page, job)
        assert list(column(response, "sourced").people) == people[:2]
        assert "Show more (3)" in text(response)
        more = open_board(page, job, headers=FRAGMENT, column="sourced", start="2")
        assert list(more.context["column"].people) == people[2:4]
        assert "Show 1 more" in text(more)
        assert "<html" not in text(more)
        assert "<html" in text(open_board(page, job, column="sourced", start="4"))

    def test_an_empty_board_says_how_to_fill_it(self, page):
        shown = text(open_board(page, make_job()))
        assert "Nobody stands in this job yet" in shown
        assert "Open the ranking" in shown

    def test_a_fragment_is_the_board_alone(self, page):
        response = open_board(page, make_prospect().job, headers=FRAGMENT)
        assert text(response).lstrip().startswith('<section id="board"')
        assert "1 person on the board" in text(response)
        assert "HX-Request" in response.headers["Vary"]

    def test_nonsense_in_the_address_is_the_board(self, page):
        job = make_prospect().job
        for query in ({"open": "x"}, {"column": "x"}, {"column": "sourced", "start": "-1"}):
            assert open_board(page, job, **query).status_code == 200

    def test_who_may_not_move_gets_no_handles(self, client):
        prospect = make_prospect()
        user = make_user("manager", "Hiring managers")
        client.force_login(user)
        assert open_board(client, prospect.job).status_code == 404
        JobMember.objects.create(job=prospect.job, user=user, part="hiring_manager")
        shown = text(open_board(client, prospect.job))
        assert prospect.candidate.name in shown
        assert "data-grab" not in shown
        assert "move-form" not in shown

    def test_blind_review_shows_pseudonyms_of_the_job(self, page):
        job = make_job(blind=True)
        make_prospect(job=job, candidate=make_candidate(name="Ana Souza", code="81818"))
        shown = text(open_board(page, job))
        assert "Ana Souza" not in shown
        assert "81818" not in shown
        assert "Candidate " in shown

    def test_the_number_of_queries_is_constant(self, page):
        counts = []
        for rows in (1, 3):
            job = make_job()
            for stage in ("sourced", "screening", "offer")[:rows]:
                make_prospect(job=job, stage=stage, stage_since=NOW)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                open_board(page, job)
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert counts[0] <= 9


class TestTimes:
    def test_the_median_of_those_who_stand_there(self):
        job = make_job()
        for days in (1, 4, 30):
            make_prospect(job=job, stage_since=days_ago(days))
        assert board.read_figures(job)[Stage.SOURCED].waiting == 4

    def test_the_median_of_stays_that_ended_without_what_was_undone(self, recruiter):
        job = make_job()
        for days in (2, 5, 9):
            prospect = make_prospect(job=job, stage="screening", stage_since=days_ago(days))
            moving.move([prospect], to=Stage.OFFER, by=recruiter)
        undone = make_prospect(job=job, stage="screening", stage_since=days_ago(300))
        moving.undo(moving.move([undone], to=Stage.OFFER, by=recruiter).batch, by=recruiter)
        figures = board.read_figures(job)
        assert (figures[Stage.SCREENING].stayed, figures[Stage.SCREENING].stays) == (5, 3)
        assert figures[Stage.OFFER].stayed is None

    def test_nothing_is_said_of_days_nobody_knows(self):
        job = make_job()
        make_prospect(job=job, stage_since=None)
        figures = board.read_figures(job)[Stage.SOURCED]
        assert (figures.people, figures.waiting, figures.stayed) == (1, None, None)


class TestHistory:
    def history(self, browser, prospect, headers=None):
        code = prospect.candidate.code
        return browser.get(
            reverse("jobs:prospect_history", args=[prospect.job.code, code]), headers=headers or {}
        )

    def test_it_says_who_when_from_to_and_why(self, page, recruiter):
        prospect = make_prospect(stage="screening", stage_since=days_ago(7))
        moving.move([prospect], to=Stage.REJECTED, by=recruiter, reason_code="salary", reason="pediu o dobro")
        shown = text(self.history(page, prospect))
        for expected in (
            "recruiter",
            "Screening",
            "Rejected",
            "Salary wish above the budget",
            "pediu o dobro",
        ):
            assert expected in shown
        assert self.history(page, prospect).context["steps"][0].days == 7

    def test_what_was_taken_back_stays_readable(self, page, recruiter):
        prospect = make_prospect()
        moving.undo(moving.move([prospect], to=Stage.OFFER, by=recruiter).batch, by=recruiter)
        steps = self.history(page, prospect).context["steps"]
        assert [(step.change.to_stage, step.undone) for step in steps] == [
            ("sourced", False),
            ("offer", True),
        ]
        assert "taken back" in text(self.history(page, prospect))

    def test_moves_of_the_source_have_its_words(self, page):
        prospect = make_prospect()
        StageChange.objects.create(
            prospect=prospect, from_stage="sourced", to_stage="applied", to_status="Inscrito"
        )
        shown = text(self.history(page, prospect))
        assert "Import of the source" in shown
        assert "Inscrito" in shown

    def test_the_fragment_is_the_table_alone(self, page):
        shown = text(self.history(page, make_prospect(), headers=FRAGMENT))
        assert "<html" not in shown
        assert "No move is recorded" in shown

    def test_blind_review_hides_the_name_in_the_reason(self, page, recruiter):
        job = make_job(blind=True)
        prospect = make_prospect(job=job, candidate=make_candidate(name="Ana Souza"))
        moving.move(
            [prospect], to=Stage.REJECTED, by=recruiter, reason_code="other", reason="Ana Souza não atende"
        )
        assert self.history(page, prospect).status_code == 404  # the code itself tells who it is
        [card] = column(open_board(page, job, open="rejected"), "rejected").people
        shown = text(page.get(reverse("jobs:prospect_history", args=[job.code, card.candidate.code])))
        assert "Ana" not in shown
        assert "Souza" not in shown
        assert "não atende" in shown

    def test_who_is_no_prospect_has_no_history(self, page):
        response = page.get(reverse("jobs:prospect_history", args=[make_job().code, make_candidate().code]))
        assert response.status_code == 404
