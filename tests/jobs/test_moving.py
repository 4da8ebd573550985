import datetime
import uuid

import pytest
from django.utils import timezone

from candidates import viewing
from jobs import moving
from jobs.importing_prospects import STATUSES
from jobs.models import Outcome, Prospect, Stage, StageChange
from tests.at_once import at_once
from tests.factories import make_candidate, make_job, make_prospect

pytestmark = pytest.mark.django_db


def fresh(prospect):
    return Prospect.objects.get(pk=prospect.pk)


def history(prospect):
    changes = StageChange.objects.filter(prospect=prospect).order_by("pk")
    return [(change.from_stage, change.to_stage) for change in changes]


class TestMoving:
    def test_it_changes_stage_outcome_and_day_and_says_who(self, recruiter):
        prospect = make_prospect(stage_since=timezone.now() - datetime.timedelta(days=9))
        since = prospect.stage_since
        before = timezone.now()
        result = moving.move([prospect], to=Stage.HIRED, by=recruiter)
        stored = fresh(prospect)
        assert (stored.stage, stored.outcome) == ("hired", "hired")
        assert stored.stage_since >= before
        assert stored.updated_on == timezone.localdate()
        change = StageChange.objects.get()
        assert (change.changed_by, change.source, change.batch) == (recruiter, "person", result.batch)
        assert (change.from_stage, change.to_stage, change.from_since) == ("sourced", "hired", since)
        assert [one.stage for one in result.moved] == ["hired"]

    def test_the_outcome_is_what_the_source_says_of_the_stage(self):
        for stage, outcome in STATUSES.values():
            assert moving.outcome_at(stage) == outcome
        assert set(Stage) == {stage for stage, _ in STATUSES.values()}

    def test_back_in_the_pipeline_nothing_is_decided(self, recruiter):
        prospect = make_prospect(stage="rejected", outcome="rejected")
        moving.move([prospect], to=Stage.SCREENING, by=recruiter)
        assert fresh(prospect).outcome == Outcome.IN_FLIGHT

    def test_who_stands_there_already_stays(self, recruiter):
        result = moving.move([make_prospect(stage="offer")], to=Stage.OFFER, by=recruiter)
        assert (len(result.unchanged), result.moved) == (1, [])
        assert not StageChange.objects.exists()

    @pytest.mark.parametrize(
        ("stage", "wrong", "right"),
        [
            (Stage.REJECTED, "", "salary"),
            (Stage.REJECTED, "other_offer", "other"),
            (Stage.WITHDRAWN, "", "personal"),
            (Stage.WITHDRAWN, "client", "not_said"),
        ],
    )
    def test_who_leaves_does_so_for_a_known_reason(self, recruiter, stage, wrong, right):
        prospect = make_prospect()
        with pytest.raises(moving.ReasonMissing):
            moving.move([prospect], to=stage, by=recruiter, reason_code=wrong)
        assert fresh(prospect).stage == "sourced"
        moving.move([prospect], to=stage, by=recruiter, reason_code=right, reason=" x" * 300)
        change = StageChange.objects.get()
        assert change.reason_code == right
        assert len(change.reason) == 200

    def test_a_reason_says_nothing_of_other_stages(self, recruiter):
        moving.move([make_prospect()], to=Stage.OFFER, by=recruiter, reason_code="salary")
        assert StageChange.objects.get().reason_code == ""

    def test_who_was_moved_meanwhile_is_a_conflict(self, recruiter):
        here, elsewhere = make_prospect(stage="applied"), make_prospect(stage="offer")
        expected = {here.pk: "applied", elsewhere.pk: "applied"}
        result = moving.move([here, elsewhere], to=Stage.SCREENING, by=recruiter, expected=expected)
        assert (result.moved, result.conflicts) == ([here], [elsewhere])
        assert fresh(elsewhere).stage == "offer"

    def test_nobody_moves_whom_they_may_not_see(self, recruiter):
        prospect, stranger = make_prospect(), viewing.as_user(recruiter)
        recruiter.groups.clear()
        with viewing.seen_by(stranger):
            assert moving.move([prospect], to=Stage.OFFER, by=recruiter).moved == []
        assert fresh(prospect).stage == "sourced"


