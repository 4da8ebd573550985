"""Models, trainings and predictions for administrators: read, retrain, promote; nothing is edited."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from candidates.admin_rows import ReadOnly, Rows
from scoring import training
from scoring.ml.recipes import RECIPES
from scoring.models import ModelCheck, ModelVersion, Prediction, Promotion, Ranking, TrainingRun


def may_train(request: HttpRequest) -> bool:
    return request.user.has_perm("scoring.add_trainingrun")


def retrain_and_tell(request: HttpRequest, recipe: str) -> None:
    """Ask for a training and say what came of it; a second click meets the run of the first."""
    user = request.user if request.user.is_authenticated else None
    _run, made = training.request_training(recipe=recipe, by=user)
    text = (
        gettext("Training of “%(recipe)s” queued.")
        if made
        else gettext("“%(recipe)s” is being trained already.")
    )
    messages.success(request, text % {"recipe": recipe})


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnly, Rows):
    list_display = ["pk", "recipe", "label_policy", "state", "step", "percent", "queued_at", "finished_at"]
    list_filter = ["state", "recipe"]
    readonly_fields = ["percent"]

    def get_urls(self) -> list[URLPattern]:
        retrain = self.admin_site.admin_view(require_POST(self.retrain))
        return [path("retrain/", retrain, name="scoring_trainingrun_retrain"), *super().get_urls()]

    def retrain(self, request: HttpRequest) -> HttpResponseRedirect:
        if not may_train(request):
            raise PermissionDenied
        try:
            retrain_and_tell(request, request.POST.get("recipe", "peneira"))
        except training.UnknownRecipe as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:scoring_trainingrun_changelist"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"recipes": list(RECIPES) if may_train(request) else []}
        return super().changelist_view(request, extra | (extra_context or {}))


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly, Rows):
    list_display = [
        *("__str__", "recipe", "state", "evidence", "passed", "roc_auc", "average_precision"),
        *("created_at", "promotion"),
    ]
    list_filter = ["recipe", "state"]
    actions = ["promote", "retrain"]

    @admin.display(description=_("ROC-AUC"))
    def roc_auc(self, version: ModelVersion) -> str:
        return _figure(version.metrics.get("roc_auc"))

    @admin.display(description=_("average precision"))
    def average_precision(self, version: ModelVersion) -> str:
        return _figure(version.metrics.get("average_precision"))

    @admin.display(description=_("passed the gate"), boolean=True)
    def passed(self, version: ModelVersion) -> bool | None:
        found = version.verdict.get("passed") if isinstance(version.verdict, dict) else None
        return found if isinstance(found, bool) else None

    @admin.display(description=_("promotion"))
    def promotion(self, version: ModelVersion) -> str:
        words = {ModelVersion.State.CHALLENGER: _("promote…"), ModelVersion.State.RETIRED: _("go back…")}
        if version.state not in words:
            return "–"
        address = reverse("scoring:promote", args=[version.number])
        return format_html('<a href="{}">{}</a>', address, words[ModelVersion.State(version.state)])

    def has_promote_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("scoring.change_modelversion")

    def has_train_permission(self, request: HttpRequest) -> bool:
        return may_train(request)

    @admin.action(description=_("Promote the selected version…"), permissions=["promote"])
    def promote(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> HttpResponseRedirect | None:
        """To the page that shows the verdict: nobody promotes without having seen it."""
        if queryset.count() != 1:
            messages.error(request, gettext("Select one version."))
            return None
        return HttpResponseRedirect(reverse("scoring:promote", args=[queryset.get().number]))

    @admin.action(description=_("Retrain the recipes of the selected versions"), permissions=["train"])
    def retrain(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        for recipe in sorted(set(queryset.values_list("recipe", flat=True)) & set(RECIPES)):
            retrain_and_tell(request, recipe)


@admin.register(Promotion)
class PromotionAdmin(ReadOnly, Rows):
    list_display = ["created_at", "version", "replaced", "by", "overruled", "reason"]
    list_filter = ["overruled", "version__recipe"]
    list_select_related = ["version", "replaced", "by"]


@admin.register(ModelCheck)
class ModelCheckAdmin(ReadOnly, Rows):
    list_display = ["pk", "version", "kind", "state", "percent", "queued_at", "finished_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["version"]
    readonly_fields = ["percent"]


@admin.register(Ranking)
class RankingAdmin(ReadOnly, Rows):
    list_display = ["pk", "job", "model_version", "state", "pool_size", "seconds", "finished_at"]
    list_filter = ["state"]
    list_select_related = ["job", "model_version"]


@admin.register(Prediction)
class PredictionAdmin(ReadOnly, Rows):
    list_display = [
        "created_at",
        "candidate_code",
        "job",
        "model_version",
        "group",
        "rank",
        "score",
        "source",
    ]
    list_filter = ["source", "group", "model_version"]
    list_select_related = ["job", "model_version"]
    search_fields = ["candidate_code", "correlation_id"]
    date_hierarchy = "created_at"
    show_full_result_count = False


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
