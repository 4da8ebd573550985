import datetime
import json

import pytest
from django.core import serializers
from django.utils import timezone

from candidates import merging, unmerging
from candidates.creating import change_candidate
from candidates.duplicates import search_all
from candidates.merging import CannotMerge, CannotUndo
from candidates.models import (
    Candidate,
    Demographics,
    Document,
    DuplicatePair,
    Merge,
    Note,
    Notification,
    SavedSearch,
    Tag,
    Tagging,
    WatchedMatch,
)
from candidates.viewing import as_user, seen_by
from jobs.models import Prospect, Stage, StageChange
from jobs.moving import move
from scoring.models import Feedback, Prediction
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_version

# These tell what was done, and what was undone
LOGS = {"jobs.stagechange", "candidates.merge", "candidates.change"}
DERIVED = {"candidates.profile", "candidates.fingerprint"}


def everything():
    """All rows of people, jobs and scoring; what is derived without its keys and times."""
    from django.apps import apps

    tables = {}
    for label in ("candidates", "jobs", "scoring"):
        for model in apps.get_app_config(label).get_models():
            name = model._meta.label_lower
            if name in LOGS:
                continue
            rows = json.loads(serializers.serialize("json", model._base_manager.order_by("pk")))
            for row in rows:
                if name in DERIVED:
                    del row["pk"]
                    row["fields"].pop("created_at", None)
            tables[name] = sorted(rows, key=str) if name in DERIVED else rows
    return tables


@pytest.fixture
def two(db, recruiter):
    """Two records of one person, with something in every table."""
    kept = make_candidate(name="Ana Souza Lima", email="ana@example.com", phone="", english="")
    absorbed = make_candidate(
        name="Ana Lima",
        email="ana@example.com",
        phone="81 98765-1234",
        cv_text="python e django",
        english="fluent",
        salary_monthly="8000.50",
    )
    search_all()
    both = make_job(title="Em ambas")
    make_prospect(candidate=kept, job=both, stage=Stage.SCREENING, applied_on=datetime.date(2026, 4, 2))
    further = make_prospect(candidate=absorbed, job=both, applied_on=datetime.date(2026, 4, 1))
    move([further], to=Stage.TECHNICAL_INTERVIEW, by=recruiter)
    make_prospect(candidate=absorbed, job=make_job(title="Só da outra"))
    Note.objects.create(candidate=absorbed, text="Ligou hoje", kind="call", author=recruiter)
    shared, own = Tag.objects.create(name="java"), Tag.objects.create(name="recife")
    for candidate in (kept, absorbed):
        Tagging.objects.create(candidate=candidate, tag=shared, by=recruiter)
    Tagging.objects.create(candidate=absorbed, tag=own, by=recruiter)
    Document.objects.create(candidate=absorbed, name="cv.pdf", size=1, sha256="0" * 64, uploaded_by=recruiter)
    Notification.objects.create(user=recruiter, kind="mention", message="x", candidate=absorbed)
    search = SavedSearch.objects.create(owner=recruiter, name="java", query="q=java")
    WatchedMatch.objects.create(search=search, candidate=absorbed)
    Demographics.objects.create(candidate=absorbed, sex="x")
    version = make_version()
    common = {"model_version": version, "threshold": 0.5, "operating_mode": "prec80", "source": "api"}
    Prediction.objects.create(candidate=absorbed, candidate_code=absorbed.code, score=0.5, **common)
    Feedback.objects.create(candidate=absorbed, job=both, verdict="fit", by=recruiter)
    merging.derive(kept, absorbed)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    return kept, absorbed


