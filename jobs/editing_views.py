"""Making and changing jobs by form."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from candidates.permissions import may_change
from candidates.requests import own_address, signed_in
from candidates.sent_forms import once, word_of
from jobs import editing
from jobs.forms import JobForm
from jobs.models import Job, JobStatus


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def job_new(request: HttpRequest) -> HttpResponse:
    form = JobForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = once(request, lambda: editing.create(form.save(commit=False), by=signed_in(request)))
        messages.success(request, _("The job is made. These are the requirements found in its text."))
        return redirect(made)
    return render(request, "jobs/job_form.html", {"form": form, "once": word_of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def job_edit(request: HttpRequest, code: str) -> HttpResponse:
    job = get_object_or_404(Job, code=code)
    stored = editing.stamp(job)
    form = JobForm(request.POST or None, instance=job, initial={"seen": stored})
    if request.method == "POST" and form.is_valid():
        try:
            editing.save(form.save(commit=False), form.Meta.fields, seen=form.cleaned_data["seen"])
        except editing.ChangedMeanwhile:
            form = _seeing(stored, request, job)
        else:
            messages.success(request, _("The job is saved."))
            return redirect(job)
    return render(request, "jobs/job_form.html", {"form": form, "job": job})


def _seeing(stored: str, request: HttpRequest, job: Job) -> JobForm:
    """What was written, with a word of warning; sent once more it counts."""
    sent = request.POST.copy()
    sent["seen"] = stored
    form = JobForm(sent, instance=job)
    form.add_error(
        None,
        _(
            "Somebody else saved this job while you wrote. Look at the job in another tab; "
            "what you wrote is below, and saving again puts it in place of theirs."
        ),
    )
    return form


@require_POST
@may_change
def job_status(request: HttpRequest, code: str) -> HttpResponse:
    """Opens or closes a job; the message has the address that takes it back."""
    job = get_object_or_404(Job.objects.for_header(), code=code)
    wanted = request.POST.get("status") or request.GET.get("status", "")
    if wanted not in JobStatus.values:
        messages.warning(request, _("Choose one of the statuses."))
    elif wanted == job.status:
        messages.info(request, _("The job has that status already."))
    else:
        undo = f"{reverse('jobs:job_status', args=[job.code])}?status={job.status}"
        undo += "" if job.status_set_at else "&by=import"
        editing.set_status(job, JobStatus(wanted), by_hand=request.GET.get("by") != "import")
        text = _("The job is now: %(status)s.") % {"status": job.get_status_display()}
        messages.success(request, text, extra_tags=undo)
    return redirect(own_address(request.POST.get("next", ""), job.get_absolute_url()))
