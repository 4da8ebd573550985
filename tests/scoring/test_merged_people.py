"""What was computed for a record stays true of the person it was merged into."""

import pytest
from django.urls import reverse

from candidates import merging
from scoring.models import Prediction
from scoring.prediction import predict_features
from tests.factories import make_candidate, make_version
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
