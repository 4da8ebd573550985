"""What was learned, from what, every prediction that was served, and what people say of them."""

from scoring.models.core import (
    DatasetSnapshot,
    EvidenceVerdict,
    LabelPolicy,
    ModelCheck,
    ModelVersion,
    ModelVersionQuerySet,
    Prediction,
    PredictionQuerySet,
    Promotion,
    Ranking,
    RankingQuerySet,
    ReviewMark,
    TrainingRun,
)
from scoring.models.opinions import Exposure, Feedback, JobWeights

__all__ = [
    "DatasetSnapshot",
    "EvidenceVerdict",
    "Exposure",
    "Feedback",
    "JobWeights",
    "LabelPolicy",
    "ModelCheck",
    "ModelVersion",
    "ModelVersionQuerySet",
    "Prediction",
    "PredictionQuerySet",
    "Promotion",
    "Ranking",
    "RankingQuerySet",
    "ReviewMark",
    "TrainingRun",
]
