import json
import re
import uuid

import pytest
from django.urls import reverse

from jobs import moving
from jobs.models import Job, JobMember, Prospect, Stage, StageChange
from tests.factories import make_candidate, make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def move(browser, job, *people, headers=None, follow=False, **sent):
    data = {"candidate": [person.code for person in people]} | sent
    return browser.post(reverse("jobs:move", args=[job.code]), data, headers=headers or {}, follow=follow)


def stage(prospect):
    return Prospect.objects.get(pk=prospect.pk).stage


def text(response):
    return response.content.decode()


class TestMoving:
    def test_without_script_it_leads_back_with_a_message_that_can_undo(self, page):
        prospect = make_prospect()
        back = f"/jobs/{prospect.job.code}/board/?open=rejected"
        response = move(page, prospect.job, prospect.candidate, to="screening", next=back)
        assert response.headers["Location"] == back
        assert stage(prospect) == "screening"
        shown = text(page.get(back))
        undo = reverse("jobs:undo_move", args=[StageChange.objects.get().batch])
        assert "1 person moved to: screening." in shown
        assert f'action="{undo}"' in shown
        page.post(undo, {"next": back})
        assert stage(prospect) == "sourced"
        assert "1 move taken back." in text(page.get(back))

    def test_it_leads_to_no_other_site(self, page):
        prospect = make_prospect()
        for elsewhere in ("https://example.com/", "//example.com", "javascript:alert(1)"):
            response = move(page, prospect.job, prospect.candidate, to="offer", next=elsewhere)
            assert response.headers["Location"] == reverse("jobs:board", args=[prospect.job.code])

    def test_htmx_gets_a_toast_and_an_event(self, page):
        prospect = make_prospect()
        response = move(page, prospect.job, prospect.candidate, to="offer", headers=FRAGMENT)
        event = json.loads(response.headers["HX-Trigger"])["stage-moved"]
        assert response.headers["HX-Reswap"] == "none"
        assert event["moved"] == [prospect.candidate.code]
        assert event["to"] == "offer"
        assert '<div id="toasts" hx-swap-oob="innerHTML">' in text(response)
        assert reverse("jobs:undo_move", args=[event["batch"]]) in text(response)

    def test_htmx_undoes_too(self, page, recruiter):
        prospect = make_prospect()
        batch = moving.move([prospect], to=Stage.OFFER, by=recruiter).batch
        response = page.post(reverse("jobs:undo_move", args=[batch]), headers=FRAGMENT)
        assert json.loads(response.headers["HX-Trigger"]) == {"stage-moved": {"undone": str(batch)}}
        assert "1 move taken back." in text(response)

    def test_the_board_gets_its_cards_and_heads_too(self, page):
        prospect = make_prospect()
        response = move(page, prospect.job, prospect.candidate, to="offer", board="1", headers=FRAGMENT)
        assert f'id="card-{prospect.pk}" hx-swap-oob="true"' in text(response)
        assert 'id="head-offer" hx-swap-oob="true"' in text(response)

    @pytest.mark.parametrize("blind", [False, True])
    def test_each_of_several_is_expected_where_they_were_seen(self, page, blind):
        job = make_job()
        here, there, gone = (
            make_prospect(job=job, stage=one) for one in ("screening", "offer", "client_interview")
        )
        codes = [one.candidate.code for one in (here, there, gone)]
        if blind:
            Job.objects.filter(pk=job.pk).update(blind=True)
            html = text(page.get(reverse("jobs:board", args=[job.code])))
            cards = (f'id="card-{one.pk}".*?data-candidate="(.*?)"' for one in (here, there, gone))
            codes = [re.search(card, html).group(1) for card in cards]
        sent = {"candidate": codes, "from": ["screening", "offer", "screening"], "to": "hired"}
        response = page.post(reverse("jobs:move", args=[job.code]), sent, headers=FRAGMENT)
        event = json.loads(response.headers["HX-Trigger"])["stage-moved"]
        assert [stage(one) for one in (here, there, gone)] == ["hired", "hired", "client_interview"]
        assert len(event["conflicts"]) == 1
        assert StageChange.objects.values("batch").distinct().count() == 1

    def test_people_of_the_pool_are_added(self, page):
        job, candidate = make_job(), make_candidate()
        move(page, job, candidate, to="screening")
        assert Prospect.objects.get(job=job).stage == "screening"

    def test_who_was_moved_meanwhile_is_told_and_stays(self, page):
        prospect = make_prospect(stage="offer")
        sent = {"to": "screening", "from": "applied"}
        response = move(page, prospect.job, prospect.candidate, headers=FRAGMENT, **sent)
        event = json.loads(response.headers["HX-Trigger"])["stage-moved"]
        assert event["conflicts"] == [{"candidate": prospect.candidate.code, "stage": "offer"}]
        assert stage(prospect) == "offer"
        assert "Somebody else moved this person to “offer” meanwhile" in text(response)

    def test_undo_says_why_it_cannot(self, page, recruiter):
        prospect = make_prospect()
        batch = moving.move([prospect], to=Stage.OFFER, by=recruiter).batch
        moving.move([prospect], to=Stage.HIRED, by=recruiter)
        response = page.post(reverse("jobs:undo_move", args=[batch]), follow=True)
        assert "Somebody was moved again since" in text(response)
        response = page.post(reverse("jobs:undo_move", args=[uuid.uuid4()]), follow=True)
        assert "no such move" in text(response)

    def test_undo_offers_to_put_back_the_others(self, page, recruiter):
        people = [make_prospect(stage="applied") for _ in range(3)]
        batch = moving.move(people, to=Stage.SCREENING, by=recruiter).batch
        moving.move(people[:1], to=Stage.HIRED, by=recruiter)
        undo = reverse("jobs:undo_move", args=[batch])
        response = page.post(undo, follow=True)
        assert "1 of 3 has moved since. Put the others back?" in text(response)
        assert f'action="{undo}?others=1"' in text(response)
        response = page.post(undo, headers=FRAGMENT)
        assert f'hx-post="{undo}?others=1"' in text(response)
        response = page.post(undo + "?others=1", headers=FRAGMENT)
        assert "2 of 3 put back; 1 has moved since." in text(response)
        assert json.loads(response.headers["HX-Trigger"]) == {"stage-moved": {"undone": str(batch)}}
        assert [stage(one) for one in people] == ["hired", "applied", "applied"]

    def test_the_number_of_queries_does_not_depend_on_how_many_move(
        self, page, django_assert_max_num_queries
    ):
        job = make_job()
        some = [make_prospect(job=job).candidate for _ in range(12)]
        with django_assert_max_num_queries(25):
            move(page, job, *some, to="offer", board="1", headers=FRAGMENT)


