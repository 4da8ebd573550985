from dataclasses import replace

import numpy as np
import pytest

from scoring.ml import boosting, combining
from scoring.ml.boosting import Fit, boosted, raw_scores
from scoring.ml.calibrate import Calibrator
from scoring.ml.combining import Margins, Plan, Weights
from scoring.ml.learning import learnable
from scoring.ml.recipes.peneira import CHOICE, JOB, PERSON
from tests.scoring.ml.synthetic import OF_JOB, OF_PERSON, PENEIRA, company

NAMES = (*OF_JOB, *OF_PERSON)
SIGMOID = Calibrator("sigmoid", np.array([1.0]), np.array([0.0]))


def fit(part, columns):
    return Fit(part, columns, seed=5, num_threads=1, max_rounds=15)


OF_THE_JOB, CHOOSING, PERSONS = fit(JOB, OF_JOB), fit(CHOICE, NAMES), fit(PERSON, NAMES)
PLAN = Plan((OF_THE_JOB, CHOOSING, PERSONS), (15, 15, 15))


@pytest.fixture(scope="module")
def data():
    return learnable(company(jobs=200), NAMES)


@pytest.fixture(scope="module")
def sides(data):
    early = data.jobs < 140
    return np.flatnonzero(early), np.flatnonzero(~early)


def quiet(share):
    return None


# Weights


def drawn(job, person, base=-0.5, n=4000, seed=0):
    """Margins of which the truth takes `job` and `person` times as much."""
    rng = np.random.default_rng(seed)
    said = Margins(rng.normal(size=n), rng.normal(size=n))
    margin = base + job * said.job + person * said.person
    return said, (rng.random(n) < 1 / (1 + np.exp(-margin))).astype(float)


@pytest.mark.parametrize(("job", "person"), [(0.5, 1.6), (1.0, 1.0), (2.0, 0.4)])
def test_many_outcomes_say_how_much_job_and_person_count(job, person):
    weights = combining.weigh(*drawn(job, person), plan=PLAN)

    assert weights.job == pytest.approx(job, abs=0.15)
    assert weights.person == pytest.approx(person, abs=0.15)


def test_weights_minimise_log_loss_with_a_pull_to_one():
    said, y = drawn(0.6, 1.4, n=60)
    found = combining.weigh(said, y, plan=PLAN)

    def loss(job, person):
        margin = job * said.job + person * said.person
        best = min(
            np.sum(np.logaddexp(0, margin + base) - y * (margin + base)) for base in np.linspace(-2, 2, 801)
        )
        return best + 2.5 * ((job - 1) ** 2 + (person - 1) ** 2)

    nearby = [loss(found.job + a, found.person + b) for a in (-0.05, 0, 0.05) for b in (-0.05, 0, 0.05)]
    assert loss(found.job, found.person) <= min(nearby) + 1e-4


def test_few_outcomes_leave_the_weights_near_one():
    said, y = drawn(3.0, -2.0, n=8)

    few = combining.weigh(said, y, plan=PLAN)

    assert abs(few.job - 1) < 0.6
    assert abs(few.person - 1) < 0.6


def test_nothing_counts_against_itself():
    weights = combining.weigh(*drawn(-2.0, 1.0), plan=PLAN)

    assert weights.job == pytest.approx(0.1)
    assert 0.5 < weights.person < 1.2
    assert combining.weigh(*drawn(1.0, -2.0), plan=PLAN).person == pytest.approx(0.1)


@pytest.mark.parametrize("fits", [(OF_THE_JOB,), (CHOOSING,), (CHOOSING, PERSONS)])
def test_one_kind_of_part_has_weight_one(fits):
    assert combining.weigh(*drawn(3.0, 0.2), plan=Plan(fits, (15,) * len(fits))) == Weights(1.0, 1.0)


# The plan


def test_a_choice_that_too_few_jobs_can_teach_is_left_out(data):
    enough = boosting.mixed_jobs(data, np.arange(len(data.y)))[0]
    codes = np.unique(data.jobs[enough])
    few = enough[np.isin(data.jobs[enough], codes[: combining.MIN_JOBS_TO_CHOOSE_IN - 1])]
    more = enough[np.isin(data.jobs[enough], codes[: combining.MIN_JOBS_TO_CHOOSE_IN])]

    assert combining.usable(PLAN, data, few).fits == (OF_THE_JOB, PERSONS)
    assert combining.usable(PLAN, data, more).fits == PLAN.fits


