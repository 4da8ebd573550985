from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.forms import CandidateFilter
from candidates.marking import mark_skills, skills_by_group
from candidates.models import Candidate, Profile
from candidates.services import current_profile

PAGE_SIZE = 25


@require_safe
@vary_on_headers("HX-Request")
def candidate_list(request: HttpRequest) -> HttpResponse:
    form = CandidateFilter(request.GET)
    # Counted for the rows on the page only: a join would count for everybody first
    prospects = Candidate.objects.filter(pk=OuterRef("pk")).annotate(n=Count("prospects")).values("n")
    candidates = (
        form.apply(Candidate.objects.all())
        .annotate(prospect_count=Coalesce(Subquery(prospects), 0))
        .defer("cv_text", "cv_text_en", "raw", "search_vector")
        .prefetch_related(Prefetch("profiles", Profile.objects.order_by("-pk").defer("evidence")))
    )
    page = Paginator(candidates, PAGE_SIZE).get_page(request.GET.get("page"))
    template = "candidates/candidate_list.html"
    if request.headers.get("HX-Request") == "true":
        template += "#results"
    return render(request, template, {"form": form, "page": page})


@require_safe
def candidate_detail(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate, code=code)
    profile = current_profile(candidate)
    context = {
        "candidate": candidate,
        "segments": mark_skills(candidate.cv_text),
        "skill_groups": skills_by_group(profile.skills if profile else []),
    }
    return render(request, "candidates/candidate_detail.html", context)