class TestReasons:
    def test_a_rejection_without_a_reason_asks_for_one(self, page):
        prospect = make_prospect()
        response = move(page, prospect.job, prospect.candidate, to="rejected", next="/jobs/")
        assert response.status_code == 200
        assert "Say why this person is rejected." in text(response)
        assert '<option value="salary">' in text(response)
        assert '<option value="other_offer">' not in text(response)
        assert stage(prospect) == "sourced"

    def test_the_page_that_asks_can_be_opened(self, page):
        prospect = make_prospect()
        query = {"candidate": prospect.candidate.code, "to": "withdrawn"}
        shown = text(page.get(reverse("jobs:move", args=[prospect.job.code]), query))
        assert "Move to: withdrawn" in shown
        assert '<option value="other_offer">' in shown
        assert "Say why" not in shown

    def test_code_and_words_are_kept(self, page):
        prospect = make_prospect()
        sent = {"to": "rejected", "reason_code": "language", "reason": "Inglês básico"}
        move(page, prospect.job, prospect.candidate, **sent)
        change = StageChange.objects.get()
        assert (change.reason_code, change.reason) == ("language", "Inglês básico")

    def test_words_too_many_are_said_and_not_cut(self, page):
        prospect = make_prospect()
        sent = {"to": "rejected", "reason_code": "language", "reason": "x" * 201}
        response = move(page, prospect.job, prospect.candidate, **sent)
        assert "at most 200 characters" in text(response)
        assert stage(prospect) == "sourced"


class TestWhoMayMove:
    @pytest.mark.parametrize("group", ["Hiring managers", "Auditors", "Integrations", None])
    def test_only_recruiters_and_administrators(self, client, group):
        prospect = make_prospect()
        user = make_user("somebody", group)
        JobMember.objects.create(job=prospect.job, user=user)
        client.force_login(user)
        assert move(client, prospect.job, prospect.candidate, to="offer").status_code == 403
        assert client.post(reverse("jobs:undo_move", args=[uuid.uuid4()])).status_code == 403
        assert stage(prospect) == "sourced"

    def test_nobody_chosen_and_no_stage_are_said(self, page):
        prospect = make_prospect()
        response = move(page, prospect.job, to="offer", follow=True)
        assert "Choose whom to move first." in text(response)
        response = move(page, prospect.job, prospect.candidate, to="", follow=True)
        assert "Choose the stage to move to." in text(response)

    def test_people_who_are_not_there_are_not_found(self, page):
        job = make_job()
        response = page.post(reverse("jobs:move", args=[job.code]), {"candidate": ["nobody"], "to": "offer"})
        assert response.status_code == 404

    def test_a_pseudonym_moves_its_person_and_a_reveal_shows_on_the_card(self, page):
        job = make_job(blind=True, reveal_stage="offer")
        prospect = make_prospect(job=job, candidate=make_candidate(name="Ana Souza"))
        board = reverse("jobs:board", args=[job.code])
        shown = page.get(board)
        assert "Ana Souza" not in text(shown)
        column = next(one for one in shown.context["board"].columns if one.people)
        token = column.people[0].candidate.code
        assert token.startswith("~")
        sent = {"candidate": [token], "to": "screening", "board": "1"}
        url = reverse("jobs:move", args=[job.code])
        response = page.post(url, sent, headers=FRAGMENT)
        assert json.loads(response.headers["HX-Trigger"])["stage-moved"]["moved"] == [token]
        assert "Ana Souza" not in text(response)
        response = page.post(url, sent | {"to": "offer"}, headers=FRAGMENT)
        assert "Ana Souza" in text(response)
        assert stage(prospect) == "offer"
