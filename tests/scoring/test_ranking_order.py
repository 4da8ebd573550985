"""What people stand in the order of, and what else is stored of them."""

import datetime

import pytest
from django.utils import timezone

from candidates.models import Candidate
from jobs.models import Prospect, Requirement
from scoring import people, ranking, registry
from scoring.models import ModelVersion, Prediction, Ranking
from scoring.ordering import standing
from tests.factories import make_candidate, make_prospect
from tests.scoring.company import make_company
from tests.scoring.trained import make_trained_version

pytestmark = pytest.mark.django_db

Group = Prediction.Group


@pytest.fixture
def job():
    """The last job of a small company, with requirements of every sort."""
    made = make_company(jobs=12)[-1]
    Requirement.objects.create(job=made, kind="english", value="advanced", must=True)
    Requirement.objects.create(job=made, kind="seniority", value="senior", must=False)
    Requirement.objects.create(job=made, kind="skill", value="sql", must=False)
    return made


def rank(job, evidence="none", **values):
    version = ModelVersion.objects.first() or make_trained_version()
    ModelVersion.objects.filter(pk=version.pk).update(evidence=evidence, **values)
    row, _ = ranking.new_ranking(job)
    ranking.run(row)
    row.refresh_from_db()
    assert row.error == ""
    return row


def rows_of(row, group):
    return list(row.predictions.filter(group=group).order_by("rank"))


def test_without_evidence_people_stand_by_the_requirements_they_meet(job):
    done = rank(job)

    assert done.order == Ranking.Order.REQUIREMENTS
    for group in (Group.PROSPECT, Group.POOL):
        rows = rows_of(done, group)
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
        met = [standing(row.requirements) for row in rows]
        assert met == sorted(met, reverse=True)
    assert len({standing(row.requirements) for row in rows_of(done, Group.PROSPECT)}) > 2


def test_with_evidence_people_stand_by_the_model(job):
    done = rank(job, evidence="some")

    assert done.order == Ranking.Order.MODEL
    scores = [row.score for row in rows_of(done, Group.PROSPECT)]
    assert scores == sorted(scores, reverse=True)


def test_the_score_orders_nobody_among_equals_the_application_does(job):
    Requirement.objects.filter(job=job).delete()
    for number, prospect in enumerate(Prospect.objects.filter(job=job).order_by("candidate__code")):
        day = job.requested_on + datetime.timedelta(days=20 - number)
        Prospect.objects.filter(pk=prospect.pk).update(applied_on=day)
    late = make_prospect(job=job, candidate=make_candidate(), applied_on=None).candidate

    shown = rows_of(rank(job), Group.PROSPECT)

    in_order = [prospect.candidate_id for prospect in job.prospects.in_order_of_application()]
    ranked = [row.candidate_id for row in shown]
    assert ranked == [pk for pk in in_order if pk in ranked]
    assert ranked[-1] == late.pk
    assert [row.score for row in shown] != sorted((row.score for row in shown), reverse=True)


def test_nobody_of_the_pool_met_more_than_those_shown(job):
    done = rank(job)

    shown = {row.candidate_id: standing(row.requirements) for row in rows_of(done, Group.POOL)}
    everybody = people.pool(registry.champion_artifact()[1]).candidates
    ids = set(everybody.ids[everybody.has_profile].tolist())
    others = ids - shown.keys() - set(job.prospects.values_list("candidate_id", flat=True))
    asked = list(job.requirements.all())
    met = [standing(found) for found in ranking._read(sorted(others), asked).assessed.values()]
    assert len(shown) == ranking.POOL_SHOWN
    assert max(met) <= min(shown.values())


def test_of_the_pool_only_those_are_shown_who_meet_something(job):
    Requirement.objects.filter(job=job).exclude(kind="english").delete()

    pool = rows_of(rank(job), Group.POOL)

    assert pool
    assert all(row.requirements[0]["state"] == "met" for row in pool)


