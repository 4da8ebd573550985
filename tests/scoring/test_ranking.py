import dataclasses
import datetime

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from candidates.models import Candidate, RunState
from candidates.services import refresh_profiles
from jobs.models import Job, JobStatus, Prospect, Requirement, Stage
from jobs.moving import move
from scoring import comparing, people, ranking, registry, services, tasks, training
from scoring.models import ModelVersion, Prediction, Ranking
from scoring.reasons import describe
from tests.at_once import at_once
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_version
from tests.scoring.company import make_company
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db

Group = Prediction.Group


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(tasks.run_ranking, "delay", lambda pk: messages.append(pk))
    return messages


@pytest.fixture
def company():

    jobs = make_company()
    assert training.run(training.new_run()[0]) is not None
    ModelVersion.objects.update(evidence="strong", state="champion")
    return jobs[-1]


def rank(job, **values):
    row, _ = ranking.new_ranking(job, **values)
    ranking.run(row)
    row.refresh_from_db()
    return row


def rows_of(row, group):
    return list(row.predictions.filter(group=group).order_by("rank"))


# Asking


def test_without_a_version_in_use_nothing_is_queued(sent):
    make_version(state=ModelVersion.State.CHALLENGER)

    assert ranking.request_ranking(make_job()) is None
    assert sent == []


def test_a_request_is_queued_and_a_second_one_meets_it(recruiter, sent, django_capture_on_commit_callbacks):
    version, job = make_version(), make_job()

    with django_capture_on_commit_callbacks(execute=True):
        first = ranking.request_ranking(job, by=recruiter)
        second = ranking.request_ranking(job)

    assert first == second
    assert (first.model_version, first.requested_by, first.state) == (version, recruiter, RunState.QUEUED)
    assert sent == [first.pk]


def test_a_job_known_by_its_code_alone_is_not_queued(sent):
    make_version()

    with pytest.raises(ranking.NotRankable, match="Only the code of this job is known"):
        ranking.request_ranking(Job.objects.create(code="55", is_stub=True))
    assert not Ranking.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_outlives_a_queue_that_is_down_and_the_row_is_sent_later(
    client, recruiter, monkeypatch, caplog
):
    def refuse(pk):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.run_ranking, "delay", refuse)
    make_version()
    job = make_job()
    client.force_login(recruiter)

    assert client.get(reverse("scoring:job_ranking", args=[job.code])).status_code == 200
    assert client.post(reverse("scoring:request_ranking", args=[job.code])).status_code == 302
    assert "connection refused" in caplog.text

    waiting, again = Ranking.objects.get(), []
    monkeypatch.setattr(tasks.run_ranking, "delay", again.append)
    services.reap_runs(now=timezone.now() + services.QUEUED_FOR * 2)
    assert (waiting.state, again) == (RunState.QUEUED, [waiting.pk])


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_make_one_ranking(sent):
    make_version()
    job = make_job()

    assert at_once(*[lambda: ranking.request_ranking(job)] * 6) == []

    assert Ranking.objects.count() == 1
    assert len(sent) == 1


# Which one is shown, and whether it still holds


def test_the_latest_is_the_newest_finished_one_of_the_version_in_use():
    job, champion = make_job(), make_version()
    old = make_version(state=ModelVersion.State.RETIRED)
    assert ranking.latest(job) is None

    of_old = Ranking.objects.create(job=job, model_version=old, state=RunState.DONE)
    assert ranking.latest(job) == of_old

    of_champion = Ranking.objects.create(job=job, model_version=champion, state=RunState.DONE)
    Ranking.objects.create(job=job, model_version=old, state=RunState.DONE)
    Ranking.objects.create(job=job, model_version=champion, state=RunState.FAILED)
    Ranking.objects.create(job=make_job(), model_version=champion, state=RunState.DONE)
    assert ranking.latest(job) == of_champion


def touch(model, **where):
    model.objects.filter(**where).update(updated_at=timezone.now())


