import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from candidates.models import Profile, RunState
from scoring import opinions, weighing
from scoring.models import Feedback, JobWeights, Prediction, Ranking
from scoring.reordering import MOST_PLACES, order_of, standings
from tests.factories import make_candidate, make_job, make_version

pytestmark = pytest.mark.django_db

FIT, NOT_FIT, NONE = Feedback.Verdict.FIT, Feedback.Verdict.NOT_FIT, Feedback.Verdict.NONE


def asked(*states):
    return [{"kind": "skill", "value": "x", "must": True, "state": state, "quote": ""} for state in states]


class Listed:
    """A finished ranking of people given best first, each as (skills, states of what is required)."""

    def __init__(self, *people, order="model", group="prospect", groups=None):
        self.job, version = make_job(), make_version(state="challenger")
        self.ranking = Ranking.objects.create(
            job=self.job, model_version=version, state=RunState.DONE, order=order
        )
        self.people = []
        for rank, (skills, states) in enumerate(people, start=1):
            own = groups[rank - 1] if groups else {"knowledge": 0.0}
            self.add(rank, skills, states, group=group, groups=own, version=version)

    def add(self, rank, skills, states, *, group, groups, version):
        person = make_candidate()
        self.people.append(person)
        Profile.objects.create(
            candidate=person, extractor="taxonomy", version="t", source_hash="x", skills=skills
        )
        Prediction.objects.create(
            candidate=person,
            job=self.job,
            ranking=self.ranking,
            model_version=version,
            group=group,
            rank=rank,
            score=1 / (rank + 1),
            threshold=0.5,
            operating_mode="prec80",
            source="ranking",
            requirements=asked(*states),
            reasons={"base": 0.0, "margin": sum(groups.values()), "groups": groups},
        )

    def say(self, place, verdict, by, **values):
        return opinions.give(self.job, self.people[place], by=by, verdict=verdict, **values)

    @property
    def order(self):
        placed = order_of(self.ranking)
        if placed is None:
            return None
        return sorted(range(len(self.people)), key=lambda at: placed[self.people[at].pk].position)

    def placed(self, place):
        return order_of(self.ranking)[self.people[place].pk]


PLAIN = [(["java"], ["met"])] * 4


def test_without_opinions_and_weights_nothing_is_said_of_the_order(django_assert_num_queries):
    listed = Listed(*PLAIN)
    with django_assert_num_queries(2):
        assert order_of(listed.ranking) is None


def test_who_fits_comes_first_and_who_does_not_last_and_ranks_stay_stored(recruiter):
    listed = Listed(*PLAIN)
    listed.say(2, FIT, recruiter)
    listed.say(0, NOT_FIT, recruiter)

    assert listed.order == [2, 1, 3, 0]
    first, last = listed.placed(2), listed.placed(0)
    assert (first.position, first.original, first.moved, first.why) == (1, 3, 2, "fit")
    assert (last.position, last.original, last.moved, last.why) == (4, 1, -3, "not_fit")
    assert (listed.placed(3).moved, listed.placed(3).why) == (1, "others")
    ranks = Prediction.objects.filter(ranking=listed.ranking).order_by("rank")
    assert [one.candidate for one in ranks] == listed.people


def test_the_newest_opinion_counts_and_what_is_taken_back_counts_no_more(recruiter):
    listed = Listed(*PLAIN)
    listed.say(3, NOT_FIT, recruiter)
    listed.say(3, FIT, recruiter)
    assert listed.order == [3, 0, 1, 2]

    listed.say(3, NONE, recruiter)
    assert listed.order is None
    assert Feedback.objects.count() == 3


def test_opinions_are_never_rewritten(recruiter):
    listed = Listed(*PLAIN)
    said = listed.say(3, FIT, recruiter)
    with pytest.raises(DatabaseError), transaction.atomic():
        Feedback.objects.filter(pk=said.pk).update(verdict=NOT_FIT)


