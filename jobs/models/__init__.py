"""Vacancies, and the candidates who stand in them at some stage."""

from jobs.models.prospects import Prospect, ProspectQuerySet, StageChange
from jobs.models.requirements import SCALES, Requirement, RequirementChange
from jobs.models.stages import PIPELINE, Outcome, RejectionReason, Stage, WithdrawalReason, stages_from
from jobs.models.vacancies import Job, JobMember, JobQuerySet, JobStatus

__all__ = [
    "PIPELINE",
    "SCALES",
    "Job",
    "JobMember",
    "JobQuerySet",
    "JobStatus",
    "Outcome",
    "Prospect",
    "ProspectQuerySet",
    "RejectionReason",
    "Requirement",
    "RequirementChange",
    "Stage",
    "StageChange",
    "WithdrawalReason",
    "stages_from",
]