@pytest.mark.parametrize(
    "change",
    [
        lambda job: touch(Job, pk=job.pk),
        lambda job: Requirement.objects.create(job=job, kind="skill", value="java"),
        lambda job: make_prospect(job=job),
        lambda job: Prospect.objects.filter(job=job).update(applied_on="2026-03-09"),
        lambda job: Prospect.objects.filter(job=job).update(applied_on=None),
        lambda job: Prospect.objects.filter(job=job).update(candidate=make_prospect().candidate),
        lambda job: make_candidate(),
        lambda job: touch(Candidate, prospects__job=job),
        lambda job: refresh_profiles(),
        lambda job: ModelVersion.objects.update(state=ModelVersion.State.RETIRED) and make_version(),
    ],
)
def test_a_ranking_is_stale_once_what_it_rests_on_changes(change):
    version, job = make_version(), make_prospect().job
    done = Ranking.objects.create(
        job=job, model_version=version, state=RunState.DONE, inputs_hash=ranking.inputs_hash(job, version)
    )
    assert not ranking.is_stale(done)

    change(job)

    assert ranking.is_stale(done)


def test_moving_somebody_to_another_stage_makes_no_ranking_stale(recruiter):
    version, prospect = make_version(), make_prospect()
    done = Ranking.objects.create(
        job=prospect.job,
        model_version=version,
        state=RunState.DONE,
        inputs_hash=ranking.inputs_hash(prospect.job, version),
    )

    move([prospect], to=Stage.SCREENING, by=recruiter)

    assert not ranking.is_stale(done)


# Ranking


def test_a_ranking_orders_prospects_and_finds_the_best_of_the_pool(company, recruiter):
    stub = make_prospect(job=company, candidate=make_stub()).candidate
    empty = make_prospect(job=company, candidate=make_candidate(cv_text="", headline="")).candidate

    done = rank(company, by=recruiter)

    assert (done.state, done.error, done.progress) == (RunState.DONE, "", 1.0)
    assert done.seconds > 0
    prospects, pool = rows_of(done, Group.PROSPECT), rows_of(done, Group.POOL)
    applied = set(company.prospects.values_list("candidate_id", flat=True))
    unknown = set(company.prospects.filter(candidate__is_stub=True).values_list("candidate_id", flat=True))
    assert {row.candidate_id for row in prospects} == applied - unknown - {empty.pk}
    assert len(pool) == ranking.POOL_SHOWN
    assert applied.isdisjoint(row.candidate_id for row in pool)
    for group in (prospects, pool):
        assert [row.rank for row in group] == list(range(1, len(group) + 1))
        scores = [row.score for row in group]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score < 1 for score in scores)

    not_rankable = rows_of(done, Group.NOT_RANKABLE)
    assert {row.candidate_id for row in not_rankable} == unknown | {empty.pk} >= {stub.pk}
    assert {(row.score, row.rank, row.decision) for row in not_rankable} == {(None, None, None)}
    assert done.not_rankable == len(not_rankable)
    assert done.pool_size == Candidate.objects.known().count() - 1
    assert not ranking.is_stale(done)


def test_each_prediction_carries_what_explains_it(company, recruiter):
    row = rows_of(rank(company, by=recruiter), Group.POOL)[0]

    version = ModelVersion.objects.get()
    assert (row.model_version, row.job, row.requested_by) == (version, company, recruiter)
    assert (row.threshold, row.operating_mode) == (version.threshold, "prec80")
    assert row.decision == (row.score >= row.threshold)
    assert row.candidate_code == row.candidate.code
    assert set(version.feature_names) <= set(row.features)
    assert row.features["salario_valor"] is None
    assert row.features["must_skills_share"] == 1.0
    assert 1 <= len(row.reasons["for"]) <= 3
    assert len(row.reasons["against"]) <= 3
    assert all(reason["contribution"] > 0 for reason in row.reasons["for"])
    assert all(reason["contribution"] < 0 for reason in row.reasons["against"])
    told = row.reasons["for"] + row.reasons["against"]
    assert {reason["group"] for reason in told}.isdisjoint({"job_demand", "job_record", "job_profile"})
    assert all(describe(reason) for reason in told)
    (requirement,) = row.requirements
    assert (requirement["kind"], requirement["must"], requirement["state"]) == ("skill", True, "met")
    assert set(requirement) == {"kind", "value", "must", "state", "quote"}


def test_the_account_of_each_score_adds_up_and_is_the_calibrated_margin(company):
    done = rank(company)

    model = registry.champion_artifact()[1]
    assert len(model.head.parts) > 1
    for row in done.predictions.exclude(group=Group.NOT_RANKABLE):
        why = row.reasons
        assert abs(why["base"] + sum(why["groups"].values()) - why["margin"]) < 1e-6
        assert model.calibrator.apply([why["margin"]])[0] == row.score
        assert all(why["groups"][one["group"]] == one["contribution"] for one in why["for"] + why["against"])


