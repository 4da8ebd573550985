from django.contrib.auth.models import AnonymousUser

from candidates.models import Preference
from candidates.preferences import forget, remember, remembered


def test_what_was_chosen_is_found_again(recruiter):
    remember(recruiter, "ranking", {"view": "cards"})
    assert remembered(recruiter, "ranking", {}) == {"view": "cards"}


def test_whoever_chose_nothing_gets_the_default(recruiter, administrator):
    remember(recruiter, "ranking", ["stage"])
    assert remembered(administrator, "ranking", ["rank"]) == ["rank"]


def test_the_newest_choice_takes_the_place_of_the_older_one(recruiter):
    remember(recruiter, "ranking", 1)
    remember(recruiter, "ranking", 2)
    assert (remembered(recruiter, "ranking", 0), Preference.objects.count()) == (2, 1)


def test_an_empty_choice_is_a_choice(recruiter):
    remember(recruiter, "ranking", [])
    assert remembered(recruiter, "ranking", ["rank"]) == []


def test_a_choice_can_be_forgotten(recruiter):
    remember(recruiter, "ranking", 1)
    forget(recruiter, "ranking")
    assert remembered(recruiter, "ranking", 0) == 0


def test_a_stranger_has_no_memory(db):
    remember(AnonymousUser(), "ranking", 1)
    assert remembered(AnonymousUser(), "ranking", 0) == 0
    assert not Preference.objects.exists()
