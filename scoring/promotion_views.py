"""Pages before a version serves: the verdict, who would change places, promotion and roll-back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from candidates.requests import is_fragment
from scoring import checks, gate, rank_changes
from scoring.models import ModelCheck, ModelVersion
from scoring.promotion_forms import PromotionForm

STOP_POLLING = 286  # htmx's own status: swap this answer in and ask no more

View = Callable[..., HttpResponse]
may_promote: Callable[[View], View] = permission_required("scoring.change_modelversion", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may_promote
def promote(request: HttpRequest, number: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion, number=number)
    champion = ModelVersion.objects.champion(version.recipe)
    form = PromotionForm(version, champion, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _promoted(request, version, form):
        return redirect(version)
    judging = checks.latest(version, ModelCheck.Kind.VERDICT)
    context = {
        "version": version,
        "champion": champion,
        "standing": form.standing,
        "form": form,
        "judging": judging,
        "judging_now": judging is not None and not judging.is_over,
        "places": rank_changes.panel(version, champion),
    }
    return render(request, "scoring/model_promote.html", context, status=422 if form.errors else 200)


def _promoted(request: HttpRequest, version: ModelVersion, form: PromotionForm) -> bool:
    user = request.user if request.user.is_authenticated else None
    reason, overrule = form.cleaned_data["reason"], form.needs_overruling
    try:
        gate.promote(version, by=user, reason=reason, overrule=overrule)
    except gate.NotPromotable as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Model %(version)s is in use.") % {"version": version})
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@may_promote
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """POST asks for a new verdict; GET tells htmx how far it is, and to load the page when it is there."""
    version = get_object_or_404(ModelVersion, number=number)
    if request.method == "POST":
        checks.request(version, ModelCheck.Kind.VERDICT, by=_person(request))
    if not is_fragment(request):
        return redirect("scoring:promote", number=number)
    check = checks.latest(version, ModelCheck.Kind.VERDICT)
    over = check is None or check.is_over
    response = render(request, "scoring/_check_progress.html", {"check": check, "version": version})
    if over:
        response.status_code = STOP_POLLING
        response.headers["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@may_promote
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """Who would move up and who down; POST asks a worker for it."""
    version = get_object_or_404(ModelVersion, number=number)
    if request.method == "POST":
        checks.request(version, ModelCheck.Kind.RANK_CHANGES, by=_person(request))
        if not is_fragment(request):
            return redirect("scoring:rank_changes", number=number)
    champion = ModelVersion.objects.champion(version.recipe)
    panel = rank_changes.panel(version, champion)
    context: dict[str, Any] = {"version": version, "champion": champion, "places": panel}
    if not is_fragment(request):
        return render(request, "scoring/model_rank_changes.html", context)
    over = request.method != "POST" and (panel.check is None or panel.check.is_over)
    return render(request, "scoring/_rank_changes.html", context, status=STOP_POLLING if over else 200)


def _person(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
