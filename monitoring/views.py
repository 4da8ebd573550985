import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from monitoring import services
from monitoring.forms import DayForm
from monitoring.models import DriftReport

RECENT_REPORTS = 30


@require_safe
def drift(request: HttpRequest) -> HttpResponse:
    asked = DayForm(request.GET or None)
    counted = DriftReport.objects.select_related("model_version").annotate(alert_count=Count("alerts"))
    recent = list(counted.order_by("-day", "-model_version__number")[:RECENT_REPORTS])
    newest = recent[0].day if recent else services.yesterday()
    day = asked.cleaned_data["day"] if asked.is_valid() else newest
    reports = DriftReport.objects.filter(day=day).select_related("model_version").prefetch_related("alerts")
    context = {
        "day": day,
        "form": asked if asked.errors else DayForm(initial={"day": day}),
        "reports": reports.order_by("-model_version__number"),
        "recent": recent,
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "monitoring/drift.html", context)


@require_POST
@permission_required("monitoring.add_driftreport", raise_exception=True)
def run_drift(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["day"]))
        return redirect("monitoring:drift")
    day: datetime.date = form.cleaned_data["day"]
    try:
        reports = services.run_drift(day)
    except ValueError as error:  # a baseline that cannot be read; its message says which
        messages.error(request, str(error))
    else:
        _say(request, len(reports))
    return redirect(f"{reverse('monitoring:drift')}?day={day.isoformat()}")


def _say(request: HttpRequest, reports: int) -> None:
    if reports:
        messages.success(request, _("The day was judged."))
    else:
        messages.info(request, _("No prediction was served on that day: there is nothing to judge."))