def test_everything_moves_to_the_record_that_stays(two, recruiter):
    kept, absorbed = two
    merging.merge(kept, absorbed, by=recruiter)
    kept.refresh_from_db()
    assert kept.notes.get().text == "Ligou hoje"
    assert sorted(tag.name for tag in kept.tags.all()) == ["java", "recife"]
    assert kept.documents.get().name == "cv.pdf"
    assert kept.demographics.sex == "x"
    assert WatchedMatch.objects.get().candidate == kept
    assert Notification.objects.get().candidate == kept
    assert {prospect.job.title for prospect in kept.prospects.all()} == {"Em ambas", "Só da outra"}
    assert (kept.phone, kept.english, kept.name) == ("81 98765-1234", "fluent", "Ana Souza Lima")
    assert DuplicatePair.objects.get().state == DuplicatePair.State.MERGED
    assert Candidate.objects.get() == kept


def test_a_job_that_both_stood_in_keeps_the_further_stage_and_both_histories(two, recruiter):
    kept, absorbed = two
    merging.merge(kept, absorbed, by=recruiter)
    prospect = kept.prospects.get(job__title="Em ambas")
    assert prospect.stage == Stage.TECHNICAL_INTERVIEW
    assert prospect.applied_on == datetime.date(2026, 4, 1)
    change = prospect.stage_changes.get()
    assert (change.from_stage, change.to_stage, change.source) == (
        "screening",
        "technical_interview",
        "merge",
    )
    joined = Prospect._base_manager.get(joined_into=prospect)
    assert joined.stage_changes.get().to_stage == Stage.TECHNICAL_INTERVIEW
    assert Prospect.objects.filter(job=prospect.job).count() == 1


def test_values_are_taken_as_chosen(two, recruiter):
    kept, absorbed = two
    merging.merge(kept, absorbed, take={"name": True, "phone": False, "cv_text": True}, by=recruiter)
    kept.refresh_from_db()
    assert (kept.name, kept.phone, kept.cv_text) == ("Ana Lima", "", "python e django")
    assert {"name", "cv_text", "english"} <= set(kept.edited_fields)
    assert "python" in kept.profiles.get().skills


def test_undo_restores_every_table_exactly(two, recruiter):
    kept, absorbed = two
    before = everything()
    merge = merging.merge(kept, absorbed, take={"name": True, "cv_text": True}, by=recruiter)
    assert everything() != before
    unmerging.undo(merge, by=recruiter)
    after = everything()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert StageChange.objects.filter(source="merge").count() == 2  # there and back


def test_undoing_the_other_way_round_restores_as_well(two, recruiter):
    absorbed, kept = two
    before = everything()
    unmerging.undo(merging.merge(kept, absorbed, by=recruiter), by=recruiter)
    assert everything() == before


def test_an_old_code_finds_the_person_also_through_two_merges(two, recruiter):
    kept, absorbed = two
    third = make_candidate(name="Ana S. Lima")
    first = merging.merge(kept, absorbed, by=recruiter)
    second = merging.merge(third, kept, by=recruiter)
    for code in (kept.code, absorbed.code, third.code):
        assert Candidate.objects.coded(code).get() == third
    with pytest.raises(CannotUndo, match="later merge first"):
        unmerging.undo(first, by=recruiter)
    unmerging.undo(second, by=recruiter)
    assert Candidate.objects.coded(absorbed.code).get() == kept
    unmerging.undo(first, by=recruiter)
    assert Candidate.objects.coded(absorbed.code).get() == absorbed


def test_a_chain_of_joined_prospects_comes_apart_again(db, recruiter):
    job = make_job()
    people = [make_candidate() for _ in range(3)]
    for candidate, stage in zip(people, ("applied", "offer", "screening"), strict=True):
        make_prospect(candidate=candidate, job=job, stage=stage)
    merging.derive(*people)
    before = everything()
    first = merging.merge(people[1], people[0], by=recruiter)
    second = merging.merge(people[2], people[1], by=recruiter)
    assert Prospect.objects.get().stage == Stage.OFFER
    assert Prospect._base_manager.filter(joined_into=Prospect.objects.get()).count() == 2
    unmerging.undo(second, by=recruiter)
    unmerging.undo(first, by=recruiter)
    assert everything() == before