def test_where_two_disagree_nobody_is_moved_and_a_third_decides(recruiter, administrator):
    listed = Listed(*PLAIN)
    listed.say(2, FIT, recruiter)
    listed.say(2, NOT_FIT, administrator)
    assert listed.order is None

    listed.say(2, FIT, User.objects.create_user("third"))
    assert listed.order == [2, 0, 1, 3]


def test_opinions_of_the_absorbed_count_for_whom_they_went_into(recruiter):
    listed = Listed(*PLAIN)
    absorbed = make_candidate()
    opinions.give(listed.job, absorbed, by=recruiter, verdict=FIT)
    absorbed.merged_into = listed.people[3]
    absorbed.save()

    assert listed.order == [3, 0, 1, 2]
    assert opinions.of(listed.job, listed.people[3], reader=recruiter).own.verdict == FIT


# Likeness

JAVA, COBOL = ["java", "spring"], ["cobol", "mainframe"]


def test_people_like_one_who_fits_move_up_a_few_places(recruiter):
    listed = Listed((COBOL, []), *[(JAVA, [])] * 10, (COBOL, []))
    listed.say(0, FIT, recruiter)

    placed = listed.placed(11)
    assert placed.why == "like_fit"
    assert 0 < placed.moved <= MOST_PLACES
    assert placed.original == 12


def test_people_like_one_who_does_not_fit_move_down(recruiter):
    listed = Listed((COBOL, []), *[(JAVA, [])] * 10, (COBOL, []))
    listed.say(11, NOT_FIT, recruiter)

    placed = listed.placed(0)
    assert placed.why == "like_not_fit"
    assert -MOST_PLACES <= placed.moved < 0


def test_a_salary_wish_that_does_not_fit_tells_nothing_of_people_who_know_the_same(recruiter):
    listed = Listed((COBOL, []), *[(JAVA, [])] * 10, (COBOL, []))
    listed.say(11, NOT_FIT, recruiter, reasons=["salary", "place"])
    assert listed.order == list(range(12))
    assert listed.placed(0).why == ""

    listed.say(11, NOT_FIT, recruiter, reasons=["salary", "skills"])
    assert listed.placed(0).why == "like_not_fit"


def test_likeness_passes_nobody_who_meets_more_of_what_is_required(recruiter):
    listed = Listed((COBOL, ["met", "met"]), *[(JAVA, ["met", "met"])] * 6, (COBOL, ["met", "not_met"]))
    listed.say(0, FIT, recruiter)

    assert listed.order is None or listed.order == list(range(8))


def test_in_the_order_of_requirements_likeness_moves_only_among_equals(recruiter):
    equals = [*[(JAVA, ["met"])] * 3, (COBOL, ["met"])]
    lower = [(JAVA, ["not_met"]), (COBOL, ["not_met"])]
    listed = Listed((COBOL, ["met"]), *equals, *lower, order="requirements")
    listed.say(0, FIT, recruiter)

    assert listed.order[:5] == [0, 1, 4, 2, 3]
    assert listed.order[5:] == [6, 5]
    assert listed.placed(4).why == listed.placed(6).why == "like_fit"


def test_who_is_unlike_those_who_fit_only_makes_room(recruiter):
    listed = Listed((COBOL, []), *[(JAVA, [])] * 10, (COBOL, []))
    listed.say(0, FIT, recruiter)

    assert {listed.placed(at).why for at in range(1, 11)} == {"", "others"}


def test_what_is_told_agrees_with_the_direction(recruiter):
    groups = [{"knowledge": 1.0 - at / 10, "english": at / 5} for at in range(9)]
    listed = Listed((COBOL, []), *[(JAVA, [])] * 7, (COBOL, []), groups=groups)
    weighing.save(listed.job, {"knowledge": 0.0}, by=recruiter)
    listed.say(4, NOT_FIT, recruiter)

    upwards = {"like_fit", "weights", "others", "fit", ""}
    assert all(listed.placed(at).why in upwards for at in range(9) if listed.placed(at).moved > 0)
    assert listed.placed(8).why == "weights"


