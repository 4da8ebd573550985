from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from candidates.models import ReviewPolicy
from candidates.permissions import may_change
from candidates.requests import signed_in
from jobs import team
from jobs.access import reveal_stage
from jobs.models import Job, JobMember, Stage

if TYPE_CHECKING:
    pass


@require_safe
def access(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_header(), code=code)
    return _page(request, job)


def _page(
    request: HttpRequest,
    job: Job,
    *,
    member: team.MemberForm | None = None,
    blind: team.BlindForm | None = None,
    status: int = 200,
) -> HttpResponse:
    policy = ReviewPolicy.current()
    context = {
        "job": job,
        "members": team.members(job),
        "member_form": member or team.MemberForm(job=job),
        "blind_form": blind or team.BlindForm(instance=job),
        "policy": policy,
        "reveal_stage": Stage(reveal_stage(job, policy)).label,
        "parts": JobMember.Part.choices,
    }
    return render(request, "jobs/access.html", context, status=status)


@require_POST
@may_change
def access_add(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_header(), code=code)
    form = team.MemberForm(request.POST, job=job)
    if not form.is_valid():
        return _page(request, job, member=form, status=400)
    user = form.cleaned_data["user"]
    team.add(job, user, part=form.cleaned_data["part"], by=signed_in(request))
    messages.success(request, _("%(user)s is in the team now.") % {"user": user.get_username()})
    return redirect("jobs:access", code=job.code)


@require_POST
@may_change
def access_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    job = get_object_or_404(Job, code=code)
    member = get_object_or_404(JobMember.objects.select_related("user", "job"), pk=pk, job=job)
    team.remove(member, by=signed_in(request))
    text = _("%(user)s is no longer in the team. Notes and moves of theirs stay.")
    messages.success(request, text % {"user": member.user.get_username()})
    return redirect("jobs:access", code=job.code)


@require_POST
@may_change
def access_blind(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_header(), code=code)
    before = {field: getattr(job, field) for field in team.BLIND_FIELDS}
    form = team.BlindForm(request.POST, instance=job)
    if not form.is_valid():
        return _page(request, job, blind=form, status=400)
    if not team.save_blind(form.save(commit=False), before, by=signed_in(request)):
        messages.info(request, _("Nothing was changed."))
    elif job.blind:
        messages.success(request, _("Candidates of this job are reviewed blind from now on, by everybody."))
    else:
        messages.success(request, _("Saved. Candidates of this job are shown with their names."))
    return redirect("jobs:access", code=job.code)
