from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.models import Candidate
from jobs.forms import JobFilter
from jobs.models import Job

PAGE_SIZE = 25


@require_safe
@vary_on_headers("HX-Request")
def job_list(request: HttpRequest) -> HttpResponse:
    form = JobFilter(request.GET)
    jobs = form.apply(Job.objects.for_list())
    page = Paginator(jobs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "nothing_stored": _nothing_stored(form, page)}
    if request.headers.get("HX-Request") != "true":
        return render(request, "jobs/job_list.html", context)
    response = render(request, "jobs/job_list.html#results", context)
    response.headers["HX-Push-Url"] = _short_url(request)
    return response


def _nothing_stored(form: JobFilter, page: Page[Any]) -> bool:
    """An empty list that no filter made: then the page says how to bring data in."""
    return not (page.paginator.count or form.active or Candidate.objects.exists())


def _short_url(request: HttpRequest) -> str:
    """The address without the filters that were left empty, fit to be sent to a colleague."""
    query = request.GET.copy()
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


@require_safe
def job_detail(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job, code=code)
    requirements = list(job.requirements.all())
    context = {
        "job": job,
        "must": [requirement for requirement in requirements if requirement.must],
        "nice": [requirement for requirement in requirements if not requirement.must],
        "pipeline": job.prospects.by_stage(),
    }
    return render(request, "jobs/job_detail.html", context)
