import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from candidates.models import Candidate
from scoring import holdout, reviewing, storage
from scoring.models import ReviewMark
from tests.factories import make_prospect, make_version
from tests.pages import text_of
from tests.scoring.measured import make_version_to_review, make_version_with_rows

FRAGMENT = {"HX-Request": "true"}


def review_page(page, version):
    return page.get(reverse("scoring:model_review", args=[version.number]))


def mark(page, version, person, job, /, headers=None, **data):
    address = reverse("scoring:mark", args=[version.number])
    whose = {"candidate": person.pk, "job": job.pk}
    return page.post(address, whose | data, headers=headers or {})


class TestWhichAreShown:
    def test_the_highest_come_down_and_the_lowest_come_up(self, db, recruiter):
        version, people, _job = make_version_to_review(rows=6)
        found = reviewing.review(version, by=recruiter)
        assert [case.candidate for case in found.highest] == people[:3]
        assert [case.candidate for case in found.lowest] == people[:2:-1]

    def test_two_dozen_of_each_are_shown(self, db, recruiter):
        found = reviewing.review(make_version_with_rows(rows=200), by=recruiter)
        assert (len(found.highest), len(found.lowest)) == (24, 24)
        lowest_of_the_high = min(case.probability for case in found.highest)
        assert lowest_of_the_high >= max(case.probability for case in found.lowest)
        assert len({case.pair for case in found.cases}) == 48

    @pytest.mark.parametrize(("rows", "shown"), [(1, (1, 0)), (3, (2, 1)), (0, (0, 0))])
    def test_with_few_rows_nobody_is_shown_twice(self, db, recruiter, rows, shown):
        found = reviewing.review(make_version_with_rows(rows=rows), by=recruiter)
        assert (len(found.highest), len(found.lowest)) == shown

    def test_score_outcome_person_job_and_stage_are_shown(self, page):
        version, people, job = make_version_to_review()
        make_prospect(job=job, candidate=people[0], stage="client_interview")
        shown = text_of(review_page(page, version))
        for words in ("90 %", "hired", "not hired", people[0].get_absolute_url(), job.get_absolute_url()):
            assert words in shown
        assert "Client interview" in shown

    def test_whoever_is_gone_stays_as_a_row_that_cannot_be_judged(self, page):
        version, people, _job = make_version_to_review()
        Candidate.objects.filter(pk=people[0].pk).delete()
        response = review_page(page, version)
        assert "a candidate no longer stored" in text_of(response)
        assert response.context["review"].total == 3

    def test_a_version_that_kept_no_rows_says_so(self, page):
        assert "The rows it was measured on are not here" in text_of(review_page(page, make_version()))

    def test_rows_are_not_believed_when_the_files_are_others(self, page):
        version, _people, _job = make_version_to_review()
        type(version).objects.update(sha256="0" * 64)
        holdout.forget()
        assert "The rows it was measured on are not here" in text_of(review_page(page, version))

    def test_the_rows_are_read_without_the_learner(self, page):
        import subprocess
        import sys

        check = "import sys; import scoring.ml.artifact, numpy; print('lightgbm' in sys.modules)"
        said = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
        assert said.stdout.strip() == "False"

    def test_the_files_are_read_once(self, page, monkeypatch):
        version, _people, _job = make_version_to_review()
        review_page(page, version)
        monkeypatch.setattr(storage, "read_model", lambda name: pytest.fail("read again"))
        assert review_page(page, version).context["review"].total == 4

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, page, rows, django_assert_num_queries, settings):
        version, people, job = make_version_to_review(rows=rows)
        for person in people:
            make_prospect(job=job, candidate=person)
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        # session, user, version, people, jobs, prospects, marks
        with django_assert_num_queries(11):
            review_page(page, version)


