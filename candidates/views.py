from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.forms import CandidateFilter
from candidates.marking import count_mentions, mark_skills, skills_by_group
from candidates.models import Candidate
from candidates.services import current_profile

PAGE_SIZE = 25


@require_safe
@vary_on_headers("HX-Request")
def candidate_list(request: HttpRequest) -> HttpResponse:
    form = CandidateFilter(request.GET)
    # Keys first: what a row shows is then looked up for this page alone, however far down it is
    keys = form.apply(Candidate.objects.all()).values_list("pk", flat=True)
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = Candidate.objects.for_list().in_bulk(list(page))
    candidates = [rows[pk] for pk in page if pk in rows]
    template = "candidates/candidate_list.html"
    if request.headers.get("HX-Request") == "true":
        template += "#results"
    return render(request, template, {"form": form, "page": page, "candidates": candidates})


@require_safe
def candidate_detail(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.coded(code).defer("raw", "search_vector"))
    profile = current_profile(candidate)
    segments = mark_skills(candidate.cv_text)
    mentions = count_mentions(segments)
    context = {
        "candidate": candidate,
        "segments": segments,
        "skill_groups": skills_by_group(profile.skills if profile else mentions, mentions),
    }
    return render(request, "candidates/candidate_detail.html", context)
