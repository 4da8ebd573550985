"""What the board of a job shows of its ranking: the board embeds it by address, for it knows no rankings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import viewing
from candidates.requests import is_fragment
from jobs.models import Job, Prospect
from scoring import ranking as rankings
from scoring.models import Prediction
from scoring.ranked_list_rows import gates


@require_safe
@vary_on_headers("HX-Request")
def requirements_met(request: HttpRequest, code: str) -> HttpResponse:
    """How many of the required ones each prospect met when the job was ranked; all in one query."""
    job = get_object_or_404(Job.objects.only("code", "title"), code=code)
    if not is_fragment(request):
        return redirect("scoring:job_ranking", code=job.code)
    viewing.in_job(job.pk)
    return render(request, "scoring/_board_requirements.html", {"met": _met(job)})


def _met(job: Job) -> list[tuple[int, str]]:
    """By the key of the prospect, in words; nothing of who was not ranked or is asked nothing."""
    ranking = rankings.latest(job)
    if ranking is None:
        return []
    prospects = dict(Prospect.objects.filter(job=job).values_list("candidate_id", "pk"))
    told = Prediction.objects.filter(ranking=ranking, candidate__in=prospects).order_by()
    language = get_language()
    people = [(one.candidate_id, gates(language, one)) for one in told.only("candidate_id", "requirements")]
    met = [(prospects[pk], must) for pk, (must, _nice) in people if pk in prospects]
    return [(pk, _("%(met)s of %(total)s required") % must.counts) for pk, must in met if must.total]
