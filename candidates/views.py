from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from candidates import veiling
from candidates.candidate_forms import NoteForm
from candidates.marking import count_mentions, mark_skills, skills_by_group
from candidates.merging import merges_into
from candidates.models import Candidate
from candidates.note_views import jobs_of, notes_context, tags_context
from candidates.services import current_profile


@require_safe
def candidate_detail(request: HttpRequest, code: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.coded(code).defer("raw", "search_vector"))
    if code not in (candidate.code, veiling.token(candidate.pk)) and not candidate.hides_identity:
        # An old code, of a record that was merged into this one
        asked = request.GET.urlencode()
        return redirect(candidate.get_absolute_url() + (f"?{asked}" if asked else ""))
    profile = current_profile(candidate)
    segments = mark_skills(candidate.cv_text)
    mentions = count_mentions(segments)
    form = NoteForm(jobs=jobs_of(candidate))
    context = {
        **notes_context(request, candidate, form),
        **tags_context(request, candidate),
        "segments": segments,
        "skill_groups": skills_by_group(profile.skills if profile else mentions, mentions),
        "absorbed": merges_into(candidate),
        "job_code": request.GET.get("job", "")[:32],
    }
    return render(request, "candidates/candidate_detail.html", context)