class TestAdding:
    def test_people_of_the_pool_become_prospects(self, recruiter):
        job, candidate = make_job(), make_candidate()
        result = moving.add(job, [candidate], by=recruiter)
        prospect = Prospect.objects.get(job=job, candidate=candidate)
        assert (prospect.stage, prospect.applied_on) == ("sourced", timezone.localdate())
        assert prospect.stage_since is not None
        assert history(prospect) == [("", "sourced")]
        assert result.moved == [prospect]

    def test_who_is_a_prospect_stays_at_the_stage(self, recruiter):
        prospect = make_prospect(stage="offer")
        result = moving.add(prospect.job, [prospect.candidate], by=recruiter)
        assert (result.moved, result.unchanged) == ([], [prospect])
        assert fresh(prospect).stage == "offer"

    def test_one_click_brings_prospects_and_people_of_the_pool(self, recruiter):
        prospect, candidate = make_prospect(), make_candidate()
        people = [prospect.candidate, candidate]
        result = moving.bring(prospect.job, people, to=Stage.SCREENING, by=recruiter)
        assert {one.candidate for one in result.moved} == set(people)
        assert {change.batch for change in StageChange.objects.all()} == {result.batch}

    def test_nobody_is_added_when_the_reason_is_missing(self, recruiter):
        job = make_job()
        with pytest.raises(moving.ReasonMissing):
            moving.bring(job, [make_candidate()], to=Stage.REJECTED, by=recruiter)
        assert not Prospect.objects.exists()

    def test_expected_stages_are_those_of_the_people(self, recruiter):
        prospect = make_prospect(stage="offer")
        seen = {prospect.candidate_id: "applied"}
        result = moving.bring(prospect.job, [prospect.candidate], to=Stage.HIRED, by=recruiter, expected=seen)
        assert result.conflicts == [prospect]