def test_a_job_that_asks_nothing_draws_nobody_from_the_pool(job):
    Requirement.objects.filter(job=job).delete()

    done = rank(job)

    assert rows_of(done, Group.POOL) == []
    assert rows_of(done, Group.PROSPECT)
    assert done.pool_size > 100


def test_a_second_ranking_by_requirements_is_the_same(job):
    def order(done):
        return list(done.predictions.order_by("group", "rank").values_list("group", "rank", "candidate_id"))

    assert order(rank(job)) == order(rank(job))


def test_a_ranking_is_stale_once_the_evidence_changes(job):
    done = rank(job)
    assert not ranking.is_stale(done)

    ModelVersion.objects.update(evidence="strong")

    assert ranking.is_stale(done)


def test_between_some_and_strong_evidence_no_order_changes(job):
    done = rank(job, evidence="some")

    ModelVersion.objects.update(evidence="strong")

    assert not ranking.is_stale(done)


def test_the_number_is_stored_whatever_the_order(job):
    for evidence in ("none", "some"):
        for row in rows_of(rank(job, evidence=evidence), Group.PROSPECT):
            assert 0 < row.score < 1
            assert row.decision == (row.score >= row.threshold)
            assert row.reasons["margin"]


# Likely to accept


def accepting(**metrics):
    version = make_trained_version(accepting=True)
    ModelVersion.objects.filter(pk=version.pk).update(metrics=version.metrics | metrics)
    return version


@pytest.fixture
def wishes(job):
    """The pool and the prospects, with modest and with high salary wishes."""
    for number, person in enumerate(Candidate.objects.known().order_by("code")):
        wish = (0.2, 0.8)[number % 2]
        Candidate.objects.filter(pk=person.pk).update(salary_monthly=wish, updated_at=timezone.now())
    return job


@pytest.mark.parametrize("evidence", ["none", "some"])
def test_the_chance_of_accepting_is_stored_beside_the_score(wishes, evidence):
    version = accepting()
    assert version.metrics["accept"]["intervals"]["roc_auc"][0] > 0.5

    done = rank(wishes, evidence=evidence)

    rows = list(done.predictions.exclude(group=Group.NOT_RANKABLE))
    model = registry.artifact(version)
    for row in rows:
        features = [[row.features[name] for name in model.accept.feature_names]]
        assert row.accept_score == pytest.approx(model.accept.probability(features)[0], abs=1e-12)
    modest, high = (
        {row.accept_score for row in rows if row.features["salario_valor"] == pytest.approx(wish)}
        for wish in (0.2, 0.8)
    )
    assert min(modest) > max(high)


def test_who_has_no_data_has_no_chance_of_accepting(wishes):
    accepting()
    unknown = make_prospect(job=wishes, candidate=make_candidate(cv_text="", headline="")).candidate

    (row,) = rank(wishes).predictions.filter(candidate=unknown)

    assert (row.group, row.score, row.accept_score) == (Group.NOT_RANKABLE, None, None)


def test_it_changes_neither_score_nor_order(wishes):
    accepting()
    with_it = rank(wishes, evidence="some")
    measured = ModelVersion.objects.get().metrics
    without = rank(wishes, evidence="some", metrics=measured | {"accept": None})

    def shown(done):
        return list(done.predictions.order_by("group", "rank").values_list("candidate_id", "rank", "score"))

    assert shown(with_it) == shown(without)


@pytest.mark.parametrize("figures", [None, {"intervals": {"roc_auc": [0.47, 0.61]}}])
def test_a_second_head_that_beats_no_chance_tells_nothing(wishes, figures):
    accepting(accept=figures)
    done = rank(wishes)
    assert set(done.predictions.values_list("accept_score", flat=True)) == {None}


def test_a_model_without_a_second_head_tells_nothing(wishes):
    version = make_trained_version()
    better = {"accept": {"intervals": {"roc_auc": [0.7, 0.8]}}}
    done = rank(wishes, metrics=version.metrics | better)
    assert set(done.predictions.values_list("accept_score", flat=True)) == {None}
