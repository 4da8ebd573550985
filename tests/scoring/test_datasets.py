import datetime
import math
from decimal import Decimal

import pandas as pd
import pytest
from django.db import connection
from django.utils import timezone

from candidates.importing_values import AREA_LABELS
from candidates.models import Candidate, Education, Level, Profile, Seniority
from jobs.models import JobStatus, Outcome, Prospect, Requirement
from scoring import datasets
from scoring.ml import schema
from tests.factories import make_candidate, make_job, make_prospect, make_stub

pytestmark = pytest.mark.django_db


def test_candidates_become_a_frame_the_learner_accepts():
    person = make_candidate(
        salary_monthly="4500.50", other_language="-", area_labels=["TI - SAP", "Unheard of"]
    )
    stub = make_stub()
    Profile.objects.create(
        candidate=person, extractor="taxonomy", version="1", source_hash="a", skills=["sql"]
    )
    Profile.objects.create(
        candidate=person,
        extractor="taxonomy",
        version="2",
        source_hash="a",
        skills=["spring", "java"],
        evidence={"spring": "Spring Boot", "java": ""},
    )
    Profile.objects.create(candidate=person, extractor="other", version="9", source_hash="a", skills=["sap"])

    frame = datasets.candidates([person.pk, stub.pk])

    schema.check_candidates(frame)
    assert frame.loc[person.pk, "skills"] == ["spring", "java"]
    assert frame.loc[person.pk, "implied_skills"] == ["java"]
    assert frame.loc[person.pk, "salary_monthly"] == 4500.5
    assert frame.loc[person.pk, "area_labels"] == ["TI - SAP"]
    assert frame.loc[person.pk, "other_language"] == ""
    assert frame["has_profile"].tolist() == [True, False]
    assert math.isnan(frame.loc[stub.pk, "salary_monthly"])


def test_a_frame_of_nobody_is_accepted_too():
    assert list(schema.check_candidates(datasets.candidates([])).index) == []


def test_no_personal_or_protected_field_reaches_a_frame():
    make_candidate(name="Nome Sigiloso", raw={"infos_basicas": {"nome": "Nome Sigiloso"}})

    (frame,) = datasets.candidate_chunks()

    assert set(frame.columns) == set(schema.CANDIDATE_COLUMNS)
    assert "Nome Sigiloso" not in frame.to_json()


def test_candidates_come_in_chunks_in_the_order_of_their_ids():
    people = [make_candidate() for _ in range(5)]

    sizes = [list(chunk.index) for chunk in datasets.candidate_chunks(size=2)]

    ids = [person.pk for person in people]
    assert sizes == [ids[:2], ids[2:4], ids[4:]]
    some = [list(chunk.index) for chunk in datasets.candidate_chunks({ids[4], ids[0]}, size=2)]
    assert some == [[ids[0], ids[4]]]


def test_jobs_carry_their_must_and_nice_skills():
    job = make_job(english="impossible", area_labels=["TI - Suporte"])
    make_job(is_stub=True)
    for value, must in (("java", True), ("docker", False)):
        Requirement.objects.create(job=job, kind="skill", value=value, must=must)
    Requirement.objects.create(job=job, kind="english", value="advanced", must=True)

    frame = datasets.jobs()

    schema.check_jobs(frame)
    assert list(frame.index) == [job.pk]
    assert frame.loc[job.pk, "must_skills"] == ["java"]
    assert frame.loc[job.pk, "nice_skills"] == ["docker"]
    assert frame.loc[job.pk, "english"] == ""
    assert frame.loc[job.pk, "requested_on"] == pd.Timestamp(2026, 3, 1)


def test_the_past_of_jobs_is_told_by_what_their_frame_says():
    make_job(salary_monthly=Decimal("7500.00"), seniority="senior", client="Acme")
    make_job(requested_on=None, seniority="no such level", area_labels=["no such area", "TI - SAP"])
    make_job(is_stub=True)

    told = datasets.job_keys()

    pd.testing.assert_frame_equal(told, datasets.jobs()[list(told.columns)])
    assert told["salary_monthly"].tolist() == pytest.approx([7500, float("nan")], nan_ok=True)
    assert told["area_labels"].tolist() == [[], ["TI - SAP"]]
    assert {"title", "requested_on", "seniority"} < set(told.columns)


