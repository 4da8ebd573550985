import re

import pytest
from django.urls import reverse

from candidates import veiling
from candidates.models import Profile, ReviewPolicy
from jobs.models import Prospect
from scoring.models import Feedback, JobWeights, Prediction
from scoring.reordering import order_of
from tests.factories import make_candidate, make_job, make_prospect, make_user
from tests.scoring.test_reordering import LOUD, PLAIN, Listed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def listed():
    return Listed(*PLAIN[:3], groups=LOUD)


def url(name, job, *more):
    return reverse(f"scoring:{name}", args=[job.code, *more])


def say(page, listed, place, verdict, headers=HTMX, **values):
    values |= {"candidate": listed.people[place].code, "verdict": verdict}
    return page.post(url("feedback", listed.job), values, headers=headers)


def person(role, job=None):
    user = make_user(role, role)
    if job is not None:
        job.team.create(user=user)
    return user


# Feedback


def test_a_click_says_fit_and_the_answer_shows_it_pressed_and_tells_the_list(page, listed, recruiter):
    answer = say(page, listed, 2, "fit")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="none" data-verdict="fit"' in text
    assert text.count('aria-pressed="true"') == 1
    assert "feedback-given" in answer.headers["HX-Trigger"]
    assert "Marked as fit" in text

    said = Feedback.objects.get()
    assert (said.by, said.verdict, said.candidate) == (recruiter, "fit", listed.people[2])
    assert said.prediction == Prediction.objects.get(candidate=listed.people[2])
    assert order_of(listed.ranking)[listed.people[2].pk].position == 1


def test_reasons_and_a_note_are_kept_and_shown_to_others(page, listed, admin_client, administrator):
    say(page, listed, 0, "not_fit", reasons=["salary", "skills"], note="Pede muito")
    newest = Feedback.objects.newest().get()
    assert (newest.reasons, newest.note) == (["skills", "salary"], "Pede muito")

    page.force_login(administrator)
    text = say(page, listed, 0, "not_fit").content.decode()
    assert "recruiter: not fit (skills, salary wish)" in text
    assert "Pede muito" in text


def test_a_list_on_which_opinions_balance_shows_them(page, listed, administrator):
    say(page, listed, 0, "fit")
    Feedback.objects.create(job=listed.job, candidate=listed.people[0], by=administrator, verdict="not_fit")
    assert order_of(listed.ranking) is None  # so nobody is moved
    text = page.get(url("job_ranking", listed.job)).content.decode()
    assert text.count('value="none" data-verdict="fit"') == 1
    assert "administrator: not fit" in text


def test_pressing_again_takes_it_back_and_saying_the_same_twice_is_one_opinion(page, listed):
    say(page, listed, 0, "fit")
    say(page, listed, 0, "fit")
    assert Feedback.objects.count() == 1
    text = say(page, listed, 0, "none").content.decode()
    assert 'aria-pressed="true"' not in text
    assert order_of(listed.ranking) is None


def test_a_note_can_be_changed_and_cleared_and_goes_when_the_opinion_does(page, listed):
    say(page, listed, 0, "fit", note="Fala bem")
    say(page, listed, 0, "fit", note="Fala bem")
    say(page, listed, 0, "fit", reasons=["skills"])
    assert [one.note for one in Feedback.objects.all()] == ["", "Fala bem"]
    say(page, listed, 0, "none", reasons=["skills"], note="Fala bem")
    newest = Feedback.objects.newest().get()
    assert (newest.verdict, newest.reasons, newest.note) == ("none", [], "")


def test_without_script_the_answer_leads_back_to_where_one_was_and_nowhere_else(page, listed):
    answer = say(page, listed, 0, "fit", headers={}, next="/jobs/?q=1")
    assert (answer.status_code, answer["Location"]) == (302, "/jobs/?q=1")
    for bad in ("//evil.example", "https://evil.example/", "javascript:alert(1)"):
        assert say(page, listed, 1, "fit", headers={}, next=bad)["Location"] == url("job_ranking", listed.job)