def test_who_has_no_known_skill_is_like_nobody(recruiter):
    listed = Listed((COBOL, []), *[(JAVA, [])] * 5, ([], ["no_data"]))
    listed.say(0, NOT_FIT, recruiter)

    assert listed.placed(6).why == "others"


# Weights

LOUD = [
    {"knowledge": 2.0, "english": 0.0},
    {"knowledge": 0.5, "english": 1.0},
    {"knowledge": 0.0, "english": 0.2},
]


def test_a_reason_that_counts_for_nothing_orders_nobody(recruiter):
    listed = Listed(*PLAIN[:3], groups=LOUD)
    weighing.save(listed.job, {"knowledge": 0.0}, by=recruiter)

    assert listed.order == [1, 2, 0]
    assert (listed.placed(1).why, listed.placed(1).moved) == ("weights", 1)

    weighing.save(listed.job, {}, by=recruiter)
    assert listed.order is None
    assert JobWeights.objects.count() == 2


def test_weights_say_nothing_where_requirements_order(recruiter):
    listed = Listed(*PLAIN[:3], groups=LOUD, order="requirements")
    weighing.save(listed.job, {"knowledge": 0.0}, by=recruiter)
    assert listed.order is None


def test_opinions_go_before_weights(recruiter):
    listed = Listed(*PLAIN[:3], groups=LOUD)
    weighing.save(listed.job, {"knowledge": 0.0}, by=recruiter)
    listed.say(0, FIT, recruiter)
    assert listed.order == [0, 1, 2]


def test_the_same_weights_are_saved_once(recruiter):
    listed = Listed(*PLAIN[:3], groups=LOUD)
    assert weighing.save(listed.job, {"knowledge": 1.0}, by=recruiter) is None
    assert weighing.save(listed.job, {"knowledge": 0.5}, by=recruiter) is not None
    assert weighing.save(listed.job, {"knowledge": 0.5, "english": 1.0}, by=recruiter) is None


def test_a_preview_tells_who_moves_before_anything_is_saved(recruiter):
    listed = Listed(*PLAIN[:3], groups=LOUD)
    seen = weighing.preview(listed.ranking, standings(listed.ranking), {"knowledge": 0.0})

    assert [(one.candidate, one.old, one.new, one.up) for one in seen.movers] == [
        (listed.people[0], 1, 3, -2),
        (listed.people[1], 2, 1, 1),
        (listed.people[2], 3, 2, 1),
    ]
    assert seen.agreements[0].tau == pytest.approx(1 - 2 * 2 / 3)
    assert listed.order is None


def test_kendall_is_one_for_the_same_order_and_minus_one_for_its_reverse():
    assert weighing.kendall([1, 2, 3, 4]) == 1
    assert weighing.kendall([4, 3, 2, 1]) == -1
    assert weighing.kendall([2, 1, 3, 4]) == pytest.approx(4 / 6)
    assert weighing.kendall([1]) == 1


def test_only_what_tells_these_people_apart_can_be_weighed():
    same = {"sap": 0.7, "title": 0.0}
    groups = [
        {"knowledge": 0.2, "english": -1.0, "job_demand": 3.0, **same},
        {"knowledge": 0.1, "english": 0.0, "job_demand": 1.0, **same},
    ]
    found = weighing.weighable(standings(Listed(*PLAIN[:2], groups=groups).ranking))
    assert [one.name for one in found] == ["english", "knowledge"]
    assert sum(one.share for one in found) == pytest.approx(1)


def test_queries_do_not_grow_with_people(recruiter, django_assert_num_queries):
    for people in (2, 6):
        listed = Listed(*[(JAVA, ["met"])] * people)
        listed.say(1, FIT, recruiter)
        with django_assert_num_queries(4):
            order_of(listed.ranking)
