"""What the OpenAPI schema says as a whole: introduction, groups of operations, names of value lists."""

from functools import partial
from importlib import import_module
from operator import attrgetter
from typing import Final

DESCRIPTION: Final = """\
Candidates, jobs, prospects and predictions for other systems. `docs/api.md` has a first call, a loop that
pulls changes, and all error codes.

* **Signing in**: a key in the header `x-api-key`, a person's token, or the session of a browser. A key
  needs the scope that each operation names.
* **Lists** come in pages: follow `next` until it is null. `fields` names what you want of a row, `expand`
  adds what is told on request only. A query parameter that is not documented is refused.
* **Writes** may carry an `Idempotency-Key`: within 24 hours the same key and body do it once.
* **Errors** are problem documents (RFC 9457) with a stable `code`.
* **Versions**: fields, operations, values of lists and codes may be added to v1 without notice; none is
  taken away or gets another meaning.
"""

TAGS: Final = {
    "candidates": "People: profile, CV text, tags, notes. Whom blind review hides has a pseudonym.",
    "documents": "Files of candidates: upload, state of reading, what was read, the file itself.",
    "jobs": "Vacancies and what they require.",
    "prospects": "A candidate in a job, with the stage and every move between stages.",
    "feedback": "Fit or not fit, as people said it of a job's candidates.",
    "predictions": "Scores for described or stored candidates. Stored before they are answered.",
    "rankings": "A job's candidates in order, with requirements and reasons.",
    "recommendations": "Jobs for a candidate.",
    "models": "Model versions with their figures, and trainings.",
    "reports": "Drift by day, fairness by model version.",
    "imports": "Files of the source, read by a worker.",
    "webhooks": "Addresses that are told of events, and what was delivered to them.",
    "sign-in": "A person's token.",
    "service": "Whether the service lives, and which versions answer.",
}


def _values(module: str, path: str) -> list[str]:
    values: list[str] = attrgetter(f"{path}.values")(import_module(module))
    return values


# Names of lists of values that several fields share, or whose field's name has other values elsewhere.
# Read when the schema is made: settings may not import models.
ENUMS: Final = {
    name: partial(_values, module, path)
    for module, named in {
        "candidates.models": {
            "Seniority": "Seniority",
            "Education": "Education",
            "LanguageLevel": "Level",
            "RunState": "RunState",
            "NoteKind": "Note.Kind",
            "DocumentState": "Document.State",
            "DeliveryState": "Delivery.State",
        },
        "jobs.models": {"Stage": "Stage", "JobStatus": "JobStatus", "RequirementKind": "Requirement.Kind"},
        "scoring.models": {
            "LabelPolicy": "LabelPolicy",
            "ModelState": "ModelVersion.State",
            "EvidenceVerdict": "EvidenceVerdict",
            "FeedbackVerdict": "Feedback.Verdict",
            "PredictionGroup": "Prediction.Group",
            "PredictionOrigin": "Prediction.Source",
            "ReviewReason": "Prediction.Review",
            "RankingOrder": "Ranking.Order",
        },
        "monitoring.models": {"DriftAlertKind": "DriftAlert.Kind"},
    }.items()
    for name, path in named.items()
}