def test_undo_is_refused_when_what_was_filled_in_has_been_edited(two, recruiter):
    kept, absorbed = two
    merge = merging.merge(kept, absorbed, by=recruiter)
    kept.refresh_from_db()
    change_candidate(kept, {"phone": "81 3333-4444"}, by=recruiter)
    with pytest.raises(CannotUndo, match="phone"):
        unmerging.undo(merge, by=recruiter)
    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept


def test_undo_is_refused_when_the_person_was_moved_since(two, recruiter):
    kept, absorbed = two
    merge = merging.merge(kept, absorbed, by=recruiter)
    move([kept.prospects.get(job__title="Em ambas")], to=Stage.OFFER, by=recruiter)
    with pytest.raises(CannotUndo, match="Em ambas"):
        unmerging.undo(merge, by=recruiter)
    assert kept.notes.count() == 1


def test_what_was_written_since_stays_with_the_person_who_was_kept(two, recruiter):
    kept, absorbed = two
    merge = merging.merge(kept, absorbed, by=recruiter)
    Note.objects.create(candidate=kept, text="Depois", author=recruiter)
    kept.refresh_from_db()
    change_candidate(kept, {"city": "Olinda"}, by=recruiter)
    unmerging.undo(merge, by=recruiter)
    kept.refresh_from_db()
    assert (kept.city, kept.phone, kept.edited_fields) == ("Olinda", "", ["city"])
    assert [note.text for note in kept.notes.all()] == ["Depois"]
    assert [note.text for note in absorbed.notes.all()] == ["Ligou hoje"]


def test_a_merge_is_undone_once(two, recruiter):
    kept, absorbed = two
    merge = merging.merge(kept, absorbed, by=recruiter)
    unmerging.undo(merge, by=recruiter)
    assert Merge.objects.get().undone_by == recruiter
    with pytest.raises(CannotUndo, match="already"):
        unmerging.undo(merge, by=recruiter)


def test_a_record_is_not_merged_with_itself_nor_with_one_that_is_gone(two, recruiter):
    kept, absorbed = two
    with pytest.raises(CannotMerge, match="not two"):
        merging.merge(kept, kept, by=recruiter)
    merging.merge(kept, absorbed, by=recruiter)
    with pytest.raises(CannotMerge, match="meanwhile"):
        merging.merge(kept, absorbed, by=recruiter)


def test_a_stub_that_takes_in_a_whole_record_is_one_no_more(db, recruiter):
    stub, whole = make_stub(name="Ana Lima"), make_candidate(name="Ana Lima")
    merge = merging.merge(stub, whole, by=recruiter)
    stub.refresh_from_db()
    assert not stub.is_stub
    assert stub.cv_text == whole.cv_text
    unmerging.undo(merge, by=recruiter)
    stub.refresh_from_db()
    assert stub.is_stub
    assert stub.cv_text == ""


def test_the_timeline_tells_of_both_records_in_one_order(two, recruiter, django_assert_num_queries):
    from candidates.timeline import events

    kept, absorbed = two
    merging.merge(kept, absorbed, by=recruiter)
    kept.refresh_from_db()
    told = events(kept)
    assert [event.at for event in told] == sorted((event.at for event in told), reverse=True)
    kinds = {event.kind for event in told}
    assert kinds >= {
        "imported",
        "merge",
        "note",
        "document",
        "tag",
        "application",
        "stage",
        "prediction",
        "opinion",
    }
    assert told[0].at <= timezone.now()


def test_blind_review_hides_the_absorbed_record_with_the_person(two, recruiter):
    kept, absorbed = two
    make_prospect(candidate=absorbed, job=make_job(blind=True))
    merging.merge(kept, absorbed, by=recruiter)
    with seen_by(as_user(recruiter)):
        assert Candidate.objects.get(pk=kept.pk).hides_identity
        prediction = Prediction.objects.select_related("candidate").get()
        assert prediction.candidate.hides_identity
        assert absorbed.code not in (prediction.candidate_code, prediction.candidate.code)
