import pytest

from scoring.evidence import accept_is_shown, evidence, order_for
from scoring.models import ModelVersion, Ranking


@pytest.mark.parametrize(
    ("verdict", "order"), [("strong", "model"), ("some", "model"), ("none", "requirements")]
)
def test_only_an_order_that_was_shown_to_beat_chance_is_used(verdict, order):
    assert order_for(ModelVersion(evidence=verdict)) == Ranking.Order(order)


def test_a_version_that_says_nothing_of_its_evidence_has_none():
    assert order_for(ModelVersion()) == Ranking.Order.REQUIREMENTS


def accepting(low, *, brier=0.20, of_rate=0.24):
    rate = {"name": "prevalence", "brier": of_rate}
    return {"accept": {"intervals": {"roc_auc": [low, 0.7]}, "brier": brier, "baselines": [rate]}}


@pytest.mark.parametrize(
    ("metrics", "shown"),
    [
        (accepting(0.55), True),
        (accepting(0.5), False),
        (accepting(0.41), False),
        (accepting(None), False),
        (accepting(0.55, brier=0.25), False),  # orders people well, but the share of before is nearer
        (accepting(0.55, of_rate=None), False),
        ({"accept": {"intervals": {"roc_auc": [0.55, 0.7]}}}, False),
        ({"accept": {"intervals": {"roc_auc": None}}}, False),
        ({"accept": {"roc_auc": 0.9}}, False),
        ({"accept": None}, False),
        ({}, False),
    ],
)
def test_likely_to_accept_is_shown_only_when_it_beat_chance(metrics, shown):
    assert accept_is_shown(ModelVersion(metrics=metrics)) is shown


def test_what_could_not_be_measured_is_no_figure():
    assert evidence(ModelVersion(metrics={})) is None
    assert (
        evidence(ModelVersion(metrics={"inside_jobs": {"jobs": 0, "figures": {"roc_auc": {"value": None}}}}))
        is None
    )