class TestUndoing:
    def test_it_goes_back_by_new_rows_of_the_history(self, recruiter):
        since = timezone.now() - datetime.timedelta(days=9)
        here = make_prospect(stage="applied", stage_since=since)
        there = make_prospect(stage="rejected", outcome="rejected", stage_since=since)
        batch = moving.move([here, there], to=Stage.OFFER, by=recruiter).batch
        back = moving.undo(batch, by=recruiter)
        assert history(here) == [("applied", "offer"), ("offer", "applied")]
        assert (fresh(here).stage, fresh(here).outcome, fresh(here).stage_since) == (
            "applied",
            "in_flight",
            since,
        )
        assert (fresh(there).stage, fresh(there).outcome) == ("rejected", "rejected")
        assert set(StageChange.objects.filter(undoes=batch).values_list("batch", flat=True)) == {back.batch}
        assert len(back.moved) == 2

    def test_not_twice(self, recruiter):
        prospect = make_prospect()
        batch = moving.move([prospect], to=Stage.OFFER, by=recruiter).batch
        moving.undo(batch, by=recruiter)
        with pytest.raises(moving.CannotUndo, match="taken back already"):
            moving.undo(batch, by=recruiter)
        assert len(history(prospect)) == 2

    def test_moves_that_were_undone_themselves_do_not_stand_in_the_way(self, recruiter):
        one, other = make_prospect(stage="applied"), make_prospect(stage="applied")
        batch = moving.move([one, other], to=Stage.SCREENING, by=recruiter).batch
        for stage in (Stage.OFFER, Stage.HIRED):
            moving.undo(moving.move([other], to=stage, by=recruiter).batch, by=recruiter)
        moving.undo(batch, by=recruiter)
        assert (fresh(one).stage, fresh(other).stage) == ("applied", "applied")

    def test_a_later_move_that_was_done_again_does(self, recruiter):
        prospect = make_prospect(stage="applied")
        batch = moving.move([prospect], to=Stage.SCREENING, by=recruiter).batch
        later = moving.move([prospect], to=Stage.OFFER, by=recruiter).batch
        moving.undo(moving.undo(later, by=recruiter).batch, by=recruiter)
        with pytest.raises(moving.CannotUndo, match="moved again since") as refused:
            moving.undo(batch, by=recruiter)
        assert refused.value.others == 0
        assert fresh(prospect).stage == "offer"

    def test_to_the_same_stage_by_another_move_is_a_move(self, recruiter):
        prospect = make_prospect(stage="applied")
        batch = moving.move([prospect], to=Stage.SCREENING, by=recruiter).batch
        moving.move([prospect], to=Stage.OFFER, by=recruiter)
        moving.move([prospect], to=Stage.SCREENING, by=recruiter)
        with pytest.raises(moving.CannotUndo, match="moved again since"):
            moving.undo(batch, by=recruiter)

    def test_the_others_go_back_when_asked_and_who_moved_on_stays(self, recruiter):
        people = [make_prospect(stage="applied") for _ in range(3)]
        batch = moving.move(people, to=Stage.SCREENING, by=recruiter).batch
        later = moving.move(people[2:], to=Stage.OFFER, by=recruiter).batch
        with pytest.raises(moving.CannotUndo, match="1 of 3 has moved since") as refused:
            moving.undo(batch, by=recruiter)
        assert refused.value.others == 2
        back = moving.undo(batch, by=recruiter, others=True)
        assert (back.moved, back.conflicts) == (people[:2], people[2:])
        assert [fresh(one).stage for one in people] == ["applied", "applied", "offer"]
        with pytest.raises(moving.CannotUndo, match="moved again since"):
            moving.undo(batch, by=recruiter, others=True)
        moving.undo(later, by=recruiter)
        assert moving.undo(batch, by=recruiter).moved == people[2:]
        assert fresh(people[2]).stage == "applied"

    def test_a_stay_of_who_was_not_put_back_still_counts(self, recruiter):
        since = timezone.now() - datetime.timedelta(days=9)
        people = [make_prospect(stage="applied", stage_since=since) for _ in range(2)]
        batch = moving.move(people, to=Stage.SCREENING, by=recruiter).batch
        moving.move(people[1:], to=Stage.OFFER, by=recruiter)
        moving.undo(batch, by=recruiter, others=True)
        assert {change.prospect_id for change in StageChange.objects.stays()} == {people[1].pk}

    def test_who_was_added_and_moved_and_put_back_goes_back_to_the_pool(self, recruiter):
        prospect, candidate = make_prospect(), make_candidate()
        added = moving.add(prospect.job, [candidate], by=recruiter)
        moving.undo(moving.move(added.moved, to=Stage.OFFER, by=recruiter).batch, by=recruiter)
        moving.undo(added.batch, by=recruiter)
        assert list(Prospect.objects.all()) == [prospect]

    def test_who_stood_since_nobody_knows_when_does_so_again(self, recruiter):
        prospect = make_prospect(stage=Stage.APPLIED, stage_since=None)
        moved = moving.move([prospect], to=Stage.SCREENING, by=recruiter)
        moving.undo(moved.batch, by=recruiter)
        prospect.refresh_from_db()
        assert (prospect.stage, prospect.stage_since) == (Stage.APPLIED, None)

    def test_an_undo_can_be_taken_back_too(self, recruiter):
        prospect = make_prospect()
        batch = moving.move([prospect], to=Stage.OFFER, by=recruiter).batch
        moving.undo(moving.undo(batch, by=recruiter).batch, by=recruiter)
        assert fresh(prospect).stage == "offer"

    def test_it_refuses_for_all_when_one_was_moved_since(self, recruiter):
        one, other = make_prospect(), make_prospect()
        batch = moving.move([one, other], to=Stage.SCREENING, by=recruiter).batch
        moving.move([other], to=Stage.OFFER, by=recruiter)
        with pytest.raises(moving.CannotUndo):
            moving.undo(batch, by=recruiter)
        assert fresh(one).stage == "screening"

    def test_it_refuses_what_never_was(self, recruiter):
        with pytest.raises(moving.CannotUndo, match="no such move"):
            moving.undo(uuid.uuid4(), by=recruiter)

    def test_who_was_added_goes_back_to_the_pool(self, recruiter):
        prospect, candidate = make_prospect(), make_candidate()
        result = moving.bring(prospect.job, [prospect.candidate, candidate], to=Stage.OFFER, by=recruiter)
        moving.undo(result.batch, by=recruiter)
        assert list(Prospect.objects.all()) == [prospect]
        assert fresh(prospect).stage == "sourced"

    def test_after_it_the_history_is_append_only_as_before(self, recruiter):
        candidate, prospect = make_candidate(), make_prospect()
        moving.undo(moving.add(prospect.job, [candidate], by=recruiter).batch, by=recruiter)
        moving.move([prospect], to=Stage.OFFER, by=recruiter)
        with pytest.raises(Exception, match="append-only"):
            StageChange.objects.all().delete()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_who_move_the_same_people_make_one_history(self, recruiter):
        prospects = [make_prospect() for _ in range(8)]

        def mover(order, stages):
            def work():
                for stage in stages:
                    moving.move(order, to=stage, by=recruiter)

            return work

        one = mover(prospects, [Stage.SCREENING, Stage.OFFER] * 5)
        other = mover(prospects[::-1], [Stage.APPLIED, Stage.SUBMITTED] * 5)
        assert at_once(one, other) == []
        for prospect in prospects:
            steps = history(prospect)
            assert [step[0] for step in steps] == ["sourced", *(step[1] for step in steps[:-1])]
            assert fresh(prospect).stage == steps[-1][1]

    def test_of_two_who_saw_the_same_stage_one_moves(self, recruiter):
        prospect, results = make_prospect(), []

        def mover(stage):
            seen = {prospect.pk: "sourced"}
            return lambda: results.append(moving.move([prospect], to=stage, by=recruiter, expected=seen))

        assert at_once(mover(Stage.SCREENING), mover(Stage.OFFER)) == []
        assert sorted((len(one.moved), len(one.conflicts)) for one in results) == [(0, 1), (1, 0)]
        assert len(history(prospect)) == 1

    def test_of_two_who_add_the_same_person_one_does(self, recruiter):
        job, candidate, results = make_job(), make_candidate(), []
        work = lambda: results.append(moving.add(job, [candidate], by=recruiter))  # noqa: E731
        assert at_once(work, work) == []
        assert sorted(len(one.moved) for one in results) == [0, 1]
        assert history(Prospect.objects.get()) == [("", "sourced")]