@pytest.mark.parametrize("verdict", ["", "maybe", "FIT"])
def test_an_unknown_verdict_is_refused(page, listed, verdict):
    assert say(page, listed, 0, verdict).status_code == 400
    assert say(page, listed, 0, verdict, headers={}).status_code == 302
    assert say(page, listed, 0, "fit", reasons=["sex"]).status_code == 400
    assert not Feedback.objects.exists()


def test_only_people_in_question_get_an_opinion(page, listed):
    stranger = make_candidate()
    values = {"candidate": stranger.code, "verdict": "fit"}
    assert page.post(url("feedback", listed.job), values, headers=HTMX).status_code == 400

    make_prospect(job=listed.job, candidate=stranger)
    assert page.post(url("feedback", listed.job), values, headers=HTMX).status_code == 200
    assert page.post(url("feedback", listed.job), values | {"candidate": "nobody"}).status_code == 404


def test_a_manager_says_it_in_own_jobs_only_and_an_auditor_nowhere(client, listed):
    make_prospect(job=listed.job, candidate=listed.people[0])
    client.force_login(person("Hiring managers", listed.job))
    assert say(client, listed, 0, "fit").status_code == 200
    other = make_job()
    make_prospect(job=other, candidate=listed.people[0])
    values = {"candidate": listed.people[0].code, "verdict": "fit"}
    assert client.post(url("feedback", other), values, headers=HTMX).status_code == 404

    client.force_login(person("Auditors"))
    assert say(client, listed, 0, "not_fit").status_code == 403


def test_under_blind_review_nothing_of_the_person_is_in_the_answer(page, listed):
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"blind_for_all": True})
    one = listed.people[0]
    token = veiling.token(one.pk, job_id=listed.job.pk)
    values = {"candidate": token, "verdict": "fit"}
    text = page.post(url("feedback", listed.job), values, headers=HTMX).content.decode()
    assert token in text
    assert one.name not in text
    assert one.code not in text
    assert Feedback.objects.get().candidate_id == one.pk


# Weights


def slider(text):
    """Least, most, step and value of the slider for knowledge."""
    found = re.search(r'name="w_knowledge" min="(.*?)" max="(.*?)" step="(.*?)" value="(.*?)"', text)
    return tuple(f"{float(number):g}" for number in found.groups())


def test_sliders_stand_as_saved_and_the_strongest_reason_comes_first(page, listed):
    answer = page.get(url("weights", listed.job))
    assert [group.name for group in answer.context["groups"]] == ["knowledge", "english"]
    text = answer.content.decode()
    assert slider(text) == ("0", "2", "0.25", "1")
    assert "Sex, age, place of birth" in text
    assert "Save for this job" not in text


def test_a_preview_shows_who_moves_and_saves_nothing(page, listed):
    answer = page.get(url("weights", listed.job), {"w_knowledge": "0"}, headers=HTMX)
    text = answer.content.decode()
    cells = re.findall(r'<td class="num">(\d+)</td>', text)
    assert cells == ["1", "3", "2", "1", "3", "2"]
    assert "3 people would move." in text
    assert "Save for this job" in text
    assert not JobWeights.objects.exists()


def test_saving_puts_the_list_in_the_new_order_and_a_reset_back(page, listed, recruiter):
    page.post(url("save_weights", listed.job), {"w_knowledge": "0", "w_english": "1"})
    assert JobWeights.objects.get().weights == {"knowledge": 0.0}
    assert JobWeights.objects.get().by == recruiter
    assert order_of(listed.ranking)[listed.people[1].pk].position == 1
    text = page.get(url("weights", listed.job)).content.decode()
    assert slider(text) == ("0", "2", "0.25", "0")
    assert "Skills found in the CV × 0" in text

    page.post(url("save_weights", listed.job))
    assert JobWeights.objects.count() == 2
    assert order_of(listed.ranking) is None


