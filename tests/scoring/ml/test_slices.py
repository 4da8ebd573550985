import numpy as np
import pytest
from sklearn import metrics

from scoring.ml import evaluate as ev
from scoring.ml.slices import MIN_HIRES, MIN_ROWS
from tests.scoring.ml.outcomes import many_jobs


def sliced():
    """Clients a (most hires), b and "" (unknown, more hires than any); three years, the last one small."""
    y, scores, jobs = many_jobs(signal=1.0, jobs=300)
    client = np.array(["", "", "", "a", "a", "b"])[jobs % 6]
    year = np.select([jobs < 140, jobs < 280], [2021, 2022], 2023)
    return y, 1 / (1 + np.exp(-scores)), jobs, {"year": year, "client": client}


def test_slices_are_the_figures_of_their_rows_alone():
    y, p, jobs, columns_ = sliced()

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, slice_by=columns_).slices

    by = {(s.by, s.value): s for s in found}
    rows = columns_["year"] == 2022
    alone = ev.evaluate(y[rows], p[rows], job_ids=jobs[rows], threshold=0.5)
    of_year = by["year", "2022"]
    assert (of_year.n, of_year.positives, of_year.enough) == (alone.n, alone.positives, True)
    assert of_year.roc_auc == alone.roc_auc
    assert of_year.average_precision == alone.average_precision
    assert of_year.base_rate == alone.base_rate
    inside = alone.inside_jobs.figures["roc_auc"]
    assert (of_year.inside_auc, of_year.inside_jobs) == (inside.value, alone.inside_jobs.jobs)
    assert (of_year.inside_low, of_year.inside_high) == pytest.approx((inside.low, inside.high))


def test_the_order_inside_jobs_of_a_slice_may_be_by_other_scores():
    y, p, jobs, columns_ = sliced()
    year = {"year": columns_["year"]}

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, inside_order=-p, slice_by=year).slices

    assert found[0].roc_auc > 0.5 > found[0].inside_auc


def test_a_slice_below_the_minimum_support_has_no_figures():
    y, p, jobs, columns_ = sliced()

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, slice_by=columns_).slices

    small = next(s for s in found if s.value == "2023")
    assert (small.n, small.positives) == (120, 20)
    assert not small.enough
    assert {small.roc_auc, small.average_precision, small.base_rate, small.inside_auc} == {None}


@pytest.mark.parametrize(
    ("rows", "hires", "enough"),
    [(MIN_ROWS, MIN_HIRES, True), (199, 10, False), (200, 9, False)],
)
def test_the_minimum_support_is_met_exactly(rows, hires, enough):
    y = np.zeros(rows)
    y[:hires] = 1

    found = ev.evaluate(
        y, np.full(rows, 0.1), job_ids=np.zeros(rows), threshold=0.5, slice_by={"year": y * 0}
    )

    assert [s.enough for s in found.slices if s.by == "year"] == [enough]
    assert all(s.inside_auc is None for s in found.slices)  # from one job, nothing is told of its order


def test_the_biggest_client_is_the_known_one_with_most_hires():
    y, p, jobs, columns_ = sliced()

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, slice_by=columns_).slices
    without = next(s for s in found if s.by == "without_biggest_client")

    assert without.n == np.sum(columns_["client"] != "a")
    nobody = ev.evaluate(y, p, job_ids=jobs, threshold=0.5, slice_by={"client": np.full(len(y), "")}).slices
    assert [s.by for s in nobody] == ["jobs_with_one"]


def test_jobs_with_one_candidate_are_a_slice_of_their_own():
    jobs = np.concatenate([np.arange(250), np.repeat(np.arange(250, 300), 4)])
    y = (np.arange(450) % 5 == 0).astype(float)
    p = np.random.default_rng(0).random(450)

    found = ev.evaluate(y, p, job_ids=jobs, threshold=0.5).slices

    assert [(s.by, s.n, s.positives, s.inside_jobs) for s in found] == [("jobs_with_one", 250, 50, 0)]
    assert found[0].roc_auc == pytest.approx(metrics.roc_auc_score(y[:250], p[:250]))


def test_slice_columns_of_a_wrong_length_are_refused():
    with pytest.raises(ValueError, match="slice_by must"):
        ev.evaluate([1, 0], [0.5, 0.4], job_ids=[1, 1], threshold=0.5, slice_by={"year": [1]})