def test_pairs_leave_out_what_has_no_date_or_no_job():
    kept = make_prospect(source_status="Aprovado")
    by_hand = make_prospect(outcome=Outcome.HIRED)
    make_prospect(applied_on=None)
    make_prospect(job=make_job(is_stub=True))

    frame = datasets.pairs()

    schema.check_pairs(frame)
    assert frame["candidate_id"].tolist() == [kept.candidate_id, by_hand.candidate_id]
    assert frame["status"].tolist() == ["Aprovado", "Contratado pela Decision"]


def test_the_youth_of_a_job_is_counted_from_its_first_application():
    old, young = make_job(), make_job(status=JobStatus.FILLED)
    for job, day in ((old, 1), (old, 20), (young, 15)):
        make_prospect(job=job, applied_on=datetime.date(2026, 3, day))
    slip = make_prospect(job=young, applied_on=timezone.localdate() + datetime.timedelta(days=400))
    pairs = datasets.pairs()

    ages, still_open = datasets.job_youth(pairs)

    known = (pairs["candidate_id"] != slip.candidate_id).to_numpy()
    assert ages[known].tolist() == [19, 19, 5]
    assert still_open[known].tolist() == [True, True, False]


def test_nobody_to_ask_has_no_youth():
    ages, still_open = datasets.job_youth(datasets.pairs())

    assert (len(ages), len(still_open)) == (0, 0)


def test_a_wish_and_what_a_job_pays_are_reais_a_month():
    by_the_hour = make_candidate(salary_monthly=None, salary_hourly="50.00")
    job = make_job(salary_monthly="8400.00")

    wish = datasets.candidates([by_the_hour.pk]).loc[by_the_hour.pk, "salary_monthly"]

    assert wish == datasets.jobs([job.pk]).loc[job.pk, "salary_monthly"] == 8400.0
    silent = make_job(salary_monthly=None)
    assert math.isnan(datasets.jobs([silent.pk]).loc[silent.pk, "salary_monthly"])


def test_events_know_the_day_of_a_decision_only_when_there_is_one():
    day = datetime.date(2026, 3, 20)
    make_prospect(outcome=Outcome.REJECTED, updated_on=day)
    make_prospect(outcome=Outcome.IN_FLIGHT, updated_on=day)

    frame = datasets.events()

    schema.check_events(frame)
    assert frame["decided_on"].isna().tolist() == [False, True]


def test_without_rows_the_frames_still_have_their_types():
    for frame, check in (
        (datasets.pairs(), schema.check_pairs),
        (datasets.events(), schema.check_events),
        (datasets.jobs(), schema.check_jobs),
    ):
        assert len(check(frame)) == 0
    assert datasets.pairs()["as_of"].dtype.kind == "M"


def test_the_fingerprint_follows_the_data():
    prospect = make_prospect()
    before = datasets.data_fingerprint([datasets.pairs(), datasets.jobs()])

    assert datasets.data_fingerprint([datasets.pairs(), datasets.jobs()]) == before
    Prospect.objects.filter(pk=prospect.pk).update(applied_on=datetime.date(2026, 3, 9))
    assert datasets.data_fingerprint([datasets.pairs(), datasets.jobs()]) != before


@pytest.mark.django_db(transaction=True)
def test_the_generation_changes_with_a_candidate_whose_change_began_first_and_was_committed_last():
    slow, quick = make_candidate(), make_candidate()
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE candidates_candidate SET updated_at = now() WHERE id = %s", [slow.pk])
        Candidate.objects.filter(pk=quick.pk).update(updated_at=timezone.now())
        before = datasets.generation()
        other.commit()
        assert datasets.generation() != before
    finally:
        other.close()


def test_the_generation_changes_with_a_new_candidate_profile_or_application():
    seen = {datasets.generation()}
    person = make_candidate()
    seen.add(datasets.generation())
    Profile.objects.create(candidate=person, extractor="taxonomy", version="1", source_hash="a")
    seen.add(datasets.generation())
    make_prospect(candidate=person)
    seen.add(datasets.generation())

    assert len(seen) == 4


def test_the_learner_knows_the_closed_sets_that_rows_are_stored_with():
    # The learning code may not import the apps, so both write them down; neither may change alone
    assert set(schema.AREA_LABELS) == set(AREA_LABELS)
    assert set(schema.LANGUAGE_LEVELS) == set(Level.values)
    assert set(schema.SENIORITIES) == set(Seniority.values)
    assert set(schema.EDUCATIONS) == set(Education.values)
    assert set(schema.OUTCOMES) == set(Outcome.values)
