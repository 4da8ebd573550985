"""People, long work, and what those who work with people leave behind."""

from candidates.models.edits import CandidateEdit
from candidates.models.integration import (
    ApiCall,
    ApiKey,
    Change,
    Delivery,
    Event,
    EventKind,
    IdempotentAnswer,
    Webhook,
)
from candidates.models.likeness import Fingerprint
from candidates.models.people import (
    SEARCH_CONFIG,
    Candidate,
    CandidateQuerySet,
    Demographics,
    Education,
    Level,
    Profile,
    Seniority,
)
from candidates.models.policy import AccessEvent, ReviewPolicy
from candidates.models.runs import AnyRun, ImportRun, RejectedRecord, Run, RunQuerySet, RunState
from candidates.models.workspace import (
    Document,
    DuplicatePair,
    Merge,
    Note,
    Notification,
    Preference,
    SavedSearch,
    Tag,
    Tagging,
    WatchedMatch,
)

__all__ = [
    "SEARCH_CONFIG",
    "AccessEvent",
    "AnyRun",
    "ApiCall",
    "ApiKey",
    "Candidate",
    "CandidateEdit",
    "CandidateQuerySet",
    "Change",
    "Delivery",
    "Demographics",
    "Document",
    "DuplicatePair",
    "Education",
    "Event",
    "EventKind",
    "Fingerprint",
    "IdempotentAnswer",
    "ImportRun",
    "Level",
    "Merge",
    "Note",
    "Notification",
    "Preference",
    "Profile",
    "RejectedRecord",
    "ReviewPolicy",
    "Run",
    "RunQuerySet",
    "RunState",
    "SavedSearch",
    "Seniority",
    "Tag",
    "Tagging",
    "WatchedMatch",
    "Webhook",
]
