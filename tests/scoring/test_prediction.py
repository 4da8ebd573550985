import math

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from scoring import registry
from scoring.models import ModelVersion, Prediction
from scoring.prediction import BadFeature, NoModel, predict_features
from tests.factories import make_candidate
from tests.scoring.trained import make_trained_version

pytestmark = pytest.mark.django_db


def test_a_prediction_is_stored_with_all_that_explains_it(recruiter):
    version, person = make_trained_version(recipe="prec80"), make_candidate()

    given = predict_features(
        {"cv_sap": 1, "salario_valor": 0.5},
        candidate_code=person.code,
        by=recruiter,
        correlation_id="abc",
    )

    stored = Prediction.objects.get()
    assert stored == given
    assert 0 < stored.score < 1
    assert stored.decision == (stored.score >= version.threshold)
    assert (stored.model_version, stored.candidate, stored.candidate_code) == (version, person, person.code)
    assert stored.features == {"cv_sap": 1, "salario_valor": 0.5}
    assert (stored.source, stored.operating_mode) == ("api", "prec80")
    assert (stored.requested_by, stored.correlation_id) == (recruiter, "abc")
    assert stored.latency_ms > 0


def test_what_the_score_is_made_of_is_stored_and_adds_up():
    version = make_trained_version(recipe="prec80")

    why = predict_features({"cv_sap": 1, "salario_valor": 0.5}).reasons

    assert (why["for"], why["against"]) == ([], [])
    assert why["groups"].keys() == {"sap", "salary"}
    assert why["groups"]["sap"] > 0
    assert abs(why["base"] + sum(why["groups"].values()) - why["margin"]) < 1e-6
    calibrator = registry.artifact(version).calibrator
    assert calibrator.apply([why["margin"]])[0] == Prediction.objects.get().score


def test_order_and_unknown_names_do_not_matter_and_what_is_missing_is_unknown():
    make_trained_version(recipe="prec80")

    full = predict_features({"cv_sap": 1, "salario_valor": 0.5})
    turned = predict_features({"unheard_of": 3, "salario_valor": 0.5, "cv_sap": 1})
    absent, null = predict_features({"cv_sap": 1}), predict_features({"cv_sap": 1, "salario_valor": None})

    assert turned.score == full.score
    assert "unheard_of" not in turned.features
    assert absent.score == null.score


def test_what_speaks_for_a_hire_raises_the_score():
    make_trained_version(recipe="prec80")

    assert predict_features({"cv_sap": 1}).score > predict_features({"cv_sap": 0}).score


def test_the_main_model_answers_when_system_b_has_none():
    main = make_trained_version()
    assert predict_features({"cv_sap": 1}).model_version == main

    own = make_trained_version(seed=2, recipe="prec80")
    assert predict_features({"cv_sap": 1}).model_version == own


def test_a_code_that_nobody_has_is_kept_as_given():
    make_trained_version()

    stored = predict_features({"cv_sap": 1}, candidate_code="31001")

    assert (stored.candidate, stored.candidate_code) == (None, "31001")


@pytest.mark.parametrize("value", ["much", math.nan, math.inf, [1]])
def test_a_value_that_is_no_number_is_refused_without_quoting_it(value):
    make_trained_version()

    with pytest.raises(BadFeature, match="cv_sap") as refusal:
        predict_features({"cv_sap": value})

    assert "much" not in str(refusal.value)
    assert not Prediction.objects.exists()


def test_without_a_model_it_says_so_and_stores_nothing():
    with pytest.raises(NoModel):
        predict_features({"cv_sap": 1})

    assert not Prediction.objects.exists()


def test_a_stored_prediction_can_be_neither_changed_nor_removed():
    make_trained_version()
    stored = predict_features({"cv_sap": 1})

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Prediction.objects.filter(pk=stored.pk).update(score=0.99)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Prediction.objects.filter(pk=stored.pk).delete()
    assert ModelVersion.objects.count() == 1


def test_who_asked_for_a_prediction_is_not_deleted(recruiter):
    make_trained_version()
    stored = predict_features({"cv_sap": 1}, by=recruiter)

    with pytest.raises(ProtectedError):
        recruiter.delete()
    assert Prediction.objects.get().requested_by == stored.requested_by == recruiter


def test_the_admin_says_why_who_asked_for_a_prediction_stays(administrator, recruiter, client):
    make_trained_version()
    predict_features({"cv_sap": 1}, by=recruiter)
    client.force_login(administrator)

    answer = client.post(f"/admin/auth/user/{recruiter.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 200
    assert "Cannot delete user" in answer.content.decode()
    assert type(recruiter).objects.filter(pk=recruiter.pk).exists()
