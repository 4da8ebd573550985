"""What was learned, from what, and what people said before it served."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.models import Candidate
from candidates.models.runs import Run, RunQuerySet, RunState
from jobs.models import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class LabelPolicy(models.TextChoices):
    """Which outcomes count as hired, which as not, and which rows are left out (scoring.ml.labels)."""

    ALL = "all", _("hired against every other row")
    DECIDED = "decided", _("hired against decided negative")
    SYSTEM_B = "systemB", _("as the hiring model at precision 0.80 counted")
    SYSTEM_C = "systemC", _("as the matching model counted")


class TrainingRun(Run):
    requested_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    recipe = models.CharField(_("recipe"), max_length=30, default="peneira")
    label_policy = models.CharField(
        _("label policy"), max_length=10, choices=LabelPolicy, default=LabelPolicy.ALL
    )
    seed = models.PositiveIntegerField(_("seed"), default=42)
    log = models.TextField(_("log"), blank=True)
    # Windows, counts and what else the run found out, as JSON
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = RunQuerySet["TrainingRun"].as_manager()

    class Meta:
        verbose_name = _("training run")
        verbose_name_plural = _("training runs")
        ordering = ["-pk"]
        constraints = [
            # Two clicks at once make one run: the database, not a check before the insert, decides
            models.UniqueConstraint(
                fields=["recipe"],
                condition=Q(state__in=[RunState.QUEUED, RunState.RUNNING]),
                name="one_active_training_run_per_recipe",
            )
        ]

    def __str__(self) -> str:
        return f"training run {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("scoring:training_run_detail", kwargs={"pk": self.pk})


class DatasetSnapshot(models.Model):
    """The rows that versions learned from and were measured on; named by its content, never changed."""

    sha256 = models.CharField(max_length=64, unique=True)
    path = models.CharField(_("file"), max_length=300)  # in the storage "snapshots"
    schema_version = models.PositiveSmallIntegerField(_("schema version"))
    rows = models.PositiveIntegerField(_("rows"))
    columns = models.PositiveIntegerField(_("columns"))
    size = models.PositiveBigIntegerField(_("bytes"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("dataset snapshot")
        verbose_name_plural = _("dataset snapshots")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.sha256[:12]


RANKS = "peneira"  # the recipe whose version in use orders people


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def champion(self, recipe: str = RANKS) -> "ModelVersion | None":
        """The version of that recipe that serves, if there is one."""
        return self.filter(state=ModelVersion.State.CHAMPION, recipe=recipe).first()

    def for_list(self) -> Self:
        return self.defer("card", "feature_names").order_by("-number")


class EvidenceVerdict(models.TextChoices):
    """Whether the order inside a job beats chance on the test window (scoring.ml.evidence)."""

    STRONG = "strong", _("strong evidence")
    SOME = "some", _("some evidence")
    NONE = "none", _("no evidence")


class ModelVersion(models.Model):
    class State(models.TextChoices):
        CHALLENGER = "challenger", _("challenger")
        CHAMPION = "champion", _("in use")
        RETIRED = "retired", _("retired")

    number = models.PositiveIntegerField(_("version"), unique=True)
    recipe = models.CharField(_("recipe"), max_length=30)
    label_policy = models.CharField(_("label policy"), max_length=10, choices=LabelPolicy)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHALLENGER)
    training_run = models.OneToOneField(
        TrainingRun, on_delete=models.PROTECT, related_name="version", null=True, blank=True
    )
    artifact_path = models.CharField(_("artifact"), max_length=300)  # its name in the storage "models"
    sha256 = models.CharField(max_length=64)
    # scoring.ml.evaluate.Evaluation.to_json() of the untouched test window, and the baselines'
    metrics = models.JSONField(_("metrics"), default=dict)
    threshold = models.FloatField(_("threshold"))
    threshold_attainable = models.BooleanField(_("minimum precision reached"), default=True)
    operating_mode = models.CharField(_("operating mode"), max_length=20, default="prec80")
    feature_names = models.JSONField(_("features"), default=list)
    data_fingerprint = models.CharField(_("data fingerprint"), max_length=64, blank=True)
    card = models.JSONField(_("model card"), default=dict)
    evidence = models.CharField(
        _("evidence inside jobs"), max_length=10, choices=EvidenceVerdict, default=EvidenceVerdict.NONE
    )
    # The gate's answer when the version was finished (scoring.gate): {"passed", "champion", "checks": […]}
    verdict = models.JSONField(_("verdict of the gate"), default=dict, blank=True)
    snapshot = models.ForeignKey(
        DatasetSnapshot,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("dataset snapshot"),
    )
    code_commit = models.CharField(_("code commit"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    promoted_at = models.DateTimeField(_("promoted"), null=True, blank=True)
    promoted_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    promotion_reason = models.TextField(_("why promoted"), blank=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipe"], condition=Q(state="champion"), name="at_most_one_champion_per_recipe"
            )
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("scoring:model_detail", kwargs={"number": self.number})

    @property
    def is_in_use(self) -> bool:
        """Whether people are ranked by it."""
        return self.state == self.State.CHAMPION and self.recipe == RANKS


class Promotion(models.Model):
    """One time that a version began to serve: by the gate, by a person who overruled it, or back again."""

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="promotions")
    replaced = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"))
    overruled = models.BooleanField(_("against the gate's verdict"), default=False)
    verdict = models.JSONField(_("verdict of the gate"), default=dict, blank=True)
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"promotion of {self.version_id}"


class ModelCheck(Run):
    """Long work on a version: judging it again, seeing who would change places, measuring it further."""

    class Kind(models.TextChoices):
        VERDICT = "verdict", _("verdict of the gate")
        RANK_CHANGES = "rank_changes", _("rank changes")
        FURTHER = "further", _("further windows")

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # The other version: the one that served when the check began
    champion = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    # scoring.preview.changes(); all other answers are kept by the version itself
    result = models.JSONField(_("result"), default=dict, blank=True)
    requested_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RunQuerySet["ModelCheck"].as_manager()

    class Meta:
        verbose_name = _("check of a model")
        verbose_name_plural = _("checks of models")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind"],
                condition=Q(state__in=[RunState.QUEUED, RunState.RUNNING]),
                name="one_active_check_per_version_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"check {self.pk} of {self.version_id}"


class ReviewMark(veiling.Veiled):
    """A person's judgement of one prediction of the test window, seen with what came of it."""

    class Mark(models.TextChoices):
        SENSIBLE = "sensible", _("sensible")
        NOT_SENSIBLE = "not_sensible", _("not sensible")

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="review_marks")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(_("mark"), max_length=12, choices=Mark)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    VEILED = {"note": veiling.redacted}

    class Meta:
        verbose_name = _("review mark")
        verbose_name_plural = _("review marks")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "candidate", "job", "by"], name="one_mark_per_prediction_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"
