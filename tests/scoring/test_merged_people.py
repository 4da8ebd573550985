"""What was computed for a record stays true of the person it was merged into."""

import pytest
from django.urls import reverse

from candidates import merging
from scoring import opinions, reordering
from scoring.models import Prediction
from scoring.prediction import predict_features
from tests.factories import make_candidate, make_job, make_prospect, make_user, make_version
from tests.scoring.test_api_predict import SYSTEM_B, make_system_b_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged(recruiter):
    kept, absorbed = make_candidate(), make_candidate()
    merging.merge(kept, absorbed, by=recruiter)
    return kept, absorbed


def test_predictions_of_the_absorbed_record_stand_on_the_page_of_the_kept_one(page, merged):
    kept, absorbed = merged
    common = {"threshold": 0.5, "operating_mode": "prec80", "source": "api"}
    Prediction.objects.create(candidate=absorbed, score=0.42, model_version=make_version(), **common)
    text = page.get(reverse("scoring:candidate_predictions", args=[kept.code])).content.decode()
    assert "42 %" in text


def test_another_system_that_asks_by_the_old_code_gets_the_person(merged):
    kept, absorbed = merged
    make_system_b_version()
    stored = predict_features(SYSTEM_B["features"], candidate_code=absorbed.code)
    assert (stored.candidate, stored.candidate_code) == (kept, absorbed.code)


def test_what_somebody_said_of_both_records_counts_once_and_the_last_word_holds(recruiter):
    job, kept, absorbed = make_job(), make_candidate(), make_candidate()
    for candidate in (kept, absorbed):
        make_prospect(job=job, candidate=candidate)
    other = make_user("other", "Recruiters")
    opinions.give(job, kept, by=recruiter, verdict="fit")
    opinions.give(job, kept, by=other, verdict="fit")
    opinions.give(job, absorbed, by=recruiter, verdict="not_fit", note="said of the old record")
    merging.merge(kept, absorbed, by=recruiter)

    said = opinions.of(job, kept, reader=recruiter)
    assert (said.own.verdict, said.own.note) == ("not_fit", "said of the old record")
    assert [one.by for one in said.others] == [other]
    assert said.divided
    assert reordering.marks_of(job.pk).verdicts == {}


def test_an_opinion_of_the_absorbed_record_can_be_changed_and_taken_back(recruiter):
    job, kept, absorbed = make_job(), make_candidate(), make_candidate()
    make_prospect(job=job, candidate=absorbed)
    opinions.give(job, absorbed, by=recruiter, verdict="fit")
    merging.merge(kept, absorbed, by=recruiter)
    assert reordering.marks_of(job.pk).verdicts == {kept.pk: "fit"}
    assert opinions.give(job, kept, by=recruiter, verdict="fit") is None
    assert opinions.give(job, kept, by=recruiter, verdict="none") is not None
    assert opinions.of(job, kept, reader=recruiter).is_silent
    assert not reordering.marks_of(job.pk)
