"""What the service watches of itself."""

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scoring.models import ModelVersion


class Baseline(models.Model):
    """How each feature was distributed in the data a model version learned from."""

    model_version = models.OneToOneField(ModelVersion, on_delete=models.CASCADE, related_name="baseline")
    # {"tem_email": {"kind": "binary", "rate": 0.9, "missing": 0.0},
    #  "salario_valor": {"kind": "numeric", "mean": 1.0, "std": 1.0, "missing": 0.5}, …}
    stats = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")

    def __str__(self) -> str:
        return f"baseline of {self.model_version}"


class DriftReport(models.Model):
    """One day's predictions of one model version against its baseline."""

    day = models.DateField(_("day"))
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="drift_reports")
    predictions = models.PositiveIntegerField(_("predictions"), default=0)
    mean_score = models.FloatField(_("mean score"), null=True)
    # 24 rows: [{"hour": 0, "count": 3, "mean_score": 0.2}, …]
    hourly = models.JSONField(default=list)
    enough = models.BooleanField(_("enough predictions to judge"), default=False)
    minimum = models.PositiveIntegerField(_("minimum sample"), default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("drift report")
        verbose_name_plural = _("drift reports")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "model_version"], name="one_drift_report_per_day_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"drift of {self.model_version} on {self.day}"

    def get_absolute_url(self) -> str:
        return f"{reverse('monitoring:drift')}?day={self.day.isoformat()}"


class DriftAlert(models.Model):
    class Kind(models.TextChoices):
        MISSING = "missing", _("missing")
        RATE = "rate", _("rate moved")
        MEAN = "mean", _("mean moved")

    report = models.ForeignKey(DriftReport, on_delete=models.CASCADE, related_name="alerts")
    feature = models.CharField(_("feature"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    baseline = models.FloatField(_("baseline"), null=True)
    current = models.FloatField(_("that day"), null=True)
    distance = models.FloatField(_("distance"), null=True)
    limit = models.FloatField(_("limit"), null=True)

    class Meta:
        verbose_name = _("drift alert")
        verbose_name_plural = _("drift alerts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["report", "feature"], name="one_alert_per_feature")]

    def __str__(self) -> str:
        return f"{self.feature}: {self.kind}"
