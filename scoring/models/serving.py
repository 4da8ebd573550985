"""Every ranking and every prediction that was served."""

import datetime
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.addresses import address_of
from candidates.models import Candidate
from candidates.models.runs import Run, RunQuerySet, RunState
from candidates.viewing import ViewedManager, ViewedQuerySet
from jobs.models import Job
from scoring.models.core import ModelVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RankingQuerySet(RunQuerySet["Ranking"]):
    through_job = "job"

    def finished(self) -> Self:
        return self.filter(state=RunState.DONE)


RankingManager = ViewedManager.from_queryset(RankingQuerySet)


class Ranking(Run):
    """One ordering of a job's prospects and of the best of the pool, by one model version."""

    class Order(models.TextChoices):
        """What people stand in the order of (scoring.ordering)."""

        MODEL = "model", _("score")
        REQUIREMENTS = "requirements", _("requirements met")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rankings")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="rankings")
    # Fingerprint of what was ranked (job text, prospects, candidates' texts): a different one means stale
    inputs_hash = models.CharField(max_length=64, blank=True)
    order = models.CharField(_("ordered by"), max_length=12, choices=Order, default=Order.MODEL)
    pool_size = models.PositiveIntegerField(_("people compared"), default=0)
    not_rankable = models.PositiveIntegerField(_("without enough data"), default=0)
    seconds = models.FloatField(_("seconds"), default=0.0)
    requested_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RankingManager()

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "model_version"],
                condition=Q(state__in=[RunState.QUEUED, RunState.RUNNING]),
                name="one_active_ranking_per_job_and_version",
            )
        ]
        indexes = [models.Index(fields=["job", "-id"], name="ranking_latest")]

    def __str__(self) -> str:
        return f"ranking {self.pk} of job {self.job_id}"


class PredictionQuerySet(ViewedQuerySet["Prediction"]):
    through_job = "job"
    through_candidate = "candidate"

    def served_on(self, day: datetime.date) -> Self:
        return self.filter(created_at__date=day)


PredictionManager = ViewedManager.from_queryset(PredictionQuerySet)


def quotes_redacted(value: Any, person: veiling.Person) -> Any:
    """Requirements with the quoted words of the CV redacted, and nothing else touched."""
    return [asked | {"quote": veiling.redacted_quote(asked.get("quote", ""), person)} for asked in value]


class Prediction(veiling.Veiled):
    """A score that was served. Append-only: the database refuses changes (migration 0002)."""

    class Source(models.TextChoices):
        RANKING = "ranking", _("ranking")
        API = "api", _("API")
        SUGGESTION = "suggestion", _("suggested job")
        TRIAL = "trial", _("tried by hand")

    class Group(models.TextChoices):
        PROSPECT = "prospect", _("applied")
        POOL = "pool", _("from the pool")
        NOT_RANKABLE = "not_rankable", _("not enough data")

    class Review(models.TextChoices):
        UNKNOWN_CANDIDATE = "unknown_candidate", _("the candidate is not known here")
        NO_PROFILE = "no_profile", _("too little is known of the candidate")
        NO_JOB_DATA = "no_job_data", _("of the job only the code is known")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The indexes below begin with the candidate and with the ranking: a second one of each costs every row
    candidate = models.ForeignKey(
        Candidate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predictions",
        db_index=False,
    )
    # Why a person should look before anybody relies on it; "" when nothing speaks for that
    review = models.CharField(
        _("needs human review"), max_length=20, choices=Review, blank=True, default="", db_default=""
    )
    # The code as the caller gave it, also when no such candidate is stored
    candidate_code = models.CharField(max_length=32, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="predictions")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="predictions")
    ranking = models.ForeignKey(
        Ranking,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predictions",
        db_index=False,
    )
    group = models.CharField(max_length=12, choices=Group, blank=True)
    score = models.FloatField(_("score"), null=True)  # calibrated probability; None: not enough data
    # Chance that an offer is accepted: the second head, a number of its own; None: the model has none
    accept_score = models.FloatField(_("likely to accept"), null=True)
    decision = models.BooleanField(_("at or above the threshold"), null=True)
    threshold = models.FloatField()
    operating_mode = models.CharField(max_length=20)
    rank = models.PositiveIntegerField(_("rank"), null=True)
    features = models.JSONField(default=dict)
    # {"for": [{"group": "required_skills", "contribution": 0.8, "params": {...}}, …], "against": […],
    #  "base": b, "margin": m, "groups": {group: contribution, …}}: base and groups add up to the margin,
    # which the model's calibration turns into the score
    reasons = models.JSONField(default=dict)
    # [{"kind": "skill", "value": "java", "must": true, "state": "met", "quote": "…"}]
    requirements = models.JSONField(default=list)
    source = models.CharField(max_length=10, choices=Source)
    correlation_id = models.CharField(max_length=64, blank=True)
    # The row may not change any more: who asked is deactivated, not deleted
    requested_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    latency_ms = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    objects = PredictionManager()

    VEILED = {"candidate_code": veiling.enciphered, "requirements": quotes_redacted}

    class Meta:
        verbose_name = _("prediction")
        verbose_name_plural = _("predictions")
        indexes = [
            models.Index(fields=["candidate", "-created_at"], name="prediction_by_candidate"),
            models.Index(fields=["ranking", "group", "rank"], name="prediction_by_ranking"),
            models.Index(fields=["created_at"], name="prediction_by_time"),
        ]

    def __str__(self) -> str:
        return f"prediction {self.pk}"

    def get_absolute_url(self) -> str:
        return address_of("scoring:prediction_detail", "pk", str(self.pk))