class TestMarking:
    @pytest.mark.parametrize("given", ["sensible", "not_sensible"])
    def test_a_mark_is_stored_with_its_note_and_its_author(self, page, recruiter, given):
        version, people, job = make_version_to_review()
        response = mark(page, version, people[0], job, mark=given, note="He asked for it.")
        stored = ReviewMark.objects.get()
        assert (stored.mark, stored.note, stored.by) == (given, "He asked for it.", recruiter)
        address = reverse("scoring:model_review", args=[version.number])
        assert response.headers["Location"] == f"{address}#case-{people[0].pk}-{job.pk}"

    def test_a_second_mark_takes_the_place_of_the_first(self, page):
        version, people, job = make_version_to_review()
        for given in ("sensible", "not_sensible"):
            mark(page, version, people[0], job, mark=given)
        assert [stored.mark for stored in ReviewMark.objects.all()] == ["not_sensible"]

    def test_it_can_be_undone(self, page):
        version, people, job = make_version_to_review()
        mark(page, version, people[0], job, mark="sensible")
        mark(page, version, people[0], job, mark="")
        assert not ReviewMark.objects.exists()

    def test_each_person_has_marks_of_their_own(self, page, recruiter):
        version, people, job = make_version_to_review()
        other = User.objects.create_user("other")
        reviewing.set_mark(version, (people[0].pk, job.pk), by=other, mark="not_sensible")
        mark(page, version, people[0], job, mark="sensible")
        found = reviewing.review(version, by=recruiter)
        assert found.mine == {"sensible": 1, "not_sensible": 0}
        assert found.everybody == {"sensible": 1, "not_sensible": 1}
        assert found.marked == 1
        mark(page, version, people[0], job, mark="")
        assert ReviewMark.objects.get().by == other

    def test_progress_and_summary_are_shown(self, page):
        version, people, job = make_version_to_review()
        mark(page, version, people[0], job, mark="sensible")
        shown = text_of(review_page(page, version))
        assert "1 of 4 marked" in shown
        assert "1 sensible, 0 not" in shown

    def test_a_fragment_is_the_row_with_progress_and_announces_it(self, page):
        version, people, job = make_version_to_review()
        part = text_of(mark(page, version, people[0], job, headers=FRAGMENT, mark="sensible"))
        assert part.lstrip().startswith(f'<li class="case case-marked" id="case-{people[0].pk}-{job.pk}"')
        assert 'id="review-progress"' in part
        assert "hx-swap-oob" in part
        assert "1 of 4 marked" in part.split('id="status"')[1]

    @pytest.mark.parametrize(
        "data",
        [
            {"mark": "splendid"},
            {"mark": "sensible", "note": "x" * 301},
            {"mark": "sensible", "candidate": "x"},
            {"mark": "sensible", "job": ""},
            {"mark": "sensible", "candidate": 10**30},
        ],
    )
    def test_a_wrong_mark_is_refused(self, page, data):
        version, people, job = make_version_to_review()
        assert mark(page, version, people[0], job, **data).status_code == 400
        assert not ReviewMark.objects.exists()

    def test_a_prediction_that_is_not_shown_cannot_be_marked(self, page):
        version, _people, job = make_version_to_review()
        _other, strangers, _job = make_version_to_review(state="retired")
        assert mark(page, version, strangers[0], job, mark="sensible").status_code == 400
        assert not ReviewMark.objects.exists()

    def test_a_prediction_of_somebody_gone_cannot_be_marked(self, page):
        version, people, job = make_version_to_review()
        Candidate.objects.filter(pk=people[0].pk).delete()
        assert mark(page, version, people[0], job, mark="sensible").status_code == 400

    def test_it_rejects_get(self, page):
        version, _people, _job = make_version_to_review()
        assert page.get(reverse("scoring:mark", args=[version.number])).status_code == 405

    def test_a_note_is_escaped(self, page):
        version, people, job = make_version_to_review()
        mark(page, version, people[0], job, mark="sensible", note="<b>x</b>")
        assert "<b>x" not in text_of(review_page(page, version))


SENTENCE = "Choose “Sensible” or “Not sensible”"
FIRST_BUTTON = re.compile(r'<form.*?<button[^>]*type="submit" name="mark" value="([^"]*)"', re.DOTALL)


class TestTheNote:
    """Enter in a field presses the first button of its form."""

    def test_enter_never_presses_a_mark(self, page):
        version, people, job = make_version_to_review()
        mark(page, version, people[0], job, mark="sensible")
        shown = text_of(review_page(page, version)).split("<main")[1]
        assert FIRST_BUTTON.findall(shown) == ["keep"] * 4

    @pytest.mark.parametrize("given", ["sensible", "not_sensible"])
    def test_it_is_saved_with_the_mark_that_was_given(self, page, given):
        version, people, job = make_version_to_review()
        mark(page, version, people[0], job, mark=given, note="before")
        response = mark(page, version, people[0], job, mark="keep", note="strange: should be lower")
        stored = ReviewMark.objects.get()
        assert (stored.mark, stored.note) == (given, "strange: should be lower")
        assert response.headers["Location"].endswith(f"#case-{people[0].pk}-{job.pk}")

    def test_the_row_with_the_new_note_is_swapped_in_and_announced(self, page):
        version, people, job = make_version_to_review()
        mark(page, version, people[0], job, mark="not_sensible")
        part = text_of(mark(page, version, people[0], job, headers=FRAGMENT, mark="keep", note="why"))
        assert "<q>why</q>" in part
        assert "The note is saved." in part.split('id="status"')[1]

    def test_without_a_mark_nothing_is_stored_and_the_note_stays_in_its_field(self, page):
        version, people, job = make_version_to_review()
        response = mark(page, version, people[0], job, mark="keep", note='should be "lower"')
        assert response.status_code == 422
        assert not ReviewMark.objects.exists()
        shown = text_of(response)
        assert shown.count(SENTENCE) == 1
        assert 'value="should be &quot;lower&quot;"' in shown
        assert f'#case-{people[0].pk}-{job.pk}" hx-post' in shown  # where the browser scrolls to
        assert "0 of 4 marked" in shown

    def test_without_a_mark_htmx_gets_the_row_alone(self, page):
        version, people, job = make_version_to_review()
        response = mark(page, version, people[0], job, headers=FRAGMENT, mark="keep", note="lower")
        part = text_of(response)
        assert response.status_code == 200  # htmx swaps nothing else in
        assert part.lstrip().startswith(f'<li class="case" id="case-{people[0].pk}-{job.pk}"')
        assert SENTENCE in part
        assert 'value="lower"' in part
        assert not ReviewMark.objects.exists()

    def test_the_mark_of_somebody_else_is_not_ones_own(self, page):
        version, people, job = make_version_to_review()
        other = User.objects.create_user("other")
        reviewing.set_mark(version, (people[0].pk, job.pk), by=other, mark="sensible", note="theirs")
        assert mark(page, version, people[0], job, mark="keep", note="mine").status_code == 422
        assert ReviewMark.objects.get().note == "theirs"

    def test_of_somebody_gone_or_not_shown_it_is_refused(self, page):
        version, people, job = make_version_to_review()
        _other, strangers, _job = make_version_to_review(state="retired")
        assert mark(page, version, strangers[0], job, mark="keep", note="x").status_code == 400
        Candidate.objects.filter(pk=people[0].pk).delete()
        assert mark(page, version, people[0], job, mark="keep", note="x").status_code == 400
