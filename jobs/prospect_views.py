"""What a candidate's page shows of the jobs; it embeds the fragment by this view's URL."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.models import Candidate
from candidates.requests import is_fragment, viewer_of
from jobs.models import PIPELINE, Job, Prospect, Stage

OFFERED = 200  # open jobs to choose from, the newest first; any other by its code
TO_ADD = [(stage.value, stage.label) for stage in PIPELINE]  # nobody comes to a job as rejected
SHOWN = (
    *("stage", "outcome", "source_status", "applied_on", "updated_on", "stage_since"),
    *("job__code", "job__title", "job__client", "job__status", "job__is_stub"),
)


@require_safe
@vary_on_headers("HX-Request")
def candidate_prospects(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.coded(code).only("code", "name"))
    prospects = Prospect.objects.filter(candidate=candidate).select_related("job").only(*SHOWN)
    template = "jobs/candidate_prospects.html"
    if is_fragment(request):
        template += "#prospects"
    may = viewer_of(request).may_change
    context = {
        "candidate": candidate,
        "prospects": prospects.order_by("-applied_on", "-pk"),
        "stages": Stage.choices if may else [],
        "to_add": TO_ADD,
        "open_jobs": list(Job.objects.open().only("code", "title").order_by("-pk")[:OFFERED]) if may else [],
    }
    return render(request, template, context)
