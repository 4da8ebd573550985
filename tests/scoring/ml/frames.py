"""Small frames for the learner's tests: defaults everywhere, so that a test names only what it is about."""

import pandas as pd

from scoring.ml.blocks import candidate_texts, job_texts, prepare_candidates, prepare_jobs
from scoring.ml.features import build_features
from scoring.ml.text import TextModel

_CANDIDATE = {
    "has_profile": True,
    "email": "",
    "phone": "",
    "linkedin_url": "",
    "city": "",
    "state": "",
    "headline": "",
    "area_labels": [],
    "technical_knowledge": "",
    "certifications": "",
    "other_certifications": "",
    "cv_text": "",
    "english": "",
    "spanish": "",
    "other_language": "",
    "education": "",
    "seniority": "",
    "salary_monthly": float("nan"),
    "skills": [],
    "implied_skills": [],
}
_JOB = {
    "title": "",
    "client": "",
    "requested_on": pd.NaT,
    "city": "",
    "state": "",
    "seniority": "",
    "education": "",
    "english": "",
    "spanish": "",
    "area_labels": [],
    "contract_types": [],
    "sap": False,
    "activities": "",
    "competences": "",
    "priority": "",
    "origin": "",
    "must_skills": [],
    "nice_skills": [],
    "salary_monthly": float("nan"),
}


def candidates(*rows, first=1):
    return _frame(rows, _CANDIDATE, "candidate_id", first)


def jobs(*rows, first=1):
    frame = _frame(rows, _JOB, "job_id", first)
    return frame.assign(requested_on=pd.to_datetime(frame["requested_on"]))


def pairs(*rows):
    frame = pd.DataFrame(rows, columns=["candidate_id", "job_id", "as_of"])
    return frame.astype({"candidate_id": "int64", "job_id": "int64", "as_of": "datetime64[s]"})


def events(*rows):
    """Rows of (candidate, job, applied on, decided on or None, outcome)."""
    columns = ["candidate_id", "job_id", "applied_on", "decided_on", "outcome"]
    frame = pd.DataFrame(rows, columns=columns).astype({"candidate_id": "int64", "job_id": "int64"})
    return frame.assign(
        applied_on=pd.to_datetime(frame["applied_on"]),
        decided_on=pd.to_datetime(frame["decided_on"]),
        outcome=frame["outcome"].astype(object),
    )


def text_model(people, work):
    return TextModel(min_documents=1).fit([*candidate_texts(people), *job_texts(work)])


def features(people, work, asked=None, known=None, *, text=None):
    """`build_features` of everybody with every job on one day, unless `asked` says otherwise."""
    text = text or text_model(people, work)
    if asked is None:
        asked = pairs(*((person, job, "2022-06-15") for job in work.index for person in people.index))
    return build_features(
        asked,
        candidates=prepare_candidates(people, text=text),
        jobs=prepare_jobs(work, text=text),
        events=events() if known is None else known,
    )


def of_pair(candidate=None, job=None, *, as_of="2022-06-15", known=None):
    """The features of one candidate with one job, as a Series."""
    return features(candidates(candidate or {}), jobs(job or {}), pairs((1, 1, as_of)), known).iloc[0]


def _frame(rows, defaults, index, first):
    for row in rows:
        assert set(row) <= set(defaults), "a misspelt column would test nothing"
    frame = pd.DataFrame([defaults | row for row in rows], columns=list(defaults))
    frame.index = pd.RangeIndex(first, first + len(frame), name=index).astype("int64")
    return frame