def test_what_is_said_of_the_job_is_the_same_for_everybody(company):
    late = company.prospects.filter(candidate__is_stub=False).first()
    Prospect.objects.filter(pk=late.pk).update(applied_on=company.requested_on + datetime.timedelta(days=60))

    done = rank(company)

    model = registry.champion_artifact()[1]
    (about_job,) = (part for part in model.head.parts if part.about_job)
    alone = dataclasses.replace(model.head, parts=(about_job,), offset=0.0)
    scored = comparing.compare(company, model, people.pool(model), accept=False)
    rows, the_job = comparing.rows_of(alone, scored.X), comparing.rows_of(alone, scored.the_job)
    assert len(set(alone.margin(rows).tolist())) > 1  # each one's own day would tell them apart
    assert len(set(alone.margin(rows, job=the_job).tolist())) == 1
    assert done.predictions.get(candidate=late.candidate).features["job_days_open"] == 60


def test_list_detail_and_api_give_the_same_reasons(company, client, recruiter):
    done = rank(company)
    client.force_login(recruiter)
    panel = client.get(reverse("scoring:job_ranking", args=[company.code])).context["panel"]
    row = panel.by_group["applied"].rows[0]
    pk = row.prediction.pk

    detail = client.get(reverse("scoring:prediction_detail", args=[pk])).context["detail"]
    ranked = client.get(f"/api/v1/jobs/{company.code}/ranking").json()["rows"]
    (listed,) = (one for one in ranked if one["prediction_id"] == str(pk))
    single = client.get(f"/api/v1/predictions/{pk}").json()

    assert listed["reasons"] == single["reasons"]
    for side, sentences in (("for", row.speaks_for), ("against", row.speaks_against)):
        assert [reason["text"] for reason in single["reasons"][side]] == sentences
    assert row.speaks_for
    told = {line.text: line.value for line in detail.account.lines if line.told}
    assert set(told) == {*row.speaks_for, *row.speaks_against}
    contributions = {group["text"]: group["contribution"] for group in single["reasons"]["groups"]}
    assert all(told[text] == round(contributions[text], 2) for text in told)
    assert detail.account.margin == round(single["reasons"]["margin"], 2)
    assert single["score"] == row.prediction.score == Prediction.objects.get(pk=pk).score
    assert done.pk == single["ranking"]


def test_those_with_the_required_skill_come_first(company):
    pool = rows_of(rank(company), Group.POOL)

    skill = company.requirements.get().value
    having = [skill in row.candidate.profiles.get().skills for row in pool]
    assert np.mean(having[:15]) > 0.9


def test_a_second_ranking_of_the_same_data_is_the_same(company):
    first, second = rank(company), rank(company)

    def order(done):
        return list(done.predictions.order_by("group", "rank").values_list("candidate_id", "score"))

    assert order(first) == order(second)
    assert first.inputs_hash == second.inputs_hash


def test_a_prospect_is_judged_as_of_the_application(company):
    person = company.prospects.filter(candidate__is_stub=False).first()
    Prospect.objects.filter(pk=person.pk).update(
        applied_on=company.requested_on + datetime.timedelta(days=60)
    )

    (row,) = rank(company).predictions.filter(candidate=person.candidate)

    assert row.features["job_days_open"] == 60


def test_the_pool_is_judged_as_of_today_or_of_the_end_of_the_job(company):
    applied = company.prospects.order_by("-applied_on").first().applied_on
    Job.objects.filter(pk=company.pk).update(status=JobStatus.FILLED)
    filled = rows_of(rank(Job.objects.get(pk=company.pk)), Group.POOL)[0]
    Job.objects.filter(pk=company.pk).update(
        status=JobStatus.OPEN, requested_on=timezone.localdate() - datetime.timedelta(days=3)
    )
    open_ = rows_of(rank(Job.objects.get(pk=company.pk)), Group.POOL)[0]

    assert filled.features["job_days_open"] == (applied - company.requested_on).days
    assert open_.features["job_days_open"] == 3


def test_a_job_without_any_text_is_ranked_too(company):
    bare = make_job(title="", activities="", competences="", seniority="", requested_on=None)

    done = rank(bare)

    assert done.state == RunState.DONE
    assert len(rows_of(done, Group.POOL)) == ranking.POOL_SHOWN