@pytest.mark.parametrize("factor", ["3", "-1", "0.3", "much", "nan", "inf"])
def test_a_factor_out_of_bounds_is_told_and_not_saved(page, listed, factor):
    text = page.get(url("weights", listed.job), {"w_knowledge": factor}).content.decode()
    assert "A factor lies between 0 and 2" in text
    page.post(url("save_weights", listed.job), {"w_knowledge": factor})
    assert not JobWeights.objects.exists()


def test_weights_of_a_list_by_requirements_or_of_no_ranking_say_why_not(page):
    by_requirements = Listed(*PLAIN[:2], order="requirements")
    assert "Weights do not apply" in page.get(url("weights", by_requirements.job)).content.decode()
    page.post(url("save_weights", by_requirements.job), {"w_knowledge": "0"})
    assert not JobWeights.objects.exists()
    assert "No ranking yet" in page.get(url("weights", make_job())).content.decode()


def test_only_recruiters_and_administrators_save_weights(client, listed):
    client.force_login(person("Hiring managers", listed.job))
    assert client.post(url("save_weights", listed.job), {"w_knowledge": "0"}).status_code == 403
    assert (
        "Save for this job"
        not in client.get(url("weights", listed.job), {"w_knowledge": "0"}).content.decode()
    )


def test_the_weights_page_asks_as_often_for_many_as_for_few(page, django_assert_max_num_queries):
    few, many = Listed(*PLAIN[:2], groups=LOUD[:2]), Listed(*PLAIN[:3] * 4, groups=LOUD * 4)
    page.get(url("weights", few.job))
    with django_assert_max_num_queries(18) as asked:
        page.get(url("weights", few.job), {"w_knowledge": "0"})
    with django_assert_max_num_queries(len(asked)):
        page.get(url("weights", many.job), {"w_knowledge": "0"})


# More like this one


def test_people_alike_are_shown_with_reasons_and_can_be_added_to_the_job(page, listed):
    alike = make_candidate(name="Pessoa Parecida")
    Profile.objects.create(
        candidate=alike, extractor="taxonomy", version="t", source_hash="x", skills=["java"]
    )
    answer = page.get(url("more_like", listed.job, listed.people[0].code))
    text = answer.content.decode()
    assert alike in [like.candidate for like, _prospect in answer.context["likes"]]
    assert "Shares 1 skill: Java" in text
    assert reverse("jobs:move", args=[listed.job.code]) in text


def test_who_stands_in_the_job_is_shown_with_the_stage(page, listed):
    make_prospect(job=listed.job, candidate=listed.people[1], stage="screening")
    text = page.get(url("more_like", listed.job, listed.people[0].code)).content.decode()
    assert "stage-screening" in text
    assert Prospect.objects.count() == 1


def test_a_person_without_skills_is_told_what_is_missing(page, listed):
    text = page.get(url("more_like", listed.job, make_candidate().code)).content.decode()
    assert "No skill is known of this person" in text


def test_under_blind_review_people_alike_have_pseudonyms(page, listed):
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"blind_for_all": True})
    token = veiling.token(listed.people[0].pk, job_id=listed.job.pk)
    text = page.get(url("more_like", listed.job, token)).content.decode()
    assert "Shares 1 skill: Java" in text
    assert not any(one.name in text or f"/{one.code}/" in text for one in listed.people)


def test_likeness_asks_as_often_for_many_as_for_few(page, django_assert_max_num_queries):
    few = Listed(*PLAIN[:2])
    page.get(url("more_like", few.job, few.people[0].code))
    with django_assert_max_num_queries(18) as asked:
        page.get(url("more_like", few.job, few.people[0].code))
    Listed(*PLAIN * 3)
    with django_assert_max_num_queries(len(asked)):
        page.get(url("more_like", few.job, few.people[0].code))
