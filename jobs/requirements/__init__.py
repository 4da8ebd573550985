"""What a job asks of its candidates, read from its own words, and how far a candidate meets it.

Pure: neither the database nor the clock, but for `editing`. A requirement is a gate that a person reads,
never points in a score.
"""

from jobs.requirements.assessing import (
    Assessment,
    CandidateFacts,
    RequirementSummary,
    State,
    assess,
    assess_all,
    levels_said,
    summary,
)
from jobs.requirements.proposing import JobFacts, Kind, RequirementDraft, propose_requirements

__all__ = [
    "Assessment",
    "CandidateFacts",
    "JobFacts",
    "Kind",
    "RequirementDraft",
    "RequirementSummary",
    "State",
    "assess",
    "assess_all",
    "levels_said",
    "propose_requirements",
    "summary",
]
