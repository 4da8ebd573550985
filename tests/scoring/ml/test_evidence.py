import json

import numpy as np
import pytest

from scoring.ml.evaluate import evaluate
from scoring.ml.evidence import verdict, verdict_of_metrics
from scoring.ml.inside_jobs import InsideFigure, InsideJobs
from tests.scoring.ml.outcomes import many_jobs

ABOVE = 0.5 + 1e-9


def inside(value, low, jobs, high=0.9):
    return InsideJobs(jobs, 5 * jobs, {"roc_auc": InsideFigure(value, low, high, 0.5)})


@pytest.mark.parametrize(
    ("value", "low", "jobs", "expected"),
    [
        (0.60, ABOVE, 30, "strong"),
        (0.60 - 1e-9, ABOVE, 30, "some"),
        (0.60, ABOVE, 29, "some"),
        (0.90, 0.80, 10, "some"),
        (0.90, 0.80, 9, "none"),
        (0.60, 0.5, 300, "none"),
        (0.60, 0.49, 300, "none"),
        (0.52, ABOVE, 300, "some"),
        (0.40, 0.30, 300, "none"),
        (0.70, None, 300, "none"),
        (None, None, 0, "none"),
        (0.70, float("nan"), 300, "none"),
    ],
)
def test_the_verdict_follows_from_interval_value_and_number_of_jobs(value, low, jobs, expected):
    found = verdict(inside(value, low, jobs))

    assert found.verdict == expected
    assert (found.jobs, found.high) == (jobs, 0.9)


def scored(signal, seed):
    y, scores, jobs = many_jobs(signal, jobs=200, seed=seed)
    return evaluate(y, 1 / (1 + np.exp(-scores)), job_ids=jobs, threshold=0.5)


def test_scores_that_say_nothing_of_the_outcome_get_no_evidence_nearly_always():
    said = [verdict(scored(0.0, seed).inside_jobs).verdict for seed in range(40)]

    assert said.count("none") >= 37
    assert "strong" not in said


def test_scores_that_order_people_well_get_strong_evidence():
    assert verdict(scored(1.5, seed=1).inside_jobs).verdict == "strong"


def test_stored_figures_give_the_same_verdict():
    measured = scored(1.0, seed=2)

    stored = json.loads(json.dumps(measured.to_json()))

    assert verdict_of_metrics(stored) == verdict(measured.inside_jobs)
    assert json.loads(json.dumps(verdict_of_metrics(stored).to_json()))["verdict"] == "strong"


@pytest.mark.parametrize("metrics", [{}, {"inside_jobs": None}, {"inside_jobs": {"jobs": 50, "figures": {}}}])
def test_figures_that_cannot_be_read_are_no_evidence(metrics):
    assert verdict_of_metrics(metrics).verdict == "none"