def test_a_choice_between_people_of_whom_nothing_is_known_is_left_out(data, sides):
    blank = replace(data, X=np.zeros_like(data.X))

    assert combining.usable(PLAN, blank, sides[0]).fits == (OF_THE_JOB, PERSONS)
    head = combining.fitted(replace(PLAN, fits=PLAN.fits[::2], rounds=(15, 15)), blank, sides[0], step=quiet)
    assert len(head) == 2


def test_each_part_gets_its_rounds_and_tells_when_it_is_done(data, sides):
    told = []

    plan = combining.with_rounds(replace(PLAN, rounds=()), data, *sides, step=told.append)

    assert plan.fits == PLAN.fits
    assert len(plan.rounds) == 3
    assert all(10 <= rounds <= 15 for rounds in plan.rounds)
    assert told.count(1.0) == 3


def test_the_rows_to_stop_by_teach_no_booster(data, sides):
    learn, watch = sides
    corrupt = replace(data, y=data.y.copy())
    corrupt.y[watch] = 1 - corrupt.y[watch]

    one, other = (combining.fitted(PLAN, known, learn, step=quiet) for known in (data, corrupt))

    assert [b.model_to_string() for b in one] == [b.model_to_string() for b in other]


def test_what_the_job_says_of_a_row_comes_from_other_jobs(data, sides):
    learn, watch = sides
    said = combining._after_job(PLAN, data, learn)
    job = data.jobs[learn[0]]
    changed = replace(data, y=np.where(data.jobs == job, 1 - data.y, data.y))

    again = combining._after_job(PLAN, changed, learn)

    own = learn[data.jobs[learn] % combining.JOB_FOLDS == job % combining.JOB_FOLDS]
    others = np.setdiff1d(learn, own)
    np.testing.assert_array_equal(again[own], said[own])  # the fold of the job has not learned from it
    assert (again[others] != said[others]).any()
    assert (said[watch] == 0).all()
    expected = raw_scores(data, watch, boosted(data, learn, OF_THE_JOB, rounds=15), OF_THE_JOB)
    np.testing.assert_allclose(combining._after_job(PLAN, data, learn, watch)[watch], expected)


def test_the_person_is_learned_after_the_job(data, sides):
    alone, together = Plan((PERSONS,), (15,)), Plan((OF_THE_JOB, PERSONS), (200, 15))

    (first,) = combining.fitted(alone, data, sides[0], step=quiet)
    _, after = combining.fitted(together, data, sides[0], step=quiet)

    job = [after.feature_name().index(OF_JOB[0])]
    assert after.feature_importance("gain")[job] < 0.3 * first.feature_importance("gain")[job]


# The head


@pytest.fixture(scope="module")
def boosters(data, sides):
    return combining.fitted(PLAN, data, sides[0], step=quiet)


def test_the_person_is_the_mean_of_the_parts_that_are_not_about_the_job(data, sides, boosters):
    rows = sides[1]
    of_job, choice, person = (
        raw_scores(data, rows, booster, part) for part, booster in zip(PLAN.fits, boosters, strict=True)
    )

    found = combining.margins(PLAN, data, rows, boosters)

    np.testing.assert_allclose(found.job, of_job)
    np.testing.assert_allclose(found.person, (choice + person) / 2)


def test_a_head_says_what_its_weighted_margins_say(data, sides, boosters):
    rows, weights = sides[1], Weights(job=1.7, person=0.6)
    said = combining.total(combining.margins(PLAN, data, rows, boosters), weights)

    head = combining.head(PLAN, boosters, weights, SIGMOID)

    X = data.X[rows][:, data.columns(head.feature_names)]
    np.testing.assert_allclose(head.margin(X), said, atol=1e-12)
    assert [(part.name, part.weight, part.about_job) for part in head.parts] == [
        ("job", 1.7, True),
        ("choice", 0.3, False),
        ("person", 0.3, False),
    ]
    assert head.offset == 0


def test_a_model_of_the_job_alone_has_no_order_inside_it(data, sides, boosters):
    plan = Plan(PLAN.fits[:1], PLAN.rounds[:1])

    found = combining.margins(plan, data, sides[1], boosters[:1])
    head = combining.head(plan, boosters[:1], Weights(1.0, 1.0), SIGMOID)

    assert (found.person == 0).all()
    assert (head.order(data.X[:, data.columns(OF_JOB)]) == 0).all()


def test_the_recipe_puts_the_job_first():
    assert [part.about_job for part in PENEIRA.parts] == [True, False, False]