def test_a_ranking_without_anybody_is_empty(company):
    Candidate.objects.update(is_stub=True)

    done = rank(company)

    assert (done.state, done.pool_size) == (RunState.DONE, 0)
    assert set(done.predictions.values_list("group", flat=True)) == {Group.NOT_RANKABLE}


# Failing


def test_a_job_of_which_only_the_code_is_known_ends_in_a_sentence(company):
    done = rank(make_job(is_stub=True))

    assert done.state == RunState.FAILED
    assert "Only the code of this job is known" in done.error
    assert not Prediction.objects.exists()


def test_damaged_files_end_in_a_sentence(company):
    version = ModelVersion.objects.get()
    damage(version)
    registry.forget()

    done = rank(company)

    assert done.state == RunState.FAILED
    assert "not those that were saved" in done.error


def test_a_model_whose_features_are_gone_ends_in_a_sentence(company, monkeypatch):
    monkeypatch.setattr("scoring.ml.model.Head.feature_names", ("unheard_of",))

    assert "no longer builds: unheard_of" in rank(company).error


def test_a_crash_ends_in_a_sentence_without_its_message(company, monkeypatch, caplog):
    def crash(*args):
        raise ValueError("Maria da Silva")

    monkeypatch.setattr("scoring.datasets.events", crash)
    done = rank(company)

    assert done.state == RunState.FAILED
    assert "Maria" not in done.error + caplog.text
    assert "ValueError at test_ranking.py" in caplog.text


def test_a_ranking_delivered_twice_is_made_once(company):
    row, _ = ranking.new_ranking(company)

    ranking.run(row)
    ranking.run(row)
    tasks.run_ranking(row.pk)

    assert len(rows_of(row, Group.POOL)) == ranking.POOL_SHOWN


def test_a_ranking_given_up_meanwhile_stores_nothing(company, monkeypatch):
    row, _ = ranking.new_ranking(company)
    explain = ranking.explaining.explain

    def give_up(*args, **values):
        Ranking.objects.filter(pk=row.pk).update(state=RunState.FAILED)
        return explain(*args, **values)

    monkeypatch.setattr(ranking.explaining, "explain", give_up)
    ranking.run(row)

    assert not Prediction.objects.exists()


def test_a_system_b_model_is_not_asked_to_rank(company):
    make_trained_version(recipe="prec80", seed=3)

    assert ranking.new_ranking(company)[0].model_version.recipe == "peneira"


# The pool in memory


def prepared(monkeypatch):
    counts = []
    prepare = people.prepare

    def counting(ids, **values):
        counts.append(len(ids))
        return prepare(ids, **values)

    monkeypatch.setattr(people, "prepare", counting)
    return counts


def test_people_are_prepared_once_and_then_only_those_who_changed(company, monkeypatch):
    counts = prepared(monkeypatch)
    rank(company)
    rank(company)
    assert counts == [160]

    new = make_candidate(cv_text="anos de experiência com cobol")
    touch(Candidate, code="31001")
    Candidate.objects.filter(code="31002").update(is_stub=True, updated_at=timezone.now())
    pool = people.pool(registry.champion_artifact()[1])

    assert counts == [160, 2]
    assert new.pk in pool.candidates.ids
    assert Candidate.objects.get(code="31002").pk not in pool.candidates.ids
    assert len(pool.candidates) == 160


def test_another_process_reads_the_file_instead(company, monkeypatch):
    model = registry.champion_artifact()[1]
    first = people.pool(model)
    people.forget()
    counts = prepared(monkeypatch)

    again = people.pool(model)

    assert counts == []
    before, after = first.candidates.to_arrays(), again.candidates.to_arrays()
    assert before.keys() == after.keys()
    assert all(
        np.array_equal(before[name], after[name], equal_nan=before[name].dtype.kind == "f") for name in before
    )


def test_a_damaged_file_is_made_again(company, monkeypatch):
    model = registry.champion_artifact()[1]
    people.pool(model)
    people.forget()
    people._file(model).write_bytes(b"PK no archive")

    assert len(people.pool(model).candidates) == 160


def test_what_is_kept_of_people_holds_no_words_of_theirs(company):
    model = registry.champion_artifact()[1]
    people.pool(model)

    content = people._file(model).read_bytes()

    assert b"pessoa1@example.com" not in content
    assert "experiência".encode() not in content
    assert not list(people._file(model).parent.glob(".people-*"))
