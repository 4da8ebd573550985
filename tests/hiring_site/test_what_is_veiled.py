"""Every column that could tell of a person is veiled, or stands here with the reason why it is not."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from candidates.models import Candidate
from candidates.veiling import Veiled
from candidates.viewing import ViewedQuerySet
from tests.hiring_site.marked import models_of_people

TELLING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    ArrayField,
    SearchVectorField,
)

CHOICES = "one of a list of ours"
OURS = "written by the program from lists of ours"
NOT_VEILED = {
    "candidates.Candidate": {
        "city": "where somebody may work is part of the judgement; street and district are not here",
        "state": "as the city",
        "area_labels": "areas of work, of a list",
        "seniority": CHOICES,
        "education": CHOICES,
        "english": CHOICES,
        "spanish": CHOICES,
        "origin": CHOICES,
        "edited_fields": "names of fields, not what stands in them",
    },
    "candidates.Profile": {
        "extractor": OURS,
        "version": OURS,
        "source_hash": "a hash",
        "skills": "of our taxonomy",
    },
    "candidates.Note": {"job_code": "a job, no person", "kind": CHOICES},
    "candidates.Document": {
        "job_code": "a job, no person",
        "media_type": OURS,
        "sha256": "a hash",
        "state": CHOICES,
        "problem": OURS,
    },
    "candidates.AccessEvent": {
        "kind": CHOICES,
        "job_code": "a job, no person",
        "details": "names of columns and counts; the page shows no values that were typed",
    },
    "candidates.Notification": {
        "kind": OURS,
        "message": "a sentence of ours; no parameter may be a name (candidates.notices)",
        "params": "as the message",
        "url": "never shown: followed for a reader who may know, else the pseudonym's address",
    },
    "candidates.DuplicatePair": {"signs": OURS, "state": CHOICES},
    "candidates.Merge": {"moved": "read only to take a merge back, which needs the identity"},
    "candidates.CandidateEdit": {"fields": "names of fields, not what stood in them"},
    "candidates.Fingerprint": {"source_hash": "a hash", "keys": "hashes", "sketch": "hashes"},
    "jobs.Prospect": {
        "stage": CHOICES,
        "outcome": CHOICES,
        "source_status": "of the source's list",
        "recruiter": "a colleague, not the candidate",
    },
    "scoring.Prediction": {
        "group": CHOICES,
        "review": CHOICES,
        "operating_mode": OURS,
        "features": "numbers",
        "reasons": "groups of features and numbers; no words of the CV",
        "source": CHOICES,
        "correlation_id": "of the request",
    },
    "scoring.Feedback": {"verdict": CHOICES, "reasons": CHOICES},
    "scoring.ReviewMark": {"mark": CHOICES},
    "candidates.Demographics": {
        "sex": "read by the fairness audit alone, on no page",
        "marital_status": "as sex",
        "disability": "as sex",
    },
}
# Rows of these are not left out by a queryset of ours
NOT_VIEWED = {
    "candidates.Demographics": "no page reads it",
    "candidates.Tagging": "read through the candidate",
    "candidates.WatchedMatch": "one's own searches; who matches is looked up through Candidate.objects",
    "candidates.Notification": "one's own; whom it is about is looked up through Candidate.objects",
    "candidates.DuplicatePair": "pages for recruiters and administrators, who see all rows",
    "candidates.Merge": "as the pair",
    "candidates.AccessEvent": "a page for administrators and auditors, who see all rows",
    "candidates.CandidateEdit": "read through the candidate",
    "candidates.Fingerprint": "read by the search for duplicates, for recruiters and administrators",
    "scoring.ReviewMark": "read with its prediction",
}


def name_of(model):
    return f"{model._meta.app_label}.{model.__name__}"


def test_every_column_about_a_person_is_veiled_or_excused():
    forgotten = []
    for model in models_of_people():
        veiled = model.VEILED if issubclass(model, Veiled) else {}
        excused = NOT_VEILED.get(name_of(model), {})
        for field in model._meta.concrete_fields:
            if isinstance(field, TELLING) and field.name not in veiled and field.name not in excused:
                forgotten.append(f"{name_of(model)}.{field.name}")
    assert not forgotten, "veil them (VEILED of the model), or say here why they tell nothing"


def test_rows_about_people_are_left_out_for_who_may_not_see_them():
    for model in models_of_people():
        viewed = isinstance(model._default_manager.all(), ViewedQuerySet)
        assert viewed or name_of(model) in NOT_VIEWED, f"{name_of(model)} needs a ViewedManager"


def test_the_excuses_are_of_columns_that_are_there():
    known = {
        name_of(model): {field.name for field in model._meta.concrete_fields} for model in models_of_people()
    }
    for model, fields in NOT_VEILED.items():
        assert set(fields) <= known.get(model, set()), model
    assert set(NOT_VIEWED) <= set(known)


def test_the_candidate_itself_is_among_them():
    assert Candidate in models_of_people()
    assert len(models_of_people()) > 10
