"""What was learned, from what, every prediction that was served, and what people say of them."""

from scoring.models.core import (
    DatasetSnapshot,
    EvidenceVerdict,
    LabelPolicy,
    ModelCheck,
    ModelVersion,
    ModelVersionQuerySet,
    Promotion,
    ReviewMark,
    TrainingRun,
)
from scoring.models.opinions import Exposure, Feedback, JobWeights
from scoring.models.serving import Prediction, PredictionQuerySet, Ranking, RankingQuerySet

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
