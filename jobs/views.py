from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import viewing
from candidates.models import Candidate
from candidates.requests import viewer_of
from jobs.forms import JobFilter
from jobs.models import Job, JobMember, JobStatus

PAGE_SIZE = 25


@require_safe
@vary_on_headers("HX-Request")
def job_list(request: HttpRequest) -> HttpResponse:
    mine = _own_jobs(request)
    form = JobFilter(request.GET, mine=mine)
    jobs = form.apply(Job.objects.for_list())
    page = Paginator(jobs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "nothing_stored": _nothing_stored(request, form, page),
        "mine": mine,
    }
    if request.headers.get("HX-Request") != "true":
        return render(request, "jobs/job_list.html", context | {"shares": _shares(mine)})
    response = render(request, "jobs/job_list.html#results", context)
    response.headers["HX-Push-Url"] = _short_url(request)
    return response


def _own_jobs(request: HttpRequest) -> frozenset[int]:
    """The jobs this person works on."""
    own = JobMember.objects.filter(user=request.user.pk)
    return frozenset(own.values_list("job_id", flat=True))


def _shares(mine: frozenset[int]) -> list[tuple[str, str, int]]:
    """Label, query and number of what the list is mostly asked for."""
    counts = Job.objects.by_status()
    own = [(_("mine"), "mine=on", len(mine))] if mine else []
    return own + [(str(label), f"status={value}", counts.get(value, 0)) for value, label in JobStatus.choices]


def _nothing_stored(request: HttpRequest, form: JobFilter, page: Page[Any]) -> bool:
    """An empty list that no filter made: then the page says how to bring data in."""
    if page.paginator.count or form.active or not viewer_of(request).sees_all_rows:
        return False
    return not Candidate.objects.exists()


def _short_url(request: HttpRequest) -> str:
    """The address without the filters that were left empty, fit to be sent to a colleague."""
    query = request.GET.copy()
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


@require_safe
def job_detail(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.defer("raw", "search_vector"), code=code)
    viewing.in_job(job.pk)
    requirements = list(job.requirements.in_force())
    context = {
        "job": job,
        "must": [requirement for requirement in requirements if requirement.must],
        "nice": [requirement for requirement in requirements if not requirement.must],
        "pipeline": job.prospects.by_stage(),
    }
    return render(request, "jobs/job_detail.html", context)
